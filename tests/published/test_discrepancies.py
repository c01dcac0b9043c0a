"""The register: quotations that are in the text, figures computed, the same rows in every form and language."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from string import Formatter

import pytest

from assumptions.report import passages, said, statements
from assumptions.text import DATA
from engine.studies.annex_v.discrepancies import Register, export, languages, wording
from engine.studies.annex_v.discrepancies.findings import findings

ROWS = 44
QUOTED = re.compile("\u201c([^\u201d]*)\u201d")


@pytest.fixture(scope="module")
def register() -> Register:
    return Register()


def raw(scenario: str, component: str) -> dict[int, float]:
    """A printed column read again from the file, by other means."""
    with (DATA / "published" / "total_fiscal_cost.csv").open(encoding="utf-8") as stream:
        return {
            int(row["year"]): float(row["percent_of_gdp"])
            for row in csv.DictReader(stream)
            if (row["scenario"], row["component"]) == (scenario, component)
        }


def test_rows_are_numbered_and_whole(register: Register) -> None:
    for language in languages():
        rows = register.rows_in(language)
        assert [row.number for row in rows] == list(range(1, ROWS + 1))
        for row in rows:
            texts = (row.title, row.statement, row.where, row.printed, row.model, row.consequence)
            assert all(text and "nan" not in text.lower().split() for text in texts), row.key
            assert row.figures, row.key
            assert all(math.isfinite(value) for value in row.figures.values()), row.key


def test_every_quotation_is_in_its_passage(register: Register) -> None:
    known = passages()
    count = 0
    for row in register.rows:
        for one in row.quotations:
            count += 1
            assert known[one.passage.key].holds(one.text), (row.key, one.text)
    assert count > 60


def test_nothing_else_stands_in_quotation_marks(register: Register) -> None:
    """Words of the register quote nothing; what a page quotes is what the rows name."""
    for language in languages():
        texts = json.dumps(wording.words(language), ensure_ascii=False)
        assert QUOTED.findall(texts) == []
        allowed = {one.text for row in register.rows for one in row.quotations}
        for form in (export.as_csv, export.page):
            assert set(QUOTED.findall(form(register, language))) <= allowed


def test_quotations_and_words_have_the_rows_of_the_register(register: Register) -> None:
    assert set(wording.quotations()) == set(register.figures)
    for language in languages():
        content = wording.words(language)
        assert set(content) - {"page", "groups", "finding"} == set(register.figures)
        grouped = [key for keys in content["groups"].values() for key in keys]
        assert sorted(grouped) == sorted(register.figures)


def fields(text: str) -> list[tuple[str, str | None]]:
    return sorted((name, spec) for _, name, spec, _ in Formatter().parse(text) if name)


def test_both_languages_say_the_same_figures() -> None:
    one, other = wording.words("en"), wording.words("es")
    for key in wording.quotations():
        assert set(one[key]) == set(other[key]), key
        for part, text in one[key].items():
            assert fields(text) == fields(other[key][part]), (key, part)
    for first, second in zip(one["finding"], other["finding"], strict=True):
        assert (first["rows"], first["figure"]) == (second["rows"], second["figure"])
        assert fields(first["text"]) == fields(second["text"])


def test_sums_of_three_years(register: Register) -> None:
    """The text's sums are, to its digits, the first year's values (1B and 2B 0.05, 3B 0.2, 4B 0.1)."""
    figures = register.figures["first_years"]
    for code in ("1B", "2B", "3B", "4B"):
        column, text = raw(code, "acquired_rights"), said(f"sum_of_three_years_{code}")
        assert figures[f"printed 1997 {code}"] == column[1997]
        assert round(column[1997], 1 if text > 0.05 else 2) == text
        total = sum(column[year] for year in (1997, 1998, 1999))
        assert figures[f"printed sum 1997-99 {code}"] == pytest.approx(total, abs=1e-12)


def test_balance_first_cannot_give_the_ratios(register: Register) -> None:
    """In 1997 no post-1997 balance exists: a rule with balances gives 1 (4B discounts at 2%, which moves a few choices)."""
    figures = register.figures["balance_first"]
    for code in ("1B", "2B", "4B"):
        assert figures[f"balance first, ratio 1997 {code}, ratio"] == pytest.approx(1.0, abs=1e-3)
        assert figures[f"printed ratio 1997 {code}, ratio"] < 0.51


def test_ratio_of_pensions_in_payment(register: Register) -> None:
    """Annex V, page 7: (1 - 0.1586) / (1 - 0.0615)."""
    figures = register.figures["indexation"]
    assert figures["model A/B, ratio"] == pytest.approx((1 - 0.1586) / (1 - 0.0615), abs=1e-12)
    low, high = (figures[f"printed A/B {side} to 2015, ratio"] for side in ("smallest", "largest"))
    assert low < figures["model A/B, ratio"] < high
    assert figures["largest difference indexed"] > 5 * figures["largest difference unindexed"]


def test_peaks(register: Register) -> None:
    figures = register.figures["peaks"]
    for code, value, year in (("3B", 0.812, 2023), ("4B", 0.407, 2024), ("2B", 0.528, 2025)):
        assert figures[f"printed peak {code}"] == value
        assert figures[f"printed peak {code}, year"] == year


def test_weeks_of_the_guarantee(register: Register) -> None:
    figures = register.figures["density"]
    assert figures["printed first visible year, year"] == 2021
    assert figures["years at density 1, years"] == pytest.approx(1250 / 52)
    assert figures["years at the stated density, years"] == pytest.approx(1250 / 52 / 0.83)


def test_contributors_that_the_quota_needs(register: Register) -> None:
    figures = register.figures["contributors"]
    assert figures["contributors needed, persons"] == pytest.approx(
        0.00327 * figures["GDP, pesos"] / (0.055 * 26.45 * 365)
    )


def test_pensioners_per_hundred_are_of_the_insured(register: Register) -> None:
    """Health study, Tables 5 and 15: 1,433 of 11,562 insured, of 10,138 workers; the report prints 12.5."""
    figures = register.figures["first_awards"]
    assert figures["pensioners of the insured 1994, per hundred"] == pytest.approx(100 * 1433 / 11562)
    assert figures["pensioners of the workers 1994, per hundred"] == pytest.approx(100 * 1433 / 10138)
    assert abs(figures["pensioners of the insured 1994, per hundred"] - said("pensioners_per_hundred")) < 0.15


def test_table_5_is_3b_and_2b(register: Register) -> None:
    """Table 5 prints two decimals; its figures without and with INFONAVIT are those of 3B and 2B, not of 4B."""
    figures = register.figures["table_5"]
    for code in ("3B", "2B"):
        for year in (1997, 2015, 2025):
            assert abs(figures[f"printed {code} {year}"] - figures[f"Table 5 {code} {year}"]) <= 0.005 + 1e-9
    assert abs(figures["printed 4B 2025"] - 0.53) > 0.1


def test_quota_of_5_5_percent_is_not_a_peso(register: Register) -> None:
    figures = register.figures["peso_a_day"]
    assert figures["quota of 5.5%, pesos a day"] == pytest.approx(0.055 * 26.45)
    assert figures["minimum wage of which a peso is 5.5%, pesos a day"] == pytest.approx(1 / 0.055)


def test_shares_of_the_state_add_up_to_the_old_law(register: Register) -> None:
    """Arts. 177-179 of the law of 1973: 0.425%; law of 1995: 0.225, 0.125 and 5% of the 1.5% for pensioners' health."""
    figures = register.figures["state_rate"]
    assert figures["law's share in pensioners' health, fraction of wages"] == pytest.approx(0.05 * 0.015)
    assert figures["annex, both rates, fraction of wages"] == pytest.approx(0.0055)


