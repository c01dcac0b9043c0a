"""The law as it became after 1997, a second text: plain Python over the tables of assumptions/data/law_today.

Written from the law and its decrees without reading the engine; nothing of the engine is imported. Wages are pesos a day,
guaranteed pensions pesos a month, rates fractions of the base wage, dates texts such as "2009-07-01".
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "assumptions" / "data" / "law_today"
NOISE = 1e-9
"""A wage typed as 2.5 times the UMA stands at its bound, whatever binary fractions make of it."""

Row = dict[str, str]


@cache
def table(name: str, folder: Path = DATA) -> tuple[Row, ...]:
    """Rows of one of the tables, cells as written."""
    lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))


def observed_minimum_wage(year: int) -> float:
    """Minimum wage at 31 December, pesos a day."""
    for row in table("minimum_wage_uma"):
        if row["series"] == "minimum_wage" and int(row["year"]) == year:
            return float(row["value"])
    raise LookupError(f"the minimum wage of {year} is not in the table")


def prices(year: int) -> float:
    """INPC of December."""
    for row in table("inpc", DATA.parent / "observed"):
        if int(row["year"]) == year:
            return float(row["december"])
    raise LookupError(f"the INPC of December {year} is not in the table")


def rule(name: str, date: str) -> Row:
    """The row of a dated rule that holds on a day."""
    rows = [row for row in table("dated_rules") if row["rule"] == name and row["from_date"] <= date]
    if not rows:
        raise LookupError(f"{name} is not in force on {date}")
    return rows[-1]


def weeks_required(year: int) -> dict[str, int]:
    """Weeks for a pension of severance or old age awarded in a year (Arts. 154, 162; 4th transitory 2020)."""
    return {
        "weeks": int([row for row in table("weeks_required") if int(row["from_year"]) <= year][-1]["value"])
    }


def _holds(row: Row, wage: float, minimum_wage: float, uma: float, in_uma: bool) -> bool:
    """Whether a band's upper bound holds a wage; the band of one minimum wage is never read in UMA."""
    if not row["up_to"]:
        return True
    bound = float(row["up_to"])
    unit = uma if row["up_to_unit"] == "UMA" or (in_uma and bound > 1) else minimum_wage
    return wage / unit <= bound + NOISE


def ceav_rate(year: int, payer: str, wage: float, minimum_wage: float, uma: float) -> dict[str, float]:
    """Contribution to severance and old age, fraction of the base wage (Art. 168-II, III; 2nd transitory 2020)."""
    rows = [row for row in table("ceav_rates") if row["payer"] == payer and int(row["from_year"]) <= year]
    latest = rows[-1]["from_year"]
    of_year = [row for row in rows if row["from_year"] == latest]
    return {
        "rate": next(float(r["value"]) for r in of_year if _holds(r, wage, minimum_wage, uma, in_uma=False))
    }


def social_quota(
    date: str,
    wage: float,
    minimum_wage: float,
    uma: float = 0.0,
    index_now: float = 1.0,
    index_base: float = 1.0,
) -> dict[str, float]:
    """The State's quota a day contributed, pesos (Art. 168-IV), carried from the decree's base by the two indices."""
    in_force = [r for r in table("social_quota") if r["from_date"] <= date <= (r["to_date"] or date)]
    in_uma = rule("unit_of_ceilings", date)["value"] == "UMA" if date >= "2017-01-01" else False
    for row in in_force:
        if _holds(row, wage, minimum_wage, uma, in_uma):
            return {"quota": float(row["value"]) * index_now / index_base}
    return {"quota": 0.0}


def ceiling(branch: str, date: str, minimum_wage: float, uma: float = 0.0) -> dict[str, float]:
    """Ceiling of the base wage, pesos a day: of iv_ceav, other_branches (Art. 28, 25th transitory) or infonavit."""
    row = rule(f"ceiling_{branch}", date)
    unit = uma if date >= "2017-01-01" and rule("unit_of_ceilings", date)["value"] == "UMA" else minimum_wage
    return {"ceiling": float(row["value"]) * unit}


def averaging_wage(wages: list[float], ceiling_mw: float, minimum_wage: float) -> dict[str, float]:
    """Average wage of the old law under a ceiling in minimum wages: 10 by the courts, 25 by practice (a switch)."""
    average = sum(wages) / len(wages)
    return {"average_wage": min(average, ceiling_mw * minimum_wage)}


def _guarantee_index(year: int, month: int) -> float:
    """From February the prices of the December before, base December 2019 (Art. 170)."""
    december = year - 1 if month >= 2 else year - 2
    return prices(december) / prices(2019)


