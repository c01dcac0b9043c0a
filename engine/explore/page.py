"""The page: its layout, and what happens when a control is moved."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update, set_props
from dash.exceptions import PreventUpdate

from assumptions import AssumptionError, all_scenario_codes, basis_names, levers, load, overlay_headers
from engine.explore import answer, controls, expected, figures, numbers
from engine.explore.state import AGES, BIRTHS, FURTHEST, WAGES, Worker, read
from engine.explore.state import State as Shown
from engine.outputs import OutputError, phrases, texts

_FOLDER: Final = Path(__file__).parent / "page"
_GRAPH: Final[Any] = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d"],
}
_HIGH, _TALL, _LOW = 330, 460, 260
_DOWNLOADS: Final = ("toml", "nc", "xlsx", "html")
_MONTHS: Final = "law_1973.months_per_year"


def app(language: str = "en") -> Dash:
    """The application; it serves pages in either language, in this one where the address names none."""
    made = Dash(
        __name__,
        assets_folder=str(_FOLDER),
        serve_locally=True,
        title="annexv",
        update_title="",
        suppress_callback_exceptions=True,
        compress=False,
    )
    made.index_string = (
        (_FOLDER.parent / "index.html").read_text(encoding="utf-8").replace("{{language}}", language)
    )
    made.layout = html.Div([dcc.Location(id="url", refresh="callback-nav"), html.Div(id="page")])
    _callbacks(made, language)
    return made


# layout --------------------------------------------------------------------------------------------------------------


def _said(**said: str) -> dict[str, Any]:
    """Attributes for those who do not see the page."""
    return {f"aria-{key}": value for key, value in said.items()}


def _words_of(language: str) -> dict[str, Any]:
    return texts.load(language)


def refused(error: AssumptionError, language: str) -> Any:
    """A page that says what is wrong in the address."""
    text = _words_of(language)
    say = phrases.messages(text)
    return html.Main(
        [
            html.H1(text["explore"]["title"]),
            html.Div(
                [
                    html.P(text["explore"]["wrong_address"]),
                    html.Ul([html.Li(say(str(fault))) for fault in error.faults]),
                    html.A(text["explore"]["start_again"], href=f"?lang={language}"),
                ],
                className="fault",
                id="refused",
                role="alert",
            ),
        ]
    )


def layout(state: Shown) -> list[Any]:
    """The page of a state."""
    text = _words_of(state.language)
    said = text["explore"]
    resolved = numbers.resolved(numbers.keys(state)[0]._replace(levers=()))
    other = next(word for word in texts.languages() if word != state.language)
    years = range(int(resolved.number("reform.first_year")), state.last + 1)
    head = html.Header(
        [
            html.H1(said["title"]),
            html.P(said["said"], className="soft"),
            html.Nav(
                [
                    html.A(said["reset"], href=f"?lang={state.language}", id="reset", className="button"),
                    html.A(
                        said["other_language"], href=replace(state, language=other).address, id="other-language",
                        hrefLang=other, className="button",
                    ),
                ]
            ),
        ],
        className="page",
    )  # fmt: skip
    side = html.Section(
        [_where(state, text, resolved), *controls.groups(state, resolved, text)],
        className="side",
        **_said(label=said["levers"]),
    )
    main = html.Main(
        [
            html.Div(id="fault", role="alert"),
            html.Div(id="sentence", className="lead", **_said(live="polite")),
            html.Ul(id="cards", className="cards"),
            html.Div([_figure("total", text), _figure("difference", text)], className="plots"),
            html.Div([_figure("components", text), _worker(state, text)], className="plots"),
            html.Div([_figure("births", text), _figure("wages", text)], className="plots"),
            html.Div([_figure("gains", text), _differs(state, text)], className="plots"),
            html.H2(said["table"]),
            html.Label(
                [said["year"], dcc.Dropdown(list(years), state.year, id="year", clearable=False)],
                className="inline",
            ),
            html.Div(id="table", className="wide", tabIndex=0),
        ]
    )
    stores = [
        dcc.Store(id="address", data=state.address),
        dcc.Store(id="language", data=state.language),
        dcc.Store(id="extra", data=controls.extra(state)),
        *(dcc.Download(id=f"file-{ending}") for ending in _DOWNLOADS),
    ]
    return [head, html.Div([side, main], className="columns"), *stores]


def _where(state: Shown, text: Mapping[str, Any], resolved: Any) -> Any:
    said = text["explore"]
    overlays = [{"label": header.title, "value": name} for name, header in overlay_headers().items()]
    first = int(resolved.number("reform.first_year")) + 1
    codes = dcc.Dropdown(
        list(all_scenario_codes()), list(state.scenarios), id="scenarios", multi=True, clearable=False
    )
    names = [{"label": text["basis_names"].get(name, name), "value": name} for name in basis_names()]
    basis = dcc.RadioItems(names, state.basis, id="basis", inline=True)
    below = dcc.Dropdown(
        overlays, list(state.overlays), id="overlays", multi=True, placeholder=said["no_overlay"]
    )
    to = dcc.Input(id="to", type="number", min=first, max=FURTHEST, step=1, value=state.last, debounce=True)
    return html.Div(
        [
            html.Label([said["scenarios"], codes]),
            html.Div(
                [html.Span(said["basis"]), basis],
                role="group",
                className="field",
                **_said(label=said["basis"]),
            ),
            html.Label([said["overlay"], below]),
            html.Label([said["to"], to]),
        ],
        className="where",
    )


def _graph(name: str) -> Any:
    height = {"births": _TALL, "wages": _TALL, "pension": _LOW}.get(name, _HIGH)
    return dcc.Graph(id=f"fig-{name}", config=_GRAPH, responsive=True, style={"height": f"{height}px"})


def _figure(name: str, text: Mapping[str, Any]) -> Any:
    return html.Div(
        [
            html.H2(text["explore"]["figure"][name], id=f"{name}-title"),
            _graph(name),
        ],
        className="figure",
        role="figure",
        **_said(labelledby=f"{name}-title"),
    )


def _worker(state: Shown, text: Mapping[str, Any]) -> Any:
    said = text["explore"]
    fields = []
    for key, value, (low, high), step in (
        ("wage", state.worker.wage, WAGES, 0.1),
        ("born", state.worker.born, BIRTHS, 1),
        ("age", state.worker.age, AGES, 1),
    ):
        field = dcc.Input(id=key, type="number", min=low, max=high, step=step, value=value, debounce=True)
        fields.append(html.Label([said["worker"][key], field]))
    return html.Div(
        [
            html.H2(said["figure"]["pension"], id="pension-title"),
            html.Div(fields, className="more"),
            _graph("pension"),
            html.P(id="worker-said", className="soft"),
        ],
        className="figure",
        role="figure",
        **_said(labelledby="pension-title"),
    )


def _differs(state: Shown, text: Mapping[str, Any]) -> Any:
    said = text["explore"]
    buttons = [
        html.Button(said["download"][ending], id=f"get-{ending}", type="button") for ending in _DOWNLOADS
    ]
    return html.Div(
        [
            html.H2(said["differs"]),
            html.Ul(id="differs"),
            html.P([said["command"], " ", html.Button(said["copy"], id="copy", type="button")]),
            html.Pre(id="command", tabIndex=0),
            html.Div(buttons, className="buttons"),
            html.Div(id="download-fault", role="alert"),
        ],
        className="figure",
    )


# what happens --------------------------------------------------------------------------------------------------------


def _callbacks(made: Any, language: str) -> None:
    @made.callback(Output("page", "children"), Input("url", "search"))  # type: ignore[untyped-decorator]
    def open_page(search: str | None) -> Any:
        spoken = language
        try:
            state = read(search or "", language)
            spoken = state.language
            numbers.pairs(state)
        except AssumptionError as error:
            asked = "es" if "lang=es" in (search or "") else "en" if "lang=en" in (search or "") else spoken
            return refused(error, asked)
        return layout(state)

    made.clientside_callback(
        "window.dash_clientside.annexv.copy",
        Output("copy", "title"),
        Input("copy", "n_clicks"),
        prevent_initial_call=True,
    )

    @made.callback(  # type: ignore[untyped-decorator]
        Output({"kind": controls.ROWS, "group": MATCH}, "children"),
        Input({"kind": controls.OPENED, "group": MATCH}, "n_clicks"),
        State({"kind": controls.ROWS, "group": MATCH}, "children"),
        State("address", "data"),
        prevent_initial_call=True,
    )
    def opened(clicks: int | None, rows: Any, address: str) -> Any:
        if rows or not clicks:
            raise PreventUpdate
        state = read(address)
        resolved = numbers.resolved(numbers.keys(state)[0]._replace(levers=()))
        return controls.rows(ctx.triggered_id["group"], state, resolved, _words_of(state.language))

    _live(made)
    _slower(made)
    _files(made)


def _live(made: Any) -> None:
    kinds = (controls.ON, controls.VALUE, controls.FROM, controls.OPTION)

    @made.callback(  # type: ignore[untyped-decorator]
        Output("table", "data-answer"),
        *(Input({"kind": kind, "lever": ALL, "key": ALL}, "value") for kind in kinds),
        Input("scenarios", "value"),
        Input("basis", "value"),
        Input("overlays", "value"),
        Input("to", "value"),
        Input("year", "value"),
        Input("wage", "value"),
        Input("born", "value"),
        Input("age", "value"),
        State("language", "data"),
        State("extra", "data"),
    )
    def moved(*given: Any) -> str:
        spoken, more = given[-2], given[-1]
        text = _words_of(spoken)
        listed = [item for group in ctx.inputs_list[: len(kinds)] for item in group]
        # Several controls may have moved since the last answer; a box that was ticked or not says it for its lever.
        touched = [one for one in ctx.triggered_prop_ids.values() if isinstance(one, dict)]
        decided = {one["lever"] for one in touched if one["kind"] == controls.ON}
        moving = {one["lever"] for one in touched} - decided
        where = dict(
            zip(
                ("scenario", "basis", "overlay", "to", "year", "wage", "born", "age"),
                given[4:12],
                strict=True,
            )
        )
        # A lever that is touched is moved: its box is ticked.
        for item in listed:
            kind, lever = item["id"]["kind"], item["id"]["lever"]
            if kind == controls.ON and lever in moving and not item.get("value"):
                set_props(item["id"], {"value": [controls.CHECKED]})
        try:
            state = _state(controls.texts(listed, moving, more), where, spoken)
            found = numbers.pairs(state)
        except AssumptionError as error:
            say = phrases.messages(text)
            return json.dumps({"faults": [say(str(one)) for one in error.faults]})
        expected.soon(state, moving)
        return json.dumps(answer.of(state, found, text))


def _state(said: Sequence[str], where: Mapping[str, Any], language: str) -> Shown:
    """The state that the controls say, read as an address is."""
    from urllib.parse import urlencode

    pairs = [("lever", one) for one in said]
    for key, value in where.items():
        joined = ",".join(value) if isinstance(value, list) else value
        if joined not in (None, ""):
            pairs.append((key, f"{joined:g}" if isinstance(joined, float) else str(joined)))
    if where.get("to") is not None and where.get("year") is not None:
        year = min(int(where["year"]), int(where["to"]))
        pairs = [(key, str(year) if key == "year" else value) for key, value in pairs]
    return read(urlencode([*pairs, ("lang", language)]), language)


def _slower(made: Any) -> None:
    # What is below the fold comes after the answer, and from what is kept of it.
    @made.callback(Output("fig-components", "figure"), Input("address", "data"))  # type: ignore[untyped-decorator]
    def components(address: str) -> Any:
        state = read(address)
        try:
            first = numbers.pairs(replace(state, scenarios=state.scenarios[:1]))[0]
        except AssumptionError:
            raise PreventUpdate from None
        return figures.components(first, _words_of(state.language))

    @made.callback(  # type: ignore[untyped-decorator]
        Output("fig-births", "figure"),
        Output("fig-wages", "figure"),
        Output("fig-gains", "figure"),
        Input("address", "data"),
    )
    def who(address: str) -> tuple[Any, ...]:
        state = read(address)
        text = _words_of(state.language)
        key = numbers.keys(state)[0]
        first = int(numbers.case(key).years[0])
        try:
            groups, worth, gain = numbers.distribution(key)
        except AssumptionError:
            raise PreventUpdate from None
        return (
            figures.rights(groups, worth, "birth", text, first),
            figures.rights(groups, worth, "wage", text, first),
            figures.gains(gain, text),
        )

    @made.callback(  # type: ignore[untyped-decorator]
        Output("fig-pension", "figure"), Output("worker-said", "children"), Input("address", "data")
    )
    def worker(address: str) -> tuple[Any, ...]:
        state = read(address)
        text = _words_of(state.language)
        key = numbers.keys(state)[0]
        try:
            base, reform = (numbers.pension(one, state.worker) for one in (key._replace(levers=()), key))
        except (AssumptionError, ValueError) as error:
            return no_update, phrases.messages(text)(str(error))
        months = numbers.resolved(key).number(_MONTHS)
        return figures.pension(base, reform, text, months), worker_said(
            base, reform, state.worker, text, months
        )


def worker_said(
    base: Mapping[str, float],
    reform: Mapping[str, float],
    worker: Worker,
    text: Mapping[str, Any],
    months: float,
) -> str:
    """What the worker gets, base and reform, by the law that is worth more."""
    said = text["explore"]["worker"]
    parts = []
    for figures_ in (base, reform):
        old = figures_["takes_old"] > 0.0
        pension = figures_["old_pension" if old else "new_pension"] / months
        law = text["screen"]["worker"]["the_old" if old else "the_account"]
        share = 100.0 * figures_["replacement_old" if old else "replacement_new"]
        parts.append(said["gets"].format(money=f"{pension:,.0f}", law=law, share=f"{share:.0f}"))
    year = worker.born + worker.age
    return str(said["said"].format(year=year, base=parts[0], reform=parts[1]))


def _files(made: Any) -> None:
    for ending in _DOWNLOADS:

        @made.callback(  # type: ignore[untyped-decorator]
            Output(f"file-{ending}", "data"),
            Output("download-fault", "children", allow_duplicate=True),
            Input(f"get-{ending}", "n_clicks"),
            State("address", "data"),
            prevent_initial_call=True,
        )
        def get(clicks: int | None, address: str, ending: str = ending) -> tuple[Any, Any]:
            if not clicks:
                raise PreventUpdate
            state = read(address)
            try:
                name, content = file(state, ending)
            except (AssumptionError, OutputError, ModuleNotFoundError) as error:
                return no_update, str(error)
            return {"content": base64.b64encode(content).decode(), "filename": name, "base64": True}, None


def file(state: Shown, ending: str) -> tuple[str, bytes]:
    """A file of the page, by its ending: the overlay, the run, a workbook, the report of base and reform.

    Raises
    ------
    OutputError, ModuleNotFoundError
        If it cannot be made.
    """
    from engine import what_if
    from engine.outputs import export
    from engine.outputs.dataset import project_resolved
    from engine.outputs.netcdf import write
    from engine.what_if import page

    sets = {"reform.last_year": state.last}
    below = load(state.scenarios[0], overlays=list(state.overlays), sets=sets)
    overlay = levers.text(below, state.statements, (state.basis,)) if state.statements else ""
    if ending == "toml":
        if not overlay:
            raise OutputError(_words_of(state.language)["explore"]["no_difference"])
        return "reform.toml", overlay.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"reform.{ending}"
        if ending == "html":
            found = what_if.of(
                numbers.resolved(numbers.keys(state)[0]._replace(levers=())),
                numbers.resolved(numbers.keys(state)[0]),
                state.statements,
                state.against,
            )
            page.write(found, path, overlay=overlay, language=state.language)
        else:
            packs = [load(code, overlays=list(state.overlays), sets=sets) for code in state.scenarios]
            moved = [
                levers.over(pack, state.statements, (state.basis,)) if overlay else pack for pack in packs
            ]
            run = project_resolved([pack.resolve(state.basis) for pack in moved])
            if ending == "nc":
                write(run, path, command=state.command())
            else:
                export.write(run, path, language=state.language)
        return path.name, path.read_bytes()


__all__ = ["app", "file", "layout", "refused"]