def test_minimum_wages_are_round_nominal_rises(register: Register) -> None:
    """The nominal rises as the audit found them, and 17 of 18 as near as two printed decimals allow."""
    figures = register.figures["round_minimum_wages"]
    nominal = {
        "B": (20, 22, 18, 15, 11, 10, 9, 7.5, 7.5),
        "A": (20, 22, 25, 25, 20, 15, 15, 15, 10.5),
    }
    for series, rises in nominal.items():
        for year, value in enumerate(rises, start=1995):
            assert abs(figures[f"nominal rise {series} {year}, percent"] - value) < 0.04
    assert figures["cells within rounding, cells"] == 17


def test_statements_stand_in_their_passages() -> None:
    """Every number that the text is said to state is found in the passage that is named for it."""
    known = passages()
    for name, one in statements().items():
        text = known[one.passage].text
        numbers = {float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*\.?\d*|\.\d+", text)}
        assert one.value in numbers, (name, one.value, text)


def test_identities_hold_as_far_as_rounding(register: Register) -> None:
    assert len(register.identities) == 4
    for item in register.identities:
        assert item.broken == 0, item.title
        assert item.largest <= item.allowed + 1e-9


@pytest.mark.parametrize("language", languages())
def test_csv_json_and_html_carry_the_same_rows(register: Register, language: str) -> None:
    rows = json.loads(export.as_json(register, language))
    lines = list(csv.DictReader(io.StringIO(export.as_csv(register, language))))
    assert [row["title"] for row in rows] == [line["title"] for line in lines]
    printed = export.as_html(register, language)
    assert printed.count("<article ") == len(rows)
    assert f'<html lang="{language}">' in printed
    assert "http" not in printed
    assert "<script" not in printed
    for row, line in zip(rows, lines, strict=True):
        assert f'id="row-{row["number"]}"' in printed
        pairs = dict(part.rsplit("=", 1) for part in line["figures"].split("; "))
        assert set(pairs) == set(row["figures"])
        for name, value in row["figures"].items():
            assert float(pairs[name]) == pytest.approx(value, rel=1e-5, abs=1e-12)
        for one in row["quotations"]:
            assert one["text"] in line["quotations"]
            assert one["position"] > 0


@pytest.mark.parametrize("language", languages())
def test_page_has_five_findings_and_every_row(register: Register, language: str) -> None:
    page = export.page(register, language)
    own = findings(register, language)
    assert len(own) == 5
    for number, one in enumerate(own, start=1):
        assert f"### {number}. {one.title}\n" in page
        assert f"](figures/{one.figure})" in page
        for row in one.rows:
            assert f"](#row-{row})" in page
    for row in register.rows_in(language):
        assert f'<a id="row-{row.number}"></a>**{row.number}** | **{row.title}** |' in page
