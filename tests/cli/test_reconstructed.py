"""The reconstructed basis at the command line."""

from __future__ import annotations

import json
from pathlib import Path

from engine.calibrate import reconstruction as fits


def test_the_command(annexv, tmp_path: Path) -> None:
    done = annexv("calibrate", "--basis", "reconstructed", "--json", "--out", "fit.toml")
    assert done.status == 0
    told = json.loads(done.out)["fits"]
    assert told[0]["key"] == "plan"
    assert len(told) == 1 + len(fits.read().alternative)
    assert (
        annexv("validate", "--basis", "reconstructed", "--scenario", "3B", "--overlay", "fit.toml").status
        == 0
    )
    refused = annexv("calibrate", "--basis", "reconstructed", "--seed", "3")
    assert refused.status == 2
    assert "--seed: has no effect with --basis reconstructed" in refused.err


def test_validate_enforces_the_table_of_accuracy(annexv) -> None:
    assert annexv("validate", "--basis", "reconstructed").status == 0
    worse = annexv("validate", "--basis", "reconstructed", "--set", "reconstruction.termination=0.06")
    assert worse.status == 1
    assert "BROKEN" in worse.out


def test_all_is_every_basis_and_both_are_the_first_two(annexv) -> None:
    for given, wanted in (
        ("both", ["statutory", "published"]),
        ("all", ["statutory", "published", "reconstructed"]),
    ):
        done = annexv("run", "--basis", given, "--scenario", "1B", "--json", "--out", f"{given}.nc")
        assert [one["basis"] for one in json.loads(done.out)["results"]] == wanted


def test_an_explanation_leads_from_awards_to_the_number(annexv) -> None:
    annexv("run", "--basis", "reconstructed", "--scenario", "2B", "--out", "run.nc")
    done = annexv("explain", "run.nc", "-c", "acquired_rights", "-y", "2020", "--json")
    told = json.loads(done.out)
    assert told["method"] == "reconstructed"
    assert [step["label"] for step in told["steps"]][1:5] == [
        "Of them pensions of the transition",
        "At the minimum wage of the year",
        "Less what their accounts pay",
        "What INFONAVIT leaves to the State",
    ]
    assert all(level["relative_difference"] <= 1e-9 for level in told["levels"])
    refused = annexv("explain", "run.nc", "-c", "acquired_rights", "-y", "2020", "--cohort", "1940")
    assert refused.status == 2
    assert "no birth years" in refused.err


def test_a_sweep_varies_the_mechanism(annexv, tmp_path: Path) -> None:
    """The share of INFONAVIT falls with its return; scenario 1 costs more where INFONAVIT earns less."""
    (tmp_path / "s.toml").write_text(
        'basis = "reconstructed"\nscenarios = ["1B"]\noutputs = ["fiscal_cost"]\n[design]\nkind = "grid"\n'
        '[[parameter]]\nname = "reconstruction.infonavit_return"\nvalues = [0.0, 0.015, 0.035]\n',
        encoding="utf-8",
    )
    assert annexv("sweep", "s.toml", "--out", "s.nc").status == 0
    import xarray as xr

    with xr.open_dataset(tmp_path / "s.nc") as found:
        rights = found.fiscal_cost.sel(component="acquired_rights", year=2020).values.ravel()
    assert rights[0] > rights[1] > rights[2]


def test_the_third_basis_goes_into_pages_and_tables(annexv, tmp_path: Path) -> None:
    run = tmp_path / "all.nc"
    assert annexv("run", "--basis", "all", "--scenario", "1B", "--out", str(run)).status == 0
    for words in (("report", "all.html"), ("export", "all.csv"), ("export", "all.xlsx")):
        done = annexv(words[0], str(run), "--out", str(tmp_path / words[1]))
        assert done.status == 0, done.err
    assert "reconstructed" in (tmp_path / "all.html").read_text(encoding="utf-8")
    folder = [path for path in tmp_path.rglob("*.csv") if "reconstructed" in path.read_text(encoding="utf-8")]
    assert folder


def test_levers_move_the_mechanism(annexv) -> None:
    """Less on INFONAVIT leaves more to the State; a lever of the mechanism has no effect on the other bases."""
    words = ("--against", "1B", "--basis", "reconstructed")
    done = annexv("what-if", "real_return=1.5%, fund=infonavit", *words)
    assert done.status == 0
    assert "points of GDP more than 1B" in " ".join(done.out.split())
    refused = annexv("what-if", "mechanism_termination=5%")
    assert refused.status == 2
    assert "has no effect in the statutory basis" in refused.err
