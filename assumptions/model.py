"""Frozen models of what is assumed: sources, parameters, tables, faults."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict

FloatArray = NDArray[np.float64]
Kind = Literal["number", "path", "table", "switch", "flag", "text", "date"]
Status = Literal["statute", "published", "sourced", "calibrated", "derived", "judgement", "user"]
KINDS: tuple[str, ...] = ("number", "path", "table", "switch", "flag", "text", "date")
# Labels of the axis sex of every table, in their order.
SEXES = ("m", "f")
STATUSES: tuple[str, ...] = ("statute", "published", "sourced", "calibrated", "derived", "judgement")
NUMERIC: tuple[str, ...] = ("number", "path", "table")
Label = str | int


LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: where, and what is allowed instead."""

    file: str
    path: str
    message: str

    def __str__(self) -> str:
        where = self.path if len(self.path) <= LONGEST_NAME else f"{self.path[:LONGEST_NAME]}..."
        said = ": ".join(part for part in (self.file, where, self.message) if part)
        if said.isprintable():
            return said
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in said)


SHOWN_FAULTS = 20


class AssumptionError(ValueError):
    """What cannot be used; `faults` lists everything found wrong, `str()` one a line, twenty and how many more."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(dict.fromkeys(faults))
        lines = [str(fault) for fault in self.faults[:SHOWN_FAULTS]]
        if len(self.faults) > SHOWN_FAULTS:
            lines.append(f"... and {len(self.faults) - SHOWN_FAULTS:,} more")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)

    @classmethod
    def single(cls, name: str, wrong: str, allowed: str) -> AssumptionError:
        """One fault of one name: what is wrong and what is allowed."""
        return cls([Fault("", name, f"{wrong}; allowed: {allowed}")])


class Strict(BaseModel):
    """Frozen, no unknown keys, no silent conversions, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Source(Strict):
    """Where values come from. Ids are never renumbered."""

    title: str
    author: str = ""
    year: int | None = None
    publisher: str = ""
    url: str = ""
    note: str = ""


class OverlayHeader(Strict):
    """Header `[overlay]` of a layer. `order` and `default` place basis and scenario files in their lists;
    `main` marks the scenario that commands for one scenario take when none is named; `includes` merges files of the same
    folder first, for an overlay shipped overlays by name; status, source and locator are defaults of its values."""

    title: str
    description: str = ""
    source: str = ""
    status: Status | None = None
    locator: str = ""
    order: int | None = None
    default: bool = True
    main: bool = False
    includes: tuple[str, ...] = ()


class Derivation(Strict):
    """How a derived value is computed: a function of `assumptions.derived` and the names it reads."""

    function: str
    inputs: tuple[str, ...]


class Parameter(Strict):
    """Everything known about one named value except the value itself.

    `range` is for sweeps: of the value itself, or factors (`range_of = "scale"`) or additions (`"shift"`).
    `bounds` narrow the unit's, for the reason of `bounds_why`. `used_when`: conditions that must all hold for the
    value to be used. `free_axes`: axes whose labels a layer may change. `input_only`: used only through the derived values
    that name it. `documentary`: recorded for readers, used by no formula. `also_when`: conditions any of which makes
    such a value used all the same, by another calculation than the projection.
    `whole`: a whole number. `file`: a text that names a table, whose bytes are part of the value.
    `dated`: describes the state at 31 December of `reform.state_year`; `as_of`: of which year,
    None where a user gives it without saying. `replaced_by`: name of a file that takes its place. `stated`: what a
    user's file says of the origin of its value; shown, not believed. `layer`: the file the value came from. `scaling`:
    what scaling does to a table of probabilities (`assumptions.scaling`).
    """

    name: str
    kind: Kind
    unit: str = "none"
    status: Status
    source: str
    locator: str
    stated: str = ""
    note: str = ""
    range: tuple[float, float] | None = None
    range_of: Literal["value", "scale", "shift"] | None = None
    bounds: tuple[float, float] | None = None
    bounds_why: str = ""
    choices: tuple[str, ...] = ()
    used_when: tuple[str, ...] = ()
    input_only: bool = False
    documentary: bool = False
    also_when: tuple[str, ...] = ()
    whole: bool = False
    file: bool = False
    scaling: Literal["cap", "force"] | None = None
    dated: bool = False
    replaced_by: str = ""
    as_of: int | None = None
    axes: tuple[str, ...] = ()
    free_axes: tuple[str, ...] = ()
    method: Literal["structural", "replica", "fit"] | None = None
    target: str = ""
    start: str = ""
    derived: Derivation | None = None
    row_sources: tuple[tuple[str, str, str], ...] = ()
    layer: str = ""


