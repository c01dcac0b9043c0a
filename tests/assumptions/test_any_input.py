"""Whatever a user writes ends in a value or in an `AssumptionError`, never in a traceback."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import assumptions

RES = assumptions.load("3B").resolve("statutory")
NAMES = RES.names()
WORDS = st.sampled_from(
    ["", "fraction", "step", "product", "overlay", "1997", "m", "60..70", "inflation.csv", "nan", "judgement"]
)
KEYS = st.sampled_from(
    ["value", "values", "csv", "column", "row", "rule", "derived", "value_of", "coords", "status", "source", "locator",
     "note", "range", "range_of", "method", "target", "function", "inputs", "1997", "60", "kind", "unit", "age"]
)  # fmt: skip
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**320), 10**320),
    st.floats(),
    WORDS,
    st.sampled_from(NAMES),
    st.integers(0, 3),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str) else repr(value)


@given(name=st.sampled_from(NAMES), value=ANYTHING)
def test_values_in_a_call(name: str, value: Any) -> None:
    with contextlib.suppress(assumptions.AssumptionError):
        RES.with_values({name: value})


@pytest.mark.slow
@given(name=st.sampled_from(NAMES), value=ANYTHING, header=ANYTHING)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_overlay_files(name: str, value: Any, header: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    title = toml(header) if isinstance(header, str) else '"x"'
    path.write_text(f"{name} = {toml(value)}\n[overlay]\ntitle = {title}\n", encoding="utf-8")
    for fault in assumptions.check(path):
        assert "\n" not in str(fault)
    path.write_text(f"overlay = {toml(header)}\n{name} = {toml(value)}\n", encoding="utf-8")
    assumptions.check(path)


@given(text=st.text(max_size=60))
def test_any_text_as_an_overlay(text: str, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "text.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assumptions.check(path)


@given(text=st.text(max_size=40))
def test_any_text_as_a_set(text: str) -> None:
    with contextlib.suppress(assumptions.AssumptionError):
        name, value = assumptions.parse_set(text)
        assumptions.load("3B", sets={name: value}).resolve("statutory")
