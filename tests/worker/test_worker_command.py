"""`annexv worker`: what is printed and written, and how bad input ends."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import assumptions
from assumptions import AssumptionError
from cohorts.axes import PENSION_TYPES
from engine.cli import main


class Outcome(NamedTuple):
    """Exit status and what was printed."""

    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def annexv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANNEXV_TRACEBACK", raising=False)

    def run(*args: str | Path) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["worker", *(str(arg) for arg in args)])
        printed = capfd.readouterr()
        code = left.value.code
        return Outcome(0 if code is None else int(code), printed.out, printed.err)

    return run


TRANSITION = ("--wage", "2.6mw", "--from-age", "20", "--born", "1955", "--retire-at", "60")


def test_both_laws_and_the_choice(annexv: Command) -> None:
    done = annexv(*TRANSITION)
    assert done.status == 0
    for said in ("old-law pension", "new-law pension", "account: INFONAVIT", "Worth more: the old law"):
        assert said in done.out
    assert "man born 1955, retirement at 60 in 2016. Scenario 3B (INFONAVIT does not pay" in done.out
    assert done.out.startswith("The old law, worth more, pays")


def test_one_law_alone(annexv: Command) -> None:
    old, new = annexv(*TRANSITION, "--law", "old"), annexv(*TRANSITION, "--law", "new")
    assert "new-law pension" not in old.out
    assert "old-law pension" not in new.out
    assert "Worth more" not in old.out + new.out


def test_explained_step_by_step(annexv: Command) -> None:
    done = annexv(*TRANSITION, "--explain")
    for said in ("LSS 1973, Art. 167", "LSS 1973, Art. 169", "LSS 1995, Arts. 170-173", "severance factor"):
        assert said in done.out


def test_steps_are_said_in_spanish(annexv: Command) -> None:
    for award in PENSION_TYPES:
        done = annexv(*TRANSITION, "--award", award, "--explain", "--lang", "es")
        assert done.status == 0
        for said in (
            "Paso a paso",
            "cuenta: cesantía y vejez",
            "renta vitalicia",
            "a cargo del Estado",
            "pesos al año",
        ):
            assert said in done.out
        for english in ("wage", "years", "weeks", "the ", "account", " of "):
            assert english not in done.out.partition("Paso a paso")[2], (award, english)


def test_json_holds_every_figure(annexv: Command) -> None:
    (worker,) = json.loads(annexv(*TRANSITION, "--json", "--explain").out)
    figures = worker["figures"]
    assert worker["award_year"] == 2016
    density = assumptions.load("3B").resolve("statutory").number("contributions.density")
    assert figures["weeks"] == int(40 * density * 52)
    assert figures["takes_old"] is True
    assert figures["account"] == pytest.approx(
        sum(figures[name] for name in ("retirement", "ceav", "social_quota", "infonavit"))
    )
    assert {step["part"] for step in worker["steps"]} == {"career", "old", "new", "choice", "state"}


def test_path_year_by_year(annexv: Command) -> None:
    assert annexv(*TRANSITION, "--out", "path.csv").status == 0
    rows = list(csv.DictReader(io.StringIO(Path("path.csv").read_text(encoding="utf-8"))))
    assert (rows[0]["year"], rows[0]["age"]) == ("1976", "20")
    assert any(float(row["expected_old_state"] or 0.0) > 0.0 for row in rows)
    again = annexv(*TRANSITION, "--out", "path.csv")
    assert again.status == 2
    assert "--force" in again.err
    assert annexv(*TRANSITION, "--out", "path.csv", "--force").status == 0


def test_assumptions_can_be_changed(annexv: Command) -> None:
    def account(*more: str) -> float:
        (worker,) = json.loads(annexv(*TRANSITION, "--json", *more).out)
        return float(worker["figures"]["account"])

    assert account("--set", "funds.rcv_return=0.05") > account()
    assert account("--scenario", "2B") < account()


def test_values_that_only_a_single_worker_reads(annexv: Command) -> None:
    """Documentary for the projection, which refuses them; the calculations that use them take them."""

    def entitled(*more: str) -> bool:
        found = annexv(
            "--wage", "1mw", "--from-age", "20", "--retire-at", "61", "--json", "--participation", "1", *more
        )  # fmt: skip
        return bool(json.loads(found.out)[0]["figures"]["entitled"])

    assert entitled()
    assert not entitled("--set", "guarantee.minimum_age=62")
    for name in ("law_1973.allowance_parent", "law_1973.allowance_only_parent"):
        assert annexv(*TRANSITION, "--set", f"{name}=0.2").status == 0
    with pytest.raises(AssumptionError, match=r"worker\.computed = true"):
        assumptions.load("3B", sets={"law_1973.allowance_parent": 0.2}).resolve("statutory")
    # The law asks for the age whoever reads it.
    assumptions.load("3B", sets={"guarantee.minimum_age": 62}).resolve("statutory")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give the career by --career FILE.csv, or by --wage"),
        (("--wage", "2.6mw"), "--wage needs --from-age"),
        (("--wage", "-1mw", "--from-age", "20"), "a number above 0 is expected"),
        (("--wage", "1mw", "--from-age", "70"), "--from-age 70: allowed is an age from 0 to 64"),
        (
            ("--wage", "1mw", "--from-age", "20", "--participation", "2"),
            "--participation 2: allowed is a share",
        ),
        (("--wage", "1mw", "--from-age", "20", "--growth", "nan"), "--growth nan: allowed is a yearly rate"),
        (("--wage", "1mw", "--from-age", "20", "--sex", "x"), "--sex x: allowed is m or f"),
        (("--wage", "1mw", "--from-age", "20", "--children", "nan"), "--children nan: allowed is a number"),
        (
            ("--wage", "1mw", "--from-age", "20", "--retire-at", "200"),
            "--retire-at 200: allowed is a whole age",
        ),
        (("--wage", "1mw", "--from-age", "20", "--born", "1900"), "the pension would begin before 1997"),
        (("--wage", "1mw", "--from-age", "20", "--law", "other"), "--law 'other' is not known"),
        (("--wage", "1mw", "--from-age", "20", "--scenario", "9Z"), "--scenario 9Z: not known"),
        (("--wage", "1mw", "--from-age", "20", "--out", "no/x.csv"), "no such folder"),
        (("--career", "missing.csv"), "missing.csv: no such file"),
        (("--career", "missing.csv", "--growth", "0"), "--growth: belongs to --wage"),
        (("reproduce", "parker-wong", "--mode", "as_sung"), "--mode 'as_sung' is not known"),
        (("reproduce", "infonavit-history", "--out", "x.txt"), "the name must end in .csv"),
    ],
)
def test_bad_input_is_one_message(annexv: Command, arguments: tuple[str, ...], message: str) -> None:
    done = annexv(*arguments)
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert not list(Path().iterdir())


def test_bad_career_names_file_line_and_column(annexv: Command) -> None:
    Path("c.csv").write_text("age,wage,participation\n20,-1,0.5\n22,5,7\n", encoding="utf-8")
    done = annexv("--career", "c.csv")
    assert done.status == 2
    assert "c.csv: line 2, column wage: '-1' is not allowed" in done.err
    assert "c.csv: line 3, column participation: '7' is not allowed" in done.err


@pytest.mark.slow
def test_parker_wong_tables(annexv: Command) -> None:
    done = annexv("reproduce", "parker-wong", "--out", "pw")
    assert done.status == 0
    names = {path.name for path in Path("pw").iterdir()}
    wanted = {f"table{k}.csv" for k in ("5", "6", "7", "8", "9a", "9b", "10", "11")} | {"accumulation_b1.csv"}
    assert wanted <= names
    assert annexv("reproduce", "parker-wong", "--out", "pw").status == 2
    assert annexv("reproduce", "parker-wong", "--mode", "as_stated", "--out", "pw", "--force").status == 0


def test_infonavit_history(annexv: Command) -> None:
    done = annexv("reproduce", "infonavit-history", "--out", "history.csv")
    assert done.status == 0
    rows = list(csv.DictReader(io.StringIO(Path("history.csv").read_text(encoding="utf-8"))))
    assert (rows[0]["year"], rows[-1]["year"]) == ("1972", "1992")
    content = json.loads(annexv("reproduce", "infonavit-history", "--json").out)
    assert all(row["ok"] for row in content["comparison"])


def test_the_sentence_says_what_the_figures_say(annexv: Command) -> None:
    figures = json.loads(annexv(*TRANSITION, "--json").out)[0]["figures"]
    said = " ".join(annexv(*TRANSITION).out.split("\nworker:")[0].split())
    month = figures["old_pension"] / 12.0
    assert f"pays {month:,.0f} pesos of December 1996 a month" in said
    assert f"{100.0 * figures['old_pension'] / figures['last_wage']:.0f}% of the last wage" in said
    assert f"{figures['state_old']:,.0f} pesos in present value" in said


@pytest.mark.parametrize(
    "options", [TRANSITION, (*TRANSITION, "--law", "new"), ("--wage", "1mw", "--from-age", "40")]
)
def test_spanish_says_the_same_numbers(annexv: Command, options: tuple[str, ...]) -> None:
    found = []
    for lang in ("en", "es"):
        done = annexv(*options, "--lang", lang)
        assert done.status == 0
        found.append(re.findall(r"\d[\d.,]*", done.out))
    assert found[0] == found[1]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_figure_is_drawn(annexv: Command, tmp_path: Path, ending: str) -> None:
    done = annexv(*TRANSITION, "--figure", f"worker.{ending}")
    assert done.status == 0
    assert (tmp_path / f"worker.{ending}").stat().st_size > 10_000
    assert annexv(*TRANSITION, "--figure", f"worker.{ending}").status == 2
    assert [path.name for path in tmp_path.iterdir()] == [f"worker.{ending}"]


@pytest.mark.parametrize("gap", ["10-25", "30-30", "45-25", "25", "60-70", "a-b"])
def test_a_gap_outside_the_career_is_refused(annexv: Command, gap: str) -> None:
    done = annexv("--wage", "3mw", "--from-age", "20", "--gap", gap)
    assert done.status == 2
    assert f"--gap {gap}: allowed are two rising ages from 20 to 65" in done.err


def test_a_gap_costs_its_weeks(annexv: Command) -> None:
    whole, gap = (
        json.loads(annexv("--wage", "3mw", "--from-age", "20", *options, "--json").out)[0]["figures"]["weeks"]
        for options in ((), ("--gap", "25-45"))
    )
    assert gap / whole == pytest.approx(25.0 / 45.0, abs=1.0 / whole)  # weeks are whole
