"""What the page says of a state, as plain records that its script writes.

As components of the page they take the browser longer than all else of an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from engine.compare_runs import LINES
from engine.explore import figures
from engine.explore.numbers import Pair
from engine.explore.state import State
from engine.outputs import words
from engine.outputs.digits import decimals, shown
from engine.outputs.tables import TOTAL, chosen_years

_THOUSAND_MILLION: Final = 1e9


def of(state: State, found: Sequence[Pair], text: Mapping[str, Any]) -> dict[str, Any]:
    """All that an answer holds; values to the last bit beside what is shown of them."""
    first = found[0]
    return {
        "address": state.address,
        "sentence": sentence(state, first, text),
        "cards": cards(state, first, text),
        "differs": differs(state, text),
        "command": state.command(),
        "table": table(state, found, text),
        "figures": {
            "fig-total": figures.total(found, text),
            "fig-difference": figures.difference(first, text),
        },
    }


def sentence(state: State, pair: Pair, text: Mapping[str, Any]) -> str:
    """What the reform does, in one sentence."""
    said = text["what_if"]
    gap = pair.reform.share[-1] - pair.base.share[-1]
    at = int(abs(gap).argmax())
    name = "; ".join(state.texts) or said["nothing"]
    base = f"{state.against}, {text['basis_short'].get(state.basis, state.basis)}"
    if gap[at] == 0.0:
        return str(said["sentence_none"].format(reform=name, base=base, last=state.last))
    money = float(pair.reform.money[-1, at] - pair.base.money[-1, at]) / _THOUSAND_MILLION
    return str(
        said["sentence"].format(
            reform=name,
            value=shown(abs(gap[at]), decimals([gap[at]], 3)),
            way=said["more" if gap[at] > 0.0 else "less"],
            base=base,
            year=int(pair.base.years[at]),
            old=shown(pair.base.share[-1, at], decimals([gap[at]], 2)),
            new=shown(pair.reform.share[-1, at], decimals([gap[at]], 2)),
            money=shown(money, decimals([money], 1), "+"),
        )
    )


def cards(state: State, pair: Pair, text: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Key figures of the reform, with the change."""
    said = text["explore"]["card"]
    row = state.year - int(pair.base.years[0])
    old, new = (float(side.share[-1, row]) for side in (pair.base, pair.reform))
    money = [float(side.money[-1, row]) / _THOUSAND_MILLION for side in (pair.base, pair.reform)]
    tops = [int(side.share[-1].argmax()) for side in (pair.base, pair.reform)]
    found = [
        ("cost", new, new - old, 3, said["cost"].format(year=state.year)),
        ("money", money[1], money[1] - money[0], 1, said["money"].format(year=state.year)),
        (
            "peak", float(pair.reform.share[-1, tops[1]]),
            float(pair.reform.share[-1, tops[1]] - pair.base.share[-1, tops[0]]), 3,
            said["peak"].format(year=int(pair.reform.years[tops[1]])),
        ),
        (
            "worth", pair.worth[1], pair.worth[1] - pair.worth[0], 2,
            said["worth"].format(first=int(pair.base.years[0]), last=state.last),
        ),
    ]  # fmt: skip
    return [
        {
            "key": key,
            "label": label,
            "value": {"value": repr(value), "shown": shown(value, places)},
            "change": {"value": repr(change), "shown": shown(change, places, "+")},
        }
        for key, value, change, places, label in found
    ]


def differs(state: State, text: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs from the base: every lever in words, with the address of the page without it."""
    said = text["explore"]
    if not state.statements:
        return [{"said": said["no_difference"]}]
    out = []
    for one in state.statements:
        rest = replace(state, statements=tuple(other for other in state.statements if other is not one))
        half = getattr(one.lever.half, state.language) if one.lever.half is not None else ""
        out.append(
            {
                "said": one.sentence(state.language),
                "undo": said["undo"],
                "without": rest.address,
                "typed": one.text,
                "half": half,
            }
        )
    return out


def table(state: State, found: Sequence[Pair], text: Mapping[str, Any]) -> dict[str, Any]:
    """Base, reform and change by component of the first scenario, and the totals of all, in chosen years."""
    said = text["explore"]
    years = chosen_years(found[0].base.years.tolist(), [state.year])
    start = int(found[0].base.years[0])
    rows = []
    for number, pair in enumerate(found):
        for n, line in enumerate(LINES):
            if number and line != TOTAL:
                continue
            name = text["total"] if line == TOTAL else words.item("component", line, text)
            values = {
                "base": pair.base.share[n],
                "reform": pair.reform.share[n],
                "change": pair.reform.share[n] - pair.base.share[n],
            }
            for kind, series in values.items():
                chosen = [float(series[year - start]) for year in years]
                rows.append(
                    {
                        "said": f"{pair.scenario}: {words.capital(name)}, {said[kind]}",
                        "of": {"scenario": pair.scenario, "line": line, "kind": kind},
                        "shown": [shown(value, 3, "+" if kind == "change" else "") for value in chosen],
                        "values": [repr(value) for value in chosen],
                    }
                )
    return {"unit": text["percent"], "years": years, "rows": rows}


__all__ = ["cards", "differs", "of", "sentence", "table"]
