"""A thin front for notebooks and scripts: `import annexv`.

>>> import annexv
>>> run = annexv.project("3B", sets={"economy.gdp_growth": 0.03})
>>> run.annexv.total.sel(scenario="3B", basis="statutory", year=1997).attrs["units_label"]
'percent of GDP'

Every function is that of the package behind it; importing this costs nothing, what is behind is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import xarray as xr

    from assumptions import Pack
    from engine.compare_runs import Waterfall
    from engine.explain import Explanation
    from engine.what_if import WhatIf
    from engine.worker.calculator import Study

__all__ = [
    "balance",
    "compare",
    "explain",
    "infonavit_share",
    "load",
    "project",
    "project_many",
    "read",
    "report",
    "sweep",
    "what_if",
    "worker",
]


def __dir__() -> list[str]:
    return __all__


def load(
    scenario: str | None = None,
    overlays: Sequence[str | Path] = (),
    sets: Mapping[str, Any] | None = None,
    levers: str | Sequence[str] = (),
) -> Pack:
    """Assumptions of a scenario (3B by default), with overlays, single values and levers (``"commission=1% from 2008"``).

    Raises
    ------
    assumptions.AssumptionError
        With everything found wrong.
    """
    import assumptions

    pack = assumptions.load(scenario or assumptions.main_scenario(), overlays=overlays, sets=sets)
    if not levers:
        return pack
    from assumptions import levers as moving

    return moving.over(pack, levers, pack.basis_names)


def project(
    scenario: str | Pack | None = None,
    basis: str = "statutory",
    *,
    overlays: Sequence[str | Path] = (),
    sets: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """Project one scenario on one basis: 3B, statutory, by default.

    Parameters
    ----------
    scenario : str or assumptions.Pack
        A code, or assumptions as :func:`load` gives them.
    basis : str
        ``statutory``, ``published`` or ``reconstructed``.
    overlays, sets
        As of :func:`load`.

    Returns
    -------
    xarray.Dataset
        Its accessor ``annexv`` says what it is, converts money, plots and saves.
    """
    return project_many([_pack(scenario, overlays, sets)], (basis,))


def project_many(
    scenarios: Sequence[str | Pack] | None = None,
    bases: Sequence[str] = ("statutory", "published"),
    *,
    overlays: Sequence[str | Path] = (),
    sets: Mapping[str, Any] | None = None,
    workers: int | None = None,
) -> xr.Dataset:
    """Project scenarios on bases: all eight on both by default."""
    import assumptions
    import engine
    from engine.outputs import accessor  # noqa: F401 (registers dataset.annexv)

    chosen = assumptions.scenario_codes() if scenarios is None else scenarios
    return engine.project_many([_pack(one, overlays, sets) for one in chosen], bases, workers=workers)


def sweep(
    design: Mapping[str, Any] | str | Path, scenario: str | Pack | None = None, **options: Any
) -> xr.Dataset:
    """Project many cases that differ in some assumptions; options are those of :func:`engine.sweep`.

    The design is a SWEEP.toml or the same as nested dicts; scenarios are those it names, or the given one.
    """
    import engine

    return engine.sweep(None if scenario is None else _pack(scenario, (), None), design, **options)


def worker(
    wage: str | float | None = None,
    from_age: int | None = None,
    retire_at: int = 65,
    *,
    career: str | Path | None = None,
    scenario: str | Pack | None = None,
    basis: str = "statutory",
    **career_options: Any,
) -> list[Study]:
    """Pensions of single workers under both laws: one from a wage (``"3mw"``), or those of a career file.

    Other options are those of :func:`engine.worker.careers.steady`: ``born``, ``participation``, ``growth``, ``gaps``,
    ``spouse`` and so on; for a file they are columns that it lacks.

    Raises
    ------
    ValueError
        If neither a wage with ``from_age`` nor a file is given, or both are.
    """
    from engine.worker import calculator, careers

    if (career is None) == (wage is None or from_age is None):
        raise ValueError("give either wage and from_age, or career, the path of a file")
    pack = (
        scenario
        if scenario is not None and not isinstance(scenario, str)
        else load(scenario, sets={"worker.computed": True})
    )
    resolved = pack.resolve(basis)
    if career is not None:
        found = careers.read(career, resolved, career_options)
    else:
        assert from_age is not None
        pesos = careers.parse_wage(str(wage), resolved)
        found = [careers.steady(resolved, pesos, from_age, retire_at, **career_options)]
    return [calculator.study(one, resolved) for one in found]


def explain(
    run: xr.Dataset | str | Path,
    component: str,
    year: int,
    *,
    scenario: str | None = None,
    basis: str | None = None,
    **cell: Any,
) -> Explanation:
    """Where a number of a run comes from; ``cohort``, ``sex`` and ``wage`` go down to one cell."""
    from engine import explain as explaining

    dataset = _dataset(run)
    return explaining.explain(
        dataset,
        scenario or str(dataset.scenario.values.ravel()[0]),
        basis or str(dataset.basis.values.ravel()[0]),
        component,
        year,
        **cell,
    )


def compare(a: xr.Dataset | str | Path, b: xr.Dataset | str | Path) -> list[Waterfall]:
    """What differs between two runs, and what each difference does; one record a case that both have."""
    from engine import compare_runs
    from engine.outputs import inputs

    old, new = inputs.runnable_pair(_dataset(a), _dataset(b), ())
    return [compare_runs.waterfall(old[x], new[y]) for x, y in compare_runs.pairs(old, new)]


def what_if(
    levers: str | Sequence[str] = (),
    against: str | None = None,
    *,
    overlays: Sequence[str | Path] = (),
    basis: str = "statutory",
    sets: Mapping[str, Any] | None = None,
) -> WhatIf:
    """What a reform costs, against what, and who pays: levers as ``"commission=1% from 2008"``, overlays, or both.

    The base is a scenario (3B by default), or one with overlays, as ``"3B+reform_december_2020"``.
    """
    import assumptions
    from engine import what_if as asking

    base = against or assumptions.main_scenario()
    return asking.what_if(levers, base, overlays=overlays, basis=basis, sets=sets)


def report(
    run: xr.Dataset | str | Path,
    path: str | Path,
    *,
    lang: Literal["en", "es"] = "en",
    overwrite: bool = False,
) -> Path:
    """Write a page with figures, tables, assumptions and sources of a run, or of a selection of one."""
    from engine.outputs import report as pages

    return pages.write(_dataset(run), path, language=lang, overwrite=overwrite)


def balance(
    scenario: str | Pack = "0B", date_year: int | None = None, *, sets: Mapping[str, Any] | None = None
) -> xr.Dataset:
    """Actuarial balance and implicit pension debt at 31 December of a year; statutory basis."""
    from engine.outputs import balance as balances

    pack = (
        scenario
        if not isinstance(scenario, str)
        else load(scenario, sets={"balance.computed": True, **(sets or {})})
    )
    return balances.balance(pack.resolve("statutory"), date_year)


def infonavit_share(
    real_return: float,
    wage: float | None = None,
    growth: float | None = None,
    years: int | None = None,
    age: int | None = None,
    table: Sequence[float] | None = None,
    months: float | None = None,
    *,
    contribution: float | None = None,
) -> float:
    """What INFONAVIT leaves to the State of one worker's pension in the logic of the annex, as it was reconstructed.

    Parameters
    ----------
    real_return : float
        Real return on INFONAVIT a year, before and after the award.
    wage : float, optional
        Wage of the first year in minimum wages.
    growth : float, optional
        Real growth of the wage a year.
    years, age : int, optional
        Years of contributions; age at the award.
    table : sequence of float, optional
        Probabilities of death within a year from ``age`` on; EMSSA-97, men.
    months : float, optional
        Monthly pensions paid in a year.
    contribution : float, optional
        To INFONAVIT, of the wage.

    Returns
    -------
    float
        Of a pension of one minimum wage; what is not given is as on the basis ``reconstructed``.

    Examples
    --------
    >>> import annexv
    >>> [round(annexv.infonavit_share(r), 3) for r in (0.035, 0.02, 0.015, 0.0)]
    [0.256, 0.505, 0.568, 0.711]
    """
    from engine.prepare.reconstruction import share_at

    changed = {
        "wage": wage, "growth": growth, "years": years, "age": age, "months": months, "contribution": contribution,
    }  # fmt: skip
    return share_at(load("1B").resolve("reconstructed"), real_return, table, **changed)


def read(path: str | Path) -> xr.Dataset:
    """A run, a selection of one, or a sweep, from its file."""
    from engine.outputs import accessor, export  # noqa: F401 (registers dataset.annexv)

    return export.read(path)


def _pack(
    scenario: str | Pack | None, overlays: Sequence[str | Path], sets: Mapping[str, Any] | None
) -> Pack:
    from assumptions import Pack

    if not isinstance(scenario, Pack):
        return load(scenario, overlays, sets)
    if overlays or sets:
        raise ValueError("overlays and sets belong to load(...); this pack is loaded already")
    return scenario


def _dataset(run: xr.Dataset | str | Path) -> xr.Dataset:
    return read(run) if isinstance(run, str | Path) else run
