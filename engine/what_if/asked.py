"""What does this reform cost, against what, and who pays?

A base and a reform: the change by year, what of it is due to which lever, whose pensions it falls on, what workers gain.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Pack, Resolved, levers, load
from assumptions.levers import Statement
from cohorts.axes import SEXES
from engine import attribution, compare_runs
from engine.balance.worth import worth
from engine.compare_runs import LINES, Change, Holders
from engine.labels import COMPONENTS
from engine.outputs import headline
from engine.outputs.tables import TOTAL
from engine.projection import run_case
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]
Int = NDArray[np.int64]

PLUS: Final = "+"
"""Between a scenario and the overlays of a base, as in `3B+reform_december_2020`."""
OTHER: Final = "other"
_THOUSAND_MILLION: Final = 1e9
_PERCENT: Final = 100.0


@dataclass(frozen=True)
class Part:
    """What one lever, or one kind of its values, does.

    Attributes
    ----------
    statement : Statement or None
        None for what overlays change.
    kind : str
        ``law``, ``behaviour``, ``economy``, or ``other`` for overlays.
    names : tuple of str
    effect, error : float64 (line, year)
        Percentage points of GDP, and their standard error where orders were drawn.
    worth : float
        Present value of the total, percent of GDP of the first year.
    """

    statement: Statement | None
    kind: str
    names: tuple[str, ...]
    effect: Float
    error: Float
    worth: float


@dataclass(frozen=True)
class Gain:
    """What workers gain: received less paid under the reform, over their wages, in percent of them.

    Attributes
    ----------
    birth_year : int64 (birth,)
    value : float64 (birth, sex, wage)
    """

    birth_year: Int
    value: Float


@dataclass(frozen=True)
class WhatIf:
    """A reform beside its base.

    Attributes
    ----------
    against : str
        The base as it was asked for.
    statements : tuple of Statement
    overlays : tuple of str
    base, reform : Resolved
    years : int64 (year,)
    old, new : float64 (line, year)
        Percent of GDP.
    old_money, new_money : float64 (line, year)
        Thousand million pesos of December 1996.
    worth_old, worth_new : float64 (line,)
        Present values over the horizon at the base's return on funds, percent of the base's GDP of the first year.
    parts : list of Part
        The largest first; they add up to the change and depend on no order.
    orders : int
        Orders that were drawn; 0 where every combination was projected.
    holders : list of Holders
        Acquired rights by birth year, sex and wage.
    holder_worth : list of float64 (label,)
        Present values of the change by label, as of ``holders``.
    gain : Gain or None
        None where no reform is enacted.
    """

    against: str
    statements: tuple[Statement, ...]
    overlays: tuple[str, ...]
    base: Resolved
    reform: Resolved
    years: Int
    old: Float
    new: Float
    old_money: Float
    new_money: Float
    worth_old: Float
    worth_new: Float
    parts: list[Part]
    orders: int
    holders: list[Holders]
    holder_worth: list[Float]
    gain: Gain | None

    @property
    def change(self) -> Float:
        """Percentage points of GDP, float64 (line, year)."""
        difference: Float = self.new - self.old
        return difference

    @property
    def total(self) -> Float:
        """Change of the total, float64 (year,)."""
        row: Float = self.change[LINES.index(TOTAL)]
        return row

    @property
    def worth(self) -> float:
        """Present value of the change of the total, percent of GDP of the first year."""
        at = LINES.index(TOTAL)
        return float(self.worth_new[at] - self.worth_old[at])

    @property
    def peak(self) -> int:
        """Position of the year in which the change is largest."""
        return int(np.abs(self.total).argmax())

    @property
    def changes(self) -> list[Change]:
        """Values that differ, in words."""
        return compare_runs.changes(self.base, self.reform)

    def arguments(self, program: str = "run") -> str:
        """The command that projects the reform (`run`), or asks the same again (`what-if`)."""
        return command(program, self.against, [one.text for one in self.statements], self.base, self.overlays)

    def __repr__(self) -> str:
        year = int(self.years[self.peak])
        return (
            f"WhatIf {'; '.join(one.text for one in self.statements) or ', '.join(self.overlays)} against {self.against}:"
            f" {self.total[self.peak]:+.4f} points of GDP in {year}, present value {self.worth:+.2f}% of GDP of"
            f" {self.years[0]}"
        )


def command(
    program: str, against: str, texts: Sequence[str], base: Resolved, overlays: Sequence[str] = ()
) -> str:
    """A command line that projects a reform, or asks for it again.

    Parameters
    ----------
    program : str
        ``run`` or ``what-if``.
    against : str
    texts : sequence of str
        Levers.
    base : Resolved
        For the basis and the horizon.
    overlays : sequence of str
    """
    code, *below = against.split(PLUS)
    words = ["annexv", program]
    if program == "run":
        words += ["--scenario", code]
        for name in (*below, *overlays):
            words += ["--overlay", name]
        for text in texts:
            words += ["--lever", text]
    else:
        words += [*texts, "--against", against]
        for name in overlays:
            words += ["--overlay", name]
    words += ["--basis", base.basis]
    last = base.number("reform.last_year")
    return shlex.join([*words, "--to", f"{last:.0f}"] if last != _last_year(code, base.basis) else words)


@lru_cache
def _last_year(code: str, basis: str) -> float:
    """Last projected year of a shipped scenario."""
    return load(code).resolve(basis).number("reform.last_year")


def packs(
    statements: Sequence[Statement],
    against: str,
    overlays: Sequence[str | Path] = (),
    basis: str = "statutory",
    sets: Mapping[str, Any] | None = None,
) -> tuple[Pack, Pack]:
    """The base and the reform.

    Parameters
    ----------
    against : str
        A scenario, or a scenario and overlays, as `3B+reform_december_2020`.
    overlays : sequence of str or Path
        Of the reform, beneath the levers.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    code, *below = against.split(PLUS)
    base = load(code, overlays=below, sets=sets)
    over = load(code, overlays=[*below, *overlays], sets=sets)
    return base, levers.over(over, statements, (basis,)) if statements else over


