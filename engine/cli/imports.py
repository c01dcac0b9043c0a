"""`annexv import`: data of others as tables that this program reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from engine.cli import common, language

_AGES: Final = (15, 70)  # of population.active_age_shares


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="Turn data of others into tables to read.", no_args_is_help=True, rich_markup_mode=None
    )

    # With one command alone a group would be that command.
    @group.callback()
    def of_others() -> None:
        """Turn data of others into tables to read."""

    group.command("imss-asg")(imss_asg)
    app.add_typer(group, name="import")


def imss_asg(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv", help="Monthly file of IMSS's open data, with | or , between columns."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="TABLE.csv", help="Write persons and wages by sex, age and wage."),
    ] = None,
    age_shares: Annotated[
        Path | None,
        typer.Option(
            "--age-shares",
            metavar="SHARES.csv",
            help="Write shares by age, for population.active_age_shares.",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year", metavar="YEAR", help="Year of the file: checks the ranges of wages by its minimum wage."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the files of --out and --age-shares if they exist.")
    ] = False,
    lang: language.Lang = None,
    json: common.Json = False,
) -> None:
    """Read insured workers from IMSS's open microdata.

    Columns sexo, rango_edad, rango_salarial, ta, ta_sal and masa_sal_ta are summed row by row, whatever the file's size;
    others are left out. The ranges behind the codes are data, to be checked against IMSS's own dictionary.
    """
    from assumptions import imss_asg as read
    from assumptions.observed import minimum_wages
    from engine.outputs.files import check_target, whole

    text = language.text(lang)
    for target in (out, age_shares):
        if target is not None:
            check_target(target, overwrite=force, suffixes=(".csv",))
    if out is not None and age_shares is not None and out.absolute() == age_shares.absolute():
        raise common.InputError(f"--out and --age-shares: {out}: two files are written, under two names")
    known = minimum_wages()["minimum_wage"]
    if year is not None and year not in known:
        raise common.InputError(f"--year {year}: is not allowed; {min(known)} to {max(known)} are")
    found = read.read(file)
    notices = [] if year is None else read.contradictions(found, known[year])
    common.tell(f"{file}: {notice}" for notice in notices)
    made = (
        (out, "" if out is None else read.table(found)),
        (age_shares, "" if age_shares is None else read.age_shares(found, *_AGES)),
    )
    for target, content in made:
        if target is not None:
            with whole(target, overwrite=force) as temporary:
                temporary.write_text(content, encoding="utf-8", newline="\n")
    insured, with_wage, bill = found.totals()
    if json:
        common.print_json(
            {
                "rows": found.rows,
                "insured": insured,
                "with_wage": with_wage,
                "daily_wage_bill": bill,
                "notices": notices,
            }
        )
        return
    said = text["screen"]["import"]
    mean = bill / with_wage if with_wage else 0.0
    typer.echo(
        said["read"].format(
            file=file,
            rows=f"{found.rows:,}",
            insured=f"{insured:,.0f}",
            paid=f"{with_wage:,.0f}",
            mean=f"{mean:,.2f}",
        )
    )
    typer.echo(said["codes"])
    for target in (out, age_shares):
        if target is not None:
            typer.echo(text["screen"]["written"].format(file=target))


__all__ = ["register"]