def _cell(band_wage: float, age: int, above: int) -> float:
    column = min(above // 25 * 25, 250)
    for row in table("guaranteed_pension"):
        in_band = not row["below_uma"] or band_wage < float(row["below_uma"]) - NOISE
        if in_band and int(row["age"]) == min(age, 65) and int(row["weeks_above"]) == column:
            return float(row["value"])
    raise LookupError(f"no cell for {band_wage} UMA, age {age}, {above} weeks above")


def guaranteed_pension(
    year: int, age: int, weeks: int, career_wage_uma: float, month: int = 2
) -> dict[str, float]:
    """Guaranteed pension of an award from 2021 on, pesos a month; 0 for who has no right (Art. 170, 4th transitory)."""
    if year < 2021:
        raise ValueError(f"the table is in force from 2021, not in {year}")
    above = weeks - weeks_required(year)["weeks"]
    if age < 60 or above < 0:
        return {"pension": 0.0, "cell": 0.0}
    cell = _cell(career_wage_uma, age, above)
    return {"pension": cell * _guarantee_index(year, month), "cell": cell}


def disability_minimum(year: int, month: int = 2) -> dict[str, float]:
    """Least pension of disability, pesos a month: mean of the cells of the lowest wage at age 60 (Art. 141)."""
    cells = [_cell(1.0, 60, above) for above in range(0, 251, 25)]
    mean = sum(cells) / len(cells)
    return {"cell": mean, "pension": mean * _guarantee_index(year, month)}


def early_pension(year: int, weeks: int, career_wage_uma: float, annuity: float) -> dict[str, object]:
    """A pension before 60: the annuity must pass 130% of the worker's own cell at age 60 (Art. 158)."""
    own = guaranteed_pension(year, 60, weeks, career_wage_uma)["pension"]
    threshold = float(rule("early_pension", f"{year}-02-01")["value"]) * own
    return {"threshold": threshold, "entitled": own > 0 and annuity > threshold + NOISE}


def increase_of_2004(kind: str, age: int, pension_mw: float) -> dict[str, object]:
    """The decree of 5 January 2004: its line, and the pension after it, in minimum wages (14th transitory).

    Kinds: retirement (old age and severance), disability, widow, orphan, ascendant, occupational.
    """
    for row in table("increase_2004"):
        fits = (
            kind in row["kinds"].split()
            and age >= int(row["age_from"] or 0)
            and pension_mw >= float(row["pension_from"] or 0) - NOISE
            and pension_mw <= float(row["pension_to"] or "inf") + NOISE
        )
        if not fits or (row["value"] == "floor" and pension_mw >= 1 - NOISE):
            continue
        if row["value"] == "floor":
            return {"line": row["line"], "pension_mw": 1.0}
        return {"line": row["line"], "pension_mw": pension_mw * float(row["value"])}
    return {"line": "", "pension_mw": pension_mw}


def old_pension_in_payment(
    kind: str, born: int, year: int, pension_mw: float, to_year: int
) -> dict[str, float]:
    """A pension of the old law, pesos a day at the end of a year, from its level in minimum wages at the end of `year`.

    To 2001 with the minimum wage, each February from 2002 with the prices of the year before; in 2003 (with effect from
    March) the increase or the floor of the decree of 2004; after it a standing floor of one minimum wage, but not for the
    survivors, whom lines c and e raise in its place (Art. 168 of 1973; 4th transitory of the decree).
    """
    pension = pension_mw * observed_minimum_wage(year)
    floored = kind not in ("orphan", "ascendant", "widow")
    for t in range(year + 1, to_year + 1):
        if rule("indexation_old_law", f"{t}-02-01")["value"] == "INPC":
            pension *= prices(t - 1) / prices(t - 2)
        else:
            pension *= observed_minimum_wage(t) / observed_minimum_wage(t - 1)
        wage = observed_minimum_wage(t)
        if t == 2003:
            pension = float(str(increase_of_2004(kind, t - born, pension / wage)["pension_mw"])) * wage
        elif t > 2003 and floored:
            pension = max(pension, wage)
    return {"pension": pension}


def welfare_complement(age: int, pension: float, last_wage: float, date: str) -> dict[str, float]:
    """What the Fondo de Pensiones para el Bienestar adds on a day to a pension it may complement, pesos a month.

    Whom it may: workers who first contributed on 1 July 1997 or later (2nd transitory c, DOF 30-04-2024).
    """
    if age < 65 or date < "2024-07-01":
        return {"complement": 0.0}
    ceiling = float(rule("fund_for_welfare_ceiling", date)["value"])
    if pension > ceiling:
        return {"complement": 0.0}
    return {"complement": max(0.0, min(last_wage, ceiling) - pension)}


def housing_97(award: str, law: str, as_of: str) -> dict[str, object]:
    """To whom the INFONAVIT balance of 1997 and after belongs (8th transitory of 1997, as of 12 January 2012).

    Awards of the old law before 13 January 2012 handed it over, and have it repaid by the State within eighteen months.
    """
    if law == "new":
        return {"owner": "account", "repaid": False}
    in_force = rule("housing_97_to_worker", "2012-01-13")["from_date"]
    before = award < in_force
    return {"owner": "worker" if as_of >= in_force else "State", "repaid": before and as_of >= in_force}
