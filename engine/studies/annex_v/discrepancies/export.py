"""The register as CSV, JSON, a Markdown page and a page to print, in the words of a language."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from assumptions.spreadsheet import Writer
from engine.studies.annex_v.discrepancies import ENGLISH, Register, Row
from engine.studies.annex_v.discrepancies.findings import Finding, findings
from engine.studies.annex_v.discrepancies.wording import words

COLUMNS: Final = (
    "number",
    "key",
    "title",
    "statement",
    "quotations",
    "where",
    "printed",
    "model",
    "consequence",
    "figures",
)
_CODE: Final = re.compile(r"`([^`]*)`")
_STYLE: Final = """body{font:11pt/1.4 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}
h1{font-size:1.6em}h2{font-size:1.25em;margin-top:2em}h3{font-size:1.05em;margin:1.4em 0 .3em}dl{margin:0}
dt{font-weight:bold;float:left;clear:left;width:9.5em}dd{margin:0 0 .35em 10em}q{font-style:italic}
small{color:#555}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #bbb;padding:.2em .5em;text-align:left}
code{font-size:.9em}article{break-inside:avoid}@media print{body{margin:0;max-width:none;font-size:9.5pt}}"""


def as_json(register: Register, language: str = ENGLISH) -> str:
    """Rows with their figures; names of figures are English in every language."""
    content = [
        {
            "number": row.number,
            "key": row.key,
            "title": row.title,
            "statement": row.statement,
            "quotations": [
                {"text": one.text, "place": one.passage.at, "position": one.passage.position}
                for one in row.quotations
            ],
            "where": row.where,
            "printed": row.printed,
            "model": row.model,
            "consequence": row.consequence,
            "figures": dict(row.figures),
        }
        for row in register.rows_in(language)
    ]
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_csv(register: Register, language: str = ENGLISH) -> str:
    """One line a row; figures as `name=value` joined by semicolons, quotations with the place of each."""
    stream = io.StringIO()
    writer = Writer(stream)
    writer.writerow(COLUMNS)
    for row in register.rows_in(language):
        quoted = "; ".join(f"\u201c{one.text}\u201d ({one.passage.at})" for one in row.quotations)
        figures = "; ".join(f"{name}={value:.6g}" for name, value in row.figures.items())
        parts = (row.where, row.printed, row.model, row.consequence, figures)
        writer.writerow((row.number, row.key, row.title, row.statement, quoted, *parts))
    return stream.getvalue()


def page(register: Register, language: str = ENGLISH) -> str:
    """The register as Markdown: five findings with a picture each, then all rows as tables."""
    said = words(language)
    own, rows = said["page"], register.rows_in(language)
    lines = [f"# {own['title']}", "", own["opening"].format(rows=len(rows)), "", own["files"], ""]
    lines += [f"## {own['findings']}", ""]
    for number, one in enumerate(findings(register, language), start=1):
        lines += [f"### {number}. {one.title}", "", f"{one.text} {_rows_of(one, own)}", ""]
        lines += [f"![{one.alt}](figures/{one.figure})", ""]
    lines += [f"## {own['rows']}", "", own["how"], ""]
    numbers = {row.key: row for row in rows}
    for title, keys in said["groups"].items():
        lines += [f"### {title}", "", *_table([numbers[key] for key in keys], own)]
    return "\n".join([*lines, *_identities(register, own)]) + "\n"


def _rows_of(one: Finding, own: Mapping[str, str]) -> str:
    links = [f"[{number}](#row-{number})" for number in one.rows]
    return f"({own['row']} {', '.join(links)})"


def _table(rows: list[Row], own: Mapping[str, str]) -> list[str]:
    """A table a row: five columns of sentences would be too narrow to read."""
    lines: list[str] = []
    for row in rows:
        quoted = " ".join(f"\u201c{one.text}\u201d" for one in row.quotations)
        says = " ".join(part for part in (_capital(row.statement), quoted, f"({row.where})") if part)
        cells = (
            (own["says"], says),
            (own["tables"], row.printed),
            (own["find"], row.model),
            (own["so"], row.consequence),
        )
        lines += [f'| <a id="row-{row.number}"></a>**{row.number}** | **{row.title}** |', "|---|---|"]
        lines += [f"| {name} | {text.replace('|', '&#124;')} |" for name, text in cells]
        lines.append("")
    return lines


def _identities(register: Register, own: Mapping[str, Any]) -> list[str]:
    names = own["identity_names"]
    return [
        f"## {own['identities']}",
        "",
        own["identities_text"],
        "",
        f"| {' | '.join(own['identities_header'])} |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {names[item.title]} | {item.cells} | {item.largest:.4f} | {item.allowed:.4f} | {item.broken} |"
            for item in register.identities
        ),
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def as_html(register: Register, language: str = ENGLISH) -> str:
    """The register as one page to print: no script, no network, no pictures."""
    said = words(language)
    own, rows = said["page"], register.rows_in(language)
    body = [f"<h1>{_plain(own['title'])}</h1>", f"<p>{_plain(own['opening'].format(rows=len(rows)))}</p>"]
    body += [f"<p><small>{_plain(own['printed_note'])}</small></p>", f"<h2>{_plain(own['findings'])}</h2>"]
    for number, one in enumerate(findings(register, language), start=1):
        listed = ", ".join(map(str, one.rows))
        body.append(
            f"<h3>{number}. {_plain(one.title)}</h3><p>{_plain(one.text)} ({own['row']} {listed})</p>"
        )
    body.append(f"<h2>{_plain(own['rows'])}</h2>")
    body += [_article(row, own) for row in rows]
    header = "".join(f"<th>{_plain(name)}</th>" for name in own["identities_header"])
    body += [f"<h2>{_plain(own['identities'])}</h2>", f"<p>{_plain(own['identities_text'])}</p>"]
    body.append(f"<table><tr>{header}</tr>")
    for item in register.identities:
        cells = (
            own["identity_names"][item.title],
            item.cells,
            f"{item.largest:.4f}",
            f"{item.allowed:.4f}",
            item.broken,
        )
        body.append("<tr>" + "".join(f"<td>{_plain(str(cell))}</td>" for cell in cells) + "</tr>")
    body.append("</table>")
    head = f'<meta charset="utf-8"><title>{_plain(own["title"])}</title><style>{_STYLE}</style>'
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _article(row: Row, own: Mapping[str, str]) -> str:
    quoted = " ".join(f'<q lang="en">{_plain(one.text)}</q>' for one in row.quotations)
    says = f"{_plain(_capital(row.statement))} {quoted} <small>({_plain(row.where)})</small>"
    parts = (
        (own["says"], says),
        (own["tables"], _plain(row.printed)),
        (own["find"], _plain(row.model)),
        (own["so"], _plain(row.consequence)),
    )
    inner = "".join(f"<dt>{_plain(name)}</dt><dd>{text}</dd>" for name, text in parts)
    return (
        f'<article id="row-{row.number}"><h3>{row.number}. {_plain(row.title)}</h3><dl>{inner}</dl></article>'
    )


def _plain(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))


__all__ = ["as_csv", "as_html", "as_json", "page"]
