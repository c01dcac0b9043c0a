"""What may be fitted and to what: the plan and the free names, and how anything else is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assumptions import AssumptionError, load, published
from engine.calibrate import free, plan
from engine.calibrate.plan import FreeEntry


def refused(text: str, tmp_path: Path) -> str:
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AssumptionError) as error:
        plan.read(file)
    return str(error.value)


def test_shipped_plan_fits_series_b_only() -> None:
    shipped = plan.read()
    assert {column.scenario for column in shipped.columns} == {"3B"}
    held = {
        (t.table, code, t.column)
        for t in published.tolerances().targets
        if t.held_out
        for code in t.scenarios
    }
    assert held
    assert not held & {(c.table, c.scenario, c.column) for c in shipped.columns}


def test_accuracy_comes_from_the_tolerances() -> None:
    column = next(c for c in plan.read().columns if c.column == "acquired_rights")
    assert (column.largest, column.rms) == (0.015, 0.005)
    assert column.years.tolist() == list(range(1997, 2031))
    assert column.printed[0] == 0.213


@pytest.mark.parametrize("code", ["1A", "2A", "3A", "4A"])
def test_held_out_columns_are_refused(code: str, tmp_path: Path) -> None:
    said = refused(
        f'[[target]]\ntable = "total_fiscal_cost"\nscenario = "{code}"\ncolumns = ["acquired_rights"]\n',
        tmp_path,
    )
    assert f"{code} acquired_rights is held out: no calibration may see it" in said


def test_all_faults_of_a_plan_at_once(tmp_path: Path) -> None:
    said = refused(
        """
        [[target]]
        table = "total_fiscal_cost"
        scenario = "9B"
        columns = ["acquired_rights"]
        [[free]]
        name = "retirement.first_year_factor"
        lower = 2.0
        upper = 1.0
        step = 0.1
        [[free]]
        name = "family.widows_of_retired"
        lower = 0.0
        upper = 1.0
        step = 0.1
        transform = "log"
        colour = "red"
        """,
        tmp_path,
    )
    assert "9B acquired_rights is not printed" in said
    assert "lower 2 must be below upper 1" in said
    assert "free 2.colour: unknown key" in said
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty; it may hold fit, target, free"),
        ("[fits]\nseed = 1\n", "unknown part; allowed are fit, target, free; did you mean fit"),
        ("[fit]\nstarts = 0\n", "fit.starts"),
        ("[fit]\nlast_year = 1990\n", "1990 is before 1997"),
        ('[[free]]\nname = "a.b"\nlower = 0.0\nupper = 1.0\nstep = 0.1\ntransform = "log"\n', "above 0"),
        ('[[free]]\nname = "a.b"\nlower = 0.0\nupper = 1.0\nstep = 0.1\ncold = 2.0\n', "cold lies outside"),
        ("free = 3\n", "is written as one or more [[free]]"),
        (
            '[[target]]\ntable = "total_fiscal_cost"\nscenario = "3B"\ncolumns = ["total"]\n',
            "give max and rms",
        ),
    ],
)
def test_faults_of_a_plan(text: str, part: str, tmp_path: Path) -> None:
    assert part in refused(text, tmp_path)


def test_own_parts_replace_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text("[fit]\npenalty = 7.5\n", encoding="utf-8")
    own, shipped = plan.read(file), plan.read()
    assert own.settings.penalty == 7.5
    assert own.settings.seed == shipped.settings.seed
    assert own.free == shipped.free


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("law_1973.weeks_retirement", "is a rule of the law"),
        ("contributions.ceav_employer", "is a rule of the law"),
        ("law_1973.art_167", "is a rule of the law"),
        ("population.active_age_shares", "is derived from population.age_density"),
        ("funds.infonavit_return", "has no effect in the published basis"),
        ("basis.recognition", "is a switch"),
        ("retirement.last_age", "is counted"),
        ("retirement.hazzard", "unknown name"),
        ("decrements.iv_disability", "has 112 cells"),
        ("family.dependent_widower", "unknown name"),
    ],
)
def test_names_that_cannot_be_freed(name: str, part: str) -> None:
    resolved = load("3B").resolve("published")
    with pytest.raises(AssumptionError) as error:
        free.entries_for([name], (), resolved)
    assert part in str(error.value)
    assert name in str(error.value)


def test_no_rule_of_the_law_can_be_freed() -> None:
    """Every statutory value of the pack, whatever its kind."""
    resolved = load("3B").resolve("published")
    rules = [name for name in resolved.names() if resolved.item(name).status == "statute"]
    assert len(rules) > 30
    for name in rules:
        with pytest.raises(AssumptionError):
            free.entries_for([name], plan.read().free, resolved)


def test_a_name_outside_the_plan_takes_its_range() -> None:
    resolved = load("3B").resolve("published")
    item = resolved.item("population.service_slope")
    (entry,) = free.entries_for([item.name], plan.read().free, resolved)
    assert (entry.lower, entry.upper) == item.range


def test_cells_move_and_the_fixed_one_stays() -> None:
    resolved = load("3B").resolve("published")
    entries = [entry for entry in plan.read().free if entry.name == "population.age_density"]
    (density,) = free.build(entries, resolved)
    table = resolved.table("population.age_density")
    assert density.size == table.values.size - 1
    moved = density.write(resolved, density.read(resolved) * 2.0)
    at = table.coords["age"].index(43)
    assert moved[at] == table.values[at] == 1.0
    np.testing.assert_allclose(np.delete(moved, at), 2.0 * np.delete(table.values, at))


def test_curvature_is_the_integral_of_the_squared_second_derivative() -> None:
    """Nil for an exponential density; (2c)^2 times the length for a log-quadratic one, knots however uneven."""
    resolved = load("3B").resolve("published")
    entries = [entry for entry in plan.read().free if entry.name == "population.age_density"]
    (density,) = free.build(entries, resolved)
    ages = np.asarray(resolved.table("population.age_density").coords["age"], dtype=float)
    moving = np.delete(ages, list(ages).index(43.0)) - 43.0
    np.testing.assert_allclose(density.curvature(resolved, np.exp(-0.05 * moving)), 0.0, atol=1e-12)
    found = density.curvature(resolved, np.exp(-0.002 * moving**2))
    length = 0.5 * (ages[-1] + ages[-2]) - 0.5 * (ages[0] + ages[1])
    np.testing.assert_allclose((found**2).sum(), 0.004**2 * length, rtol=1e-9)


def test_two_parameters_make_the_whole_table() -> None:
    resolved = load("3B").resolve("published")
    entry = FreeEntry(
        name="population.age_density", lower=-3.0, upper=3.0, step=0.2, fixed=(43,), shape="quadratic"
    )
    (shape,) = free.build([entry], resolved)
    ages = np.asarray(resolved.table("population.age_density").coords["age"], dtype=float)
    given = np.array([-0.3, -0.1])
    table = shape.write(resolved, given)
    u = (ages - 43.0) / 10.0
    np.testing.assert_allclose(table, np.exp(given[0] * u + given[1] * u**2))
    again = resolved.with_values({"population.age_density": table})
    np.testing.assert_allclose(shape.read(again), given, atol=1e-12)
