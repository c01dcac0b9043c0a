"""The projection a second time, slowly: one cell and one year at a time, in plain Python.

Written from `docs/methods.md` (the section numbers below are its own), so that an actuary can read the two side by
side. It shares no code with the engine: no arrays, no running sums, no closed forms. What it guards is not equally
independent. Where the text was silent, the reading was settled by comparing with the engine: age masses of pensions in
payment, ages and service of arrivals, ceilings of the memo lines, the floor of pooled contributions, which contributions
are gross, and the early pension of 1.3 times the guarantee. Rights of those who enter before the reform, awards before
the law is in force and where later old-law pensions are booked were changed here and in the engine together. For these
it holds the two equal, and the text has to be judged on its own. Balances of awards are
pools that are opened, pay, earn and run dry; competing risks are integrated numerically; every annuity is a sum over
the years of a life.

    project(inputs) -> results

`inputs` is a dict of plain numbers: `adapter.py` makes one from a pack of assumptions and lists the keys.
Tables are dicts, sex -> age -> value; paths are dicts, year -> value, and hold their last value for ever.
Money is in constant pesos of December 1996 a year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import NormalDist
from typing import Any

Inputs = dict[str, Any]
Block = dict[str, Any]
ByYear = dict[int, float]

SEXES = ("m", "f")
FUNDS = ("retirement", "ceav", "social_quota", "infonavit")
TYPES = ("retirement", "disability", "death", "occupational_disability", "occupational_death")
CAUSES = (*TYPES, "leaving")
COMPONENTS = ("acquired_rights", "ongoing_pensions", "state_contributions", "mpg_new_workers")
GENERATIONS = ("present", "future")
REGIMES = ("old_law", "guarantee", "balance")
CEILINGS = ("retirement", "ceav", "iv", "infonavit", "old_ivcm")
MEMO = (
    "lost_ivcm_contributions",
    "net_cash_cost",
    "state_contributions_net_of_old",
    "state_health_insurance",
    "state_health_insurance_net_of_old",
    "retirement_subaccount_1992_96",
    "iv_premium_offset",
    "occupational_premium_offset",
)
SURVIVORS_OF = {  # where payments to the survivors of a pensioner are booked
    "retirement": "death",
    "disability": "death",
    "death": "death",
    "occupational_disability": "occupational_death",
    "occupational_death": "occupational_death",
}
LONGEST_LIFE = 120


def held(path: ByYear, year: int) -> float:
    """Value of a path in a year; the last value beyond its last year."""
    return path[year] if year in path else path[min(year, max(path))]


def at_age(table: dict[int, float], age: int) -> float:
    """Value of a table at an age; ages outside the table take its ends."""
    return table[age] if age in table else table[min(max(age, min(table)), max(table))]


def dependent(rates: dict[str, float], cause: str) -> float:
    """Probability of leaving by one cause while the others act too (section 3).

    The integral of a polynomial of degree five, by three Gauss-Legendre points, exact up to that degree.
    """
    reach = math.sqrt(3.0 / 5.0)
    integral = 0.0
    for node, weight in ((-reach, 5.0 / 18.0), (0.0, 8.0 / 18.0), (reach, 5.0 / 18.0)):
        s = 0.5 + 0.5 * node
        still_here = 1.0
        for other, rate in rates.items():
            if other != cause:
                still_here *= 1.0 - s * rate
        integral += weight * still_here
    return rates[cause] * integral


def wage_groups(number: int, sigma: float) -> list[float]:
    """Conditional means of equally large parts of a lognormal distribution with mean 1 (section 2)."""
    normal = NormalDist()
    means = []
    for group in range(number):
        below = 0.0 if group == 0 else normal.cdf(normal.inv_cdf(group / number) - sigma)
        above = 1.0 if group == number - 1 else normal.cdf(normal.inv_cdf((group + 1) / number) - sigma)
        means.append(number * (above - below))
    return means


@dataclass(frozen=True)
class Award:
    """An award to one person of a cell, in year t at age x."""

    kind: str
    sex: str
    x: int
    t: int
    P: float  # old-law pension a year; 0 where none is due
    H: float  # balance handed over for it
    a: float  # value of a unit of it
    A: float  # the whole account
    a_real: float  # value of a unit of pension constant in real terms
    new: float | None  # what the new law defines; None where only the balance is due
    takes_old: bool
    M: float  # the minimum guarantee of it, a year


class Reading:
    """What methods.md defines, one method each, in its order."""

    def __init__(self, inputs: Inputs) -> None:
        self.i = inputs
        self.first: int = inputs["first_year"]
        self.last: int = inputs["last_year"]
        self.years = range(self.first, self.last + 1)
        # a function of (year, age, ...) is computed once
        for name in (
            "price",
            "minimum_wage",
            "minimum_wage_in_december",
            "wage_index",
            "gdp",
            "grown",
            "scale",
            "survival",
            "paid",
            "annuity",
        ):
            setattr(self, name, cache(getattr(self, name)))

    # ---- 2. prices, wages, GDP

    def price(self, year: int) -> float:
        """Price level at the end of a year, P(u)."""
        if year == self.i["price_base_year"]:
            return 1.0
        if year > self.i["price_base_year"]:
            return self.price(year - 1) * (1.0 + held(self.i["inflation"], year))
        return self.price(year + 1) / (1.0 + held(self.i["inflation"], year + 1))

    def average_price(self, year: int) -> float:
        """Average price level of a year, Pavg(u): the logarithmic mean of its two ends."""
        opening, closing = self.price(year - 1), self.price(year)
        if opening == closing:
            return closing
        return (closing - opening) / math.log(closing / opening)

    def minimum_wage(self, year: int) -> float:
        """MW(u): the wage of the year in money of its December, or what that money is worth on the year's average."""
        in_december = self.minimum_wage_in_december(year)
        if self.i["prices"] == "average":
            return in_december * self.price(year) / self.average_price(year)
        return in_december

    def minimum_wage_in_december(self, year: int) -> float:
        """Page 7: its real growth is told from December to December."""
        if year == self.i["price_base_year"]:
            return self.i["minimum_wage_daily"] * self.i["days_per_year"] * self.i["minimum_wage_base"]
        if year > self.i["price_base_year"]:
            return self.minimum_wage_in_december(year - 1) * (
                1.0 + held(self.i["real_minimum_wage_growth"], year)
            )
        return self.minimum_wage_in_december(year + 1) / (
            1.0 + held(self.i["real_minimum_wage_growth"], year + 1)
        )

    def wage_index(self, year: int) -> float:
        """G(u), and its continuation before the first year."""
        if year == self.first:
            return 1.0
        if year > self.first:
            return self.wage_index(year - 1) * (1.0 + held(self.i["real_wage_growth"], year))
        return self.wage_index(year + 1) / (1.0 + self.i["real_wage_growth_history"])

    def gdp(self, year: int) -> float:
        """Gross domestic product."""
        return self.grown("gdp", year)

    def grown(self, key: str, year: int) -> float:
        """A GDP by its level in a base year and its growth: the run's, or that of which printed values are shares."""
        base = self.i[f"{key}_base_year"]
        if year == base:
            return self.i[f"{key}_1997"]
        if year > base:
            return self.grown(key, year - 1) * (1.0 + held(self.i[f"{key}_growth"], year))
        return self.grown(key, year + 1) / (1.0 + held(self.i[f"{key}_growth"], year + 1))

    def scale(self) -> float:
        """The one scale of wages: the average of contributors, with the floor, is what is prescribed."""
        one_mw = self.i["minimum_wage_daily"] * self.i["days_per_year"]
        floor, wanted = self.i["wage_floor_mw"] * one_mw, self.i["average_wage_mw"] * one_mw

        def average(scale: float) -> float:
            wages = heads = 0.0
            for block in self.i["blocks"]:
                if block["kind"] != "member":
                    continue
                profile = at_age(self.i["age_wage_profile"][block["sex"]], block["age"])
                for relative, share in block["wages"]:
                    wages += block["heads"] * share * max(relative * scale * profile, floor)
                    heads += block["heads"] * share
            return wages / heads

        low, high = 0.0, wanted
        while average(high) < wanted:
            high *= 2.0
        while True:
            middle = 0.5 * (low + high)
            if middle in (low, high):
                return middle
            low, high = (middle, high) if average(middle) < wanted else (low, middle)

    def mean_wage(self, block: Block, year: int) -> float:
        """Mean wage of a birth year and sex, before the division into groups."""
        age_first = block["age"] - (block["entry"] - self.first)
        if self.i["wage_growth"] == "age_profile":
            age = age_first + max(0, year - self.first)
        else:
            age = age_first
        profile = at_age(self.i["age_wage_profile"][block["sex"]], age)
        return self.scale() * profile * self.wage_index(year)

    def wage(self, block: Block, relative: float, year: int) -> float:
        """W(u) of a cell."""
        if year >= self.first:
            floor = self.i["wage_floor_mw"] * self.minimum_wage(year)
            return max(relative * self.mean_wage(block, year), floor)
        first_wage = self.wage(block, relative, self.first)
        return first_wage * self.mean_wage(block, year) / self.mean_wage(block, self.first)

    def pensionable_wage(self, block: Block, relative: float, year: int) -> float:
        """C(u): the wage that counts for benefits."""
        ceiling = held(self.i["ceiling_average_wage"], year) * self.minimum_wage(year)
        return min(self.wage(block, relative, year), ceiling)

    def base(self, block: Block, relative: float, year: int, ceiling: str) -> float:
        """B(c): covered wages actually earned in a year."""
        top = held(self.i["ceilings"][ceiling], year) * self.minimum_wage(year)
        return self.i["density"] * min(self.wage(block, relative, year), top)

    # ---- 1. and 3. dates, service, decrements

    def age(self, block: Block, year: int) -> int:
        """x: age at the opening of a year."""
        return block["age"] + (year - block["entry"])

    def service(self, block: Block, year: int) -> float:
        """Years of service at the opening of a year."""
        return block["service"] + self.i["density"] * (year - block["entry"])

    def weeks(self, block: Block, year: int) -> int:
        """Whole weeks of service at the opening of a year."""
        return math.floor(self.service(block, year) * self.i["weeks_per_year"] + 1e-6)

    def exits(self, block: Block, year: int) -> dict[str, float]:
        """Probability of each exit during a year, for somebody contributing at its opening."""
        age, sex = self.age(block, year), block["sex"]
        if age >= self.i["last_age"]:
            retirement = 1.0
        else:
            retirement = self.i["retirement_hazard"].get(age, 0.0)
            short = self.weeks(block, year) < self.i["old_weeks_retirement"]
            if self.i["retirement_exposure"] == "entitled" and block["old_rights"] and short:
                retirement = 0.0
            if year == self.first:  # the backlog of awards
                retirement = min(1.0, retirement * self.i["retirement_first_year_factor"])
        independent = {
            "retirement": retirement,
            "disability": at_age(self.i["iv_disability"][sex], age) * self.i["iv_disability_scale"],
            "death": at_age(self.i["mortality_active"][sex], age) * self.i["active_mortality_scale"],
            "occupational_disability": at_age(self.i["occupational_disability"][sex], age),
            "occupational_death": at_age(self.i["occupational_death"][sex], age),
            "leaving": at_age(self.i["leaving"][sex], age),
        }
        return {cause: dependent(independent, cause) for cause in CAUSES}

    def in_force(self, year: int) -> float:
        """f: fraction of a year in which the new law is in force."""
        if not self.i["enacted"]:
            return 0.0
        begins = self.i["reform_date"]
        if year != begins.year:
            return 1.0 if year > begins.year else 0.0
        days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        return (date(year + 1, 1, 1) - begins).days / days

    def cost_counts(self, year: int) -> float:
        """Fraction of a year for which costs count: f, and all of it where there is no reform."""
        return self.in_force(year) if self.i["enacted"] else 1.0

    # ---- 4. accounts

    def of_band(
        self, rows: list[tuple[float, float, float, float]], wage: float, year: int, plain: float
    ) -> float:
        """Value for a wage: rows of the latest year reached, the first whose bound in minimum wages or UMA holds it."""
        reached = [row[0] for row in rows if row[0] <= year]
        if not reached:
            return plain
        for start, minimum_wages, umas, value in rows:
            if start != max(reached):
                continue
            uma = held(self.i["uma"], year) * self.i["days_per_year"]
            bound = minimum_wages * self.minimum_wage(year) + umas * uma
            if bound == 0.0 or wage <= bound * (1.0 + 1e-9):
                return value
        raise LookupError(f"no band for {wage} in {year}")

    def quota(self, wage: float, year: int) -> float:
        """Social quota of a full year."""
        daily = self.of_band(self.i["quota_bands"], wage, year, self.i["social_quota"])
        return daily * self.i["days_per_year"]

    def ceav_rate(self, wage: float, year: int) -> float:
        """Contributions to severance and old age of all three payers."""
        i = self.i
        employer = self.of_band(i["employer_bands"], wage, year, held(i["ceav_employer"], year))
        return employer + held(i["ceav_worker"], year) + held(i["ceav_state"], year)

    def credited(self, block: Block, relative: float, year: int) -> dict[str, float]:
        """What reaches each account of one head at the end of a year of contribution."""
        i, f = self.i, self.in_force(year)
        wage = self.wage(block, relative, year)
        ceav_rate = self.ceav_rate(wage, year)
        net = 1.0 - i["commission"] / (i["retirement_rate"] + ceav_rate)
        quota = self.quota(wage, year) * (i["density"] if i["account_quota_basis"] == "density" else 1.0)
        infonavit = self.base(block, relative, year, "infonavit") * i["infonavit_rate"]
        infonavit *= held(i["infonavit_collection"], year)
        return {
            "retirement": f * self.base(block, relative, year, "retirement") * i["retirement_rate"] * net,
            "ceav": f * self.base(block, relative, year, "ceav") * ceav_rate * net,
            "social_quota": f * quota,
            "infonavit": f * infonavit * (1.0 - i["infonavit_loan_share"]),
        }

    def fund_return(self, fund: str, year: int) -> float:
        """r(t) of an account."""
        return held(self.i["infonavit_return" if fund == "infonavit" else "rcv_return"], year)

    # ---- 5. payments of a unit of pension

    def survival(self, table: str, sex: str, age: int, k: int) -> float:
        """Probability of living k years later; nobody outlives the last age of the table."""
        rates = self.i[table][sex]
        last_age = max(rates)
        alive = 1.0
        for passed in range(k):
            if age + passed >= last_age:
                return 0.0
            alive *= 1.0 - at_age(rates, age + passed)
        return alive

    def entitled(self, sex: str, x: int) -> float:
        """e(x): probability that a death leaves an entitled family."""
        share = at_age(self.i["spouse_share"][sex], x)
        return share * self.i["dependent_widower_share"] if sex == "f" else share

    def spouse(self, sex: str, x: int, k: int) -> float:
        """s(k): probability that the spouse lives k years after the award."""
        if sex == "m":
            return self.survival("mortality_active", "f", x - self.i["spouse_age_difference"], k)
        return self.survival("mortality_active", "m", x + self.i["spouse_age_difference"], k)

    def family(self, kind: str, sex: str, x: int, k: int, old_law: bool) -> float:
        """fam(k): what an entitled family receives k years after the award, by the law of the pension."""
        i = self.i
        law = "" if old_law else "new_"
        branch = law + ("occupational_" if kind.startswith("occupational") else "")
        widow, orphan = i[branch + "widow_share"], i[branch + "orphan_share"]
        orphan_both, cap = i[branch + "orphan_share_both"], i[law + "survivors_cap"]
        spouse = self.spouse(sex, x, k)
        children = at_age(i["children"], x) * max(0.0, 1.0 - k / i["child_age_limit"])
        with_spouse = min(cap, widow + orphan * children)
        without_spouse = min(cap, orphan_both * children)
        return spouse * with_spouse + (1.0 - spouse) * without_spouse

    def paid(self, kind: str, sex: str, x: int, k: int, old_law: bool) -> tuple[float, float]:
        """One unit of pension k years after the award: to the pensioner, to the family."""
        if kind in ("death", "occupational_death"):
            return 0.0, self.family(kind, sex, x, k, old_law)
        table = "mortality_active" if kind == "retirement" else "mortality_disabled"
        alive = self.survival(table, sex, x, k)
        return alive, self.entitled(sex, x) * (1.0 - alive) * self.family(kind, sex, x, k, old_law)

    def discount(self, t: int, later: int) -> float:
        """V(t, later)."""
        value = 1.0
        for u in range(t, later):
            value /= 1.0 + self.fund_return("retirement", u)
        return value

    def indexation(self, old_law: bool, t: int, later: int) -> float:
        """I(later)/I(t): an old-law pension after award, or 1 for one that is constant in real terms."""
        if old_law and self.i["old_law_indexation"] == "minimum_wage":
            return self.minimum_wage(later) / self.minimum_wage(t)
        return 1.0

    def annuity(self, kind: str, sex: str, x: int, t: int, old_law: bool) -> float:
        """a(t) for old-law pensions on their index, a_real for new-law pensions constant in real terms."""
        value = 0.0
        discount = 1.0
        for k in range(LONGEST_LIFE):
            own, family = self.paid(kind, sex, x, k, old_law)
            value += (own + family) * self.indexation(old_law, t, t + k) * discount
            discount /= 1.0 + self.fund_return("retirement", t + k)
        return value

    # ---- 6. benefits at award

    def increments(self, weeks: int) -> float:
        """Years that earn the increment of Art. 167."""
        beyond = max(0, weeks - self.i["old_weeks_retirement"])
        years, rest = divmod(beyond, self.i["weeks_per_year"])
        if rest > self.i["rest_full_above"]:
            return years + 1.0
        return years + 0.5 if rest >= self.i["rest_half_from"] else float(years)

    def severance(self, age: int) -> float:
        """Share of the pension at an age: none before severance age, all from old age on."""
        factors = self.i["severance_factor"]
        return 0.0 if age < min(factors) else at_age(factors, age)

    def old_pension(self, block: Block, relative: float, kind: str, t: int) -> float:
        """Yearly old-law pension awarded in year t; 0 where none is due."""
        i, x, weeks = self.i, self.age(block, t), self.weeks(block, t)
        mw = self.minimum_wage(t)
        occupational = kind.startswith("occupational")
        if not occupational:
            needed = i["old_weeks_retirement"] if kind == "retirement" else i["old_weeks_disability"]
            if weeks < needed or (kind == "retirement" and self.severance(x) <= 0.0):
                return 0.0
        if i["old_law_benefit"] == "minimum":
            return i["flat_multiple"] * mw
        bonus = 1.0 + i["bonus_months"] / i["months_per_year"]
        minimum = i["minimum_pension_mw"] * mw
        if occupational:
            wage = self.pensionable_wage(block, relative, t)
            return max(i["old_occupational_share"] * wage, minimum) * bonus
        years = i["average_years"]
        S = 0.0
        for j in range(1, years + 1):
            nominal = self.pensionable_wage(block, relative, t - j) * self.average_price(t - j)
            of_award = self.average_price(t) if self.i["prices"] == "average" else self.price(t)
            S += nominal / of_award / years
        basic, increment = next((b, c) for up_to, b, c in i["art_167"] if up_to >= S / mw)
        pension = S * (basic + increment * self.increments(weeks))
        if kind == "retirement":
            pension *= self.severance(x)
        if kind in ("retirement", "disability"):
            e = self.entitled(block["sex"], x)
            family = i["allowance_spouse"] + i["allowance_child"] * at_age(i["children"], x)
            pension *= 1.0 + e * family + (1.0 - e) * i["allowance_alone"]
        pension = min(pension, S)
        if weeks >= i["minimum_pension_weeks"]:
            pension = max(pension, minimum)
        return pension * bonus

    def guarantee(self, t: int) -> float:
        """M: the minimum guarantee of awards of a year, a year; none where the guarantee's cost is a replica."""
        if self.i["mpg"] == "replica":
            return 0.0
        M = self.i["guarantee_daily"] * self.i["days_per_year"]
        for year in range(self.first + 1, t + 1):
            M *= 1.0 + held(self.i["guarantee_growth"], year)
        return M

    def guarantee_of_career(self, block: Block, relative: float, t: int) -> float:
        """M of a pension of retirement: from a cell of the year's table by age, weeks above and mean wage of the career."""
        cells = [cell for cell in self.i["guarantee_cells"] if cell[0] <= t]
        if not cells or self.i["mpg"] == "replica":
            return self.guarantee(t)
        cells = [cell for cell in cells if cell[0] == max(start for start, *_ in cells)]
        earlier = max(self.i["average_years"], self.i["iv_average_years"]) + 1
        begins = self.first - earlier if block["kind"] == "member" else block["entry"]
        career = [self.pensionable_wage(block, relative, year) for year in range(begins, t)]
        umas = sum(career) / len(career) / (held(self.i["uma"], t) * self.i["days_per_year"])
        ages, columns = {cell[2] for cell in cells}, {cell[3] for cell in cells}
        age = min(max(self.age(block, t), min(ages)), max(ages))
        above = self.weeks(block, t) - held(self.i["new_weeks_retirement"], t)
        column = max((weeks for weeks in columns if weeks <= above), default=min(columns))
        fitting = [
            c for c in cells if c[2] == age and c[3] == column and (c[1] == 0.0 or umas < c[1] * (1.0 - 1e-9))
        ]
        lowest = min(fitting, key=lambda cell: cell[1] or math.inf)
        return lowest[4] * self.i["days_per_year"]

    def new_pension(self, block: Block, relative: float, kind: str, t: int) -> float | None:
        """Pension the new law defines before its minimum, a year; None where only the balance is due."""
        i = self.i
        if kind == "retirement":
            old_enough = self.age(block, t) >= i["guarantee_minimum_age"]
            return 0.0 if old_enough and self.weeks(block, t) >= held(i["new_weeks_retirement"], t) else None
        if kind.startswith("occupational"):
            return i["new_occupational_share"] * self.pensionable_wage(block, relative, t)
        if self.weeks(block, t) < i["new_weeks_" + kind]:
            return None
        years = i["iv_average_years"]
        if block["kind"] != "member":
            years = min(years, t - block["entry"])
        R = sum(self.pensionable_wage(block, relative, t - j) for j in range(1, years + 1)) / years
        return i["iv_share"] * R

    def award(self, block: Block, relative: float, kind: str, t: int, balances: dict[str, float]) -> Award:
        """The choice between the two laws, by one person of a cell (section 6)."""
        i, sex, x = self.i, block["sex"], self.age(block, t)
        a = self.annuity(kind, sex, x, t, True)
        a_real = self.annuity(kind, sex, x, t, False)
        A = sum(balances.values())
        M = self.guarantee_of_career(block, relative, t) if kind == "retirement" else self.guarantee(t)
        new = self.new_pension(block, relative, kind, t)
        if new is None:
            value = A
        elif kind == "retirement":
            value = A + max(0.0, M * a_real - A)
        else:
            value = max(A, max(new, M) * a_real)
        surrendered = ["ceav", "social_quota"]
        if i["surrendered_funds"] == "annex":
            surrendered.append("retirement")
        if i["infonavit_surrendered"] and i["infonavit_offset"] == "balance":
            surrendered.append("infonavit")
        H = sum(balances[fund] for fund in surrendered)
        P = self.old_pension(block, relative, kind, t) if block["old_rights"] else 0.0
        # before the new law is in force, and without the reform, there is nothing to choose
        only_old = not i["enacted"] or i["choice"] == "old_law" or self.in_force(t) == 0.0
        takes_old = P > 0.0 and (only_old or P * a + (A - H) > value)
        return Award(kind, sex, x, t, P, H, a, A, a_real, new, takes_old, M)

    def is_pension(self, award: Award) -> bool:
        """Whether an account is paid as a pension: with the weeks, or if it buys a good deal more than M."""
        if award.new is None and award.kind == "retirement":
            return award.A > 0.0 and self.i["early_multiple"] * award.M * award.a_real <= award.A
        return award.new is not None

    # ---- 7. what the State pays

    def state_pays(self, award: Award, heads: float) -> dict[int, tuple[float, float]]:
        """State payments for an award cell, by year: to the pensioners, to the families."""
        if award.takes_old:
            rule = self.i["recognition"]
            return self.backed(award, heads, award.P, award.H, award.a, rule, old_law=True)
        if not self.i["enacted"] or award.new is None:
            return {}
        rule = self.i["mpg"]
        if rule == "replica":
            return {}
        M = award.M
        if award.kind == "retirement" and rule != "top_up":
            return self.backed(award, heads, M, award.A, award.a_real, rule, old_law=False)
        if award.kind == "retirement":
            shortfall = max(0.0, M - award.A / award.a_real)
        else:
            shortfall = max(0.0, M - award.new)
        rule = "capital" if rule == "capital" else "exhaustion"  # of an empty pool: everything, every year
        return self.backed(award, heads, shortfall, 0.0, award.a_real, rule, old_law=False)

    def backed(
        self, award: Award, heads: float, pension: float, balance: float, a: float, rule: str, old_law: bool
    ) -> dict[int, tuple[float, float]]:
        """State payments for a pension behind which a balance stands."""
        if rule == "capital":
            lacking = heads * max(0.0, pension * a - balance)
            return {award.t: self.capital_split(award, lacking)}
        pool = heads * balance
        state = {}
        for year in range(award.t, self.last + 1):
            k = year - award.t
            own, family = self.paid(award.kind, award.sex, award.x, k, old_law)
            amount = heads * pension * self.indexation(old_law, award.t, year)
            due = amount * (own + family)
            if due == 0.0:
                continue
            if rule == "share":
                missing = due * max(0.0, 1.0 - balance / (pension * a))
            else:
                from_pool = min(pool, due)
                missing = due - from_pool
                pool = (pool - from_pool) * (1.0 + self.fund_return("retirement", year))
            state[year] = (missing * own / (own + family), missing * family / (own + family))
        return state

    def capital_split(self, award: Award, lacking: float) -> tuple[float, float]:
        """A capital paid at award is booked under the type of the award."""
        if award.kind in ("death", "occupational_death"):
            return 0.0, lacking
        return lacking, 0.0


