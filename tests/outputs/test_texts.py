"""The catalogue of texts: complete and alike in every language, every text used, numbers the same in all."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import beyond, headline, peaks, phrases, scenario_words, texts
from engine.projection import COMPONENTS, FUNDS, PENSION_TYPES, PENSIONER_GROUPS

ROOT = Path(engine.__file__).parent


def flat(content: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def placeholders(text: str) -> list[tuple[str | None, str | None]]:
    """Names and formats; the names of a figure's own template language, as %{x}, are text here."""
    return sorted((name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None)


def test_languages_have_the_same_texts() -> None:
    english, spanish = dict(flat(texts.load("en"))), dict(flat(texts.load("es")))
    assert texts.languages() == ("en", "es")
    assert english.keys() == spanish.keys()
    # Placeholders and their digits are the same, or a sentence would lose its year, or round in one language only.
    for key, text in english.items():
        assert placeholders(text) == placeholders(spanish[key]), key


@pytest.mark.parametrize("language", ["en", "es"])
def test_labels_have_texts(language: str) -> None:
    text = texts.load(language)
    assert tuple(text["component"]) == COMPONENTS
    assert tuple(text["pension_type"]) == PENSION_TYPES
    assert tuple(text["fund"]) == FUNDS
    assert tuple(text["pensioner_group"]) == PENSIONER_GROUPS
    assert set(text["basis_names"]) == set(text["basis_short"]) == set(assumptions.basis_names())


# What the library of the command line and the system say.
LIBRARY = re.compile(
    r"No such (option|command|file or dir).*|Missing .*|Option .*|Got unexpected .*|Invalid value .*|Input should .*"
    r"|\{1\} is not (a valid .*|in the range .*)|Permission denied|No space left on device"
)


def written() -> str:
    """Every text in the source, pieces of f-strings joined."""
    found = []
    for package in ("engine", "assumptions", "cohorts"):
        for path in (ROOT.parent / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    data = (ROOT.parent / "assumptions" / "data").rglob("*.toml")
    return "\n".join([*found, *(path.read_text(encoding="utf-8") for path in data)])


def runs(words: list[str], known: str) -> int:
    """Of how many pieces of the source a text is put together."""
    count = 0
    while words:
        longest = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in known), 0)
        assert longest, words
        words, count = words[longest:], count + 1
    return count


@pytest.mark.slow
def test_messages_are_those_of_the_program() -> None:
    known = written()
    said = texts.load("en")["message_words"]
    for key, english in said.items():
        assert english == key
        holes = re.findall(r"\{(\d)\}", key)
        assert holes == [str(n + 1) for n in range(len(holes))], key
        if LIBRARY.fullmatch(key):
            continue
        # What stands between holes, and between the clauses that are put together, is written somewhere.
        for piece in re.split(r"\{\d\}|; |: |, ", key):
            words = piece.strip(" ;:,.()%?`")
            assert runs(words.split(), known) <= 3, (key, words)


@pytest.mark.parametrize("language", ["en", "es"])
def test_messages_hold_the_same_numbers(language: str) -> None:
    say = phrases.messages(texts.load(language))
    for key in texts.load("en")["message_words"]:
        one = re.sub(r"\{(\d)\}", lambda hole: f"{int(hole[1]) * 111}.5", key)
        assert sorted(re.findall(r"\d+(?:\.\d+)?", say(one))) == sorted(re.findall(r"\d+(?:\.\d+)?", one)), (
            key
        )
        if language == "en":
            assert say(one) == one


def test_messages_without_a_translation_stay_english() -> None:
    say = phrases.messages(texts.load("es"))
    for line in (
        "",
        ":",
        ": ",
        "a: b: the moon is {0} {1} full: {",
        "  x.nc: has groups; annexv writes none",
    ):
        assert say(line) == line
    assert say("  a.toml: funds.rcv_return: 3 is outside 0 to 1 (fraction of {1})") == (
        "  a.toml: funds.rcv_return: 3 está fuera de 0 a 1 (fraction of {1})"
    )


