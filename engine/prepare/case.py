"""One case as arrays: all that kernels and components are given of a resolved pack."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.pensioners import Ongoing
from engine.kernels.types import Economy, Rules
from engine.law.old import OldLawTables
from engine.prepare import contributions, demography, economy, financing, rules

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
        Pensions in payment at the state's date, in minimum wages.
    ongoing_index : float64 (year,)
        What one of these minimum wages pays in the year, pesos.
    housing_use : str
        How housing funds pay for old-law rights (:func:`engine.prepare.financing.housing_use`).
    replicas : financing.Replicas
    memo_terms : financing.MemoTerms
    """

    years: Int
    past: int
    demography: demography.Demography
    economy: Economy
    tables: OldLawTables
    rules: Rules
    gdp: Float
    due: Float
    rates: contributions.Rates
    ongoing: Ongoing
    ongoing_index: Float
    housing_use: str
    replicas: financing.Replicas
    memo_terms: financing.MemoTerms


def build(resolved: Resolved) -> Case:
    """Everything of one resolved pack.

    Raises
    ------
    AssumptionError
        If values contradict one another, or contributors fall faster than decrements allow.
    """
    years = economy.projected_years(resolved)
    past = rules.history_years(resolved)
    people = demography.build(resolved, years, past)
    demography.refuse_shortage(resolved, years, people.heads)
    paths = economy.build(resolved, years, past, people.payments.total.shape[3])
    return Case(
        years=years,
        past=past,
        demography=people,
        economy=paths,
        tables=rules.old_law_tables(resolved),
        rules=rules.rules(resolved, years, past),
        gdp=economy.gdp(resolved, years),
        due=economy.pensions_due(resolved, paths.in_force),
        rates=contributions.rates(resolved, years),
        ongoing=demography.ongoing(resolved, years.size),
        ongoing_index=economy.ongoing_index(resolved, paths, past, years.size),
        housing_use=financing.housing_use(resolved),
        replicas=financing.replicas(resolved, years, paths.fund_return.size),
        memo_terms=financing.memo_terms(resolved, years),
    )


__all__ = ["Case", "build"]