# ---- the years, one after the other


def population(r: Reading) -> tuple[list[Block], dict[str, Any]]:
    """Heads of every block in every year (section 3)."""
    i = r.i
    blocks: list[Block] = [dict(block) for block in i["blocks"]]
    for block in blocks:
        block["opening"], block["leaving"], block["contributing"] = {}, {}, {}
    lines: dict[str, Any] = {
        "opening": {},
        "contributors": {},
        "entrants": {},
        "arrivals": {},
        "exits": {cause: {} for cause in CAUSES},
    }
    target = i["contributors"]
    for year in r.years:
        if year > r.first:
            target *= 1.0 + held(i["contributors_growth"], year - 1)
        opening = remaining = arrivals = 0.0
        exits = dict.fromkeys(CAUSES, 0.0)
        for block in blocks:
            present = year >= block["entry"] if block["kind"] == "member" else year > block["entry"]
            if present:
                heads = block["heads"] if year == r.first else block["contributing"][year - 1]
                probability = r.exits(block, year)
                block["opening"][year] = heads
                block["leaving"][year] = {cause: heads * probability[cause] for cause in CAUSES}
                stay = heads - sum(block["leaving"][year].values())
                block["contributing"][year] = stay
                opening += heads
                remaining += stay
                for cause in CAUSES:
                    exits[cause] += block["leaving"][year][cause]
            elif block["kind"] == "arrival" and year == block["entry"]:
                block["contributing"][year] = block["heads"]
                arrivals += block["heads"]
        gap = target - remaining - arrivals
        if gap < -1e-9 * target:
            raise ValueError(f"{year}: contributors fall faster than they leave")
        before_reform = i["enacted"] and year < i["reform_date"].year
        for sex in SEXES:
            for age, share in i["entry_age_shares"][sex].items():
                if share > 0.0:
                    entrant: Block = {
                        "kind": "entrant",
                        "generation": "present" if before_reform else "future",
                        "sex": sex,
                        "age": age,
                        "entry": year,
                        "service": 0.0,
                        "heads": gap * share,
                        "old_rights": before_reform or not i["enacted"],
                        "wages": i["entrant_wages"],
                        "opening": {},
                        "leaving": {},
                        "contributing": {year: gap * share},
                    }
                    blocks.append(entrant)
        lines["opening"][year] = opening
        lines["contributors"][year] = remaining + arrivals + gap
        lines["entrants"][year], lines["arrivals"][year] = gap, arrivals
        for cause in CAUSES:
            lines["exits"][cause][year] = exits[cause]
    return blocks, lines


