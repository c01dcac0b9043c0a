"""Other mechanisms for scenarios 1, 2 and 4, and why each fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.calibrate import BASIS
from engine.studies.annex_v import fits
from engine.studies.annex_v.reproduction.markdown import table
from engine.studies.annex_v.reproduction.results import STEP_YEARS, Reproduction
from engine.studies.annex_v.series import ACQUIRED, Float

REPLICA_SCENARIOS: Final = ("1B", "2B", "4B")


def alternatives(found: Reproduction) -> list[str]:
    """The section on other mechanisms."""
    get = found.studies.get
    refits = [
        (
            item.title,
            *(
                f"{get(fits.REFIT, item.key, 'largest', code):.3f} / {get(fits.REFIT, item.key, 'rms', code):.3f}"
                for code in fits.REFITTED
            ),
        )
        for item in fits.ALTERNATIVES
    ]
    best = min(
        max(get(fits.REFIT, item.key, "rms", code) for code in fits.REFITTED) for item in fits.ALTERNATIVES
    )
    header = (
        "mechanism",
        *(x for code in REPLICA_SCENARIOS for x in (f"{code} error", f"{code} over print 3B")),
        "3B error",
    )
    return [
        "### Scenarios 1, 2 and 4 by cohorts",
        "",
        "Six mechanisms of cohorts, each a switch on the published basis with the committed ages: largest / RMS difference from print, and the ratio"
        f" to printed 3B in {', '.join(map(str, STEP_YEARS))}. A constant factor is what one model career gives (above); over a population it spreads.",
        "",
        *table(header, _rows(found)),
        "With ages and backlog fitted anew to 1B, 3B and 4B together, largest / RMS difference:",
        "",
        *table(("mechanism", *fits.REFITTED), refits),
        f"The best of them leaves an RMS of {best:.2f}, against 0.005 asked for: ages cannot mend the mechanism.",
        "",
    ]


def _rows(found: Reproduction) -> list[tuple[str, ...]]:
    """Print, the constants of the replica and every mechanism: error and ratio to printed 3B by scenario."""
    tables = found.register.tables
    base = tables.cost("3B", ACQUIRED)
    places = [year - int(tables.years[0]) for year in STEP_YEARS]
    printed = {code: tables.cost(code, ACQUIRED) for code in REPLICA_SCENARIOS}
    constants = {code: found.register.runs.percent(BASIS, code, ACQUIRED) for code in REPLICA_SCENARIOS}
    own = {item.scenario: item for item in found.comparisons if item.column == ACQUIRED}

    def ratios(cost: Mapping[str, Float]) -> dict[str, Sequence[float]]:
        return {code: (cost[code] / base)[places].tolist() for code in REPLICA_SCENARIOS}

    errors = {
        code: _error(float(np.abs(constants[code] - printed[code]).max()), own[code].rms)
        for code in REPLICA_SCENARIOS
    }
    rows = [
        _row("**print**", dict.fromkeys(REPLICA_SCENARIOS, ""), ratios(printed), ""),
        _row(
            "constants times 3B (replica)",
            errors,
            ratios(constants),
            _error(own["3B"].largest, own["3B"].rms),
        ),
    ]
    for item in found.alternatives:
        errors = {code: _error(item.largest[code], item.rms[code]) for code in item.largest}
        rows.append(_row(item.title, errors, item.ratio, errors["3B"]))
    return rows


def _row(
    title: str, errors: Mapping[str, str], ratios: Mapping[str, Sequence[float]], last: str
) -> tuple[str, ...]:
    cells = []
    for code in REPLICA_SCENARIOS:
        cells += [errors[code], " ".join(f"{v:.2f}" for v in ratios[code])]
    return (title, *cells, last)


def _error(largest: float, rms: float) -> str:
    return f"{largest:.3f} / {rms:.3f}"


__all__ = ["alternatives"]
