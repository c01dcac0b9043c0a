"""`annexv sweep` and `annexv sweep-summary`: many cases of a projection, and what they say."""

from __future__ import annotations

import math
import shlex
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    import xarray as xr

    from engine.sweeps import Checked, Progress

_LINE_EVERY: Final = 15.0  # seconds between lines of progress where there is no terminal
_LISTED: Final = 10
_MEDIAN: Final = 0.5
_LARGE: Final = 2_000  # projections; fewer take about half a minute
_ASK_BEYOND: Final = 3600.0  # seconds
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
    embed_tables: common.EmbedTables = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Start also what is expected to take more than an hour.")
    ] = False,
    accept_low_wages: common.LowWages = False,
    sex_codes: common.SexCodes = None,
    strict: common.Strict = False,
    json: common.Json = False,
) -> None:
    """Project many cases that differ in some assumptions.

    They go into one file with a dimension `case`. A case that fails is recorded with its message and stops nothing. An
    interrupted sweep keeps its finished parts in the folder FILE.nc.parts; the same command with --resume goes on with
    them, and gives the same values as an undisturbed one. Exit status 1 if any case or random path failed.
    """
    sets = common.sets_of_files(sets, accept_low_wages, sex_codes)
    from engine import sweeps
    from engine.outputs.files import check_target

    if resume and force:
        raise common.InputError("--resume and --force: give one of them")
    if scheduler is not None:
        common.let_dask_in()
    sweeps.check_workers(workers, scheduler)
    checked = sweeps.check(file, overlays=list(overlay or ()), sets=common.parsed_sets(sets))
    check_target(out, overwrite=force or resume, suffixes=(".nc",))
    if not (resume and out.exists()):
        _announce(checked, out, workers, scheduler, resume or yes)
    with _progress("laying out the cases"):
        plan = sweeps.lay_out(checked, embed_tables)
    common.tell(plan.notices, strict)
    started = time.perf_counter()
    try:
        with _progress("starting") as report:
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
        raise typer.Exit(common.INTERRUPTED_STATUS) from None
    seconds = time.perf_counter() - started
    if json:
        common.print_json(
            {
                "file": str(out),
                "cases": done.cases,
                "cases_failed": done.failed,
                "runs": done.runs,
                "runs_found_done": done.runs_found,
                "chunks_damaged": done.chunks_damaged,
                "already_finished": done.finished_before,
                "seconds": seconds,
                "sweep_sha256": plan.sha256,
            }
        )
    else:
        what = _what(done.cases, plan.context.scenarios, plan.context.paths)
        if done.finished_before:
            typer.echo(f"{out}: finished already and verified: {what}.")
        else:
            found = (
                f", of them {done.runs_found:,} of {done.runs:,} runs found done" if done.runs_found else ""
            )
            typer.echo(f"{what} in {seconds:.1f} s{found}.")
            if done.chunks_damaged:
                typer.echo(f"Chunks that were damaged and computed again: {done.chunks_damaged:,}.")
            typer.echo(f"Written: {out}")
        if done.failed:
            typer.echo(
                f"Cases that failed: {done.failed:,} of {done.cases:,}; `annexv sweep-summary {out}` says why."
            )
    if done.failed:
        raise typer.Exit(common.NOT_ALL_WELL)


def _what(cases: int, scenarios: int, paths: int) -> str:
    said = f"{cases:,} case{'' if cases == 1 else 's'} x {scenarios} scenario{'s' if scenarios > 1 else ''}"
    return said + (f" x {paths:,} random paths" if paths > 1 else "")


def _announce(checked: Checked, out: Path, workers: int | None, scheduler: str | None, agreed: bool) -> None:
    """Say at once how large a large sweep is; refuse what does not fit, or takes more than an hour and was not agreed to."""
    from engine.sweeps import estimate

    size = estimate.size(checked)
    refused = [said] if (said := estimate.too_large(size, out)) else []
    if size.projections < _LARGE and not refused:
        return
    what = _what(size.cases, size.scenarios, size.paths)
    parts, file = estimate.said_bytes(size.part_bytes), estimate.said_bytes(size.file_bytes)
    common.complain(f"{what}; disk: {file} before compression, and {parts} in parts until it is complete")
    with _progress("measuring a projection"):
        each = estimate.seconds_a_projection(checked)
    seconds = estimate.seconds(size, each, 1 if scheduler is not None else workers)
    where = "of one processor, shared by the cluster" if scheduler is not None else "expected"
    common.complain(
        f"{1000.0 * each:.3g} ms a projection here: {_clock(seconds)} (hours:minutes:seconds) {where}"
    )
    if seconds > _ASK_BEYOND and not agreed:
        refused.append(f"{what} take {_clock(seconds)}, more than an hour; --yes starts them")
    if refused:
        raise common.InputError("\n".join(refused))


