"""What the compiler made of the year loop: vector and scalar instructions by function, counted references, seconds.

    python benchmarks/machine_code.py

Compiled in an empty folder, so it takes half a minute. Where a loop over years does not run in vectors, or references to
arrays are counted again, nothing becomes wrong, only slow: this is where it shows.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
# Functions whose loops over years must run in vectors, by module.
VECTORS: Final = {
    "awards": ("retirement_awards", "insured_awards", "occupational_awards", "cell_top_ups"),
    "marks": ("mark",),
    "careers": ("block_years",),
    "contributions": ("contributions",),
    "balances": ("accrue", "block_held", "cell_balances"),
    "sums": ("add",),
    "flows": ("covered_wages",),
}
_PACKED: Final = re.compile(
    r"^\s+v?(?:add|sub|mul|div|max|min)pd\b|^\s+f(?:add|sub|mul|div|max|min)\s+v\d+\.2d"
)
_SCALAR: Final = re.compile(r"^\s+v?(?:add|sub|mul|div|max|min)sd\b|^\s+f(?:add|sub|mul|div|max|min)\s+d\d+")
_LABEL: Final = re.compile(r"^(_Z\S+|NRT_\S+|\w[\w.]*):")
_NAMED: Final = re.compile(
    r"engine\d+(?:kernels|law)\d+([a-z_]+?)\d+([a-z_]\w*?)(?:\d+_3clocals_3e\d+(\w+?))?B\d+v\d+"
)


class Code(NamedTuple):
    """Of one compiled module.

    Attributes
    ----------
    packed, scalar : dict
        Arithmetic on several numbers at once, and on one, by function.
    references : int
        Calls that count references to arrays.
    seconds : float
        That compiling took, in processor time.
    """

    packed: dict[str, int]
    scalar: dict[str, int]
    references: int
    seconds: float


_PROGRAM: Final = """
import json, sys, time
import assumptions
from benchmarks.numpy_baseline import Inputs, compiled
from engine.apart import KERNELS
from engine.kernels.flows import add_flows
inputs = Inputs.of(assumptions.load("3B", sets={"reform.last_year": 1998.0}).resolve("statutory"))
started = time.process_time()
compiled(inputs)
seconds = time.process_time() - started
made = [add_flows.made, *(kernel.made for kernel in KERNELS)]
json.dump([seconds, chr(10).join(one.inspect_asm(types) for one in made for types in one.signatures)], sys.stdout)
"""


def look() -> Code:
    """Compile the year loop anew, in a process of its own, and read its assembly."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder, "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    seconds, assembly = json.loads(run.stdout)
    return read(assembly, seconds)


def read(assembly: str, seconds: float = 0.0) -> Code:
    """Counts by function of an assembly."""
    packed: Counter[str] = Counter()
    scalar: Counter[str] = Counter()
    references, function = 0, ""
    for line in assembly.splitlines():
        label = _LABEL.match(line)
        if label:
            named = _NAMED.search(label[1])
            function = f"{named[1]}.{named[3] or named[2]}" if named else ""
        elif function:
            packed[function] += bool(_PACKED.match(line))
            scalar[function] += bool(_SCALAR.match(line))
            references += "NRT_incref" in line or "NRT_decref" in line
    return Code(dict(packed), dict(scalar), references, seconds)


def faults(code: Code) -> list[str]:
    """What is not as it should be."""
    found = [
        f"{module}.{name} does not run in vectors"
        for module, names in VECTORS.items()
        for name in names
        if code.packed.get(f"{module}.{name}", 0) == 0
    ]
    if code.references:
        found.append(f"references to arrays are counted in {code.references} places")
    return found


def main() -> int:
    """Print the counts; 1 where something is not as it should be."""
    code = look()
    for name in sorted(code.packed, key=lambda one: -code.packed[one] - code.scalar[one]):
        print(f"{code.packed[name]:6} packed {code.scalar[name]:6} scalar  {name}")
    print(f"{code.references} references counted; compiled in {code.seconds:.1f} s of processor time")
    bad = faults(code)
    for fault in bad:
        print(fault, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
