"""A fit as an overlay: values for a person to commit, with where they come from."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from assumptions import Resolved
from assumptions.timeline import DatedPath

if TYPE_CHECKING:
    from engine.calibrate import Calibration

DIGITS: Final = 5
_BASIS: Final = "published"


def rounded(value: Any) -> Any:
    """A value to five significant digits: what is committed, and what its accuracy is stated for."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, DatedPath):
        return DatedPath(value.years.tolist(), [rounded(float(v)) for v in value.values], value.rule)
    flat = [rounded(float(v)) for v in np.ravel(value)]
    return np.array(flat, dtype=np.float64).reshape(np.shape(value))


def today() -> str:
    """The date, as 1997-01-01; SOURCE_DATE_EPOCH is honoured."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = (
        dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC) if epoch.isdigit() else dt.datetime.now(tz=dt.UTC)
    )
    return moment.date().isoformat()


def text(calibration: Calibration, resolved: Resolved, other: Resolved) -> str:
    """The overlay file of a fit to ``resolved``.

    Values that the basis shares with the ``other`` one stand for both; all others for the published basis alone.
    """
    plan, settings = calibration.plan, calibration.plan.settings
    columns = ", ".join(column.label for column in plan.columns)
    lines = [
        "# Proposal of `annexv calibrate`: effective values of the published basis.",
        "# Try it with `annexv validate --overlay`; a person commits it.",
        "#",
        f"# date           {today()}",
        f"# plan           {', '.join(plan.files)}",
        f"# fitted to      {columns}; {settings.first_year}-{settings.last_year}",
        f"# penalty        {settings.penalty:g} on the curvature of the log density of ages",
        f"# weights        peak {settings.peak_weight:g} to the power {settings.peak_power:g},"
        f" column {settings.column_weight:g}",
        f"# starts         {settings.starts}, seed {settings.seed}, at most {settings.max_iterations} iterations",
        f"# begun from     assumptions {resolved.sha256}",
        f"# objective      {calibration.before:.6g} before, {calibration.after:.6g} after",
        f"# identified     {calibration.identification.seen:.1f} of {calibration.identification.parameters} parameters,"
        f" condition {calibration.identification.condition:.3g}",
        "#",
        "# reached with the rounded values below, percentage points of GDP: largest, RMS (asked for: largest, RMS)",
    ]
    for item in calibration.accuracy:
        c = item.column
        lines.append(
            f"#   {c.label:<24} {item.largest:.5f} {item.rms:.5f} ({c.largest:g} {c.rms:g})"
            + ("" if item.reached else " NOT REACHED")
        )
    if calibration.at_bounds:
        lines += ["#", f"# at bounds: {'; '.join(calibration.at_bounds)}"]
    title = "Fit of the published basis"
    lines += [
        "",
        "[overlay]",
        f"title = {_quoted(title)}",
        f"description = {_quoted(f'Bounded least squares of {today()} on {columns}, penalty {settings.penalty:g}.')}",
        'source = "annex_v_tables"',
        'status = "calibrated"',
    ]
    lines += _sections(calibration, resolved, other, columns)
    return "\n".join(lines) + "\n"


def _sections(calibration: Calibration, resolved: Resolved, other: Resolved, columns: str) -> list[str]:
    lines: list[str] = []
    shared = {name: _shared(name, resolved, other) for name in calibration.values}
    for name, value in sorted(calibration.values.items(), key=lambda pair: (not shared[pair[0]], pair[0])):
        item = resolved.item(name)
        prefix = "" if shared[name] else f"only.{_BASIS}."
        lines += ["", f"[{prefix}{name}]"]
        target = item.target or columns
        method = item.method or "structural"
        lines += [
            'status = "calibrated"',
            'source = "annex_v_tables"',
            f"locator = {_quoted(item.locator)}",
            f"method = {_quoted(method)}",
            f"target = {_quoted(target)}",
            f"start = {_quoted(_shown(resolved.value(name)))}",
        ]
        lines += _value(value)
    return lines


def _shared(name: str, resolved: Resolved, other: Resolved) -> bool:
    """Whether the value that stands is the base's own, and another basis uses it too."""
    return resolved.item(name).layer == other.item(name).layer and other.live(name)[0]


def _value(value: Any) -> list[str]:
    if isinstance(value, float):
        return [f"value = {_number(value)}"]
    if isinstance(value, DatedPath):
        if len(value.years) == 1:
            return [f"value = {_number(float(value.values[0]))}"]
        pairs = ", ".join(
            f"{int(y)} = {_number(float(v))}" for y, v in zip(value.years, value.values, strict=True)
        )
        return [f"values = {{ {pairs} }}", f'rule = "{value.rule}"']
    return [f"value = {_nested(np.asarray(value))}"]


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return _number(float(array))
    return f"[{', '.join(_nested(part) for part in array)}]"


def _number(value: float) -> str:
    said = f"{value:.{DIGITS}g}"
    return said if any(mark in said for mark in ".en") else f"{said}.0"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    cells: Sequence[float] = np.ravel(value.values).tolist()
    return ", ".join(f"{cell:.{DIGITS}g}" for cell in cells)


def _quoted(said: str) -> str:
    # a JSON string is a TOML basic string
    return json.dumps(said, ensure_ascii=False)


__all__ = ["rounded", "text", "today"]
