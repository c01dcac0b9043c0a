"""`annexv calibrate`: fit a basis to the printed tables, and propose the fit as an overlay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common

if TYPE_CHECKING:
    from engine.calibrate import Calibration, Moved
    from engine.calibrate.reconstruction import Fit

_MOST_SHOWN: Final = 8
_MECHANISM: Final = "reconstructed"
_BASES: Final = ("published", _MECHANISM)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("calibrate")(calibrate)


def calibrate(
    basis: Annotated[
        str,
        typer.Option(
            "--basis",
            metavar="BASIS",
            help="published: ages, backlog and others, minutes; reconstructed: five numbers of the mechanism, seconds.",
        ),
    ] = "published",
    targets: Annotated[
        Path | None,
        typer.Option(
            "--targets",
            metavar="FILE.toml",
            help="Own columns, free parameters or weights; else the shipped plan.",
        ),
    ] = None,
    free: Annotated[
        list[str] | None,
        typer.Option(
            "--free", metavar="NAME", help="Assumption to fit instead of the plan's; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PROPOSAL.toml", help="Write the fit as an overlay.")
    ] = None,
    penalty: Annotated[
        float | None, typer.Option("--penalty", metavar="X", help="Penalty on the curvature of ages.")
    ] = None,
    starts: Annotated[int | None, typer.Option("--starts", metavar="N", help="Number of starts.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Seed of random starts.")] = None,
    max_iterations: Annotated[
        int | None, typer.Option("--max-iterations", metavar="N", help="Iterations of each start.")
    ] = None,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    force: common.ForceOut = False,
    strict: common.Strict = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Fit a basis to the printed tables.

    The basis is the published one, or the reconstructed mechanism with its alternatives; the tables are those of series B.
    The result is a proposal: nothing shipped is changed. Exit status 1 when a target is missed. The proposal is an
    overlay: try it with `annexv validate --overlay PROPOSAL.toml`.
    """
    from engine.outputs.files import check_target, whole

    if out is not None:
        check_target(out, overwrite=force, suffixes=(".toml",))
    if targets is not None and not targets.is_file():
        raise common.InputError(f"--targets {targets}: no such file")
    if common.choose("--basis", basis, _BASES) == _MECHANISM:
        of_ages = {
            "--free": free, "--penalty": penalty, "--starts": starts, "--seed": seed,
            "--max-iterations": max_iterations, "--strict": strict or None, "--workers": workers,
        }  # fmt: skip
        _mechanism(targets, overlay, sets, out, json, of_ages)
        return

    from pydantic import ValidationError

    from assumptions import load
    from engine import calibrate as fits
    from engine import notices
    from engine.calibrate import plan, proposal
    from engine.runs import default_workers

    try:
        chosen = fits.with_settings(
            plan.read(targets), penalty=penalty, starts=starts, seed=seed, max_iterations=max_iterations
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        name = str(wrong["loc"][0]).replace("_", "-")
        raise common.InputError(f"--{name} {wrong['input']}: {wrong['msg'].lower()}") from None
    given = common.parsed_sets(sets)
    packs = fits.cases(chosen, list(overlay or ()), given)
    of_packs = [notice for pack in packs.values() for notice in pack.notices]
    common.tell([*of_packs, *notices.of_cases(list(packs.values()))], strict)
    if workers is not None and workers < 1:
        raise common.InputError(f"--workers {workers}: 1 or more")
    with _progress(chosen.settings.starts, chosen.settings.max_iterations) as on_step:
        found = fits.calibrate(
            chosen, packs, list(free or ()), workers=workers or default_workers(), on_step=on_step
        )
    if out is not None:
        first = next(iter(packs))
        other = load(first).resolve("statutory")
        with whole(out, overwrite=force) as temporary:
            temporary.write_text(proposal.text(found, packs[first], other), encoding="utf-8", newline="\n")
    if json:
        common.print_json(_as_dict(found))
    else:
        _print(found)
        if out is not None:
            typer.echo(f"Written: {out}")
    if not found.reached:
        raise typer.Exit(common.NOT_ALL_WELL)


def _mechanism(
    targets: Path | None,
    overlay: list[str] | None,
    sets: list[str] | None,
    out: Path | None,
    json: bool,
    of_ages: Mapping[str, object],
) -> None:
    """The fit of the reconstructed basis, its alternatives, and what it predicts."""
    given = [name for name, value in of_ages.items() if value is not None and value != []]
    if given:
        raise common.InputError(
            f"{', '.join(given)}: has no effect with --basis {_MECHANISM}; allowed are --targets, --set, --overlay,"
            " --out, --force, --json"
        )
    from engine.calibrate import reconstruction
    from engine.outputs.files import whole

    plan = reconstruction.read(targets) if targets is not None else reconstruction.read()
    overlays, values = list(overlay or ()), common.parsed_sets(sets)
    found = [
        reconstruction.fit(plan, None, overlays, values),
        *reconstruction.alternatives(plan, overlays, values),
    ]
    if out is not None:
        with whole(out, overwrite=True) as temporary:
            temporary.write_text(reconstruction.proposal(found[0]), encoding="utf-8", newline="\n")
    if json:
        common.print_json({"units": "percentage points of GDP", "fits": [_fit_as_dict(one) for one in found]})
    else:
        _print_fits(found)
        if out is not None:
            typer.echo(f"Written: {out}")


def _fit_as_dict(one: Fit) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "set": dict(one.given),
        "values": dict(one.values),
        "standard_errors": dict(one.errors),
        "at_bounds": list(one.at_bounds),
        "columns": [
            {
                "scenario": item.scenario,
                "column": item.column,
                "max": item.largest,
                "rms": item.rms,
                "max_not_fitted": item.largest_beyond,
                "rms_not_fitted": item.rms_beyond,
            }
            for item in one.accuracy
        ],
    }


