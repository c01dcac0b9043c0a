"""The sentence that an explanation begins with: its numbers are the exact ones, rounded, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import assumptions
import engine
from cohorts.axes import PENSION_TYPES
from engine.explain import Explanation, explain
from engine.explain.records import Level, level
from engine.explain.sentence import digits, money, sentence, share
from engine.outputs.steps import Said
from engine.projection import COMPONENTS

NUMBER = r"\d[\d,]*(?:\.\d+)?"
SCALES = {
    "en": {"thousand million ": 1e9, "million ": 1e6, "thousand ": 1e3, "": 1.0},
    "es": {"mil millones de ": 1e9, "millones de ": 1e6, "mil ": 1e3, "": 1.0},
}


def rounded(said: str, exact: float) -> bool:
    """Whether a number says an exact one to half a unit of its last digit; nothing is less than the rounding of sums."""
    places = len(said.partition(".")[2])
    half = 0.5 * 10.0**-places * (1.0 + 1e-9)
    shown = float(said.replace(",", ""))
    return abs(shown - exact) <= half and (shown != 0.0 or exact < 1e-6)


def pesos(text: str, language: str) -> Iterator[tuple[str, float]]:
    """Amounts of money, each with what its unit is."""
    scales = SCALES[language]
    for amount, scale in re.findall(rf"({NUMBER}) ({'|'.join(scales)})pesos", text):
        yield amount, scales[scale]


def percents(text: str) -> list[str]:
    return re.findall(rf"({NUMBER})%", text)


def by(of: Level, key: str) -> dict[Any, float]:
    """Percent of a level's sum by one key."""
    whole, found = sum(part.mxn for part in of.parts), dict[Any, float]()
    for part in of.parts:
        if key in part.who:
            found[part.who[key]] = found.get(part.who[key], 0.0) + 100.0 * part.mxn / whole
    return found


def comes_back(of: Level) -> bool:
    """Whether some parts are paid back, rounding apart."""
    signs = [sum(part.mxn * sign for part in of.parts if part.mxn * sign > 0.0) for sign in (1.0, -1.0)]
    return min(signs) > 1e-9 * max(signs)


def spans(text: str) -> list[tuple[int, int]]:
    """Years that are said together with a share."""
    form = r"(?:born|born in|awards of|nacidos de|nacidos en|otorgado de|otorgado en) (\d{4})(?: (?:to|a) (\d{4}))?"
    return [(int(first), int(last or first)) for first, last in re.findall(form, text)]


def assert_said_right(text: Said, mxn: float, percent: float, levels: list[Level]) -> None:
    """The sentence of a whole number against its exact figures."""
    assert percents(text) == percents(text.to("es")) or sorted(percents(text)) == sorted(
        percents(text.to("es"))
    )
    for language in ("en", "es"):
        said = text.to(language)
        first = re.split(r"[;]|\. ", said)[0]
        if abs(mxn) < 0.01:
            assert not list(pesos(first, language))
            assert "nothing" in said or "nada" in said
        else:
            ((amount, scale),) = pesos(first, language)
            assert rounded(amount, abs(mxn) / scale)
            (of_gdp,) = percents(first)
            assert rounded(of_gdp, abs(percent))
    shares = percents(str(text).partition(";")[2].partition(". ")[0])
    mixed = any(comes_back(one) for one in levels)
    if not mixed:
        exact = [value for one in levels if one.parts for value in expected(one, text)]
        assert len(shares) == len(exact)
        for said, value in zip(shares, exact, strict=True):
            assert rounded(said, value), (said, value, str(text))
            assert float(said) < 100.0 or value == pytest.approx(100.0, rel=1e-8)


def expected(of: Level, text: str) -> Iterator[float]:
    """The share that a level stands for: its largest part, its best-paid group, or its years."""
    for key in ("wage_group", "contribution", "type", "kind", "birth_year", "award_year", "sex"):
        shares = by(of, key)
        if not shares or (key == "kind" and len(shares) == 1) or (key == "birth_year" and of.of):
            continue
        if key == "wage_group":
            yield shares.get(of.wage_groups, 0.0)
        elif key in ("birth_year", "award_year"):
            first, last = spans(text.partition(". ")[0])[0]
            held = sum(value for year, value in shares.items() if first <= year <= last)
            assert held >= 50.0 - 1e-6
            # No shorter run of years has half.
            years = range(min(shares), max(shares) + 1)
            for start in years:
                run = range(start, start + last - first)
                assert sum(shares.get(year, 0.0) for year in run) < 50.0 + 1e-6
            yield held
        else:
            yield max(shares.values())
        return


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return engine.project_many([assumptions.load("3B")], bases=assumptions.basis_names())


