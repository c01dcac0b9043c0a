"""Levers: what a sentence moves, what it writes, and what is refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from assumptions import AssumptionError, DatedPath, Resolved, Table, basis_names, levers, load, resolve_all
from engine import what_if
from engine.labels import MEMO_ITEMS, PAYERS
from engine.projection import CaseResult, run_case
from engine.shares import percent_of_gdp

LEVERS = levers.known()
_LAST = {"reform.last_year": 2060}


@cache
def base(lever: str = "") -> Resolved:
    """A case in which a lever has an effect: scenario 1, where INFONAVIT pays, for those of the mechanism of 1996."""
    mechanism = lever.startswith("mechanism_")
    return load("1B" if mechanism else "3B", sets=_LAST).resolve(
        "reconstructed" if mechanism else "statutory"
    )


@cache
def projected(text: str, lever: str = "") -> CaseResult:
    resolved = base(lever)
    if text:
        resolved = resolved.with_values(levers.changes(resolved, levers.parse(text)))
    return run_case(resolved)


def total(text: str, lever: str = "") -> np.ndarray:
    result = projected(text, lever)
    return percent_of_gdp(result.cost, result.gdp).sum(axis=0)


def net(text: str) -> np.ndarray:
    """Costs and the contributions that are lost, which every premium that IMSS goes on collecting lessens."""
    result = projected(text)
    line = result.memo[MEMO_ITEMS.index("net_cash_cost")]
    return percent_of_gdp(line, result.gdp)


def said(lever: levers.Lever, value: float | str) -> str:
    return f"{lever.name}={value if isinstance(value, str) else levers.written(value, lever.percent)}"


def dated(lever: levers.Lever) -> bool:
    """Whether all that a lever moves can begin in a year."""
    moves = [
        move
        for move in lever.moves
        if "given" in move.when.get("from", ("given",)) and "up_to" not in move.when
    ]
    return all(isinstance(base(lever.name).value(move.name), DatedPath | Table) for move in moves)


SENTENCES = [
    f"{said(lever, value)}{when}"
    for lever in LEVERS.values()
    for value in lever.choices or lever.range
    for when in ("", " from 2010")
    if not when or dated(lever)
] + [
    "weeks_required=750 from 2010, law=both",
    "weeks_required=750, law=old",
    "social_quota=125% from 2010, up_to=4",
    "social_quota=125%, up_to=4, above=50%",
    "real_return=4% from 2012; real_return=5% from 2020",
    "real_return=3%, fund=infonavit",
    "commission=1% of balance from 2008",
    "commission=1.5% of balance",
    "old_law_indexation=prices_with_floor from 2002",
    "old_law_indexation=50% from 2002, floor=1.1",
    "old_law_indexation=prices",
    "infonavit_pays=yes from 2005",
    "infonavit_share=50% from 2005; infonavit_share=0% from 2012",
    "retirement_age=67 from 2010, follow=80%",
    "retirement_age=63, law=old, follow=50%",
    "retirement_age=66 from 2010; retirement_age=67 from 2015",
    "mortality=90% from 2010; mortality=80% from 2020",
    "guarantee_level=120% from 2010, in_payment=100%",
    "guarantee_level=120% from 2010; guarantee_indexation=wages from 2005",
    "averaging_weeks=300 from 2005; averaging_weeks=350 from 2010",
    "guarantee_indexation=wages from 2010, in_payment=50%",
    "guarantee_indexation=wages, in_payment=100%",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_a_lever_is_the_overlay_it_writes(text: str, tmp_path) -> None:
    scenario = base(text).scenario
    pack = load(scenario, sets=_LAST)
    file = tmp_path / "reform.toml"
    file.write_text(levers.text(pack, text, basis_names()), encoding="utf-8")
    read = load(scenario, overlays=[file], sets=_LAST)
    moved, written = (
        resolve_all(one, basis_names()) for one in (levers.over(pack, text, basis_names()), read)
    )
    for basis in basis_names():
        assert moved[basis].sha256 == written[basis].sha256
    basis = base(text).basis
    shipped = pack.resolve(basis)
    own = shipped.with_values(levers.changes(shipped, levers.parse(text)))
    for name in own.names():
        assert own.identity(name) == written[basis].identity(name), name


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_every_lever_moves_the_cost_in_its_direction(lever: levers.Lever) -> None:
    ends = lever.choices or lever.range
    low, high = (total(said(lever, value), lever.name) for value in (ends[0], ends[-1]))
    gap = high - low
    if lever.raises == "nothing":
        assert not gap.any()
        return
    assert np.abs(gap).max() > 0.0
    far = gap[np.abs(gap).argmax()]
    if lever.raises != "either":
        assert (far > 0.0) == (lever.raises == "more")


@pytest.mark.parametrize(
    "lever", [one for one in LEVERS.values() if one.raises == "nothing"], ids=lambda one: one.name
)
def test_a_lever_that_moves_no_cost_moves_what_workers_gain(lever: levers.Lever) -> None:
    """A premium of so much more of wages takes as much from those who pay it all their life, and gives it to IMSS."""
    assert lever.range is not None
    before, after = base().number(str(lever.present)), lever.range[1]
    found = what_if.what_if(said(lever, after))
    assert not found.change.any()
    assert found.gain is not None
    # A generation that enters after the reform pays the premium in every year, of wages below its ceiling.
    assert found.gain.value[-1] == pytest.approx(-100.0 * (after - before), rel=1e-9)
    low, high = (net(said(lever, value)) for value in lever.range)
    assert (high < low).all()


def test_every_rate_of_contribution_that_moves_a_cost_or_a_gain_is_a_lever() -> None:
    moved = {move.name for lever in LEVERS.values() for move in lever.moves}
    rates = [
        name
        for name in base().names()
        if name.startswith("contributions.") and base().item(name).unit == "fraction_of_wage"
    ]
    assert len(rates) > len(PAYERS)
    for name in rates:
        if name in moved:
            continue
        without = base().with_values({name: DatedPath.constant(0.0)})
        result = run_case(without)
        assert np.array_equal(result.cost, run_case(base()).cost), name
        gain = what_if.gained(base(), without)
        assert gain is not None
        assert not gain.value.any(), name


# Who chooses between the laws, and who sells annuities, knows what funds will earn: a later return is felt before.
FORESEEN = ("real_return", "annuity_rate", "old_law_indexation")


@pytest.mark.parametrize(
    "lever", [lever for lever in LEVERS.values() if dated(lever)], ids=lambda item: item.name
)
def test_a_date_leaves_earlier_years_alone(lever: levers.Lever) -> None:
    ends = lever.choices or lever.range
    line = net if lever.raises == "nothing" else total
    gaps = [line(f"{said(lever, value)} from 2015") - line("") for value in (ends[0], ends[-1])]
    assert max(np.abs(gap[18:]).max() for gap in gaps) > 0.0
    for gap in gaps:
        assert lever.name in FORESEEN or np.abs(gap[:18]).max() < 1e-12


@pytest.mark.parametrize("text", ["guarantee_level=150% from 2015", "guarantee_indexation=wages from 2015"])
def test_guarantees_in_payment_add_to_what_new_ones_cost(text: str) -> None:
    new, both, half = (total(text + option) for option in ("", ", in_payment=100%", ", in_payment=50%"))
    assert (both - new).max() > 0.0
    assert ((half - new) >= -1e-12)[-10:].all()
    assert ((both - half) >= -1e-12)[-10:].all()


def test_what_holds_today_moves_nothing() -> None:
    for lever in LEVERS.values():
        if isinstance(lever.present, float):
            assert np.array_equal(total(said(lever, lever.present)), total("")), lever.name


def test_every_name_and_text_of_the_data_is_there() -> None:
    resolved = base()
    for lever in LEVERS.values():
        for move in lever.moves:
            assert resolved.has(move.name), move.name
        if isinstance(lever.present, str):
            assert resolved.has(lever.present) or lever.present in lever.choices
        for language in ("en", "es"):
            sentence = getattr(lever.sentence, language)
            assert "{value}" in sentence
            assert "{when}" in sentence
        for name in lever.without:
            assert isinstance(resolved.value(name), Table)


def test_hazards_of_some_who_follow_lie_between_those_of_all_and_of_nobody() -> None:
    def left(text: str) -> list[float]:
        there, out = 1.0, []
        table = base().with_values(levers.changes(base(), levers.parse(text))).table("retirement.hazard")
        for age in range(55, 76):
            rate = table.values[table.coords["age"].index(age)] if age in table.coords["age"] else 0.0
            there *= 1.0 - float(rate)
            out.append(there)
        return out

    for age in (63, 67):
        every, half = left(f"retirement_age={age}"), left(f"retirement_age={age}, follow=50%")
        nobody = left(f"retirement_age={age}, follow=0%")
        for a, b, c in zip(every, half, nobody, strict=True):
            assert b == pytest.approx(0.5 * (a + c), abs=1e-12)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_statement_reads_back_as_it_is_written(text: str) -> None:
    statements = levers.parse(text)
    assert levers.parse([one.text for one in statements]) == statements


REFUSED = [
    ("wages=3", "lever: wages: unknown lever; known are retirement_age"),
    ("comission=1%", "; did you mean commission"),
    ("density=3", "lever: density: 300% is outside 40% to 100%"),
    ("density=a", "lever: density: 'a' is not a number"),
    ("commission=1,5%", "lever: commission: '5%' is not understood"),
    ("commission=1% from 2050", "lever: commission.from: 2050 is outside the horizon, 1997 to 2030"),
    ("commission=1% from 95", "lever: commission.from: '95' is no calendar year"),
    ("commission=1% since 2010", "lever: commission: 'since 2010' is not understood"),
    ("commission=1%, speed=3", "lever: commission.speed: is no option of this lever"),
    (
        "weeks_required=750, law=newest",
        "lever: weeks_required.law: 'newest' is not allowed; allowed are new, old, both",
    ),
    ("commission=1% from 2010; commission=2% from 2010", "lever: commission: is given twice"),
    ("commission=1%; commission=2% from 2010", "lever: commission: is given twice"),
    (
        "guarantee_level=80% from 2010, in_payment=100%",
        "lever: guarantee_level.in_payment: has no effect with guarantee_level=80% from 2010, in_payment=100%; it needs from"
        " YEAR and a value above 100%",
    ),
    (
        "guarantee_level=120%, in_payment=50%",
        "lever: guarantee_level.in_payment: has no effect with guarantee_level=120%, in_payment=50%; it needs from YEAR and"
        " a value above 100%",
    ),
    (
        "guarantee_indexation=prices, in_payment=50%",
        "lever: guarantee_indexation.in_payment: has no effect with guarantee_indexation=prices, in_payment=50%; it needs"
        " wages or minimum_wage",
    ),
    (
        "infonavit_pays=yes from 2005; infonavit_share=50%",
        "lever: infonavit_pays and infonavit_share: contradict one another: both move financing.infonavit_share",
    ),
    (
        "infonavit_pays=yes; infonavit_share=50%",
        "lever: infonavit_pays and infonavit_share: contradict one another: give one of them, or one from a year on",
    ),
    ("density=0.9 from 2010", "lever: density: holds in all years, as contributions.density has no dates"),
    ("guarantee_indexation=gold", "'gold' is not allowed; allowed are prices, wages, minimum_wage"),
    (
        "old_law_indexation=prises",
        "'prises' is neither a number nor prices, minimum_wage, prices_with_floor; did you mean prices",
    ),
    (
        "old_law_indexation=prices_with_floor, floor=2",
        "floor: is given twice, by prices_with_floor and by itself",
    ),
    ("weeks_required=10%", "lever: weeks_required: '10%' is in percent; a number is needed (weeks)"),
    ("", None),
    ("=3", "is no lever that is moved"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_cannot_be_is_refused(text: str, message: str | None) -> None:
    if message is None:
        assert levers.parse(text) == ()
        return
    with pytest.raises(AssumptionError) as error:
        levers.over(load("3B"), text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_word_stands_for_its_number_and_options() -> None:
    word, numbers = (
        levers.parse(text)[0]
        for text in (
            "old_law_indexation=prices_with_floor from 2002",
            "old_law_indexation=0% from 2002, floor=1",
        )
    )
    assert word == numbers
    assert word.text == "old_law_indexation=0% from 2002, floor=1"


def test_infonavit_pays_by_date() -> None:
    """Awards before the year hand over what they did, later ones a part."""
    resolved = load("1B").resolve("statutory")
    text = "infonavit_share=50% from 2005; infonavit_share=0% from 2012"
    share = resolved.with_values(levers.changes(resolved, levers.parse(text))).path(
        "financing.infonavit_share", [1997, 2004, 2005, 2011, 2012, 2030]
    )
    assert share.tolist() == [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]


def test_all_faults_at_once() -> None:
    with pytest.raises(AssumptionError) as error:
        levers.parse(["wages=3", "density=3", "commission=1% from 9"])
    assert len(error.value.faults) == 3


def test_rows_of_the_base_are_not_overruled_in_silence() -> None:
    pack = load("3B", overlays=["reform_december_2020"], sets=_LAST)
    for text in ("social_quota=125%", "contribution_employer=5%", "guarantee_level=120%"):
        with pytest.raises(AssumptionError, match="take its place"):
            levers.over(pack, text)


def test_a_set_of_what_a_lever_moves_is_refused() -> None:
    pack = load("3B", sets={"contributions.commission": 0.01})
    with pytest.raises(AssumptionError, match=r"contributions.commission: is set by --set as well"):
        levers.over(pack, "commission=1%")
