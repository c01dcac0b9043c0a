"""`annexv balance`: actuarial balance and implicit pension debt at a date; a reform against no reform."""

from __future__ import annotations

import datetime as dt
import math
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language
from engine.outputs.digits import decimals, shown
from engine.shares import percent_of_gdp

if TYPE_CHECKING:
    import xarray as xr

    from assumptions import Pack

BASIS: Final = "statutory"
SCENARIO: Final = "0B"
# Largest amount from which a unit is used, and its name.
_UNITS: Final = ((1e9, "thousand million"), (1e6, "million"), (1.0, "thousand"))
_LEAST_SHARE: Final = 1e-4
_STATE_OVERLAY: Final = "state_{year}"
_CHOSEN: Final = (0, 5, 10, 15, 20, 25, 35, 45, 55, 65, 75)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("balance")(balance)


def balance(
    date: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="YYYY-12-31", help="Valuation date; the scenario's state date by default."
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            "-s",
            metavar="CODE",
            help=f"Scenario; {SCENARIO} by default; 0A and 0B are without reform.",
        ),
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", metavar="RATE", help="Real discount rate, as 0.035.")
    ] = None,
    to: Annotated[
        int | None, typer.Option("--to", metavar="YEAR", help="Last year whose flows count.")
    ] = None,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    accept_low_wages: common.LowWages = False,
    sex_codes: common.SexCodes = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.nc", help="Write the balance to a netCDF file.")
    ] = None,
    force: common.ForceOut = False,
    embed_tables: common.EmbedTables = False,
    strict: common.Strict = False,
    json: common.Json = False,
) -> None:
    """Draw up an actuarial balance and the implicit pension debt.

    Statutory basis. For a date before the scenario's state the shipped state of that year is used (1994: that of the
    report's Table 2). At the state's date a scenario with a reform is also compared with the same assumptions without it.
    """
    sets = common.sets_of_files(sets, accept_low_wages, sex_codes)
    if out is not None:
        from engine.outputs.files import check_target

        check_target(out, overwrite=force, suffixes=(".nc",))
    year = _year(date)
    given = values_of(sets, rate)
    if "reform.last_year" in given:
        raise common.InputError("--set reform.last_year: has no effect on a balance; --to sets its last year")
    for name in ("balance.horizon_years", "balance.entrants_years"):
        if to is not None and name in given:
            raise common.InputError(f"--to and --set {name}: give one of them")
    (code,) = common.chosen_scenarios([scenario or SCENARIO])
    pack, overlays = pack_of(code, overlay, given, year)
    from engine.notices import of_tables
    from engine.outputs import balance as outputs

    resolved = pack.resolve(BASIS)
    if to is not None:
        resolved = resolved.with_values(_horizon(resolved, year, to), "--to")
    dataset = outputs.balance(resolved, year, embed_tables=embed_tables)
    resolved.notices += outputs.unmoved(resolved, dataset, year)
    tables = common.tell_tables(str(dataset.attrs.get("tables_read", "")).splitlines())
    notices = common.tell([*resolved.notices, *of_tables([resolved])], strict)
    if notices:
        dataset.attrs["notices"] = "\n".join(notices)
    command = _command(date, code, rate, to, sets, overlays)
    if out is not None:
        outputs.write(dataset, out, command=command, overwrite=force)
    if json:
        common.print_json(_plain(dataset) | {"notices": notices, "tables_read": tables})
    else:
        _print(dataset, pack.title, resolved)
        common.say_defaults(common.console(), scenario, language.text(language.DEFAULT))
    if out is not None:
        common.console(stderr=True).print(f"Written: {out}", soft_wrap=True)


def _year(date: str | None) -> int | None:
    if date is None:
        return None
    try:
        found = dt.date.fromisoformat(date)
    except ValueError:
        raise common.InputError(f"--date {date!r} is no date; write it as 1994-12-31") from None
    if (found.month, found.day) != (12, 31):
        raise common.InputError(
            f"--date {date}: balances are drawn up at the end of a year; allowed is {found.year}-12-31"
        )
    return found.year


def values_of(sets: Sequence[str] | None, rate: float | None) -> dict[str, Any]:
    given = common.parsed_sets(sets)
    if rate is not None:
        if "balance.discount_rate" in given:
            raise common.InputError("--rate and --set balance.discount_rate: give one of them")
        given["balance.discount_rate"] = rate
    return {"balance.computed": True, **given}