def assert_explained(found: Explanation) -> None:
    whole = [one for one in found.levels if not one.of]
    assert_said_right(found.sentence, found.mxn, found.number, whole)
    of = max((one.of for one in found.levels), key=len)
    if of:
        cell = next(one for one in found.levels if one.of == of)
        assert cell.parts
        for language in ("en", "es"):
            second = found.sentence.to(language).partition(". ")[2]
            assert str(of["birth_year"]) in second
            ((amount, scale),) = pesos(second, language)
            assert rounded(amount, sum(part.mxn for part in cell.parts) / scale)
            assert rounded(percents(second)[0], cell.total)


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("basis", assumptions.basis_names())
def test_numbers_of_the_sentence_are_the_exact_ones(run: xr.Dataset, basis: str, component: str) -> None:
    for year in (1997, 2015, 2030):
        assert_explained(explain(run, "3B", basis, component, year))


@pytest.mark.slow
@pytest.mark.parametrize("cell", [{}, {"sex": "f"}, {"sex": "m", "wage": 1.0}], ids=str)
@pytest.mark.parametrize("component", COMPONENTS)
def test_a_cell_has_a_sentence_of_its_own(run: xr.Dataset, component: str, cell: dict[str, Any]) -> None:
    birth = {"ongoing_pensions": 1935, "mpg_new_workers": 1980}.get(component, 1965)
    year = 2020 if component == "mpg_new_workers" else 2030
    found = explain(run, "3B", "statutory", component, year, cohort=birth, **cell)
    assert_explained(found)


def test_what_one_would_say(run: xr.Dataset) -> None:
    found = explain(run, "3B", "published", "acquired_rights", 2020)
    assert_explained(found)
    assert re.match(
        rf"In 2020 the State pays {NUMBER} thousand million pesos of 1996, {NUMBER}% of GDP, for acquired rights; "
        rf"{NUMBER}% are pensions of old age and severance; those born \d+ to \d+ take {NUMBER}%; "
        rf"the best-paid of 10 wage groups takes {NUMBER}%\.",
        found.sentence,
    )
    assert re.match(
        rf"En 2020 el Estado paga {NUMBER} mil millones de pesos de 1996, {NUMBER}% del PIB, por derechos adquiridos; ",
        found.sentence.to("es"),
    )


AMOUNTS = st.one_of(st.just(0.0), st.floats(1.0, 1e13), st.floats(-1e13, -1.0))
POSITIVE = st.one_of(st.just(0.0), st.floats(1.0, 1e13))


@st.composite
def made_up(draw: st.DrawFn) -> tuple[str, float, list[Level]]:
    """A component, a GDP and levels of which each adds up to the same number."""
    amounts = draw(st.sampled_from([AMOUNTS, POSITIVE]))
    years = draw(st.lists(st.integers(1920, 2000), min_size=1, max_size=8, unique=True))
    parts = [draw(amounts) for _ in years]
    by_year = [({"birth_year": year, "sex": "m"}, part) for year, part in zip(years, parts, strict=True)]
    types = [({"type": PENSION_TYPES[n % 5]}, part) for n, part in enumerate(parts)]
    groups = [({"wage_group": n + 1}, part) for n, part in enumerate(parts)]
    gdp, number = 5e12, 100.0 * sum(parts) / 5e12
    levels = [
        level("By type of pension", types, gdp, number),
        level("By birth year and sex", by_year, gdp, number),
    ]
    if len(parts) > 1:
        levels.append(level("By wage group", groups, gdp, number, wage_groups=len(parts)))
    return draw(st.sampled_from(COMPONENTS)), gdp, levels


@given(made_up())
def test_any_levels_are_said_right(drawn: tuple[str, float, list[Level]]) -> None:
    component, gdp, levels = drawn
    mxn = sum(part.mxn for part in levels[0].parts)
    text = sentence(component, 2020, mxn, 100.0 * mxn / gdp, levels, [])
    assert_said_right(text, mxn, 100.0 * mxn / gdp, levels)
    # Where something comes back, shares would not add; the amounts are said.
    if any(map(comes_back, levels)):
        assert "come back" in text
        assert "%" not in text.partition(";")[2]


@given(st.floats(1e-9, 1e9))
def test_any_amount_keeps_two_digits(value: float) -> None:
    ((amount, scale),) = pesos(money(value), "en")
    assert rounded(amount, value / scale)
    assert scale == 1.0 or value >= scale
    said = digits(value, "%").rstrip("%")
    assert rounded(said, value)
    assert len(re.sub(r"[.,]", "", said).lstrip("0")) >= 2
    assert abs(float(said.replace(",", "")) / value - 1.0) <= 0.05


@given(st.floats(0.0, 1.0))
def test_any_share_is_nothing_or_all_only_where_it_is(value: float) -> None:
    said = share(value).rstrip("%")
    assert rounded(said, 100.0 * value) or value < 1e-9
    assert float(said) > 0.0 or value < 1e-9
    assert float(said) < 100.0 or 1.0 - value < 1e-9
