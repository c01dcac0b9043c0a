"""Register of what contradicts itself in the report: statement, printed figures, our figures, consequence.

Statements are quoted from World Bank report P-7018-ME; every number beside them is computed here, from the printed
tables or from runs of the model that change one thing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, load, published, scenario_codes
from assumptions.spreadsheet import Writer
from engine.projection import COMPONENTS, FUNDS, CaseResult, run_case
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

LOW_INFLATION: Final = tuple(code for code in ("1B", "2B", "3B", "4B"))
ACQUIRED, ONGOING, STATE, MPG = COMPONENTS
TYPES: Final = ("c1", "c2", "c3", "c4", "c5")
# Years between which the acquired rights are printed as straight lines.
ANCHORS: Final = (1997, 2001, 2005, 2009, 2013, 2017, 2021, 2023)
_PERCENT: Final = 100.0
_VISIBLE: Final = 0.001


@dataclass(frozen=True)
class Row:
    """One contradiction.

    Attributes
    ----------
    number : int
    title : str
    statement, where : str
        What the report says, and where.
    printed, model : str
        What its tables say and what we compute, in words with the numbers.
    consequence : str
        What the project does about it.
    figures : mapping of str to float
        The numbers of ``printed`` and ``model`` by name, unrounded; percent of GDP unless the name says otherwise.
    """

    number: int
    title: str
    statement: str
    where: str
    printed: str
    model: str
    consequence: str
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Identity:
    """An identity of the printed tables: largest deviation, what rounding alone allows, and cells that exceed it."""

    title: str
    cells: int
    largest: float
    allowed: float
    broken: int


class Tables:
    """Printed series as arrays over the projected years; NaN where nothing is printed."""

    def __init__(self) -> None:
        self.total = published.total_fiscal_cost()
        self.types = published.acquired_rights_by_type()
        self.long = published.state_contributions_long()
        self.years = np.array(sorted({key.year for key in self.total}), dtype=np.int64)

    def cost(self, scenario: str, component: str) -> Float:
        """A column of the total table, percent of GDP."""
        return self._series(self.total, scenario, component)

    def kind(self, scenario: str, column: str) -> Float:
        """A column of the breakdown by type, percent of GDP."""
        return self._series(self.types, scenario, column)

    def contributions(self, column: str) -> Float:
        """A column of the long table of State contributions, as printed."""
        return self._series(self.long, "", column)

    def at(self, scenario: str, component: str, year: int) -> float:
        """One figure of the total table."""
        return float(self.cost(scenario, component)[year - self.years[0]])

    def _series(self, cells: dict[published.Key, published.Cell], scenario: str, column: str) -> Float:
        found = published.series(cells, scenario, column)
        return np.array([found[y].value if y in found else np.nan for y in self.years.tolist()])


class Runs:
    """Projections of the scenarios on both bases, and variants that change one thing; each made when first asked for."""

    def __init__(self) -> None:
        self._cases: dict[tuple[str, str, tuple[tuple[str, Any], ...]], CaseResult] = {}

    def case(self, basis: str, scenario: str, **changes: Any) -> CaseResult:
        """A projection; names of changed assumptions have two underscores for the dot."""
        key = (basis, scenario, tuple(sorted(changes.items())))
        if key not in self._cases:
            resolved = self.resolved(basis, scenario)
            given = {name.replace("__", "."): value for name, value in changes.items()}
            self._cases[key] = run_case(resolved.with_values(given) if given else resolved)
        return self._cases[key]

    def percent(self, basis: str, scenario: str, component: str, **changes: Any) -> Float:
        """A cost, percent of GDP, float64 (year,)."""
        case = self.case(basis, scenario, **changes)
        return percent_of_gdp(case.cost[COMPONENTS.index(component)], case.gdp)

    def resolved(self, basis: str, scenario: str) -> Resolved:
        """Assumptions of a run."""
        return load(scenario).resolve(basis)


class Register:
    """All rows, and the identities that hold."""

    def __init__(self, runs: Runs | None = None) -> None:
        self.tables = Tables()
        self.runs = runs or Runs()

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The register, numbered from 1."""
        return tuple(Row(number=n, **make(self.tables, self.runs)) for n, make in enumerate(_ROWS, start=1))

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """Identities of the tables: they bear out the reading of the scan."""
        return _identities(self.tables)

    def as_json(self) -> str:
        """Rows with their figures."""
        content = [
            {
                "number": row.number,
                "title": row.title,
                "statement": row.statement,
                "where": row.where,
                "printed": row.printed,
                "model": row.model,
                "consequence": row.consequence,
                "figures": dict(row.figures),
            }
            for row in self.rows
        ]
        return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def as_csv(self) -> str:
        """One line a row; figures as `name=value` joined by semicolons."""
        stream = io.StringIO()
        writer = Writer(stream)
        writer.writerow(
            ("number", "title", "statement", "where", "printed", "model", "consequence", "figures")
        )
        for row in self.rows:
            figures = "; ".join(f"{name}={value:.6g}" for name, value in row.figures.items())
            writer.writerow(
                (
                    row.number,
                    row.title,
                    row.statement,
                    row.where,
                    row.printed,
                    row.model,
                    row.consequence,
                    figures,
                )
            )
        return stream.getvalue()


