"""THE table of output variables: names, dimensions, types, units and what each one is.

All metadata of datasets and files comes from here and is stamped when a dataset is made. ``units`` parse in UDUNITS;
``units_label`` is what a person reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import xarray as xr

FORMAT: Final = "annexv-projection"
FORMAT_VERSION: Final = 1

PERCENT: Final = ("percent", "percent of GDP")
MONEY: Final = ("1", "MXN")
PEOPLE: Final = ("count", "persons")
SHARE: Final = ("1", "fraction")
YEARS: Final = ("1", "years")
NONE: Final = ("1", "")
TEXT: Final = ("", "")
PRICE_BASE_YEAR: Final = 1996
PRICE_BASE: Final = f"December {PRICE_BASE_YEAR}"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable or coordinate.

    Attributes
    ----------
    name : str
        At most 32 characters.
    dims : tuple of str
    dtype : str
        ``float64``, ``int64`` or ``str``.
    units, units_label : str
        UDUNITS spelling (empty for text) and the unit as a person reads it.
    long_name, description : str
        Description says what counts, when, and NaN's meaning where there is any.
    source : str
        Where the definition comes from.
    """

    name: str
    dims: tuple[str, ...]
    dtype: str
    units: str
    units_label: str
    long_name: str
    description: str
    source: str

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes as stamped on the variable."""
        found = {"long_name": self.long_name}
        if self.units:
            found["units"] = self.units
        if self.units_label:
            found["units_label"] = self.units_label
        if self.units_label == MONEY[1]:
            found["price_basis"] = PRICE_BASE
        found["comment"] = self.description
        found["source"] = self.source
        coordinate = self.dims == (self.name,)
        found["coverage_content_type"] = "coordinate" if coordinate else "modelResult"
        return found


def _variable(
    name: str,
    dims: str,
    unit: tuple[str, str],
    long_name: str,
    description: str,
    source: str,
    dtype: str = "float64",
) -> Variable:
    return Variable(name, ("basis", "scenario", *dims.split()), dtype, *unit, long_name, description, source)


def _coordinate(
    name: str,
    dtype: str,
    unit: tuple[str, str],
    long_name: str,
    description: str,
    source: str,
) -> Variable:
    return Variable(name, (name,), dtype, *unit, long_name, description, source)


_ANNEX = "World Bank report P-7018-ME (1996), Annex V"
_LAW_1973 = "Social Security Law of 1973"
_LAW_1995 = "Social Security Law of 1995"
_METHODS = "docs/methods.md"

_COORDINATES = (
    _coordinate(
        "basis",
        "str",
        TEXT,
        "basis of the projection",
        "statutory: the law and the facts as they stand; published: the reading that reproduces the printed tables;"
        " reconstructed: the mechanism inferred from them",
        _METHODS,
    ),
    _coordinate(
        "scenario",
        "str",
        TEXT,
        "scenario",
        "Number: rule and return of the housing fund (INFONAVIT); letter: B low inflation, A high inflation",
        _ANNEX,
    ),
    _coordinate(
        "component",
        "str",
        TEXT,
        "component of the fiscal cost",
        "Rights of transition workers, pensions in payment at the reform, contributions of the State, and the minimum"
        " pension guarantee of workers who first contribute under the new law; they add up to the total",
        _ANNEX,
    ),
    _coordinate(
        "pension_type",
        "str",
        TEXT,
        "type of pension",
        "Survivors of pensioners are counted under death, of occupational risk under occupational_death",
        _LAW_1973,
    ),
    _coordinate(
        "fund",
        "str",
        TEXT,
        "destination of contributions",
        "The accounts retirement, ceav (severance and old age), social_quota and infonavit, the commission of the"
        " administrators, iv (disability and life) and pensioners_health",
        _LAW_1995,
    ),
    _coordinate("payer", "str", TEXT, "who pays contributions", "Employer, worker and State", _LAW_1995),
    _coordinate(
        "cause",
        "str",
        TEXT,
        "cause of leaving active membership",
        "The five types of pension and leaving covered work without one",
        _METHODS,
    ),
    _coordinate(
        "pensioner_group",
        "str",
        TEXT,
        "group of pensioners",
        "In payment at the reform; transition workers under the old and under the new law; workers who first contribute"
        " after the reform",
        _METHODS,
    ),
    _coordinate(
        "memo_item",
        "str",
        TEXT,
        "memo line",
        "Amounts reported beside the four components and never added to them",
        _ANNEX,
    ),
    _coordinate(
        "year",
        "int64",
        ("1", "calendar year"),
        "calendar year",
        "Flows are of the whole year; heads and balances are those of the year as their variable says",
        _METHODS,
    ),
    _coordinate(
        "birth_year",
        "int64",
        ("1", "calendar year"),
        "year of birth",
        "Of the worker from whom the right derives",
        _METHODS,
    ),
    _coordinate(
        "wage_group",
        "int64",
        NONE,
        "wage group",
        "Equally large parts of the distribution of wages within a birth year and sex, the lowest first; individual"
        " wages count in the group whose mean is nearest",
        _METHODS,
    ),
)

_DATA = (
    _variable(
        "fiscal_cost",
        "component year",
        PERCENT,
        "fiscal cost of the reform by component",
        "What the State pays in the year",
        _ANNEX,
    ),
    _variable(
        "fiscal_cost_total",
        "year",
        PERCENT,
        "fiscal cost of the reform",
        "Sum of the components; memo lines are not part of it",
        _ANNEX,
    ),
    _variable(
        "fiscal_cost_mxn",
        "component year",
        MONEY,
        "fiscal cost of the reform by component, in pesos",
        "What the State pays in the year, in constant pesos",
        _ANNEX,
    ),
    _variable(
        "acquired_rights_by_type",
        "pension_type year",
        PERCENT,
        "acquired rights by type of pension",
        "Cost of transition workers; their minimum guarantee under the new law included",
        _ANNEX,
    ),
    _variable(
        "acquired_rights_by_cohort",
        "birth_year year",
        PERCENT,
        "acquired rights by year of birth",
        "Cost of transition workers and their survivors by the worker's year of birth; where the component is a replica,"
        " the shares are those of the projection that it scales",
        _METHODS,
    ),
    _variable(
        "acquired_rights_by_wage",
        "wage_group year",
        PERCENT,
        "acquired rights by wage group",
        "Cost of transition workers and their survivors by the worker's wage; where the component is a replica, the shares"
        " are those of the projection that it scales; missing where a case has fewer groups",
        _METHODS,
    ),
    _variable(
        "mpg_by_type",
        "pension_type year",
        PERCENT,
        "minimum pension guarantee of new workers by type of pension",
        "Cost of those who first contribute under the new law",
        _LAW_1995 + ", Arts. 170-173",
    ),
    _variable(
        "contributions",
        "fund year",
        MONEY,
        "contributions by destination",
        "Net of the commission, which stands by itself; INFONAVIT with the part that repays loans",
        _LAW_1995,
    ),
    _variable(
        "contributions_by_payer",
        "payer year",
        MONEY,
        "contributions by payer",
        "All contributions of the year; they sum to those by destination",
        _LAW_1995,
    ),
    _variable(
        "account_assets",
        "fund year",
        MONEY,
        "balances of individual accounts of contributors",
        "At the end of the year; missing for funds that hold no individual account",
        _METHODS,
    ),
    _variable(
        "contributors",
        "year",
        PEOPLE,
        "contributors",
        "Contributing on a day of the year, after the year's exits and entries: affiliates times their density, or"
        " affiliates where basis.population_counts says so",
        _METHODS,
    ),
    _variable(
        "affiliates",
        "year",
        PEOPLE,
        "affiliates",
        "With an account and rights on the year's average, its entrants included, whether or not they contribute on a day",
        _METHODS,
    ),
    _variable(
        "entrants",
        "year",
        PEOPLE,
        "new affiliates",
        "Workers who contribute for the first time in the year",
        _METHODS,
    ),
    _variable(
        "exits",
        "cause year",
        PEOPLE,
        "exits from active membership by cause",
        "Contributors who leave at the opening of the year",
        _METHODS,
    ),
    _variable(
        "wage_bill",
        "year",
        MONEY,
        "wages on which contributions are due",
        "Contributors times density times wage, before any ceiling",
        _METHODS,
    ),
    _variable(
        "gdp", "year", MONEY, "gross domestic product", "In constant pesos; denominator of all shares", _ANNEX
    ),
    _variable(
        "price_level",
        "year",
        NONE,
        "average price level of the year",
        f"{PRICE_BASE} = 1, as the run assumes inflation; constant pesos times this are the money of the year",
        _ANNEX,
    ),
    _variable(
        "price_level_december",
        "year",
        NONE,
        "price level at the end of the year",
        f"{PRICE_BASE} = 1, as the run assumes inflation; constant pesos times this are pesos of the year's December",
        _ANNEX,
    ),
    _variable(
        "new_awards",
        "pension_type year",
        PEOPLE,
        "pensions awarded",
        "Pensioners, or entitled families for death, under either law",
        _METHODS,
    ),
    _variable(
        "pensioners",
        "pensioner_group year",
        PEOPLE,
        "pensioners",
        "Pensioners and widows in payment in the year",
        _METHODS,
    ),
    _variable(
        "award_service",
        "pension_type year",
        YEARS,
        "mean service of awards",
        "Completed weeks of service of the year's awards over their number, in years; missing where nothing is awarded",
        _METHODS,
    ),
    _variable(
        "old_law_share",
        "pension_type year",
        SHARE,
        "share of transition workers' awards taken under the old law",
        "Missing where nothing is awarded in the year",
        _LAW_1995 + ", 3rd and 11th transitory articles",
    ),
    _variable(
        "memo",
        "memo_item year",
        MONEY,
        "memo lines",
        "Reported beside the components, never added to them",
        _ANNEX,
    ),
    _variable(
        "method",
        "component",
        TEXT,
        "method of the component",
        "structural: computed by a mechanism; replica: constants that reproduce the printed tables;"
        " reconstructed: the mechanism inferred from them",
        _METHODS,
        "str",
    ),
    _variable(
        "acquired_rights_method",
        "pension_type",
        TEXT,
        "method of acquired rights by type of pension",
        "structural: computed by a mechanism; replica: constants that reproduce the printed tables;"
        " reconstructed: the mechanism inferred from them",
        _METHODS,
        "str",
    ),
    _variable(
        "resolved_input",
        "",
        TEXT,
        "resolved assumptions of the case",
        "Every value with unit, status and source, as JSON; the case can be run again from it",
        "assumptions.Resolved.to_json",
        "str",
    ),
)

COORDINATES: Final[Mapping[str, Variable]] = {item.name: item for item in _COORDINATES}
VARIABLES: Final[Mapping[str, Variable]] = {item.name: item for item in _DATA}
ALL: Final[Mapping[str, Variable]] = {**COORDINATES, **VARIABLES}
# Came after 0.1.0; files of that version are read without them.
ADDED: Final = ("price_level", "price_level_december", "affiliates", "award_service")


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not agree with the table."""

    name: str
    message: str = field(default="")

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def summary(dataset: xr.Dataset) -> Mapping[str, tuple[tuple[str, ...], str, Mapping[str, object]]]:
    """What :func:`problems` compares: dimensions, kind of type and attributes by name."""
    kinds = {"U": "s", "O": "s", "T": "s", "S": "s"}
    return {
        str(name): (
            tuple(str(dim) for dim in item.dims),
            kinds.get(item.dtype.kind, item.dtype.kind),
            {str(key): value for key, value in item.attrs.items()},
        )
        for name, item in dataset.variables.items()
    }


