"""The table of variables of a hindcast's file."""

from __future__ import annotations

from typing import Final

from engine.outputs.schema import NONE, PEOPLE, TEXT, Variable

FORMAT: Final = "annexv-hindcast"
PERCENT: Final = ("percent", "percent of GDP")
CURRENT: Final = ("1", "million current pesos")
CONSTANT: Final = ("1", "million pesos of December 1996")
_METHODS: Final = "docs/hindcast.md"
_SEEN: Final = "assumptions/data/observed; sources and confidence of each number stand there"


def _variable(
    name: str,
    dims: str,
    unit: tuple[str, str],
    long_name: str,
    description: str,
    source: str = _METHODS,
    dtype: str = "float64",
) -> Variable:
    return Variable(name, tuple(dims.split()), dtype, *unit, long_name, description, source)


def _coordinate(name: str, dtype: str, unit: tuple[str, str], long_name: str, description: str) -> Variable:
    return _variable(name, name, unit, long_name, description, dtype=dtype)


_ADD = "Cumulative: each step is told what the steps before it are."
COORDINATES: Final = {
    item.name: item
    for item in (
        _coordinate(
            "line",
            "str",
            TEXT,
            "line of spending",
            "As the budget has it; no state_disability_life was observed.",
        ),
        _coordinate("step", "str", TEXT, "what the projection has been told", _ADD),
        _coordinate("year", "int64", NONE, "calendar year", "Flows are of the year, balances of its end."),
        _coordinate("printed_component", "str", TEXT, "component of the printed table", "total last"),
        _coordinate("pensioner_group", "str", TEXT, "group of pensioners", "As in a projection."),
        _coordinate("pension_type", "str", TEXT, "type of pension", "As in a projection."),
        _coordinate("account", "str", TEXT, "account", "As in a projection."),
        _coordinate(
            "candidate",
            "str",
            TEXT,
            "assumption nobody observed",
            "A name of an assumption.",
        ),
        _coordinate("end", "str", TEXT, "end of the candidate's range", "low, high"),
    )
}
VARIABLES: Final = {
    item.name: item
    for item in (
        _variable(
            "modelled",
            "line step year",
            CURRENT,
            "modelled spending",
            "Pesos of December 1996 carried by the observed INPC, of every step: a step shows what it does beyond prices.",
        ),
        _variable(
            "modelled_pesos_1996",
            "line step year",
            CONSTANT,
            "modelled spending, constant pesos",
            "As projected.",
        ),
        _variable(
            "modelled_percent",
            "line step year",
            PERCENT,
            "modelled spending, share of GDP",
            "Of the GDP of the step.",
        ),
        _variable(
            "attribution",
            "line step year",
            CURRENT,
            "what each step does, free of the order",
            "Shapley values of the steps between the first and the last, which are NaN; law_2004 is what it adds last.",
        ),
        _variable(
            "attribution_error",
            "line step year",
            CURRENT,
            "standard error of the attribution",
            "Of the orders drawn.",
        ),
        _variable(
            "attribution_percent",
            "line step year",
            PERCENT,
            "what each step does to the share of GDP, free of the order",
            "As attribution, for modelled_percent.",
        ),
        _variable(
            "observed",
            "line year",
            CURRENT,
            "observed spending",
            "Exercised; NaN where nothing was observed.",
            _SEEN,
        ),
        _variable(
            "observed_pesos_1996",
            "line year",
            CONSTANT,
            "observed spending, constant pesos",
            "By the INPC of the year's average.",
            _SEEN,
        ),
        _variable(
            "observed_percent",
            "line year",
            PERCENT,
            "observed spending, share of GDP",
            "GDP of base 2018, to 2023.",
            _SEEN,
        ),
        _variable(
            "observed_confidence",
            "line year",
            TEXT,
            "confidence of the observation",
            "A official or two that agree, B one good source, C partial; empty where nothing was observed.",
            _SEEN,
            "str",
        ),
        _variable(
            "residual",
            "line year",
            CURRENT,
            "observed less modelled with all that was observed",
            "What nothing here explains; NaN where nothing was observed.",
        ),
        _variable(
            "printed",
            "printed_component year",
            PERCENT,
            "what the annex printed",
            "Of the annex's own GDP; NaN where it prints nothing.",
            "World Bank report P-7018-ME (1996), Annex V",
        ),
        _variable("gdp", "step year", CONSTANT, "GDP", "Of the step, in money of consumer prices."),
        _variable("gdp_observed", "year", CURRENT, "GDP, base 2018", "To 2023; NaN after.", _SEEN),
        _variable("contributors", "step year", PEOPLE, "contributors", "Of the step."),
        _variable(
            "contributors_observed",
            "year",
            PEOPLE,
            "insured workers with a base wage",
            "Mean of two Decembers; of 1997 its own.",
            _SEEN,
        ),
        _variable(
            "wage_bill", "step year", CURRENT, "wages contributed on, before ceilings", "Carried as modelled."
        ),
        _variable(
            "wage_bill_observed",
            "year",
            CURRENT,
            "base wages",
            "Mean of the bills of two Decembers; of 1997 its own.",
            _SEEN,
        ),
        _variable("pensioners", "step pensioner_group year", PEOPLE, "pensioners", "As in a projection."),
        _variable("awards", "step pension_type year", PEOPLE, "new awards", "As in a projection."),
        _variable(
            "account_assets",
            "step account year",
            CURRENT,
            "balances",
            "At the end of the year, carried as modelled.",
        ),
        _variable(
            "rcv_observed",
            "year",
            CURRENT,
            "balances of retirement, severance and old age",
            "IMSS, in December.",
            _SEEN,
        ),
        _variable(
            "housing_observed", "year", CURRENT, "balances of housing", "All workers, in December.", _SEEN
        ),
        _variable(
            "candidate_moved",
            "candidate end line year",
            CONSTANT,
            "what a line would gain with an assumption at an end of its range",
            "Change of the last step without law_2004; sizes, not estimates.",
        ),
    )
}
ALL: Final = {**COORDINATES, **VARIABLES}

__all__ = ["ALL", "COORDINATES", "FORMAT", "VARIABLES"]