def pack_of(
    code: str, overlays: Sequence[str] | None, given: dict[str, Any], year: int | None
) -> tuple[Pack, list[str]]:
    """The scenario's pack, with the shipped state of the valuation year where the scenario's own state is later."""
    from assumptions import overlay_names

    chosen = list(overlays or ())
    (pack,) = common.load_packs([code], chosen, given)
    if year is None:
        return pack, chosen
    state = int(pack.resolve(BASIS).number("reform.state_year"))
    name = _STATE_OVERLAY.format(year=year)
    if year < state and name in overlay_names():
        chosen.insert(0, name)
        (pack,) = common.load_packs([code], chosen, given)
    elif year < state:
        shipped = [
            word.rpartition("_")[2]
            for word in overlay_names()
            if word.startswith(_STATE_OVERLAY.format(year=""))
        ]
        raise common.InputError(
            f"--date {year}-12-31 is before the state of 31 December {state}; an earlier state is shipped for"
            f" {', '.join(shipped)}"
        )
    return pack, chosen


def _horizon(resolved: Any, year: int | None, to: int) -> dict[str, float]:
    """Horizon that ends with ``to``; entrants count as long as flows do."""
    date = int(resolved.number("reform.state_year")) if year is None else year
    if to <= date:
        raise common.InputError(f"--to {to}: allowed are years after {date}")
    return {"balance.horizon_years": float(to - date), "balance.entrants_years": float(to - date)}


def _command(
    date: str | None,
    scenario: str,
    rate: float | None,
    to: int | None,
    sets: Sequence[str] | None,
    overlays: Sequence[str],
) -> str:
    words = ["annexv", "balance", "--scenario", scenario]
    for option, value in (("--date", date), ("--rate", rate), ("--to", to)):
        if value is not None:
            words += [option, str(value)]
    for option, values in (("--set", sets), ("--overlay", overlays)):
        for value in values or ():
            words += [option, value]
    return shlex.join(words)


def _plain(dataset: xr.Dataset) -> dict[str, Any]:
    """Labels and values as plain lists and dicts; the resolved input stays in the file."""
    return {
        "title": dataset.attrs["title"],
        "coordinates": {str(name): item.values.tolist() for name, item in dataset.coords.items()},
        "variables": {
            str(name): {
                "dims": list(map(str, item.dims)),
                "units": item.attrs.get("units_label", ""),
                "values": item.values.tolist(),
            }
            for name, item in dataset.data_vars.items()
            if name != "resolved_input"
        },
    }


def _print(dataset: xr.Dataset, title: str, resolved: Any) -> None:
    console = common.console()
    year = int(dataset.valuation_year)
    size, unit = _unit(dataset)
    scale = float(dataset.price_at_date) / size
    share = _share(dataset)
    common.say(console, _sentence(dataset, resolved, year, scale, unit), "bold")
    common.say(
        console,
        f"{title}: 31 December {year}, flows of {int(dataset.year[0])}-{int(dataset.year[-1])}, real discount rate"
        f" {float(dataset.discount_rate):.2%}, {resolved.basis} basis.",
    )
    console.print()
    sums = common.table("Actuarial balance", ("", f"{unit} pesos of {year}", f"% of GDP of {year}"))
    for kind in ("assets", "liabilities"):
        sums.add_row(kind, style="italic")
        for name, value in zip(dataset[dataset[kind].dims[0]].values, dataset[kind].values, strict=True):
            if value != 0.0:
                sums.add_row(f"  {name}", shown(value * scale, 2), share(value))
    sums.add_row(
        "deficit",
        shown(float(dataset.deficit) * scale, 2),
        share(dataset.deficit),
        style="bold",
    )
    sums.add_row("implicit pension debt", style="italic")
    for name, value in zip(dataset.debt.values, dataset.implicit_debt.values, strict=True):
        sums.add_row(f"  {name}", shown(value * scale, 2), share(value))
    console.print(sums)
    console.print(f"General average premium: {shown(100 * dataset.average_premium, 1)}% of covered wages")
    for name, said in (("first_deficit_year", "First cash deficit"), ("reserve_spent_year", "Reserve spent")):
        found = float(dataset[name])
        console.print(f"{said}: {'not within the horizon' if math.isnan(found) else f'{found:.0f}'}")
    console.print()
    _print_flows(dataset)
    if bool(dataset.reform_value.notnull().all()):
        _print_reform(dataset)
    _print_printed(resolved, year)


def _sentence(dataset: xr.Dataset, resolved: Any, year: int, scale: float, unit: str) -> str:
    """The deficit, the implicit debt, and when cash runs short."""
    from engine.outputs import texts
    from engine.outputs.scenario_words import said_case

    share = _share(dataset)
    deficit, debt = float(dataset.deficit), float(dataset.implicit_debt.sel(debt="accrued_to_date"))
    first = float(dataset.first_deficit_year)
    cash = "no cash deficit within the horizon" if math.isnan(first) else f"cash deficits from {first:.0f}"
    return (
        f"{said_case(resolved, texts.load('en'))}: actuarial {'deficit' if deficit >= 0.0 else 'surplus'} of"
        f" {shown(abs(deficit) * scale, 2)} {unit} pesos of {year}, "
        f"{share(abs(deficit))}% of GDP; rights accrued to date {share(debt)}% of GDP; {cash}."
    )


