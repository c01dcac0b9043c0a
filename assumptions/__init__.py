"""What is believed: every value of the model, with unit, status and source.

>>> import assumptions
>>> assumptions.load("3B").resolve("statutory").number("contributions.density")
0.83

Imports nothing of the other packages. The printed tables are read by `assumptions.published`, which is not
imported here: a projection must not see the answers it is compared with.
"""

from assumptions.audit import register, show
from assumptions.model import AssumptionError, Fault, Parameter, Source, Table
from assumptions.observed import prices as observed_prices
from assumptions.recorder import Read, Recorder
from assumptions.resolved import Resolved
from assumptions.scenarios import (
    Difference,
    Pack,
    all_scenario_codes,
    basis_names,
    check,
    diff,
    load,
    main_scenario,
    overlay_headers,
    overlay_names,
    parse_set,
    resolve_all,
    scenario_codes,
)
from assumptions.timeline import DatedPath

__all__ = [
    "AssumptionError",
    "DatedPath",
    "Difference",
    "Fault",
    "Pack",
    "Parameter",
    "Read",
    "Recorder",
    "Resolved",
    "Source",
    "Table",
    "all_scenario_codes",
    "basis_names",
    "check",
    "diff",
    "load",
    "main_scenario",
    "observed_prices",
    "overlay_headers",
    "overlay_names",
    "parse_set",
    "register",
    "resolve_all",
    "scenario_codes",
    "show",
]