def page(register: Register) -> str:
    """The register as Markdown."""
    lines = [
        "# Where the report contradicts itself",
        "",
        "Every row sets a statement of World Bank report P-7018-ME beside the figures of its own tables and beside ours. All numbers"
        " are computed: `annexv validate --discrepancies FILE.csv` (or `.json`) writes them, `annexv validate --report FOLDER` writes"
        " this page. Costs are in percent of GDP, differences in percentage points.",
        "",
        "| | about |",
        "|---|---|",
        *(f"| {row.number} | [{row.title}](#{_anchor(row)}) |" for row in register.rows),
        "",
    ]
    for row in register.rows:
        lines += [
            f"## {_heading(row)}",
            "",
            f"* **The report says:** {row.statement} ({row.where})",
            f"* **The tables say:** {row.printed}",
            f"* **We find:** {row.model}",
            f"* **So:** {row.consequence}",
            "",
        ]
    lines += [
        "## Identities that hold",
        "",
        "The tables add up as far as rounding lets them, which bears out the reading of a damaged scan.",
        "",
        "| identity | figures | largest deviation | rounding allows | beyond |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {item.title} | {item.cells} | {item.largest:.4f} | {item.allowed:.4f} | {item.broken} |"
            for item in register.identities
        ),
    ]
    return "\n".join(lines) + "\n"


def _heading(row: Row) -> str:
    return f"{row.number}. {row.title}"


def _anchor(row: Row) -> str:
    # as the table-of-contents extension of Python-Markdown makes it
    kept = "".join(c for c in _heading(row).lower() if c.isalnum() or c in " -_")
    return "-".join(kept.split())


# identities ---------------------------------------------------------------------------------------------------------


def _identities(t: Tables) -> tuple[Identity, ...]:
    half = 0.0005
    found = []
    gaps = [t.cost(s, "total") - sum(t.cost(s, c) for c in COMPONENTS) for s in LOW_INFLATION]
    found.append(_identity("total = sum of the four components", gaps, 4 * half))
    gaps = [t.kind(s, "sum") - sum(t.kind(s, c) for c in TYPES) for s in LOW_INFLATION]
    found.append(_identity("sum of types = c1 + ... + c5", gaps, 6 * half))
    gaps = [t.kind(s, "sum") - t.cost(s, ACQUIRED) for s in LOW_INFLATION]
    found.append(_identity("sum of types = acquired rights", gaps, 0.0))
    years = sorted(key.year for key in t.long if key.column == "total")
    parts = {c: published.series(t.long, "", c) for c in ("social_quota", "prorated", "total")}
    long = np.array(
        [parts["total"][y].value - parts["social_quota"][y].value - parts["prorated"][y].value for y in years]
    )
    found.append(_identity("long table: total = quota + prorated", [long], 0.005 + half + 0.00005))
    return tuple(found)


def _identity(title: str, gaps: list[Float], allowed: float) -> Identity:
    flat = np.concatenate(gaps)
    flat = np.abs(flat[~np.isnan(flat)])
    edge = 1e-9
    return Identity(title, flat.size, float(flat.max()), allowed, int((flat > allowed + edge).sum()))


# rows ---------------------------------------------------------------------------------------------------------------

Maker = Callable[[Tables, Runs], dict[str, Any]]
_ROWS: list[Maker] = []


def _row(make: Maker) -> Maker:
    _ROWS.append(make)
    return make


def _p(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}"


def _and(values: list[str]) -> str:
    return ", ".join(values[:-1]) + f" and {values[-1]}" if len(values) > 1 else values[0]


@_row
def _first_years(t: Tables, r: Runs) -> dict[str, Any]:
    said = ("1B", "3B", "4B")
    first = {s: t.at(s, ACQUIRED, 1997) for s in said}
    sums = {s: float(t.cost(s, ACQUIRED)[:3].sum()) for s in said}
    ours = {s: float(r.percent("published", s, ACQUIRED)[:3].sum()) for s in said}
    return {
        "title": "Sums of the first three years",
        "statement": "“for the first 3 years” the cost “sums” 0.05, 0.2 and 0.1% of GDP in scenarios 1, 3 and 4",
        "where": "Annex V, section B",
        "printed": f"1997 alone is {_and([_p(first[s]) for s in said])}; the three years sum to {_and([_p(sums[s]) for s in said])}.",
        "model": f"The published basis sums to {_and([_p(ours[s]) for s in said])}.",
        "consequence": "The text gives the first year's values for a sum. The tables are followed.",
        "figures": {
            **{f"printed 1997 {s}": first[s] for s in said},
            **{f"printed sum 1997-99 {s}": sums[s] for s in said},
            **{f"model sum 1997-99 {s}": ours[s] for s in said},
        },
    }


