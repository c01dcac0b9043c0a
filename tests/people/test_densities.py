"""Classes of density: shares, means, places among wages; heads by class; files of members with densities of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved, Table
from cohorts import axes
from cohorts.densities import Classes, classes
from engine.prepare import case
from engine.projection import run_case

RELATIVE = 1e-12


def table(*rows: tuple[float, float]) -> Table:
    labels = {"class": tuple(range(1, len(rows) + 1)), "field": ("share", "relative")}
    return Table(("class", "field"), labels, rows)


def pack(**values: object) -> Resolved:
    base = assumptions.load("3B", sets={"reform.last_year": 2005}).resolve("statutory")
    return base.with_values({name.replace("__", "."): value for name, value in values.items()})


@pytest.mark.parametrize("mean", [0.2, 0.52, 0.8, 0.97, 1.0])
def test_densities_have_their_mean_and_none_is_beyond_the_year(mean: float) -> None:
    given = table((0.25, 0.3), (0.35, 0.8), (0.4, 2.0))
    found = classes(pack(contributions__density=mean, contributions__density_classes=given))
    assert found.share @ found.density == pytest.approx(mean, rel=RELATIVE)
    assert (found.density <= 1.0).all()
    free = found.density < 1.0
    ratio = found.density[free] / given.values[free, 1]
    np.testing.assert_allclose(ratio, ratio[:1].repeat(ratio.size), rtol=RELATIVE)


@pytest.mark.parametrize("correlation", [-1.0, -0.4, 0.0, 0.3, 1.0])
@pytest.mark.parametrize("groups", [1, 3, 10])
def test_classes_and_wages_keep_their_margins(correlation: float, groups: int) -> None:
    """Whatever goes with what, every class has its share and every wage group an equal one."""
    found = Classes(np.array([0.3, 0.4, 0.3]), np.array([0.3, 0.5, 0.7]), 0.5, correlation)
    of_class = found.of_wages(groups)
    np.testing.assert_allclose(of_class.sum(axis=1), 1.0, rtol=RELATIVE)
    np.testing.assert_allclose(found.share @ of_class, 1.0 / groups, rtol=RELATIVE)
    # A place among wages is the mean of its group.
    places = (np.arange(groups * 100) + 0.5) / (groups * 100)
    by_rank = np.stack([found.at_rank(place) for place in places])
    np.testing.assert_allclose(by_rank.mean(axis=0), found.share, atol=1.1 / places.size)
    np.testing.assert_allclose(by_rank.sum(axis=1), 1.0, rtol=RELATIVE)


def test_all_go_together_at_a_correlation_of_one() -> None:
    found = Classes(np.array([0.5, 0.5]), np.array([0.3, 0.7]), 0.5, 1.0).of_wages(4)
    np.testing.assert_allclose(found, [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]], atol=1e-15)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (table((0.5, 1.0), (0.4, 2.0)), "shares above 0 that sum to 1"),
        (table((0.5, 2.0), (0.5, 1.0)), "each class above the one before"),
        (table((0.5, 0.0), (0.5, 1.0)), "densities above 0"),
    ],
)
def test_classes_that_cannot_be_are_refused(given: Table, said: str) -> None:
    with pytest.raises(AssumptionError, match=said) as error:
        run_case(pack(contributions__density_classes=given))
    assert "contributions.density_classes" in str(error.value)


def test_a_correlation_of_one_class_is_refused() -> None:
    with pytest.raises(AssumptionError, match="density_classes != 1 row"):
        assumptions.load("3B", sets={"contributions.density_wage_correlation": 0.2}).resolve("published")


def test_heads_are_conserved_in_every_class() -> None:
    """Opening less exits is what contributes; the mean density makes contributors out of affiliates."""
    resolved = pack()
    made, result = case.build(resolved), run_case(resolved)
    people, heads = made.demography.population, made.demography.heads
    density = np.repeat(people.density, np.diff(people.block_start))
    known = classes(resolved)
    joined = (people.kind == axes.ENTRANT)[:, None] & (people.entry[:, None] == np.arange(result.years.size))
    for share, of_class in zip(known.share, known.density, strict=True):
        mine = density == of_class
        # Members and entrants are divided alike.
        members = people.heads[mine & (people.kind == axes.MEMBER)].sum()
        assert members == pytest.approx(share * people.heads[people.kind == axes.MEMBER].sum(), rel=RELATIVE)
        entered = (heads.contributing * joined)[mine].sum(axis=0)
        np.testing.assert_allclose(entered, share * heads.entrants, rtol=1e-9)
        # Who is there at the end of a year opens the next; on its average half of those who leave in it are there.
        mean = 0.5 * (heads.opening + heads.closing)[mine & (people.kind == axes.MEMBER)].sum(axis=0)
        np.testing.assert_allclose(
            heads.contributing[mine & (people.kind == axes.MEMBER)].sum(axis=0), mean, rtol=1e-12
        )
        np.testing.assert_allclose(
            heads.opening[mine][:, 1:].sum(axis=0), heads.closing[mine][:, :-1].sum(axis=0), rtol=1e-9
        )
    np.testing.assert_allclose(
        (heads.contributing * density[:, None]).sum(axis=0), result.contributors, rtol=1e-12
    )
    np.testing.assert_allclose(heads.contributing.sum(axis=0), result.affiliates, rtol=1e-12)


def test_wages_and_contributors_are_those_counted() -> None:
    """The density multiplies affiliates once: contributors and their wage bill do not depend on it."""
    results = [run_case(pack(contributions__density=density)) for density in (0.5, 0.83)]
    for found in results:
        np.testing.assert_allclose(found.contributors[0], 10.30e6, rtol=1e-12)
    np.testing.assert_allclose(results[0].wage_bill[0], results[1].wage_bill[0], rtol=2e-3)
    assert results[0].affiliates[0] > 1.5 * results[1].affiliates[0]


HEAD = "sex,birth_year,service_years,yearly_wage,number"


def fund(folder: Path, *lines: str, head: str = HEAD) -> Resolved:
    (folder / "members.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    overlay = '[overlay]\ntitle = "A fund"\n[population]\nmembers_file = "members.csv"\nopen_group = false\n'
    (folder / "fund.toml").write_text(overlay, encoding="utf-8")
    return assumptions.load("0B", overlays=[folder / "fund.toml"], sets={"reform.last_year": 2000}).resolve(
        "statutory"
    )


def test_lines_of_a_file_are_affiliates_divided_over_the_classes(tmp_path: Path) -> None:
    resolved = fund(tmp_path, "man,1960,10,30000,100")
    people = case.build(resolved).demography.population
    assert people.heads.sum() == pytest.approx(100.0, rel=RELATIVE)
    np.testing.assert_allclose(np.sort(people.density), classes(resolved).density, rtol=RELATIVE)


def test_a_file_may_give_the_density(tmp_path: Path) -> None:
    resolved = fund(tmp_path, "man,1960,10,30000,100,0.9", "man,1960,10,30000,50,0.4", head=HEAD + ",density")
    people = case.build(resolved).demography.population
    assert people.density.tolist() == [0.4, 0.9]
    assert people.heads.tolist() == [50.0, 100.0]


@pytest.mark.parametrize("cell", ["0", "1.2", "x"])
def test_a_density_that_cannot_be_is_refused(cell: str, tmp_path: Path) -> None:
    with pytest.raises(AssumptionError, match="density"):
        run_case(fund(tmp_path, f"man,1960,10,30000,100,{cell}", head=HEAD + ",density"))
