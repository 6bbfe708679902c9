"""What the other steps of a program's year take: lists to choose from, feedback, the next round.

Run it alone with ``python -m benchmarks.rounds``. Repairs are in `benchmarks.revise`.
"""

import datetime
from functools import partial
from typing import Any

import numpy as np

import mentormatch as mm
from benchmarks.measuring import Section, duration, ratio, timed, verified
from benchmarks.pairs import PROGRAM, RULES, made_up

__all__ = ["report"]

PEOPLE, SUGGESTIONS, EXPOSURE = 20_000, 5, 2
START = datetime.date(2026, 3, 2)


def report(people: int = PEOPLE) -> Section:
    """Measure each step of a round.

    Parameters
    ----------
    people
        How many there are.
    """
    cohort = made_up(people)
    match, matching = timed(partial(mm.match, cohort, PROGRAM), 1)  # the first compiles
    again, lists = timed(
        partial(mm.shortlists, cohort, PROGRAM, k=SUGGESTIONS, exposure=EXPOSURE), 0
    )
    shown = np.bincount(
        [cohort.row(one.id) for person in lists for one in person.suggestions], minlength=people
    )
    verified(bool((shown <= SUGGESTIONS * EXPOSURE).all()), "the exposure")
    asked, plan = timed(partial(mm.check_ins, matching, every="4w", start=START, times=3), 0)
    answers = [_answer(form) for form in plan.to_records()]
    read, feedback = timed(partial(mm.read_feedback, answers), 0)
    evaluated, _ = timed(partial(mm.evaluate, matching, feedback), 0)
    calibrated, _ = timed(partial(mm.calibrate, [(matching, feedback)]), 0)
    stepped, step = timed(partial(mm.next_round, cohort, [matching]), 0)
    served, first = timed(partial(step.match, PROGRAM), 0)
    verified(first.served <= first.at_most, "who is served first")
    told = (
        ("`match`", match),
        (f"`shortlists`, {SUGGESTIONS} each, exposure {EXPOSURE}", again),
        ("`check_ins`, three dates", asked),
        (f"`read_feedback`, {len(answers):,} answers", read),
        ("`evaluate`", evaluated),
        ("`calibrate`", calibrated),
        ("`next_round`", stepped),
        (f"its `match`, {len(step.waited):,} waited, {first.served:,} of them served", served),
    )
    notes = (
        f"{people:,} people, {RULES}. Each step once. Nobody is "
        "suggested more often than they may be; what the answers say has nothing to do with scores."
    )
    rows = [(what, ratio(seconds, match), duration(seconds)) for what, seconds in told]
    return Section("A round of a program", notes, ("what", "time / `match`", "time"), rows)


def _answer(form: dict[str, Any]) -> dict[str, Any]:
    """Fill a form in: as well as two fit, which has nothing to do with anything."""
    fit = 1 + sum(map(ord, form["by"])) % 5
    return {**form, "met": True, "hours": 2, "fit": fit, "go_on": fit > 2}


if __name__ == "__main__":
    print(report())
