"""`annexv sweep` and `annexv sweep-summary`: many cases of a projection, and what they say."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common

if TYPE_CHECKING:
    from engine.sweeps import Progress

INTERRUPTED: Final = 130
_LINE_EVERY: Final = 15.0  # seconds between lines of progress where there is no terminal
_LISTED: Final = 10
_STAGES: Final = {"runs": "projecting", "writing": "writing the file"}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("sweep")(sweep)
    app.command("sweep-summary")(sweep_summary)


def sweep(
    file: Annotated[Path, typer.Argument(metavar="SWEEP.toml", help="What to vary; see docs/scaling.md.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.nc", help="Result file.")],
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted sweep; verify a finished one.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file, and discard parts, of an earlier sweep.")
    ] = False,
    workers: common.Workers = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Run on this dask cluster."),
    ] = None,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    accept_low_wages: common.LowWages = False,
    sex_codes: common.SexCodes = None,
    json: common.Json = False,
) -> None:
    """Project many cases that differ in some assumptions.

    They go into one file with a dimension `case`. A case that fails is recorded with its message and stops nothing. An
    interrupted sweep keeps its finished parts in the folder FILE.nc.parts; the same command with --resume goes on with
    them, and gives the same values as an undisturbed one.
    """
    sets = common.sets_of_files(sets, accept_low_wages, sex_codes)
    from engine import sweeps

    if resume and force:
        raise common.InputError("--resume and --force: give one of them")
    plan = sweeps.prepare(file, overlays=list(overlay or ()), sets=common.parsed_sets(sets))
    for notice in plan.notices:
        common.complain(f"note: {notice}")
    started = time.perf_counter()
    try:
        with _progress(plan.runs) as report:
            done = sweeps.to_file(
                plan,
                out,
                resume=resume,
                overwrite=force,
                workers=workers,
                scheduler=scheduler,
                command=_command(file, sets, overlay),
                on_progress=report,
            )
    except KeyboardInterrupt:
        common.complain(f"interrupted; finished parts are kept in {out}.parts, --resume goes on with them")
        raise typer.Exit(INTERRUPTED) from None
    seconds = time.perf_counter() - started
    if json:
        common.print_json(
            {
                "file": str(out),
                "cases": done.cases,
                "cases_failed": done.failed,
                "runs": done.runs,
                "runs_found_done": done.runs_found,
                "already_finished": done.finished_before,
                "seconds": seconds,
                "sweep_sha256": plan.sha256,
            }
        )
        return
    scenarios = len(plan.context.resolved)
    what = f"{done.cases:,} cases x {scenarios} scenario{'s' if scenarios > 1 else ''}"
    if plan.context.paths > 1:
        what += f" x {plan.context.paths:,} random paths"
    if done.finished_before:
        typer.echo(f"{out}: finished already and verified: {what}.")
    else:
        found = f", of them {done.runs_found:,} of {done.runs:,} runs found done" if done.runs_found else ""
        typer.echo(f"{what} in {seconds:.1f} s{found}.")
        typer.echo(f"Written: {out}")
    if done.failed:
        typer.echo(
            f"Cases that failed: {done.failed:,} of {done.cases:,}; `annexv sweep-summary {out}` says why."
        )


def _command(file: Path, sets: Sequence[str] | None, overlays: Sequence[str] | None) -> str:
    """What determines the result, as a command: neither the result file nor the number of threads does."""
    words = ["annexv", "sweep", file.name]
    for option, values in (("--set", sets), ("--overlay", overlays)):
        for value in values or ():
            words += [option, value]
    return shlex.join(words)


@contextmanager
def _progress(runs: int) -> Iterator[Progress]:
    """A bar with rate and time left on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        with _bar() as report:
            yield report
        return
    started = last = time.perf_counter()
    first: int | None = None

    def line(stage: str, done: int, total: int) -> None:
        nonlocal last, first
        now = time.perf_counter()
        if stage != "runs":
            return
        if first is None:
            first = done
        if now - last >= _LINE_EVERY and done > first:
            last = now
            rate = (done - first) / (now - started)
            print(
                f"annexv: {done:,} of {total:,} runs, {rate:,.3g} a second, {_clock((total - done) / rate)} left",
                file=sys.stderr,
                flush=True,
            )

    yield line


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Runs a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.1f}/s")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=common.console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                # What an earlier sweep has done is no speed of this one.
                tasks[stage] = bar.add_task(_STAGES[stage], total=total, completed=done)
            bar.update(tasks[stage], completed=done)

        yield report


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


