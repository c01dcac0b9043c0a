"""A page that shows a run and needs nothing else: figures, tables, sources, in English or Spanish, no network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

import xarray as xr

from engine.outputs import export, headline, money, selection, texts
from engine.outputs.figures import Figure
from engine.outputs.files import check_target, whole
from engine.outputs.report import change, content, opening, reform

_SECTIONS: Final = (
    "opening", "change", "summary", "transition", "total_cost", "state", "component", "type", "cohort", "wage",
    "assets", "heads", "print",
    "bases", "reform", "assumptions", "identity",
)  # fmt: skip
_VARIABLES: Final = {
    "transition": "fiscal_cost",
    "total_cost": "fiscal_cost_total",
    "state": "fiscal_cost, contributions",
    "component": "fiscal_cost",
    "type": "acquired_rights_by_type",
    "cohort": "acquired_rights_by_cohort",
    "wage": "acquired_rights_by_wage",
    "assets": "account_assets",
    "heads": "contributors, pensioners",
    "print": "fiscal_cost, fiscal_cost_total",
    "bases": "fiscal_cost, fiscal_cost_total",
}


class Beside(NamedTuple):
    """A base that a run is shown beside, where it is not the shipped assumptions.

    Attributes
    ----------
    base : xarray.Dataset
    asked : dict
        Sentences, tables and the overlay of a reform, in front of the section (`engine.what_if.page`).
    figures : list of Figure
    """

    base: xr.Dataset
    asked: dict[str, Any]
    figures: list[Figure]


def write(
    dataset: xr.Dataset,
    path: str | Path,
    *,
    language: str = "en",
    overwrite: bool = False,
    balance: xr.Dataset | None = None,
    beside: Beside | None = None,
) -> Path:
    """Write the page of a run, whole or not at all.

    Parameters
    ----------
    dataset : xarray.Dataset
        As read by :func:`engine.outputs.netcdf.read`.
    path : str or Path
    language : str
        ``en`` or ``es``.
    overwrite : bool
        Whether an existing file is replaced.
    balance : xarray.Dataset, optional
        As read by :func:`engine.outputs.balance.read`; adds the section of the reform against no reform.
    beside : Beside, optional
        A base of one's own in place of the shipped assumptions.

    Raises
    ------
    OutputError
        If the language is not known, the balance compares nothing, or the file cannot be written.
    """
    target = Path(path)
    check_target(target, overwrite=overwrite, suffixes=(".html",))
    page = build(dataset, language, balance, beside)
    with whole(target, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return target


def build(
    dataset: xr.Dataset,
    language: str = "en",
    balance: xr.Dataset | None = None,
    given: Beside | None = None,
) -> str:
    """The page as text."""
    text = texts.load(language)
    dataset = selection.labelled(dataset)
    text = {**text, "thousand_million": headline.said_thousand_million(money.unit_of(dataset), text)}
    rows, register = content.assumptions(dataset, text)
    found = content.figures(dataset, text)
    summary, years, marked = content.summary(dataset, text)
    identity = content.identity(dataset)
    main = export.main_case(dataset)
    drawn = [opening.figure(dataset, main, str(dataset.basis.values[0]), text)]
    base = change.base_of(dataset) if given is None else given.base
    beside: dict[str, Any] = {}
    if base is not None:
        said = text["change"]["shipped"] if given is None else given.asked["base"]
        beside, moved = change.section(base, dataset, main, text, said)
        drawn += moved
    if given is not None:
        drawn += given.figures
    found |= {"main": main, "figures": [figure.plain() for figure in drawn]}
    left_out = {"print"} if not found["printed"] else set()
    left_out |= {"bases"} if dataset.sizes["basis"] < 2 else set()
    left_out |= {"reform"} if balance is None else set()
    left_out |= {"change"} if base is None else set()
    extra = {"print": text["source_print"]}
    sources = {
        key: text["source_line"].format(
            run=identity["run_id"], variable=name, extra=extra.get(key, text["source_law"])
        )
        for key, name in _VARIABLES.items()
    }
    if balance is not None:
        found["balance"] = reform.figures(balance)
        sources["reform"] = text["reform"]["source"].format(
            run=balance.attrs["run_id"], variables=", ".join(reform.VARIABLES)
        )
    return render(
        "page.html",
        "page.js",
        found,
        text=text,
        sections=[key for key in _SECTIONS if key not in left_out],
        subtitle=text["subtitle"].format(
            first=found["years"][0],
            last=found["years"][-1],
            cases=dataset.sizes["basis"] * dataset.sizes["scenario"],
        ),
        made=text["made"].format(
            run=identity["run_id"], program=identity["source"], date=identity["date_created"]
        ),
        opening=opening.said(dataset, main, export.resolved_inputs(dataset), text),
        change=beside,
        asked=given.asked if given is not None else None,
        scenarios=found["scenarios"],
        bases=found["bases"],
        between_bases=content.between_bases(dataset, text) if "bases" not in left_out else "",
        series_figures=[f"fig-total-{n}" for n in range(len(found["series"]))],
        summary=summary,
        summary_years=years,
        marked=marked,
        definitions=content.definitions(dataset, text),
        differences=content.differences(dataset, text) if "print" not in left_out else [],
        assumptions=rows,
        register=register,
        identity=identity,
        sources=sources,
        reform=[] if balance is None else reform.said(balance, text),
    )


def figure_page(figure: Figure, source: str, text: Mapping[str, Any]) -> str:
    """A page of one figure."""
    data = {"text": text, "figures": [figure.plain()]}
    return render(
        "figure.html", "figures.js", data, text=text, title=text["title"], figure=figure, source=source
    )


def render(template: str, script: str, data: dict[str, Any], **values: Any) -> str:
    """A template filled in, with its data, its script and the plotting library in the page itself."""
    import jinja2
    from markupsafe import Markup

    folder = Path(__file__).parent / "page"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template(template).render(
        **values,
        style=Markup((folder / "style.css").read_text(encoding="utf-8")),
        shared=Markup((folder / "draw.js").read_text(encoding="utf-8")),
        script=Markup((folder / script).read_text(encoding="utf-8")),
        plotly=Markup(_library()),
        data=Markup(_embedded(data)),
    )


def _library() -> str:
    """The plotting library as its package ships it; a closing tag inside would end the script of the page."""
    packaged = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return packaged.replace("</script", "<\\/script")


def _embedded(data: dict[str, Any]) -> str:
    """JSON that no text in it can break out of."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


__all__ = ["Beside", "build", "figure_page", "render", "write"]
