"""What the report says of pensions in payment and State contributions, against its tables."""

from __future__ import annotations

import numpy as np

from assumptions.report import said, study_fact
from engine.projection import FUNDS
from engine.shares import percent_of_gdp
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import ONGOING, PERCENT, STATE, Runs, Tables

_FIRST = np.array([1997])


def indexation(t: Tables, r: Runs) -> Figures:
    ratio = t.cost("1A", ONGOING) / t.cost("1B", ONGOING)
    early = ratio[: 2016 - 1997]
    printed = t.cost("1B", ONGOING)
    indexed = r.percent("published", "1B", ONGOING, basis__ongoing_indexation="minimum_wage")
    other = r.percent("published", "1A", ONGOING, basis__ongoing_indexation="minimum_wage")
    return {
        "printed A/B smallest to 2015, ratio": float(early.min()),
        "printed A/B largest to 2015, ratio": float(early.max()),
        "model A/B, ratio": r.resolved("published", "1A").number("economy.minimum_wage_base"),
        "largest difference unindexed": float(np.abs(r.percent("published", "1B", ONGOING) - printed).max()),
        "largest difference indexed": float(np.abs(indexed - printed).max()),
        "A/B 2030 indexed, ratio": float(other[-1] / indexed[-1]),
        "printed 1997": float(printed[0]),
    }


def _state_rates(r: Runs) -> tuple[float, float]:
    """The State's shares of the law in severance and old age, and in disability and life, fractions of the wage."""
    pack = r.resolved("statutory", "1B")
    ceav, iv = (float(pack.path(f"contributions.{name}_state", _FIRST)[0]) for name in ("ceav", "iv"))
    return ceav, iv


def _annex_rates() -> float:
    """Both proportional quotas of A4, fraction of the wage."""
    return (said("state_rate_rcv") + said("state_rate_iv")) / PERCENT


def prorated(t: Tables, r: Runs) -> Figures:
    column = t.contributions("prorated")
    case = r.case("statutory", "1B")
    quota = percent_of_gdp(case.contributions[FUNDS.index("social_quota")], case.gdp)
    rest = r.percent("statutory", "1B", STATE) - quota
    ceav, iv = _state_rates(r)
    return {
        "law's share in severance and old age, fraction of wages": ceav,
        "law's share in disability and life, fraction of wages": iv,
        "printed 1997": float(column[0]),
        "statutory 1997": float(rest[0]),
        "statutory 2030": float(rest[-1]),
        "with the annex's rates 1997": float(rest[0]) * _annex_rates() / (ceav + iv),
        "printed 1997 read as a fraction": PERCENT * float(column[0]),
    }


def two_runs(t: Tables, r: Runs) -> Figures:
    gap = t.contributions("total") - t.cost("1B", STATE)
    near = t.contributions("total") - r.percent("published", "1B", STATE)
    return {
        "long less scenario table smallest": float(gap.min()),
        "long less scenario table largest": float(gap.max()),
        "largest difference of the model from the long table": float(np.abs(near).max()),
    }


def steady(t: Tables, r: Runs) -> Figures:
    column, ours = t.cost("1B", STATE), r.percent("published", "1B", STATE)
    return {
        "printed 1997": float(column[0]),
        "printed 2005": float(column[8]),
        "fall, ratio": float(1 - column[8] / column[0]),
        "model 1997": float(ours[0]),
        "model 2005": float(ours[8]),
    }


def peso_a_day(t: Tables, r: Runs) -> Figures:
    pack = r.resolved("statutory", "1B")
    wage = pack.number("economy.minimum_wage_daily")
    mean = pack.number("population.average_wage_mw") * wage
    quota = pack.number("state.social_quota_share") * wage
    peso = said("peso_a_day")
    return {
        "quota of 5.5%, pesos a day": quota,
        "minimum wage, pesos a day": wage,
        "minimum wage of which a peso is 5.5%, pesos a day": peso / pack.number("state.social_quota_share"),
        "a peso of the minimum wage, ratio": peso / wage,
        "a peso of the average wage, ratio": peso / mean,
        "quota of 5.5% of the average wage, ratio": quota / mean,
    }


def state_rate(t: Tables, r: Runs) -> Figures:
    ceav, iv = _state_rates(r)
    pack = r.resolved("statutory", "1B")
    old = float(pack.path("contributions.old_ivcm_state", _FIRST)[0])
    return {
        "annex, both rates, fraction of wages": _annex_rates(),
        "law's share in severance and old age, fraction of wages": ceav,
        "law's share in disability and life, fraction of wages": iv,
        "law's share in pensioners' health, fraction of wages": old - ceav - iv,
        "old law's share, fraction of wages": old,
    }


def health_half_percent(t: Tables, r: Runs) -> Figures:
    name = "federal government quota, share of GDP"
    before, first, second = (
        study_fact("Text (State in illness", row, name)
        for row in ("before the new law, 1997", "after it, 1997", "1998")
    )
    return {
        "stated rise": said("health_insurance"),
        "State's quota before the law": before,
        "State's quota after it, 1997": first,
        "State's quota 1998": second,
        "rise 1997": first - before,
        "rise 1998": second - before,
    }


def three_dates(t: Tables, r: Runs) -> Figures:
    table = "Text (IMSS Diagnostico"
    return {
        "IMSS, expenses exceed income, year": study_fact(table, "expenses exceed income", "year"),
        "IMSS, reserves exhausted, year": study_fact(table, "reserves exhausted", "year"),
        "report, cash deficit, year": said("deficit_year"),
        "annex, second year of the reform, year": float(t.years[1]),
        "printed 1997": float(t.cost("1B", ONGOING)[0]),
    }
