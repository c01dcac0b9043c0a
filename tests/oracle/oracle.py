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
    "welfare_fund_complements",
    "welfare_fund_shortfall",
    "housing_repaid",
)
SURVIVORS_OF = {  # where payments to the survivors of a pensioner are booked
    "retirement": "death",
    "disability": "death",
    "death": "death",
    "occupational_disability": "occupational_death",
    "occupational_death": "occupational_death",
}
LONGEST_LIFE = 120
LAST_AGE = 110


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
    E: float  # family allowances beside the old-law pension, a year
    allowances_value: float  # value of a unit of them
    beside_new: float  # family allowances beside what the new law defines, a year
    a_guarantee: float  # value of a unit of guarantee in payment


class Reading:
    """What methods.md defines, one method each, in its order."""

    def __init__(self, inputs: Inputs) -> None:
        self.i = inputs
        self.by_epoch = {start: inputs | of_years for start, of_years in inputs["epochs"].items()}
        self.first: int = inputs["first_year"]
        self.last: int = inputs["last_year"]
        self.years = range(self.first, self.last + 1)
        # how much of a year has passed at an award: nothing, or half where awards are spread over it
        self.h = 0.5 if inputs["awards"] == "within_year" else 0.0
        self.blocks: list[Block] = []
        # a function of (year, age, ...) is computed once
        for name in (
            "price",
            "minimum_wage",
            "minimum_wage_in_december",
            "wage_index",
            "level",
            "gdp",
            "grown",
            "scale",
            "survival",
            "paid",
            "annuity",
            "allowed",
            "allowances_annuity",
            "beyond",
            "drawn",
            "indexation",
            "expected",
            "guarantee",
            "guarantee_index",
            "expected_guarantee",
            "guarantee_annuity",
        ):
            setattr(self, name, cache(getattr(self, name)))

    def epoch(self, year: int) -> int:
        """First year of the stretch in which what is dated by year of award, or of exit, is as in this one."""
        return max((start for start in self.i["epochs"] if start <= year), default=self.first)

    def of(self, epoch: int) -> Inputs:
        """All inputs as of the years of an epoch."""
        return self.by_epoch[epoch]

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

    def level(self, year: int) -> float:
        """Factor on all wages of a year by which their mean, floors in it, has grown as it is told to."""
        floor = self.i["wage_floor_mw"] * self.minimum_wage(year)

        def mean(factor: float, of: int) -> float:
            least = self.i["wage_floor_mw"] * self.minimum_wage(of)
            wages = heads = 0.0
            for block in self.blocks:
                for relative, share in block["wages"]:
                    on_a_day = block["contributing"].get(of, 0.0) * block["density"] * share
                    wages += on_a_day * max(factor * relative * self.profiled(block, of), least)
                    heads += on_a_day
            return wages / heads

        wanted = mean(1.0, self.first) * self.wage_index(year)
        if year <= self.first or wanted <= floor:
            return 1.0
        low, high = 0.0, 2.0
        while mean(high, year) < wanted:
            high *= 2.0
        while True:
            middle = 0.5 * (low + high)
            if middle in (low, high):
                return middle
            low, high = (middle, high) if mean(middle, year) < wanted else (low, middle)

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
                    # the average of those who contribute on a day
                    on_a_day = block["heads"] * block["density"] * share
                    wages += on_a_day * max(relative * scale * profile, floor)
                    heads += on_a_day
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
        follows = self.i["wage_growth"] == "mean_wage"
        return self.profiled(block, year) * (self.level(year) if follows else 1.0)

    def profiled(self, block: Block, year: int) -> float:
        """The same before all wages of a year are moved together."""
        age_first = block["age"] - (block["entry"] - self.first)
        if self.i["wage_growth"] == "uniform":
            age = age_first
        else:
            age = age_first + max(0, year - self.first)
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
        ceiling = self.ceiling(held(self.i["ceiling_average_wage"], year), year)
        return min(self.wage(block, relative, year), ceiling)

    def ceiling(self, multiple: float, year: int) -> float:
        """So many minimum wages, or UMA from the year on from which ceilings are told in them."""
        if year < self.i["first_year"] or held(self.i["ceilings_in_uma"], year) == 0.0:
            return multiple * self.minimum_wage(year)
        return multiple * held(self.i["uma"], year) * self.i["days_per_year"]

    def base(self, block: Block, relative: float, year: int, ceiling: str) -> float:
        """B(c): covered wages actually earned in a year."""
        top = self.ceiling(held(self.i["ceilings"][ceiling], year), year)
        return block["density"] * min(self.wage(block, relative, year), top)

    # ---- 1. and 3. dates, service, decrements

    def age(self, block: Block, year: int) -> int:
        """x: age at the opening of a year."""
        return block["age"] + (year - block["entry"])

    def service(self, block: Block, year: int) -> float:
        """Years of service at the moment of awards of a year."""
        return block["service"] + block["density"] * (year + self.h - block["entry"])

    def weeks(self, block: Block, year: int) -> int:
        """Whole weeks of service at the moment of awards of a year."""
        return math.floor(self.service(block, year) * self.i["weeks_per_year"] + 1e-6)

    def exits(self, block: Block, year: int) -> dict[str, float]:
        """Probability of each exit during a year, for somebody contributing at its opening."""
        age, sex, i = self.age(block, year), block["sex"], self.of(self.epoch(year))
        if age >= i["last_age"]:
            retirement = 1.0
        else:
            retirement = i["retirement_hazard"].get(age, 0.0)
            short = self.weeks(block, year) < i["old_weeks_retirement"]
            if self.i["retirement_exposure"] == "entitled" and block["old_rights"] and short:
                retirement = 0.0
            if year == self.first:  # the backlog of awards
                retirement = min(1.0, retirement * self.i["retirement_first_year_factor"])
        # rates per contributor: affiliates are exposed for the time that they contribute, the same for all of them
        exposed = self.i["density"] if self.i["population_counts"] == "contributors" else 1.0
        independent = {
            "retirement": retirement,
            "disability": at_age(i["iv_disability"][sex], age) * i["iv_disability_scale"] * exposed,
            "death": at_age(i["mortality_active"][sex], age) * i["active_mortality_scale"],
            "occupational_disability": at_age(i["occupational_disability"][sex], age) * exposed,
            "occupational_death": at_age(i["occupational_death"][sex], age) * exposed,
            "leaving": at_age(i["leaving"][sex], age),
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
        daily = self.of_band(self.i["quota_bands"], wage, year, held(self.i["social_quota"], year))
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
        net = 1.0 - held(i["commission"], year) / (i["retirement_rate"] + ceav_rate)
        quota = self.quota(wage, year) * (block["density"] if i["account_quota_basis"] == "density" else 1.0)
        infonavit = self.base(block, relative, year, "infonavit") * i["infonavit_rate"]
        infonavit *= held(i["infonavit_collection"], year)
        return {
            "retirement": f * self.base(block, relative, year, "retirement") * i["retirement_rate"] * net,
            "ceav": f * self.base(block, relative, year, "ceav") * ceav_rate * net,
            "social_quota": f * quota,
            "infonavit": f * infonavit * (1.0 - i["infonavit_loan_share"]),
        }

    def at_award(
        self, block: Block, relative: float, year: int, balances: dict[str, float]
    ) -> dict[str, float]:
        """Balances at the moment of awards: the opening ones with the interest and contributions until then."""
        credited = self.credited(block, relative, year)
        return {
            fund: held * (1.0 + self.fund_return(fund, year)) ** self.h + self.h * credited[fund]
            for fund, held in balances.items()
        }

    def unemployed(self, block: Block, relative: float, year: int, balances: dict[str, float]) -> None:
        """Withdrawals on account of unemployment at the end of a year, out of the three pension accounts alike."""
        funds = [fund for fund in FUNDS if fund != "infonavit"]
        held = sum(balances[fund] for fund in funds)
        if held <= 0.0:
            return
        a_day = self.base(block, relative, year, "retirement") / block["density"] / self.i["days_per_year"]
        one = min(self.i["unemployment_days"] * a_day, self.i["unemployment_share"] * held)
        taken = self.in_force(year) * self.i["unemployment_frequency"] * one
        for fund in funds:
            balances[fund] -= taken * balances[fund] / held

    def fund_return(self, fund: str, year: int) -> float:
        """r(t) of an account: what the fund earns less the AFORE's commission on the balance; housing pays none."""
        if fund == "infonavit":
            return held(self.i["infonavit_return"], year)
        return held(self.i["rcv_return"], year) - held(self.i["commission_balance"], year)

    def annuity_rate(self, year: int) -> float:
        """Rate by which annuities are priced and the worker compares the two laws."""
        return held(self.i["annuity_return"], year)

    # ---- 5. payments of a unit of pension

    def step(self, k: int) -> float:
        """Years from the payment of one year to that of the next: less after the first, made at the award."""
        return 1.0 - self.h if k == 0 else 1.0

    def survival(self, table: str, sex: str, age: int, k: int, epoch: int, h: float) -> float:
        """Probability of living at the opening k years later, for who lives when h of the first has passed.

        The age is that at the opening of the first; deaths of a year are spread evenly over it; nobody outlives the last
        age of the table.
        """
        rates = self.of(epoch)[table][sex]
        last_age = max(rates)
        if k == 0:
            return 1.0
        alive = 1.0 / (1.0 - h * (1.0 if age >= last_age else at_age(rates, age)))
        for passed in range(k):
            if age + passed >= last_age:
                return 0.0
            alive *= 1.0 - at_age(rates, age + passed)
        return alive

    def entitled(self, sex: str, x: int, epoch: int) -> float:
        """e(x): probability that a death leaves an entitled family."""
        share = at_age(self.of(epoch)["spouse_share"][sex], x)
        return share * self.of(epoch)["dependent_widower_share"] if sex == "f" else share

    def spouse(self, sex: str, x: int, k: int, epoch: int, h: float) -> float:
        """s(k): probability that the spouse, alive at the award, lives at the opening k years later."""
        if sex == "m":
            return self.survival("mortality_active", "f", x - self.i["spouse_age_difference"], k, epoch, h)
        return self.survival("mortality_active", "m", x + self.i["spouse_age_difference"], k, epoch, h)

    def children_left(self, x: int, k: int, epoch: int) -> float:
        """Children still below the age limit, ages spread evenly below it at the award."""
        i = self.of(epoch)
        passed = k - self.h if k > 0 else 0.0
        return at_age(i["children"], x) * max(0.0, 1.0 - passed / i["child_age_limit"])

    def family(self, kind: str, sex: str, x: int, k: int, old_law: bool, epoch: int) -> float:
        """fam(k): what an entitled family receives k years after the award, by the law of the pension."""
        i = self.of(epoch)
        law = "" if old_law else "new_"
        branch = law + ("occupational_" if kind.startswith("occupational") else "")
        widow, orphan = i[branch + "widow_share"], i[branch + "orphan_share"]
        orphan_both, cap = i[branch + "orphan_share_both"], i[law + "survivors_cap"]
        spouse = self.spouse(sex, x, k, epoch, self.h)
        children = self.children_left(x, k, epoch)
        with_spouse = min(cap, widow + orphan * children)
        without_spouse = min(cap, orphan_both * children)
        return spouse * with_spouse + (1.0 - spouse) * without_spouse

    def alone(self, sex: str, x: int, epoch: int) -> float:
        """Probability that a death leaves a dependent parent and no family with a right."""
        return (1.0 - self.entitled(sex, x, epoch)) * self.of(epoch)["dependent_parents"]

    def parent(self, x: int, k: int, epoch: int) -> float:
        """Probability that a parent, of either sex alike, lives at the opening k years after the award."""
        age = x + self.i["parent_age_difference"]
        return sum(self.survival("mortality_active", sex, age, k, epoch, self.h) for sex in SEXES) / len(
            SEXES
        )

    def left_behind(self, kind: str, sex: str, x: int, k: int, old_law: bool, epoch: int) -> float:
        """What a death pays on average to family or parent, whether it leaves anybody or not."""
        i, law = self.of(epoch), "" if old_law else "new_"
        ascendant = min(i[law + "survivors_cap"], i[law + "ascendant_share"])
        to_family = self.entitled(sex, x, epoch) * self.family(kind, sex, x, k, old_law, epoch)
        return to_family + self.alone(sex, x, epoch) * ascendant * self.parent(x, k, epoch)

    def paid(self, kind: str, sex: str, x: int, k: int, old_law: bool, epoch: int) -> tuple[float, float]:
        """One unit of pension in the k-th year after that of the award: to the pensioner, to the family.

        In the year of the award, what of the year is left.
        """
        family = self.left_behind(kind, sex, x, k, old_law, epoch) * self.step(k)
        if kind in ("death", "occupational_death"):
            anybody = self.entitled(sex, x, epoch) + self.alone(sex, x, epoch)
            return 0.0, family / anybody if anybody > 0.0 else 0.0
        table = "mortality_active" if kind == "retirement" else "mortality_disabled"
        alive = self.survival(table, sex, x, k, epoch, self.h)
        return alive * self.step(k), (1.0 - alive) * family

    def allowed(self, kind: str, sex: str, x: int, k: int, epoch: int) -> float:
        """One unit of family allowances k years after the award, to the pensioner while he lives and has the relatives."""
        i = self.of(epoch)
        e, children = self.entitled(sex, x, epoch), at_age(i["children"], x)

        def share(spouse: float, left: float) -> float:
            family = i["allowance_spouse"] * spouse + i["allowance_child"] * left
            alone = (1.0 - spouse) * max(0.0, 1.0 - left)
            return e * (family + alone * i["allowance_alone"]) + (1.0 - e) * i["allowance_alone"]

        at_award = share(1.0, children)
        if at_award == 0.0:
            return 0.0
        alive, _ = self.paid(kind, sex, x, k, True, epoch)
        left = self.children_left(x, k, epoch)
        return alive * share(self.spouse(sex, x, k, epoch, self.h), left) / at_award

    def allowances_annuity(self, kind: str, sex: str, x: int, t: int, old_law: bool) -> float:
        """The value of a unit of family allowances."""
        value, discount = 0.0, 1.0
        for k in range(LONGEST_LIFE):
            value += (
                self.allowed(kind, sex, x, k, self.epoch(t)) * self.expected(old_law, t, t + k) * discount
            )
            discount /= (1.0 + self.annuity_rate(t + k)) ** self.step(k)
        return value

    def discount(self, t: int, later: int) -> float:
        """V(t, later)."""
        value = 1.0
        for u in range(t, later):
            value /= 1.0 + self.annuity_rate(u)
        return value

    def indexation(self, old_law: bool, t: int, later: int) -> float:
        """I(later)/I(t): an old-law pension after award, or 1 for one that is constant in real terms."""
        if not old_law or self.i["old_law_indexation"] != "minimum_wage":
            return 1.0
        index = 1.0
        for year in range(t + 1, later + 1):
            index *= self.increase(year, year)
        return index

    def increase(self, year: int, law_of: int) -> float:
        """Factor of a pension in payment in a year under the law of a year: a part of the minimum wage's growth."""
        growth = self.minimum_wage(year) / self.minimum_wage(year - 1) - 1.0
        return 1.0 + held(self.i["indexation"], law_of) * growth

    def expected(self, old_law: bool, t: int, later: int) -> float:
        """The same as it is expected in year t, if only the law of that year is known."""
        if self.i["foresight"] == "run" or not old_law or self.i["old_law_indexation"] != "minimum_wage":
            return self.indexation(old_law, t, later)
        index = 1.0
        for year in range(t + 1, later + 1):
            index *= self.increase(year, t)
        return index

    def own_index(self, pension: float, kind: str, x: int, t: int, later: int, known: int) -> float:
        """What a pension of its own level pays in a later year, per peso at the award: decrees and a least pension as well.

        Laws after the year `known` are not; that year's go on.
        """
        i = self.i
        bonus = 0.0 if i["old_law_benefit"] == "minimum" else i["bonus_months"] / i["months_per_year"]
        amount = pension / (1.0 + bonus)
        for year in range(t, later + 1):
            law = min(year, known)
            if year > t:
                amount *= self.increase(year, law)
            level = amount / self.minimum_wage(year)
            for begins, of_kind, age, least, most, factor in i["increases"]:
                fits = of_kind in (-1, TYPES.index(kind)) and x + year - t >= age
                fits = fits and least - 1e-9 <= level and (most == 0 or level <= most + 1e-9)
                if fits and begins <= known and year == max(begins, t):
                    amount *= factor
                    break
            if kind not in ("death", "occupational_death"):
                amount = max(amount, held(i["indexation_floor_mw"], law) * self.minimum_wage(year))
        return amount * (1.0 + bonus) / pension

    def in_payment(self, level_mw: float, decreed: int, x: int, year: int) -> float:
        """A pension of so many minimum wages at the state's date in a later year; x is its holder's age in the first.

        Decrees of the first year and later reach it, the least pension all but survivors and orphans; its level is compared
        with their bounds as it stands.
        """
        i = self.i
        amount = level_mw * self.minimum_wage(self.first)
        for u in range(self.first, year + 1):
            if u > self.first:
                amount *= self.increase(u, u)
            if not self.by_level():
                continue
            level = amount / self.minimum_wage(u)
            for begins, kind, age, least, most, factor in i["increases"]:
                fits = begins == u and kind in (-1, decreed) and x + u - self.first >= age
                if fits and least - 1e-9 <= level and (most == 0 or level <= most + 1e-9):
                    amount *= factor
                    break
            if decreed not in (2, 4, 5):
                amount = max(amount, held(i["indexation_floor_mw"], u) * self.minimum_wage(u))
        return amount

    def by_level(self) -> bool:
        """Whether a pension in payment depends on its own level."""
        floors, increases = self.i["indexation_floor_mw"], self.i["increases"]
        some = any(floors.values()) or any(row[0] <= self.last + LONGEST_LIFE for row in increases)
        return some and self.i["old_law_indexation"] == "minimum_wage"

    def own_annuity(
        self, pension: float, kind: str, sex: str, x: int, t: int, of_allowances: bool = False
    ) -> float:
        """The value of a unit of an old-law pension, or of its allowances, on the index of its own level."""
        known = t if self.i["foresight"] == "award" else t + LONGEST_LIFE
        value, discount = 0.0, 1.0
        for k in range(LONGEST_LIFE):
            own, family = self.paid(kind, sex, x, k, True, self.epoch(t))
            if of_allowances:
                own, family = self.allowed(kind, sex, x, k, self.epoch(t)), 0.0
            if own + family > 0.0:
                value += (own + family) * self.own_index(pension, kind, x, t, t + k, known) * discount
            discount /= (1.0 + self.annuity_rate(t + k)) ** self.step(k)
        return value

    def since(self, award: Award, later: int) -> float:
        """What an old-law pension, or a guarantee, pays in a later year, per peso at the award."""
        if not award.takes_old:
            return self.guarantee_index(award.t, later)
        if not self.by_level():
            return self.indexation(True, award.t, later)
        return self.own_index(award.P, award.kind, award.x, award.t, later, later)

    def annuity(self, kind: str, sex: str, x: int, t: int, old_law: bool) -> float:
        """a(t) for old-law pensions on their index, a_real for new-law pensions constant in real terms."""
        value = 0.0
        discount = 1.0
        for k in range(LONGEST_LIFE):
            own, family = self.paid(kind, sex, x, k, old_law, self.epoch(t))
            value += (own + family) * self.expected(old_law, t, t + k) * discount
            discount /= (1.0 + self.annuity_rate(t + k)) ** self.step(k)
        return value

    # ---- 6. benefits at award

    def increments(self, weeks: int, t: int) -> float:
        """Years that earn the increment of Art. 167."""
        beyond = max(0, weeks - self.of(self.epoch(t))["old_weeks_retirement"])
        years, rest = divmod(beyond, self.i["weeks_per_year"])
        if rest > self.i["rest_full_above"]:
            return years + 1.0
        return years + 0.5 if rest >= self.i["rest_half_from"] else float(years)

    def severance(self, age: int, t: int) -> float:
        """Share of the pension at an age: none before severance age, all from old age on.

        Who has completed an age at the opening is up to a year older, at the award by what has passed of the year more, and
        from the sixth month on a year more counts.
        """
        factors = self.of(self.epoch(t))["severance_factor"]
        if age < min(factors):
            return 0.0
        if self.i["severance_months"] == "dropped":
            return at_age(factors, age)
        months = 12
        at_award = [month + int(months * self.h) for month in range(months)]
        counted = [age + month // months + (month % months >= 6) for month in at_award]
        return sum(at_age(factors, of) for of in counted) / months

    def groups(self, S: float, mw: float, i: Inputs) -> tuple[float, float]:
        """Row of Art. 167."""
        ratio = S / mw
        if self.i["art_167_ratio"] == "two_decimals":
            ratio = math.floor((ratio + 1e-9) * 100.0) / 100.0 - 1e-9
        return next((b, c) for up_to, b, c in i["art_167"] if up_to >= ratio)

    def old_pension(self, block: Block, relative: float, kind: str, t: int) -> tuple[float, float]:
        """Yearly old-law pension awarded in year t and the family allowances beside it; 0 where none is due."""
        i, x, weeks = self.of(self.epoch(t)), self.age(block, t), self.weeks(block, t)
        mw = self.minimum_wage(t)
        occupational = kind.startswith("occupational")
        if not occupational:
            needed = i["old_weeks_retirement"] if kind == "retirement" else i["old_weeks_disability"]
            if weeks < needed or (kind == "retirement" and self.severance(x, t) <= 0.0):
                return 0.0, 0.0
        if i["old_law_benefit"] == "minimum":
            return i["flat_multiple"] * mw, 0.0
        bonus = 1.0 + i["bonus_months"] / i["months_per_year"]
        minimum = i["minimum_pension_mw"] * mw
        if occupational and i["occupational_risks"] == "total":
            wage = self.pensionable_wage(block, relative, t)
            return max(i["old_occupational_share"] * wage, minimum) * bonus, 0.0
        if occupational:
            as_wage = i["old_occupational_share"] * self.risk_wage(block, relative, t)
            floor = 0.0
            if weeks >= i["old_weeks_disability"]:
                pension, beside = self.old_pension(block, relative, "disability", t)
                floor = pension / bonus + beside
            of_wage, with_floor = self.drawn(kind)
            return of_wage * as_wage + with_floor * max(as_wage, floor), 0.0
        S = 0.0
        of_award = self.average_price(t) if self.i["prices"] == "average" else self.price(t)
        window = self.window("average_years", "average_weeks_old", block["density"], t)
        for j, time in self.latest(window):
            nominal = self.pensionable_wage(block, relative, t - j) * self.average_price(t - j)
            S += time * nominal / of_award / window
        basic, increment = self.groups(S, mw, i)
        pension = S * (basic + increment * self.increments(weeks, t))
        if kind == "retirement":
            pension *= self.severance(x, t)
        whole = pension * (1.0 + self.allowance(block, kind, t))

        def limited(amount: float) -> float:
            amount = min(amount, S)
            return max(amount, minimum) if weeks >= i["minimum_pension_weeks"] else amount

        if i["family_allowances"] == "in_pension":
            return limited(whole) * bonus, 0.0
        return limited(pension) * bonus, limited(whole) - limited(pension)

    def allowance(self, block: Block, kind: str, t: int) -> float:
        """Expected family allowances at the award, share of the pension; survivors have none."""
        if kind not in ("retirement", "disability"):
            return 0.0
        i, x = self.of(self.epoch(t)), self.age(block, t)
        e = self.entitled(block["sex"], x, self.epoch(t))
        family = i["allowance_spouse"] + i["allowance_child"] * at_age(i["children"], x)
        return e * family + (1.0 - e) * i["allowance_alone"]

    def window(self, years: str, weeks: str, density: float, t: int) -> float:
        """Years that wages are averaged over: calendar years, or those in which so many weeks are contributed."""
        if self.i["average_weeks"] == "calendar":
            return self.i[years]
        reaches = held(self.i[weeks], t) / self.i["weeks_per_year"] / density
        return min(reaches, self.i["history"] - 1)

    def latest(self, window: float) -> list[tuple[int, float]]:
        """Years back and what counts of each: what has passed of the award's own, all of the latest, of the earliest as much
        as is left.
        """
        left = window - self.h
        whole_years = [(j, min(1.0, left - (j - 1))) for j in range(1, math.ceil(left) + 1)]
        return [(0, self.h), *whole_years] if self.h > 0.0 else whole_years

    def risk_wage(self, block: Block, relative: float, year: int) -> float:
        """The wage that occupational pensions are a share of, up to a ceiling of its own."""
        if self.i["occupational_risks"] == "total":
            return self.pensionable_wage(block, relative, year)
        ceiling = self.ceiling(held(self.i["ceiling_occupational"], year), year)
        return min(self.wage(block, relative, year), ceiling)

    def beyond(self, degree: float) -> float:
        """Share of the disabled at work with more than a degree: an exponential, cut at 1, with the mean that is given."""
        low, high = 1e-3, 1e3
        for _ in range(200):
            scale = math.sqrt(low * high)
            if scale * (1.0 - math.exp(-1.0 / scale)) < self.i["mean_degree"]:
                low = scale
            else:
                high = scale
        return math.exp(-degree / scale)

    def pensioned(self, kind: str) -> float:
        """Share of exits that draw a pension: small degrees are paid an indemnity."""
        if kind != "occupational_disability" or self.i["occupational_risks"] == "total":
            return 1.0
        return self.beyond(self.i["indemnity_degree"])

    def drawn(self, kind: str) -> tuple[float, float]:
        """What a pensioner draws on the average of a total pension as the wage gives it, and of that with its floor."""
        bonus = self.i["occupational_bonus_months"] / self.i["months_per_year"]
        if kind == "occupational_death":
            return 0.0, 1.0 + bonus
        total, least, more = self.beyond(1.0), self.i["indemnity_degree"], self.i["bonus_degree"]

        def degrees(first: float) -> float:
            """Sum of the degrees of the partial ones from one on, by parts."""
            if first >= 1.0:
                return 0.0
            steps = 400
            nodes = [first + (1.0 - first) * n / steps for n in range(steps + 1)]
            simpson = sum(
                (1 if n in (0, steps) else 4 if n % 2 else 2) * self.beyond(node)
                for n, node in enumerate(nodes)
            )
            area = simpson * (1.0 - first) / steps / 3.0
            return first * self.beyond(first) - total + area

        partial = degrees(least) + bonus * degrees(max(least, more))
        share = self.pensioned(kind)
        return partial / share, total * (1.0 + bonus) / share

    def guarantee(self, t: int) -> float:
        """M: the minimum guarantee of awards of a year, a year; none where the guarantee's cost is a replica."""
        if self.i["mpg"] == "replica":
            return 0.0
        M = held(self.i["guarantee_daily"], t) * self.i["days_per_year"]
        for year in range(self.first + 1, t + 1):
            M *= 1.0 + held(self.i["guarantee_growth"], year)
        return M

    def raised(self, year: int, law_of: int) -> float:
        """Factor of a guarantee in payment in a year under the law of a year: a part of the guarantee's rise."""
        before, now = self.guarantee(year - 1), self.guarantee(year)
        growth = now / before - 1.0 if before > 0.0 else 0.0
        return 1.0 + held(self.i["guarantee_in_payment"], law_of) * max(0.0, growth)

    def guarantee_index(self, t: int, later: int) -> float:
        """J(later)/J(t): a guarantee in payment, per peso at its award."""
        return math.prod(self.raised(year, year) for year in range(t + 1, later + 1))

    def expected_guarantee(self, t: int, later: int) -> float:
        """The same as it is expected in year t, if only the law of that year is known."""
        if self.i["foresight"] == "run":
            return self.guarantee_index(t, later)
        return math.prod(self.raised(year, t) for year in range(t + 1, later + 1))

    def guarantee_annuity(self, kind: str, sex: str, x: int, t: int) -> float:
        """a_M: the value of a unit of guarantee in payment."""
        value, discount = 0.0, 1.0
        for k in range(LONGEST_LIFE):
            value += (
                sum(self.paid(kind, sex, x, k, False, self.epoch(t)))
                * self.expected_guarantee(t, t + k)
                * discount
            )
            discount /= (1.0 + self.annuity_rate(t + k)) ** self.step(k)
        return value

    def guarantee_of_career(self, block: Block, relative: float, t: int) -> float:
        """M of a pension of retirement: from a cell of the year's table by age, weeks above and mean wage of the career."""
        cells = [cell for cell in self.i["guarantee_cells"] if cell[0] <= t]
        if not cells or self.i["mpg"] == "replica":
            return self.guarantee(t)
        cells = [cell for cell in cells if cell[0] == max(start for start, *_ in cells)]
        earlier = self.i["history"]
        begins = self.first - earlier if block["kind"] == "member" else block["entry"]
        career = [(self.pensionable_wage(block, relative, year), 1.0) for year in range(begins, t)]
        career.append((self.pensionable_wage(block, relative, t), self.h))
        mean = sum(wage * time for wage, time in career) / sum(time for _, time in career)
        umas = mean / (held(self.i["uma"], t) * self.i["days_per_year"])
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
        i = self.of(self.epoch(t))
        if kind == "retirement":
            old_enough = self.age(block, t) >= i["guarantee_minimum_age"]
            return 0.0 if old_enough and self.weeks(block, t) >= held(i["new_weeks_retirement"], t) else None
        if kind.startswith("occupational"):
            by_degree = sum(self.drawn(kind)) if i["occupational_risks"] == "by_degree" else 1.0
            return i["new_occupational_share"] * self.risk_wage(block, relative, t) * by_degree
        before = "_before" if kind == "disability" and block["old_rights"] else ""
        if self.weeks(block, t) < i["new_weeks_" + kind + before]:
            return None
        window = self.window("iv_average_years", "average_weeks_new", block["density"], t)
        if block["kind"] != "member":
            window = min(window, t + self.h - block["entry"])
        R = 0.0
        for j, time in self.latest(window):
            R += time * self.pensionable_wage(block, relative, t - j) / window
        return i["iv_share"] * R

    def award(self, block: Block, relative: float, kind: str, t: int, balances: dict[str, float]) -> Award:
        """The choice between the two laws, by one person of a cell (section 6)."""
        i, sex, x = self.i, block["sex"], self.age(block, t)
        a = self.annuity(kind, sex, x, t, True)
        a_real = self.annuity(kind, sex, x, t, False)
        a_guarantee = self.guarantee_annuity(kind, sex, x, t)
        A = sum(balances.values())
        M = self.guarantee_of_career(block, relative, t) if kind == "retirement" else self.guarantee(t)
        new = self.new_pension(block, relative, kind, t)
        beside_new = 0.0
        if new is not None and kind == "disability" and i["family_allowances"] == "apart":
            # pension and allowances together at most the reference wage
            most = new * max(0.0, 1.0 / self.of(self.epoch(t))["iv_share"] - 1.0) if new > 0.0 else 0.0
            beside_new = min(new * self.allowance(block, kind, t), most)
        if new is None:
            value = A
        elif kind == "retirement":
            value = A + max(0.0, M * a_guarantee - A)
        else:
            if kind.startswith("occupational") and i["occupational_risks"] == "by_degree":
                M = 0.0  # no article has the State add to it
            beside = max(0.0, new + beside_new - max(new, M))
            # what is raised to the guarantee at the award is one, and stays one
            insured = M * a_guarantee if new + beside_new < M else max(new, M) * a_real
            if beside > 0.0:
                insured = max(new, M) * a_real + beside * self.allowances_annuity(kind, sex, x, t, False)
            if kind == "disability" and i["family_allowances"] == "apart":
                # the bonus is of the pension without allowances, and no part of what the State raises
                months = self.of(self.epoch(t))["iv_bonus_months"]
                insured += new * months / i["months_per_year"] * a_real
            value = max(A, insured)
        surrendered = ["ceav", "social_quota"]
        if i["surrendered_funds"] == "annex":
            surrendered.append("retirement")
        H = sum(balances[fund] for fund in surrendered)
        H += self.housing_handed_over(t, balances)
        P, E = self.old_pension(block, relative, kind, t) if block["old_rights"] else (0.0, 0.0)
        allowances_value = self.allowances_annuity(kind, sex, x, t, True) if E > 0.0 else 0.0
        if P > 0.0 and self.by_level():
            a = self.own_annuity(P, kind, sex, x, t)
            allowances_value = self.own_annuity(P, kind, sex, x, t, of_allowances=True) if E > 0.0 else 0.0
        # before the new law is in force, and without the reform, there is nothing to choose
        only_old = not i["enacted"] or i["choice"] == "old_law" or self.in_force(t) == 0.0
        takes_old = P > 0.0 and (only_old or P * a + E * allowances_value + (A - H) > value * (1.0 + 1e-9))
        return Award(
            kind,
            sex,
            x,
            t,
            P,
            H,
            a,
            A,
            a_real,
            new,
            takes_old,
            M,
            E,
            allowances_value,
            beside_new,
            a_guarantee,
        )

    def housing_handed_over(self, t: int, balances: dict[str, float]) -> float:
        """What of the housing balance goes with an old-law pension."""
        if self.i["infonavit_offset"] != "balance":
            return 0.0
        return held(self.i["infonavit_share"], t) * balances["infonavit"]

    def is_pension(self, award: Award) -> bool:
        """Whether an account is paid as a pension: with the weeks, or if it buys a good deal more than M."""
        if award.new is None and award.kind == "retirement":
            return (
                award.A > 0.0
                and self.of(self.epoch(award.t))["early_multiple"] * award.M * award.a_real <= award.A
            )
        return award.new is not None

    # ---- 7. what the State pays

    def state_pays(self, award: Award, heads: float) -> dict[int, tuple[float, float]]:
        """State payments for an award cell, by year: to the pensioners, to the families."""
        if award.takes_old:
            rule = self.i["recognition"]
            return self.backed(award, heads, award.P, award.H, award.a, rule)
        if not self.i["enacted"] or award.new is None:
            return {}
        rule = self.i["mpg"]
        if rule == "replica":
            return {}
        M, insured = award.M, award.new + award.beside_new
        if award.kind == "retirement":
            rule = "share" if rule == "top_up" else rule
            return self.backed(award, heads, M, award.A, award.a_guarantee, rule)
        if insured >= M:
            return {}
        if rule == "capital":
            lacking = heads * (M * award.a_guarantee - insured * award.a_real)
            return {award.t: self.capital_split(award, lacking)}
        state = {}
        for year in range(award.t, self.last + 1):
            own, family = self.paid(
                award.kind, award.sex, award.x, year - award.t, False, self.epoch(award.t)
            )
            added = heads * (M * self.guarantee_index(award.t, year) - insured)
            state[year] = (added * own, added * family)
        return state

    def complements(self, block: Block, relative: float, award: Award) -> ByYear:
        """What the welfare fund adds to one pension of retirement of a later entrant, while the pensioner lives."""
        i = self.i
        late_enough = i["welfare_enacted"] and award.t >= i["welfare_first_year"]
        if not late_enough or award.kind != "retirement" or block["old_rights"] or not self.is_pension(award):
            return {}
        pension = award.A / award.a_real
        if award.new is not None:
            pension = max(pension, award.M)
        last_wage = self.wage(block, relative, award.t - 1)
        found = {}
        for year in range(award.t, self.last + 1):
            k = year - award.t
            if award.x + k < i["welfare_age"]:
                continue
            upto = min(last_wage, held(i["welfare_ceiling"], year) * i["days_per_year"])
            alive, _ = self.paid("retirement", award.sex, award.x, k, False, self.epoch(award.t))
            found[year] = alive * max(0.0, upto - pension)
        return found

    def backed(
        self, award: Award, heads: float, pension: float, balance: float, a: float, rule: str
    ) -> dict[int, tuple[float, float]]:
        """State payments for a pension behind which a balance stands."""
        old_law = award.takes_old
        E = award.E if old_law else 0.0
        if rule == "capital":
            lacking = heads * max(0.0, pension * a + E * award.allowances_value - balance)
            return {award.t: self.capital_split(award, lacking)}
        pool = heads * balance
        state = {}
        for year in range(award.t, self.last + 1):
            k = year - award.t
            own, family = self.paid(award.kind, award.sex, award.x, k, old_law, self.epoch(award.t))
            amount = heads * pension * self.since(award, year)
            if E > 0.0:  # allowances, as so many units of the pension
                own += E / pension * self.allowed(award.kind, award.sex, award.x, k, self.epoch(award.t))
            due = amount * (own + family)
            if due == 0.0:
                continue
            if rule == "share":
                missing = due * max(0.0, 1.0 - balance / (pension * a + E * award.allowances_value))
            else:
                from_pool = min(pool, due)
                missing = due - from_pool
                pool = (pool - from_pool) * (1.0 + self.fund_return("retirement", year)) ** self.step(k)
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
        block["opening"], block["leaving"], block["contributing"], block["closing"] = {}, {}, {}, {}
    lines: dict[str, Any] = {
        "opening": {},
        "contributors": {},
        "affiliates": {},
        "entrants": {},
        "arrivals": {},
        "exits": {cause: {} for cause in CAUSES},
    }
    target = i["contributors"]

    def persons(of: float) -> float:
        """Contributors that an affiliate of a density stands for, as they are counted."""
        return of if i["population_counts"] == "contributors" else 1.0

    for year in r.years:
        if year > r.first:
            target *= 1.0 + held(i["contributors_growth"], year - 1)
        opening = remaining = arrivals = counted = 0.0
        exits = dict.fromkeys(CAUSES, 0.0)
        for block in blocks:
            present = year >= block["entry"] if block["kind"] == "member" else year > block["entry"]
            if present:
                heads = block["heads"] if year == r.first else block["closing"][year - 1]
                probability = r.exits(block, year)
                block["opening"][year] = heads
                block["leaving"][year] = {cause: heads * probability[cause] for cause in CAUSES}
                # at the last age everybody leaves, and rounding leaves nobody, not less than nobody
                block["closing"][year] = max(0.0, heads - sum(block["leaving"][year].values()))
                # and who leaves contributes until then
                stay = block["closing"][year] + r.h * (heads - block["closing"][year])
                block["contributing"][year] = stay
                opening += heads
                remaining += stay
                counted += stay * persons(block["density"])
                for cause in CAUSES:
                    exits[cause] += block["leaving"][year][cause]
            elif block["kind"] == "arrival" and year == block["entry"]:
                block["contributing"][year] = block["closing"][year] = block["heads"]
                arrivals += block["heads"]
                counted += block["heads"] * persons(block["density"])
        of_mean_entrant = sum(part * persons(density) for part, density, _ in i["entrant_classes"])
        gap = (target - counted) / of_mean_entrant
        if gap < -1e-9 * target:
            raise ValueError(f"{year}: contributors fall faster than they leave")
        before_reform = i["enacted"] and year < i["reform_date"].year
        for sex in SEXES:
            for age, share in i["entry_age_shares"][sex].items():
                for part, density, wages in i["entrant_classes"] if share > 0.0 else ():
                    entrant: Block = {
                        "kind": "entrant",
                        "generation": "present" if before_reform else "future",
                        "sex": sex,
                        "age": age,
                        "entry": year,
                        "service": 0.0,
                        "heads": gap * share * part,
                        "density": density,
                        "old_rights": before_reform or not i["enacted"],
                        "wages": wages,
                        "opening": {},
                        "leaving": {},
                        "contributing": {year: gap * share * part},
                        "closing": {year: gap * share * part},
                    }
                    blocks.append(entrant)
        lines["opening"][year] = opening
        lines["contributors"][year] = counted + gap * of_mean_entrant
        lines["affiliates"][year] = remaining + arrivals + gap
        lines["entrants"][year], lines["arrivals"][year] = gap, arrivals
        for cause in CAUSES:
            lines["exits"][cause][year] = exits[cause]
    return blocks, lines


def ongoing_pensions(r: Reading) -> ByYear:
    """Pensions in payment at the state's date (section 7)."""
    i = r.i
    result = dict.fromkeys(r.years, 0.0)
    for group in i["ongoing"]:
        ages = range(group["age_min"], min(LAST_AGE + 1, group["age_end"]))
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
                    level = r.in_payment(group["level_mw"], group["decreed"], x, year)
                # an orphan's pension ends, and so that of nobody else
                receive = alive = alive if x + k < group["age_end"] else 0.0
                if group["reversion"]:
                    e = r.entitled(group["sex"], x, r.first)
                    widow = min(i["survivors_cap"], i["widow_share"])
                    receive += e * (1.0 - alive) * r.spouse(group["sex"], x, k, r.first, 0.0) * widow
                result[year] += heads * level * receive
    return result


def memo(r: Reading, blocks: list[Block], result: dict[str, Any]) -> dict[str, ByYear]:
    """Lines beside the costs, never part of them (section 8)."""
    i = r.i
    lines = of_years(r, MEMO)
    stock, fund = i["retirement_subaccount"], i["welfare_balance"]
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
        heads_contributing = result["contributors"][year]
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
        lines["housing_repaid"][year] = repaid(r, result["housing_nominal"], year)
        lines["welfare_fund_complements"][year] = result["complements"][year]
        if year >= i["welfare_first_year"]:
            fund += held(i["welfare_inflow"], year)
            short = max(0.0, result["complements"][year] - fund)
            fund = (fund - result["complements"][year] + short) * (1.0 + r.fund_return("retirement", year))
            lines["welfare_fund_shortfall"][year] = short
        lines["iv_premium_offset"][year] = f * i["iv_rate"] * present["iv"]
        lines["occupational_premium_offset"][year] = f * i["occupational_premium"] * present["iv"]
    return lines


def repaid(r: Reading, handed_over: ByYear, year: int) -> float:
    """Housing balances given back in a year: a part of all that was handed over before the first such year."""
    begins = min((u for u in r.years if held(r.i["infonavit_repayment"], u) > 0.0), default=0)
    nominal = sum(handed_over[u] for u in r.years if u < begins)
    return held(r.i["infonavit_repayment"], year) * nominal / r.average_price(year)


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
    r.blocks = blocks
    result: dict[str, Any] = {
        **lines,
        "gdp": {year: r.gdp(year) for year in r.years},
        "minimum_wage": {year: r.minimum_wage(year) for year in r.years},
        "wage_bill": of_years(r, CEILINGS),
        "quota_of_full_years": of_years(r),
        "quota_of_days": of_years(r),
        "contributions": of_years(r, FUNDS),
        "assets": of_years(r, FUNDS),
        "awards": of_years(r, GENERATIONS, REGIMES, TYPES),
        "old_law_pensions": of_years(r, GENERATIONS, TYPES),
        "served": of_years(r, GENERATIONS, TYPES),
        "surrendered": of_years(r, GENERATIONS),
        "state_pays": of_years(r, GENERATIONS, REGIMES, TYPES),
        "acquired_rights_by_type": of_years(r, TYPES),
        "mpg_by_type": of_years(r, TYPES),
        "wage_bill_present": of_years(r, CEILINGS),
        "transition_infonavit": of_years(r),
        "complements": of_years(r),
        "housing_nominal": of_years(r),
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
        quotas = result["quota_of_days" if i["quota_basis"] == "density" else "quota_of_full_years"][year]
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
        # What is unexplained goes on in proportion.
        if year >= i["anchor_from"]:
            result["cost"]["ongoing_pensions"][year] *= i["anchor"]
            result["cost"]["acquired_rights"][year] *= i["anchor"]
            for kind in TYPES:
                result["acquired_rights_by_type"][kind][year] *= i["anchor"]
    result["memo"] = memo(r, blocks, result)
    return result


def add(total: ByYear, part: ByYear, times: float) -> None:
    """Add a path, so many times, to another."""
    for year, value in part.items():
        total[year] += times * value


def book_awards(
    r: Reading,
    block: Block,
    relative: float,
    share: float,
    year: int,
    balances: dict[str, float],
    result: dict[str, Any],
) -> None:
    """The awards of a year to one cell, with its balances at the opening, and all that they will be paid."""
    generation = block["generation"]
    then = r.at_award(block, relative, year, balances)
    for kind in TYPES:
        heads = share * block["leaving"].get(year, {}).get(kind, 0.0)
        if kind in ("death", "occupational_death"):
            person = block["sex"], r.age(block, year), r.epoch(year)
            heads *= r.entitled(*person) + r.alone(*person)
        heads *= r.pensioned(kind)
        if heads == 0.0:
            continue
        award = r.award(block, relative, kind, year, then)
        regime = "old_law" if award.takes_old else "guarantee" if r.is_pension(award) else "balance"
        result["awards"][generation][regime][kind][year] += heads
        if regime != "balance":
            result["served"][generation][kind][year] += heads * r.weeks(block, year)
        costs = result["state_pays"][generation][regime]
        for later, (own, family) in r.state_pays(award, heads).items():
            costs[kind][later] += own
            costs[SURVIVORS_OF[kind]][later] += family
        add(result["complements"], r.complements(block, relative, award), heads)
        if award.takes_old:
            result["surrendered"][generation][year] += heads * award.H
            # in pesos of the award, which are given back as they were
            add(
                result["housing_nominal"],
                {year: r.housing_handed_over(year, then)},
                heads * r.average_price(year),
            )
            for later in range(year, r.last + 1):
                pension = heads * award.P * r.since(award, later)
                own, family = r.paid(kind, award.sex, award.x, later - year, True, r.epoch(year))
                if award.E > 0.0:
                    allowed = r.allowed(kind, award.sex, award.x, later - year, r.epoch(year))
                    own += award.E / award.P * allowed
                gross = result["old_law_pensions"][generation]
                gross[kind][later] += pension * own
                gross[SURVIVORS_OF[kind]][later] += pension * family


def follow(r: Reading, block: Block, relative: float, share: float, result: dict[str, Any]) -> None:
    """One cell through its years: awards, then the year's interest and contribution."""
    generation = block["generation"]
    balances = dict.fromkeys(FUNDS, 0.0)
    for year in r.years:
        if year < block["entry"]:
            continue
        book_awards(r, block, relative, share, year, balances, result)
        # contributions of those who remain or have joined
        heads = share * block["contributing"][year]
        quota = heads * r.quota(r.wage(block, relative, year), year)
        result["quota_of_full_years"][year] += quota
        result["quota_of_days"][year] += quota * block["density"]
        credited = r.credited(block, relative, year)
        for fund in FUNDS:
            balances[fund] = balances[fund] * (1.0 + r.fund_return(fund, year)) + credited[fund]
        r.unemployed(block, relative, year, balances)
        for fund in FUNDS:
            if fund != "social_quota":
                paid_in = heads * credited[fund]
                if fund == "infonavit":  # due for those with a loan as well, whom nothing is credited
                    due = r.base(block, relative, year, fund) * r.i["infonavit_rate"]
                    paid_in = heads * r.in_force(year) * due * held(r.i["infonavit_collection"], year)
                    if generation == "present":
                        result["transition_infonavit"][year] += paid_in
                result["contributions"][fund][year] += paid_in
            result["assets"][fund][year] += share * block["closing"][year] * balances[fund]
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
        own = dict.fromkeys(("rcv_return", "annuity_return"), i["replica_base_rcv_return"])
        without = project({**i, "infonavit_surrendered": False, **own})
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
