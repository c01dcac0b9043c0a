"""Every case of release 0.1.0 under its overlay, against what that release gave: projections, balances, worth, workers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.release_0_1_0 import record

# Of the sum of magnitudes of an array: the sums of another processor's numbers differ by some 1e-15.
TOLERANCE = 1e-12


@pytest.mark.slow
def test_every_case_equals_release_0_1_0() -> None:
    faults, seen = [], set()
    with np.load(record.SUMS) as sums:
        for name, arrays in record.cases():
            seen.add(name)
            start = 0
            for key in sorted(arrays):
                found = record.sums(arrays[key])
                wanted = sums[name][start : start + found.size]
                start += found.size
                scale = max(record.size(arrays[key]), float(np.abs(wanted).max(initial=0.0)))
                if np.abs(found - wanted).max(initial=0.0) > TOLERANCE * scale:
                    faults.append(f"{name}: {key} differs by {np.abs(found - wanted).max() / scale:.2g}")
        names = set(sums.files)
    assert not faults, "\n".join(faults)
    assert seen == names
