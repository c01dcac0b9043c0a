"""What is believed: every value of the model, with unit, status and source.

>>> import assumptions
>>> assumptions.load("3B").resolve("statutory").number("contributions.density")
0.83

Imports nothing of the other packages. The printed tables are read by `assumptions.published`, which is not
imported here: a projection must not see the answers it is compared with.
"""

from assumptions.audit import register, show
from assumptions.epochs import by_epoch
from assumptions.model import AssumptionError, Fault, Parameter, Source, Table
from assumptions.observed import prices as observed_prices
from assumptions.recorder import Read, Recorder
from assumptions.resolved import Resolved
from assumptions.scenarios import Difference, Pack, check, diff, load, parse_set, resolve_all
from assumptions.timeline import DatedPath
from assumptions.tree import (
    all_scenario_codes,
    basis_names,
    main_scenario,
    overlay_headers,
    overlay_names,
    scenario_codes,
)

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
    "by_epoch",
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
