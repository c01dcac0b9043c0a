"""`annexv plot`: a figure of any series of a run or a sweep, as a picture or a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    import xarray as xr

    from engine.outputs.figures import Figure

_ENDINGS: Final = (".png", ".svg", ".html")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("plot")(plot)


def plot(
    file: Annotated[
        Path, typer.Argument(metavar="RUN.nc|SWEEP.nc", help="Result file of `annexv run` or `annexv sweep`.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.png|svg|html", help="File to write.")],
    what: Annotated[
        str | None,
        typer.Option(
            "--what", metavar="NAME",
            help="Of a run: a variable or an item of it, as fiscal_cost.acquired_rights; fiscal_cost by default. Of a sweep:"
            " fan (the default), tornado, importance, scatter or cases.",
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", "-s", metavar="CODE", help="Scenario; of a run may be repeated. 3B by default."),
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option("--basis", metavar="BASIS", help="Of a run: a basis, or both; statutory by default."),
    ] = None,
    series: Annotated[
        str | None,
        typer.Option(
            "--series", metavar="NAME", help="Of a sweep: the series, as fiscal_cost.acquired_rights; the total by default."
        ),
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="Of a sweep: year of sensitivities; the last by default.")
    ] = None,
    lang: language.Lang = None,
    force: common.ForceOut = False,
) -> None:  # fmt: skip
    """Draw a series of a run or sweep into a file.

    The title says what the figure shows. PNG and SVG are for documents; HTML is a page of its own with values under the
    pointer, which loads nothing from a network.
    """
    from engine.outputs import export
    from engine.outputs.files import check_target, whole

    check_target(out, overwrite=force, suffixes=_ENDINGS)
    text = language.text(lang)
    dataset = export.read(file)
    if "case" in dataset.dims:
        if basis is not None:
            raise common.InputError(f"--basis {basis}: has no effect on a sweep, which has one basis")
        drawn, source = _of_sweep(dataset, what or "fan", scenario, series, year, text)
    else:
        for name, given in (("--series", series), ("--year", year)):
            if given is not None:
                raise common.InputError(f"{name} {given}: is for sweeps; --what names the series of a run")
        drawn, source = _of_run(dataset, what, scenario, basis, text)
    with common.waiting(f"drawing {out.name}"), whole(out, overwrite=force) as temporary:
        kind = out.suffix.lower().removeprefix(".")
        if kind == "html":
            from engine.outputs import report

            temporary.write_text(report.figure_page(drawn, source, text), encoding="utf-8", newline="\n")
        else:
            from engine.outputs.figures import still

            still.write(drawn, temporary, kind, source)
    typer.echo(f"{drawn.title}.")
    typer.echo(text["screen"]["written"].format(file=out))
    common.say_defaults(common.console(), scenario, text)


def _of_run(
    dataset: xr.Dataset,
    what: str | None,
    scenario: list[str] | None,
    basis: str | None,
    text: Mapping[str, Any],
) -> tuple[Figure, str]:
    from engine.outputs import export
    from engine.outputs.figures import of_run

    bases = [str(name) for name in dataset.basis.values]
    chosen = bases if basis == common.BOTH else [basis or bases[0]]
    scenarios = list(dict.fromkeys(scenario or [export.main_case(dataset)]))
    drawn = of_run.figure(dataset, what or of_run.DEFAULT, scenarios, chosen, text)
    return drawn, text["figure"]["source"].format(run=dataset.attrs.get("run_id", ""))


def _of_sweep(
    dataset: xr.Dataset, what: str, scenario: list[str] | None, series: str | None, year: int | None,
    text: Mapping[str, Any],
) -> tuple[Figure, str]:  # fmt: skip
    from engine.sweeps import analysis, figures

    if scenario and len(scenario) > 1:
        raise common.InputError(f"--scenario {', '.join(scenario)}: a figure of a sweep is of one scenario")
    output, _, item = (series or "").partition(".")
    found = analysis.summary(
        dataset, scenario=scenario[0] if scenario else None, component=item or analysis.TOTAL, output=output or None,
        year=year, most=1,
    )  # fmt: skip
    return figures.chosen(dataset, what, found, text), text["sweep"]["short_source"].format(
        sweep=dataset.attrs.get("run_id", "")
    )


__all__ = ["plot", "register"]
