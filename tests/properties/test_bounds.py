"""Both ends of every bound: a finite result, or a refusal that names the value and what it does not go with."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved
from assumptions.units import UNITS
from engine.balance import actuarial, valuation, worth
from engine.checked import arithmetic
from engine.projection import run_case
from engine.worker import calculator, careers

CASES = (
    ("3B", "statutory"),
    ("1B", "statutory"),
    ("0B", "statutory"),
    ("3B", "published"),
    ("1B", "published"),
)
NUMERIC = ("number", "path", "table")
# Shares of old-law awards are nil over nil where there is no award, and accounts have no balance of some funds.
MAY_BE_MISSING = ("award_service", "old_law_share")
# Nil over nil where nobody contributes.
RATIOS = ("cost_rate", "pensioners_per_100")
SAMPLE = 9


def pack(code: str, basis: str, *flags: str) -> Resolved:
    return assumptions.load(code, sets=dict.fromkeys(flags, True)).resolve(basis)


def bounds(resolved: Resolved, name: str) -> tuple[float, float]:
    item = resolved.item(name)
    unit = UNITS[item.unit]
    return item.bounds or (unit.low, unit.high)


def projected(resolved: Resolved) -> None:
    for field, value in vars(run_case(resolved)).items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and field not in MAY_BE_MISSING:
            assert np.isfinite(value).all(), f"{field} is not finite"


def balanced(resolved: Resolved) -> None:
    valued = valuation.value(resolved)
    for found in (valued, actuarial.balance(valued)):
        for field, value in found._asdict().items() if hasattr(found, "_asdict") else vars(found).items():
            if isinstance(value, np.ndarray) and value.dtype.kind == "f" and field not in RATIOS:
                assert np.isfinite(value).all(), f"{field} is not finite"
    if resolved.flag("reform.enacted"):
        one = worth.worth(resolved)
        for field in ("paid", "received", "wages"):
            assert np.isfinite(getattr(one, field)).all(), f"{field} is not finite"


def single(resolved: Resolved) -> None:
    for award, spouse in (("retirement", "entitled"), ("disability", "none"), ("death", "entitled")):
        career = careers.steady(
            resolved, 30_000.0, 20, 61, None, None, None, severe=False, award=award, spouse=spouse
        )
        figures = calculator.study(career, resolved).figures
        assert np.isfinite([value for name, value in figures.items() if "replacement" not in name]).all()


def ends_hold(resolved: Resolved, names: list[str], run: Callable[[Resolved], None]) -> list[str]:
    """What is wrong at the ends of the bounds of `names`."""
    wrong = []
    for name in names:
        for end in bounds(resolved, name):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    run(resolved.with_values({name: float(end)}))
            except AssumptionError as error:
                said = str(error)
                others = [other for other in resolved.names() if other != name and other in said]
                alone = resolved.item(name).kind == "table" and "must sum to 1" in said
                if name not in said or not (others or alone):
                    wrong.append(f"{name} = {end:g}: refused without naming it and what it goes with: {said}")
            except (Exception, Warning) as error:
                wrong.append(f"{name} = {end:g}: {type(error).__name__}: {error}")
    return wrong


def moving(resolved: Resolved) -> list[str]:
    return [n for n in resolved.names() if resolved.item(n).kind in NUMERIC and resolved.live(n)[0]]


@pytest.mark.slow
def test_a_sample_of_bounds() -> None:
    for at, (code, basis) in enumerate(CASES):
        resolved = pack(code, basis)
        assert ends_hold(resolved, moving(resolved)[at::SAMPLE], projected) == []


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize(("code", "basis"), CASES)
def test_all_bounds(code: str, basis: str) -> None:
    resolved = pack(code, basis)
    assert ends_hold(resolved, moving(resolved), projected) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flag", "code", "run"),
    [
        ("balance.computed", "0B", balanced),
        ("balance.computed", "3B", balanced),
        ("worker.computed", "3B", single),
    ],
)
def test_bounds_of_other_calculations(flag: str, code: str, run: Callable[[Resolved], None]) -> None:
    """Values that only a balance or a single worker reads."""
    plain, resolved = pack(code, "statutory"), pack(code, "statutory", flag)
    names = [name for name in moving(resolved) if not plain.live(name)[0]]
    assert names
    assert ends_hold(resolved, names, run) == []


def test_children_up_to_no_age_are_the_limit_of_ever_lower_ages() -> None:
    """A limit of nil gives what a limit of almost nil gives: before, four fifths of the prepared cells were NaN or nil."""
    resolved = assumptions.load("3B", overlays=["release_0_1_0"]).resolve("statutory")
    nil = run_case(resolved.with_values({"law_1973.child_age_limit": 0.0}))
    least = run_case(resolved.with_values({"law_1973.child_age_limit": 1e-6}))
    for name in ("cost", "acquired_by_type"):
        np.testing.assert_array_equal(getattr(nil, name), getattr(least, name))
    at = int(np.flatnonzero(nil.years == 2002)[0])
    assert 100 * nil.cost[:, at].sum() / nil.gdp[at] == pytest.approx(0.6567, abs=5e-5)


def test_husbands_may_be_younger() -> None:
    """A difference of -n for one sex is +n for the other: with one table for both sexes the survivals change places."""
    from cohorts.families import spouse_survival

    resolved = pack("3B", "statutory")
    one = resolved.table("mortality.active").values.mean(axis=0)
    alike = resolved.with_values({"mortality.active": np.stack([one, one])})
    older = spouse_survival(alike.with_values({"family.spouse_age_difference": 7.0}), 30, 20, 40)
    younger = spouse_survival(alike.with_values({"family.spouse_age_difference": -7.0}), 30, 20, 40)
    np.testing.assert_array_equal(older[0], younger[1])
    np.testing.assert_array_equal(older[1], younger[0])
    assert (older[0, :, 20] > older[1, :, 20]).all()  # the wife of a man is the younger


def test_what_is_not_finite_never_reaches_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """One place for every array: whichever prepared record holds a NaN, the case is refused and says which."""
    from engine.kernels.types import Payments
    from engine.prepare import demography as demographics
    from engine.prepare import economy, payments

    resolved = pack("3B", "statutory")
    made = payments.build(resolved, np.arange(1997, 2031))
    for field in set(Payments._fields) - {"of_year", "first_age"}:
        spoilt = getattr(made, field).copy()
        spoilt.flat[3] = np.nan
        monkeypatch.setattr(payments, "build", lambda _, years, bad={field: spoilt}: made._replace(**bad))
        demographics.clear()
        with pytest.raises(AssumptionError, match=f"expected payments: {field} would not be finite"):
            run_case(resolved)
    monkeypatch.undo()
    demographics.clear()
    paths = economy._build(resolved, np.arange(1997, 2031), 11, 100)
    others = {"expected_of_year", "guarantee_expected_of_year", "indexing", "moment"}
    for field in set(paths._fields) - others:
        spoilt = getattr(paths, field).copy()
        spoilt.flat[0] = np.inf
        monkeypatch.setattr(economy, "_build", lambda *_, bad={field: spoilt}: paths._replace(**bad))
        with pytest.raises(AssumptionError, match=f"paths of the economy: {field} would not be finite"):
            run_case(resolved)


def test_arithmetic_that_fails_is_a_refusal() -> None:
    for failing in (
        lambda: np.float64(1e308) * 10,
        lambda: np.zeros(2) / 0.0,
        lambda: np.log(np.array([-1.0])),
    ):
        with pytest.raises(AssumptionError, match=r"here: .*look for extreme values"), arithmetic("here"):
            failing()
    with arithmetic("here"):
        assert np.float64(1e-300) * 1e-300 == 0.0  # the survivors of ever later years
