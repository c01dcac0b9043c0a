"""Writes the smooth tables of `data/` from the shape parameters in `data/generated.toml`. Run by hand, and by a
test that compares what it would write with what is there: ``python -m assumptions.generate [folder]``.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assumptions.files import read_toml
from assumptions.model import SEXES, AssumptionError, FloatArray
from assumptions.mortality import load_soa
from assumptions.text import DATA


def _ages(span: list[int]) -> FloatArray:
    return np.arange(span[0], span[1] + 1, dtype=np.float64)


def _logistic(age: FloatArray, middle: float, width: float) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-(age - middle) / width))


def active_age_shares(keys: Mapping[str, Any], ages: Mapping[str, list[int]]) -> FloatArray:
    """Shares of contributors (age, sex), sum 1."""
    age = _ages(ages["active"])
    columns = []
    for sex, share in zip(SEXES, (keys["male_share"], 1.0 - keys["male_share"]), strict=True):
        stay = np.exp(-(((age - keys["exit_from"]) / keys[f"exit_scale_{sex}"]) ** keys["exit_power"]))
        late = np.exp(-keys["late_decline"] * np.maximum(age - keys["late_from"], 0.0))
        shape = _logistic(age, keys["entry_middle"], keys["entry_width"]) * stay * late
        columns.append(share * shape / shape.sum())
    return np.array(columns).T


def entry_age_shares(keys: Mapping[str, Any], ages: Mapping[str, list[int]]) -> FloatArray:
    """Shares of new contributors (age, sex), sum 1."""
    since = _ages(ages["entry"]) - keys["from"]
    shape = since ** keys["power"] * np.exp(-since / keys["scale"])
    return np.outer(shape / shape.sum(), (keys["male_share"], 1.0 - keys["male_share"]))


def age_wage_profile(
    keys: Mapping[str, Any], ages: Mapping[str, list[int]], shares: FloatArray
) -> FloatArray:
    """Wage relative to the mean of contributors (age, sex)."""
    away = _ages(ages["profile"]) - keys["peak"]
    width = np.where(away < 0.0, keys["width_before"], keys["width_after"])
    shape = np.outer(np.exp(-((away / width) ** 2) / 2.0), (1.0, keys["female_ratio"]))
    result: FloatArray = shape / float((shape * shares).sum())
    return result


def exponential_rate(
    keys: Mapping[str, Any], ages: Mapping[str, list[int]], shares: FloatArray
) -> FloatArray:
    """A rate exponential in age whose mean over contributors is given (age, sex), probability a year."""
    age = _ages(ages["active"])
    rise = np.exp(math.log(10.0) / keys["tenfold_years"] * (age - age[0]))
    shape = np.outer(rise, (1.0, keys["female_ratio"]))
    result: FloatArray = shape * keys["mean"] / float((shape * shares).sum())
    return result


def leaving(keys: Mapping[str, Any], ages: Mapping[str, list[int]]) -> FloatArray:
    """Leaving covered work (age, sex), probability a year."""
    age = _ages(ages["active"])
    fall = np.exp(-np.maximum(age - keys["from"], 0.0) / keys["scale"])
    columns = [keys[f"floor_{sex}"] + (keys[f"young_{sex}"] - keys[f"floor_{sex}"]) * fall for sex in SEXES]
    return np.where(age < keys["none_from"], columns, 0.0).T


def spouse_share(keys: Mapping[str, Any], ages: Mapping[str, list[int]]) -> FloatArray:
    """Share with a living spouse (age, sex)."""
    age = _ages(ages["members"])
    columns = []
    for sex in SEXES:
        rise = _logistic(age, keys[f"middle_{sex}"], keys[f"width_{sex}"])
        past = np.maximum(age - keys[f"decline_from_{sex}"], 0.0) / keys[f"decline_scale_{sex}"]
        columns.append(keys[f"level_{sex}"] * rise * np.exp(-(past**2)))
    return np.array(columns).T


def children(keys: Mapping[str, Any], ages: Mapping[str, list[int]]) -> FloatArray:
    """Children under the age limit by age of the member (age, 1)."""
    age = _ages(ages["members"])
    up = np.clip((age - keys["from"]) / (keys["peak"] - keys["from"]), 0.0, 1.0)
    down = np.clip((age - keys["peak"]) / (keys["to"] - keys["peak"]), 0.0, 1.0)
    quarter = math.pi / 2.0
    result: FloatArray = keys["level"] * (np.sin(quarter * up) * np.cos(quarter * down)) ** 2
    return result[:, np.newaxis]


def _csv(title: str, ages: FloatArray, cells: FloatArray, decimals: int | None) -> str:
    header = "age,m,f" if cells.shape[1] == len(SEXES) else "age,value"
    lines = [f"# {title}", header]
    for age, row in zip(ages, cells, strict=True):
        shown = (repr(float(cell)) if decimals is None else f"{cell:.{decimals}f}" for cell in row)
        lines.append(",".join((f"{age:.0f}", *shown)))
    return "\n".join(lines) + "\n"


def texts(only: str = "") -> dict[str, str]:
    """What each generated file should hold: file name -> text; names that start with `only`."""
    faults: list[Any] = []
    keys = read_toml(DATA / "generated.toml", faults)
    if keys is None:
        raise AssumptionError(faults)
    ages = keys["ages"]
    groups = {
        f"{group}.{name}": entry
        for group in ("population", "decrements", "family", "mortality")
        for name, entry in keys[group].items()
    }
    shares = active_age_shares(groups["population.active_age_shares"], ages)
    result: dict[str, str] = {}
    for name, entry in groups.items():
        if not name.startswith(only):
            continue
        span, decimals = "active", 12
        if name.startswith("mortality."):
            tables = [load_soa(entry[sex]) for sex in SEXES]
            cells = np.array([table.values for table in tables]).T
            result[entry["file"]] = _csv(
                entry["title"], np.array(tables[0].coords["age"], float), cells, None
            )
            continue
        if name == "population.active_age_shares":
            cells = shares
        elif name == "population.entry_age_shares":
            cells, span = entry_age_shares(entry, ages), "entry"
        elif name == "population.age_wage_profile":
            cells, decimals = age_wage_profile(entry, ages, shares), 6
        elif name == "decrements.leaving":
            cells, decimals = leaving(entry, ages), 6
        elif name == "family.spouse_share":
            cells, span, decimals = spouse_share(entry, ages), "members", 6
        elif name == "family.children":
            cells, span, decimals = children(entry, ages), "members", 6
        else:
            cells, decimals = exponential_rate(entry, ages, shares), 9
        result[entry["file"]] = _csv(entry["title"], _ages(ages[span]), cells, decimals)
    return result


def main(arguments: list[str]) -> int:
    """Write the tables into a folder, by default the package's data."""
    folder = Path(arguments[0]) if arguments else DATA
    for name, text in texts().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