def ongoing_pensions(r: Reading) -> ByYear:
    """Pensions in payment at the state's date (section 7)."""
    i = r.i
    result = dict.fromkeys(r.years, 0.0)
    for group in i["ongoing"]:
        ages = range(group["age_min"], group["age_max"] + 1)
        normal = NormalDist(group["age_mean"], group["age_sd"])
        density = {x: normal.cdf(x + 0.5) - normal.cdf(x - 0.5) for x in ages}
        everybody = sum(density.values())
        for x in ages:
            heads = group["heads"] * density[x] / everybody
            alive = 1.0
            for year in r.years:
                k = year - r.first
                if k > 0:
                    active = i["mortality_active"][group["sex"]]
                    disabled = i["mortality_disabled"][group["sex"]]
                    emssa, at = group["emssa_weight"], x + k - 1
                    rate = emssa * at_age(active, at) + (1.0 - emssa) * at_age(disabled, at)
                    alive *= 0.0 if at >= max(active) else 1.0 - rate
                # Its amount stood in money of the state's date, and so many minimum wages of that date it was.
                level = group["level_mw"] * r.minimum_wage_in_december(i["state_year"])
                if i["ongoing_indexation"] == "minimum_wage":
                    level = group["level_mw"] * r.minimum_wage(year)
                receive = alive
                if group["reversion"]:
                    e = r.entitled(group["sex"], x)
                    widow = min(i["survivors_cap"], i["widow_share"])
                    receive += e * (1.0 - alive) * r.spouse(group["sex"], x, k) * widow
                result[year] += heads * level * receive
    return result