def _print_fits(found: Sequence[Fit]) -> None:
    console, first = common.console(), found[0]
    names = [f"{item.scenario} {item.column.replace('_', ' ')}" for item in first.accuracy]
    common.say(
        console,
        f"{len(first.values)} numbers fitted to {' and '.join(names)}, 1997-2030: "
        + "; ".join(f"largest {item.largest:.4f}, RMS {item.rms:.4f}" for item in first.accuracy)
        + " points of GDP. Series A is not read.",
        "bold",
    )
    out = common.table("Fitted numbers", ("", "value", "standard error"))
    for name, value in first.values.items():
        out.add_row(name, f"{value:.9g}", f"{first.errors[name]:.2g}")
    console.print(out)
    console.print()
    heads = [head for name in names for head in (f"{name}: max", "RMS")]
    out = common.table(
        "Fitted anew with other choices (percentage points of GDP)", ("", *heads, "not fitted")
    )
    for one in found:
        cells = [f"{value:.4f}" for item in one.accuracy for value in (item.largest, item.rms)]
        beyond = "; ".join(
            f"{item.largest_beyond:.4f} / {item.rms_beyond:.4f}"
            for item in one.accuracy
            if item.largest_beyond is not None
        )
        out.add_row(one.title, *cells, beyond)
    console.print(out)
    for one in found:
        if one.at_bounds:
            common.say(console, f"At bounds: {one.title}: {', '.join(one.at_bounds)}.")


