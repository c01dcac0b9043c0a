"""The closed list of units: what a number means, between which bounds it can be right, and its CF spelling.

The bounds are plausibility limits that catch a percent typed for a fraction or a slipped decimal point; a
parameter may narrow them with its own ``bounds``. They are no assumptions of the model. A random process knows
no such limits: it is held to what is possible, growth to more than -1 for example.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: bounds are inclusive; `cf` must parse in UDUNITS; `label` is what a person reads.

    A random process must stay above `above`, which is not allowed itself.
    """

    name: str
    label: str
    cf: str
    low: float
    high: float
    hint: str = ""
    above: float = float("-inf")


_LIST = (
    Unit("fraction", "fraction (0 to 1)", "1", 0.0, 1.0, "write 0.83 for 83%"),
    Unit("fraction_of_wage", "fraction of base wage", "1", 0.0, 1.0, "write 0.02 for 2%"),
    Unit("fraction_of_balance", "fraction of the balance a year", "year-1", 0.0, 1.0, "write 0.01 for 1%"),
    Unit("fraction_of_gdp", "fraction of GDP", "1", 0.0, 1.0, "write 0.0039 for 0.39%"),
    Unit("signed_fraction", "fraction (-1 to 1)", "1", -1.0, 1.0, "write 0.02 for 2%"),
    Unit("growth_per_year", "fraction a year", "year-1", -0.5, 0.5, "write 0.035 for 3.5%", above=-1.0),
    Unit(
        "price_growth_per_year",
        "fraction a year, December to December",
        "year-1",
        -0.2,
        2.0,
        "write 0.22 for 22%",
        above=-1.0,
    ),
    Unit("probability_per_year", "probability a year", "year-1", 0.0, 1.0, "write 0.0025 for 2.5 per 1,000"),
    Unit("decay_per_year", "exponential decay a year", "year-1", 0.0, 5.0),
    Unit("ratio", "ratio", "1", 0.0, 1000.0),
    Unit("mw", "minimum wages (Federal District)", "1", 0.0, 1000.0),
    Unit("mxn_per_day", "MXN of December 1996 a day", "day-1", 0.0, 1.0e4),
    Unit("mxn", "MXN of December 1996", "1", 0.0, 1.0e15),
    Unit("mxn_per_usd", "MXN per US dollar", "1", 0.001, 1.0e4),
    Unit("usd", "US dollars", "1", 0.0, 1.0e14),
    Unit("persons", "persons", "count", 0.0, 1.0e9),
    Unit("persons_per_person", "persons per person", "1", 0.0, 20.0),
    Unit("groups", "number of groups", "count", 1.0, 1000.0),
    Unit("years", "years", "year", -100.0, 120.0),
    Unit("years_per_year", "years per year of age", "1", 0.0, 1.0),
    Unit("age", "age in years", "year", 0.0, 120.0),
    Unit("calendar_year", "calendar year", "1", 1900.0, 2300.0),
    Unit("weeks", "weeks", "week", 0.0, 5000.0),
    Unit("weeks_per_year", "weeks per year", "1", 50.0, 54.0),
    Unit("days", "days", "day", 0.0, 366.0),
    Unit("days_per_year", "days per year", "1", 360.0, 366.0),
    Unit("months", "months of pension", "1", 0.0, 12.0),
    Unit("none", "no unit", "1", 0.0, 0.0),
)
UNITS: dict[str, Unit] = {unit.name: unit for unit in _LIST}