def _command(file: Path, sets: Sequence[str] | None, overlays: Sequence[str] | None) -> str:
    """What determines the result, as a command: neither the result file nor the number of threads does."""
    words = ["annexv", "sweep", file.name]
    for option, values in (("--set", sets), ("--overlay", overlays)):
        for value in values or ():
            words += [option, value]
    return shlex.join(words)


@contextmanager
def _progress(doing: str) -> Iterator[Progress]:
    """A bar with rate and time left on a terminal, a line now and then elsewhere; never silent for long."""
    if sys.stderr.isatty():
        with _bar() as report:
            report(doing, 0, 0)
            yield report
        return
    lines = _Lines(doing)
    stopped = threading.Event()

    def tell() -> None:
        while not stopped.wait(_LINE_EVERY):
            print(f"annexv: {lines}", file=sys.stderr, flush=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield lines.report
    finally:
        stopped.set()
        thread.join()


class _Lines:
    """What a sweep is doing, in a line."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._began = time.perf_counter()
        self._first = self._done = self._total = 0

    def report(self, stage: str, done: int, total: int) -> None:
        """A stage's progress."""
        doing = _STAGES.get(stage, stage)
        if doing != self._doing:
            # What an earlier sweep has done is no speed of this one.
            self._doing, self._began, self._first = doing, time.perf_counter(), done
        self._done, self._total = done, total

    def __str__(self) -> str:
        seconds = time.perf_counter() - self._began
        done = self._done - self._first
        if not self._total:
            return f"{self._doing}, {_clock(seconds)} so far"
        said = f"{self._doing}: {self._done:,} of {self._total:,}"
        if done <= 0:
            return f"{said}, {_clock(seconds)} so far"
        rate = done / seconds
        return f"{said}, {rate:,.3g} a second, {_clock((self._total - self._done) / rate)} left"


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
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=total or None, completed=done)
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
    allow_failed: Annotated[
        bool,
        typer.Option(
            "--allow-failed", help="Figures of the cases that are left, also where more than 1% failed."
        ),
    ] = False,
    json: common.Json = False,
) -> None:
    """Say what a sweep shows: spread, drivers, failed cases.

    One-at-a-time designs give a tornado table, Saltelli designs Sobol' indices with confidence bounds, others rank
    correlations. Figures say how many cases failed; where more than 1% did there are none without --allow-failed. Exit
    status 1 if any failed.
    """
    if budget is not None and not abs(budget) < float("inf"):
        raise common.InputError(f"--budget {budget}: is not allowed; a number is, as 1.2 (percent of GDP)")
    from engine.sweeps import analysis, read

    with common.waiting(f"checking {file.name}"):
        opened = read(file)
    with opened as dataset:
        found = analysis.summary(
            dataset,
            scenario=common.held_scenario(scenario, map(str, dataset.scenario.values)),
            component=component,
            output=output,
            year=year,
            budget=budget,
            most=None if json else _LISTED,
            allow_failed=allow_failed,
        )
        text = language.text(language.DEFAULT)
        said = None if json else _case(dataset, found["scenario"], text)
    if json:
        common.print_json(found)
    else:
        _print(found, said)
        common.say_defaults(common.console(), scenario, text)
    if found["cases_failed"]:
        raise typer.Exit(common.NOT_ALL_WELL)


def _case(dataset: xr.Dataset, scenario: str, text: Mapping[str, Any]) -> str | None:
    """The case that the sweep varies, in words; None where the file holds no assumptions of it."""
    from engine.outputs import export
    from engine.outputs.scenario_words import said_case

    inputs = export.resolved_inputs(dataset)
    base = next((one for one in inputs.values() if one.scenario == scenario), None)
    return None if base is None else said_case(base, text)