def memo(r: Reading, blocks: list[Block], result: dict[str, Any]) -> dict[str, ByYear]:
    """Lines beside the costs, never part of them (section 8)."""
    i = r.i
    lines = of_years(r, MEMO)
    stock = i["retirement_subaccount"]
    for year in r.years:
        f = r.in_force(year)
        bill = {ceiling: result["wage_bill"][ceiling][year] for ceiling in CEILINGS}
        old = i["old_ivcm_rate"] * bill["old_ivcm"]
        lost = f * (old - i["iv_rate"] * bill["iv"] - i["pensioners_health"] * bill["iv"])
        costs = [result["cost"][component][year] for component in COMPONENTS]
        lines["lost_ivcm_contributions"][year] = lost
        old_state = f * i["old_ivcm_state"] * bill["old_ivcm"]
        state = result["cost"]["state_contributions"][year]
        # Art. 25: pensioners' health is paid in the proportions of the old insurance.
        health_state = f * i["pensioners_health"] * bill["iv"] * i["old_ivcm_state"] / i["old_ivcm_rate"]
        if i["state_accounts"] == "consolidated":
            # State and IMSS as one: what one pays to the other is neither a cost nor a loss.
            others_lost = lost - (old_state - health_state - f * i["iv_state"] * bill["iv"])
            to_imss = f * i["iv_state"] * bill["iv"] if i["state_contributions"] == "full" else 0.0
            lines["net_cash_cost"][year] = sum(costs) - to_imss + others_lost
            lines["state_contributions_net_of_old"][year] = state + health_state - old_state
        else:
            lines["net_cash_cost"][year] = sum(costs) + lost
            lines["state_contributions_net_of_old"][year] = state - old_state
        heads_contributing = sum(block["contributing"].get(year, 0.0) for block in blocks)
        quota = i["health_quota_share"] * i["minimum_wage_daily"] * i["days_per_year"]
        lines["state_health_insurance"][year] = f * quota * heads_contributing
        old_health = i["old_health_rate"] * i["old_health_state_share"] * f * bill["old_ivcm"]
        lines["state_health_insurance_net_of_old"][year] = lines["state_health_insurance"][year] - old_health
        members = [block for block in blocks if block["kind"] == "member"]
        heads = sum(block["opening"][year] for block in members)
        leavers = sum(sum(block["leaving"][year].values()) for block in members)
        paid_out = stock * leavers / heads if heads > 0.0 else 0.0
        lines["retirement_subaccount_1992_96"][year] = paid_out
        stock = (stock - paid_out) * (1.0 + held(i["retirement_subaccount_return"], year))
        present = {ceiling: result["wage_bill_present"][ceiling][year] for ceiling in CEILINGS}
        lines["iv_premium_offset"][year] = f * i["iv_rate"] * present["iv"]
        lines["occupational_premium_offset"][year] = f * i["occupational_premium"] * present["iv"]
    return lines


