"""What the report shows, as plain data: rows of tables and the numbers of the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import diff
from engine.outputs import compare, export, peaks, provenance
from engine.outputs.digits import decimals, shown
from engine.outputs.tables import REPLICA, TOTAL, chosen_years
from engine.outputs.words import parts
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

_DIGITS: Final = 6
_MILLION: Final = 1e6
_THOUSAND_MILLION: Final = 1e9
_BIRTHS: Final = 5
_ROUNDING: Final = 1e-12  # percent of GDP: less is the rounding of a difference
_PERCENT: Final = 100.0


def plain(values: Float, scale: float = 1.0) -> list[float | None]:
    """Numbers for a figure, to six significant digits; None where one is missing."""
    return [float(f"{value / scale:.{_DIGITS}g}") if np.isfinite(value) else None for value in values]


def figures(dataset: xr.Dataset, text: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of all figures, by basis and scenario."""
    scenarios = [str(code) for code in dataset.scenario.values]
    bases = [str(name) for name in dataset.basis.values]
    births = _birth_groups(dataset.birth_year.values)
    out: dict[str, Any] = {
        "text": text,
        "years": dataset.year.values.tolist(),
        "scenarios": scenarios,
        "bases": bases,
        "parts": {code: parts(code) for code in scenarios},
        "series": series(dataset, text),
        "births": [[first, last] for first, last, _ in births],
        "printed": printed(dataset),
    }
    for name in ("cost", "types", "cohorts", "wages", "state", "assets", "heads", "method"):
        out[name] = {basis: {} for basis in bases}
    for basis in bases:
        for code in scenarios:
            one = dataset.sel(basis=basis, scenario=code)
            for name, found in _case(one, births).items():
                out[name][basis][code] = found
    return out


def _birth_groups(births: NDArray[np.int64]) -> list[tuple[int, int, NDArray[np.bool_]]]:
    """Groups of five birth years: first, last and their rows."""
    start = births // _BIRTHS * _BIRTHS
    return [
        (int(births[start == first].min()), int(births[start == first].max()), start == first)
        for first in np.unique(start)
    ]


def _case(one: xr.Dataset, births: Sequence[tuple[int, int, NDArray[np.bool_]]]) -> dict[str, Any]:
    def by(name: str, dimension: str, scale: float = 1.0) -> dict[str, list[float | None]]:
        labels = [str(label) for label in one[dimension].values]
        rows = one[name].transpose(dimension, "year").values
        found = zip(labels, rows, strict=True)
        return {label: plain(row, scale) for label, row in found if np.isfinite(row).any()}

    cohort = one.acquired_rights_by_cohort.transpose("birth_year", "year").values
    wage = one.acquired_rights_by_wage.transpose("wage_group", "year").values
    methods = dict(zip(map(str, one.component.values), map(str, one.method.values), strict=True))
    state = one.fiscal_cost.sel(component="state_contributions").values
    quota = percent_of_gdp(one.contributions.sel(fund="social_quota").values, one.gdp.values)
    return {
        "cost": by("fiscal_cost", "component") | {TOTAL: plain(one.fiscal_cost_total.values)},
        "types": by("acquired_rights_by_type", "pension_type"),
        "cohorts": [plain(cohort[rows].sum(axis=0)) for _, _, rows in births],
        "wages": [plain(row) for row in wage if np.isfinite(row).any()],
        "state": {
            "social_quota": plain(quota),
            "proportional": plain(np.where(np.abs(state - quota) < _ROUNDING, 0.0, state - quota)),
            TOTAL: plain(state),
        },
        "assets": by("account_assets", "fund", _THOUSAND_MILLION),
        "heads": by("pensioners", "pensioner_group", _MILLION)
        | {"contributors": plain(one.contributors.values, _MILLION)},
        "method": methods | {TOTAL: REPLICA if REPLICA in methods.values() else ""},
    }


