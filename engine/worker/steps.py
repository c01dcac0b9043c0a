"""The calculation of one worker as a table that explains itself: step, article, formula, inputs, result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from cohorts.axes import ACCOUNTS, DEATH, OCCUPATIONAL_DISABILITY, RETIREMENT
from engine.law.account import Bands
from engine.worker.calculator import Study
from engine.worker.careers import AWARDS

PESOS = "pesos"
PESOS_A_YEAR = "pesos a year"
_OLD = "LSS 1973"
_NEW = "LSS 1995"


@dataclass(frozen=True)
class Step:
    """One line of a calculation.

    Attributes
    ----------
    part : {"career", "old", "new", "choice", "state"}
    step : str
    article : str
    formula : str
    inputs : str
        The formula's inputs with their values.
    result : float
    unit : str
        Pesos are those of December 1996.
    """

    part: str
    step: str
    article: str
    formula: str
    inputs: str
    result: float
    unit: str

    def as_dict(self) -> dict[str, object]:
        """For JSON and tables."""
        return asdict(self)


_IN_WORDS = {
    "retirement": "retirement",
    "ceav": "severance",
    "social_quota": "quota",
    "infonavit": "INFONAVIT",
}


def _money(value: float) -> str:
    return f"{value:,.2f}"


def _percent(value: float) -> str:
    return f"{100.0 * value:g}%"


def _six(value: float) -> str:
    return f"{value:.6f}"


def _by_year(values: NDArray[np.float64], form: Callable[[float], str]) -> str:
    """A value of every year: once where it is always the same, otherwise the lowest and the highest."""
    low, high = float(values.min()), float(values.max())
    return form(low) if low == high else f"{form(low)} to {form(high)} by year"


def _of_bands(bands: Bands, form: Callable[[float], str]) -> str:
    """A value by wage and year, once where it is the same for all wages."""
    said = _by_year(bands.value, form)
    return said if len(bands.value) == 1 else f"{said} and wage"


def steps(study: Study, law: str = "both") -> list[Step]:
    """Steps of a calculation in the order in which they are made.

    Parameters
    ----------
    study : Study
    law : {"both", "old", "new"}
        Which law's steps are wanted; the choice between them is part of ``both``.
    """
    found = _career(study)
    if law in ("both", "old"):
        found += _old_law(study)
    if law in ("both", "new"):
        found += _new_law(study)
    if law == "both":
        found += _choice(study)
    return found


def _career(study: Study) -> list[Step]:
    f, shared, career = study.figures, study.context, study.career
    terms = shared.terms
    service = float(study.before["participation"].sum())
    rows = [
        Step(
            "career",
            "weeks contributed",
            f"{_OLD}, Art. 167",
            "whole weeks of (years contributed x weeks of a year)",
            f"years contributed {service:g}; weeks of a year {study.law.old.weeks_per_year:g}",
            f["weeks"],
            "weeks",
        )
    ]
    if terms.enacted:
        wages = study.before.loc[study.before["year"] >= terms.first_year]
        span = f"{int(wages['year'].iloc[0])}-{int(wages['year'].iloc[-1])}" if len(wages) else "none"
        years = terms.first_year + np.arange(shared.rules.years)
        rate = shared.resolved.path("contributions.commission", years)
        gross = shared.resolved.path("contributions.retirement_employer", years)
        for name, title, article, formula, inputs in (
            (
                "retirement",
                "account: retirement",
                f"{_NEW}, Art. 168-I",
                "each year: balance x (1 + return), then rate x participation x min(wage, ceiling)",
                f"rate {_by_year(gross, _percent)} less commission of {_by_year(rate, _percent)} pro rata ="
                f" {_by_year(shared.rules.retirement.value[0], _six)}",
            ),
            (
                "ceav",
                "account: severance and old age",
                f"{_NEW}, Art. 168-II, 25th transitory",
                "the same with its own ceiling",
                f"rate net of commission {_of_bands(shared.rules.severance, _six)}",
            ),
            (
                "social_quota",
                "account: social quota",
                f"{_NEW}, Art. 168-IV",
                "the same with quota x participation",
                f"quota {_of_bands(terms.quota, _money)} a full year",
            ),
            (
                "infonavit",
                "account: INFONAVIT",
                "INFONAVIT law, Art. 29-II",
                "the same with the return on INFONAVIT",
                f"rate {_by_year(shared.rules.housing_rate, _percent)}",
            ),
        ):
            rows.append(Step("career", title, article, formula, f"{inputs}; years {span}", f[name], PESOS))
        rows.append(
            Step(
                "career",
                "account",
                f"{_NEW}, Art. 159-I",
                "sum of the four balances",
                " + ".join(_money(f[name]) for name in ACCOUNTS),
                f["account"],
                PESOS,
            )
        )
    rows.append(
        Step(
            "career",
            "last wage",
            "",
            "wage of a full year in the last year worked",
            f"age {career.award_age} at the award, year {career.born + career.award_age}",
            f["last_wage"],
            PESOS_A_YEAR,
        )
    )
    return rows


def _old_law(study: Study) -> list[Step]:
    f, shared = study.figures, study.context
    kind = AWARDS.index(study.career.award)
    law, terms = study.law.old, shared.terms
    minimum = f["minimum_wage"]
    if not f["old_rights"]:
        return [
            Step(
                "old",
                "right to the old law",
                f"{_NEW}, 3rd and 4th transitory",
                "contributed before the first year of the accounts",
                f"first year {terms.first_year}; nothing contributed before",
                0.0,
                "0 or 1",
            )
        ]
    rows = []
    if law.flat:
        rows.append(
            Step(
                "old",
                "pension",
                "assumption law_1973.flat_multiple",
                "multiple x minimum wage, where the weeks are enough",
                f"multiple {law.flat_multiple:g}; minimum wage {_money(minimum)}; weeks {f['weeks']:g}",
                f["old_pension"],
                PESOS_A_YEAR,
            )
        )
    elif kind >= OCCUPATIONAL_DISABILITY:
        rows.append(
            Step(
                "old",
                "pension",
                f"{_OLD}, Arts. 65-II, 71",
                "max(share x wage, minimum) x (1 + bonus)",
                f"share {_percent(law.occupational_share)}; wage {_money(f['risk_wage'])}; minimum {_money(minimum)};"
                f" bonus {law.bonus:.6f}",
                f["old_pension"],
                PESOS_A_YEAR,
            )
        )
    else:
        rows += _art_167(study, kind)
    rows.append(
        Step(
            "old",
            "value of a unit",
            "",
            "sum over years of expected payments x index x discount",
            "index: minimum wage after the award; discount: return on the accounts; payments to pensioner and family",
            f["unit_old"],
            "years",
        )
    )
    rows.append(
        Step(
            "old",
            "present value",
            "",
            "pension x value of a unit",
            f"{_money(f['old_pension'])} x {f['unit_old']:.6f}",
            f["value_old"],
            PESOS,
        )
    )
    rows.append(
        Step(
            "old",
            "handed over",
            f"{_NEW}, 13th transitory; scenario",
            "parts of the accounts that go to the State with the old law",
            ", ".join(
                f"{_IN_WORDS[name]} {_percent(part)}"
                for name, part in zip(ACCOUNTS, shared.rules.surrender, strict=True)
            ),
            f["handed_over"],
            PESOS,
        )
    )
    rows.append(
        Step(
            "old",
            "paid by the State",
            "Annex V; 13th transitory",
            "max(0, present value - handed over)",
            f"{_money(f['value_old'])} - {_money(f['handed_over'])}",
            f["state_old"],
            PESOS,
        )
    )
    rows.append(
        Step(
            "old",
            "replacement rate",
            "",
            "pension / last wage",
            f"{_money(f['old_pension'])} / {_money(f['last_wage'])}",
            f["replacement_old"],
            "share",
        )
    )
    return rows


def _art_167(study: Study, kind: int) -> list[Step]:
    f, shared, career = study.figures, study.context, study.career
    law, minimum, average = study.law.old, f["minimum_wage"], f["average_wage"]
    retires = kind == RETIREMENT
    allowance = 0.0 if kind == DEATH else f["allowance"]
    share = f["age_share"] if retires else 1.0
    needed = law.weeks_retirement if retires else law.weeks_disability
    rate = f["basic"] + f["increment"] * f["increment_years"]
    amount = average * rate * share * (1.0 + allowance)
    capped = min(amount, average)
    due = f["weeks"] >= needed and share > 0.0
    floor = law.minimum_pension_mw * minimum if f["weeks"] >= law.minimum_pension_weeks else 0.0
    rows = [
        Step(
            "old",
            "average wage S",
            f"{_OLD}, Art. 167",
            "nominal wages of the last five years contributed, by time, at the prices of the award",
            f"ceiling of the base wage; prices; years {shared.rules.average_years}",
            average,
            PESOS_A_YEAR,
        ),
        Step(
            "old",
            "S in minimum wages",
            f"{_OLD}, Art. 167",
            "S / minimum wage of the year of the award",
            f"{_money(average)} / {_money(minimum)}",
            average / minimum,
            "minimum wages",
        ),
        Step(
            "old",
            "wage group",
            f"{_OLD}, Art. 167",
            "row whose upper bound is not below S",
            f"basic amount {_percent(f['basic'])}; yearly increment {_percent(f['increment'])}",
            f["group"],
            "row",
        ),
        Step(
            "old",
            "years of increment",
            f"{_OLD}, Art. 167",
            "years of 52 weeks beyond 500; a rest of 13 to 26 weeks counts half, more counts one",
            f"weeks {f['weeks']:g}",
            f["increment_years"],
            "years",
        ),
        Step(
            "old",
            "weeks required",
            f"{_OLD}, Arts. 138, 145" if retires else f"{_OLD}, Arts. 131, 150",
            "weeks contributed at least",
            f"weeks {f['weeks']:g}; {'enough' if f['weeks'] >= needed else 'too few'}",
            needed,
            "weeks",
        ),
    ]
    if retires:
        rows.append(
            Step(
                "old",
                "severance factor",
                f"{_OLD}, Arts. 138, 145, 171",
                "share of the old-age pension by age",
                f"age {career.award_age}",
                share,
                "share",
            )
        )
    if kind != DEATH:
        rows.append(
            Step(
                "old",
                "family allowances",
                f"{_OLD}, Art. 164",
                "spouse 15%, child 10%; else parents 10% each; else 15% for living alone",
                f"spouse {career.spouse}; children {career.children:g}; parents {career.parents}",
                allowance,
                "share",
            )
        )
    rows += [
        Step(
            "old",
            "pension before limits",
            f"{_OLD}, Arts. 164, 167, 171",
            "S x (basic + increment x years) x factor x (1 + allowances)",
            f"{_money(average)} x {rate:.6f} x {share:g} x {1.0 + allowance:g}",
            amount,
            PESOS_A_YEAR,
        ),
        Step(
            "old",
            "at most S",
            f"{_OLD}, Art. 169",
            "min(pension, S), allowances included",
            f"min({_money(amount)}, {_money(average)})",
            capped,
            PESOS_A_YEAR,
        ),
        Step(
            "old",
            "at least the minimum",
            f"{_OLD}, Art. 168",
            "max(pension, minimum wage) with the weeks for it",
            f"max({_money(capped)}, {_money(floor)})",
            max(capped, floor),
            PESOS_A_YEAR,
        ),
        Step(
            "old",
            "pension" if kind != DEATH else "pension that survivors share",
            f"{_OLD}, Art. 167",
            "x (1 + bonus); 0 without a right",
            f"bonus {law.bonus * 12:g} months; {'due' if due else 'not due'}",
            f["old_pension"],
            PESOS_A_YEAR,
        ),
    ]
    return rows


def _new_law(study: Study) -> list[Step]:
    f, shared, career = study.figures, study.context, study.career
    law = study.law.new
    guarantee = f["guarantee"]
    kind = AWARDS.index(career.award)
    if not shared.terms.enacted:
        return []
    rows = [
        Step(
            "new",
            "value of a unit",
            "",
            "sum over years of expected payments x discount",
            "constant in real terms; payments to pensioner and family",
            f["unit_real"],
            "years",
        ),
        Step(
            "new",
            "annuity of the account",
            f"{_NEW}, Arts. 157, 159-IV",
            "account / value of a unit",
            f"{_money(f['account'])} / {f['unit_real']:.6f}",
            f["annuity"],
            PESOS_A_YEAR,
        ),
    ]
    if kind == RETIREMENT:
        rows += [
            Step(
                "new",
                "right to pension and guarantee",
                f"{_NEW}, Arts. 154, 162, 170",
                "age and weeks at least",
                f"age {career.award_age} of {law.minimum_age:g}; weeks {f['weeks']:g} of {law.weeks_retirement:g}",
                f["entitled"],
                "0 or 1",
            ),
            Step(
                "new",
                "early pension",
                f"{_NEW}, Art. 158",
                "annuity at least so many guarantees",
                f"{law.early_multiple:g} x {_money(guarantee)} = {_money(law.early_multiple * guarantee)}",
                f["early"],
                "0 or 1",
            ),
            Step(
                "new",
                "pension",
                f"{_NEW}, Arts. 157-164, 170",
                "max(annuity, guarantee) with the right; the annuity if early; else 0, the balance is paid out",
                f"annuity {_money(f['annuity'])}; guarantee {_money(guarantee)}",
                f["new_pension"],
                PESOS_A_YEAR,
            ),
            Step(
                "new",
                "paid by the State",
                f"{_NEW}, Arts. 170-173",
                "max(0, guarantee x value of a unit - account) with the right",
                f"{_money(guarantee)} x {f['unit_real']:.6f} - {_money(f['account'])}",
                f["state_new"],
                PESOS,
            ),
        ]
    else:
        occupational = kind >= OCCUPATIONAL_DISABILITY
        share = law.occupational_share if occupational else law.disability_share
        wage = f["risk_wage"] if occupational else f["reference_wage"]
        rows += [
            Step(
                "new",
                "right to an insured pension",
                f"{_NEW}, Art. 58" if occupational else f"{_NEW}, Arts. 122, 128",
                "no weeks are required" if occupational else "weeks at least",
                f"weeks {f['weeks']:g}",
                f["entitled"],
                "0 or 1",
            ),
            Step(
                "new",
                "pension",
                f"{_NEW}, Arts. 58, 61" if occupational else f"{_NEW}, Arts. 120, 141",
                "max(share x wage, guarantee, annuity of the account)",
                f"{_percent(share)} of {_money(wage)}; guarantee {_money(guarantee)}; annuity {_money(f['annuity'])}",
                f["new_pension"],
                PESOS_A_YEAR,
            ),
            Step(
                "new",
                "paid by the State",
                f"{_NEW}, Art. 141",
                "max(0, guarantee - share x wage) x value of a unit",
                f"top-up {_money(f['top_up'])} a year",
                f["state_new"],
                PESOS,
            ),
        ]
    rows += [
        Step(
            "new",
            "value",
            f"{_NEW}, Arts. 159, 170",
            "account, with what guarantee or insurance add to it",
            f"account {_money(f['account'])}",
            f["value_new"],
            PESOS,
        ),
        Step(
            "new",
            "replacement rate",
            "",
            "pension / last wage",
            f"{_money(f['new_pension'])} / {_money(f['last_wage'])}",
            f["replacement_new"],
            "share",
        ),
    ]
    return rows


def _choice(study: Study) -> list[Step]:
    f = study.figures
    rows = []
    if f["old_rights"]:
        rows.append(
            Step(
                "choice",
                "takes the old law",
                f"{_NEW}, 3rd, 4th and 11th transitory",
                "present value + kept > value under the new law",
                f"{_money(f['value_old'])} + {_money(f['kept'])}; {_money(f['value_new'])}",
                f["takes_old"],
                "0 or 1",
            )
        )
    rows.append(
        Step(
            "state",
            "paid by the State",
            "",
            "present value at the award under the law chosen",
            "old law" if f["takes_old"] else "new law",
            f["state"],
            PESOS,
        )
    )
    rows.append(
        Step(
            "state",
            "contributed by the State",
            f"{_NEW}, Arts. 148, 168",
            "social quota and shares of CEAV and IV, sum over the career, without interest",
            f"years from {study.context.terms.first_year} on",
            f["state_contributions"],
            PESOS,
        )
    )
    return rows


__all__ = ["Step", "steps"]
