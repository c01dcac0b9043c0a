"""`annexv validate`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from assumptions import published


def test_status_follows_the_targets(annexv, monkeypatch: pytest.MonkeyPatch) -> None:
    done = annexv("validate", "--json")
    told = json.loads(done.out)
    broken = [item for item in told["comparisons"] if item["passed"] is False]
    assert done.status == (1 if broken else 0)
    assert told["passed"] is (not broken)

    stated = published.tolerances()
    wide = stated._replace(
        targets=tuple(target.model_copy(update={"max": 100.0, "rms": 100.0}) for target in stated.targets)
    )
    narrow = stated._replace(
        targets=tuple(target.model_copy(update={"max": 0.0, "rms": None}) for target in stated.targets)
    )
    for targets, status in ((wide, 0), (narrow, 1)):
        monkeypatch.setattr(published, "tolerances", lambda basis="published", targets=targets: targets)
        done = annexv("validate", "--scenario", "3B")
        assert done.status == status
        assert ("BROKEN" in done.out) is bool(status)


def test_statutory_has_no_targets(annexv) -> None:
    done = annexv("validate", "--basis", "statutory", "--scenario", "3B")
    assert done.status == 0
    assert "no targets" in done.out
    assert "BROKEN" not in done.out


def test_csv_files(annexv, tmp_path: Path) -> None:
    done = annexv("validate", "--scenario", "3B", "--out", "sum.csv", "--cells", "cells.csv")
    assert done.status in (0, 1)
    with (tmp_path / "sum.csv").open(encoding="utf-8", newline="") as stream:
        columns = list(csv.DictReader(stream))
    assert [row["column"] for row in columns] == [
        "acquired_rights",
        "ongoing_pensions",
        "state_contributions",
        "mpg_new_workers",
        "total",
        *(f"c{n}" for n in range(1, 6)),
    ]
    with (tmp_path / "cells.csv").open(encoding="utf-8", newline="") as stream:
        cells = list(csv.DictReader(stream))
    assert len(cells) == 10 * 34
    for row in columns:
        own = [abs(float(cell["difference"])) for cell in cells if cell["column"] == row["column"]]
        assert float(row["largest"]) == max(own)
    refused = annexv("validate", "--scenario", "3B", "--out", "sum.csv")
    assert refused.status == 2
    assert "sum.csv: exists already" in refused.err


def test_long(annexv) -> None:
    done = annexv("validate", "--scenario", "3B", "--long", "--json")
    found = [
        item for item in json.loads(done.out)["comparisons"] if item["table"] == "state_contributions_long"
    ]
    assert {item["column"]: item["cells"] for item in found} == {
        "social_quota": 73,
        "prorated": 73,
        "total": 73,
    }
