"""The page of the reproduction, from its parts."""

from __future__ import annotations

from engine.studies.annex_v.reproduction import against_print, bases, fit, five, mechanism, mechanisms
from engine.studies.annex_v.reproduction.markdown import table
from engine.studies.annex_v.reproduction.results import Reproduction


def page(found: Reproduction) -> str:
    """The page as Markdown."""
    parts = (
        mechanism.opening,
        five.five,
        mechanism.apart,
        mechanism.functions,
        mechanism.alternatives,
        mechanism.readings,
        mechanism.unexplained,
        _what_is_what,
        against_print.errors,
        against_print.by_year,
        fit.fit,
        fit.smoothing,
        mechanisms.alternatives,
        bases.statutory,
        bases.steps,
        _again,
    )
    return "\n".join(line for part in parts for line in part(found)).rstrip() + "\n"


def _what_is_what(found: Reproduction) -> list[str]:
    rows = [
        (
            "acquired rights 3B, its types c1, c2, c3",
            "structural, **in sample**",
            "one minimum wage for every old-law pension, RCV balance first; ages, backlog, widows, disability fitted",
        ),
        ("c4, c5 of 3B", "**replica**, in sample", "constants times c2 and c3"),
        (
            "acquired rights 1B, 2B, 4B",
            "**replica**",
            "constants (2B: a path of 25 values) times 3B; no rule with balances of persons gives them (below)",
        ),
        ("State contributions, all", "structural, **in sample**", "social quota of effective contributors"),
        (
            "pensions in payment, B",
            "structural, **in sample**",
            "closed group: level, ages and mortality fitted by hand",
        ),
        (
            "pensions in payment, A",
            "structural, not fitted",
            "the same group at the minimum wage of December 1996 of series A",
        ),
        ("MPG of new workers", "**replica**", "ten printed values of 1B; factors for A and for scenario 4"),
        (
            "acquired rights 1A-4A",
            "**held out**",
            "never fitted; projected with the same parameters and the economics of series A (finding 4)",
        ),
    ]
    return [
        "## The published basis",
        "",
        "About fifty numbers reproduce series B; where no mechanism of cohorts does, constants do.",
        "",
        *table(("cells", "method", "how"), rows, left=3),
        "Structural: a mechanism of the model produces the column. Replica: constants stand in for a mechanism of cohorts that nobody found. In sample: the"
        " column was fitted, so its small error shows that the mechanism *can* give it, not that it is right. The variable `method` of every"
        " result file marks the cells.",
        "",
    ]


def _again(found: Reproduction) -> list[str]:
    return [
        "## Again",
        "",
        "<!-- not run: fits for minutes and writes into docs/ -->",
        "```sh",
        "annexv validate                      # compare; status 1 when a target is missed",
        "annexv validate --long               # also State contributions to 2069",
        "annexv validate --report docs        # this page, the register of discrepancies, data and figures",
        "annexv validate --basis reconstructed",
        "annexv calibrate --basis reconstructed",
        "annexv calibrate --out fit.toml      # fit again; a person commits the proposal",
        "annexv validate --overlay fit.toml   # what the proposal would give",
        "```",
    ]


__all__ = ["page"]
