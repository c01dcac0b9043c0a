"""The fit: what was fitted, what print tells of it, and how far it moves with what the fit leaves to choose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from assumptions import load
from engine.calibrate import BASIS, plan
from engine.studies.annex_v import fits
from engine.studies.annex_v.reproduction.markdown import number as said
from engine.studies.annex_v.reproduction.markdown import table
from engine.studies.annex_v.reproduction.results import SHOWN_YEARS, Reproduction
from engine.studies.annex_v.series import ACQUIRED, STATUTORY, Float

# Who is older than this at the reform reaches 60 by 2030: the only ages that print tells of.
_SEEN_FROM: Final = 27
# Ages of which the fit has few.
_DIP: Final = (28, 34)
_MILLION: Final = 1e6


class _Target(NamedTuple):
    largest: float
    rms: float


class _People(NamedTuple):
    """Contributors of 1996 on a basis: how many, and their shares by age."""

    number: float
    ages: Float
    share: Float

    def between(self, first: int, last: int) -> float:
        """Millions of persons of these ages, both included."""
        return float(self.share[(self.ages >= first) & (self.ages <= last)].sum()) * self.number / _MILLION


@cache
def _people(basis: str) -> _People:
    resolved = load("3B").resolve(basis)
    shares = resolved.table("population.active_age_shares")
    ages = np.asarray(shares.coords["age"])
    return _People(resolved.number("population.active_1996"), ages, shares.values.sum(axis=0))


def _penalty() -> str:
    """The penalty of the committed fit, as the studies name their cases."""
    return f"{plan.read().settings.penalty:g}"


def _target(found: Reproduction, column: str) -> _Target:
    """What is asked of a column of 3B."""
    (item,) = (item for item in found.comparisons if (item.scenario, item.column) == ("3B", column))
    if item.tolerance_largest is None or item.tolerance_rms is None:
        raise RuntimeError(f"column {column} of 3B has no target")
    return _Target(item.tolerance_largest, item.tolerance_rms)


def fit(found: Reproduction) -> list[str]:
    """The section on the fit."""
    return [*_how(found), *_parameters(found), *_ages(), *_profile(found)]


def _how(found: Reproduction) -> list[str]:
    seen, get, penalty = found.identification, found.studies.get, _penalty()
    columns = ", ".join(c.column for c in plan.read().columns)
    ends, begins, hazard_errors = (
        [f.value for f in found.studies.figures if (f.study, f.quantity) == key]
        for key in (
            (fits.STARTS, "objective"),
            (fits.STARTS, "objective before"),
            (fits.HAZARDS, "standard error"),
        )
    )
    return [
        "## The fit",
        "",
        f"`annexv calibrate` fits {seen.parameters} numbers to seven columns of 3B ({columns}), by least squares on differences over their"
        f" targets, from {len(ends)} starts (the committed values, a cold start, random departures). Objectives of"
        f" {min(begins):.3g} to {max(begins):.1e} end between {min(ends):.2f} and {max(ends):.2f}, with figures that differ by at most"
        f" {get(fits.STARTS, 'all', 'apart'):.4f}: one place. Past service and the share of men are held, and so are the hazards of"
        f" retirement (0.3 at 60-64, 0.5 at 65-69): freed age by age as well, they bring the RMS of 3B from"
        f" {get(fits.SMOOTHING, penalty, 'rms', ACQUIRED):.4f} to {get(fits.HAZARDS, fits.HAZARDS, 'rms', ACQUIRED):.4f} at the price of"
        f" {len(hazard_errors)} numbers of which print tells none: the smallest standard error is {min(hazard_errors):.1f}, of a probability.",
        "",
    ]


def _parameters(found: Reproduction) -> list[str]:
    seen = found.identification
    rows = [
        (
            f"`{one.title}`",
            said(one.value),
            said(one.lower),
            said(one.upper),
            f"{100 * one.error:.0f}%" if one.in_logs else said(float(f"{one.error:.2g}")),
        )
        for one in found.parameters
    ]
    unseen = [
        f"* {', '.join(f'{part:+.2f} `{title}`' for title, part in direction.parts)}: one step moves the figures by"
        f" {direction.moves:.1g} of their targets"
        for direction in seen.unseen
    ]
    pairs = [f"* `{one}` and `{two}`: {value:+.2f}" for one, two, value in seen.correlations]
    return [
        *table(("parameter", "value", "from", "to", "standard error"), rows),
        f"The standard error is that of independent errors of the size of the RMS targets, with the penalty in force. Print identifies"
        f" {seen.seen:.1f} of the {seen.parameters} numbers; the condition number is {seen.condition:.2g}, with the penalty"
        f" {seen.condition_with_penalty:.2g}. No parameter rests at a bound.",
        "",
        "**Not identified** (a step worth noticing that print does not see):",
        "",
        *(unseen or ["* nothing"]),
        "",
        "Errors that go together:",
        "",
        *(pairs or ["* none beyond 0.9"]),
        "",
    ]


def _ages() -> list[str]:
    people, law = _people(BASIS), _people(STATUTORY)
    older = people.number * float(people.share[people.ages >= _SEEN_FROM].sum())
    number = people.number
    return [
        f"The ages are effective, not those of IMSS. Who is {_SEEN_FROM} and more at the reform reaches 60 by 2030; the fit puts"
        f" {older / _MILLION:.1f} million there, against {law.number / _MILLION:.1f} million whom IMSS insured in all. The remaining"
        f" {(number - older) / _MILLION:.1f} million, {100 * (number - older) / number:.0f}%, are what the printed quota needs beyond them; print"
        " says nothing of their ages, which are level.",
        "",
    ]


def _profile(found: Reproduction) -> list[str]:
    one, get = fits.PROFILE, found.studies.get
    of_age = sum(parameter.title.startswith(fits.AGES) for parameter in found.parameters)
    few, law_few = (_people(basis).between(*_DIP) for basis in (BASIS, STATUTORY))
    rights, retired = _target(found, ACQUIRED), _target(found, "c1")
    own = get(one, one, "rms", ACQUIRED) / rights.rms
    missed = [
        case
        for case in found.studies.cases(fits.SMOOTHING)
        if get(fits.SMOOTHING, case, "largest", "c1") > retired.largest
        or get(fits.SMOOTHING, case, "rms", ACQUIRED) > rights.rms
    ]
    return [
        "### Free ages or a smooth profile",
        "",
        "![Ages of contributors: statutory, free, two parameters](figures/reproduction_ages.png)",
        "",
        *table(
            ("ages", "parameters of age", "3B largest", "3B RMS", "c1 largest", "c1 RMS"),
            [
                (
                    f"free at knots, penalty {_penalty()}",
                    str(of_age),
                    *_accuracy(found, fits.SMOOTHING, _penalty()),
                ),
                ("smooth profile (log-quadratic)", "2", *_accuracy(found, one, one)),
                ("target", "", *(f"{value:.4f}" for value in (*rights, *retired))),
            ],
        ),
        f"The smooth profile (log density {get(one, one, fits.AGES + '[slope]'):+.3f} u {get(one, one, fits.AGES + '[bend]'):+.3f} u², u in decades"
        f" from 43) gives ages that look like a workforce, and misses: its RMS is {own:.1f} times what is asked for. The free knots are chosen"
        f" because the targets ask for them, with as few knots as meet them: print needs few persons of {_DIP[0]}-{_DIP[1]} ({few:.1f} million; {law_few:.1f}"
        " million on the statutory basis), who would retire from 2022 on, when the printed cost falls. That dip is a property of the tables, not"
        " a statement on IMSS's members; the statutory basis does not use it. The smoothing is a compromise: of the penalties below"
        f" {_listed(missed)} miss a target, and lighter ones than the chosen gain at most a thousandth.",
        "",
    ]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if names else "none"


def _accuracy(found: Reproduction, study: str, case: str) -> tuple[str, ...]:
    return tuple(
        f"{found.studies.get(study, case, quantity, column):.4f}"
        for column in (ACQUIRED, "c1")
        for quantity in ("largest", "rms")
    )


def smoothing(found: Reproduction) -> list[str]:
    """The section on series A: how far it moves with the penalty."""
    chosen = _penalty()
    rows = []
    spread: dict[int, list[float]] = {year: [] for year in SHOWN_YEARS}
    for case in found.studies.cases(fits.SMOOTHING):
        years, a = found.studies.series(fits.SMOOTHING, case, "acquired rights 3A")
        _, b = found.studies.series(fits.SMOOTHING, case, "acquired rights 3B")
        at = [int(np.flatnonzero(years == year)[0]) for year in SHOWN_YEARS]
        for year, place in zip(SHOWN_YEARS, at, strict=True):
            spread[year].append(float(a[place]))
        rows.append(
            (
                f"**{case}**" if case == chosen else case,
                f"{float(case) * _target(found, ACQUIRED).rms ** 2:.2g}",
                *_accuracy(found, fits.SMOOTHING, case),
                *(f"{a[place]:.3f}" for place in at),
                f"{a[at[0]] / b[at[0]]:.3f} to {a[at[-1]] / b[at[-1]]:.3f}",
            )
        )
    widest = max(max(v) - min(v) for v in spread.values())
    one = fits.PROFILE
    years, a = found.studies.series(one, one, "acquired rights 3A")
    base = found.studies.series(fits.SMOOTHING, chosen, "acquired rights 3A")[1]
    return [
        "## Series A and the smoothing",
        "",
        "Acquired rights of series A are held out: the same parameters, with the inflation and minimum wages of series A. The penalty is the"
        " one thing the fit of B leaves to choose, so this is how far A moves with it.",
        "",
        "![Acquired rights of 3A and 3B for every penalty](figures/reproduction_smoothing.png)",
        "",
        *table(
            (
                "penalty",
                "in pp²",
                "3B largest",
                "3B RMS",
                "c1 largest",
                "c1 RMS",
                *(f"3A {y}" for y in SHOWN_YEARS),
                "A/B 1997 to 2030",
            ),
            rows,
        ),
        f"Over these penalties 3A moves by at most {widest:.3f}; with the two-parameter profile it moves by up to"
        f" {float(np.abs(a - base).max()):.3f}. What 3A becomes is decided by the mechanism (pensions of one minimum wage, indexed to it), not"
        " by the smoothing.",
        "",
    ]


__all__ = ["fit", "smoothing"]