@contextmanager
def _progress(starts: int, most: int) -> Iterator[Callable[[int, int, float], None]]:
    """One bar a start on a terminal; silent elsewhere."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("iteration {task.completed:.0f} of at most {task.total:.0f}"),
        TextColumn("objective {task.fields[objective]}"),
        TimeElapsedColumn(),
        console=common.console(stderr=True),
        transient=True,
        disable=not common.console(stderr=True).is_terminal,
    ) as bars:
        tasks = [bars.add_task(f"start {n + 1}", total=most, objective="") for n in range(starts)]

        def report(start: int, iteration: int, objective: float) -> None:
            bars.update(tasks[start], completed=iteration, objective=f"{objective:.4g}")

        yield report


def _print(found: Calibration) -> None:
    console = common.console()
    out = common.table(
        "Fitted columns (percentage points of GDP)", ("", "max", "RMS", "target max", "RMS", "")
    )
    for item in found.accuracy:
        c = item.column
        out.add_row(
            c.label,
            f"{item.largest:.5f}",
            f"{item.rms:.5f}",
            f"{c.largest:g}",
            f"{c.rms:g}",
            "ok" if item.reached else "MISSED",
            style=None if item.reached else "bold red",
        )
    console.print(out)
    console.print()
    out = common.table("Free parameters", ("", "before", "proposed", "from", "to", "standard error"))
    for cell in found.moved:
        out.add_row(
            cell.title,
            f"{cell.before:.5g}",
            f"{cell.after:.5g}",
            f"{cell.lower:g}",
            f"{cell.upper:g}",
            _error(cell),
        )
    console.print(out)
    console.print()
    out = common.table("Starts", ("", "objective before", "after", "iterations", ""))
    for n, start in enumerate(found.starts):
        said = "proposed" if n == found.chosen else "" if start.converged else "stopped early"
        out.add_row(start.kind, f"{start.began:.4g}", f"{start.ended:.4f}", str(start.iterations), said)
    console.print(out)
    console.print()
    seen = found.identification
    typer.echo(
        f"Identified: {seen.seen:.1f} of {seen.parameters} parameters; condition number {seen.condition:.3g},"
        f" with the penalty {seen.condition_with_penalty:.3g}."
    )
    for direction in seen.unseen[:_MOST_SHOWN]:
        parts = ", ".join(f"{part:+.2f} {title}" for title, part in direction.parts)
        typer.echo(
            f"Not seen in print (one step moves the figures by {direction.moves:.1e} of their target): {parts}"
        )
    for one, two, value in seen.correlations[:_MOST_SHOWN]:
        typer.echo(f"Errors go together ({value:+.2f}): {one} and {two}")
    typer.echo(f"At bounds: {'; '.join(found.at_bounds) if found.at_bounds else 'none'}.")


def _error(cell: Moved) -> str:
    size = cell.error * cell.step
    return f"{100 * size:.2g}%" if cell.log else f"{size:.2g}"


def _as_dict(found: Calibration) -> dict[str, Any]:
    seen = found.identification
    return {
        "units": "percentage points of GDP",
        "reached": found.reached,
        "objective": {"before": found.before, "after": found.after},
        "columns": [
            {
                "scenario": item.column.scenario,
                "column": item.column.column,
                "max": item.largest,
                "rms": item.rms,
                "target_max": item.column.largest,
                "target_rms": item.column.rms,
                "reached": item.reached,
            }
            for item in found.accuracy
        ],
        "parameters": [
            {
                "name": cell.title,
                "before": cell.before,
                "proposed": cell.after,
                "lower": cell.lower,
                "upper": cell.upper,
                "standard_error": cell.error * cell.step,
                "of": "logarithm" if cell.log else "value",
            }
            for cell in found.moved
        ],
        "starts": [
            {
                "kind": start.kind,
                "before": start.began,
                "after": start.ended,
                "iterations": start.iterations,
                "converged": start.converged,
            }
            for start in found.starts
        ],
        "at_bounds": list(found.at_bounds),
        "identification": {
            "parameters": seen.parameters,
            "identified": seen.seen,
            "condition": seen.condition,
            "condition_with_penalty": seen.condition_with_penalty,
            "unseen": [{"moves": d.moves, "parts": dict(d.parts)} for d in seen.unseen],
            "correlations": [list(pair) for pair in seen.correlations],
        },
    }


__all__ = ["calibrate", "register"]
