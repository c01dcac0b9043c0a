"""The page of the reproduction: model against print, what was fitted and what was not, alternatives, the statutory basis.

Everything on it is computed when it is written: projections, comparisons, steps between the bases, and what print says of the
free parameters. The fits of :mod:`engine.studies.annex_v.fits` take minutes; they are kept as a file and made again when the
committed fit has moved.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import load, scenario_codes
from assumptions.spreadsheet import Writer
from engine.calibrate import BASIS, cases, plan
from engine.calibrate.free import build
from engine.calibrate.identify import Identification, identify
from engine.calibrate.objective import Objective
from engine.outputs import compare
from engine.outputs.dataset import project_resolved, resolve
from engine.projection import COMPONENTS
from engine.studies.annex_v import decomposition, discrepancies, fits
from engine.studies.annex_v.series import Runs

Float = NDArray[np.float64]

STATUTORY: Final = "statutory"
LOW, HIGH = ("1B", "2B", "3B", "4B"), ("1A", "2A", "3A", "4A")
REPLICA_SCENARIOS: Final = ("1B", "2B", "4B")
SHOWN_YEARS: Final = (1997, 2000, 2005, 2010, 2015, 2020, 2025, 2030)
STEP_YEARS: Final = (1997, 2010, 2030)
STUDIES_FILE: Final = Path("data") / "studies.csv"
FIGURES: Final = Path("figures")
# Rounding of committed values moves less than this; a new fit moves more. Percentage points of GDP.
_SAME: Final = 1e-4
_THOUSAND: Final = 1000.0
_ACQUIRED, _ONGOING, _STATE, _MPG = COMPONENTS


@dataclass(frozen=True)
class Alternative:
    """Another mechanism with the committed ages: error and ratio to printed 3B, by scenario."""

    title: str
    key: str
    largest: dict[str, float]
    rms: dict[str, float]
    ratio: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Reproduction:
    """All that the page says.

    Attributes
    ----------
    dataset : xarray.Dataset
        All scenarios on both bases.
    cells, comparisons : list
        As :mod:`engine.outputs.compare` gives them, basis published.
    statutory : list
        Comparisons of the statutory basis.
    parameters : list of (title, value, lower, upper, standard error, in logs)
    identification : Identification
    alternatives : list of Alternative
    steps : list of Decomposition
    studies : Studies
    register : Register
    gdp_overlay : float
        Statutory total of 3B in 2030 with the overlay gdp_305bn less that without, percentage points.
    """

    dataset: xr.Dataset
    cells: list[compare.CellDifference]
    comparisons: list[compare.Comparison]
    statutory: list[compare.Comparison]
    parameters: list[tuple[str, float, float, float, float, bool]]
    identification: Identification
    alternatives: list[Alternative]
    steps: list[decomposition.Decomposition]
    studies: fits.Studies
    register: discrepancies.Register
    gdp_overlay: float


def still_holds(kept: fits.Studies) -> bool:
    """Whether kept studies start from the committed fit as it is now: its figures at the plan's penalty agree."""
    shipped = plan.read()
    case = f"{shipped.settings.penalty:g}"
    years, cost = kept.series(fits.SMOOTHING, case, "acquired rights 3B")
    if years.size == 0:
        return False
    now = Runs().percent(BASIS, "3B", _ACQUIRED)
    return bool(now.size == cost.size and np.abs(now - cost).max() < _SAME)


