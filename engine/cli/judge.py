"""What `annexv assumptions check` finds wrong with an overlay or a sweep: what the command that uses it would refuse.

There is one judge: the file is used as that command uses it, to the end, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from engine.cli import common

_WAGE_MW: Final = "2mw"
_FROM_AGE, _AWARD_AGE = 20, 65


def _run(path: Path, scenarios: Sequence[str] | None, basis: str | None) -> list[str]:
    from engine.outputs.dataset import project_resolved, resolve

    bases = common.chosen_bases(basis or common.BOTH)
    packs = common.load_packs(common.chosen_scenarios(scenarios), [str(path)], {})
    with common.progress(len(packs) * len(bases)) as report:
        dataset = project_resolved(resolve(packs, bases), on_done=report)
    return str(dataset.attrs.get("notices", "")).splitlines()


def _balance(path: Path, scenarios: Sequence[str] | None, basis: str | None) -> list[str]:
    from engine.cli import balance
    from engine.outputs import balance as outputs

    found: list[str] = []
    for code in common.chosen_scenarios(scenarios or [balance.SCENARIO]):
        pack, _ = balance.pack_of(code, [str(path)], balance.values_of(None, None), None)
        resolved = pack.resolve(basis or balance.BASIS)
        outputs.balance(resolved)
        found += resolved.notices
    return found


def _worker(path: Path, scenarios: Sequence[str] | None, basis: str | None) -> list[str]:
    from engine.cli import worker
    from engine.worker import calculator, careers

    found: list[str] = []
    for code in scenarios or (None,):
        resolved = worker.resolved_of(code, basis or worker.BASIS, None, [str(path)])
        wage = careers.parse_wage(_WAGE_MW, resolved)
        calculator.study(careers.steady(resolved, wage, _FROM_AGE, _AWARD_AGE), resolved)
        found += resolved.notices
    return found


def _sweep(path: Path, scenarios: Sequence[str] | None, basis: str | None) -> list[str]:
    from assumptions.files import read_toml

    if "design" not in (read_toml(path, []) or {}):
        return _run(path, scenarios, basis)
    from engine import sweeps

    if scenarios:
        raise common.InputError("--scenario: a sweep names its own scenarios")
    return list(sweeps.prepare(path, basis=basis).notices)


JUDGES: Final[dict[str, Callable[[Path, Sequence[str] | None, str | None], list[str]]]] = {
    "run": _run,
    "balance": _balance,
    "worker": _worker,
    "sweep": _sweep,
}

__all__ = ["JUDGES"]