def _print(found: dict[str, Any], case: str | None) -> None:
    console = common.console()
    units = f" ({found['units']})" if found["units"] else ""
    what = " ".join(filter(None, (found["output"], found["component"], found["scenario"], found["basis"])))
    common.say(console, _sentence(found), "bold")
    common.say(
        console, f"{found['title']}: {found['cases']:,} cases, design {found['design']['kind'] or 'none'}."
    )
    if case is not None:
        common.say(console, f"{case}.")
    if found["refused"]:
        console.print(f"No statistics: {found['refused']}; --allow-failed gives the figures of the others.")
    else:
        _statistics(console, found, what, units)
    _failures(console, found)


def _over(counts: dict[str, Any]) -> str:
    """How many cases and paths a figure is over, where some failed; empty where none did."""
    said = [
        f"over {counts[what]:,} {name}, {counts[f'{what}_failed']:,} failed"
        for what, name in (("cases", "cases"), ("paths", "paths"))
        if counts.get(f"{what}_failed")
    ]
    return f" ({'; '.join(said)})" if said else ""


def _statistics(console: Any, found: dict[str, Any], what: str, units: str) -> None:
    from engine.outputs.tables import chosen_years

    years = chosen_years(found["quantiles"]["years"])
    over = _over(found["scenario_counts"])
    single = found["cases"] == 1 and "fan" in found
    if not single:
        _quantiles(console, f"{what}{units}: quantiles over cases{over}", found["quantiles"], years)
    if "fan" in found:
        of_case = {"paths": found["fan"]["paths"][0], "paths_failed": found["fan"]["paths_failed"][0]}
        fan = {**found["fan"], "values": found["fan"]["values"][0]}
        title = f"{what}{units}: quantiles over random paths, case 0{_over(of_case)}"
        _quantiles(console, title, fan, years)
    title = f"{what} in {found['year']}{units}"
    if "tornado" in found:
        _tornado(console, f"{title}: one parameter at a time{over}", found["tornado"])
    if "sobol" in found:
        _sobol(console, title, found["sobol"])
    if found.get("rank_correlations"):
        console.print(f"{title}: rank correlation{over}", style="bold")
        table = common.table("", ("parameter", "plain", "partial"))
        for rank in found["rank_correlations"]:
            table.add_row(
                rank["parameter"], _number(rank["spearman"], "+.3f"), _number(rank["partial"], "+.3f")
            )
        console.print(table)
        console.print()
    if "by_choice" in found:
        console.print(f"{title}: by choice{over}", style="bold")
        table = common.table(
            "", ("parameter", "choice", "cases", "failed", "lowest", "median", "highest"), left=2
        )
        for item in found["by_choice"]:
            figures = (_number(item[key], ".4f") for key in ("low", "median", "high"))
            table.add_row(
                item["parameter"], item["choice"], f"{item['cases']:,}", f"{item['cases_failed']:,}", *figures
            )
        console.print(table)
        console.print()
    if "budget" in found:
        _budget(console, found["budget"], units)


def _number(value: float | str, form: str) -> str:
    """A figure, a choice, or a dash where it is not defined."""
    if isinstance(value, str):
        return value
    return f"{value:{form}}" if not math.isnan(value) else "-"


def _tornado(console: Any, title: str, bars: list[dict[str, Any]]) -> None:
    console.print(title, style="bold")
    lost = any(bar["cases_failed"] for bar in bars)
    table = common.table("", ("parameter", "low", "at", "high", "at", "swing", *(["failed"] if lost else [])))
    for bar in bars:
        row = [bar["parameter"], _number(bar["low"], ".4f"), _number(bar["low_value"], "g")]
        row += [_number(bar["high"], ".4f"), _number(bar["high_value"], "g"), _number(bar["swing"], ".4f")]
        table.add_row(*row, *([f"{bar['cases_failed']} of {bar['cases']}"] if lost else []))
    console.print(table)
    if bars:
        console.print(f"Base case: {_number(bars[0]['base'], '.4f')}. -: as in the pack, or failed.\n")