def problems(
    found: Mapping[str, tuple[tuple[str, ...], str, Mapping[str, object]]],
    table: Mapping[str, Variable] = ALL,
    *,
    partial: bool = False,
) -> list[Problem]:
    """Differences between a dataset and the table.

    Parameters
    ----------
    found : dict
        Name of each variable and coordinate -> dimensions, kind of type (``f``, ``i`` or ``s``) and attributes.
    table : dict
        Variables and coordinates that are expected; those of a projection by default.
    partial : bool
        Whether variables may be missing, as in a selection of a run.

    Returns
    -------
    list of Problem
        Empty when names, dimensions, types and units agree.
    """
    out = [Problem(name, "is missing") for name in table if not (partial or name in found or name in ADDED)]
    out += [Problem(name, "is not in the table of variables") for name in found if name not in table]
    for name, (dims, kind, attributes) in found.items():
        expected = table.get(name)
        if expected is None:
            continue
        if dims != expected.dims:
            out.append(Problem(name, f"has dimensions {dims}; {expected.dims} are expected"))
        if kind != expected.dtype[0]:
            out.append(Problem(name, f"has another type than {expected.dtype}"))
        for key, value in expected.attributes.items():
            if key in ("units", "units_label", "price_basis") and attributes.get(key) != value:
                out.append(Problem(name, f"{key} is {attributes.get(key)!r}; {value!r} is expected"))
    return out


__all__ = [
    "ADDED",
    "ALL",
    "COORDINATES",
    "FORMAT",
    "FORMAT_VERSION",
    "VARIABLES",
    "Problem",
    "Variable",
    "problems",
    "summary",
]
