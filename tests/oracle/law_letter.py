"""The two laws to the letter, a second text: plain Python, written from the articles without reading the engine.

Pensions are in the unit of the wage that goes in (minimum wages, or pesos a year). Only Art. 167's table
is read from a file.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from pathlib import Path

ART_167 = Path(__file__).parents[2] / "assumptions" / "data" / "law_1973_art167.csv"
NOISE = 1e-9
WEEKS_A_YEAR = 52
CENTS = 100


@cache
def _art_167() -> tuple[tuple[float, float, float], ...]:
    lines = ART_167.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return tuple((float(r["wage_up_to_mw"]), float(r["basic"]), float(r["increment"])) for r in rows)


def art_167(average_wage_mw: float) -> dict[str, float]:
    """Basic share and yearly increment: the wage in minimum wages is cut to two decimals, never rounded up."""
    cut = math.floor(average_wage_mw * CENTS + NOISE * CENTS) / CENTS
    basic, increment = next((basic, inc) for upper, basic, inc in _art_167() if cut <= upper + NOISE)
    return {"basic": basic, "increment": increment}


def average_of_weeks(wages: list[float], density: float, weeks: float) -> dict[str, float]:
    """Average wage of the last weeks contributed, wages of the latest year first; a year has 52 x density of them.

    Who has fewer is averaged over what he has.
    """
    in_a_year = WEEKS_A_YEAR * density
    left, total = float(weeks), 0.0
    for wage in wages:
        counted = min(in_a_year, left)
        total += counted * wage
        left -= counted
    return {"average_wage": total / (weeks - left), "years": (weeks - left) / in_a_year}


def severance_age(years: int, months: int) -> dict[str, int]:
    """Age that counts for the factor: 60 completed, then a year more where more than six months have passed (Art. 171)."""
    if years < 60:
        return {"age": 0}
    return {"age": min(years + (months > 6), 65)}


def increment_years(weeks: int) -> float:
    """Years beyond 500 weeks: a rest of 13 to 26 weeks counts half, more counts one (Art. 167)."""
    whole, rest = divmod(max(weeks - 500, 0), WEEKS_A_YEAR)
    return whole + (1.0 if rest > 26 else 0.5 if rest >= 13 else 0.0)


def allowance(spouse: bool, children: int, parents: int) -> float:
    """Family allowance, share of the base (LSS 1973 Art. 164; LSS 1995 Art. 138)."""
    if spouse or children:
        return 0.15 * spouse + 0.10 * children
    if parents:
        return 0.10 * parents + (0.10 if parents == 1 else 0.0)
    return 0.15


def survivors_share(
    widow: bool, orphans: int, both_parents: bool, ascendants: int, occupational: bool = False
) -> float:
    """Survivors' share of the base, together at most all of it; ascendants where there is neither widow nor orphan."""
    if widow or orphans:
        widows = (0.40 if occupational else 0.90) * widow
        return min(widows + (0.30 if both_parents else 0.20) * orphans, 1.0)
    return min(0.20 * ascendants, 1.0)


def old_pension(
    average_wage_mw: float, weeks: int, spouse: bool = False, children: int = 0, parents: int = 0
) -> dict[str, float]:
    """Old-age or disability pension of the law of 1973 by its parts, minimum wages, where the minimum does not bind.

    The base with allowances is capped at the average wage (Art. 169), the base first; the month of bonus is of the base.
    """
    groups = art_167(average_wage_mw)
    share = min(groups["basic"] + groups["increment"] * increment_years(weeks), 1.0)
    base = share * average_wage_mw
    family = min(base * allowance(spouse, children, parents), average_wage_mw - base)
    return {
        "base": base,
        "allowances": family,
        "bonus": base / 12,
        "year": base + family + base / 12,
        "widow": 0.90 * base,
    }


def survivors(
    base: float, widow: bool = False, orphans: int = 0, both_parents: bool = False, ascendants: int = 0
) -> dict[str, float]:
    """Pension of the survivors of the law's own branch of disability and life, of the base without allowances."""
    share = survivors_share(widow, orphans, both_parents, ascendants)
    return {"share": share, "pension": share * base, "year": share * base * 13 / 12}


def occupational(wage: float, degree: float, invalidity: float = 0.0) -> dict[str, float]:
    """Permanent disability by an occupational risk, by degree (LSS 1995 Arts. 58-59): total, partial, or indemnity.

    `invalidity` is the pension of disability with allowances to which a total one is never inferior. `choice` is the
    indemnity that a degree above 25% and up to 50% may take in place of its pension.
    """
    total = max(0.70 * wage, invalidity) if degree >= 1 else 0.70 * wage
    pension = degree * total
    five_years = 5 * pension
    if degree <= 0.25:
        return {"pension": 0.0, "indemnity": five_years, "choice": 0.0, "bonus": 0.0}
    bonus = pension / 24 if degree > 0.50 else 0.0
    return {
        "pension": pension,
        "indemnity": 0.0,
        "choice": five_years if degree <= 0.50 else 0.0,
        "bonus": bonus,
    }


def occupational_survivors(
    total: float, widow: bool = False, orphans: int = 0, both_parents: bool = False, ascendants: int = 0
) -> dict[str, float]:
    """Survivors of an occupational death, of the pension of total disability (Arts. 64, 66)."""
    share = survivors_share(widow, orphans, both_parents, ascendants, occupational=True)
    return {"share": share, "pension": share * total}


def new_disability(
    reference: float, guarantee: float, spouse: bool = False, children: int = 0, parents: int = 0
) -> dict[str, float]:
    """Disability of the law of 1995 (Arts. 138-143): 35% and allowances, together at most the reference wage.

    The State adds what pension and allowances together lack of the guarantee; widow and bonus are of the 35%.
    """
    base = 0.35 * reference
    family = min(base * allowance(spouse, children, parents), reference - base)
    return {
        "base": base,
        "allowances": family,
        "top_up": max(guarantee - base - family, 0.0),
        "bonus": base / 12,
        "widow": 0.90 * base,
    }


def disability_weeks(weeks: int, severe: bool, insured_before: bool) -> dict[str, bool]:
    """Weeks for disability, law of 1995: 250; 150 if severe (Art. 122) or insured before 1 July 1997 (5th transitory)."""
    return {"insured": weeks >= (150 if severe or insured_before else 250)}


def unemployment_withdrawal(wage: float, balance: float) -> dict[str, float]:
    """At most once in five years: 75 days of the base wage or 10% of the balance, whichever is less (Art. 191-II)."""
    return {"withdrawal": min(75 * wage / 365, 0.10 * balance)}
