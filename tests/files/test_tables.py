"""Tables: the same content in any dress gives the same numbers; what is no table is told by its cause."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

import assumptions
from assumptions import AssumptionError, Fault, Resolved
from assumptions.files import TextTable, read_table, workbook
from cohorts import members
from cohorts.sexes import convention, sex_of
from engine.balance.actuarial import balance
from engine.balance.valuation import value
from engine.sweeps import reading
from engine.worker import careers

FUND = Path(__file__).parents[2] / "examples" / "closed_fund"
LINES = [line for line in (FUND / "members.csv").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
MW = 26.45 * 365  # Federal District, December 1996


def read(path: Path, gaps: bool = False) -> TextTable:
    faults: list[Fault] = []
    found = read_table(path, faults, gaps=gaps)
    assert found is not None, faults
    return found


def refused(path: Path) -> str:
    faults: list[Fault] = []
    assert read_table(path, faults) is None
    return "\n".join(map(str, faults))


def fund(path: Path, **more: object) -> Resolved:
    sets = {
        "population.open_group": False,
        members.MEMBERS: str(path),
        **{k.replace("__", "."): v for k, v in more.items()},
    }
    return assumptions.load("0B", sets=sets).resolve("statutory")


def rows(separator: str = ",", comma: bool = False) -> str:
    text = "\n".join(LINES).replace(",", separator)
    return (text.replace(".", ",") if comma else text) + "\n"


def workbook_of(path: Path, lines: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def typed(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell


def dressed(folder: Path) -> dict[str, Path]:
    """The members of the example in all the ways a spreadsheet or an editor writes them."""
    plain, semicolons = rows(), rows(";", comma=True)
    header, _, body = plain.partition("\n")
    spaced = header.upper().replace("_", " ")
    texts = {
        "bom": ("\ufeff" + plain).encode(),
        "windows": plain.replace("\n", "\r\n").encode(),
        "old_mac": plain.replace("\n", "\r").encode(),
        "semicolons": semicolons.encode(),
        "excel_spanish": ("\ufeff" + semicolons.replace("\n", "\r\n") + ";;;;\r\n;;;;\r\n").encode(),
        "sep": ("sep=;\r\n" + semicolons).encode(),
        "utf_16": plain.encode("utf-16"),
        "capitals": f"{spaced}\n{body}".encode(),
        "empty_ends": (plain + ",,,,\n\n,,,,\n").encode(),
        "empty_columns": (header + ",,\n" + body.replace("\n", ",,\n")).encode(),
        "quoted": "\n".join(",".join(f'"{x}"' for x in line.split(",")) for line in LINES).encode(),
        "quoted_comment": ('"# made up, by us",,,,\n' + plain).encode(),
        "years_with_zeros": plain.replace(",19", ",X19").replace(",X19", ",19").encode(),
    }
    found = {}
    for name, content in texts.items():
        found[name] = folder / f"{name}.csv"
        found[name].write_bytes(content)
    cells = [[typed(cell) for cell in line.split(",")] for line in LINES]
    found["workbook"] = workbook_of(folder / "members.xlsx", cells)
    found["workbook_with_comment"] = workbook_of(folder / "noted.xlsx", [["# made up"], [], *cells, [], []])
    found["workbook_named_csv"] = workbook_of(folder / "book.xlsx", cells).rename(folder / "book.csv")
    return found


def test_any_dress_gives_the_same_people(tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text(rows(), encoding="utf-8")
    (expected,) = members.totals(fund(plain))
    assert expected.rows == len(LINES) - 1
    for name, path in dressed(tmp_path).items():
        (found,) = members.totals(fund(path))
        for field in (
            "rows",
            "persons",
            "men",
            "women",
            "youngest",
            "oldest",
            "mean_age",
            "amount",
            "mean_mw",
        ):
            assert getattr(found, field) == getattr(expected, field), (name, field)


@pytest.mark.parametrize("name", ["semicolons", "workbook"])
def test_a_balance_is_bit_for_bit_that_of_the_plain_file(tmp_path: Path, name: str) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text(rows(), encoding="utf-8")
    paths = dressed(tmp_path)
    assert balance(value(fund(paths[name]))) == balance(value(fund(plain)))


def test_control_totals_are_those_of_the_file() -> None:
    body = [line.split(",") for line in LINES[1:]]
    number = [float(line[4]) for line in body]
    wages = [float(line[3]) for line in body]
    pack = assumptions.load("0B", sets={members.MEMBERS: str(FUND / "members.csv")}).resolve("statutory")
    (found,) = members.totals(pack)
    assert found.rows == len(body)
    assert found.persons == pytest.approx(sum(number), rel=1e-12)
    bill = sum(n * wage for n, wage in zip(number, wages, strict=True))
    assert found.amount == pytest.approx(bill, rel=1e-12)
    assert found.mean_mw == pytest.approx(bill / sum(number) / MW, rel=1e-12)
    assert found.women == pytest.approx(
        sum(n for n, line in zip(number, body, strict=True) if line[0] == "f")
    )
    births = [int(line[1]) for line in body]
    assert (found.youngest, found.oldest) == (1996 - max(births), 1996 - min(births))


def test_heads_at_floor_and_ceiling_and_their_notices(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    header = "sex,birth_year,service_years,daily_wage,number"
    path.write_text(f"{header}\nf,1960,5,26.45,6\nh,1960,5,661.25,3\nh,1960,5,100,1\n", encoding="utf-8")
    (found,) = members.totals(fund(path))
    assert (found.at_floor, found.at_ceiling) == (6.0, 3.0)  # 661.25 = 25 x 26.45
    assert len(found.notices) == 2
    assert "60.0% of the persons are at the floor" in found.notices[0]
    assert "30.0% of the persons are at the ceiling" in found.notices[1]


@pytest.mark.parametrize(("period", "times"), [("yearly", 1.0), ("monthly", 12.0), ("daily", 365.0)])
def test_wages_and_pensions_by_period(tmp_path: Path, period: str, times: float) -> None:
    (tmp_path / "m.csv").write_text(
        f"sex,birth_year,service_years,{period}_wage\nf,1960,5,12000\nh,1960,5,9700\n".replace(
            "12000", repr(43800.0 / times)
        ).replace("9700", repr(21900.0 / times)),
        encoding="utf-8",
    )
    (tmp_path / "p.csv").write_text(
        f"kind,sex,birth_year,{period}_pension\nretirement,f,1930,{10950.0 / times!r}\n", encoding="utf-8"
    )
    sets = {members.MEMBERS: str(tmp_path / "m.csv"), members.PENSIONERS: str(tmp_path / "p.csv")}
    wages, pensions = members.totals(assumptions.load("0B", sets=sets).resolve("statutory"))
    assert wages.amount == pytest.approx(65700.0, rel=1e-15)
    assert pensions.amount == pytest.approx(10950.0, rel=1e-15)


@pytest.mark.parametrize("wage", ["9654.25", "9654", "9654.3"])
def test_a_minimum_wage_rounded_as_files_round_is_one(tmp_path: Path, wage: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"sex,birth_year,service_years,yearly_wage\nf,1960,5,{wage}\n", encoding="utf-8")
    assert members.totals(fund(path))[0].at_floor == 1.0


def test_low_wages_that_are_meant(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("sex,birth_year,service_years,yearly_wage\nf,1960,5,5000\n", encoding="utf-8")
    with pytest.raises(AssumptionError, match="below the minimum wage"):
        members.totals(fund(path))
    (found,) = members.totals(fund(path, population__accept_low_wages=True))
    assert found.amount == 5000.0
    career = tmp_path / "c.csv"
    career.write_text("age,wage\n20,5000\n", encoding="utf-8")
    pack = assumptions.load("1B").resolve("statutory")
    with pytest.raises(AssumptionError, match="below the minimum wage"):
        careers.read(career, pack)
    assert careers.read(career, pack, accept_low_wages=True)[0].wage.tolist() == [5000.0]
    with pytest.raises(AssumptionError, match="an amount in minimum wages"):
        careers.parse_wage("3", pack)
    with pytest.raises(AssumptionError, match="below the minimum wage"):
        careers.steady(pack, 3.0, 20, 65)
    assert careers.parse_wage("0.5mw", pack, accept_low_wages=True) == pytest.approx(0.5 * MW)


@pytest.mark.parametrize(
    ("cells", "codes", "found"),
    [
        (["f", "m"], "as_found", [1, 0]),
        (["F", "M"], "as_found", [1, 0]),
        (["h", "m"], "as_found", [0, 1]),
        (["H", "M", "M"], "as_found", [0, 1, 1]),
        (["Hombre", "Mujer"], "as_found", [0, 1]),
        (["male", "female", "man", "women"], "as_found", [0, 1, 0, 1]),
        (["h", "h"], "as_found", [0, 0]),
        (["f"], "as_found", [1]),
        (["m"], "as_found", [None]),
        (["m", "mujer"], "as_found", [None, 1]),
        (["f", "h", "m"], "as_found", [1, 0, None]),
        (["m"], "fm", [0]),
        (["m"], "hm", [1]),
        (["m", "h"], "fm", [0, None]),
        (["m", "f"], "hm", [1, None]),
        (["x", "", "1"], "as_found", [None, None, None]),
    ],
)
def test_sexes(cells: list[str], codes: str, found: list[int | None]) -> None:
    meant = convention(cells, codes)
    assert [sex_of(cell, meant) for cell in cells] == found


def test_women_coded_m_are_women(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("sex,birth_year,service_years,yearly_wage\nM,1960,5,20000\n", encoding="utf-8")
    (found,) = members.totals(fund(path, population__sex_codes="hm"))
    assert (found.men, found.women) == (0.0, 1.0)
    (found,) = members.totals(fund(path, population__sex_codes="fm"))
    assert (found.men, found.women) == (1.0, 0.0)


def test_empty_rows_at_the_end_of_a_sweep_are_no_cases(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(
        "economy.gdp_growth,contributions.density\n0.03,0.8\n,\n0.04,0.7\n,\n,\n\n", encoding="utf-8"
    )
    raw = {
        "scenarios": ["3B"],
        "design": {"kind": "table", "file": "cases.csv"},
        "parameter": [{"name": "economy.gdp_growth"}, {"name": "contributions.density"}],
    }
    assert len(reading.check(raw, folder=tmp_path).spec.rows) == 3, "the empty one between others is the base"


def test_a_changed_file_of_the_same_size_and_time_is_read_anew(tmp_path: Path) -> None:
    import os

    path = tmp_path / "t.csv"
    path.write_text("year,value\n1997,0.03\n", encoding="utf-8")
    stamp = path.stat().st_mtime_ns
    assert read(path).rows == (("1997", "0.03"),)
    path.write_text("year,value\n1997,0.04\n", encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))
    assert read(path).rows == (("1997", "0.04"),)


def test_semicolons_with_points_where_they_cannot_group_digits(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("year;value\n1997;0.035\n1998;12.250\n", encoding="utf-8")
    assert read(path).column("value") == ("0.035", "12.250")
    path.write_text("year;value\n1997;1.250\n1998;12.250\n", encoding="utf-8")
    assert "is ambiguous" in refused(path)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("año,value\n".encode("cp1252"), "is not UTF-8 text (byte 2); save it as UTF-8 (Excel: 'CSV UTF-8'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook of the old kind (.xls)"),
        (b"\x89HDF\r\n\x1a\n", "is a netCDF or HDF file"),
        ("year,value\n".encode("utf-16-le"), "holds NUL bytes"),
        (b"\xff\xfe\x00", "is not UTF-16 text"),
        (b"", "has no rows"),
        (b"# only a comment\n", "has no rows"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert cause in refused(path)


def test_workbooks_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing of a zip archive")
    assert "is no workbook that can be read" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no workbook of Excel" in refused(path)


def test_errors_formulas_and_sheets_of_a_workbook(tmp_path: Path) -> None:
    path = workbook_of(tmp_path / "t.xlsx", [["year", "value"], [1997, "#REF!"]])
    assert "line 2, column value: '#REF!' is an error of the spreadsheet" in refused(path)
    workbook_of(path, [["year", "value"], [1997, "=1/50"]])
    assert "cell B2: is a formula whose result is not stored" in refused(path)
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("second")):
        sheet.append(["year", "value"])
        sheet.append([1997, 0.03])
    book.save(path)
    assert "has 2 sheets with content (Sheet, second)" in refused(path)


def test_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    """What the eye sees twice stands there once: a merged cell of a sweep's table would leave its second case unchanged."""
    path = tmp_path / "t.xlsx"
    book = openpyxl.Workbook()
    for line in (["year", "value"], [1997, 0.03], [1998, 0.04]):
        book.active.append(line)
    book.active.merge_cells("B2:B3")
    book.save(path)
    assert "cells B2:B3: are merged, and only the first of them holds a value" in refused(path)


