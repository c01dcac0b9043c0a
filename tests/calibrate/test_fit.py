"""The fit itself: finds what is known, stays where it is committed, is the same twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assumptions import DatedPath, Resolved, check, load
from engine.calibrate import calibrate, cases, fit, free, measure, plan, proposal, with_settings
from engine.calibrate.identify import identify
from engine.calibrate.objective import Objective, figures, lean
from engine.projection import run_case


def published_pack() -> Resolved:
    return load("3B").resolve("published")


def small_plan(*names: str, **changes: object) -> plan.Plan:
    """The shipped plan with some of its free names only."""
    shipped = plan.read()
    entries = tuple(entry for entry in shipped.free if entry.name in names)
    return with_settings(plan.Plan(shipped.settings, shipped.columns, entries, shipped.files), **changes)


def test_lean_projection_is_the_projection() -> None:
    """`measure` raises when they differ; here the figures are compared directly, with a mixture of fitted columns."""
    columns = plan.read().columns
    full = published_pack()
    small = lean(full)
    assert not small.flag("population.open_group")
    for a, b in zip(
        figures(full, run_case(full), columns), figures(small, run_case(small), columns), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=0.0, atol=1e-9)


def test_lean_keeps_entrants_where_costs_depend_on_them() -> None:
    full = published_pack().with_values({"basis.state_contributions": "full"})
    assert lean(full).flag("population.open_group")


@pytest.mark.slow
def test_a_fit_finds_values_it_is_not_told() -> None:
    """Figures made by the model with known values take the place of print; the fit has to find these values."""
    known = {
        "retirement.first_year_factor": 1.4,
        "family.widows_of_retired": 0.25,
        "decrements.iv_disability_scale": 0.04,
    }
    wanted = small_plan(*known, starts=2, penalty=0.0)
    truth = published_pack().with_values(known)
    series = figures(truth, run_case(truth), wanted.columns)
    columns = tuple(replace(c, printed=v) for c, v in zip(wanted.columns, series, strict=True))
    found = calibrate(plan.Plan(wanted.settings, columns, wanted.free, ()), cases(wanted))
    for name, value in known.items():
        fitted = found.values[name]
        number = float(fitted.values[0]) if isinstance(fitted, DatedPath) else fitted
        assert number == pytest.approx(value, rel=1e-3)
    assert found.after < 1e-4


@pytest.mark.slow
def test_the_committed_fit_stays() -> None:
    """A rerun from the committed values moves nothing that print sees."""
    wanted = with_settings(plan.read(), starts=1, max_iterations=3)
    found = calibrate(wanted, cases(wanted))
    assert found.reached
    assert found.after >= 0.999 * found.before
    assert found.at_bounds == ()
    for cell, error in zip(found.moved, found.identification.error, strict=True):
        change = np.log(cell.after / cell.before) if cell.log else cell.after - cell.before
        assert abs(change) <= 0.1 * error * cell.step, cell.title


def test_slopes_are_those_of_central_differences() -> None:
    wanted = small_plan("retirement.first_year_factor", "family.widows_of_retired", "population.contributors")
    packs = cases(wanted)
    objective = Objective(packs, wanted.columns, free.build(wanted.free, packs["3B"]), wanted.settings)
    z = np.zeros(3)
    slopes = fit.jacobian(objective.scaled, objective, z)
    for n in range(z.size):
        step = np.zeros(3)
        step[n] = 1e-3
        central = (objective.scaled(step) - objective.scaled(-step)) / 2e-3
        np.testing.assert_allclose(slopes[:, n], central, rtol=2e-3, atol=2e-4)


@pytest.mark.slow
def test_same_seed_same_fit_whatever_the_threads() -> None:
    wanted = small_plan("family.widows_of_actives", "family.widows_of_retired", starts=3, max_iterations=4)
    packs = cases(wanted)
    one, two = (calibrate(wanted, packs, workers=n) for n in (1, 3))
    assert one.values == two.values
    assert [s.ended for s in one.starts] == [s.ended for s in two.starts]
    kinds = [s.kind for s in one.starts]
    assert kinds == [fit.COMMITTED, fit.COLD, fit.RANDOM]


def test_another_seed_starts_elsewhere() -> None:
    def random_point(seed: int) -> np.ndarray:
        wanted = small_plan("family.widows_of_actives", "family.widows_of_retired", starts=3, seed=seed)
        packs = cases(wanted)
        objective = Objective(packs, wanted.columns, free.build(wanted.free, packs["3B"]), wanted.settings)
        return fit.starting_points(objective)[2][1]

    assert np.array_equal(random_point(1), random_point(1))
    assert not np.array_equal(random_point(1), random_point(2))


def test_what_print_cannot_see_is_reported() -> None:
    """Retirement says nothing of the decay of contributors' growth: a direction of its own, and nothing else in it."""
    shipped = small_plan("family.widows_of_retired", "population.growth_decay")
    columns = tuple(c for c in shipped.columns if c.column in ("acquired_rights", "c3"))
    packs = cases(shipped)
    objective = Objective(packs, columns, free.build(shipped.free, packs["3B"]), shipped.settings)
    found = identify(objective, np.zeros(2))
    (direction,) = found.unseen
    assert direction.moves == pytest.approx(0.0, abs=1e-9)
    assert dict(direction.parts) == {"population.growth_decay": pytest.approx(1.0)}
    assert found.seen == pytest.approx(1.0, abs=1e-6)


def test_proposal_is_an_overlay_that_gives_what_it_says(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "852076800")
    wanted = small_plan(
        "retirement.first_year_factor", "population.growth_extra", "population.age_density", starts=1
    )
    wanted = with_settings(wanted, max_iterations=2)
    packs = cases(wanted)
    found = calibrate(wanted, packs)
    other = load("3B").resolve("statutory")
    text = proposal.text(found, packs["3B"], other)
    assert text == proposal.text(found, packs["3B"], other)
    assert "# date           1997-01-01" in text
    for word in ("penalty", "seed 1996", "fitted to", "reached with the rounded values"):
        assert word in text
    assert "[population.growth_extra]" in text
    assert "[only.published.retirement.first_year_factor]" in text
    file = tmp_path / "proposal.toml"
    file.write_text(text, encoding="utf-8")
    assert check(file) == []
    tried = {"3B": load("3B", overlays=[file]).resolve("published")}
    for stated, seen in zip(found.accuracy, measure(wanted.columns, tried), strict=True):
        assert seen.largest == pytest.approx(stated.largest, abs=1e-12)
        assert seen.rms == pytest.approx(stated.rms, abs=1e-12)
    law = load("3B", overlays=[file]).resolve("statutory")
    assert law.number("retirement.first_year_factor") == other.number("retirement.first_year_factor")
    assert law.number("population.growth_extra") == found.values["population.growth_extra"]


def test_five_digits() -> None:
    assert proposal.rounded(1.23456789) == 1.2346
    np.testing.assert_array_equal(proposal.rounded(np.array([[0.00123456789]])), [[0.0012346]])