@_row
def _balance_first(t: Tables, r: Runs) -> dict[str, Any]:
    base = t.cost("3B", ACQUIRED)
    ratio = {s: t.cost(s, ACQUIRED) / base for s in ("1B", "2B", "4B")}
    by_balance = {
        s: r.percent("published", s, ACQUIRED, basis__infonavit_offset="balance")[0]
        / r.percent("published", "3B", ACQUIRED)[0]
        for s in ratio
    }
    law = {
        s: r.percent("statutory", s, ACQUIRED)[0] / r.percent("statutory", "3B", ACQUIRED)[0] for s in ratio
    }
    names = list(ratio)
    return {
        "title": "Who pays first: the balance or the government",
        "statement": "the pension is paid “together with the balance on their individual accounts and when this is exhausted the"
        " government will provide the necessary sums”",
        "where": "Annex V, A5; para 2.21",
        "printed": f"Scenarios 1, 2 and 4 are {_and([_p(ratio[s][0], 2) for s in names])} of scenario 3 already in 1997, when nobody has"
        " a balance from after the reform.",
        "model": f"With balances first, the engine gives {_and([_p(by_balance[s], 2) for s in names])} of scenario 3 in 1997 on the"
        f" published basis and {_and([_p(law[s], 2) for s in names])} on the statutory one.",
        "consequence": "No rule with balances gives the printed columns of scenarios 1, 2 and 4. The published basis multiplies"
        " scenario 3 by constants and marks these cells as replica; the statutory basis follows the text.",
        "figures": {
            **{f"printed ratio 1997 {s}, ratio": float(ratio[s][0]) for s in names},
            **{f"balance first, ratio 1997 {s}, ratio": float(by_balance[s]) for s in names},
            **{f"statutory ratio 1997 {s}, ratio": float(law[s]) for s in names},
        },
    }


@_row
def _indexation(t: Tables, r: Runs) -> dict[str, Any]:
    ratio = t.cost("1A", ONGOING) / t.cost("1B", ONGOING)
    early = ratio[: 2016 - 1997]
    base = r.resolved("published", "1A").number("economy.minimum_wage_base")
    printed = t.cost("1B", ONGOING)
    kept = np.abs(r.percent("published", "1B", ONGOING) - printed).max()
    indexed = r.percent("published", "1B", ONGOING, basis__ongoing_indexation="minimum_wage")
    other = r.percent("published", "1A", ONGOING, basis__ongoing_indexation="minimum_wage")
    return {
        "title": "Pensions in payment: indexation and first year",
        "statement": "“by law their pensions have to be indexed” to the minimum wage; the government pays “beginning when the IMSS's"
        " reserves are exhausted, which will happen during the second year”",
        "where": "Annex V, A6",
        "printed": f"A/B lies between {_p(early.min(), 3)} and {_p(early.max(), 3)} to 2015 (0.001 is rounding), although the minimum wages"
        f" of the series part after 1996; {_p(printed[0])} is charged in 1997 already.",
        "model": f"Without indexation after 1996 A/B is {_p(base, 4)} in every year, from the minimum wage of 1996 alone, and the largest"
        f" difference from print is {_p(float(kept), 4)}; with indexation it is {_p(float(np.abs(indexed - printed).max()), 4)} and A/B falls"
        f" to {_p(float(other[-1] / indexed[-1]), 3)}.",
        "consequence": "Constant in real terms on the published basis, indexed on the statutory one; both charge the first year.",
        "figures": {
            "printed A/B smallest to 2015, ratio": float(early.min()),
            "printed A/B largest to 2015, ratio": float(early.max()),
            "model A/B, ratio": base,
            "largest difference unindexed": float(kept),
            "largest difference indexed": float(np.abs(indexed - printed).max()),
            "A/B 2030 indexed, ratio": float(other[-1] / indexed[-1]),
            "printed 1997": float(printed[0]),
        },
    }


@_row
def _heading_of_2(t: Tables, r: Runs) -> dict[str, Any]:
    zero = r.percent("statutory", "2B", ACQUIRED)
    two = r.percent("statutory", "2B", ACQUIRED, funds__infonavit_return=0.02)
    b2, b4 = t.cost("2B", ACQUIRED), t.cost("4B", ACQUIRED)
    above = int(t.years[np.flatnonzero(b2 > b4)[0]])
    return {
        "title": "Return on INFONAVIT in scenario 2",
        "statement": "the headings of the tables of scenario 2 say 2%; the text says “a 0% real return throughout the projection period”",
        "where": "Annex V, A7 and the tables of scenario 2",
        "printed": f"2B equals 1B to 2005 and leaves it as the returns part; from {above} it is above 4B, whose INFONAVIT earns 2%:"
        f" {_p(b2[-1])} against {_p(b4[-1])} in 2030.",
        "model": f"Statutory 2B costs {_p(float(zero[-1]))} in 2030 with 0% and {_p(float(two[-1]))} with 2%.",
        "consequence": "0%, as the text and the figures say. A run with 2%: `--set funds.infonavit_return=0.02`.",
        "figures": {
            "printed 2B 2030": float(b2[-1]),
            "printed 4B 2030": float(b4[-1]),
            "statutory 2B 2030 at 0%": float(zero[-1]),
            "statutory 2B 2030 at 2%": float(two[-1]),
            "first year 2B above 4B, year": float(above),
        },
    }