def of_years(r: Reading, *names: tuple[str, ...]) -> Any:
    """Nested dicts over the given names, ending in zeros by year."""
    if not names:
        return dict.fromkeys(r.years, 0.0)
    return {name: of_years(r, *names[1:]) for name in names[0]}


def project(inputs: Inputs) -> dict[str, Any]:
    """Project a population; every result is by year, money in pesos of December 1996."""
    i = inputs
    r = Reading(i)
    blocks, lines = population(r)
    result: dict[str, Any] = {
        **lines,
        "gdp": {year: r.gdp(year) for year in r.years},
        "minimum_wage": {year: r.minimum_wage(year) for year in r.years},
        "wage_bill": of_years(r, CEILINGS),
        "quota_of_full_years": of_years(r),
        "contributions": of_years(r, FUNDS),
        "assets": of_years(r, FUNDS),
        "awards": of_years(r, GENERATIONS, REGIMES, TYPES),
        "old_law_pensions": of_years(r, GENERATIONS, TYPES),
        "surrendered": of_years(r, GENERATIONS),
        "state_pays": of_years(r, GENERATIONS, REGIMES, TYPES),
        "acquired_rights_by_type": of_years(r, TYPES),
        "mpg_by_type": of_years(r, TYPES),
        "wage_bill_present": of_years(r, CEILINGS),
        "transition_infonavit": of_years(r),
        "cost": of_years(r, COMPONENTS),
    }
    for block in blocks:
        for relative, share in block["wages"]:
            follow(r, block, relative, share, result)

    for year in r.years:
        for kind in TYPES:
            present, future = (result["state_pays"][generation] for generation in GENERATIONS)
            for regime in REGIMES:
                counted = r.cost_counts(year)
                result["acquired_rights_by_type"][kind][year] += counted * present[regime][kind][year]
                # Old-law pensions of later entrants, which only a country without the reform has, are rights under it.
                later = result["mpg_by_type" if regime == "guarantee" else "acquired_rights_by_type"]
                later[kind][year] += counted * future[regime][kind][year]
        # State contributions
        # on days contributed, or as though everybody contributed all days
        quotas = result["quota_of_full_years"][year] * (
            i["density"] if i["quota_basis"] == "density" else 1.0
        )
        paid = quotas
        if i["state_contributions"] == "full":
            paid += held(i["ceav_state"], year) * result["wage_bill"]["ceav"][year]
            paid += i["iv_state"] * result["wage_bill"]["iv"][year]
        result["cost"]["state_contributions"][year] = r.in_force(year) * paid
        # what the State pays, which on another quota basis is not what is credited
        result["contributions"]["social_quota"][year] = r.in_force(year) * quotas
    replica_cells(r, result)
    for year in r.years:
        cost = result["cost"]
        cost["acquired_rights"][year] += sum(result["acquired_rights_by_type"][k][year] for k in TYPES)
        cost["mpg_new_workers"][year] += sum(result["mpg_by_type"][k][year] for k in TYPES)
    for year, paid in ongoing_pensions(r).items():
        result["cost"]["ongoing_pensions"][year] = r.cost_counts(year) * paid
    result["memo"] = memo(r, blocks, result)
    return result


