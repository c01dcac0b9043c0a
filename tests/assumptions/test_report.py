"""Passages of the report, and locators: every published value of the report is found in the passage that it names."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from assumptions import Resolved, basis_names, load, overlay_names, report, scenario_codes
from assumptions.facts import facts
from assumptions.model import AssumptionError

# Characters of the scanned text of the whole report.
LENGTH = 270_782
# What a locator's place begins with, by source; the report itself is cited by paragraph, table or annex.
PLACES = {
    "p7018": "",
    "annex_v": "Annex V, ",
    "annex_vi": "Annex VI, ",
    "annex_vii": "Annex VII, ",
    "annex_viii": "Annex VIII, ",
}
STUDIES = ("health_reform_study", "imss_insured")
NUMBER = re.compile(r"-?(?:\d[\d,]*\.?\d*|\.\d+)")
# A fraction may be printed in percent, an amount in thousands, millions or thousand millions.
SCALES = (1.0, 100.0, 1e-3, 1e-6, 1e-9)
PRINTED_YEARS = np.arange(1995, 2031)


def test_passages_are_in_the_order_of_the_report() -> None:
    found = list(report.passages().values())
    assert len(found) > 70
    for one in found:
        assert 0 < one.position <= LENGTH - len(one.scan), one.key
        assert one.at, one.key
        assert one.at_es, one.key
        assert len(one.text) < 1500, f"{one.key}: passages are quoted, not reprinted"


def test_passages_with_one_position_have_one_text() -> None:
    """Passages that overlap in the scan say the same there."""
    found = sorted(report.passages().values(), key=lambda one: one.position)
    for first, second in itertools.pairwise(found):
        shared = first.position + len(first.scan) - second.position
        if shared > 0:
            assert first.scan[-shared:] == second.scan[:shared], (first.key, second.key)


def test_a_quotation_holds_in_its_own_order_only() -> None:
    passage = report.passages()["a4_prorated"]
    assert passage.holds("The cost of the prorated contributions ... is negligible")
    assert not passage.holds("is negligible ... The cost of the prorated contributions")
    assert not passage.holds("The cost of the prorated contributions is negligible")


def test_facts_of_the_study_add_up() -> None:
    """Table 15: workers and others are all insured, to the rounding of thousands."""
    for year in ("1994", "1996"):
        parts = [report.study_fact("Table 15", row, year) for row in ("workers, total", "not workers, total")]
        assert abs(sum(parts) - report.study_fact("Table 15", "insured, total", year)) <= 1
    with pytest.raises(AssumptionError, match="has no row"):
        report.study_fact("Table 15", "dragons", "1994")


def published(packs: list[Resolved]) -> dict[tuple[str, str, str], set[float]]:
    """Values of status published whose source is the report, by name, source and locator."""
    found: dict[tuple[str, str, str], set[float]] = {}
    for pack in packs:
        for name in pack.names():
            item = pack.item(name)
            if item.status != "published" or item.source not in PLACES:
                continue
            values = found.setdefault((name, item.source, item.locator), set())
            if item.derived is None:
                values |= numbers(pack, name, item.kind)
    return found


def numbers(pack: Resolved, name: str, kind: str) -> set[float]:
    if kind == "number":
        return {pack.number(name)}
    if kind == "path":
        years = sorted(set(pack.dated(name).years) & set(PRINTED_YEARS.tolist()))
        return set(pack.path(name, np.array(years or [1997])).tolist())
    return set()


@pytest.fixture(scope="module")
def packs() -> list[Resolved]:
    """Every scenario on every basis, and every shipped overlay."""
    found = [load(code).resolve(basis) for code in scenario_codes() for basis in basis_names()]
    found += [load("3B", overlays=[name]).resolve("statutory") for name in overlay_names()]
    return [*found, load("0B", overlays=["state_1994"]).resolve("statutory")]


def test_locators_of_the_health_study_resolve(packs: list[Resolved]) -> None:
    """A locator begins with a table (or the text) of the study; its facts hold the number, in thousands or percent."""
    known = report.study_facts()
    checked = 0
    for pack in packs:
        for name in pack.names():
            item = pack.item(name)
            if item.source not in STUDIES or item.status != "sourced" or item.kind != "number":
                continue
            table = item.locator.partition(":")[0]
            if item.source == "imss_insured" and not table.startswith("Table"):
                continue
            checked += 1
            printed = [fact.value for fact in known if fact.table.startswith(table)]
            value = pack.number(name)
            assert printed, (name, table)
            # a count in thousands may be kept in round ten thousands
            assert any(
                abs(value * scale - one) <= 5e-4 * one for scale in (1.0, 100.0, 1e-3) for one in printed
            ), (name, value, table)
    assert checked > 3


def test_facts_of_the_report_stand_where_they_are_said_to() -> None:
    """Facts beside which the statutory basis stands: the passage holds the number, to the fact's own tolerance."""
    for fact in facts():
        if fact.source not in PLACES:
            continue
        place = PLACES[fact.source] + fact.locator.partition(":")[0]
        found = [p for p in report.passages().values() if p.at == place or p.at.startswith(f"{place},")]
        allowed = fact.tolerance if fact.within == "absolute" else 0.0
        printed = [float(n.replace(",", "")) for p in found for n in NUMBER.findall(p.text)]
        assert any(abs(number - fact.value) <= allowed + 1e-9 for number in printed), (fact.item, place)


@pytest.mark.parametrize(
    ("source", "name", "printed"),
    [
        ("annex_vii", "contributions.infonavit_collection", 7.75),
        ("p7018", "reconstruction.account_rate", 6.5),
    ],
)
def test_what_is_computed_from_print_names_what_is_printed(
    source: str, name: str, printed: float, packs: list[Resolved]
) -> None:
    """A derived value says where the number stands from which it is computed."""
    [locator] = {p.item(name).locator for p in packs if name in p.names() and p.item(name).source == source}
    found = report.at_place(PLACES[source] + locator.partition(":")[0])
    assert any(holds(one.text, printed) for one in found)


def holds(text: str, value: float) -> bool:
    printed = {float(one.replace(",", "")) for one in NUMBER.findall(text)}
    return any(abs(value * scale - one) <= 1e-9 * max(1.0, abs(one)) for scale in SCALES for one in printed)


def test_every_locator_of_the_report_resolves(packs: list[Resolved]) -> None:
    """A locator begins with a place that the project keeps, and the passage there holds the number.

    0 and 1 (nothing, all) need none.
    """
    missing, wrong = [], []
    for (name, source, locator), values in published(packs).items():
        place = PLACES[source] + locator.partition(":")[0]
        text = " ".join(one.text for one in report.at_place(place))
        if not text:
            missing.append(f"{name}: {place!r} of {source}")
            continue
        wrong += [
            f"{name} = {v:g}: not in {place}"
            for v in sorted(values)
            if v not in (0.0, 1.0) and not holds(text, v)
        ]
    assert missing == []
    assert wrong == []