# summary -------------------------------------------------------------------------------------------------------------


def sweep_summary(
    file: Annotated[Path, typer.Argument(metavar="SWEEP.nc", help="File written by `annexv sweep`.")],
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", "-s", metavar="CODE", help="Scenario; 3B by default, else the first."),
    ] = None,
    component: Annotated[
        str, typer.Option("--component", metavar="NAME", help="total, or a component as acquired_rights.")
    ] = "total",
    output: Annotated[
        str | None, typer.Option("--output", metavar="NAME", help="Another variable that the sweep kept.")
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year", metavar="YEAR", help="Year of sensitivities and budget line; last and any by default."
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option("--budget", metavar="LINE", help="List cases above it, as 1.2 (percent of GDP)."),
    ] = None,
    json: common.Json = False,
) -> None:
    """Say what a sweep shows: spread, drivers, failed cases.

    One-at-a-time designs give a tornado table, Saltelli designs Sobol' indices with confidence bounds, others rank
    correlations.
    """
    if budget is not None and not abs(budget) < float("inf"):
        raise common.InputError(f"--budget {budget}: is not allowed; a number is, as 1.2 (percent of GDP)")
    from engine.sweeps import analysis, read

    with read(file) as dataset:
        found = analysis.summary(
            dataset,
            scenario=common.held_scenario(scenario, map(str, dataset.scenario.values)),
            component=component,
            output=output,
            year=year,
            budget=budget,
            most=None if json else _LISTED,
        )
    if json:
        common.print_json(found)
        return
    _print(found)


def _print(found: dict[str, Any]) -> None:
    from engine.outputs.tables import chosen_years

    console = common.console()
    units = f" ({found['units']})" if found["units"] else ""
    what = " ".join(filter(None, (found["output"], found["component"], found["scenario"], found["basis"])))
    common.say(console, _sentence(found), "bold")
    common.say(console, f"{found['title']}: design {found['design']['kind'] or 'none'}.")
    years = chosen_years(found["quantiles"]["years"])
    single = found["cases"] == 1 and "fan" in found
    if not single:
        _quantiles(console, f"{what}{units}: quantiles over cases", found["quantiles"], years)
    if "fan" in found:
        fan = {**found["fan"], "values": found["fan"]["values"][0]}
        _quantiles(console, f"{what}{units}: quantiles over random paths, case 0", fan, years)
    title = f"{what} in {found['year']}{units}"
    if "tornado" in found:
        console.print(f"{title}: one parameter at a time", style="bold")
        table = common.table("", ("parameter", "low", "at", "high", "at", "swing"))
        for bar in found["tornado"]:
            table.add_row(
                bar["parameter"],
                f"{bar['low']:.4f}",
                f"{bar['low_value']:g}",
                f"{bar['high']:.4f}",
                f"{bar['high_value']:g}",
                f"{bar['swing']:.4f}",
            )
        console.print(table)
        if found["tornado"]:
            console.print(f"Base case: {found['tornado'][0]['base']:.4f}. nan: as in the pack, or failed.\n")
    if "sobol" in found:
        level = f"{found['sobol']['confidence_level']:.0%}"
        console.print(f"{title}: shares of the variance (Sobol'), +- half the {level} interval", style="bold")
        table = common.table("", ("parameter", "alone", "+-", "with interactions", "+-"))
        for index in found["sobol"]["indices"]:
            table.add_row(
                index["parameter"],
                f"{index['first']:.3f}",
                f"{index['first_confidence']:.3f}",
                f"{index['total']:.3f}",
                f"{index['total_confidence']:.3f}",
            )
        console.print(table)
        if found["sobol"]["groups_left_out"]:
            console.print(
                f"Groups of points left out for a failed case: {found['sobol']['groups_left_out']:,}."
            )
        console.print()
    if found.get("rank_correlations"):
        console.print(f"{title}: rank correlation", style="bold")
        table = common.table("", ("parameter", "plain", "partial"))
        for rank in found["rank_correlations"]:
            table.add_row(rank["parameter"], f"{rank['spearman']:+.3f}", f"{rank['partial']:+.3f}")
        console.print(table)
        console.print()
    if "budget" in found:
        _budget(console, found["budget"], units)
    if found["cases_failed"]:
        console.print(f"Cases that failed: {found['cases_failed']:,} of {found['cases']:,}.")
        for failure in found["failures"]:
            console.print(f"  case {failure['case']}, {failure['scenario']}: {failure['message']}")


