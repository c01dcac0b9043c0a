"""One broken overlay a message: each file says in `# expect:` comments what the user must read."""

from pathlib import Path

import pytest

import assumptions

FOLDER = Path(__file__).parents[1] / "bad_inputs" / "assumptions"
FILES = sorted(FOLDER.glob("*.toml"))


def expected(path: Path) -> list[str]:
    lines = path.read_bytes().decode("latin-1").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_message(path: Path) -> None:
    faults = [str(fault) for fault in assumptions.check(path)]
    wanted = expected(path)
    assert wanted, "the file must say what is expected"
    for fragment in wanted:
        assert any(fragment in fault for fault in faults), "\n".join(faults)
    assert len(faults) == len({fault for fault in faults if any(part in fault for part in wanted)}), faults
    assert all("Traceback" not in fault and "\n" not in fault for fault in faults)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_cannot_be_used(path: Path) -> None:
    def use() -> None:
        assumptions.resolve_all(assumptions.load("3B", overlays=[path]))

    with pytest.raises(assumptions.AssumptionError):
        use()


def test_files_named_in_messages() -> None:
    faults = assumptions.check(FOLDER / "percent_for_fraction.toml")
    assert all(fault.file.endswith("percent_for_fraction.toml") for fault in faults)


def test_a_missing_overlay_is_told_with_the_shipped_names() -> None:
    with pytest.raises(assumptions.AssumptionError, match=r"no such overlay file.*gdp_annex_viii"):
        assumptions.load("3B", overlays=["gdp_anex_viii"])


def test_several_overlays_report_together() -> None:
    paths = [FOLDER / "unknown_name.toml", FOLDER / "header_missing.toml"]
    with pytest.raises(assumptions.AssumptionError) as caught:
        assumptions.load("9Z", overlays=paths, sets={"no.such": 1})
    said = str(caught.value)
    for part in ("9Z: no such scenario", "gdp_growht", "overlay: is missing", "--set: no.such: unknown name"):
        assert part in said