@_row
def _peaks(t: Tables, r: Runs) -> dict[str, Any]:
    found, ours = {}, {}
    for s in ("3B", "4B", "2B"):
        column = t.cost(s, ACQUIRED)
        found[s] = (float(np.nanmax(column)), int(t.years[int(np.nanargmax(column))]))
        mine = r.percent("published", s, ACQUIRED)
        ours[s] = (float(mine.max()), int(t.years[int(mine.argmax())]))
    return {
        "title": "Peaks of acquired rights",
        "statement": "3B reaches “0.80 in 2026”, 4B “0.4 in 2027”, 2B “0.52”",
        "where": "Annex V, section B",
        "printed": "; ".join(f"{s} peaks at {_p(v)} in {y}" for s, (v, y) in found.items()) + ".",
        "model": "Published basis: " + "; ".join(f"{s} {_p(v)} in {y}" for s, (v, y) in ours.items()) + ".",
        "consequence": "The tables are followed; the text rounds down and dates loosely.",
        "figures": {
            **{f"printed peak {s}": v for s, (v, _) in found.items()},
            **{f"printed peak {s}, year": float(y) for s, (_, y) in found.items()},
            **{f"model peak {s}": v for s, (v, _) in ours.items()},
            **{f"model peak {s}, year": float(y) for s, (_, y) in ours.items()},
        },
    }


@_row
def _density(t: Tables, r: Runs) -> dict[str, Any]:
    resolved = r.resolved("statutory", "1B")
    weeks = resolved.number("law_1995.weeks_retirement")
    years = weeks / resolved.number("law_1973.weeks_per_year")
    density = resolved.number("contributions.density")
    printed = t.cost("1B", MPG)
    starts = int(t.years[np.flatnonzero(printed > _VISIBLE)[0]])
    return {
        "title": "First minimum pensions of new workers",
        "statement": "“contribution density is in average 0.83 ... Years of service and contributions are affected in the model by this"
        " density factor”",
        "where": "Annex V, A3, page 7",
        "printed": f"The cost of the guarantee begins in {starts} ({_p(printed[starts - 1997], 4)}), after {starts - 1997} years.",
        "model": f"{weeks:.0f} weeks are {_p(years, 2)} years at density 1 and {_p(years / density, 2)} at {density:g}: at the stated density"
        f" nobody who enters in 1997 is entitled before {1997 + int(np.ceil(years / density))}.",
        "consequence": "The guarantee of the published basis is a copy of ten printed values (replica); the statutory basis counts weeks with"
        " the stated density.",
        "figures": {
            "printed first visible year, year": float(starts),
            "years at density 1, years": years,
            "years at the stated density, years": years / density,
        },
    }


@_row
def _guarantee_returns(t: Tables, r: Runs) -> dict[str, Any]:
    b1, b2, b4, a1 = (t.cost(s, MPG) for s in ("1B", "2B", "4B", "1A"))
    same = float(np.abs(b2 - b1).max())
    years = (2024 - 1997, 2025 - 1997)
    apart = max(float(abs(b4[y] - b1[y])) for y in years)
    ratio = (a1 / np.where(b1 > 0.0, b1, np.nan))[2024 - 1997 :]
    law = {s: float(r.percent("statutory", s, MPG)[-1]) for s in ("1B", "2B", "3B", "4B", "1A")}
    return {
        "title": "The guarantee does not feel the returns",
        "statement": "the guarantee makes up what the account lacks, and returns on INFONAVIT differ: 3.5% from 2005 in scenario 1, 0% in 2,"
        " 2% on everything in 4; it is constant in real terms, so inflation does not matter to it",
        "where": "Annex V, A7 and section C",
        "printed": f"1B and 2B differ by at most {_p(same, 5)}; 4B equals 1B in 2024-25 (difference {_p(apart, 5)}) and is"
        f" {_p(float(b4[-1] / b1[-1]), 4)} times it in 2030; A is {_p(float(np.nanmin(ratio)), 4)} to {_p(float(np.nanmax(ratio)), 4)} times B.",
        "model": "Statutory, 2030: " + ", ".join(f"{s} {_p(v, 4)}" for s, v in law.items()) + ".",
        "consequence": "No mechanism gives these columns: replica on the published basis.",
        "figures": {
            "printed largest difference 2B-1B": same,
            "printed 4B/1B 2030, ratio": float(b4[-1] / b1[-1]),
            "printed A/B from 2024 smallest, ratio": float(np.nanmin(ratio)),
            "printed A/B from 2024 largest, ratio": float(np.nanmax(ratio)),
            **{f"statutory MPG 2030 {s}": v for s, v in law.items()},
        },
    }