def what_if(
    texts: str | Iterable[str | Statement] = (),
    against: str = "3B",
    *,
    overlays: Sequence[str | Path] = (),
    basis: str = "statutory",
    sets: Mapping[str, Any] | None = None,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> WhatIf:
    """Ask what a reform costs, and who pays.

    Parameters
    ----------
    texts : str or sequence of str
        Levers, as `commission=1% from 2008`.
    against : str
        The base: a scenario, or a scenario and overlays (`3B+reform_december_2020`).
    overlays : sequence of str or Path
        Overlays that the reform has and the base has not.
    basis : str
    sets : mapping, optional
        Single values of both.
    workers : int, optional
        Threads; as many as processors by default.
    on_done : callable, optional
        Called with the number of finished projections.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    statements = levers.parse(texts)
    if not statements and not overlays:
        said = "nothing is moved; name a lever, as 'commission=1% from 2008', or an overlay"
        raise AssumptionError([Fault("lever", "", said)])
    of_base, of_reform = packs(statements, against, overlays, basis, sets)
    return of(
        of_base.resolve(basis),
        of_reform.resolve(basis),
        statements,
        against,
        tuple(map(str, overlays)),
        workers=workers,
        on_done=on_done,
    )


def of(
    base: Resolved,
    reform: Resolved,
    statements: Sequence[Statement],
    against: str,
    overlays: tuple[str, ...] = (),
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> WhatIf:
    """The same of two resolved cases."""
    years = compare_runs.common_years(base, reform)
    old, new = run_case(base), run_case(reform)
    shares = [_lines(percent_of_gdp(side.cost, side.gdp)) for side in (old, new)]
    money = [_lines(side.cost) for side in (old, new)]
    factors = headline.discounts(base, tuple(years.tolist()))
    first = float(old.gdp[0])
    parts, orders = _parts(base, reform, statements, factors / first, workers, on_done)
    holders = compare_runs.holders(base, reform, years)
    flows = [(group.new * new.gdp - group.old * old.gdp) * factors / first for group in holders]
    return WhatIf(
        against=against,
        statements=tuple(statements),
        overlays=overlays,
        base=base,
        reform=reform,
        years=years,
        old=shares[0],
        new=shares[1],
        old_money=money[0] / _THOUSAND_MILLION,
        new_money=money[1] / _THOUSAND_MILLION,
        worth_old=_present(money[0], factors, first),
        worth_new=_present(money[1], factors, first),
        parts=parts,
        orders=orders,
        holders=holders,
        holder_worth=[flow.sum(axis=1) for flow in flows],
        gain=gained(base, reform),
    )


def _present(values: Float, factors: Float, gdp: float) -> Float:
    """Present values of lines, percent of GDP of the first year, float64 (line,)."""
    return np.array([percent_of_gdp(float(value), gdp) for value in values @ factors])


def _lines(values: Float) -> Float:
    """Components, and their sum in the order in which results add them, float64 (line, year)."""
    total = values[0].copy()
    for n in range(1, len(COMPONENTS)):
        total += values[n]
    return np.concatenate([values, total[None]])


def _shares_and_money(resolved: Resolved) -> Float:
    result = run_case(resolved)
    return np.stack([_lines(percent_of_gdp(result.cost, result.gdp)), _lines(result.cost)])


def _parts(
    base: Resolved,
    reform: Resolved,
    statements: Sequence[Statement],
    weights: Float,
    workers: int | None,
    on_done: Callable[[int], object] | None,
) -> tuple[list[Part], int]:
    """The change by lever and kind of value, whatever the order in which they are moved; ``weights`` discount money."""
    moved = levers.moved(base, statements)
    by_lever = {one.lever.name: one for one in statements}
    groups: dict[tuple[str, str], list[str]] = {}
    for unit in compare_runs.units(base, reform):
        item = next((moved[name] for name in unit if name in moved), None)
        key = (item.lever, item.part) if item is not None else (OTHER, OTHER)
        groups.setdefault(key, []).extend(unit)
    found = attribution.attribute(
        base,
        reform,
        [tuple(names) for names in groups.values()],
        _shares_and_money,
        workers=workers,
        on_done=on_done,
    )
    total = LINES.index(TOTAL)
    parts = []
    for names, effect, error in zip(found.units, found.effects, found.errors, strict=True):
        lever, kind = next(key for key, own in groups.items() if names[0] in own)
        value = float(percent_of_gdp(float(effect[1, total] @ weights), 1.0))
        parts.append(Part(by_lever.get(lever), kind, names, effect[0], error[0], value))
    return sorted(parts, key=lambda part: -float(np.abs(part.effect[total]).max(initial=0.0))), found.orders


def gained(base: Resolved, reform: Resolved) -> Gain | None:
    """What workers gain by the reform; None where one of the two has no new law, or other wage groups."""
    if not (base.flag("reform.enacted") and reform.flag("reform.enacted")):
        return None
    old, new = worth(base), worth(reform)
    if old.received.shape != new.received.shape:
        return None
    net = [side.received[1] - side.paid[1] for side in (old, new)]
    return Gain(old.birth_year, _PERCENT * (net[1] - net[0]) / old.wages)


def kinds(found: WhatIf) -> dict[str, float]:
    """Present value of the change by kind: law, behaviour, economy, other."""
    out: dict[str, float] = {}
    for part in found.parts:
        out[part.kind] = out.get(part.kind, 0.0) + part.worth
    return out


def as_json(found: WhatIf) -> dict[str, Any]:
    """Everything as plain data."""

    def by_line(values: Float) -> dict[str, Any]:
        return dict(zip(LINES, values.tolist(), strict=True))

    return {
        "against": found.against,
        "basis": found.base.basis,
        "levers": [one.text for one in found.statements],
        "overlays": list(found.overlays),
        "units": "percent of GDP",
        "years": found.years.tolist(),
        "cost_base": by_line(found.old),
        "cost_reform": by_line(found.new),
        "money_base": by_line(found.old_money),
        "money_reform": by_line(found.new_money),
        "present_value_base": by_line(found.worth_old),
        "present_value_reform": by_line(found.worth_new),
        "parts": [
            {
                "lever": part.statement.text if part.statement is not None else None,
                "kind": part.kind,
                "names": list(part.names),
                "effect": by_line(part.effect),
                "standard_error": by_line(part.error),
                "present_value": part.worth,
            }
            for part in found.parts
        ],
        "orders_drawn": found.orders,
        "acquired_rights_by": [
            {
                "kind": group.kind,
                "labels": group.labels,
                "change": (group.new - group.old).tolist(),
                "present_value": value.tolist(),
            }
            for group, value in zip(found.holders, found.holder_worth, strict=True)
        ],
        "gain": None
        if found.gain is None
        else {
            "units": "percent of wages",
            "birth_years": found.gain.birth_year.tolist(),
            "sexes": list(SEXES),
            "value": found.gain.value.tolist(),
        },
        "assumptions": [item._asdict() for item in found.changes],
        "command": found.arguments(),
    }


__all__ = [
    "OTHER",
    "PLUS",
    "Gain",
    "Part",
    "WhatIf",
    "as_json",
    "command",
    "gained",
    "kinds",
    "of",
    "packs",
    "what_if",
]
