"""Sums of everything that release 0.1.0 gives, to be held against what the engine gives now.

``python tests/release_0_1_0/record.py`` wrote ``sums.npz`` beside it with that release's code: weighted sums of each array,
which any computer gives to 1e-12. It is not written again: a later release is compared with that one. Until the year loop
was rewritten for speed the bits of projections were compared too, and were the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import assumptions
from assumptions import Resolved
from assumptions.tree import overlay_names
from engine.balance.valuation import value
from engine.balance.worth import worth
from engine.projection import MEMO_ITEMS, run_case
from engine.worker.calculator import FIGURES, evaluate
from engine.worker.careers import AWARDS, SEXES, SPOUSES, Career

SUMS = Path(__file__).parent / "sums.npz"
RELEASE = "release_0_1_0"
SCENARIOS = ("1A", "2A", "3A", "4A", "1B", "2B", "3B", "4B")
BASES = ("statutory", "published")
FLOWS = (
    "cost",
    "paid",
    "accrued",
    "awards",
    "pensioners",
    "covered_wages",
    "assets",
    "surrendered",
    "detail",
)
RESULTS = (
    "gdp", "cost", "acquired_by_type", "mpg_by_type", "contributions", "contributions_by_payer", "assets",
    "contributors", "wage_bill", "entrants", "exits", "new_awards", "old_law_share", "pensioners", "memo",
)  # fmt: skip
MEMO = (
    "lost_ivcm_contributions", "net_cash_cost", "state_contributions_net_of_old", "retirement_subaccount_1992_96",
    "pensioners_health", "iv_premium_offset", "occupational_premium_offset", "surrendered_balances",
    "infonavit_of_transition_workers",
)  # fmt: skip
# Figures of single workers that came later.
LATER = (
    "guarantee",
    "indemnity",
    "old_allowances",
    "new_allowances",
    "unit_allowances",
    "unit_allowances_real",
    "unit_guarantee",
    "guaranteed",
)
# Choices of switches that came later.
LATER_CHOICES = ("mean_wage",)
# Every choice of these switches, one at a time, on either basis.
SWITCHES = (
    "old_law_benefit", "old_law_indexation", "ongoing_indexation", "surrendered_funds", "recognition", "infonavit_offset",
    "mpg", "state_contributions", "quota_basis", "account_quota_basis", "wage_growth", "account_history",
    "retirement_exposure", "type_split", "choice",
)  # fmt: skip
# That release's fit of the state of 1994, which is fitted anew whenever the law is read otherwise.
STATE_1994: dict[str, Any] = {
    "population.average_wage_mw": 2.6,
    "population.service_at_30": 5.73,
    "decrements.iv_disability_scale": 0.99,
    "pensions.ongoing_heads": 1267500.0,
    "pensions.ongoing_level_mw": 1.108,
    "balance.discount_rate": 0.0363,
    "balance.horizon_years": 85.0,
    "balance.entrants_years": 85.0,
}
COMPUTED: dict[str, Any] = {"balance.computed": True}
REFORMS: dict[str, dict[str, Any]] = {
    "no_reform": {"reform.enacted": False},
    "reform_1997_07": {"reform.date": "1997-07-01"},
    "reform_2001": {"reform.date": "2001-01-01"},
}


def loaded(scenario: str, basis: str, *overlays: str, **sets: Any) -> Resolved:
    """A scenario as release 0.1.0 has it: under the overlay that keeps that release, once there is one."""
    keep = (RELEASE,) if RELEASE in overlay_names() else ()
    fitted = STATE_1994 if "state_1994" in overlays else {}
    return assumptions.load(scenario, overlays=[*keep, *overlays], sets={**fitted, **sets}).resolve(basis)


def variants(resolved: Resolved) -> Iterator[tuple[str, Resolved]]:
    """The case itself, with each other choice of each switch, and with other dates of the reform."""
    yield "plain", resolved
    for switch in SWITCHES:
        name = f"basis.{switch}"
        for choice in resolved.item(name).choices:
            if choice not in (resolved.switch(name), *LATER_CHOICES):
                yield f"{switch}={choice}", resolved.with_values({name: choice})
    for name, values in REFORMS.items():
        yield name, resolved.with_values(values)


def projected(resolved: Resolved, detail: bool) -> dict[str, np.ndarray]:
    """Arrays of a projection by name."""
    result = run_case(resolved, detail)
    arrays = {f"flows.{name}": getattr(result.flows, name) for name in FLOWS}
    arrays |= {name: getattr(result, name) for name in RESULTS}
    return arrays | {"memo": released_memo(result), "by_level": result.by_level}


def released_memo(result: Any) -> np.ndarray:
    """That release's memo lines. One is gone: 0.5% of GDP under the name of pensioners' health is put back as it was."""
    lines = dict(zip(MEMO_ITEMS, result.memo, strict=True)) | {"pensioners_health": 0.005 * result.gdp}
    return np.stack([lines[name] for name in MEMO])


def balance(resolved: Resolved) -> dict[str, np.ndarray]:
    """Arrays of an actuarial balance by name."""
    found = value(resolved)
    names = (
        "pensions",
        "pensioners",
        "contributions",
        "wages",
        "contributors",
        "state_contributions",
        "iv_premiums",
    )
    return {name: getattr(found, name) for name in names}


def moneys_worth(resolved: Resolved) -> dict[str, np.ndarray]:
    """Arrays of money's worth by name."""
    found = worth(resolved)
    return {name: getattr(found, name) for name in ("paid", "received", "wages", "replacement")}