def _sobol(console: Any, title: str, found: dict[str, Any]) -> None:
    level = f"{found['confidence_level']:.0%}"
    over = _over(found)
    console.print(
        f"{title}: shares of the variance (Sobol'), +- half the {level} interval{over}", style="bold"
    )
    if found.get("reason"):
        console.print(f"None: {found['reason']}.\n")
        return
    table = common.table("", ("parameter", "alone", "+-", "with interactions", "+-"))
    for index in found["indices"]:
        figures = ("first", "first_confidence", "total", "total_confidence")
        table.add_row(index["parameter"], *(_number(index[key], ".3f") for key in figures))
    console.print(table)
    if found["groups_left_out"]:
        console.print(f"Groups of points left out for a failed case: {found['groups_left_out']:,}.")
    console.print()


def _sentence(found: dict[str, Any]) -> str:
    """Middle and spread over the cases, what matters most, and what failed."""
    strength, ranked = "spearman", found.get("rank_correlations")
    if found.get("sobol"):
        strength, ranked = "total", found["sobol"]["indices"]
    named = [ranked[0]["parameter"]] if ranked and _number(ranked[0][strength], "g") != "-" else []
    said = []
    quantiles = found.get("quantiles")
    if found.get("tornado"):
        bar = found["tornado"][0]
        what = f"{found['scenario']} {found['component'] or found['output']}"
        return (
            f"{what}: {_number(bar['base'], ',.3g')} {found['units'] or ''} in"
            f" {found['year']} in the base case; {bar['parameter']} matters most, {_number(bar['low'], ',.3g')} to"
            f" {_number(bar['high'], ',.3g')}."
        )
    if quantiles and found["cases"] - found["cases_failed"] > 1:
        row = quantiles["values"][quantiles["years"].index(found["year"])]
        shares = quantiles["probabilities"]
        low, middle, high = (
            row[0],
            row[shares.index(_MEDIAN)] if _MEDIAN in shares else row[len(row) // 2],
            row[-1],
        )
        said.append(
            f"{middle:,.3g} {found['units'] or ''} in {found['year']} in the middle case, {low:,.3g} to {high:,.3g}"
            f" from the {shares[0]:.0%} to the {shares[-1]:.0%} quantile".replace("  ", " ")
        )
    if named:
        said.append(f"{named[0]} matters most")
    lost = found["cases_failed"]
    said.append(f"{lost:,} case{'' if lost == 1 else 's'} failed" if lost else "no case failed")
    counted = f"{found['cases']:,} case{'' if found['cases'] == 1 else 's'}"
    return f"{found['scenario']} {found['component'] or found['output']}, {counted}: {'; '.join(said)}."


def _quantiles(console: Any, title: str, found: dict[str, Any], years: Sequence[int]) -> None:
    console.print(title, style="bold")
    table = common.table("", ("", *map(str, years)))
    place = {year: at for at, year in enumerate(found["years"])}
    for at, probability in enumerate(found["probabilities"]):
        cells = (found["values"][place[year]][at] for year in years)
        table.add_row(f"{probability:.0%}", *(_number(value, ".3f") for value in cells))
    console.print(table)
    console.print()


def _budget(console: Any, found: dict[str, Any], units: str) -> None:
    where = f"in {found['year']}" if found["year"] is not None else "in any year"
    console.print(
        f"Cases above {found['line']:g}{units} {where}: {found['cases_above']:,}{_over(found['of'])}."
    )
    if not found["cases"]:
        return
    for case in found["cases"]:
        values = ", ".join(f"{name} {_number(value, 'g')}" for name, value in case["parameters"].items())
        highest = f"{case['highest']:.4f} in {case['highest_year']}, above since {case['first_year']}"
        console.print(f"  case {case['case']}: {highest}; {values}")
    console.print()


def _failures(console: Any, found: dict[str, Any]) -> None:
    counts = found["scenario_counts"]
    if counts.get("paths_failed"):
        every = counts["paths"] + counts["paths_failed"]
        console.print(f"Random paths that failed: {counts['paths_failed']:,} of {every:,}.")
    if found["cases_failed"]:
        what = "failed, or lost a path" if "paths" in counts else "failed"
        console.print(f"Cases that {what}: {found['cases_failed']:,} of {found['cases']:,}.")
        for failure in found["failures"]:
            console.print(f"  case {failure['case']}, {failure['scenario']}: {failure['message']}")


__all__ = ["register", "sweep", "sweep_summary"]