def make(
    kept: fits.Studies | None = None,
    *,
    workers: int = 1,
    on_done: Callable[[int], object] | None = None,
) -> Reproduction:
    """Compute everything; seconds with kept studies, a minute or two without.

    Parameters
    ----------
    kept : Studies, optional
        Studies to take over.
    workers : int
        Threads; results do not depend on their number.
    on_done : callable, optional
        Called with the number of finished studies, out of ``fits.COUNT``.
    """
    packs = [load(code) for code in scenario_codes()]
    dataset = project_resolved(resolve(packs, (STATUTORY, BASIS)), workers=workers)
    cells = compare.cells(dataset, BASIS)
    register = discrepancies.Register()
    parameters, identification = _identified()
    plain = load("3B").resolve(STATUTORY)
    other = load("3B", overlays=["gdp_305bn"]).resolve(STATUTORY)
    totals = [
        float(part.fiscal_cost_total.sel(year=SHOWN_YEARS[-1]).squeeze())
        for part in (project_resolved([case], workers=1) for case in (plain, other))
    ]
    return Reproduction(
        dataset=dataset,
        cells=cells,
        comparisons=compare.compare(dataset, BASIS, cells),
        statutory=compare.compare(dataset, STATUTORY),
        parameters=parameters,
        identification=identification,
        alternatives=_alternatives(register),
        steps=[decomposition.decompose(code) for code in LOW],
        studies=kept if kept is not None else fits.make(workers=workers, on_done=on_done),
        register=register,
        gdp_overlay=totals[1] - totals[0],
    )


def _identified() -> tuple[list[tuple[str, float, float, float, float, bool]], Identification]:
    shipped = plan.read()
    packs = cases(shipped)
    free = build(shipped.free, next(iter(packs.values())))
    objective = Objective(packs, shipped.columns, free, shipped.settings)
    zero = np.zeros(objective.origin.size)
    found = identify(objective, zero)
    values = np.concatenate(objective.cells(zero))
    entries = [(title, f.entry) for f in free for title in f.titles]
    return [
        (
            title,
            float(values[n]),
            entry.lower,
            entry.upper,
            float(found.error[n] * entry.step),
            entry.transform == "log",
        )
        for n, (title, entry) in enumerate(entries)
    ], found


def _alternatives(register: discrepancies.Register) -> list[Alternative]:
    tables, runs = register.tables, register.runs
    base = tables.cost("3B", _ACQUIRED)
    places = [year - int(tables.years[0]) for year in STEP_YEARS]
    found = []
    for alternative in fits.ALTERNATIVES:
        given = {name.replace(".", "__"): value for name, value in alternative.switches.items()}
        largest, rms, ratio = {}, {}, {}
        for code in LOW:
            model = runs.percent(BASIS, code, _ACQUIRED, **given)
            e = model - tables.cost(code, _ACQUIRED)
            largest[code], rms[code] = float(np.abs(e).max()), float(np.sqrt((e**2).mean()))
            ratio[code] = tuple(float(v) for v in (model / base)[places])
        found.append(Alternative(alternative.title, alternative.key, largest, rms, ratio))
    return found


# writing ------------------------------------------------------------------------------------------------------------


