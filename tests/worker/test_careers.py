"""Careers from files: what is read, and what is refused with file, line and column."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import Resolved
from engine.worker import careers
from engine.worker.careers import CareerError

MW = 26.45 * 365


@cache
def pack() -> Resolved:
    return assumptions.load("1B").resolve("statutory")


def written(folder: Path, text: str) -> Path:
    path = folder / "career.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_minimum_wages_and_default_density(tmp_path: Path) -> None:
    (career,) = careers.read(written(tmp_path, "age,wage_mw\n20,1\n21,2\n"), pack())
    np.testing.assert_allclose(career.wage, [MW, 2 * MW])
    np.testing.assert_array_equal(career.participation, [pack().number("contributions.density")] * 2)
    assert (career.first_age, career.award_age, career.born) == (20, 22, 1976)


def test_earnings_of_the_year_give_the_wage_of_a_full_year(tmp_path: Path) -> None:
    (career,) = careers.read(
        written(tmp_path, "age,earnings,participation\n20,5000,0.5\n21,0,0\n22,12000,1\n"), pack()
    )
    np.testing.assert_allclose(career.wage, [10000.0, 0.0, 12000.0])


def test_several_workers_comments_windows_lines_and_byte_order_mark(tmp_path: Path) -> None:
    text = (
        "\ufeff# two workers\r\nworker, age, wage, sex, born, retire_at, award, spouse, children, parents, severe\r\n"
        "Ana,30,20000,f,1960,60,retirement,none,0,1,no\r\nAna,31,21000,f,1960,60,retirement,none,0,1,no\r\n"
        "Luis,20,30000,m,1970,22,disability,entitled,2,0,yes\r\nLuis,21,30000,m,1970,22,disability,entitled,2,0,yes\r\n"
    )
    ana, luis = careers.read(written(tmp_path, text), pack())
    assert (ana.name, ana.sex, ana.born, ana.award_age, ana.parents) == ("Ana", "f", 1960, 60, 1)
    assert (luis.award, luis.spouse, luis.children, luis.severe) == ("disability", "entitled", 2.0, True)


def test_options_fill_what_the_file_lacks(tmp_path: Path) -> None:
    (career,) = careers.read(written(tmp_path, "age,wage\n40,20000\n"), pack(), {"sex": "f", "born": 1950})
    assert (career.sex, career.born) == ("f", 1950)


def test_a_steady_career_moves_with_real_wages() -> None:
    """2% a year on both sides of 1997."""
    career = careers.steady(pack(), 2.6 * MW, 20, 65, born=1955)
    year = 1955 + 1 + 20 + np.arange(career.wage.size)
    np.testing.assert_allclose(career.wage, 2.6 * MW * 1.02 ** (year - 1997), rtol=1e-12)
    flat = careers.steady(pack(), 2.6 * MW, 20, 65, growth=0.0)
    np.testing.assert_allclose(flat.wage, 2.6 * MW, rtol=1e-12)


@pytest.mark.parametrize(("text", "wage"), [("2.6mw", 2.6 * MW), (" 2.6 MW", 2.6 * MW), ("25000", 25000.0)])
def test_wages_as_typed(text: str, wage: float) -> None:
    assert careers.parse_wage(text, pack()) == pytest.approx(wage, rel=1e-12)


@pytest.mark.parametrize("text", ["", "mw", "-2mw", "0", "2,6mw", "nan", "inf", "1e400", "2.6usd"])
def test_wages_that_are_none(text: str) -> None:
    with pytest.raises(CareerError, match="a number above 0 is expected"):
        careers.parse_wage(text, pack())


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("age,wage\n20,-5\n", "line 2, column wage", "'-5' is not allowed; allowed is 0 or more"),
        ("age,wage\n20,nan\n", "line 2, column wage", "'nan' is not allowed"),
        ("age,wage\n20,inf\n", "line 2, column wage", "'inf' is not allowed"),
        ('age,wage\n20,"1,234"\n', "line 2, column wage", "'1,234' is not allowed"),
        ("age,wage\n20,\n", "line 2, column wage", "is empty"),
        (
            "age,wage,participation\n20,5,0.5\n21,5,1.2\n",
            "line 3, column participation",
            "'1.2' is not allowed; allowed is a share of the year, 0 to 1",
        ),
        (
            "age,wage\n20,5\n22,5\n",
            "line 3, column age",
            "22 where 21 is expected: a year without work has a line",
        ),
        ("age,wage\n21,5\n20,5\n", "line 3, column age", "20 comes after 21: ages must rise"),
        ("age,wage\n20,5\n20,5\n", "line 3, column age", "20 is there twice"),
        ("age,wage\n20.5,5\n", "line 2, column age", "'20.5' is not allowed; allowed is a whole number"),
        ("age,wage\n130,5\n", "line 2, column age", "'130' is not allowed"),
        ("age,wages\n20,5\n", "line 1, column wages", "unknown; allowed are age"),
        ("age,wages\n20,5\n", "line 1, column wages", "did you mean wage"),
        ("age,wage,wage\n20,5,5\n", "line 1", "column 'wage' is given twice"),
        ("wage\n5\n", "line 1, column age", "is missing"),
        ("age\n20\n", "line 1", "exactly one of wage, wage_mw, earnings is needed; none is there"),
        ("age,wage,wage_mw\n20,5,1\n", "line 1", "wage and wage_mw are there"),
        ("age,earnings\n20,5\n", "line 1, column participation", "is missing: earnings of the year need it"),
        ("age,wage\n20,5,7\n", "line 2", "3 cells where the header has 2"),
        ("age,wage\n", "", "has no rows below the header"),
        ("", "", "has no rows"),
        ("age,wage\n20,0\n", "line 2, column wage", "0 in a year that is worked"),
        ("age,earnings,participation\n20,5,0\n", "line 2, column participation", "0 in a year with earnings"),
        ("age,wage,sex\n20,5,w\n", "line 2, column sex", "'w' is not known; allowed are m or f"),
        ("age,wage,sex\n20,5,m\n21,5,f\n", "line 3, column sex", "'f', but 'm' in line 2"),
        ("age,wage,born\n20,5,19\n", "line 2, column born", "'19' is not allowed; allowed is a year"),
        ("age,wage,retire_at\n20,5,20\n", "line 2, column age", "20 is not before 20, the age at which"),
        ("age,wage,worker\n20,5,a\n20,5,b\n21,5,a\n", "line 4, column worker", "'a' began further up"),
        ("age,wage,parents\n20,5,3\n", "line 2, column parents", "'3' is not allowed; allowed is 0, 1 or 2"),
    ],
)
def test_bad_careers(tmp_path: Path, text: str, place: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CareerError) as error:
        careers.read(path, pack())
    lines = str(error.value).splitlines()
    assert any(line.startswith(f"{path}: {place}") and message in line for line in lines), lines


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "age,wage,participation\n20,-5,2\n22,x,0.5\n")
    with pytest.raises(CareerError) as error:
        careers.read(path, pack())
    assert len(str(error.value).splitlines()) == 3


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "career.csv"
    path.write_bytes("age,wage\n20,5 # a\u00f1o\n".encode("latin-1"))
    with pytest.raises(CareerError, match="is not UTF-8 text"):
        careers.read(path, pack())


def test_a_column_that_an_option_gives_too(tmp_path: Path) -> None:
    with pytest.raises(CareerError, match="line 1, column sex: is given by an option too"):
        careers.read(written(tmp_path, "age,wage,sex\n20,5,m\n"), pack(), {"sex": "f"})


def test_a_file_may_give_growth_and_minimum_wages(tmp_path: Path) -> None:
    file = tmp_path / "career.csv"
    file.write_text("age,wage,growth\n30,3mw,\n31,,0.02\n32,,-0.01\n33,40000,\n", encoding="utf-8")
    (found,) = careers.read(file, pack())
    start = 3.0 * MW
    assert found.wage == pytest.approx([start, 1.02 * start, 0.99 * 1.02 * start, 40000.0])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "age,wage,growth\n30,,0.02\n",
            "line 2, column growth: the first line of a worker needs the wage itself",
        ),
        ("age,wage,growth\n30,3mw,0.02\n", "line 2, column growth: give either the wage"),
        ("age,wage,growth\n30,3mw,\n31,,\n", "line 3, column growth: give either the wage"),
        ("age,wage,growth\n30,3mw,\n31,,2\n", "line 3, column growth: '2' is not allowed"),
        ("age,wage\n30,mw\n", "line 2, column wage: is empty"),
        ("age,earnings,participation,growth\n30,5,1,\n", "column growth: goes with wage or wage_mw"),
    ],
)
def test_growth_that_cannot_be_read_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "career.csv"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(CareerError, match=re.escape(said)):
        careers.read(file, pack())


def test_nothing_is_worked_in_a_gap() -> None:
    whole = careers.steady(pack(), 50000.0, 20, 65)
    found = careers.steady(pack(), 50000.0, 20, 65, gaps=[(25, 45), (60, 61)])
    idle = [age for age, share in zip(range(20, 66), found.participation, strict=True) if share == 0.0]
    assert idle == [*range(25, 45), 60]
    assert (found.wage == whole.wage).all()


@pytest.mark.parametrize("born", [1940, 1955, 1975])
def test_one_birth_year_is_one_age(born: int) -> None:
    """A member of a file is as old at the opening of the first year as a single worker of the same year of birth."""
    age = int(pack().number("reform.state_year")) - born
    first_year = int(pack().number("reform.first_year"))
    assert careers.year_of_age(pack(), born, age) == first_year
    before = pack().with_values({"basis.birth_year": "age_zero"})
    assert careers.year_of_age(before, born, age) == first_year - 1
