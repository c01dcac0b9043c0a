"""Values of a design are held to bounds and constraints before the first projection, all cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault
from engine.sweeps import spec
from engine.sweeps.cases import Context, Plan, varied_case

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_MOST_ROWS: Final = 10_000
_NAMED: Final = 5
Found = dict[tuple[str, str], tuple[str, list[int]]]


def check(plan: Plan) -> None:
    """Refuse a design with values that no case can take.

    First every varied assumption by itself: of more different values than are tried, the lowest, the highest and others
    evenly between them, since what is out of bounds lies at an end. Then whole cases, so that values that contradict one
    another are found too; of more cases than are tried, some evenly spread, and the others tell when they are projected.

    Raises
    ------
    AssumptionError
        With parameter, value and numbers of the cases.
    """
    context, values = plan.context, plan.values
    names = [item.name for item in context.spec.parameters]
    found: Found = {}
    for name in dict.fromkeys(names):
        columns = [at for at, other in enumerate(names) if other == name]
        if name != spec.SCENARIO and not context.spec.parameters[columns[0]].choices:
            _try(context, values, columns, range(len(context.resolved)), found)
    if not found and len(set(names)) > 1:
        _try(context, values, list(range(len(names))), range(context.scenarios), found)
    if found:
        raise AssumptionError(
            [Fault(context.spec.file, path, _said(*rest)) for (path, _), rest in found.items()]
        )


def _try(context: Context, values: Float, columns: list[int], places: Sequence[int], found: Found) -> None:
    """Build packs of the different values of some columns; what is refused goes to ``found``, with its cases."""
    given = np.flatnonzero(~np.isnan(values[:, columns]).all(axis=1))
    if not given.size:
        return
    different, first, inverse = np.unique(
        values[given][:, columns], axis=0, return_index=True, return_inverse=True
    )
    tried = np.unique(np.linspace(0, len(different) - 1, min(len(different), _MOST_ROWS)).round().astype(int))
    whole = len(columns) == values.shape[1]
    refused: dict[tuple[str, str], list[int]] = {}
    messages: dict[tuple[str, str], tuple[int, str]] = {}
    for number in tried.tolist():
        row = np.full(values.shape[1], np.nan)
        row[columns] = different[number]
        for place in places:
            try:
                varied_case(context, context.place(place, row) if whole else place, row)
            except AssumptionError as error:
                for fault in error.faults:
                    key = (fault.path, fault.file)
                    refused.setdefault(key, []).append(number)
                    case = int(first[number])
                    if key not in messages or case < messages[key][0]:
                        messages[key] = (case, fault.message)
                break
    for key, numbers in refused.items():
        cases = given[np.isin(inverse.ravel(), numbers)]
        found.setdefault(key, (messages[key][1], cases.tolist()))


def _said(message: str, cases: list[int]) -> str:
    listed = ", ".join(map(str, cases[:_NAMED]))
    more = f" and {len(cases) - _NAMED:,} others" if len(cases) > _NAMED else ""
    return f"case{'s' if len(cases) > 1 else ''} {listed}{more}: {message}"


__all__ = ["check"]