@pytest.mark.slow
def test_every_text_is_used() -> None:
    written = "".join(
        path.read_text(encoding="utf-8")
        for ending in ("py", "js", "html")
        for path in ROOT.rglob(f"*.{ending}")
    )
    # Sections whose keys stand in the code; others hold labels of data.
    literal = ("table", "comparison", "headline", "scenario_words", "screen")
    labels = ("component", "step", "award", "method")
    known: set[str] = set()
    for key, _ in flat(texts.load("en")):
        parts = key.split(".")
        words = parts if parts[0] in literal and not set(labels) & set(parts) else parts[:1]
        assert all(word in known or re.search(rf"\b{word}\b", written) for word in words), key
        known.update(words)


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return engine.project_many([assumptions.load("1A"), assumptions.load("3B")])


def test_sentences_hold_the_same_numbers_in_both_languages(run: xr.Dataset) -> None:
    for scenario in run.scenario.values:
        for basis in run.basis.values:
            found = headline.headline(run, scenario, basis)
            said = [headline.said(found, texts.load(language)) for language in ("en", "es")]
            first, second = (re.findall(r"\d[\d.,]*\d", text) for text in said)
            assert first == second
            assert said[0] != said[1]


def test_the_sentence_holds_the_numbers_of_the_run(run: xr.Dataset) -> None:
    one = run.sel(scenario="3B", basis="statutory")
    found = headline.headline(run, "3B", "statutory")
    said = headline.said(found, texts.load("en"))
    for year in (1997, 2020, 2030):
        assert f"{float(one.fiscal_cost_total.sel(year=year)):.2f}%" in said
    money = float(one.fiscal_cost_mxn.sel(year=2020).sum()) / 1e9
    assert f"{money:,.0f} thousand million pesos" in said
    # Present value by hand: 3.5% a year, paid in the middle of each year.
    worth = sum(
        float(one.fiscal_cost_mxn.sel(year=year).sum()) / 1.035 ** (year - 1997 + 0.5)
        for year in range(1997, 2031)
    )
    assert found.present_value == pytest.approx(100.0 * worth / float(one.gdp.sel(year=1997)), rel=1e-12)


def test_a_longer_horizon_finds_the_peak_that_a_run_to_it_finds() -> None:
    pack = assumptions.load("3B")
    further = beyond.beyond(pack.resolve("statutory"))
    assert further is not None
    whole = engine.project(assumptions.load("3B", sets={"reform.last_year": further.to})).sel(
        basis=["statutory"]
    )
    total = whole.fiscal_cost_total.squeeze()
    assert further.peak.value == pytest.approx(float(total.max()), rel=1e-12)
    assert further.peak.year == int(total.idxmax("year")) < further.to
    said = headline.said_peak(
        headline.headline(whole.sel(year=slice(None, 2030)), "3B", "statutory"), texts.load("en"), further
    )
    assert (
        said
        == f" and still rising (peak {float(total.max()):.2f}% in {int(total.idxmax('year'))} with --to 2040)"
    )


@pytest.mark.parametrize(
    ("values", "year", "rising", "at_end"),
    [
        ((1.0, 2.0, 3.0), 2002, True, True),
        ((1.0, 3.0, 2.0), 2001, False, False),
        ((3.0, 1.0, 2.0), 2000, True, False),
        ((3.0, 2.0, 1.0), 2000, False, False),
        ((0.0, 0.0, 0.0), 2000, False, False),
        ((1.0,), 2000, False, False),
    ],
)
def test_peak(values: tuple[float, ...], year: int, rising: bool, at_end: bool) -> None:
    found = peaks.peak(tuple(range(2000, 2000 + len(values))), values)
    assert (found.year, found.rising, found.at_end) == (year, rising, at_end)


def test_a_selection_has_the_same_sentence(run: xr.Dataset) -> None:
    whole = headline.headline(run, "1A", "published")
    assert headline.headline(run.sel(scenario="1A", basis="published"), "1A", "published") == whole
    assert whole.replica


def test_scenarios_in_words() -> None:
    text = texts.load("en")
    said = {
        code: scenario_words.said_scenario(
            scenario_words.words(assumptions.load(code).resolve("statutory"), 2030), text
        )
        for code in ("1B", "3A", "4B", "0A")
    }
    assert said["1B"] == "INFONAVIT pays and earns 3.5%, other funds 3.5%; inflation 6%"
    assert said["3A"] == "INFONAVIT does not pay and earns 3.5%, other funds 3.5%; inflation 10%"
    assert said["4B"] == "INFONAVIT pays and earns 2%, other funds 2%; inflation 6%"
    assert said["0A"] == "no reform; inflation 10%"
