"""What a program of 500 x 500 people takes from nothing: interpreter, imports, reading, matching.

Each time is a whole process of its own, on the clock of the one that starts it, with the kernels of
the extra ``scale`` compiled before or never. Run it alone with ``python -m benchmarks.cold``.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

import mentormatch as mm
from benchmarks.measuring import Section, duration, verified
from benchmarks.pairs import made_up

__all__ = ["report"]

SIDE = 500
TIMES = 5
PEOPLE, WISHES, TABLE = "people.csv", "program.json", "scores.npy"

SOLVE = f"""
import numpy as np
from mentormatch.assign import solve_assignment
solution = solve_assignment(np.load({TABLE!r}))
assert solution.is_optimal
print(len(solution.rows))
"""
MATCH = f"""
from pathlib import Path
import mentormatch as mm
program = mm.Program.model_validate_json(Path({WISHES!r}).read_text())
matching = mm.match(mm.read_csv({PEOPLE!r}), program)
assert matching.status is mm.Status.OPTIMAL
print(len(matching.pairs))
"""
COMMAND = ["match", PEOPLE, "--program", WISHES, "--out", "pairs.csv"]
CALLS: dict[str, list[str]] = {
    "a table of scores, `solve_assignment`": ["-c", SOLVE],
    "a CSV of people, `match`": ["-c", MATCH],
    "the same, the command line": ["-c", "from mentormatch.cli import main; main()", *COMMAND],
}


def report(side: int = SIDE, times: int = TIMES) -> Section:
    """Measure fresh processes.

    Parameters
    ----------
    side
        How many people there are on either side.
    times
        How often each is measured.
    """
    with TemporaryDirectory() as folder:
        place = Path(folder)
        _write(place, side)
        rows = []
        for name, call in CALLS.items():
            folders = [place / f"{name} {number}" for number in range(times)]
            cold, warm = ([_seconds(call, place, one) for one in folders] for _ in range(2))
            rows.append((name, duration(median(warm)), duration(median(cold))))
    notes = (
        f"From the start of Python to the pairs of {side} x {side} people, each time in a new "
        f"process. Medians of {times}; kernels are kept on disk from an earlier run, or their "
        "folder is empty."
    )
    columns = ("from", "kernels compiled before", "kernels never compiled")
    return Section(f"{side} x {side} people in a cold process", notes, columns, rows)


def _seconds(call: list[str], place: Path, kernels: Path) -> float:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(kernels)}
    begin = perf_counter()
    run = subprocess.run(
        [sys.executable, *call], cwd=place, env=environment, capture_output=True, check=False
    )
    seconds = perf_counter() - begin
    verified(run.returncode == 0 and bool(run.stdout), run.stderr.decode() or "pairs are printed")
    return seconds


def _write(place: Path, side: int) -> None:
    """Write people half of whom have rank 1, half rank 0, a program, and a table of scores."""
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=1)),
        rules=[mm.Different("department"), mm.Within("utc_offset", 3, period=24)],
    )
    (place / WISHES).write_text(program.model_dump_json(), encoding="utf-8")
    lines = ["id,rank,department,utc_offset,teaches,wants"]
    for number, person in enumerate(made_up(2 * side)):
        skills = (
            "; ".join(f"{skill}:{level}" for skill, level in said.items())
            for said in (
                {skill: round(5 * level) for skill, level in person.teaches.items()},
                dict.fromkeys(person.wants, 1),
            )
        )
        rank = int(number < side)
        lines.append(
            f"{person.id},{rank},{person.department},{person.utc_offset},{','.join(skills)}"
        )
    (place / PEOPLE).write_text("\n".join(lines), encoding="utf-8")
    # Multiples of 2**-40, as all scores of mentormatch are.
    scores = np.random.default_rng(0).integers(2**40, size=(side, side)) * 2.0**-40
    np.save(place / TABLE, scores)


if __name__ == "__main__":
    print(report())