@_row
def _top_ups(t: Tables, r: Runs) -> dict[str, Any]:
    before = float(np.nanmax(t.cost("1B", MPG)[: 2021 - 1997]))
    case = r.case("statutory", "1B")
    by_type = percent_of_gdp(case.mpg_by_type, case.gdp)
    early = float(by_type[1:, : 2021 - 1997].sum(axis=0).max())
    last = float(by_type[1:, -1].sum())
    return {
        "title": "Top-ups for disability and death",
        "statement": "“only when this 35% (or 70%) is lower than the MPG the State must make up the shortfall”: disabled and survivors of"
        " low wages get top-ups from the start",
        "where": "Annex V, section C",
        "printed": f"Before 2021 the column never exceeds {_p(before, 5)}.",
        "model": f"Statutory top-ups of new workers for disability, death and occupational risk reach {_p(early, 4)} before 2021 and"
        f" {_p(last, 4)} in 2030.",
        "consequence": "Announced, and all but absent from the tables. The statutory basis pays them.",
        "figures": {
            "printed largest before 2021": before,
            "statutory largest before 2021": early,
            "statutory 2030": last,
        },
    }


@_row
def _prorated(t: Tables, r: Runs) -> dict[str, Any]:
    column = t.contributions("prorated")
    case = r.case("statutory", "1B")
    quota = percent_of_gdp(case.contributions[FUNDS.index("social_quota")], case.gdp)
    rest = r.percent("statutory", "1B", STATE) - quota
    return {
        "title": "Proportional contributions of the State",
        "statement": "“the cost of the prorated contributions ... is negligible”; a column beside percents prints 0.0002",
        "where": "Annex V, A4 and the long table of State contributions",
        "printed": f"{_p(column[0], 4)} in 1997, in a table of percents.",
        "model": f"0.225% and 0.125% of covered wages are {_p(float(rest[0]), 3)}% of GDP in 1997 and {_p(float(rest[-1]), 3)}% in 2030 on the"
        f" statutory basis; as a fraction, 0.0002 would be {_p(_PERCENT * column[0], 2)}%.",
        "consequence": "Probably a fraction among percents. The published basis leaves proportional contributions out, as the printed totals"
        " do; the statutory basis counts them.",
        "figures": {
            "printed 1997": float(column[0]),
            "statutory 1997": float(rest[0]),
            "statutory 2030": float(rest[-1]),
        },
    }


@_row
def _two_runs(t: Tables, r: Runs) -> dict[str, Any]:
    gap = t.contributions("total") - t.cost("1B", STATE)
    near = t.contributions("total") - r.percent("published", "1B", STATE)
    return {
        "title": "Two tables of State contributions",
        "statement": "the long table (1997-2069) and the tables of the scenarios give the same cost",
        "where": "Annex V, section B, tables",
        "printed": f"The long table lies between {gap.min():+.3f} and {gap.max():+.3f} of the scenario tables.",
        "model": f"The published basis, fitted to the scenario tables, differs from the long one by up to {_p(float(np.abs(near).max()), 4)}.",
        "consequence": "Two runs of another model. The scenario tables are fitted; the long one is compared (`annexv validate --long`).",
        "figures": {
            "long less scenario table smallest": float(gap.min()),
            "long less scenario table largest": float(gap.max()),
            "largest difference of the model from the long table": float(np.abs(near).max()),
        },
    }


@_row
def _steady(t: Tables, r: Runs) -> dict[str, Any]:
    column = t.cost("1B", STATE)
    ours = r.percent("published", "1B", STATE)
    return {
        "title": "A steady social quota",
        "statement": "the quota is “close to 0.3% of GDP in 1997 and will remain steady at that level over the first nine years”",
        "where": "Annex V, A4, page 8",
        "printed": f"{_p(column[0])} in 1997, {_p(column[8])} in 2005: a fall of {100 * (1 - column[8] / column[0]):.0f}% in nine years.",
        "model": f"Published basis: {_p(float(ours[0]))} and {_p(float(ours[8]))}.",
        "consequence": "The tables are followed.",
        "figures": {
            "printed 1997": float(column[0]),
            "printed 2005": float(column[8]),
            "model 1997": float(ours[0]),
            "model 2005": float(ours[8]),
        },
    }


@_row
def _table_5(t: Tables, r: Runs) -> dict[str, Any]:
    years = (1997, 2015, 2025)
    said = {"without INFONAVIT": (0.21, 0.70, 0.80), "with INFONAVIT": (0.05, 0.38, 0.53)}
    figures: dict[str, float] = {}
    for s in LOW_INFLATION:
        for y in years:
            figures[f"printed {s} {y}"] = t.at(s, ACQUIRED, y)
    totals = {s: [t.at(s, "total", y) for y in years] for s in ("2B", "3B")}
    return {
        "title": "Table 5 and its source",
        "statement": "Table 5 (1997, 2015, 2025) gives transition workers "
        + "; ".join(f"{name} {_and([_p(v, 2) for v in values])}" for name, values in said.items())
        + "; “Source: Annex V, Scenario 2B and 4B”",
        "where": "main report, Table 5",
        "printed": "; ".join(
            f"{s} has {_and([_p(t.at(s, ACQUIRED, y)) for y in years])}" for s in LOW_INFLATION
        )
        + ". Without INFONAVIT is 3B, with it 2B; neither is 4B.",
        "model": "Printed totals of the three years: 3B "
        + _and([_p(v) for v in totals["3B"]])
        + " (Table 5: 0.93, 1.04 and 1.19), 2B "
        + _and([_p(v) for v in totals["2B"]])
        + " (0.77, 0.72 and 0.92).",
        "consequence": "The source line names the wrong scenarios. Its own heading, “MPG to transition workers”, says what scenario 3 is:"
        " minimum pensions that INFONAVIT does not help to pay.",
        "figures": figures,
    }


