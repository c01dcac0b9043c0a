"""The importer of IMSS's open microdata, on small files that are made up."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import imss_asg

MADE_UP = Path(__file__).parent / "asg_made_up.csv"
HEAD = ",".join(imss_asg.COLUMNS)


def _file(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "asg.csv"
    path.write_bytes("\n".join([head, *rows, ""]).encode(encoding))
    return path


def test_rows_are_summed_by_sex_age_and_wage() -> None:
    found = imss_asg.read(MADE_UP)
    # By hand: 10 + 100 + 30 + 4 with a wage, and 9 + 7 without.
    assert found.totals() == (160.0, 144.0, 2000.0 + 62000.5 + 18600.0 + 1640.0)
    assert found.cells["m", "E5", "W3"] == [100.0, 100.0, 62000.5]
    assert found.cells["f", "E6", imss_asg.NO_WAGE] == [7.0, 0.0, 0.0]
    rows = list(csv.DictReader(io.StringIO(imss_asg.table(found).split("\n", 1)[1])))
    assert sum(float(row["insured"]) for row in rows) == 160.0
    one = next(row for row in rows if row["sex"] == "f" and row["age_from"] == "75")
    assert (one["age_to"], one["above_mw"], one["up_to_mw"], one["mean_daily_wage"]) == (
        "",
        "1",
        "2",
        "410.0000",
    )


def test_ranges_are_marked_to_be_checked() -> None:
    codes = imss_asg.codes()
    assert codes.ages["E2"] == (15, 19)
    assert codes.ages["E13"] == (70, 74)
    assert codes.ages["E14"] == (75, None)
    assert codes.wages["W1"] == (0.0, 1.0)
    assert codes.wages["W25"] == (24.0, 25.0)
    for path in imss_asg.FOLDER.glob("*.csv"):
        assert "to be checked" in path.read_text(encoding="utf-8")


def test_commas_latin_letters_and_other_columns(tmp_path: Path) -> None:
    head = "Municipio,SEXO,rango_edad,rango_salarial,ta,ta_sal,masa_sal_ta"
    path = _file(tmp_path, "León,1,e3,w2,2,2,500.5", head=head, encoding="latin-1")
    assert imss_asg.read(path).cells == {("m", "E3", "W2"): [2.0, 2.0, 500.5]}


def test_many_rows_keep_little(tmp_path: Path) -> None:
    path = _file(tmp_path, *["1,E4,W2,1,1,300.25"] * 50_000)
    found = imss_asg.read(path)
    assert found.rows == 50_000
    assert len(found.cells) == 1
    assert found.totals() == (50_000.0, 50_000.0, 50_000 * 300.25)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3,E2,W1,1,1,2", "line 2, sexo: '3' is not a code of it; allowed are 1 to 2"),
        ("1,E22,W1,1,1,2", "line 2, rango_edad: 'E22' is not a code of it; allowed are E1 to E14"),
        ("1,E2,W26,1,1,2", "line 2, rango_salarial: 'W26' is not a code of it; allowed are W1 to W25"),
        ("1,E2,W1,-1,1,2", "line 2, ta: '-1' is not a whole number of at least 0"),
        ("1,E2,W1,1.5,1,2", "line 2, ta: '1.5' is not a whole number of at least 0"),
        ("1,E2,W1,1,1,x", "line 2, masa_sal_ta: 'x' is not a number of at least 0"),
        ("1,E2,W1,1,2,2", "line 2, ta_sal: 2 with a wage are more than the 1 insured of ta"),
        ("1,E2,W1,1,0,2", "line 2, masa_sal_ta: 2 pesos a day are paid to nobody of ta_sal"),
        ("1,E2,W1,1,1", "line 2: has 5 columns; the header has 6"),
    ],
)
def test_a_bad_row_is_refused_in_words(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(assumptions.AssumptionError) as caught:
        imss_asg.read(_file(tmp_path, row))
    assert said in str(caught.value)


def test_bad_files_are_refused_in_words(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.csv", "no such file"),
        (_file(tmp_path, head="sexo,ta"), "lacks the columns rango_edad"),
    ):
        with pytest.raises(assumptions.AssumptionError, match=said):
            imss_asg.read(path)
    with pytest.raises(assumptions.AssumptionError, match="holds no rows"):
        imss_asg.read(_file(tmp_path))
    packed = tmp_path / "asg.zip"
    packed.write_bytes(b"PK\x03\x04\0\0")
    with pytest.raises(assumptions.AssumptionError, match="is no text"):
        imss_asg.read(packed)
    # The first twenty, and that there are more.
    with pytest.raises(assumptions.AssumptionError) as caught:
        imss_asg.read(_file(tmp_path, *["9,E2,W1,1,1,2"] * 100))
    assert [fault.path for fault in caught.value.faults[:2]] == ["line 2, sexo", "line 3, sexo"]
    assert len(caught.value.faults) == 21
    assert "has more faults" in caught.value.faults[-1].message


def test_shares_of_age_make_a_population(tmp_path: Path) -> None:
    shares = tmp_path / "shares.csv"
    shares.write_text(imss_asg.age_shares(imss_asg.read(MADE_UP), 15, 70), encoding="utf-8")
    overlay = tmp_path / "own.toml"
    overlay.write_text(
        '[overlay]\ntitle = "Ages of a file"\n[population.active_age_shares]\ncsv = "shares.csv"\n',
        encoding="utf-8",
    )
    found = assumptions.load("3B", overlay).resolve("statutory").table("population.active_age_shares").values
    # 144 with a wage: 110 men, 34 women; 30 women of 30 to 34; those of 75 and over go to 70.
    assert found.sum() == pytest.approx(1.0, abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.array([110.0, 34.0]) / 144.0, abs=1e-6)
    assert found[1, 15:20] == pytest.approx(np.full(5, 6.0 / 144.0), abs=1e-7)
    assert found[1, -1] == pytest.approx(4.0 / 144.0, abs=1e-7)


def test_wages_that_contradict_their_code_are_told(tmp_path: Path) -> None:
    found = imss_asg.read(_file(tmp_path, "1,E4,W2,1,1,300", "1,E4,W3,1,1,900"))
    said = imss_asg.contradictions(found, 200.0)
    assert said == ["W3: the mean wage is 4.50 minimum wages, its range is above 2 up to 3"]
