"""The calculation of one worker as a table that explains itself: step, article, formula, inputs, result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cohorts.axes import ACCOUNTS, DEATH, DISABILITY, OCCUPATIONAL_DISABILITY, RETIREMENT
from engine.law.account import Bands
from engine.outputs.steps import Said, catalogue, joined, label, named, said, texts
from engine.worker.calculator import Study
from engine.worker.careers import AWARDS


@dataclass(frozen=True)
class Step:
    """One line of a calculation.

    Attributes
    ----------
    part : Said
        career, old, new, choice or state.
    step, article, formula : Said
        English as they stand; ``step.formula.to("es")`` is Spanish.
    inputs : Said
        The formula's inputs with their values.
    result : float
    unit : Said
        Pesos are those of December 1996.
    """

    part: Said
    step: Said
    article: Said
    formula: Said
    inputs: Said
    result: float
    unit: Said

    def as_dict(self) -> dict[str, object]:
        """For JSON and tables, in English."""
        return asdict(self)


def _money(value: float) -> Said:
    return Said(f"{value:,.2f}")


def _percent(value: float) -> Said:
    return Said(f"{100.0 * value:g}%")


def _six(value: float) -> Said:
    return Said(f"{value:.6f}")


def _by_year(values: NDArray[np.float64], form: Callable[[float], Said]) -> Said:
    """A value of every year: once where it is always the same, otherwise the lowest and the highest."""
    low, high = float(values.min()), float(values.max())
    return form(low) if low == high else said("{low} to {high} by year", low=form(low), high=form(high))


def _of_bands(bands: Bands, form: Callable[[float], Said]) -> Said:
    """A value by wage and year, once where it is the same for all wages."""
    value = _by_year(bands.value, form)
    return value if len(bands.value) == 1 else said("{value} and wage", value=value)


def _step(study: Study, key: str, value: float | None = None, **words: Any) -> Step:
    """A step as the catalogue words it; its value is the figure that it gives unless one is given here."""
    about = catalogue()["worker"][key]
    result = study.figures[about["gives"]] if value is None else value
    text = texts("worker", key, **{**study.figures, **words})
    article = text.get("from", Said(""))
    return Step(
        said(about["part"]), text["title"], article, text["formula"], text["inputs"], result, text["unit"]
    )


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
    shared, career = study.context, study.career
    terms, law = shared.terms, shared.rules
    service = float(study.before["participation"].sum())
    rows = [_step(study, "weeks", service=service, per_year=study.law.old.weeks_per_year)]
    if terms.enacted:
        wages = study.before.loc[study.before["year"] >= terms.first_year]
        span = said("none")
        if len(wages):
            span = Said(f"{int(wages['year'].iloc[0])}-{int(wages['year'].iloc[-1])}")
        years = terms.first_year + np.arange(law.years)
        commission = _by_year(shared.resolved.path("contributions.commission", years), _percent)
        gross = _by_year(shared.resolved.path("contributions.retirement_employer", years), _percent)
        net = _by_year(law.retirement.value[0], _six)
        rows += [
            _step(study, "retirement", span=span, gross=gross, commission=commission, net=net),
            _step(study, "ceav", span=span, net=_of_bands(law.severance, _six)),
            _step(study, "social_quota", span=span, quota=_of_bands(terms.quota, _money)),
            _step(study, "infonavit", span=span, rate=_by_year(law.housing_rate, _percent)),
            _step(study, "account"),
        ]
    rows.append(_step(study, "last_wage", age=career.award_age, year=study.award_year))
    return rows


def _old_law(study: Study) -> list[Step]:
    shared, law = study.context, study.law.old
    kind = AWARDS.index(study.career.award)
    if not study.figures["old_rights"]:
        return [_step(study, "old_rights", first_year=shared.terms.first_year)]
    if law.flat:
        rows = [_step(study, "old_flat", multiple=law.flat_multiple)]
    elif kind >= OCCUPATIONAL_DISABILITY:
        share = _percent(law.occupational_share)
        if law.by_degree:
            words: dict[str, Any] = {
                "share": share,
                "bonus": law.occupational_bonus,
                "degree": _degree(study),
            }
            rows = [_step(study, "old_by_degree", formula=_by_degree(study), **words)]
        else:
            rows = [_step(study, "old_occupational", share=share, bonus=law.bonus)]
    else:
        rows = _art_167(study, kind)
    surrendered = shared.rules.surrender[:, study.award_year - shared.terms.first_year]
    parts = joined(
        [
            joined([named("account", name), _percent(part)], " ")
            for name, part in zip(ACCOUNTS, surrendered, strict=True)
        ],
        ", ",
    )
    rows += [_step(study, "unit_old"), _value_old(study)]
    rows.append(_step(study, "handed_over", parts=parts))
    return rows + [_step(study, key) for key in ("state_old", "replacement_old")]


def _by_degree(study: Study) -> Said:
    """Formula of an occupational pension where disabilities have degrees."""
    degree = study.career.degree
    if AWARDS.index(study.career.award) != OCCUPATIONAL_DISABILITY or degree is None or degree >= 1.0:
        return said("max(share x wage, pension of disability with allowances), and the bonus")
    return said(
        "degree x share x wage, and the bonus above a degree of one half; up to a quarter an indemnity only"
    )


def _degree(study: Study) -> Said:
    degree = study.career.degree
    if AWARDS.index(study.career.award) != OCCUPATIONAL_DISABILITY:
        return Said("")
    if degree is None:
        return said("; the average of all who draw a pension")
    return said("; degree {degree}", degree=_percent(degree))


def _cut(study: Study) -> Said:
    cut = study.context.resolved.switch("basis.art_167_ratio") == "two_decimals"
    return said(" in minimum wages, cut to two decimals") if cut else Said("")


def _months(study: Study) -> Said:
    """Months beyond the age of the award, where they count."""
    if study.context.resolved.switch("basis.severance_months") == "dropped":
        return Said("")
    months = study.career.months
    if months is None:
        return said(" and birthdays spread over the year")
    return said(" and {months} months", months=months) if months else Said("")


def _average_wage(study: Study) -> Step:
    rules = study.context.rules
    t = study.award_year - study.context.terms.first_year
    if rules.average_time[t]:
        return _step(study, "average_of_weeks", weeks=rules.average_time[t] * study.law.old.weeks_per_year)
    return _step(study, "average_wage", years=rules.average_years[t])


def _art_167(study: Study, kind: int) -> list[Step]:
    f, career = study.figures, study.career
    law, minimum, average = study.law.old, f["minimum_wage"], f["average_wage"]
    retires = kind == RETIREMENT
    allowance = 0.0 if kind == DEATH else f["allowance"]
    share = f["age_share"] if retires else 1.0
    needed = law.weeks_retirement if retires else law.weeks_disability
    enough = f["weeks"] >= needed
    rate = f["basic"] + f["increment"] * f["increment_years"]
    apart = law.allowances_apart and kind != DEATH
    amount = average * rate * share * (1.0 if apart else 1.0 + allowance)
    capped = min(amount, average)
    floor = law.minimum_pension_mw * minimum if f["weeks"] >= law.minimum_pension_weeks else 0.0
    rows = [
        _average_wage(study),
        _step(study, "average_in_minimum_wages", average / minimum),
        _step(
            study,
            "group",
            cut=_cut(study),
            of_basic=_percent(f["basic"]),
            of_increment=_percent(f["increment"]),
        ),
        _step(study, "increment_years"),
        _step(
            study,
            "needed_retirement" if retires else "needed_insured",
            needed,
            enough=said("enough" if enough else "too few"),
        ),
    ]
    if retires:
        rows.append(_step(study, "severance_factor", age=career.award_age, months=_months(study)))
    if kind != DEATH:
        family: dict[str, Any] = {
            "spouse": label(career.spouse),
            "children": career.children,
            "parents": career.parents,
        }
        rows.append(_step(study, "allowances", **family))
    pension = "old_pension_of_survivors" if kind == DEATH else "old_pension"
    due = said("due" if enough and share > 0.0 else "not due")
    return [
        *rows,
        _step(
            study,
            "before_limits",
            amount,
            rate=rate,
            share=share,
            allowances_in="" if apart else said(" x (1 + allowances)"),
            with_allowances="" if apart else Said(f" x {1.0 + allowance:g}"),
        ),
        _step(study, "at_most", capped, amount=amount),
        _step(study, "at_least", max(capped, floor), capped=capped, floor=floor),
        *(
            [
                _step(
                    study,
                    "old_allowances",
                    amount=amount,
                    with_allowances=1.0 + allowance,
                    floor=floor,
                    kept=max(capped, floor),
                    due=due,
                )
            ]
            if apart
            else []
        ),
        _step(
            study,
            pension,
            months=law.bonus * 12,
            due=due,
            beside=said(" of the pension, and the allowances") if apart else "",
        ),
    ]


def _value_old(study: Study) -> Step:
    f = study.figures
    beside = f["old_allowances"]
    return _step(
        study,
        "value_old",
        paid=f["old_pension"] - beside,
        beside=said(", and allowances x value of theirs") if beside else "",
        beside_inputs=Said(f" + {_money(beside)} x {f['unit_allowances']:.6f}") if beside else "",
    )


def _new_law(study: Study) -> list[Step]:
    law, age = study.law.new, study.career.award_age
    kind = AWARDS.index(study.career.award)
    if not study.context.terms.enacted:
        return []
    rows = [_step(study, "unit_real"), _step(study, "annuity")]
    if kind == RETIREMENT:
        threshold = law.early_multiple * study.figures["guarantee"]
        rows += [
            _step(study, "right_retirement", age=age, least_age=law.minimum_age, needed=law.weeks_retirement),
            _step(study, "early", multiple=law.early_multiple, threshold=threshold),
            _step(study, "new_retirement"),
            _step(study, "state_retirement"),
        ]
    else:
        name, share = "insured", law.disability_share
        if kind >= OCCUPATIONAL_DISABILITY:
            name, share = "occupational", law.occupational_share
        beside = kind == DISABILITY and law.allowances
        words: dict[str, Any] = {
            "allowances_in": said(" with allowances") if beside else "",
            "beside": Said(f" x {1.0 + study.figures['allowance']:g}") if beside else "",
        }
        degrees = name == "occupational" and study.law.old.by_degree
        rows += [
            _step(study, f"right_{name}"),
            _step(
                study,
                "new_by_degree" if degrees else "new_disability" if beside else f"new_{name}",
                share=_percent(share),
                bonus=law.bonus * 12,
                **words,
            ),
            _step(study, "state_by_degree" if degrees else "state_insured", **words),
        ]
    return rows + [_step(study, key) for key in ("value_new", "replacement_new")]


def _choice(study: Study) -> list[Step]:
    f = study.figures
    rows = [_step(study, "takes_old")] if f["old_rights"] else []
    rows.append(_step(study, "state", law=said("old law" if f["takes_old"] else "new law")))
    rows.append(_step(study, "state_contributions", first_year=study.context.terms.first_year))
    return rows


__all__ = ["Step", "steps"]
