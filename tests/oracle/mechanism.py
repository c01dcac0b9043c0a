"""The mechanism of 1996 in plain Python: a second text, written from its description alone.

No numpy, no code of the engine. A spreadsheet as one would fill it in by hand: one row a pension awarded in a year, one
column a year. Numbers in minimum wages of December 1996 and percent of the GDP of 1997.
"""

from __future__ import annotations

import math


def share_of_infonavit(rate, wage, growth, years, age, deaths, months, contribution=0.05):
    """What a balance of ``years`` contributions leaves of a pension of one minimum wage."""
    saved, pay = 0.0, wage
    for _ in range(years):
        saved = saved * (1 + rate) + contribution * pay
        pay *= 1 + growth
    worth, alive, discount = 0.0, 1.0, 1.0
    while alive > 0 and age in deaths:
        worth += alive * discount
        alive *= 1 - deaths[age]
        discount /= 1 + rate
        age += 1
    return 1 - saved / (worth * months / 12)


def tail(z):
    """Area of the normal curve to the left of z."""
    return (1 + math.erf(z / math.sqrt(2))) / 2


def tables(v, minimum_wage, shares, last=2030):
    """Acquired rights and guarantee of new workers by year, percent of GDP.

    ``v`` holds the numbers of the mechanism, ``minimum_wage`` one number a year, ``shares`` what INFONAVIT leaves by year of
    award (1 where it does not pay).
    """
    rights = dict.fromkeys(range(1997, last + 1), 0.0)
    guarantee = dict(rights)
    awarded = None
    for y in range(v["first_award"], last + 1):
        if y <= v["career_end"] or awarded is None:
            awarded = v["awards"] * (1 + v["growth"]) ** (y - 1997)
        else:
            awarded *= 1 + v["long_run"] + v["extra"] * math.exp(-v["decay"] * (y - v["career_end"]))
        new = tail((y - v["career_end"]) / v["spread"])
        balance = 0.0
        for k in range(max(0, y - 1997)):
            pay = v["wage"] * (1 + v["wage_growth"]) ** k
            balance = balance * (1 + v["return"]) + v["density"] * (v["rate"] * pay + v["quota"])
        in_payment = 1.0
        for t in range(y, last + 1):
            if t >= 1997:
                pension = minimum_wage[t]
                paid = min(balance, pension)
                balance = (balance - paid) * (1 + v["return"])
                gdp = (1 + v["gdp_growth"]) ** (t - 1997)
                rights[t] += awarded * (1 - new) * in_payment * (pension - paid) * shares[y] / gdp
                guarantee[t] += awarded * new * in_payment * v["guarantee"] / gdp
            in_payment *= 1 - v["ending"]
    return rights, guarantee
