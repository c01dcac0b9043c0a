"""The same number in every format; labels, units, layout; files whole or not at all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from assumptions.spreadsheet import defused
from engine.outputs import OutputError, dataset, export, netcdf, schema, texts, words

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")
pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def files(run: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exported")
    return {name: export.write(run, folder / f"out.{name}") for name in export.FORMATS}


@pytest.fixture(scope="module")
def csv(files: dict[str, Path]) -> pd.DataFrame:
    return pd.read_csv(files["csv"], converters={"value": float}, keep_default_na=False)


def test_csv_holds_every_number_of_the_dataset_bit_for_bit(run: xr.Dataset, csv: pd.DataFrame) -> None:
    expected = sum(
        int(np.isfinite(item.values).sum())
        for item in run.data_vars.values()
        if item.dtype.kind == "f" and "year" in item.dims
    )
    assert len(csv) == expected
    assert csv.columns.tolist() == [
        "basis", "scenario", "variable", "dimension", "item", "year", "value", "units", "method",
    ]  # fmt: skip
    for name, group in csv.groupby("variable"):
        item = run[name]
        (own,) = [*group["dimension"].unique()]
        for row in group.sample(min(40, len(group)), random_state=1).itertuples():
            where = {"basis": row.basis, "scenario": row.scenario, "year": row.year}
            if own:
                where[own] = type(run[own].values[0].item())(row.item)
            assert float(item.sel(where)) == row.value


def test_a_cell_is_the_same_number_in_xlsx_csv_and_netcdf(files: dict[str, Path], csv: pd.DataFrame) -> None:
    again = export.tidy(netcdf.read(files["nc"]))
    pd.testing.assert_frame_equal(
        again.astype({"item": str}), csv.astype({"item": str}), check_exact=True, check_dtype=False
    )
    parquet = pd.read_parquet(files["parquet"])
    assert (parquet["value"].to_numpy() == csv["value"].to_numpy()).all()
    wanted = {
        (row.scenario, row.basis, row.variable, str(row.item), row.year): row.value
        for row in csv.itertuples()
    }
    book = openpyxl.load_workbook(files["xlsx"], read_only=True)
    bases = {name: code for code, name in texts.load("en")["basis_names"].items()}
    found = {}
    for scenario in ("2B", "3B"):
        rows = book[scenario].iter_rows(min_row=2, values_only=True)
        *years, _ = next(rows)[5:]
        for basis, _, _, _, _, *values, code in rows:
            variable, _, item = code.partition(".")
            for year, value in zip(years, values, strict=True):
                if value is not None:
                    assert isinstance(value, float | int)
                    found[scenario, bases[basis], variable, item, year] = float(value)
    assert found == wanted


def printing(sheet: object) -> tuple[object, ...]:
    setup = sheet.page_setup  # type: ignore[attr-defined]
    return setup.orientation, setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "sheets", "head", "unit"),
    [
        ("en", ["Summary", "Read me", "2B", "3B", "Assumptions", "Sources"],
         ["Basis", "Line", "Item", "Unit", "Method"], "pesos of December 1996"),
        ("es", ["Resumen", "Léame", "2B", "3B", "Supuestos", "Fuentes"],
         ["Base", "Línea", "Rubro", "Unidad", "Método"], "pesos de diciembre de 1996"),
    ],
)  # fmt: skip
def test_workbook_has_frozen_heads_filters_units_in_words_and_fits_a4(
    run: xr.Dataset, tmp_path: Path, language: str, sheets: list[str], head: list[str], unit: str
) -> None:
    path = export.write(run, tmp_path / "x.xlsx", language=language)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == sheets
    for sheet in book.worksheets:
        assert printing(sheet) == ("landscape", 9, True)
        assert sheet.freeze_panes is not None
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for name in (sheets[0], "2B", "3B", *sheets[4:]):
        assert book[name].auto_filter.ref
    sheet = book["3B"]
    assert sheet.freeze_panes == "F3"
    assert sheet.print_title_rows == "$1:$2"
    assert [cell.value for cell in sheet[2]][:7] == [*head, 1997, 1998]
    rows = [row for row in sheet.iter_rows(min_row=3) if row[5].value is not None]
    formats = {row[3].value: row[5].number_format for row in rows}
    assert formats[unit] == '#,##0.000,,,"e9"'
    assert formats[texts.load(language)["percent"]] == "0.0000"
    # Words, not codes, wherever the catalogue has a word: every column of text but the last.
    assert not any("_" in str(cell.value) for row in rows for cell in row[:5] if cell.value)


def test_summary_has_the_numbers_of_the_run_and_charts_of_its_rows(
    run: xr.Dataset, files: dict[str, Path]
) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    sheet = book["Summary"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(n for n, row in enumerate(rows) if row[0] == "Scenario")
    assert rows[top][3:7] == [1997, 2010, 2020, 2030]
    table = {(row[0], row[2].split(" ")[0]): row for row in rows[top + 1 :] if row[2]}
    assert set(table) == {(code, basis) for code in ("2B", "3B") for basis in ("statutory", "published")}
    for (code, basis), row in table.items():
        total = run.fiscal_cost_total.sel(scenario=code, basis=basis)
        assert row[3:7] == total.sel(year=[1997, 2010, 2020, 2030]).values.tolist()
        assert row[7:9] == [float(total.max()), int(total.year[int(total.argmax())])]
        assert (row[9] == "rising at the end") is bool(total[-1] > total[-2])
        assert row[2].endswith("*") is ("replica" in run.method.sel(scenario=code, basis=basis))
    names = [named for chart in sheet._charts for named in referred(chart)]
    found = []
    for code, place in names:
        (cells,) = book[code][place]
        line = next(cell.value for cell in reversed(book[code][cells[0].row]) if cell.value is not None)
        one = run.sel(scenario=code, basis="statutory")
        name, _, item = str(line).partition(".")
        values = one[name].sel(component=item) if item else one[name]
        assert [cell.value for cell in cells] == values.values.tolist()
        found.append((code, line))
    assert found == [
        ("2B", "fiscal_cost_total"), ("3B", "fiscal_cost_total"),
        *(("3B", f"fiscal_cost.{name}") for name in run.component.values),
    ]  # fmt: skip


def referred(chart: object) -> list[tuple[str, str]]:
    """Sheet and cells of every series of a chart."""
    places = [series.val.numRef.f for series in chart.series]  # type: ignore[attr-defined]
    return [(sheet.strip("'"), cells.replace("$", "")) for sheet, cells in (p.split("!") for p in places)]


def test_equal_runs_give_equal_workbooks(run: xr.Dataset, files: dict[str, Path], tmp_path: Path) -> None:
    again = export.write(run, tmp_path / "again.xlsx")
    assert again.read_bytes() == files["xlsx"].read_bytes()


def test_words_cover_every_variable_and_item() -> None:
    for language in texts.languages():
        text = texts.load(language)
        yearly = {name for name, item in schema.VARIABLES.items() if "year" in item.dims}
        assert set(text["variable"]) == yearly
        for dimension, found in dataset.labels().items():
            for label in found:
                said = words.item(dimension, label, text)
                assert said[0].isupper(), (dimension, label)
        labels = {item.units_label for item in schema.ALL.values() if item.units_label}
        assert labels <= set(text["unit"])


@pytest.mark.slow
def test_every_assumption_of_every_case_stands_in_the_workbook(
    run: xr.Dataset, files: dict[str, Path]
) -> None:
    inputs = export.resolved_inputs(run)
    rows = list(openpyxl.load_workbook(files["xlsx"])["Assumptions"].iter_rows(min_row=2, values_only=True))
    for (basis, scenario), resolved in inputs.items():
        mine = {row[2]: row for row in rows if row[0] == basis and row[1] in ("all", scenario)}
        assert set(mine) == set(resolved.names())
        assert mine["contributions.density"][3] == resolved.number("contributions.density")
        for name, row in mine.items():
            assert row[5] == resolved.item(name).status
            assert row[6] == resolved.item(name).source


def test_stata_file_has_labels_names_and_the_same_numbers(run: xr.Dataset, files: dict[str, Path]) -> None:
    with pd.read_stata(files["dta"], iterator=True) as reader:
        frame, labels = reader.read(), reader.variable_labels()
    assert len(frame) == run.sizes["basis"] * run.sizes["scenario"] * run.sizes["year"]
    assert all(len(name) <= 32 for name in frame.columns)
    assert all(0 < len(label) <= 80 for label in labels.values())
    assert labels["cost_acquired_rights"] == "Cost: acquired rights, percent of GDP"
    assert labels["contributors"] == "contributors, persons"
    one = frame[(frame["basis"] == "published") & (frame["scenario"] == "3B")]
    cost = run.fiscal_cost.sel(basis="published", scenario="3B", component="acquired_rights").values
    assert (one["cost_acquired_rights"].to_numpy() == cost).all()
    assets = one["assets_commission"].to_numpy()
    assert np.isnan(assets).all()


def test_columns_of_the_wide_layout_are_distinct_and_complete(run: xr.Dataset) -> None:
    frame, labels = export.wide(run)
    assert frame.shape[1] == 3 + len(export.lines(run))
    assert set(labels) == set(frame.columns)
    # Names cut at 32 characters stay apart.
    assert frame.columns.is_unique


@pytest.mark.slow
@pytest.mark.slow
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "{=", "http://"])
def test_text_that_looks_like_a_formula_or_link_stays_text(
    run: xr.Dataset, tmp_path: Path, start: str
) -> None:
    said = f'{start}HYPERLINK("x")'
    named = run.assign_attrs(title=f"{said}\x07", notices=said)
    out = export.write(named, tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(out)["Read me"]
    assert (sheet["A1"].data_type, sheet["A1"].value) == ("s", defused(f"{said} "))
    assert sheet["A1"].hyperlink is None
    notices = [cell for row in sheet.iter_rows() for cell in row if cell.value == defused(said)]
    assert [cell.data_type for cell in notices] == ["s"]


@pytest.mark.parametrize("name", export.FORMATS)
def test_an_existing_file_is_kept_without_overwrite(run: xr.Dataset, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"mine.{name}"
    target.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        export.write(run, target)
    assert target.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_unknown_formats_are_refused_with_the_known_ones(run: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="allowed are nc, csv, xlsx, dta, parquet"):
        export.write(run, tmp_path / "out.ods")
    with pytest.raises(OutputError, match=r"must end in \.csv"):
        export.write(run, tmp_path / "out.txt", "csv")


def test_missing_figures_have_no_row(run: xr.Dataset) -> None:
    frame = export.tidy(run)
    assert not frame["value"].map(math.isnan).any()
    assert "commission" not in set(frame.loc[frame["variable"] == "account_assets", "item"])


def test_a_total_with_a_replica_in_it_is_marked(run: xr.Dataset) -> None:
    frame = export.tidy(run)
    total = frame[(frame["variable"] == "fiscal_cost_total") & (frame["year"] == 1997)]
    marks = {(row.basis, row.scenario): row.method for row in total.itertuples()}
    # The guarantee of new workers is a replica in every scenario of the published basis.
    assert marks == {
        ("statutory", "2B"): "structural",
        ("statutory", "3B"): "structural",
        ("published", "2B"): "replica",
        ("published", "3B"): "replica",
    }


SWEEP = """
basis = "statutory"
scenarios = ["3B"]
outputs = ["fiscal_cost", "fiscal_cost_total"]
[design]
kind = "grid"
[[parameter]]
name = "contributions.density"
values = [0.7, 0.8]
[[parameter]]
name = "funds.rcv_return"
values = [0.03, 0.04]
"""


def test_a_sweep_is_exported_with_its_cases_and_what_they_vary(tmp_path: Path) -> None:
    from engine import sweep

    (tmp_path / "sweep.toml").write_text(SWEEP, encoding="utf-8")
    with sweep(None, tmp_path / "sweep.toml", out=tmp_path / "sweep.nc") as opened:
        expected = opened.load()
    again = export.read(tmp_path / "sweep.nc")
    for name in export.FORMATS:
        export.write(again, tmp_path / f"out.{name}")
    assert (tmp_path / "out.nc").read_bytes() == (tmp_path / "sweep.nc").read_bytes()
    csv = pd.read_csv(tmp_path / "out.csv", converters={"value": float}, keep_default_na=False)
    assert {"scenario", "case", "contributions.density", "funds.rcv_return"} <= set(csv.columns)
    assert len(csv) == 4 * 5 * expected.sizes["year"]
    one = csv[(csv["case"] == 2) & (csv["item"] == "acquired_rights")]
    wanted = expected.fiscal_cost.sel(scenario="3B", case=2, component="acquired_rights")
    assert (one["value"].to_numpy() == wanted.values).all()
    assert (one["contributions.density"] == float(wanted["contributions.density"])).all()
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["3B"]
    head = [cell.value for cell in sheet[2]]
    assert head[:3] == [
        "Case",
        "contributions.density (fraction (0 to 1))",
        "funds.rcv_return (fraction a year)",
    ]
    assert head[3:9] == ["Status", "Message", "Line", "Item", "Unit", "Method"]
    assert sheet.max_row == 2 + 4 * 5
    summary = openpyxl.load_workbook(tmp_path / "out.xlsx")["Summary"]
    middle = {row[0]: row[3] for row in summary.iter_rows(min_row=6, values_only=True)}
    for year, value in middle.items():
        assert value == pytest.approx(float(expected.fiscal_cost_total.sel(year=year).median()), rel=1e-12)
    assert len(summary._charts) == 1
    frame = pd.read_stata(tmp_path / "out.dta")
    assert len(frame) == 4 * expected.sizes["year"]
    assert {"case_number", "contributions_density", "funds_rcv_return"} <= set(frame.columns)