def series(dataset: xr.Dataset, text: Mapping[str, Any]) -> list[dict[str, str]]:
    """Series of inflation among the scenarios, lowest inflation first, named by their long-run rate."""
    inputs = export.resolved_inputs(dataset)
    last = int(dataset.year.values[-1])
    rate: dict[str, float] = {}
    for (_, code), resolved in inputs.items():
        rate.setdefault(parts(code)[1], float(resolved.path("economy.inflation", [last])[0]))
    percents = {letter: _PERCENT * value for letter, value in rate.items()}
    return [
        {
            "code": letter,
            "name": text["series_name"].format(letter=letter, rate=f"{value:.3g}%", year=last),
        }
        for letter, value in sorted(percents.items(), key=lambda item: item[1])
    ]


def printed(dataset: xr.Dataset) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Printed totals and components of the projected scenarios and years."""
    out: dict[str, dict[str, dict[str, list[float]]]] = {}
    for cell in compare.cells(dataset, str(dataset.basis.values[0])):
        if cell.table == compare.TOTAL_TABLE:
            column = out.setdefault(cell.scenario, {}).setdefault(cell.column, {"years": [], "values": []})
            column["years"].append(cell.year)
            column["values"].append(cell.printed)
    return out


def summary(
    dataset: xr.Dataset, text: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], tuple[int, ...], bool]:
    """Total cost by scenario in chosen years, one table a basis; the years; and whether any total holds a replica."""
    projected = dataset.year.values.tolist()
    highest = {
        (basis, code): peaks.peak(
            projected, dataset.fiscal_cost_total.sel(basis=basis, scenario=code).values.tolist()
        )
        for basis in map(str, dataset.basis.values)
        for code in map(str, dataset.scenario.values)
    }
    years = chosen_years(projected)
    marked = False
    tables = []
    for basis in map(str, dataset.basis.values):
        rows = []
        for code in map(str, dataset.scenario.values):
            one = dataset.sel(basis=basis, scenario=code)
            replica = REPLICA in one.method.values
            marked = marked or replica
            total = one.fiscal_cost_total
            places = decimals(total.values, 3)
            rows.append(
                {
                    "name": f"{code}{' *' if replica else ''}",
                    "shown": [shown(total.sel(year=year), places) for year in years],
                    "peak": peaks.said(highest[basis, code], text),
                }
            )
        names, said = text["basis_names"], text["basis_said"]
        label = f"{text['basis']} {names.get(basis, basis)}"
        tables.append({"basis": label, "said": said.get(basis, ""), "rows": rows})
    return tables, years, marked


def between_bases(dataset: xr.Dataset, text: Mapping[str, Any]) -> str:
    """In what the bases of a run differ, read from their assumptions, and whether they divide by the same GDP."""
    inputs = export.resolved_inputs(dataset)
    bases = [str(name) for name in dataset.basis.values]
    codes = [str(code) for code in dataset.scenario.values]
    names = {
        item.name
        for code in codes
        for other in bases[1:]
        for item in diff(inputs[bases[0], code], inputs[other, code])
        # What is a documented constant without use on either basis makes no difference.
        if any(inputs[basis, code].live(item.name)[0] for basis in (bases[0], other))
    }
    words = text["between_bases"]
    found = dict.fromkeys(words["area"].get(name.partition(".")[0], name) for name in sorted(names))
    same = bool((dataset.gdp == dataset.gdp.isel(basis=0)).all())
    said: str = words["areas"].format(areas=", ".join(found)) if found else words["none"]
    return f"{said} {words['same_gdp' if same else 'other_gdp']}"


def definitions(dataset: xr.Dataset, text: Mapping[str, Any]) -> dict[str, Any]:
    """What distinguishes the scenarios, read from their assumptions on the first basis."""
    inputs = export.resolved_inputs(dataset)
    basis = str(dataset.basis.values[0])
    first, last = int(dataset.year.values[0]), int(dataset.year.values[-1])
    words = text["table"]
    paths = (
        ("infonavit_return", "funds.infonavit_return", first),
        ("infonavit_return", "funds.infonavit_return", last),
        ("rcv_return", "funds.rcv_return", last),
        ("inflation", "economy.inflation", last),
    )
    rows = []
    for code in map(str, dataset.scenario.values):
        resolved = inputs[basis, code]
        flag = text["yes"] if resolved.flag("financing.infonavit_surrendered") else text["no"]
        rates = [f"{float(resolved.path(name, [year])[0]):.1%}" for _, name, year in paths]
        rows.append([code, flag, *rates])
    head = [
        text["scenario"],
        words["infonavit_surrendered"],
        *(words[key].format(year=year) for key, _, year in paths),
    ]
    return {"head": head, "rows": rows}


def differences(dataset: xr.Dataset, text: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Distance from the printed tables, one table a basis."""
    tables = []
    for basis in map(str, dataset.basis.values):
        rows = []
        for item in compare.compare(dataset, basis):
            kind = text["pension_type"] if item.table == compare.TYPE_TABLE else text["component"]
            label = text["total"] if item.label == TOTAL else kind.get(item.label, item.label)
            if item.table == compare.TYPE_TABLE:
                label = f"{text['component']['acquired_rights']}: {label}"
            rows.append(
                {
                    "scenario": item.scenario,
                    "column": f"{label}{' *' if item.method == REPLICA else ''}",
                    "largest": f"{item.largest:.4f}",
                    "year": item.year,
                    "rms": f"{item.rms:.4f}",
                    "within": f"{item.within_rounding}/{item.cells}",
                    "target": "" if item.tolerance_largest is None else f"{item.tolerance_largest:.4f}",
                    "met": "" if item.passed is None else text["yes"] if item.passed else text["no"],
                    "broken": item.passed is False,
                }
            )
        name = text["basis_names"].get(basis, basis)
        tables.append({"basis": f"{text['basis']} {name}", "rows": rows})
    return tables


