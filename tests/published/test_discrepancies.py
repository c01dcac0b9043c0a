"""The register of discrepancies: computed, complete, and the same on the page."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from assumptions.text import DATA
from engine.studies.annex_v import discrepancies

SPECIFIED = 15


@pytest.fixture(scope="module")
def register() -> discrepancies.Register:
    return discrepancies.Register()


def raw(scenario: str, component: str) -> dict[int, float]:
    """A printed column read again from the file, by other means."""
    with (DATA / "published" / "total_fiscal_cost.csv").open(encoding="utf-8") as stream:
        return {
            int(row["year"]): float(row["percent_of_gdp"])
            for row in csv.DictReader(stream)
            if (row["scenario"], row["component"]) == (scenario, component)
        }


def test_rows_are_numbered_and_whole(register: discrepancies.Register) -> None:
    assert [row.number for row in register.rows] == list(range(1, len(register.rows) + 1))
    assert len(register.rows) >= SPECIFIED
    for row in register.rows:
        texts = (row.title, row.statement, row.where, row.printed, row.model, row.consequence)
        assert all(text and "nan" not in text.lower().split() for text in texts), row.number
        assert row.figures, row.number
        assert all(math.isfinite(value) for value in row.figures.values()), row.number


def test_sums_of_three_years(register: discrepancies.Register) -> None:
    figures = register.rows[0].figures
    for code, text in (("1B", 0.05), ("3B", 0.2), ("4B", 0.1)):
        column = raw(code, "acquired_rights")
        assert figures[f"printed 1997 {code}"] == column[1997]
        assert round(column[1997], 1 if text > 0.05 else 2) == text
        total = sum(column[year] for year in (1997, 1998, 1999))
        assert figures[f"printed sum 1997-99 {code}"] == pytest.approx(total, abs=1e-12)


def test_balance_first_cannot_give_the_ratios(register: discrepancies.Register) -> None:
    """In 1997 no post-1997 balance exists: a rule with balances gives 1 (4B discounts at 2%, which moves a few choices)."""
    figures = register.rows[1].figures
    for code in ("1B", "2B", "4B"):
        assert figures[f"balance first, ratio 1997 {code}, ratio"] == pytest.approx(1.0, abs=1e-3)
        assert figures[f"printed ratio 1997 {code}, ratio"] < 0.51


def test_ratio_of_pensions_in_payment(register: discrepancies.Register) -> None:
    """MODEL: (1 - 0.1586) / (1 - 0.0615)."""
    figures = register.rows[2].figures
    assert figures["model A/B, ratio"] == pytest.approx((1 - 0.1586) / (1 - 0.0615), abs=1e-12)
    low, high = (figures[f"printed A/B {side} to 2015, ratio"] for side in ("smallest", "largest"))
    assert low < figures["model A/B, ratio"] < high
    assert figures["largest difference indexed"] > 5 * figures["largest difference unindexed"]


def test_peaks(register: discrepancies.Register) -> None:
    figures = register.rows[4].figures
    for code, value, year in (("3B", 0.812, 2023), ("4B", 0.407, 2024), ("2B", 0.528, 2025)):
        assert figures[f"printed peak {code}"] == value
        assert figures[f"printed peak {code}, year"] == year


def test_weeks_of_the_guarantee(register: discrepancies.Register) -> None:
    figures = register.rows[5].figures
    assert figures["printed first visible year, year"] == 2021
    assert figures["years at density 1, years"] == pytest.approx(1250 / 52)
    assert figures["years at the stated density, years"] == pytest.approx(1250 / 52 / 0.83)


def test_contributors_that_the_quota_needs(register: discrepancies.Register) -> None:
    figures = register.rows[12].figures
    assert figures["contributors needed, persons"] == pytest.approx(0.00327 * 2910e9 / (0.055 * 26.45 * 365))
    assert figures["needed over actual, ratio"] == pytest.approx(1.74, abs=0.005)


def test_table_5_is_3b_and_2b(register: discrepancies.Register) -> None:
    """Table 5 prints two decimals; its figures without and with INFONAVIT are those of 3B and 2B, not of 4B."""
    figures = register.rows[11].figures
    for code, said in (("3B", (0.21, 0.70, 0.80)), ("2B", (0.05, 0.38, 0.53))):
        for year, value in zip((1997, 2015, 2025), said, strict=True):
            assert abs(figures[f"printed {code} {year}"] - value) <= 0.005 + 1e-9
    assert abs(figures["printed 4B 2025"] - 0.53) > 0.1


def test_identities_hold_as_far_as_rounding(register: discrepancies.Register) -> None:
    assert len(register.identities) == 4
    for item in register.identities:
        assert item.broken == 0, item.title
        assert item.largest <= item.allowed + 1e-9


def test_csv_and_json_carry_the_same_rows(register: discrepancies.Register) -> None:
    rows = json.loads(register.as_json())
    lines = list(csv.DictReader(io.StringIO(register.as_csv())))
    assert [row["title"] for row in rows] == [line["title"] for line in lines]
    for row, line in zip(rows, lines, strict=True):
        pairs = dict(part.rsplit("=", 1) for part in line["figures"].split("; "))
        assert set(pairs) == set(row["figures"])
        for name, value in row["figures"].items():
            assert float(pairs[name]) == pytest.approx(value, rel=1e-5, abs=1e-12)


def test_page_has_every_row_and_links_to_it(register: discrepancies.Register) -> None:
    from markdown.extensions.toc import slugify

    page = discrepancies.page(register)
    for row in register.rows:
        heading = f"{row.number}. {row.title}"
        assert f"## {heading}\n" in page
        assert f"](#{slugify(heading, '-')})" in page