@pytest.mark.parametrize("part", ["rows 3", "columns 2", "sheet Sheet"])
def test_what_a_workbook_hides_is_not_read_without_a_word(tmp_path: Path, part: str) -> None:
    """A filter hides the rows that it leaves out; hidden rows below the content and columns beside it do no harm."""
    path = tmp_path / "t.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["year", "value"], [1997, 0.03], [1998, 0.04]):
        sheet.append(line)
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["F"].hidden = True
    book.save(path)
    assert read(path).column("value") == ("0.03", "0.04")
    if part == "sheet Sheet":
        book.create_sheet("front")
        book.active = 1
        sheet.sheet_state = "hidden"
    elif part == "rows 3":
        sheet.row_dimensions[3].hidden = True
    else:
        sheet.column_dimensions["B"].hidden = True
    book.save(path)
    assert re.search(rf"{part}: (is|are) hidden", refused(path))


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_empty_row_of_one_column_is_a_case(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    cells: list[list[object]] = [["economy.gdp_growth"], [0.03], [None], [0.04], [None]]
    if suffix == "xlsx":
        workbook_of(path, cells)
    else:
        path.write_text("".join(f"{'' if cell is None else cell}\n" for (cell,) in cells), encoding="utf-8")
    assert read(path, gaps=True).column("economy.gdp_growth") == ("0.03", "", "0.04")
    assert "line 3: is empty, but others follow" in refused(path)


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_CONTENT", 1000)
    path = workbook_of(tmp_path / "t.xlsx", [["year", "value"], [1997, 0.03]])
    assert "unpacks to more than" in refused(path)


def test_a_workbook_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    path = workbook_of(tmp_path / "t.xlsx", [["year", "value"], [1997, 0.03]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "the package openpyxl is needed" in refused(path)


def test_numbers_of_a_workbook_lose_nothing(tmp_path: Path) -> None:
    numbers = [0.3, 0.333333333333333, 1e-17, 123456789012345.0, 42900.0, -0.5]
    path = workbook_of(
        tmp_path / "t.xlsx", [["year", "value"], *([1997 + i, x] for i, x in enumerate(numbers))]
    )
    assert [float(cell) for cell in read(path).column("value")] == numbers
    assert read(path).column("year")[0] == "1997"


def test_twenty_faults_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    stream = io.StringIO()
    stream.write("sex,birth_year,service_years,yearly_wage\n")
    stream.writelines("f,1960,50,20000\n" for _ in range(20_000))
    path.write_text(stream.getvalue(), encoding="utf-8")
    with pytest.raises(AssumptionError) as many:
        members.totals(fund(path))
    assert len(many.value.faults) == 20_000
    lines = str(many.value).splitlines()
    assert len(lines) == 21
    assert "line 2, column service_years" in lines[0]
    assert lines[-1] == "... and 19,980 more"