def careers() -> list[Career]:
    """Single workers of every type of pension, family and length of service."""
    found = []
    for i in range(120):
        age = 60 + i % 8 if i % 5 == 0 else 24 + 7 * i % 41
        first = 16 + i % 9
        n = age - first + 1
        wage = (3000.0 + 211.0 * (37 * i % 100)) * (1.0 + 0.01 * (np.arange(n) * (i % 7) % 45))
        participation = np.where((np.arange(n) + i) % 11 < 2 + i % 3, 0.0, 0.4 + 0.1 * (i % 7))
        # That release asked a dead worker for the 250 weeks of the disabled; mended since (150, Art. 128).
        if AWARDS[i % 5] == "death" and 150.0 <= 52.0 * participation[:-1].sum() < 251.0:
            continue
        found.append(
            Career(
                wage=wage,
                participation=participation,
                first_age=first,
                born=1997 + i % 33 - age,
                award_age=age,
                sex=SEXES[i % 2],
                award=AWARDS[i % 5],
                spouse=SPOUSES[i % 3],
                children=float(i % 4),
            )
        )
    return found


def workers(resolved: Resolved) -> dict[str, np.ndarray]:
    """Figures of the single workers by name, where none lacks prices of its past."""
    figures = evaluate(careers(), resolved)
    return {name: figures[name] for name in FIGURES if name not in LATER}


def closed_fund() -> dict[str, np.ndarray]:
    """The shipped example of a closed fund."""
    folder = Path(__file__).resolve().parents[2] / "examples" / "closed_fund"
    return projected(loaded("0B", "statutory", str(folder / "fund.toml"), **COMPUTED), True)


def cases() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Every case of release 0.1.0 that is recorded: a name, and arrays by name."""
    for scenario in SCENARIOS:
        for basis in BASES:
            for variant, changed in variants(loaded(scenario, basis)):
                yield f"{scenario} {basis} {variant}", projected(changed, variant == "plain")
    yield "closed fund", closed_fund()
    yield "balance 1994", balance(loaded("0B", "statutory", "state_1994").with_values(STATE_1994))
    for scenario in ("3B", "1A"):
        resolved = loaded(scenario, "statutory")
        yield f"balance {scenario}", balance(resolved)
        yield f"worth {scenario}", moneys_worth(resolved)
        yield f"workers {scenario}", workers(resolved)
        yield f"workers {scenario} no reform", workers(resolved.with_values({"reform.enacted": False}))


def sums(array: np.ndarray) -> np.ndarray:
    """Sums over the last axis with weights that tell its places apart, the first axes squeezed to one; NaN counts as 0."""
    values = np.nan_to_num(np.asarray(array, dtype=np.float64))
    n = values.shape[-1] if values.ndim else 1
    rows = values.reshape(-1, n)
    if rows.shape[0] > 40:
        weights = 1.0 + 0.3 * np.sin(np.arange(rows.shape[0]) % 1009)
        rows = (weights @ rows)[None, :]
    return rows @ (1.0 / (1.0 + np.arange(n) / 7.0))


def size(array: np.ndarray) -> float:
    """Sum of magnitudes: what deviations of the sums are measured against."""
    return float(np.abs(np.nan_to_num(np.asarray(array, dtype=np.float64))).sum())


def main() -> None:
    """Write the file."""
    numbers = {
        name: np.concatenate([sums(arrays[key]) for key in sorted(arrays)]) for name, arrays in cases()
    }
    np.savez_compressed(SUMS, **numbers)


if __name__ == "__main__":
    main()