@_row
def _contributors(t: Tables, r: Runs) -> dict[str, Any]:
    resolved = r.resolved("statutory", "1B")
    quota = resolved.number("state.social_quota") * resolved.number("economy.days_per_year")
    density = resolved.number("contributions.density")
    gdp = resolved.number("economy.gdp_1997")
    column = t.cost("1B", STATE)
    needed = column[0] / _PERCENT * gdp / quota
    actual = resolved.number("population.contributors")
    return {
        "title": "Contributors behind the quota",
        "statement": "IMSS “covers about 10 million contributors”; the quota is one peso a day contributed",
        "where": "para 2.8; Art. 168-IV of the law of 1995",
        "printed": f"{_p(column[0])}% of GDP in 1997.",
        "model": f"At {quota:.2f} pesos a year and a GDP of {gdp / 1e9:,.0f} thousand million pesos that is the quota of {needed / 1e6:.1f}"
        f" million contributors all year round ({needed / density / 1e6:.1f} million at density {density:g}), {needed / actual:.2f} times the"
        f" {actual / 1e6:.2f} million of 1997. Statutory: {_p(float(r.percent('statutory', '1B', STATE)[0]))}%.",
        "consequence": "The published basis carries effective contributors; the statutory basis the number of the statistics.",
        "figures": {
            "printed 1997": float(column[0]),
            "contributors needed, persons": needed,
            "contributors needed at the stated density, persons": needed / density,
            "needed over actual, ratio": needed / actual,
        },
    }


@_row
def _ages(t: Tables, r: Runs) -> dict[str, Any]:
    shares = {
        b: r.resolved(b, "3B").table("population.active_age_shares") for b in ("statutory", "published")
    }
    ages = np.asarray(shares["statutory"].coords["age"])
    part = {b: table.values.sum(axis=0) for b, table in shares.items()}
    upto30 = {b: float(v[ages <= 30].sum()) for b, v in part.items()}
    under32 = {b: float(v[ages < 32].sum()) for b, v in part.items()}
    between = {b: float(v[(ages >= 25) & (ages < 35)].sum()) for b, v in part.items()}
    number = r.resolved("published", "3B").number("population.active_1996")
    insured = r.resolved("statutory", "3B").number("population.active_1996")
    older = number * float(part["published"][ages >= 27].sum())
    return {
        "title": "Ages of contributors",
        "statement": "“in 1994 almost 50 percent of IMSS contributors were between 15 and 30 years old”; “the majority of the transition workers"
        " (65 percent) are under 32 years of age”",
        "where": "paras 2.9 and 2.24",
        "printed": "No table of ages survives. The step from 50 to 65% would put 15% of all contributors at the single age of 31.",
        "model": f"Statutory ages: {100 * upto30['statutory']:.0f}% to 30, {100 * under32['statutory']:.0f}% under 32. Effective ages of the"
        f" published basis: {100 * under32['published']:.0f}% under 32, but only {100 * between['published']:.0f}% between 25 and 34; those who"
        f" reach 60 by 2030 (aged 27 and more) are {older / 1e6:.1f} million, against {insured / 1e6:.1f} million whom IMSS insured in all.",
        "consequence": "The statutory basis follows the first statement. The tables identify how many persons of 27 and more retire when; what the"
        " printed quota needs beyond them is put below 27, where nothing identifies it.",
        "figures": {
            "statutory share to 30, ratio": upto30["statutory"],
            "statutory share under 32, ratio": under32["statutory"],
            "published share under 32, ratio": under32["published"],
            "published share 25-34, ratio": between["published"],
            "published persons aged 27 and more, persons": older,
        },
    }


@_row
def _exhaustion(t: Tables, r: Runs) -> dict[str, Any]:
    rules = ("exhaustion", "top_up", "capital")
    cost = {rule: r.percent("statutory", "1B", MPG, basis__mpg=rule) for rule in rules}
    old = {
        rule: _PERCENT
        * r.case("statutory", "1B", basis__mpg=rule).mpg_by_type[0]
        / r.case("statutory", "1B").gdp
        for rule in rules
    }
    first = {
        rule: int(t.years[np.flatnonzero(v > _VISIBLE)[0]]) if (v > _VISIBLE).any() else None
        for rule, v in old.items()
    }
    printed = t.cost("1B", MPG)
    starts = int(t.years[np.flatnonzero(printed > _VISIBLE)[0]])
    return {
        "title": "When the guarantee begins to cost",
        "statement": "by law the account pays the minimum pension until exhausted, and the State then; the annex: “the government will make up"
        " the shortfall”",
        "where": "Arts. 170-173 of the law of 1995; Annex V, section C",
        "printed": f"A cost from the first year of eligibility on: {_p(printed[starts - 1997], 4)} in {starts}, {_p(float(printed[-1]), 3)} in 2030.",
        "model": "Statutory 1B, guarantee of retirement above 0.001% of GDP from: "
        + "; ".join(
            f"{rule} {year if year is not None else 'never before 2031'}" for rule, year in first.items()
        )
        + ". All types in 2030: "
        + ", ".join(f"{rule} {_p(float(v[-1]), 4)}" for rule, v in cost.items())
        + ".",
        "consequence": "A cost from the first year on implies a yearly top-up. The statutory basis follows the law (exhaustion); the others are a switch.",
        "figures": {f"statutory 2030 {rule}": float(v[-1]) for rule, v in cost.items()},
    }


