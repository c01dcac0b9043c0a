"""Who is paid after a death, and what share of the pension, against the second text of the law."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
from cohorts.axes import DEATH, MALE, N_TYPES, OCCUPATIONAL_DEATH, RETIREMENT
from engine.kernels.types import NO_SPOUSE, SPOUSE_ENTITLED
from engine.kernels.worker import family_payments
from engine.prepare import payments
from engine.prepare.worker import context
from tests.oracle import law_letter

RELATIVE = 1e-9


@pytest.mark.parametrize("kind", [DEATH, OCCUPATIONAL_DEATH])
@pytest.mark.parametrize("widow", [True, False])
@pytest.mark.parametrize("orphans", [0, 1, 3])
@pytest.mark.parametrize("parents", [0, 1, 2])
def test_shares_at_the_death(kind: int, widow: bool, orphans: int, parents: int) -> None:
    shared = context(assumptions.load("3B").resolve("statutory"), 1980, 2000)
    n = shared.lives.active.shape[2]
    for shares in (shared.terms.shares_old, shared.terms.shares_new):
        total, own = np.empty(n), np.empty(n)
        spouse = SPOUSE_ENTITLED if widow else NO_SPOUSE
        family_payments(
            kind, MALE, 40, spouse, float(orphans), float(parents), shared.lives, shares, total, own
        )
        said = law_letter.survivors_share(widow, orphans, not widow, parents, kind == OCCUPATIONAL_DEATH)
        assert total[0] == pytest.approx(said, rel=RELATIVE)
        assert not own.any()
        # Parents die by the table; they come into no right that another has lost.
        if parents and not widow and not orphans:
            np.testing.assert_allclose(
                total, said * shared.lives.parent[40 - shared.lives.first_age], rtol=RELATIVE
            )


def test_a_death_without_a_family_may_leave_a_parent() -> None:
    """Awards for death gain those who leave a parent alone, each with a fifth of the pension; widows stay as many."""
    resolved = assumptions.load("3B", sets={"basis.awards": "opening"}).resolve("statutory")
    years = np.array([1997])
    without = payments.award_payments(payments.build(resolved, years), 0)
    found = payments.award_payments(
        payments.build(resolved.with_values({"family.dependent_parents": 0.25}), years), 0
    )
    e = without.entitled
    alone = 0.25 * (1.0 - e)
    np.testing.assert_allclose(found.entitled, e + alone, rtol=RELATIVE)
    for kind in (DEATH, OCCUPATIONAL_DEATH):
        paid = found.total[kind, :, :, 0] * found.entitled
        np.testing.assert_allclose(paid, e * without.total[kind, :, :, 0] + alone * 0.2, rtol=RELATIVE)
        widows = found.widows[kind] * found.entitled[:, :, None]
        np.testing.assert_allclose(widows, without.widows[kind] * e[:, :, None], rtol=RELATIVE)
    np.testing.assert_allclose(found.own[:N_TYPES], without.own, rtol=0.0)
    assert (found.total[RETIREMENT, :, :, 5] > without.total[RETIREMENT, :, :, 5]).all()