def follow(r: Reading, block: Block, relative: float, share: float, result: dict[str, Any]) -> None:
    """One cell through its years: awards at the opening, then the year's interest and contribution."""
    generation = block["generation"]
    balances = dict.fromkeys(FUNDS, 0.0)
    for year in r.years:
        if year < block["entry"]:
            continue
        # awards use weeks and balances at the opening of the year
        for kind in TYPES:
            heads = share * block["leaving"].get(year, {}).get(kind, 0.0)
            if kind in ("death", "occupational_death"):
                heads *= r.entitled(block["sex"], r.age(block, year))
            if heads == 0.0:
                continue
            award = r.award(block, relative, kind, year, balances)
            regime = "old_law" if award.takes_old else "guarantee" if r.is_pension(award) else "balance"
            result["awards"][generation][regime][kind][year] += heads
            costs = result["state_pays"][generation][regime]
            for later, (own, family) in r.state_pays(award, heads).items():
                costs[kind][later] += own
                costs[SURVIVORS_OF[kind]][later] += family
            if award.takes_old:
                result["surrendered"][generation][year] += heads * award.H
                for later in range(year, r.last + 1):
                    pension = heads * award.P * r.indexation(True, year, later)
                    own, family = r.paid(kind, award.sex, award.x, later - year, True)
                    gross = result["old_law_pensions"][generation]
                    gross[kind][later] += pension * own
                    gross[SURVIVORS_OF[kind]][later] += pension * family
        # contributions of those who remain or have joined
        heads = share * block["contributing"][year]
        result["quota_of_full_years"][year] += heads * r.quota(r.wage(block, relative, year), year)
        credited = r.credited(block, relative, year)
        for fund in FUNDS:
            balances[fund] = balances[fund] * (1.0 + r.fund_return(fund, year)) + credited[fund]
            if fund != "social_quota":
                paid_in = heads * credited[fund]
                if fund == "infonavit":  # due for those with a loan as well, whom nothing is credited
                    due = r.base(block, relative, year, fund) * r.i["infonavit_rate"]
                    due *= held(r.i["infonavit_collection"], year)
                    paid_in = heads * r.in_force(year) * due
                    if generation == "present":
                        result["transition_infonavit"][year] += paid_in
                result["contributions"][fund][year] += paid_in
            result["assets"][fund][year] += heads * balances[fund]
        for ceiling in CEILINGS:
            covered = heads * r.base(block, relative, year, ceiling)
            result["wage_bill"][ceiling][year] += covered
            if generation == "present":
                result["wage_bill_present"][ceiling][year] += covered


