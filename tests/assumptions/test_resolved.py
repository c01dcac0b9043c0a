"""A resolved pack: typed access, cheap checked copies, identity, transport."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assumptions
from assumptions import AssumptionError, DatedPath, Resolved

STATUTORY = assumptions.load("3B").resolve("statutory")
SHIPPED = STATUTORY.number("contributions.density")
PUBLISHED = assumptions.load("1A").resolve("published")
YEARS = np.arange(1997, 2031)


def test_access_checks_kind_and_name() -> None:
    with pytest.raises(
        AssumptionError, match=r"economy.gdp_grow: unknown name; did you mean economy.gdp_growth"
    ):
        STATUTORY.number("economy.gdp_grow")
    with pytest.raises(AssumptionError, match=r"mortality.active: is a table, not a path"):
        STATUTORY.path("mortality.active", YEARS)
    # A number is a path of one value.
    assert set(STATUTORY.path("contributions.density", YEARS)) == {STATUTORY.number("contributions.density")}
    with pytest.raises(AssumptionError, match=r"mortality.active: is a table, not a number"):
        STATUTORY.number("mortality.active")
    # A path that has one value in every year is as good as a number; one that has not is none.
    assert STATUTORY.number("economy.gdp_growth") == STATUTORY.path("economy.gdp_growth", [2010])[0]
    with pytest.raises(AssumptionError, match=r"contributions.ceiling_ceav: is dated: it has other values"):
        STATUTORY.number("contributions.ceiling_ceav")
    assert STATUTORY.has("economy.gdp_growth")
    assert not STATUTORY.has("economy")
    assert STATUTORY.date("reform.date").isoformat() == STATUTORY.text("reform.date") == "1997-01-01"


def test_arrays_are_cached_and_read_only() -> None:
    path = STATUTORY.path("funds.rcv_return", YEARS)
    assert path is STATUTORY.path("funds.rcv_return", YEARS.copy())
    assert path is STATUTORY.with_values({"contributions.density": 0.7}).path("funds.rcv_return", YEARS)
    for array in (path, STATUTORY.table("mortality.active").values):
        assert array.dtype == np.float64
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_copies_leave_the_original_alone() -> None:
    before = STATUTORY.sha256
    copy = STATUTORY.with_values(
        {"contributions.density": 0.7, "basis.mpg": "top_up", "reform.enacted": False}
    )
    assert (copy.number("contributions.density"), copy.switch("basis.mpg")) == (0.7, "top_up")
    assert not copy.flag("reform.enacted")
    assert STATUTORY.number("contributions.density") == SHIPPED
    assert STATUTORY.with_values({}).sha256 == STATUTORY.sha256 == before != copy.sha256
    back = {"contributions.density": SHIPPED, "basis.mpg": "exhaustion", "reform.enacted": True}
    assert copy.with_values(back).sha256 == before


def test_derived_values_follow_and_can_be_replaced() -> None:
    wider = STATUTORY.with_values({"state.social_quota_share": 0.06})
    assert wider.number("state.social_quota") == pytest.approx(0.06 * 26.45)
    fixed = STATUTORY.with_values({"state.social_quota": 2.0})
    assert fixed.with_values({"state.social_quota_share": 0.06}).number("state.social_quota") == 2.0
    assert fixed.item("state.social_quota").status == "user"
    more = PUBLISHED.with_values({"population.contributors": 18e6})
    assert more.number("population.active_1996") == 18e6
    steeper = PUBLISHED.with_values({"replica.scenario_1_level": 0.3})
    assert steeper.path("replica.acquired_rights_factor", [1997])[0] == 0.3


@pytest.mark.parametrize(
    ("mode", "value", "from_year", "expected"),
    [
        ("replace", 0.01, None, [0.01, 0.01, 0.01]),
        ("shift", 0.01, None, [0.01, 0.01, 0.045]),
        ("scale", 2.0, None, [0.0, 0.0, 0.07]),
        ("replace", 0.01, 2004, [0.0, 0.01, 0.01]),
        ("shift", 0.01, 2004, [0.0, 0.01, 0.045]),
        ("scale", 2.0, 2005, [0.0, 0.0, 0.07]),
    ],
)
def test_modified_paths(mode: str, value: float, from_year: int | None, expected: list[float]) -> None:
    res = STATUTORY.modified("funds.infonavit_return", mode, value=value, from_year=from_year)
    assert res.path("funds.infonavit_return", [1997, 2004, 2005]) == pytest.approx(expected)


def test_modified_constant_keeps_the_years_before() -> None:
    res = STATUTORY.modified("economy.gdp_growth", "shift", value=0.01, from_year=2010)
    assert res.path("economy.gdp_growth", [1980, 2009, 2010]) == pytest.approx([0.0405, 0.0405, 0.0505])


def test_modified_numbers_and_tables() -> None:
    assert STATUTORY.modified("contributions.density", "scale", value=1.1).number(
        "contributions.density"
    ) == pytest.approx(1.1 * SHIPPED)
    table = STATUTORY.modified("decrements.leaving", "scale", value=0.5).table("decrements.leaving")
    assert np.array_equal(table.values, 0.5 * STATUTORY.table("decrements.leaving").values)


@pytest.mark.parametrize(
    ("name", "mode", "value", "year", "message"),
    [
        ("contributions.density", "shift", 0.9, None, "is outside 0 to 1"),
        ("funds.rcv_return", "shift", 0.5, 2010, "is outside -0.2 to 0.3"),
        ("contributions.density", "shift", 0.1, 2010, "from_year is for paths"),
        ("basis.mpg", "scale", 2.0, None, "a switch can only be replaced"),
        ("contributions.density", "double", 2.0, None, "allowed are replace, shift, scale"),
        ("contributions.density", "scale", float("inf"), None, "is not a finite number"),
        ("contributions.densty", "scale", 1.0, None, "did you mean contributions.density"),
        ("population.entry_age_shares", "scale", 1.1, None, "sums to 1.1; it must sum to 1"),
        ("decrements.leaving", "replace", 0.99, None, "competing rates sum to"),
    ],
)
def test_modified_faults(name: str, mode: str, value: float, year: int | None, message: str) -> None:
    with pytest.raises(AssumptionError, match=message):
        STATUTORY.modified(name, mode, value=value, from_year=year)


def test_faults_of_a_copy_come_together() -> None:
    with pytest.raises(AssumptionError) as caught:
        STATUTORY.with_values({"contributions.density": 2, "funds.rcv_return": 3.5, "no.such": 1})
    assert len(caught.value.faults) == 3


def test_hash_depends_on_values_only() -> None:
    again = assumptions.load("3B").resolve("statutory")
    assert again.sha256 == STATUTORY.sha256
    hashes = {
        assumptions.load(code).resolve(basis).sha256
        for code in assumptions.scenario_codes()
        for basis in assumptions.basis_names()
    }
    assert len(hashes) == 24
    pack = assumptions.load("3B")
    assert pack.sha256 == assumptions.load("3B").sha256 != assumptions.load("4B").sha256


@pytest.mark.parametrize("res", [STATUTORY, PUBLISHED], ids=["statutory", "published"])
def test_json_round_trip_is_lossless(res: Resolved) -> None:
    third = res.with_values(
        {"contributions.density": 1 / 3, "economy.gdp_growth": {1997: 0.1 + 0.02, 2001: 1e-17}}
    )
    text = third.to_json()
    back = Resolved.from_json(text)
    assert back.to_json() == text
    assert back.sha256 == third.sha256
    assert assumptions.diff(third, back) == []
    assert back.item("contributions.density") == third.item("contributions.density")
    change = {"population.growth_extra": 0.02}
    assert back.with_values(change).sha256 == third.with_values(change).sha256
    assert back.live("guarantee.mpg") == third.live("guarantee.mpg")


def test_a_changed_json_is_refused() -> None:
    text = STATUTORY.to_json()
    for broken in (
        text.replace(f'"contributions.density":{SHIPPED}', '"contributions.density":0.84'),
        text[:-5],
        "{}",
        "[]",
        "null",
    ):
        with pytest.raises(AssumptionError, match="resolved assumptions"):
            Resolved.from_json(broken)


def test_pickle() -> None:
    back = pickle.loads(pickle.dumps(PUBLISHED))
    assert back.sha256 == PUBLISHED.sha256
    assert not back.table("mortality.active").values.flags.writeable


def test_loading_is_light() -> None:
    """How quick it is, benchmarks/suite/bench_start.py measures."""
    program = (
        "import sys, assumptions\n"
        "assumptions.load('3B').resolve('statutory')\n"
        "print([name for name in ('pandas', 'numba', 'xarray', 'openpyxl', 'xlsxwriter', 'pymort', 'assumptions.published')"
        " if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


dated = st.dictionaries(st.integers(1990, 2040), st.floats(-0.2, 0.2), min_size=1, max_size=8)


@given(
    values=dated,
    rule=st.sampled_from(["step", "linear"]),
    mode=st.sampled_from(["replace", "shift", "scale"]),
    value=st.floats(-0.1, 2.0),
    year=st.integers(1985, 2045),
)
def test_a_change_from_a_year_leaves_the_years_before(
    values: dict[int, float], rule: str, mode: str, value: float, year: int
) -> None:
    path = DatedPath(sorted(values), [values[key] for key in sorted(values)], rule)  # type: ignore[arg-type]
    first = min(values)
    years = np.arange(first, 2061)
    old, new = path.at(years), path.modified(mode, value, year).at(years)
    early = years < year
    assert np.allclose(new[early], old[early], rtol=0, atol=1e-15)
    late = old[~early]
    wanted = {"replace": np.full_like(late, value), "shift": late + value, "scale": late * value}[mode]
    assert np.allclose(new[~early], wanted, rtol=1e-12, atol=1e-13)


@given(values=dated, rule=st.sampled_from(["step", "linear"]))
def test_paths_pass_through_their_dates_and_hold_the_last(values: dict[int, float], rule: str) -> None:
    years = sorted(values)
    path = DatedPath(years, [values[year] for year in years], rule)  # type: ignore[arg-type]
    assert path.at(years).tolist() == [values[year] for year in years]
    assert path.at([years[-1] + 50])[0] == values[years[-1]]
