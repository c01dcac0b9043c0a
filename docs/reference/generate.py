"""Writes the reference pages beside it from the table of variables, the command line and the shipped assumptions.

Usage: python docs/reference/generate.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

import assumptions
from assumptions import audit
from assumptions.units import UNITS
from engine import cli
from engine.cli import common
from engine.hindcast import schema as hindcast
from engine.outputs import schema

HERE = Path(__file__).parent
WIDTH = 96
NOTICE = "<!-- Written by docs/reference/generate.py: change that, not this page. -->\n"


def cell(text: object) -> str:
    """Text of a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def table(head: list[str], rows: list[list[object]]) -> str:
    """A Markdown table."""
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(cell(part) for part in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def variables() -> str:
    """Page of the output variables."""
    page = [
        NOTICE,
        "# Output variables\n",
        f"Format `{schema.FORMAT}`, version {schema.FORMAT_VERSION}. Every variable carries these texts as attributes."
        f" Money is in constant pesos of {schema.PRICE_BASE}.\n",
    ]
    for title, found in (("Coordinates", schema.COORDINATES), ("Variables", schema.VARIABLES)):
        rows: list[list[object]] = [
            [
                f"`{item.name}`",
                ", ".join(item.dims) if title == "Variables" else item.dtype,
                item.units_label or "text",
                f"**{item.long_name}.** {item.description}",
                item.source,
            ]
            for item in found.values()
        ]
        second = "Dimensions" if title == "Variables" else "Type"
        page += [f"## {title}\n", table(["Name", second, "Unit", "Meaning", "Source"], rows)]
    rows = [
        [
            f"`{item.name}`",
            ", ".join(item.dims),
            item.units_label or "text",
            f"**{item.long_name}.** {item.description}",
            item.source,
        ]
        for item in hindcast.VARIABLES.values()
    ]
    page += [
        "## Hindcast\n",
        f"Format `{hindcast.FORMAT}`, the file of `annexv hindcast --out`.\n",
        table(["Name", "Dimensions", "Unit", "Meaning", "Source"], rows),
    ]
    return "\n".join(page)


def commands() -> str:
    """Page of the command line."""
    page = [
        NOTICE,
        "# Command line\n",
        table(["Exit status", "meaning"], [[status, said] for status, said in common.STATUSES.items()]),
        "`NO_COLOR` is honoured; output to a file or a pipe has neither colours nor progress lines."
        " `annexv --install-completion` sets up completion.\n",
    ]

    def add(command: Any, name: str, parent: Any) -> None:
        settings = {"terminal_width": WIDTH, "max_content_width": WIDTH, **command.context_settings}
        context = command.context_class(command, info_name=name, parent=parent, **settings)
        page.append(f"## {context.command_path}\n")
        page.append(f"```text\n{command.get_help(context).strip()}\n```\n")
        for child in command.list_commands(context) if hasattr(command, "list_commands") else ():
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                add(found, child, context)

    add(typer.main.get_command(cli.build()), "annexv", None)
    return "\n".join(page)


def values() -> str:
    """Page of the shipped assumptions."""
    code = assumptions.scenario_codes()[0]
    pack = assumptions.load(code)
    bases = assumptions.basis_names()
    resolved = {basis: pack.resolve(basis) for basis in bases}
    page = [
        NOTICE,
        "# Assumptions\n",
        f"Values of scenario {code} on each basis; one value where both have the same. `annexv assumptions show NAME` tells"
        " everything known about one of them, `annexv assumptions register --out FILE.xlsx` writes all of them for review."
        " Names are what `--set`, overlays and sweeps use, and stay stable.\n",
    ]
    groups: dict[str, list[list[object]]] = {}
    for name in resolved[bases[0]].names():
        said = [audit.summary(resolved[basis], name) for basis in bases]
        items = [resolved[basis].item(name) for basis in bases]
        value = (
            said[0]
            if len(set(said)) == 1
            else "; ".join(f"{b}: {s}" for b, s in zip(bases, said, strict=True))
        )
        status = "; ".join(dict.fromkeys(item.status for item in items))
        source = "; ".join(dict.fromkeys(f"{item.source}, {item.locator}" for item in items))
        note = "; ".join(dict.fromkeys(item.note for item in items if item.note))
        unit = UNITS[items[0].unit].label
        group = name.split(".")[0]
        groups.setdefault(group, []).append([f"`{name}`", value, unit, status, source, note])
    for group, rows in groups.items():
        page += [
            f"## {group}\n",
            table(["Name", "Value", "Unit", "Status", "Source and place", "Note"], rows),
        ]
    page.append("## Sources\n")
    sources = resolved[bases[0]].sources
    page.append(
        table(
            ["Id", "Source"],
            [
                [
                    f"`{key}`",
                    ". ".join(str(part) for part in (s.author, s.year, s.title, s.publisher, s.url) if part),
                ]
                for key, s in sorted(sources.items())
            ],
        )
    )
    page.append("## Overlays by name\n")
    page.append("Shipped with the package: `annexv run --overlay NAME`.\n")
    found = assumptions.overlay_headers().items()
    page.append("\n".join(f"* `{name}`: {item.title}. {item.description}" for name, item in found) + "\n")
    return "\n".join(page)


PAGES = {"variables.md": variables, "cli.md": commands, "assumptions.md": values}


def main() -> None:
    """Write all pages."""
    for name, make in PAGES.items():
        (HERE / name).write_text(make(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