def replica_cells(r: Reading, result: dict[str, Any]) -> None:
    """Cells that constants of the published basis replace (section 7)."""
    i = r.i
    rights, guarantee = result["acquired_rights_by_type"], result["mpg_by_type"]
    if i["infonavit_surrendered"] and i["infonavit_offset"] == "factor":
        without = project({**i, "infonavit_surrendered": False, "rcv_return": i["replica_base_rcv_return"]})
        for kind in TYPES:
            for year in r.years:
                factor = held(i["replica_acquired_rights_factor"], year)
                rights[kind][year] = factor * without["acquired_rights_by_type"][kind][year]
    elif i["type_split"] == "replica":
        for year in r.years:
            rights["occupational_disability"][year] = i["replica_c4_over_c2"] * rights["disability"][year]
            rights["occupational_death"][year] = i["replica_c5_over_c3"] * rights["death"][year]
    if i["infonavit_surrendered"] and i["infonavit_offset"] == "pooled_contributions":
        for year in r.years:
            cost = sum(rights[kind][year] for kind in TYPES)
            for kind in TYPES:
                if cost > 0.0:
                    rights[kind][year] *= max(0.0, 1.0 - result["transition_infonavit"][year] / cost)
    if i["mpg"] == "replica":
        for year in r.years:
            for kind in TYPES:
                guarantee[kind][year] = 0.0
            result["cost"]["mpg_new_workers"][year] = r.grown("replica_gdp", year) * held(
                i["replica_mpg"], year
            )
