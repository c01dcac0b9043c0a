"""Plain arrays become one labelled dataset: the only place where percent of GDP are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Pack, Resolved, all_scenario_codes, basis_names, resolve_all
from cohorts.careers import wage_groups
from cohorts.members import with_totals
from engine import notices
from engine.labels import CAUSES, labels
from engine.outputs import money, provenance, schema
from engine.projection import (
    ACCOUNTS,
    ACQUIRED_RIGHTS,
    COMPONENTS,
    FUNDS,
    CaseResult,
)
from engine.runs import run_cases
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]
Int = NDArray[np.int64]

# Results that a dataset holds as a projected case has them.
AS_THEY_ARE: Final = (
    "contributions",
    "contributions_by_payer",
    "affiliates",
    "contributors",
    "entrants",
    "exits",
    "wage_bill",
    "new_awards",
    "pensioners",
    "award_service",
    "old_law_share",
    "memo",
)


def resolve(packs: Iterable[Pack], bases: Sequence[str]) -> list[Resolved]:
    """Resolve every pack on every basis, basis by basis.

    With one basis, a value that a user has set and that has no effect there is refused; with several it is left out where
    it has none and kept where it has, with a line in ``notices``.

    Raises
    ------
    AssumptionError
        With the faults of all packs.
    """
    found: dict[tuple[str, int], Resolved] = {}
    faults: list[Fault] = []
    chosen = tuple(dict.fromkeys(bases))
    listed = list(packs)
    for number, pack in enumerate(listed):
        try:
            if len(chosen) == 1:
                found[chosen[0], number] = pack.resolve(chosen[0])
            else:
                for basis, resolved in resolve_all(pack, chosen).items():
                    found[basis, number] = resolved
        except AssumptionError as error:
            faults.extend(error.faults)
    if faults:
        raise AssumptionError(faults)
    return [with_totals(found[basis, number]) for basis in chosen for number in range(len(listed))]


def project_resolved(
    cases: Sequence[Resolved],
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
    embed_tables: bool = False,
    strict: bool = False,
) -> xr.Dataset:
    """Project resolved packs, one for each pair of basis and scenario, into one dataset.

    Parameters
    ----------
    cases : sequence of Resolved
        In any order; every basis must have every scenario once.
    workers : int, optional
        Threads; as many as processors by default. Results do not depend on it.
    on_done : callable, optional
        Called with the number of finished cases.
    embed_tables : bool
        Whether the dataset holds the users' own tables, not only their digests.
    strict : bool
        Whether notices are errors.

    Returns
    -------
    xarray.Dataset
        Variables of :mod:`engine.outputs.schema`; bases and scenarios in their fixed order. The attribute ``notices`` holds
        what is told of values and results that are unlikely to be meant or without effect, one a line.

    Raises
    ------
    AssumptionError
        If cases do not form such a grid, one of them cannot be projected, or ``strict`` and there is a notice.
    """
    ordered = list(_grid(cases).values())
    results = run_cases(ordered, workers=workers, detail=True, on_done=on_done)
    told = [
        *notices.of_tables(ordered),
        *notices.unmoved(ordered, results, workers),
        *notices.of_results(ordered, results),
        *_beyond_print(results),
    ]
    if strict:
        notices.refuse([*dict.fromkeys(notice for case in ordered for notice in case.notices), *told])
    return build(ordered, results, told, embed_tables)


def _ordered(found: Iterable[str], known: Sequence[str]) -> list[str]:
    place = {name: number for number, name in enumerate(known)}
    return sorted(dict.fromkeys(found), key=lambda name: place.get(name, len(place)))


def _grid(cases: Sequence[Resolved]) -> dict[tuple[str, str], Resolved]:
    """Cases by (basis, scenario), in the fixed order of both."""
    if not cases:
        raise AssumptionError(
            [Fault("", "scenario", "no case to project; give at least one scenario and one basis")]
        )
    by_label: dict[tuple[str, str], Resolved] = {}
    faults = []
    for case in cases:
        label = (case.basis, case.scenario)
        price_base = int(case.number("economy.price_base_year"))
        if price_base != schema.PRICE_BASE_YEAR:
            faults.append(
                Fault(
                    case.item("economy.price_base_year").layer,
                    "economy.price_base_year",
                    f"is {price_base}, but this dataset states money in pesos of {schema.PRICE_BASE}; "
                    f"allowed: {schema.PRICE_BASE_YEAR} (annexv balance states the prices of other years)",
                )
            )
        if label in by_label:
            faults.append(
                Fault(
                    "",
                    case.scenario,
                    f"is given twice on the {case.basis} basis; a dataset holds each scenario once",
                )
            )
        by_label[label] = case
    known = all_scenario_codes()
    default_first = [*(code for code in known if not code.startswith("0")), *known]
    bases = _ordered((basis for basis, _ in by_label), basis_names())
    scenarios = _ordered((scenario for _, scenario in by_label), list(dict.fromkeys(default_first)))
    faults += [
        Fault("", scenario, f"is missing on the {basis} basis; give every scenario on every basis")
        for basis in bases
        for scenario in scenarios
        if (basis, scenario) not in by_label
    ]
    if faults:
        raise AssumptionError(faults)
    return {(basis, scenario): by_label[basis, scenario] for basis in bases for scenario in scenarios}


def build(
    cases: Sequence[Resolved],
    results: Sequence[CaseResult],
    told: Sequence[str] = (),
    embed_tables: bool = False,
) -> xr.Dataset:
    """Label the results of a full grid of cases.

    Parameters
    ----------
    cases : sequence of Resolved
        Basis by basis, each with the same scenarios in the same order.
    results : sequence of CaseResult
        One for each case, projected with detail.
    told : sequence of str
        Notices beside those of the cases.
    embed_tables : bool

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    AssumptionError
        If cases cover different years, or a result is not a finite number.
    """
    bases = list(dict.fromkeys(case.basis for case in cases))
    scenarios = list(dict.fromkeys(case.scenario for case in cases))
    shape = (len(bases), len(scenarios))
    years = results[0].years
    _check(cases, results)

    gdp = np.stack([result.gdp for result in results])
    cost = np.stack([result.cost for result in results])
    births = _birth_years(results)
    groups = [wage_groups(case) for case in cases]
    most = max(group.size for group in groups)
    cohort = np.empty((len(results), births.size, years.size))
    wage = np.empty((len(results), most, years.size))
    for n, result in enumerate(results):
        scaled = rights_by_level(result)
        cohort[n] = _by_birth(result, scaled, births)
        wage[n] = _by_wage(result, scaled, groups[n], most)
    assets = np.full((len(results), len(FUNDS), years.size), np.nan)
    assets[:, [FUNDS.index(account) for account in ACCOUNTS]] = np.stack(
        [result.assets for result in results]
    )

    def percent(values: Float) -> Float:
        return percent_of_gdp(values, gdp if values.ndim == gdp.ndim else gdp[:, None, :])

    share = percent(cost)
    total = share[:, 0].copy()
    for n in range(1, len(COMPONENTS)):
        total += share[:, n]
    data: dict[str, NDArray[Any]] = {
        "fiscal_cost": share,
        "fiscal_cost_total": total,
        "fiscal_cost_mxn": cost,
        "acquired_rights_by_type": percent(np.stack([result.acquired_by_type for result in results])),
        "acquired_rights_by_cohort": percent(cohort),
        "acquired_rights_by_wage": percent(wage),
        "mpg_by_type": percent(np.stack([result.mpg_by_type for result in results])),
        "account_assets": assets,
        "gdp": gdp,
        "method": np.array([result.method for result in results]),
        "acquired_rights_method": np.array([result.method_by_type for result in results]),
        "resolved_input": np.array(provenance.inputs_as_text(cases, embed_tables), dtype=object),
    }
    for name in AS_THEY_ARE:
        data[name] = np.stack([getattr(result, name) for result in results])
    levels = [money.levels(case, years) for case in cases]
    data["price_level"], data["price_level_december"] = (
        np.stack(level) for level in zip(*levels, strict=True)
    )

    coordinates: dict[str, NDArray[Any]] = {
        "basis": np.array(bases),
        "scenario": np.array(scenarios),
        **{name: np.array(found) for name, found in labels().items()},
        "year": years.astype(np.int64),
        "birth_year": births,
        "wage_group": np.arange(1, most + 1, dtype=np.int64),
    }
    listed = dict.fromkeys(notice for case in cases for notice in case.notices)
    listed.update(dict.fromkeys(told))
    return xr.Dataset(
        {
            name: xr.Variable(item.dims, data[name].reshape(shape + data[name].shape[1:]), item.attributes)
            for name, item in schema.VARIABLES.items()
        },
        {
            name: xr.Variable(item.dims, coordinates[name], item.attributes)
            for name, item in schema.COORDINATES.items()
        },
        provenance.run_attributes(cases, [int(year) for year in years], list(listed))
        | tables_attribute(cases)
        | anchor_attribute(cases),
    )


def tables_attribute(cases: Sequence[Resolved]) -> dict[str, str]:
    """Control totals of the tables of persons that cases read, as an attribute of their results; nothing without any."""
    found = notices.tables_read(cases)
    return {"tables_read": "\n".join(found)} if found else {}


def anchor_attribute(cases: Sequence[Resolved]) -> dict[str, str]:
    """Cases whose old-law pensions are raised to a year that was observed, as an attribute; nothing without."""
    found = [
        f"{case.scenario}, {case.basis}: pensions in payment and acquired rights x {case.number('outlook.anchor'):.6g} from"
        f" {case.number('outlook.anchor_from'):.0f} on (outlook.anchor)"
        for case in cases
        if case.number("outlook.anchor") != 1.0
    ]
    return {"anchor": "\n".join(found)} if found else {}


def _beyond_print(results: Sequence[CaseResult]) -> list[str]:
    last = int(results[0].years[-1])
    until = min(result.replica_until for result in results)
    if until == last:
        return []
    return [
        f"replica cells after {until} hold the last constant that a printed value stands behind; "
        "they are no projection and no print"
    ]


def _check(cases: Sequence[Resolved], results: Sequence[CaseResult]) -> None:
    faults = []
    first = results[0].years
    for case, result in zip(cases, results, strict=True):
        where = f"{case.scenario}, {case.basis}"
        if not np.array_equal(result.years, first):
            said = f"covers {result.years[0]}-{result.years[-1]}, other cases {first[0]}-{first[-1]}"
            faults.append(
                Fault(
                    "", "reform.first_year, reform.last_year", f"{where}: {said}; one dataset has one horizon"
                )
            )
        if not (result.gdp > 0.0).all():
            faults.append(Fault("", "economy.gdp_1997", f"{where}: GDP is not above 0 in every year"))
        elif not (np.isfinite(result.cost).all() and np.isfinite(result.gdp).all()):
            year = int(result.years[~np.isfinite(result.cost).all(axis=0) | ~np.isfinite(result.gdp)][0])
            faults.append(
                Fault(
                    "",
                    where,
                    f"costs of {year} exceed every finite number; look for extreme growth or returns",
                )
            )
    if faults:
        raise AssumptionError(faults)


def rights_by_level(result: CaseResult) -> Float:
    """Acquired rights by level, scaled so that every year sums to the component, float64 (level, year)."""
    if result.by_level.shape[0] == 0:
        return np.zeros((0, result.years.size))
    total = result.by_level.sum(axis=0)
    wanted = result.cost[ACQUIRED_RIGHTS]
    factor: Float = np.divide(wanted, total, out=np.zeros_like(total), where=total != 0.0)
    return result.by_level * factor


def _birth_years(results: Sequence[CaseResult]) -> Int:
    """All birth years from the oldest group to the youngest that costs anything in any case."""
    found = [result.level_birth for result in results if result.level_birth.size]
    if not found:
        return results[0].years[:1].astype(np.int64)
    costly = [
        result.level_birth[result.by_level.any(axis=1)] for result in results if result.by_level.shape[0]
    ]
    costly = [births for births in costly if births.size] or found
    first = min(int(births.min()) for births in found)
    return np.arange(first, max(int(births.max()) for births in costly) + 1, dtype=np.int64)


def _by_birth(result: CaseResult, scaled: Float, births: Int) -> Float:
    out = np.zeros((births.size, result.years.size))
    if scaled.shape[0]:
        kept = result.level_birth <= births[-1]
        np.add.at(out, result.level_birth[kept] - births[0], scaled[kept])
    return out


def _by_wage(result: CaseResult, scaled: Float, groups: Float, most: int) -> Float:
    """Sum over levels of the nearest wage group; NaN beyond the groups of the case."""
    out = np.full((most, result.years.size), np.nan)
    out[: groups.size] = 0.0
    if scaled.shape[0] == 0:
        return out
    nearest = np.searchsorted(0.5 * (groups[1:] + groups[:-1]), result.level_wage)
    np.add.at(out, nearest, scaled)
    return out


__all__ = ["CAUSES", "build", "labels", "project_resolved", "resolve", "rights_by_level"]