@_row
def _straight(t: Tables, r: Runs) -> dict[str, Any]:
    figures, words = {}, []
    inner = np.array([y for y in range(ANCHORS[0], ANCHORS[-1]) if y not in ANCHORS])
    for s in LOW_INFLATION:
        column = t.cost(s, ACQUIRED)
        line = np.interp(t.years, ANCHORS, column[np.array(ANCHORS) - 1997])
        away = float(np.abs(column - line)[inner - 1997].max())
        figures[f"largest distance from straight lines {s}"] = away
        words.append(f"{s} {_p(away, 4)}")
    drawn = len(inner)
    mine = r.percent("published", "3B", ACQUIRED)
    chord = np.interp(t.years, ANCHORS, mine[np.array(ANCHORS) - 1997])
    bent = float(np.abs(mine - chord)[inner - 1997].max())
    return {
        "title": "Straight lines in the tables",
        "statement": "the tables give a cost for each year",
        "where": "Annex V, section B, tables",
        "printed": f"Between {', '.join(map(str, ANCHORS))} acquired rights lie on straight lines; largest distances: {', '.join(words)}"
        " (rounding alone can make 0.001).",
        "model": f"So {drawn} of the {len(t.years)} printed years of scenarios 1, 3 and 4 are drawn, not computed; those of scenario 2 bend elsewhere."
        f" The model is compared year by year without drawing lines: 3B leaves the chords of its own values by up to {_p(bent, 4)}.",
        "consequence": "Part of the difference left over on the published basis is the other model's interpolation.",
        "figures": {**figures, "years drawn, years": float(drawn), "model 3B from its own chords": bent},
    }


@_row
def _copies(t: Tables, r: Runs) -> dict[str, Any]:
    def spread(component: str, codes: tuple[str, ...]) -> float:
        return float(
            max(np.nanmax(np.abs(t.cost(s, component) - t.cost(codes[0], component))) for s in codes)
        )

    every = scenario_codes()
    figures = {
        "ongoing pensions within B": spread(ONGOING, LOW_INFLATION),
        "State contributions over all eight": spread(STATE, every),
        "MPG over 1B, 2B, 3B": spread(MPG, ("1B", "2B", "3B")),
    }
    distinct = {
        c: len({t.cost(s, c).tobytes() for s in every if not np.isnan(t.cost(s, c)).all()})
        for c in COMPONENTS
    }
    printed = sum(not np.isnan(t.cost(s, c)).all() for s in every for c in COMPONENTS)
    law = abs(float(r.percent("statutory", "1A", STATE)[-1]) - float(r.percent("statutory", "1B", STATE)[-1]))
    return {
        "title": "Columns that repeat",
        "statement": "eight scenarios",
        "where": "Annex V, section B, tables",
        "printed": "Largest differences: "
        + "; ".join(f"{name} {_p(value, 5)}" for name, value in figures.items())
        + f". Of the {printed} columns kept here {sum(distinct.values())} are distinct: "
        + ", ".join(f"{number} of {name.replace('_', ' ')}" for name, number in distinct.items())
        + ".",
        "model": f"On the statutory basis State contributions of A and B differ by {_p(law, 5)} in 2030: ceilings are in minimum wages.",
        "consequence": "A fit has fewer figures to meet than are printed; each column is fitted once, in 3B.",
        "figures": {
            **figures,
            "distinct columns, columns": float(sum(distinct.values())),
            "statutory State contributions A less B 2030": law,
        },
    }


@_row
def _occupational(t: Tables, r: Runs) -> dict[str, Any]:
    c = {name: t.kind("3B", name) for name in TYPES}
    late = slice(2015 - 1997, None)
    four = c["c4"][late] / c["c2"][late]
    five = c["c5"][late] / c["c3"][late]
    resolved = r.resolved("published", "3B")
    return {
        "title": "Occupational risks as a fixed share",
        "statement": "pensions by five types, among them occupational disability and death",
        "where": "Annex V, tables by type (columns unlabelled in the scan)",
        "printed": f"From 2015 on c4/c2 is {_p(float(np.median(four)), 2)} in the median and c5/c3 lies between {_p(float(five.min()), 3)} and"
        f" {_p(float(five.max()), 3)}, as close to constant as three decimals show.",
        "model": f"The fit gives {_p(resolved.number('replica.c4_over_c2'), 3)} and {_p(resolved.number('replica.c5_over_c3'), 3)}.",
        "consequence": "Columns c4 and c5 look like multiples of c2 and c3, not like separate risks: replica on the published basis, separate"
        " decrements on the statutory one.",
        "figures": {
            "printed median c4/c2 from 2015, ratio": float(np.median(four)),
            "printed smallest c5/c3 from 2015, ratio": float(five.min()),
            "printed largest c5/c3 from 2015, ratio": float(five.max()),
        },
    }