class Table:
    """A float64 table with named axes: `axes`, `coords` (axis -> labels) and read-only C-ordered `values`.

    A dated table has others `later`, as (first year, table): each holds from its year on until the next.
    """

    __slots__ = ("_digest", "_label_digest", "axes", "coords", "later", "values")

    def __init__(
        self,
        axes: tuple[str, ...],
        coords: dict[str, tuple[Label, ...]],
        values: ArrayLike,
        later: Iterable[tuple[int, Table]] = (),
    ) -> None:
        array = np.array(values, dtype=np.float64, order="C")
        shape = tuple(len(coords[axis]) for axis in axes)
        if array.shape != shape:
            raise ValueError(f"shape {array.shape} where axes {axes} ask for {shape}")
        array.flags.writeable = False
        self.axes = axes
        self.coords = coords
        self.values: FloatArray = array
        self.later = tuple(sorted(later, key=lambda dated: dated[0]))
        self._digest = b""
        self._label_digest = b""

    def __getitem__(self, labels: tuple[Label, ...] | Label) -> float:
        """The cell at the given labels, one an axis."""
        wanted = labels if isinstance(labels, tuple) else (labels,)
        at = tuple(self.coords[axis].index(label) for axis, label in zip(self.axes, wanted, strict=True))
        return float(self.values[at])

    @property
    def label_digest(self) -> bytes:
        """Digest of the labels alone."""
        if not self._label_digest:
            content = repr(self.coords).encode()
            content += b"".join(b"%d" % year + table.label_digest for year, table in self.later)
            self._label_digest = hashlib.blake2b(content, digest_size=16).digest()
        return self._label_digest

    @property
    def digest(self) -> bytes:
        """Digest of labels and values: equal tables, equal digest."""
        if not self._digest:
            content = repr(self.coords).encode() + self.values.tobytes()
            content += b"".join(b"%d" % year + table.digest for year, table in self.later)
            self._digest = hashlib.blake2b(content, digest_size=16).digest()
        return self._digest

    @property
    def parts(self) -> tuple[tuple[int | None, Table], ...]:
        """The table and those that follow it, each alone, with the year from which it holds (None: from the first)."""
        return (None, Table(self.axes, self.coords, self.values) if self.later else self), *self.later

    def in_year(self, year: int) -> Table:
        """The table that holds in a calendar year, alone."""
        return [table for first, table in self.parts if first is None or first <= year][-1]

    def from_year(self, year: int, table: Table) -> Table:
        """This table until a calendar year, and another from that year on."""
        kept = (dated for dated in self.later if dated[0] < year)
        return Table(self.axes, self.coords, self.values, (*kept, (year, table)))

    def with_array(self, values: ArrayLike) -> Table:
        """The same axes with other numbers (an array of the same shape, or one number for all cells)."""
        array = np.asarray(values, dtype=np.float64)
        if array.ndim == 0:
            array = np.full(self.values.shape, float(array))
        return Table(self.axes, self.coords, array)

    def mapped(self, function: Callable[[FloatArray], FloatArray]) -> Table:
        """The same axes and dates, with a function of the numbers."""
        later = ((year, table.mapped(function)) for year, table in self.later)
        return Table(self.axes, self.coords, function(self.values), later)

    def __reduce__(self) -> tuple[Any, ...]:
        return Table, (self.axes, self.coords, self.values, self.later)  # unpickled arrays would be writeable

    def __repr__(self) -> str:
        dated = f", later={[year for year, _ in self.later]}" if self.later else ""
        return f"Table(axes={self.axes}, shape={self.values.shape}{dated})"


Value = Any  # float | bool | str | DatedPath | Table, by the parameter's kind
