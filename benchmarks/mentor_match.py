"""Against mentor-match, the best-known open library for matching mentors, on its own scores.

mentor-match 7.0.1 makes an object for each of 500 x 500 pairs, scores it by rules that are
Python functions, and solves with munkres, which is written in Python too. Both libraries match
the made-up mentors and mentees of the civil service in ``../shared/data`` or, where that folder
is absent, people of the same shape who are made up here.

What the times hold:

- mentor-match, end to end: `matching.process.process_data`, from its people to its pairs.
- mentor-match, solving alone: `prepare_matrix` and `calculate_matches`, its scores being there.
- mentormatch: `solve_assignment` on its scores and the pairs that it does not disqualify, which
  proves the answer, and the independent check of that proof.

Run it alone with ``python -m benchmarks.mentor_match``; it needs ``pip install --group bench``.
"""

import csv
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import Section, duration, ratio, timed, verified
from mentormatch.assign import Objective, Solution, solve_assignment
from mentormatch.assign.certificate import check
from mentormatch.assign.problem import Problem

__all__ = ["report"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

TITLE = "mentor-match 7.0.1, 500 mentors x 500 mentees, its own scores"
MISSING = "Not measured: mentor-match is not installed (`python -m pip install --group bench`)."

#: Grades from the lowest to the highest; mentor-match wants numbers.
GRADES = (
    "AA",
    "AO",
    "EO",
    "HEO",
    "SEO",
    "Grade 7",
    "Grade 6",
    "SCS1",
    "SCS2",
    "SCS3",
    "SCS4",
)

#: How often each is measured: the slow one less often.
PEER_TIMES, OUR_TIMES = 3, 15

Row = dict[str, Any]


def report() -> Section:
    """Measure and compare.

    Returns
    -------
    Section
        Without a table when mentor-match is not installed.
    """
    try:
        from matching import process  # Imported here: a peer, which may not be installed.
    except ImportError:
        return Section(TITLE, MISSING, (), ())
    mentors, mentees, source = _people()
    whole, made = timed(_peer(process, mentors, mentees), PEER_TIMES)
    table = process.generate_match_matrix(*_persons(mentors, mentees), _rules())
    scores = np.array([[float(match.score) for match in row] for row in table])
    allowed = np.array([[not match.disallowed for match in row] for row in table])
    solving, chosen = timed(
        lambda: process.calculate_matches(process.prepare_matrix(table)), PEER_TIMES
    )
    kept = [(row, col) for row, col in chosen if allowed[row, col]]
    verified(made == len(kept), "the pairs of mentor-match, end to end and step by step")
    ours, solution = timed(lambda: _proven(scores, allowed), OUR_TIMES)
    total = sum(scores[row, col] for row, col in kept)
    verified(solution.value >= total, "a total at least that of mentor-match")
    notes = (
        f"{source} mentor-match makes {made} pairs worth {total:g}; mentormatch makes "
        f"{len(solution.rows)} pairs worth {solution.value:g}, proven optimal. Medians. End to end "
        "is from people to pairs, most of it rules on 250,000 objects; mentormatch gets "
        "the scores and the allowed pairs, solves, proves, and checks the proof."
    )
    columns = ("mentor-match 7.0.1", "its time / ours", "its time", "ours")
    rows = [
        ("end to end", ratio(whole, ours), duration(whole), duration(ours)),
        ("solving alone", ratio(solving, ours), duration(solving), duration(ours)),
    ]
    return Section(TITLE, notes, columns, rows)


def _proven(scores: Any, allowed: Any) -> Solution:
    """Solve and check the proof: what a caller who trusts nobody would do."""
    solution = solve_assignment(scores, allowed=allowed)
    proof = check(
        Problem.from_scores(scores, allowed),
        solution.rows,
        solution.cols,
        solution.row_prices,
        solution.col_prices,
        objective=Objective.SCORE,
    )
    verified(proof.ok, "the proof of solve_assignment")
    return solution


def _peer(process: Any, mentors: list[Row], mentees: list[Row]) -> Callable[[], int]:
    """Return the whole run of mentor-match, as the number of pairs it makes."""

    def run() -> int:
        matched, _ = process.process_data(*_persons(mentors, mentees), [_rules()])
        return sum(len(mentor.mentees) for mentor in matched)

    return run


def _persons(mentors: list[Row], mentees: list[Row]) -> tuple[list[Any], list[Any]]:
    """Make the people anew: mentor-match writes its pairs into them."""
    from matching.mentee import Mentee  # Imported here: see `report`.
    from matching.mentor import Mentor

    return [Mentor(**row) for row in mentors], [Mentee(**row) for row in mentees]


def _rules() -> list[Any]:
    """Rules like those of the web application that the library was written for."""
    from matching.rules import rule  # Imported here: see `report`.

    return [
        rule.Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation),
        rule.Disqualify(lambda match: match.mentor.grade <= match.mentee.grade),
        rule.Grade(1, operator.eq, {True: 9, False: 0}),
        rule.Grade(2, operator.eq, {True: 12, False: 0}),
        rule.Generic(
            {True: 10, False: 0}, lambda match: match.mentor.profession == match.mentee.profession
        ),
    ]


def _people() -> tuple[list[Row], list[Row], str]:
    """Return mentors, mentees and where they come from."""
    files = [DATA / f"civil_service_{role}s.csv" for role in ("mentor", "mentee")]
    if not all(path.is_file() for path in files):
        rng = np.random.default_rng(0)
        return _made_up("mentor", rng), _made_up("mentee", rng), "People made up here."
    mentors, mentees = (_read(path) for path in files)
    return mentors, mentees, "Sample people of mentor-match's web application."


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                "email": row["email address"],
                "grade": GRADES.index(row["grade"]),
                "organisation": row["organisation"],
                "profession": row["profession"],
            }
            for row in csv.DictReader(file)
        ]


def _made_up(role: str, rng: np.random.Generator) -> list[Row]:
    return [
        {
            "email": f"{role}{number}@example.org",
            "grade": int(rng.integers(len(GRADES))),
            "organisation": f"Department {rng.integers(6)}",
            "profession": f"Profession {rng.integers(5)}",
        }
        for number in range(500)
    ]


if __name__ == "__main__":
    print(report())