def write(found: Reproduction, folder: Path) -> list[Path]:
    """Pages, data and figures into a folder as `docs/`; names of the files written.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    from engine.outputs.files import whole

    texts = {
        Path("reproduction.md"): page(found),
        Path("discrepancies.md"): discrepancies.page(found.register),
        Path("data") / "discrepancies.csv": found.register.as_csv(),
        Path("data") / "discrepancies.json": found.register.as_json(),
        Path("data") / "reproduction.csv": cells_csv(found.cells),
        STUDIES_FILE: found.studies.as_csv(),
    }
    for name in ("data", FIGURES):
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        with whole(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)
    from engine.studies.annex_v import figures

    for name, draw in figures.ALL.items():
        target = folder / FIGURES / name
        with whole(target) as temporary:
            draw(found, temporary)
        written.append(target)
    return written


def cells_csv(cells: Iterable[compare.CellDifference]) -> str:
    """Every printed figure beside the model's, percent of GDP."""
    stream = io.StringIO()
    writer = Writer(stream)
    writer.writerow(("table", "scenario", "column", "year", "printed", "model", "difference", "reading"))
    for cell in cells:
        writer.writerow(
            (
                cell.table,
                cell.scenario,
                cell.column,
                cell.year,
                f"{cell.printed:.5f}",
                f"{cell.model:.6f}",
                f"{cell.difference:.6f}",
                cell.reading,
            )
        )
    return stream.getvalue()


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    marks = ["---" if n < left else "---:" for n in range(len(header))]
    return [
        f"| {' | '.join(header)} |",
        f"|{'|'.join(marks)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def page(found: Reproduction) -> str:
    """The page as Markdown."""
    parts = (
        _opening,
        _what_is_what,
        _errors,
        _by_year,
        _fit,
        _smoothing,
        _alternatives_text,
        _statutory,
        _steps,
        _again,
    )
    return "\n".join(line for part in parts for line in part(found)).rstrip() + "\n"


def _opening(found: Reproduction) -> list[str]:
    targets = [item for item in found.comparisons if item.passed is not None]
    met = sum(item.passed is True for item in targets)
    return [
        "# Reproduction of the printed tables",
        "",
        "The published basis against the tables of Annex V, figure by figure. This page is written by `annexv validate --report FOLDER`;"
        " `annexv validate` prints the comparison and ends with status 1 when a target is missed. Costs are in percent of GDP, differences in"
        " percentage points.",
        "",
        f"Targets met: **{met} of {len(targets)}**. Where the report contradicts itself is on a [page of its own](discrepancies.md).",
        "",
    ]


def _what_is_what(found: Reproduction) -> list[str]:
    rows = [
        (
            "acquired rights 3B, its types c1, c2, c3",
            "structural, **in sample**",
            "one minimum wage for every old-law pension, RCV balance first; ages, backlog, widows, disability fitted",
        ),
        ("c4, c5 of 3B", "**replica**, in sample", "constants times c2 and c3"),
        (
            "acquired rights 1B, 2B, 4B",
            "**replica**",
            "constants (2B: a path of 25 values) times 3B; no rule with balances gives them (below)",
        ),
        ("State contributions, all", "structural, **in sample**", "social quota of effective contributors"),
        (
            "pensions in payment, B",
            "structural, **in sample**",
            "closed group: level, ages and mortality fitted by hand",
        ),
        (
            "pensions in payment, A",
            "structural, not fitted",
            "the same group at the minimum wage of December 1996 of series A",
        ),
        ("MPG of new workers", "**replica**", "ten printed values of 1B; factors for A and for scenario 4"),
        (
            "acquired rights 1A-4A",
            "**held out**",
            "never fitted, not kept here; projected with the same parameters and the economics of series A",
        ),
    ]
    return [
        "## What is what",
        "",
        *_table(("cells", "method", "how"), rows, left=3),
        "Structural: a mechanism of the model produces the column. Replica: constants stand in for a mechanism nobody found. In sample: the"
        " column was fitted, so its small error shows that the mechanism *can* give it, not that it is right. The variable `method` of every"
        " result file marks the cells.",
        "",
    ]


def _errors(found: Reproduction) -> list[str]:
    rows = []
    for item in found.comparisons:
        rows.append(
            (
                item.scenario,
                item.column if item.column == item.label else f"{item.column} {item.label}",
                item.method or "both",
                f"{item.largest:.4f}",
                str(item.year),
                f"{item.rms:.4f}",
                f"{item.within_rounding}/{item.cells}",
                "" if item.tolerance_largest is None else f"{item.tolerance_largest:.3f}",
                "" if item.tolerance_rms is None else f"{item.tolerance_rms:.3f}",
                {True: "met", False: "**missed**", None: ""}[item.passed],
            )
        )
    header = (
        "scenario",
        "column",
        "method",
        "largest",
        "year",
        "RMS",
        "in print",
        "target largest",
        "target RMS",
        "",
    )
    return [
        "## Model against print",
        "",
        f"![Series B, model and print by scenario and component]({FIGURES.as_posix()}/reproduction_b.png)",
        "",
        f"![Series A, model and print by scenario and component]({FIGURES.as_posix()}/reproduction_a.png)",
        "",
        f"![Acquired rights of 3B by type of pension, model and print]({FIGURES.as_posix()}/reproduction_types.png)",
        "",
        "Differences over 1997-2030; “in print”: figures that agree within half a unit of the last printed digit.",
        "",
        *_table(header, rows, left=3),
    ]


def _by_year(found: Reproduction) -> list[str]:
    columns = [
        *((compare.TOTAL_TABLE, code, _ACQUIRED, f"{code} rights") for code in LOW),
        *((compare.TYPE_TABLE, "3B", name, f"3B {name}") for name in compare.TYPE_COLUMNS),
        (compare.TOTAL_TABLE, "1B", _ONGOING, "B payment"),
        (compare.TOTAL_TABLE, "1A", _ONGOING, "A payment"),
        (compare.TOTAL_TABLE, "1B", _STATE, "State"),
        (compare.TOTAL_TABLE, "1B", _MPG, "1B MPG"),
        (compare.TOTAL_TABLE, "4B", _MPG, "4B MPG"),
        (compare.TOTAL_TABLE, "1A", _MPG, "1A MPG"),
    ]
    by_key = {(c.table, c.scenario, c.column, c.year): c for c in found.cells}
    years = sorted({c.year for c in found.cells})
    rows = [
        (
            str(year),
            *(
                _thousandths(by_key[(table, code, column, year)].difference)
                for table, code, column, _ in columns
            ),
        )
        for year in years
    ]
    return [
        "### Year by year",
        "",
        "Model less print in thousandths of a percentage point of GDP. State contributions and pensions in payment are the same in all"
        " scenarios of a series. All figures: `data/reproduction.csv`.",
        "",
        *_table(("year", *(title for *_, title in columns)), rows),
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.5g}"


def _thousandths(value: float) -> str:
    said = f"{_THOUSAND * value:+.1f}"
    return "0" if said in ("+0.0", "-0.0") else said


def _fit(found: Reproduction) -> list[str]:
    shipped = plan.read()
    seen = found.identification
    rows = []
    for title, value, lower, upper, error, log in found.parameters:
        rows.append(
            (
                f"`{title}`",
                _number(value),
                _number(lower),
                _number(upper),
                f"{100 * error:.0f}%" if log else _number(float(f"{error:.2g}")),
            )
        )
    unseen = [
        f"* {', '.join(f'{part:+.2f} `{title}`' for title, part in direction.parts)}: one step moves the figures by"
        f" {direction.moves:.1g} of their targets"
        for direction in seen.unseen
    ]
    pairs = [f"* `{one}` and `{two}`: {value:+.2f}" for one, two, value in seen.correlations]
    columns = ", ".join(c.column for c in shipped.columns)
    base = load("3B").resolve(BASIS)
    shares = base.table("population.active_age_shares")
    ages = np.asarray(shares.coords["age"])
    share = shares.values.sum(axis=0)
    number = base.number("population.active_1996")
    older = number * float(share[ages >= 27].sum())
    one = fits.PROFILE
    get = found.studies.get
    penalty = f"{shipped.settings.penalty:g}"
    ends, begins, hazard_errors = (
        [f.value for f in found.studies.figures if (f.study, f.quantity) == key]
        for key in (
            (fits.STARTS, "objective"),
            (fits.STARTS, "objective before"),
            (fits.HAZARDS, "standard error"),
        )
    )
    of_age = sum(title.startswith(fits.AGES) for title, *_ in found.parameters)
    few = float(share[(ages >= 28) & (ages <= 34)].sum()) * number / 1e6
    law = load("3B").resolve(STATUTORY)
    law_few = float(
        law.table("population.active_age_shares").values.sum(axis=0)[(ages >= 28) & (ages <= 34)].sum()
    )
    law_few *= law.number("population.active_1996") / 1e6
    own = get(one, one, "rms", _ACQUIRED) / 0.005
    missed = [
        case
        for case in found.studies.cases(fits.SMOOTHING)
        if get(fits.SMOOTHING, case, "largest", "c1") > 0.015
        or get(fits.SMOOTHING, case, "rms", _ACQUIRED) > 0.005
    ]
    return [
        "## The fit",
        "",
        f"`annexv calibrate` fits {seen.parameters} numbers to seven columns of 3B ({columns}), by least squares on differences over their"
        f" targets, from {len(ends)} starts (the committed values, a cold start, random departures). Objectives of"
        f" {min(begins):.3g} to {max(begins):.1e} end between {min(ends):.2f} and {max(ends):.2f}, with figures that differ by at most"
        f" {get(fits.STARTS, 'all', 'apart'):.4f}: one place. Past service and the share of men are held, and so are the hazards of"
        f" retirement (0.3 at 60-64, 0.5 at 65-69): freed age by age as well, they bring the RMS of 3B from"
        f" {get(fits.SMOOTHING, penalty, 'rms', _ACQUIRED):.4f} to {get(fits.HAZARDS, fits.HAZARDS, 'rms', _ACQUIRED):.4f} at the price of"
        f" {len(hazard_errors)} numbers of which print tells none: the smallest standard error is {min(hazard_errors):.1f}, of a probability.",
        "",
        *_table(
            ("parameter", "value", "from", "to", "standard error"),
            rows,
        ),
        f"The standard error is that of independent errors of the size of the RMS targets, with the penalty in force. Print identifies"
        f" {seen.seen:.1f} of the {seen.parameters} numbers; the condition number is {seen.condition:.2g}, with the penalty"
        f" {seen.condition_with_penalty:.2g}. No parameter rests at a bound.",
        "",
        "**Not identified** (a step worth noticing that print does not see):",
        "",
        *(unseen or ["* nothing"]),
        "",
        "Errors that go together:",
        "",
        *(pairs or ["* none beyond 0.9"]),
        "",
        f"The ages are effective, not those of IMSS. Who is 27 and more at the reform reaches 60 by 2030; the fit puts"
        f" {older / 1e6:.1f} million there, against {law.number('population.active_1996') / 1e6:.1f} million whom IMSS insured in all. The remaining"
        f" {(number - older) / 1e6:.1f} million, {100 * (number - older) / number:.0f}%, are what the printed quota needs beyond them; print"
        " says nothing of their ages, which are level.",
        "",
        "### Free ages or a smooth profile",
        "",
        f"![Ages of contributors: statutory, free, two parameters]({FIGURES.as_posix()}/reproduction_ages.png)",
        "",
        *_table(
            ("ages", "parameters of age", "3B largest", "3B RMS", "c1 largest", "c1 RMS"),
            [
                (
                    "free at knots, penalty " + f"{shipped.settings.penalty:g}",
                    str(of_age),
                    *_accuracy(found, fits.SMOOTHING, f"{shipped.settings.penalty:g}"),
                ),
                ("smooth profile (log-quadratic)", "2", *_accuracy(found, one, one)),
                ("target", "", "0.0150", "0.0050", "0.0150", "0.0050"),
            ],
        ),
        f"The smooth profile (log density {get(one, one, fits.AGES + '[slope]'):+.3f} u {get(one, one, fits.AGES + '[bend]'):+.3f} u², u in decades"
        f" from 43) gives ages that look like a workforce, and misses: its RMS is {own:.1f} times what is asked for. The free knots are chosen"
        f" because the targets ask for them, with as few knots as meet them: print needs few persons of 28-34 ({few:.1f} million; {law_few:.1f}"
        " million on the statutory basis), who would retire from 2022 on, when the printed cost falls. That dip is a property of the tables, not"
        " a statement on IMSS's members; the statutory basis does not use it. The smoothing is a compromise: of the penalties below"
        f" {_listed(missed)} miss a target, and lighter ones than the chosen gain at most a thousandth.",
        "",
    ]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if names else "none"


def _accuracy(found: Reproduction, study: str, case: str) -> tuple[str, ...]:
    return tuple(
        f"{found.studies.get(study, case, quantity, column):.4f}"
        for column in (_ACQUIRED, "c1")
        for quantity in ("largest", "rms")
    )


def _smoothing(found: Reproduction) -> list[str]:
    shipped = plan.read()
    chosen = f"{shipped.settings.penalty:g}"
    rows = []
    spread: dict[int, list[float]] = {year: [] for year in SHOWN_YEARS}
    for case in found.studies.cases(fits.SMOOTHING):
        years, a = found.studies.series(fits.SMOOTHING, case, "acquired rights 3A")
        _, b = found.studies.series(fits.SMOOTHING, case, "acquired rights 3B")
        at = [int(np.flatnonzero(years == year)[0]) for year in SHOWN_YEARS]
        for year, place in zip(SHOWN_YEARS, at, strict=True):
            spread[year].append(float(a[place]))
        rows.append(
            (
                f"**{case}**" if case == chosen else case,
                f"{float(case) * 0.005**2:.2g}",
                *_accuracy(found, fits.SMOOTHING, case),
                *(f"{a[place]:.3f}" for place in at),
                f"{a[at[0]] / b[at[0]]:.3f} to {a[at[-1]] / b[at[-1]]:.3f}",
            )
        )
    widest = max(max(v) - min(v) for v in spread.values())
    one = fits.PROFILE
    years, a = found.studies.series(one, one, "acquired rights 3A")
    base = found.studies.series(fits.SMOOTHING, chosen, "acquired rights 3A")[1]
    return [
        "## Series A and the smoothing",
        "",
        "Acquired rights of series A are held out: the same parameters, with the inflation and minimum wages of series A. The penalty is the"
        " one thing the fit of B leaves to choose, so this is how far A moves with it.",
        "",
        f"![Acquired rights of 3A and 3B for every penalty]({FIGURES.as_posix()}/reproduction_smoothing.png)",
        "",
        *_table(
            (
                "penalty",
                "in pp²",
                "3B largest",
                "3B RMS",
                "c1 largest",
                "c1 RMS",
                *(f"3A {y}" for y in SHOWN_YEARS),
                "A/B 1997 to 2030",
            ),
            rows,
        ),
        f"Over these penalties 3A moves by at most {widest:.3f}; with the two-parameter profile it moves by up to"
        f" {float(np.abs(a - base).max()):.3f}. What 3A becomes is decided by the mechanism (pensions of one minimum wage, indexed to it), not"
        " by the smoothing.",
        "",
    ]


def _alternatives_text(found: Reproduction) -> list[str]:
    tables = found.register.tables
    base = tables.cost("3B", _ACQUIRED)
    places = [year - int(tables.years[0]) for year in STEP_YEARS]

    def ratios(values: Sequence[float]) -> str:
        return " ".join(f"{v:.2f}" for v in values)

    rows = [
        (
            "**print**",
            *(
                x
                for code in REPLICA_SCENARIOS
                for x in ("", ratios((tables.cost(code, _ACQUIRED) / base)[places].tolist()))
            ),
            "",
        )
    ]
    constants = {code: found.register.runs.percent(BASIS, code, _ACQUIRED) for code in REPLICA_SCENARIOS}
    errors = {code: v - tables.cost(code, _ACQUIRED) for code, v in constants.items()}
    own = {item.scenario: item for item in found.comparisons if item.column == _ACQUIRED}
    rows.append(
        (
            "constants times 3B (replica)",
            *(
                x
                for code in REPLICA_SCENARIOS
                for x in (
                    f"{np.abs(errors[code]).max():.3f} / {own[code].rms:.3f}",
                    ratios((constants[code] / base)[places].tolist()),
                )
            ),
            f"{own['3B'].largest:.3f} / {own['3B'].rms:.3f}",
        )
    )
    for item in found.alternatives:
        rows.append(
            (
                item.title,
                *(
                    x
                    for code in REPLICA_SCENARIOS
                    for x in (f"{item.largest[code]:.3f} / {item.rms[code]:.3f}", ratios(item.ratio[code]))
                ),
                f"{item.largest['3B']:.3f} / {item.rms['3B']:.3f}",
            )
        )
    header = (
        "mechanism",
        *(x for code in REPLICA_SCENARIOS for x in (f"{code} error", f"{code} over print 3B")),
        "3B error",
    )
    get = found.studies.get
    refits = [
        (
            item.title,
            *(
                f"{get(fits.REFIT, item.key, 'largest', code):.3f} / {get(fits.REFIT, item.key, 'rms', code):.3f}"
                for code in ("1B", "3B", "4B")
            ),
        )
        for item in fits.ALTERNATIVES
    ]
    best = min(
        max(get(fits.REFIT, item.key, "rms", code) for code in ("1B", "3B", "4B"))
        for item in fits.ALTERNATIVES
    )
    return [
        "## Alternatives for scenarios 1, 2 and 4",
        "",
        "In print scenarios 1 and 4 are 0.25 and 0.50 of scenario 3 in every year and every type of pension. Six mechanisms were run through the"
        " engine, each a switch on the published basis with the committed ages: largest / RMS difference from print, and the ratio to printed"
        f" 3B in {', '.join(map(str, STEP_YEARS))}.",
        "",
        *_table(header, rows),
        "Why each fails:",
        "",
        "* *balance first*: in 1997 nobody has a balance from after the reform, so scenarios 1, 2 and 4 cost what 3 costs; later the balance"
        " delays the cost, it does not quarter it.",
        "* *share*: the same in 1997; the share of those who have just begun to save stays near one for the rest of their lives.",
        "* *capital*: the present value of a lifetime falls in the year of award: many times the printed cost at first, a fraction at the end.",
        "* *whole career, balance first*: accounts large enough to quarter the cost pay everything in the first years; scenario 3 breaks as well.",
        "* *whole career, share*: a constant share at last, but of about one half and falling with the years to come; scenario 3, which has no"
        " INFONAVIT to use, is cut too. A constant factor is what one model career would give; over a population it spreads.",
        "* *INFONAVIT contributions of the year*: more than the whole cost at first, and their share shrinks as the cost grows.",
        "",
        "With ages and backlog fitted anew to 1B, 3B and 4B together, largest / RMS difference:",
        "",
        *_table(("mechanism", "1B", "3B", "4B"), refits),
        f"The best of them leaves an RMS of {best:.2f}, against 0.005 asked for: ages cannot mend the mechanism.",
        "",
    ]


def _statutory(found: Reproduction) -> list[str]:
    data = found.dataset
    tables = found.register.tables
    rows = []
    for code in (*LOW, *HIGH):
        for basis in (BASIS, STATUTORY):
            part = data.sel(basis=basis, scenario=code, year=list(STEP_YEARS))
            rights = part.fiscal_cost.sel(component=_ACQUIRED).values
            rows.append(
                (
                    code if basis == BASIS else "",
                    basis,
                    *(f"{v:.3f}" for v in rights),
                    *(f"{v:.3f}" for v in part.fiscal_cost.sel(component=_MPG).values[-1:]),
                    *(f"{v:.3f}" for v in part.fiscal_cost_total.values),
                )
            )
    distance = [
        (
            item.scenario,
            item.column,
            f"{item.largest:.3f}",
            str(item.year),
            f"{item.rms:.3f}",
            f"{item.model:.3f}",
            f"{item.printed:.3f}",
        )
        for item in found.statutory
        if item.table == compare.TOTAL_TABLE and item.scenario in LOW
    ]
    in_order = sorted(
        LOW, key=lambda code: float(data.fiscal_cost_total.sel(basis=STATUTORY, scenario=code, year=2030))
    )
    printed_order = sorted(LOW, key=lambda code: tables.at(code, "total", 2030))
    header = (
        "scenario",
        "basis",
        *(f"rights {y}" for y in STEP_YEARS),
        "MPG 2030",
        *(f"total {y}" for y in STEP_YEARS),
    )
    return [
        "## The statutory basis beside it",
        "",
        "The law as written and a population built from facts, under the same economics. It has no target: it is not tuned to the tables, and"
        " the table below is the difference between the two readings, not an error.",
        "",
        f"![Total cost on both bases and in print]({FIGURES.as_posix()}/reproduction_bases.png)",
        "",
        *_table(header, rows, left=2),
        f"By total cost of 2030 the statutory order is {' < '.join(in_order)}, the printed one {' < '.join(printed_order)}.",
        "",
        "Distance of the statutory basis from print, series B:",
        "",
        *_table(
            ("scenario", "column", "largest", "year", "RMS", "model then", "print then"), distance, left=2
        ),
    ]


def _steps(found: Reproduction) -> list[str]:
    lines = [
        "### From the statutory to the published basis, step by step",
        "",
        "Each step is a run that changes one thing on top of all steps above it; the order matters and is the one shown. The steps add up to"
        " the whole difference.",
        "",
        f"![Steps from the statutory to the published basis, scenarios 1B and 3B]({FIGURES.as_posix()}/reproduction_steps.png)",
        "",
    ]
    for item in found.steps:
        places = [int(np.flatnonzero(item.years == year)[0]) for year in STEP_YEARS]
        rows = [("**statutory**", "", *_both(item.start, places))]
        for step, change, moved in zip(decomposition.STEPS, item.changes, item.moved, strict=True):
            rows.append((step.title, str(moved), *_both(change, places, sign=True)))
        rows.append(("**published**", "", *_both(item.end, places)))
        lines += [
            f"Scenario {item.scenario}:",
            "",
            *_table(
                (
                    "step",
                    "names",
                    *(f"rights {y}" for y in STEP_YEARS),
                    *(f"total {y}" for y in STEP_YEARS),
                ),
                rows,
            ),
        ]
    return [
        *lines,
        f"{_denominator(found)} It is an assumption all the same: with the report's US$305 thousand"
        f" million (`--overlay gdp_305bn`) the statutory total of 3B in 2030 moves by {found.gdp_overlay:+.3f}.",
        "",
    ]


def _denominator(found: Reproduction) -> str:
    place = next(n for n, step in enumerate(decomposition.STEPS) if "economy.gdp_" in step.names)
    if any(item.moved[place] for item in found.steps):
        return "The two bases have GDPs of their own, so the denominator moves the figures too."
    return "The two bases have the same GDP, so the denominator moves nothing."


def _both(cost: Float, places: Sequence[int], sign: bool = False) -> list[str]:
    def said(value: float) -> str:
        text = f"{value:+.3f}" if sign else f"{value:.3f}"
        return "0" if sign and float(text) == 0.0 else text

    return [
        *(said(float(cost[COMPONENTS.index(_ACQUIRED), place])) for place in places),
        *(said(float(cost[:, place].sum())) for place in places),
    ]


def _again(found: Reproduction) -> list[str]:
    return [
        "## Again",
        "",
        "<!-- not run: fits for minutes and writes into docs/ -->",
        "```sh",
        "annexv validate                      # compare; status 1 when a target is missed",
        "annexv validate --long               # also State contributions to 2069",
        "annexv validate --report docs        # this page, the register of discrepancies, data and figures",
        "annexv calibrate --out fit.toml      # fit again; a person commits the proposal",
        "annexv validate --overlay fit.toml   # what the proposal would give",
        "```",
    ]


def load_kept(folder: Path) -> fits.Studies | None:
    """Studies kept in a folder as `docs/`, where they still hold; None otherwise."""
    path = folder / STUDIES_FILE
    if not path.is_file():
        return None
    kept = fits.read(path.read_text(encoding="utf-8"), str(path))
    return kept if still_holds(kept) else None


__all__ = ["Reproduction", "cells_csv", "load_kept", "make", "page", "still_holds", "write"]
