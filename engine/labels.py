"""Labels of what a projection computes, and their places: plain tuples that need nothing compiled.

Those of the axes that cohorts and kernels share stand in :mod:`cohorts.axes`.
"""

from __future__ import annotations

from cohorts.axes import ACCOUNTS, CAUSES, PENSION_TYPES

COMPONENTS = ("acquired_rights", "ongoing_pensions", "state_contributions", "mpg_new_workers")
ACQUIRED_RIGHTS, ONGOING_PENSIONS, STATE_CONTRIBUTIONS, MPG_NEW_WORKERS = range(4)
FUNDS = (*ACCOUNTS, "commission", "iv", "pensioners_health")
PAYERS = ("employer", "worker", "state")
EMPLOYER, WORKER, STATE = range(len(PAYERS))
PENSIONER_GROUPS = ("ongoing", "transition_old_law", "transition_new_law", "new_workers")
MEMO_ITEMS = (
    "lost_ivcm_contributions",
    "net_cash_cost",
    "state_contributions_net_of_old",
    "retirement_subaccount_1992_96",
    "pensioners_health",
    "iv_premium_offset",
    "occupational_premium_offset",
    "surrendered_balances",
    "infonavit_of_transition_workers",
    "state_health_insurance",
    "state_health_insurance_net_of_old",
    "welfare_fund_complements",
    "welfare_fund_shortfall",
    "housing_repaid",
)


def labels() -> dict[str, tuple[str, ...]]:
    """Labels of the dimensions that are the same in every run."""
    return {
        "component": COMPONENTS,
        "pension_type": PENSION_TYPES,
        "fund": FUNDS,
        "payer": PAYERS,
        "cause": CAUSES,
        "pensioner_group": PENSIONER_GROUPS,
        "memo_item": MEMO_ITEMS,
    }


__all__ = [
    "ACCOUNTS",
    "ACQUIRED_RIGHTS",
    "CAUSES",
    "COMPONENTS",
    "EMPLOYER",
    "FUNDS",
    "MEMO_ITEMS",
    "MPG_NEW_WORKERS",
    "ONGOING_PENSIONS",
    "PAYERS",
    "PENSIONER_GROUPS",
    "PENSION_TYPES",
    "STATE",
    "STATE_CONTRIBUTIONS",
    "WORKER",
    "labels",
]
