"""What the compiler makes of the year loop; benchmarks/machine_code.py prints it by function."""

from __future__ import annotations

from benchmarks import machine_code


class MachineCode:
    timeout = 300

    def setup_cache(self) -> tuple[float, float, int, list[str]]:
        code = machine_code.look()
        packed, scalar = sum(code.packed.values()), sum(code.scalar.values())
        return code.seconds, packed / (packed + scalar), code.references, machine_code.faults(code)

    def track_compile_seconds(self, found: tuple[float, float, int, list[str]]) -> float:
        if found[3]:
            raise AssertionError("; ".join(found[3]))
        return found[0]

    track_compile_seconds.unit = "seconds"  # type: ignore[attr-defined]

    def track_speed_up_by_vectors(self, found: tuple[float, float, int, list[str]]) -> float:
        """Share of packed arithmetic among all; better when higher, as the name says to the history."""
        return found[1]

    track_speed_up_by_vectors.unit = "share"  # type: ignore[attr-defined]