def assumptions(
    dataset: xr.Dataset, text: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Every value with its source, and the register of sources."""
    inputs = export.resolved_inputs(dataset)
    scenarios = {basis: {code for b, code in inputs if b == basis} for basis, _ in inputs}
    bases = list(scenarios)
    found: dict[tuple[Any, ...], list[str]] = {}
    for row in export.assumed(inputs):
        where = text["all"] if set(row.scenarios) == scenarios[row.basis] else ", ".join(row.scenarios)
        value = f"{row.value:.10g}" if isinstance(row.value, float) else str(row.value)
        place = "; ".join(part for part in (row.locator, row.note) if part)
        key = (row.name, where, value, row.unit, row.status, row.source, row.title, place)
        found.setdefault(key, []).append(row.basis)
    names = text["basis_names"]
    rows = []
    for (name, where, value, unit, status, source, title, place), of in sorted(found.items()):
        basis = text["all"] if len(of) == len(bases) else ", ".join(names.get(item, item) for item in of)
        rows.append(
            {
                "name": name, "basis": basis, "scenarios": where, "value": value, "unit": unit, "status": status,
                "source": source, "title": title, "place": place,
            }
        )  # fmt: skip
    register: dict[str, str] = {}
    for resolved in inputs.values():
        for identity_, item in resolved.sources.items():
            said = (item.author, str(item.year or ""), item.title, item.publisher, item.url)
            register[identity_] = ". ".join(part for part in said if part)
    used = {row["source"] for row in rows}
    return rows, sorted(pair for pair in register.items() if pair[0] in used)


IDENTITY: Final = (
    "run_id", "source", "date_created", "history", "assumptions_sha256", "code_sha256", "notices", "tables_read",
    "references", "comment", "license",
)  # fmt: skip


def identity(dataset: xr.Dataset) -> dict[str, str]:
    """What identifies the run; one that is in no file was made now."""
    found = {key: str(dataset.attrs.get(key, "")) for key in IDENTITY}
    return {**found, "date_created": found["date_created"] or provenance.timestamp()}


__all__ = [
    "assumptions",
    "between_bases",
    "definitions",
    "differences",
    "figures",
    "identity",
    "plain",
    "printed",
    "series",
    "summary",
]