@_row
def _ten_percent(t: Tables, r: Runs) -> dict[str, Any]:
    share = {
        y: float(sum(t.kind("3B", c)[y - 1997] for c in TYPES[1:]) / t.kind("3B", "sum")[y - 1997])
        for y in (1997, 2025)
    }
    case = r.case("statutory", "3B")
    scale = r.resolved("published", "3B").number("decrements.iv_disability_scale")
    law = {
        y: float(case.acquired_by_type[1:, y - 1997].sum() / case.acquired_by_type[:, y - 1997].sum())
        for y in share
    }
    return {
        "title": "Disability, death and occupational risk",
        "statement": "“nearly 10% of this cost is due to the cost of providing life/disability and occupational risk insurance”",
        "where": "para 2.40",
        "printed": f"c2 to c5 are {100 * share[1997]:.0f}% of 3B in 1997 and {100 * share[2025]:.0f}% in 2025.",
        "model": f"Statutory 3B: {100 * law[1997]:.0f}% and {100 * law[2025]:.0f}%.",
        "consequence": "The printed share fits the text; by the decrements of the statutory basis it is far larger. To fit c2, IV disability"
        f" of the published basis is {_p(scale, 3)} times the statutory one.",
        "figures": {
            **{f"printed share {y}, ratio": v for y, v in share.items()},
            **{f"statutory share {y}, ratio": v for y, v in law.items()},
        },
    }


@_row
def _one_to_two(t: Tables, r: Runs) -> dict[str, Any]:
    window = slice(0, 2017 - 1997)
    totals = {s: t.cost(s, "total")[window] for s in LOW_INFLATION}
    below = {s: int((v < 1.0).sum()) for s, v in totals.items()}
    law = {
        s: percent_of_gdp(r.case("statutory", s).cost.sum(axis=0), r.case("statutory", s).gdp)[window]
        for s in LOW_INFLATION
    }
    return {
        "title": "Between 1 and 2 percent",
        "statement": "“the sum of the above costs ... is estimated to be between 1 and 2 percent of GDP during the next 20 years”",
        "where": "para 2.43",
        "printed": "Printed totals of 1997-2016: "
        + "; ".join(f"{s} {_p(v.min(), 2)} to {_p(v.max(), 2)}" for s, v in totals.items())
        + f". Below 1% in {_and([f'{below[s]} years of {s}' for s in LOW_INFLATION])}.",
        "model": "Statutory: "
        + "; ".join(f"{s} {_p(float(v.min()), 2)} to {_p(float(v.max()), 2)}" for s, v in law.items())
        + ".",
        "consequence": "The tables are followed; the text may count costs that they leave out (pensioners' health, the retirement sub-account),"
        " which are memo lines here.",
        "figures": {
            **{f"printed smallest total 1997-2016 {s}": float(v.min()) for s, v in totals.items()},
            **{f"printed largest total 1997-2016 {s}": float(v.max()) for s, v in totals.items()},
        },
    }


@_row
def _first_awards(t: Tables, r: Runs) -> dict[str, Any]:
    resolved = r.resolved("published", "3B")
    wage = resolved.number("economy.minimum_wage_daily") * resolved.number("economy.days_per_year")
    index = r.case("published", "3B")
    path = resolved.path("economy.real_minimum_wage_growth", np.array([1997]))
    minimum = wage * (1.0 + float(path[0])) * resolved.number("law_1973.flat_multiple")
    cost = t.kind("3B", "c1")[0] / _PERCENT * float(index.gdp[0])
    needed = cost / minimum
    stock = resolved.number("pensions.ongoing_heads")
    law = r.case("statutory", "3B")
    return {
        "title": "Awards of the first year",
        "statement": "transition workers retire from the day of the reform on; pensions in payment were known, 12.5 per 100 contributors in 1994",
        "where": "Annex V, A5-A6; Annex VI, Table 3",
        "printed": f"Retirement of 3B costs {_p(float(t.kind('3B', 'c1')[0]))} in 1997.",
        "model": f"At one minimum pension each that is {needed / 1e3:,.0f} thousand awards in a single year, {100 * needed / stock:.0f}% of the"
        f" {stock / 1e3:,.0f} thousand pensions in payment; the statutory basis awards {float(law.new_awards[0, 0]) / 1e3:,.0f} thousand.",
        "consequence": "A backlog (`retirement.first_year_factor`) and effective ages carry it on the published basis. It is the main reason why"
        " the printed start lies above any projection from the facts.",
        "figures": {
            "printed c1 1997": float(t.kind("3B", "c1")[0]),
            "awards needed, persons": needed,
            "pensions in payment, persons": stock,
            "statutory awards 1997, persons": float(law.new_awards[0, 0]),
        },
    }


__all__ = ["ANCHORS", "Identity", "Register", "Row", "Runs", "Tables", "page"]
