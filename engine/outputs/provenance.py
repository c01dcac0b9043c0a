"""Where a result comes from: version, commit, digest of the code, assumptions, time."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from assumptions import Resolved
from engine.outputs import OutputError
from engine.outputs.schema import FORMAT, FORMAT_VERSION

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("assumptions", "cohorts", "engine")
_REFERENCES = (
    "World Bank (1996), Mexico: Contractual Savings Development Program, report P-7018-ME, Annex V; Social Security Law of"
    " 1973; Social Security Law of 1995"
)
_SUMMARY = (
    "Yearly fiscal cost of the 1996 reform of Mexico's pensions for private-sector workers (IMSS), by component, in percent"
    " of GDP and in pesos of December 1996, with heads, contributions, balances and the assumptions behind them."
)


@lru_cache(maxsize=1)
def version() -> str:
    """Version of the installed distribution; ``0+unknown`` in a checkout that is not installed."""
    try:
        return metadata.version("annexv")
    except metadata.PackageNotFoundError:
        return "0+unknown"


@lru_cache(maxsize=1)
def commit() -> str:
    """Commit of the checkout that the code runs from; empty for an installed copy."""
    git = _ROOT / ".git"
    try:
        if git.is_file():
            git = (_ROOT / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref:"):
            return head
        name = head.removeprefix("ref:").strip()
        shared = git / "commondir"
        common = (git / shared.read_text(encoding="utf-8").strip()).resolve() if shared.is_file() else git
        for folder in (git, common):
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8").strip()
        for line in (common / "packed-refs").read_text(encoding="utf-8").splitlines():
            if line.endswith(f" {name}"):
                return line.split()[0]
    except OSError:
        pass
    return ""


@lru_cache(maxsize=1)
def code_sha256() -> str:
    """SHA-256 over the code of the three packages: tells apart what a version and a commit do not."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted((_ROOT / package).rglob("*.py")):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def environment() -> str:
    """What rounds: versions of Python and of the packages that compute, and the processor. It identifies nothing."""
    import llvmlite
    import llvmlite.binding
    import numba
    import numpy as np

    binding: Any = llvmlite.binding
    return (
        f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}, llvmlite"
        f" {llvmlite.__version__}, {platform.system()} {platform.machine()}, {binding.get_host_cpu_name()}"
    )


def tables_used(cases: Sequence[Resolved]) -> list[dict[str, Any]]:
    """Tables of the user's own behind the cases, each once: value that names it, file, digest, bytes, control totals."""
    found = {
        (name, table.sha256): {"name": name, **table.described()}
        for case in cases
        for name, table in case.attached.items()
    }
    return list(found.values())


def inputs_as_text(cases: Sequence[Resolved], embed_tables: bool) -> list[str]:
    """Every case as JSON. A table that is asked for is held by the first case that uses it."""
    held: set[str] = set()
    texts = []
    for case in cases:
        wanted = {table.sha256 for table in case.attached.values()} - held if embed_tables else set()
        texts.append(case.to_json(wanted))
        held |= wanted
    return texts


def timestamp() -> str:
    """Now in UTC as ISO 8601, or the time of the environment variable SOURCE_DATE_EPOCH (seconds since 1970).

    Raises
    ------
    OutputError
        If SOURCE_DATE_EPOCH is not a number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if given:
        try:
            moment = datetime.fromtimestamp(int(given), UTC)
        except (ValueError, OverflowError, OSError):
            raise OutputError(
                f"SOURCE_DATE_EPOCH: {given!r} is not allowed; whole seconds since 1970 are"
            ) from None
    else:
        moment = datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(cases: Sequence[Resolved]) -> str:
    """Basis, scenario and digest of the assumptions of each case, one a line."""
    return "\n".join(f"{case.basis} {case.scenario} {case.sha256}" for case in cases)


def run_attributes(
    cases: Sequence[Resolved], years: Sequence[int], notices: Sequence[str] = ()
) -> dict[str, str | int]:
    """Global attributes of a run that do not depend on the clock.

    Parameters
    ----------
    cases : sequence of Resolved
        In the order of the results.
    years : sequence of int
        Projected years.
    notices : sequence of str
        Values that a user set and that a basis ignores.
    """
    inputs = sorted({item.partition(" ")[0] for case in cases for item in case.inputs})
    inputs_sha = hashlib.sha256("\n".join(inputs).encode()).hexdigest()
    assumptions_sha = hashlib.sha256(listed(cases).encode()).hexdigest()
    made_by = f"annexv {version()}" + (f", commit {commit()}" if commit() else "")
    program = f"{version()}\n{code_sha256()}"
    identity = hashlib.sha256(f"{program}\n{assumptions_sha}\n{inputs_sha}".encode()).hexdigest()[:16]
    first, last = years[0], years[-1]
    found: dict[str, str | int] = {
        "Conventions": "CF-1.11, ACDD-1.3",
        "title": f"Fiscal cost of Mexico's 1996 pension reform, {first}-{last}",
        "summary": _SUMMARY,
        "keywords": "pension reform, Mexico, IMSS, fiscal cost, acquired rights, minimum pension guarantee, projection",
        "id": identity,
        "naming_authority": "annexv",
        "project": "annexv",
        "institution": "annexv contributors",
        "creator_name": "annexv contributors",
        "publisher_name": "annexv contributors",
        "source": made_by,
        "references": _REFERENCES,
        "processing_level": "model output",
        "comment": "An independent reconstruction, not a publication of any institution it cites.",
        "license": "MIT",
        "time_coverage_start": f"{first}-01-01",
        "time_coverage_end": f"{last}-12-31",
        "time_coverage_duration": f"P{last - first + 1}Y",
        "time_coverage_resolution": "P1Y",
        "annexv_format": FORMAT,
        "annexv_format_version": FORMAT_VERSION,
        "assumptions_sha256": assumptions_sha,
        "scenario_sha256": listed(cases),
        "inputs_sha256": inputs_sha,
        "code_sha256": code_sha256(),
        "environment": environment(),
        "run_id": identity,
    }
    tables = tables_used(cases)
    if tables:
        found["input_tables"] = json.dumps(tables, ensure_ascii=False)
    if notices:
        found["notices"] = "\n".join(notices)
    return found


def stamped(attributes: Mapping[str, object], command: str, moment: str) -> dict[str, object]:
    """The attributes with time and a line of history (newest first), as they go into a file."""
    # Names of files that are not text in the locale's encoding hold surrogates, which netCDF cannot store.
    said = os.fsencode(command).decode("utf-8", "backslashreplace")
    line = f"{moment} annexv {version()}: {said}"
    old = str(attributes.get("history", "")).strip()
    return {
        **attributes,
        "date_created": str(attributes.get("date_created", moment)),
        "history": f"{line}\n{old}" if old else line,
    }


__all__ = [
    "code_sha256",
    "commit",
    "environment",
    "inputs_as_text",
    "listed",
    "run_attributes",
    "stamped",
    "tables_used",
    "timestamp",
    "version",
]
