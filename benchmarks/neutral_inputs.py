"""Definition, inputs and reference of the neutral kernel (docs/benchmarks-neutral.md). numpy only.

The kernel is a synthetic cohort projection, made to compare tools: cells of workers accumulate two accounts and leave
into pensions with a guaranteed floor. Its numbers describe no real population. Amounts are in real units, a step is
a year.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Constants of the kernel.
STEPS = 60  # years projected
DENSITY = 0.83  # share of a year contributed
RATE_A = 0.065  # contribution to account A, share of the wage
COMMISSION = 0.02  # taken from the contribution to A, share of the wage
RATE_B = 0.05  # contribution to account B, share of the wage
QUOTA = 3.0  # flat contribution to account A, a year
REPLACEMENT_BASE = 0.35  # pension as a share of the wage, up to SERVICE_BASE years of service
REPLACEMENT_STEP = 0.0125  # added for each further year
REPLACEMENT_CAP = 1.0
SERVICE_BASE = 10.0  # years

# The five totals of a step, in the order of the last axis of every result.
OUTPUTS = ("fiscal_cost", "quota_cost", "contributions", "actives", "exits")

# Made-up inputs: constants of the generators below.
AGES = 121  # ages 0..120
SEXES = 2
FIRST_AGE, LAST_AGE = 20, 60  # ages of the cells, inclusive
FIRST_WORK_AGE = 15
DISABILITY_END = 65
RETIREMENT_AGE = 60
MORTALITY_CAP = 0.95
GOMPERTZ = ((0.0007, 0.00005, 0.098), (0.0004, 0.00002, 0.102))  # a + b exp(c age), by sex
DISABILITY = (0.0002, 0.00002, 0.09)  # a + b exp(c (age - FIRST_AGE))
RETIREMENT = {60: 0.25, 65: 0.5}  # probabilities at certain ages
RETIREMENT_EARLY, RETIREMENT_LATE = 0.15, 0.30  # at the ages 61-64, and from 66
ANNUITY_RATE = 0.035
CELL_SEED = 20261121
WAGE_UNIT, WAGE_MU, WAGE_SIGMA = 5.0, 1.0, 0.6  # lognormal wages
HEADS_LOW, HEADS_HIGH = 50, 500
SCENARIO_SEED = 7
CENTRE = (0.015, 0.035, 0.01, 12.0)  # wage growth, return on A, return on B, guaranteed pension
SPREAD = (0.01, 0.015, 0.01, 0.3)  # half widths; the last one relative

# A result is right when |out - ref| <= TOLERANCE * (|ref| + SMALL * max |ref| of that output).
TOLERANCE = 1e-9
SMALL = 1e-12
REFERENCE = Path(__file__).resolve().parent / "data" / "neutral_reference_totals.csv"


@dataclass(frozen=True, slots=True)
class Tables:
    """Annual probabilities and annuity factors."""

    mortality: Floats  # [age, sex]
    disability: Floats  # [age]
    retirement: Floats  # [age], zero below RETIREMENT_AGE
    annuity: Floats  # [age, sex], price of 1 a year for life, paid in advance


@dataclass(frozen=True, slots=True)
class Cells:
    """Cohort cells, all arrays of shape [cells]."""

    age: Integers  # at step 0
    sex: Integers  # 0 or 1
    wage: Floats  # a year
    heads: Floats  # at step 0
    service: Floats  # whole years before step 0


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Cases, arrays of shape [cases] but for the wage index."""

    return_a: Floats  # a year
    return_b: Floats  # a year
    floor: Floats  # guaranteed pension, a year
    wage_index: Floats  # [cases, STEPS], 1 at step 0


def make_tables() -> Tables:
    """The decrement tables and the annuity factors that follow from mortality."""
    age = np.arange(AGES, dtype=np.float64)
    mortality = np.empty((AGES, SEXES))
    for sex, (a, b, c) in enumerate(GOMPERTZ):
        mortality[:, sex] = np.minimum(MORTALITY_CAP, a + b * np.exp(c * age))
    a, b, c = DISABILITY
    insured = (age >= FIRST_AGE) & (age < DISABILITY_END)
    disability = np.where(insured, a + b * np.exp(c * (age - FIRST_AGE)), 0.0)
    retirement = np.where(age < RETIREMENT_AGE, 0.0, RETIREMENT_EARLY)
    retirement[max(RETIREMENT) + 1 :] = RETIREMENT_LATE
    for at, probability in RETIREMENT.items():
        retirement[at] = probability
    annuity = np.zeros((AGES, SEXES))
    following = np.zeros(SEXES)
    for k in range(AGES - 1, -1, -1):
        following = 1.0 + (1.0 - mortality[k]) / (1.0 + ANNUITY_RATE) * following
        annuity[k] = following
    return Tables(mortality, disability, retirement, annuity)


def make_cells(count: int) -> Cells:
    """`count` cells, the same in every run; another count gives other cells."""
    rng = np.random.default_rng(CELL_SEED)
    age = rng.integers(FIRST_AGE, LAST_AGE + 1, count)
    sex = rng.integers(0, SEXES, count)
    wage = WAGE_UNIT * np.exp(rng.normal(WAGE_MU, WAGE_SIGMA, count))
    heads = rng.uniform(HEADS_LOW, HEADS_HIGH, count)
    service = np.floor(rng.uniform(0, 1, count) * (age - FIRST_WORK_AGE))
    return Cells(age.astype(np.int64), sex.astype(np.int64), wage, heads, service)


def make_scenarios(count: int) -> Scenarios:
    """`count` cases around the first one, which sits in the centre."""
    u = np.random.default_rng(SCENARIO_SEED).uniform(-1, 1, (count, len(CENTRE)))
    u[0] = 0
    growth, return_a, return_b = (CENTRE[j] + SPREAD[j] * u[:, j] for j in range(3))
    floor = CENTRE[3] * (1 + SPREAD[3] * u[:, 3])
    wage_index = (1 + growth[:, None]) ** np.arange(STEPS)[None, :]
    return Scenarios(return_a, return_b, floor, wage_index)


def read_reference(path: Path | None = None) -> Mapping[tuple[int, int], Mapping[int, Floats]]:
    """Reference totals: (cells, cases) -> number of the case -> array [STEPS, outputs]."""
    tables: dict[tuple[int, int], dict[int, Floats]] = {}
    with (path or REFERENCE).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            case = tables.setdefault((int(row["cells"]), int(row["scenarios"])), {})
            table = case.setdefault(int(row["scenario"]), np.full((STEPS, len(OUTPUTS)), np.nan))
            table[int(row["step"])] = [float(row[name]) for name in OUTPUTS]
    return tables


def deviation(result: Floats, expected: Floats) -> float:
    """Largest |result - expected| / (|expected| + SMALL * max |expected| of that output); arrays [case, step, output].

    Right when at most TOLERANCE. Anything not finite gives infinity.
    """
    scale = np.abs(expected) + SMALL * np.abs(expected).max(axis=(0, 1))
    ratio = np.abs(result - expected) / scale
    return float(ratio.max()) if np.isfinite(ratio).all() else float("inf")
