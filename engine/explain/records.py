"""What an explanation consists of: steps, ranked parts that add up, parameters with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

from assumptions import Resolved
from engine.outputs.steps import Said, catalogue, said, texts
from engine.shares import percent_of_gdp

# Two computations of the same thing may differ by rounding; the stated target of an explanation.
TOLERANCE: Final = 1e-9


class Figure(NamedTuple):
    """A number that enters a step."""

    label: str
    value: float
    unit: str


@dataclass(frozen=True)
class Step:
    """One step of a chain.

    Attributes
    ----------
    label, formula : Said
        What it is, and how it comes from the figures.
    source : Said
        Article of the law, or section of docs/methods.md.
    value : float or Said
        A number in ``unit``, or words where the step is a decision.
    figures : tuple of Figure
    parameters : tuple of str
        Names of the assumptions that enter.
    """

    label: Said
    formula: Said
    source: Said
    value: float | Said
    unit: Said
    figures: tuple[Figure, ...] = ()
    parameters: tuple[str, ...] = ()


def step(key: str, value: float | str, *figures: Figure, more: Sequence[str] = (), **words: Any) -> Step:
    """A step as the catalogue words it, with ``words`` filled in; ``more`` names further assumptions."""
    text = texts("explain", key, **words)
    names = [name.format(**words) for name in catalogue()["explain"][key].get("reads", ())]
    nothing = Said("")
    return Step(
        text["title"],
        text["formula"],
        text.get("from", nothing),
        said(value) if isinstance(value, str) else value,
        text.get("unit", nothing),
        tuple(Figure(said(label), number, said(unit)) for label, number, unit in figures),
        (*filter(None, names), *more),
    )


class Part(NamedTuple):
    """A contribution to the number: who, how much in pesos and in percent of GDP, and as a share."""

    who: dict[str, Any]
    mxn: float
    percent: float
    share: float


@dataclass(frozen=True)
class Level:
    """Parts that add up to the number, or to the part that was chosen one level up; the largest first.

    Attributes
    ----------
    title : Said
    parts : list of Part
    total, expected : float
        Sum of the parts and what it must be, percent of GDP.
    of : dict
        Whose parts they are: birth year, sex and wage, as far as they were chosen; empty for the whole number.
    wage_groups : int
        How many wage groups there are, where parts are wage groups; otherwise 0.
    """

    title: Said
    parts: list[Part]
    total: float
    expected: float
    of: dict[str, Any] = field(default_factory=dict)
    wage_groups: int = 0

    @property
    def difference(self) -> float:
        """Relative difference between the sum and what it must be; absolute where that is 0."""
        gap = abs(self.total - self.expected)
        return gap / abs(self.expected) if self.expected else gap

    @property
    def adds_up(self) -> bool:
        """Whether the parts give the number to 1e-9."""
        return self.difference <= TOLERANCE


class Parameter(NamedTuple):
    """An assumption that enters, with where it comes from."""

    name: str
    value: str
    unit: str
    status: str
    source: str
    title: str
    locator: str
    note: str
    method: str


@dataclass(frozen=True)
class Chain:
    """The steps of one cell, from the wage to what the State pays; ``who`` is its part in the last level, if it is one."""

    title: Said
    steps: list[Step]
    who: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """The chain behind one number. Its words are English as they stand; ``found.sentence.to("es")`` says them in Spanish.

    Attributes
    ----------
    sentence : Said
        What one would say of it, rounded.
    scenario, basis, component : str
    year : int
    number, mxn, gdp : float
        Percent of GDP as in the file; pesos of December 1996 and GDP as computed now.
    method : str
        ``structural``, ``replica`` or ``reconstructed``.
    steps : list of Step
        From the parts to the number.
    levels : list of Level
        From the whole down to the chosen cell.
    chains : list of Chain
        The chosen cell, step by step.
    parameters : list of Parameter
        Every assumption that was read for the number, those that the steps name first.
    notes : list of Said
    """

    sentence: Said
    scenario: str
    basis: str
    component: str
    year: int
    number: float
    mxn: float
    gdp: float
    method: str
    steps: list[Step]
    levels: list[Level]
    chains: list[Chain] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON; in English, as all files."""
        content = asdict(self)
        for level, found in zip(content["levels"], self.levels, strict=True):
            level["relative_difference"] = found.difference
            level["parts"] = [
                {**part.who, "mxn": part.mxn, "percent_of_gdp": part.percent, "share": part.share}
                for part in found.parts
            ]
        for steps in [content["steps"], *(chain["steps"] for chain in content["chains"])]:
            for step in steps:
                step["figures"] = [
                    dict(zip(Figure._fields, figure, strict=True)) for figure in step["figures"]
                ]
        content["parameters"] = [item._asdict() for item in self.parameters]
        return content


def level(
    title: str,
    amounts: Iterable[tuple[dict[str, Any], float]],
    gdp: float,
    expected: float,
    of: dict[str, Any] | None = None,
    wage_groups: int = 0,
) -> Level:
    """Ranked parts from pesos; ``expected`` is percent of GDP."""
    listed = [(who, mxn) for who, mxn in amounts if mxn != 0.0]
    whole = sum(mxn for _, mxn in listed)
    parts = [
        Part(who, mxn, percent_of_gdp(mxn, gdp), mxn / whole if whole else 0.0)
        for who, mxn in sorted(listed, key=lambda pair: -abs(pair[1]))
    ]
    return Level(said(title), parts, percent_of_gdp(whole, gdp), expected, of or {}, wage_groups)


def parameters(resolved: Resolved, names: Sequence[str], year: int) -> list[Parameter]:
    """Value in ``year``, unit, status and source of the named assumptions; a derived one brings what it is made from."""
    from assumptions import audit
    from assumptions.timeline import DatedPath
    from assumptions.units import UNITS

    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        if name in ordered or not resolved.has(name):
            return
        ordered[name] = None
        derivation = resolved.item(name).derived
        for source in derivation.inputs if derivation is not None else ():
            add(source)

    for name in names:
        add(name)
    rows = []
    for name in ordered:
        item = resolved.item(name)
        value = resolved.value(name)
        said = audit.summary(resolved, name)
        if isinstance(value, DatedPath) and not value.is_constant and year >= int(value.years[0]):
            said = f"{float(resolved.path(name, [year])[0]):.10g} in {year} ({said})"
        source = resolved.sources.get(item.source)
        evidence = "; ".join(
            part
            for part in (item.method or "", f"target: {item.target}" if item.target else "", item.note)
            if part
        )
        rows.append(
            Parameter(
                name, said, UNITS[item.unit].label, item.status, item.source, source.title if source else "",
                item.locator, evidence, item.method or "",
            )
        )  # fmt: skip
    return rows
