"""The notebook of the examples runs from top to bottom, in a kernel of its own where nbclient is installed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    if find_spec("nbclient") and find_spec("ipykernel"):
        import nbclient
        import nbformat

        nbclient.NotebookClient(
            nbformat.read(path, as_version=4), resources={"metadata": {"path": str(tmp_path)}}, timeout=300
        ).execute()
        return
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.name}:{cell['id']}", "exec"), namespace)
    assert "selection of run" in namespace["again"].attrs["title"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_kept_without_output(path: Path) -> None:
    for cell in read(path)["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
