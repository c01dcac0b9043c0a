"""What the paper concludes, and which conclusions change sign when its own rules are followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import pandas as pd

from engine.studies.parker_wong.data import PAIR, WORKER, Switches, load_switches
from engine.studies.parker_wong.tables import tables_of


def _conclusions(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Statements with a sign: a figure beside the threshold that decides what the paper concludes from it."""
    one, none, half = 1.0, 0.0, 0.5
    parts = []

    def add(table: str, question: str, frame: pd.DataFrame, threshold: float) -> None:
        parts.append(frame.assign(table=table, question=question, threshold=threshold))

    frame = tables["table5"]
    add("table5", "pension above one minimum wage", frame[frame["measure"] == "new_pension_mw"], one)
    add("table5", "pension above the last wage", frame[frame["measure"] == "replacement_rate"], one)
    frame = tables["table6"]
    add("table6", "pension rises", frame[frame["measure"] != "baseline_mw"], none)
    add("table7", "men receive more than women", tables["table7"], one)
    add("table8", "men receive more than women", tables["table8"], one)
    add("table9a", "new law pays more than the old", tables["table9a"], none)
    add("table9b", "new law pays more than the old", tables["table9b"], none)
    frame = tables["table10"]
    add("table10", "men have more than women", frame, one)
    wide = frame.pivot(index=PAIR, columns="measure", values="value")
    for new, old in (
        ("new_pension", "old_pension"),
        ("new_replacement", "old_replacement"),
        ("new_pension", "old_pension_mpg"),
        ("new_replacement", "old_replacement_mpg"),
    ):
        gap = (wide[new] / wide[old]).rename("value").reset_index().assign(measure=f"{new} / {old}")
        add("table10", "new law widens the gap between men and women", gap, one)
    frame = tables["table11"]
    add("table11", "most are below the threshold", frame[frame["measure"] != "mean_experience"], half)
    result = pd.concat(parts, ignore_index=True)
    result["sex"] = result["sex"].fillna("")
    return result


def sign_changes() -> pd.DataFrame:
    """Which conclusions of the paper change sign when its stated rules and the law's groups are followed.

    Returns
    -------
    DataFrame
        One row a conclusion: table, sex (empty for ratios), area, education, measure, question, threshold, as_printed and
        as_stated (the figures), changes (True where they lie on different sides of the threshold), alone (switches of
        parameters.toml each of which changes the sign by itself, from as printed; empty where it takes several).
    """
    as_printed, as_stated = load_switches("as_printed"), load_switches("as_stated")
    first, second = _conclusions(tables_of(as_printed)), _conclusions(tables_of(as_stated))
    keys = ["table", *WORKER, "measure", "question", "threshold"]
    if not first[keys].equals(second[keys]):
        raise AssertionError("the two modes must draw the same conclusions")
    yes = first["value"] > first["threshold"]
    changes = yes != (second["value"] > second["threshold"])
    alone = pd.Series([""] * len(first))
    for field in fields(Switches):
        turned = replace(as_printed, **{field.name: getattr(as_stated, field.name)})
        third = _conclusions(tables_of(turned))
        flips = changes & (yes != (third["value"] > third["threshold"]))
        alone = alone.mask(flips, alone + "," + field.name)
    result = first[keys].copy()
    result["as_printed"] = first["value"]
    result["as_stated"] = second["value"]
    result["changes"] = changes
    result["alone"] = alone.str.lstrip(",")
    return result


__all__ = ["sign_changes"]
