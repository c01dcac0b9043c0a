"""Arrays by kind of number and axes, as annotations that compiled code is made for: contiguous, the last axis fastest."""

from __future__ import annotations

from typing import Annotated

import numpy as np

Floats = Annotated[np.ndarray, "float64[::1]"]
Floats2 = Annotated[np.ndarray, "float64[:, ::1]"]
Floats3 = Annotated[np.ndarray, "float64[:, :, ::1]"]
Floats4 = Annotated[np.ndarray, "float64[:, :, :, ::1]"]
Floats5 = Annotated[np.ndarray, "float64[:, :, :, :, ::1]"]
Ints = Annotated[np.ndarray, "int64[::1]"]
Bools = Annotated[np.ndarray, "boolean[::1]"]

Unsigned = Annotated[int, "uint64"]
"""A whole number that is never below nothing: a loop over such runs in vectors."""
