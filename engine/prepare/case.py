"""One case as arrays: all that kernels and components are given of a resolved pack."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Recorder, Resolved
from cohorts.pensioners import Ongoing
from engine.kernels.types import Economy, Rules
from engine.kernels.welfare import WelfareFund
from engine.law.old import DatedTables
from engine.prepare import contributions, demography, economy, financing, reconstruction, rules, welfare_fund
from engine.reconstruction import Mechanism

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class Case(NamedTuple):
    """What a projection is made of.

    Attributes
    ----------
    years : int64 (year,)
    past : int
        Years of wage history before the first.
    demography, economy, tables, rules
        As the kernels take them.
    gdp : float64 (year,)
        Pesos of December 1996 a year.
    due : float64 (year,)
        Fraction of each year in which pensions are the State's to pay.
    rates : contributions.Rates
    ongoing : Ongoing
        Pensions in payment at the state's date, in minimum wages of that date, each of which pays ``ongoing_index``.
    ongoing_index : float64 (year,)
        What one of these minimum wages pays in the year, pesos.
    housing_use : str
        How housing funds pay for old-law rights (:func:`engine.prepare.financing.housing_use`).
    replicas : financing.Replicas
    memo_terms : financing.MemoTerms
    mechanism : Mechanism or None
        Where acquired rights and the guarantee are those of the reconstructed mechanism.
    fund : WelfareFund
        What complements pensions of the new law, beside the costs.
    housing_repayment : float64 (year,)
        Part of the housing balances handed over before that is given back in each year.
    anchor : float64 (year,)
        Factor on pensions in payment and acquired rights.
    """

    years: Int
    past: int
    demography: demography.Demography
    economy: Economy
    tables: DatedTables
    rules: Rules
    gdp: Float
    due: Float
    rates: contributions.Rates
    ongoing: Ongoing
    ongoing_index: Float
    housing_use: str
    replicas: financing.Replicas
    memo_terms: financing.MemoTerms
    mechanism: Mechanism | None
    fund: WelfareFund
    housing_repayment: Float
    anchor: Float


def build(resolved: Resolved) -> Case:
    """Everything of one resolved pack.

    Raises
    ------
    AssumptionError
        If values contradict one another, or contributors fall faster than decrements allow.
    """
    return _built(lambda field: resolved)


def reads(resolved: Resolved) -> dict[str, tuple[str, ...]]:
    """Names of the values that are read for each field of :class:`Case`, sorted."""
    recorders = {field: Recorder(resolved) for field in Case._fields}
    _built(recorders.__getitem__)
    return {field: tuple(sorted(recorder.reads)) for field, recorder in recorders.items()}


def _built(pack: Callable[[str], Resolved]) -> Case:
    """A case, each field of it from the pack that is there for it."""
    years = economy.projected_years(pack("years"))
    past = rules.history_years(pack("past"))
    people = demography.build(pack("demography"), years, past)
    demography.refuse_shortage(pack("demography"), years, people.heads)
    paths = economy.build(pack("economy"), years, past, people.payments.total.shape[4])
    return Case(
        years=years,
        past=past,
        demography=people,
        economy=paths,
        tables=rules.dated_tables(pack("tables"), years),
        rules=rules.rules(pack("rules"), years, past),
        gdp=economy.gdp(pack("gdp"), years),
        due=economy.pensions_due(pack("due"), paths.in_force),
        rates=contributions.rates(pack("rates"), years),
        ongoing=demography.ongoing(pack("ongoing"), paths, past, years.size),
        ongoing_index=economy.ongoing_index(pack("ongoing_index"), paths, past, years.size),
        housing_use=financing.housing_use(pack("housing_use")),
        replicas=financing.replicas(pack("replicas"), years, paths.fund_return.size),
        memo_terms=financing.memo_terms(pack("memo_terms"), years),
        mechanism=reconstruction.mechanism(pack("mechanism"), years),
        fund=welfare_fund.welfare_fund(pack("fund"), years),
        housing_repayment=pack("housing_repayment").path("financing.infonavit_repayment", years),
        anchor=financing.anchor(pack("anchor"), years),
    )


__all__ = ["Case", "build", "reads"]