def _share(dataset: xr.Dataset) -> Callable[[Any], str]:
    """Says amounts of the balance in percent of GDP, with enough decimals for the highest."""
    gdp = float(dataset.gdp_at_date)
    highest = max(float(dataset.assets.max()), float(dataset.liabilities.max()))
    places = decimals([percent_of_gdp(highest, gdp)], 1)
    return lambda amount: shown(percent_of_gdp(float(amount), gdp), places)


def _unit(dataset: xr.Dataset) -> tuple[float, str]:
    """A unit of money in which the balance has figures before the decimal point, and its name."""
    largest = max(float(dataset.liabilities.max()), float(dataset.assets.max())) * float(
        dataset.price_at_date
    )
    for size, name in _UNITS:
        if largest >= size:
            return (size if size > 1.0 else 1e3), name
    return 1e3, _UNITS[-1][1]


def _years(dataset: xr.Dataset) -> list[int]:
    return [at for at in _CHOSEN if at < dataset.year.size]


def _print_flows(dataset: xr.Dataset) -> None:
    chosen = _years(dataset)
    table = common.table("Cash flow", ("", *(str(int(dataset.year[at])) for at in chosen)))
    size, unit = _unit(dataset)
    per: Any = 100 / dataset.gdp
    said = "% of GDP"
    if float((dataset.scheme_pensions / dataset.gdp).max()) < _LEAST_SHARE:
        per, said = float(dataset.price_at_date) / size, f"{unit} pesos of {int(dataset.valuation_year)}"
    rows = (
        (f"contributions, {said}", per * dataset.scheme_contributions, 2),
        (f"pensions, {said}", per * dataset.scheme_pensions, 2),
        (f"cash balance, {said}", per * dataset.cash_balance, 2),
        ("cost rate, % of wages", 100 * dataset.cost_rate, 1),
        ("pensioners per 100 contributors", dataset.pensioners_per_100, 1),
    )
    for name, values, places in rows:
        digits = decimals(values.values, places)
        table.add_row(name, *(shown(values[at], digits) for at in chosen))
    common.console().print(table)
    common.console().print()


def _print_reform(dataset: xr.Dataset) -> None:
    console = common.console()
    chosen = _years(dataset)
    gdp = float(dataset.gdp_at_date)
    columns = (*(str(int(dataset.year[at])) for at in chosen), "present value")
    table = common.table(
        "Reform against no reform, % of GDP (present value: of the valuation year)", ("", *columns)
    )
    for name in dataset.line.values:
        line = percent_of_gdp(dataset.reform_line.sel(line=name), dataset.gdp)
        total = percent_of_gdp(float(dataset.reform_value.sel(line=name)), gdp)
        table.add_row(str(name), *(shown(line[at], 2) for at in chosen), shown(total, 1))
    console.print(table)
    for name, said in (
        ("break_even_year", "Costs no more than the old system from"),
        ("paid_back_year", "Paid back by"),
    ):
        found = float(dataset[name])
        console.print(f"{said}: {'not within the horizon' if math.isnan(found) else f'{found:.0f}'}")
    console.print()
    last = int(dataset.wage_group[-1])
    groups = sorted({1, (last + 1) // 2, last})
    heads = [f"{sex} wage {group}" for sex in dataset.sex.values for group in groups]
    gains = common.table(
        "Gain by the reform, % of later wages, by year of birth, sex and wage group", ("born", *heads)
    )
    for birth in dataset.birth_year.values:
        cells = [
            shown(100 * dataset.reform_gain.sel(birth_year=birth, sex=sex, wage_group=group), 1)
            for sex in dataset.sex.values
            for group in groups
        ]
        gains.add_row(str(birth), *cells)
    console.print(gains)
    console.print()


def _print_printed(resolved: Any, year: int) -> None:
    from engine.balance import compare
    from engine.balance.valuation import value

    # Table 2 is the old system as it would have gone on.
    if year != compare.DATE_YEAR or resolved.flag("reform.enacted"):
        return
    table = common.table(
        "Beside the report (Table 2, text)", ("", "model", "printed", "model/printed", "unit"), left=1
    )
    for row in compare.rows(value(resolved, year)):
        if row.unit == "calendar year":
            cells = [
                f"{found:.0f}" if math.isfinite(found) else "-" for found in (row.model, row.printed)
            ] + [""]
        else:
            cells = [shown(found, 2) for found in (row.model, row.printed, row.model / row.printed)]
        table.add_row(row.item, *cells, row.unit)
    common.console().print(table)


__all__ = ["balance", "register"]