def _sentence(found: dict[str, Any]) -> str:
    """Middle and spread over the cases, what matters most, and what failed."""
    ranked = found["sobol"]["indices"] if found.get("sobol") else found.get("rank_correlations")
    named = [ranked[0]["parameter"]] if ranked else []
    said = []
    quantiles = found.get("quantiles")
    if found.get("tornado"):
        bar = found["tornado"][0]
        return (
            f"{found['scenario']} {found['component'] or found['output']}: {bar['base']:,.3g} {found['units'] or ''} in"
            f" {found['year']} in the base case; {bar['parameter']} matters most, {bar['low']:,.3g} to {bar['high']:,.3g}."
        )
    if quantiles and found["cases"] > 1:
        row = quantiles["values"][quantiles["years"].index(found["year"])]
        shares = quantiles["probabilities"]
        low, middle, high = row[0], row[shares.index(0.5)] if 0.5 in shares else row[len(row) // 2], row[-1]
        said.append(
            f"{middle:,.3g} {found['units'] or ''} in {found['year']} in the middle case, {low:,.3g} to {high:,.3g} from the"
            f" {shares[0]:.0%} to the {shares[-1]:.0%} quantile".replace("  ", " ")
        )
    if named:
        said.append(f"{named[0]} matters most")
    said.append(f"{found['cases_failed']:,} cases failed" if found["cases_failed"] else "no case failed")
    return f"{found['scenario']} {found['component'] or found['output']}, {found['cases']:,} cases: {'; '.join(said)}."


def _quantiles(console: Any, title: str, found: dict[str, Any], years: Sequence[int]) -> None:
    console.print(title, style="bold")
    table = common.table("", ("", *map(str, years)))
    place = {year: at for at, year in enumerate(found["years"])}
    for at, probability in enumerate(found["probabilities"]):
        cells = (found["values"][place[year]][at] for year in years)
        table.add_row(f"{probability:.0%}", *(f"{value:.3f}" for value in cells))
    console.print(table)
    console.print()


def _budget(console: Any, found: dict[str, Any], units: str) -> None:
    where = f"in {found['year']}" if found["year"] is not None else "in any year"
    console.print(f"Cases above {found['line']:g}{units} {where}: {found['cases_above']:,}.")
    if not found["cases"]:
        return
    for case in found["cases"]:
        values = ", ".join(f"{name} {value:g}" for name, value in case["parameters"].items())
        highest = f"{case['highest']:.4f} in {case['highest_year']}, above since {case['first_year']}"
        console.print(f"  case {case['case']}: {highest}; {values}")
    console.print()


__all__ = ["register", "sweep", "sweep_summary"]
