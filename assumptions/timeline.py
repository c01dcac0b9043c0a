"""A dated value becomes a yearly path here, and nowhere else."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Rule = Literal["step", "linear"]
RULES: tuple[Rule, ...] = ("step", "linear")
ALWAYS = 0  # the year a constant counts from: before any calendar year in use


class BeforeFirstYear(ValueError):
    """A year was asked for that lies before the first dated value."""


def _frozen(values: ArrayLike, dtype: type[Any]) -> NDArray[Any]:
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


class DatedPath:
    """A value that changes at known dates.

    Between two dates `rule` says step (the earlier value holds) or linear (interpolated); the last value is held
    for ever; a year before the first date is an error. A constant is one value dated `ALWAYS`. Immutable; the
    yearly arrays it hands out are cached and read-only.
    """

    __slots__ = ("_cache", "rule", "values", "years")

    years: NDArray[np.int64]
    values: FloatArray
    rule: Rule

    def __init__(self, years: ArrayLike, values: ArrayLike, rule: Rule = "step") -> None:
        self.years = _frozen(years, np.int64)
        self.values = _frozen(values, np.float64)
        self.rule = rule
        self._cache: dict[bytes, FloatArray] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return DatedPath, (self.years, self.values, self.rule)  # unpickled arrays would be writeable

    @classmethod
    def constant(cls, value: float) -> DatedPath:
        """A path that has one value in every year."""
        return cls((ALWAYS,), (value,))

    @property
    def is_constant(self) -> bool:
        """True when one value holds in every year."""
        return self.years.size == 1 and int(self.years[0]) == ALWAYS

    def dated(self) -> dict[int, float]:
        """The dated values as {year: value}; the year of a constant is `ALWAYS`."""
        return dict(zip(self.years.tolist(), self.values.tolist(), strict=True))

    def at(self, years: ArrayLike) -> FloatArray:
        """Values in the given calendar years, float64 (year,), read-only and cached.

        Raises `BeforeFirstYear` when a year lies before the first dated value.
        """
        wanted = np.ascontiguousarray(years, dtype=np.int64)
        key = wanted.tobytes()
        found = self._cache.get(key)
        if found is None:
            found = self._compute(wanted)
            self._cache[key] = found
        return found

    def _compute(self, wanted: NDArray[np.int64]) -> FloatArray:
        if wanted.size and int(wanted.min()) < int(self.years[0]):
            raise BeforeFirstYear(
                f"no value for {int(wanted.min())}: the first dated value is of {int(self.years[0])}"
            )
        if self.rule == "linear":
            result = np.interp(wanted, self.years, self.values).astype(np.float64)
        else:
            result = self.values[np.searchsorted(self.years, wanted, side="right") - 1]
        result.flags.writeable = False
        return result

    def modified(self, mode: str, value: float, from_year: int | None) -> DatedPath:
        """Replace, shift or scale the path, from a year on or throughout; earlier years keep their values."""
        if from_year is None:
            if mode == "replace":
                return DatedPath.constant(value)
            changed = self.values + value if mode == "shift" else self.values * value
            return DatedPath(self.years, changed, self.rule)
        start = max(from_year, int(self.years[0]))
        before = self.years < start
        years, values = self.years[before].tolist(), self.values[before].tolist()
        if self.rule == "linear" and years and years[-1] < start - 1:
            # the slope must not leak into the years that are to stay as they were
            years.append(start - 1)
            values.append(float(self.at([start - 1])[0]))
        if mode == "replace":
            return DatedPath([*years, start], [*values, value], self.rule)
        after = self.years > start
        tail = np.concatenate((self.at([start]), self.values[after]))
        tail = tail + value if mode == "shift" else tail * value
        return DatedPath([*years, start, *self.years[after].tolist()], [*values, *tail.tolist()], self.rule)
