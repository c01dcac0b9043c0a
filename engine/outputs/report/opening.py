"""How the page of a run opens: the answer in a sentence, one figure, three numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import xarray as xr

from engine.outputs import headline, words
from engine.outputs.figures import COLOURS, GREY, Figure, Trace, numbers, of_run

if TYPE_CHECKING:
    from assumptions import Resolved

KEY: Final = "fig-opening"


def figure(dataset: xr.Dataset, scenario: str, basis: str, text: Mapping[str, Any]) -> Figure:
    """Total cost of the main scenario, the others in grey behind it."""
    years = dataset.year.values.astype(int).tolist()
    total = dataset.fiscal_cost_total.sel(basis=basis)
    others = [code for code in map(str, dataset.scenario.values) if code != scenario]
    name = words.variable("fiscal_cost_total", text)
    traces = [
        Trace(
            text["opening"]["others"] if n == 0 else "",
            "line",
            years,
            numbers(total.sel(scenario=code).values),
            GREY,
            width=1.0,
        )
        for n, code in enumerate(others)
    ]
    main = total.sel(scenario=scenario).values
    traces.append(
        Trace(f"{text['scenario']} {scenario}", "line", years, numbers(main), COLOURS[0], width=3.2)
    )
    title = of_run.trend(name, main, years, text["percent"], text)
    case = text["figure"]["case"].format(scenario=scenario, basis=words.basis(basis, text))
    return Figure(KEY, title, words.capital(case), text["percent"], tuple(traces))


def said(
    dataset: xr.Dataset, scenario: str, inputs: Mapping[tuple[str, str], Resolved], text: Mapping[str, Any]
) -> dict[str, Any]:
    """Sentences, one a basis, and the numbers of the first."""
    found = [
        headline.headline(dataset, scenario, basis, inputs.get((basis, scenario)))
        for basis in map(str, dataset.basis.values)
    ]
    first = found[0]
    form = text["opening"]
    money = headline.said_money(first.money_unit, text)
    amount, key = first.amount
    cards = [
        (
            f"{first.share(first.last)}%",
            form["last"].format(year=first.years[-1]) + headline.said_peak(first, text),
        ),
        (amount, form[key].format(year=first.middle_year, unit=money)),
    ]
    if first.present_value is not None:
        span = form["worth"].format(first=first.years[0], last=first.years[-1])
        cards.append((f"{first.worth}%", span))
    return {"sentences": [headline.said(one, text) for one in found], "cards": cards}


__all__ = ["KEY", "figure", "said"]
