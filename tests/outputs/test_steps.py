"""What explanations and calculations say, step by step: every entry in both languages, nothing said that has none."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import engine
from cohorts.axes import ACCOUNTS, PENSION_TYPES, SEXES
from engine.outputs import steps
from engine.outputs.steps import Said, catalogue, joined, label, said
from engine.projection import COMPONENTS
from engine.worker.careers import SPOUSES

ROOT = Path(engine.__file__).parent
SAYING = [*sorted((ROOT / "explain").glob("*.py")), ROOT / "worker" / "steps.py"]
STEPS = {
    f"{owner}.{name}": step for owner in ("explain", "worker") for name, step in catalogue()[owner].items()
}
PHRASES = catalogue()["phrases"]


def placeholders(text: str) -> list[tuple[str | None, str | None]]:
    return sorted((name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None)


def written_in_two(english: str, spanish: str) -> None:
    assert placeholders(english) == placeholders(spanish), english
    outside = [re.sub(r"{[^}]*}", "", text) for text in (english, spanish)]
    numbers = [sorted(re.findall(r"\d+", text)) for text in outside]
    assert numbers[0] == numbers[1], english


# What both languages write alike: numbers, symbols, places, articles.
ALIKE = re.compile(r"LSS \d{4}, Arts?\. [\d, IV-]+|docs/methods\.md|([^a-zA-Z]| x )*")


@pytest.mark.parametrize("name", STEPS)
def test_steps_are_written_in_both_languages(name: str) -> None:
    step = STEPS[name]
    assert {"title", "formula"} <= step.keys()
    for field in steps.SAID:
        form = step.get(field, "")
        if field == "unit":
            assert not form or form in PHRASES, form
        elif isinstance(form, str):
            assert ALIKE.fullmatch(re.sub(r"{[^}]*}", "", form)), f"{field} is in one language: {form}"
        else:
            assert form.keys() == {steps.ENGLISH, steps.OTHER}
            assert all(form.values())
            written_in_two(form[steps.ENGLISH], form[steps.OTHER])


def test_every_component_part_account_and_sex_has_a_name() -> None:
    names = catalogue()["names"]
    assert tuple(names["component"]) == COMPONENTS
    assert set(PENSION_TYPES) <= set(names["part"])
    assert tuple(names["account"]) == ACCOUNTS
    assert tuple(names["sex"]) == SEXES
    for section in names.values():
        for form in section.values():
            if form == "INFONAVIT":
                continue
            assert form.keys() == {steps.ENGLISH, steps.OTHER}
            written_in_two(form[steps.ENGLISH], form[steps.OTHER])


def test_phrases_have_the_same_placeholders_and_numbers() -> None:
    for english, spanish in PHRASES.items():
        assert spanish
        written_in_two(english, spanish)
        assert spanish[:1].isspace() == english[:1].isspace(), english


def constants(node: ast.AST) -> Iterator[str]:
    """Texts that an expression may give: both of a choice, and not its condition."""
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def spoken() -> Iterator[tuple[str, str]]:
    """Phrases that the code says, with where."""
    places: dict[str, tuple[int, ...]] = {"said": (0,), "Figure": (0, 2), "level": (0,)}
    for path in SAYING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for place in places.get(node.func.id, ()):
                    for arg in node.args[place : place + 1]:
                        for text in constants(arg):
                            yield f"{path.name}:{node.lineno}", text


def test_everything_that_is_said_is_written() -> None:
    found = list(spoken())
    assert len(found) > 100
    assert [f"{where}: {text}" for where, text in found if text not in PHRASES] == []


def test_every_phrase_is_said() -> None:
    strings = {
        node.value
        for path in SAYING
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    units = {step.get("unit") for step in STEPS.values()} | {step.get("part") for step in STEPS.values()}
    labels = {*PENSION_TYPES, *COMPONENTS, *SPOUSES, *catalogue()["names"]["part"]}
    labels |= {name.replace("_", " ") for name in labels}
    # Kinds of pensioners are data; amounts of money and rates of contributions are put together.
    data = {"survivors", "occupational", "all"}
    made = re.compile(r"(CEAV|IV) (rate|base)|{amount} .*pesos")
    unused = [
        phrase
        for phrase in PHRASES
        if phrase not in strings | units | labels | data and not made.fullmatch(phrase)
    ]
    assert unused == []


def test_a_phrase_in_a_phrase_is_said_in_the_same_language() -> None:
    whole = said("part of {account}", account=said("account"))
    assert (whole, whole.to("es")) == ("part of account", "parte de cuenta")
    assert joined([said("account"), Said("3")], " ", ".").to("es") == "cuenta 3."
    assert label(1950).to("es") == "1950"
    assert label("death").to("es") == "muerte"


def test_words_of_one_language_are_refused() -> None:
    with pytest.raises(KeyError):
        said("a phrase that stands nowhere")
    with pytest.raises(TypeError, match="of no language"):
        said("part of {account}", account="account")


def test_words_are_plain_text_to_others() -> None:
    import copy
    import json
    import pickle

    word: Any = said("account")
    for again in (copy.deepcopy(word), pickle.loads(pickle.dumps(word))):
        assert (again, again.to("es")) == ("account", "cuenta")
    assert json.dumps(word) == '"account"'
