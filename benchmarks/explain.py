"""How long explanations take: beside munkres' `counterfactual`, and among many people.

``python -m benchmarks.explain 100000`` measures a workforce and prints JSON.
"""

import json
import sys
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

import mentormatch as mm
from benchmarks.measuring import Section, duration, fresh_process, ratio, timed, verified
from benchmarks.pairs import PROGRAM, RULES, made_up
from mentormatch.assign import Problem, solve_assignment
from mentormatch.assign.chains import Chains

__all__ = ["FULL_SIZES", "SIZES", "counterfactuals", "report"]

SIZES = (2_000, 20_000)
FULL_SIZES = (100_000,)
#: Rows and columns of tables that munkres bears, and how many pairs are asked about.
TABLES, ASKED = (20, 50, 100), 5
#: How many people, and how many pairs, are asked about in a workforce.
QUESTIONS = 40
#: How many people without a partner are asked about.
SINGLES = 200
MUNKRES = "munkres"


def counterfactuals(sizes: tuple[int, ...] = TABLES) -> Section:
    """Ask what forcing a pair costs, beside munkres, which solves twice for each question.

    Parameters
    ----------
    sizes
        Numbers of rows and columns.
    """
    rows = [_beside(size) for size in sizes] if find_spec(MUNKRES) else []
    notes = (
        "What the best matching loses if a pair has to be in it, on dense random scores, every "
        "pair allowed: `why_not` follows one shortest path on the prices, munkres' "
        "`counterfactual` solves twice. Both give the same losses, to 1e-9. Ours once more with "
        f"the solving that comes before all questions. Medians of {ASKED} pairs."
        + ("" if rows else " munkres is not installed: `make bench` installs it.")
    )
    columns = ("scores", "munkres / ours", "munkres", "ours", "ours, and solving first")
    return Section("What a pair would cost", notes, columns, rows)


def report(sizes: tuple[int, ...] = SIZES) -> Section:
    """Measure explanations of whole matchings.

    Parameters
    ----------
    sizes
        Numbers of people.
    """
    runs = [fresh_process("benchmarks.explain", size) for size in sizes]
    rows = [
        (
            f"{run['people']:,}",
            duration(run["first"]),
            duration(run["explain"]),
            duration(run["single"]),
            duration(run["slowest"]),
            duration(run["best"]),
            duration(run["any"]),
            duration(run["audit"]),
        )
        for run in runs
    ]
    notes = (
        f"`match` on {RULES}. The first questions gather all allowed pairs, and what partners are "
        "worth on either side; `explain` has the next best partners in it, for whoever has no "
        "partner their competitors and the smallest change that would help, "
        "`why_not` the exact loss and all who would change partners: "
        "for one of a person's ten best pairs, and for any allowed pair. Medians of "
        f"{QUESTIONS}, of {SINGLES} without a partner; the audit once."
    )
    columns = (
        *("people", "first questions", "explain", "without a partner", "95 of 100 within"),
        *("why_not, of ten best", "why_not, of all", "audit"),
    )
    return Section("Explanations among many people", notes, columns, rows)


def _beside(size: int) -> tuple[str, ...]:
    import munkres  # may not be installed

    rng = np.random.default_rng(size)
    scores = rng.integers(1, 2**40, (size, size)) * 2.0**-40
    costs = (1.0 - scores).tolist()
    solving, solution = timed(
        lambda: solve_assignment(scores, objective="people_then_score"), ASKED
    )
    chains = Chains(Problem.from_scores(scores), solution)
    theirs, ours = [], []
    for row, col in rng.integers(0, size, (ASKED, 2)).tolist():
        begin = perf_counter()
        expected = munkres.counterfactual(costs, row, col)
        theirs.append(perf_counter() - begin)
        begin = perf_counter()
        found = chains.forced(row, col, scores[row, col])
        ours.append(perf_counter() - begin)
        same = found.pairs_lost == 0 and abs(found.score_lost - expected) < 1e-9
        verified(same, f"the loss of pair {row}, {col} of {size}")
    one, other = float(np.median(theirs)), float(np.median(ours))
    return (
        f"{size:,} x {size:,}",
        ratio(one, other),
        duration(one),
        duration(other),
        duration(other + solving),
    )


def _measured(size: int) -> dict[str, Any]:
    people = made_up(size)
    matching = mm.match(people, PROGRAM)
    rng = np.random.default_rng(size)
    some = [matching.pairs[int(place)].a for place in rng.integers(0, len(matching.pairs), 50)]
    singles = [matching.unmatched[place].id for place in rng.permutation(len(matching.unmatched))]
    # The first on each side, and the first who has to compete on it.
    firsts = {(one.side, one.code == "outcompeted"): one.id for one in matching.unmatched}
    begin = perf_counter()
    # A reason is sought when it is looked at: the text is what takes time.
    matching.explain(some[0]).text("coordinator")
    matching.why_not(some[0], matching.pairs[0].b)
    for person in firsts.values():
        matching.explain(person).text("coordinator")
    first = perf_counter() - begin
    insight = matching._insight
    graph, allowed = matching._attached().graph, insight.allowed
    best = []
    for person in some[:QUESTIONS]:
        rows_a, rows_b, scores = insight.of(people.row(person))
        chosen = rng.choice(np.argsort(-scores)[:10])
        best.append((people.ids[rows_a[chosen]], people.ids[rows_b[chosen]]))
    others = [
        (graph.a_ids[allowed.a[place]], graph.b_ids[allowed.b[place]])
        for place in rng.integers(0, len(allowed.a), QUESTIONS).tolist()
    ]

    def told(person: str) -> str:
        return matching.explain(person).text("coordinator")

    explained, alone = _median(told, some[:QUESTIONS]), _times(told, singles[:SINGLES])
    asked = [_median(lambda pair: matching.why_not(*pair), pairs) for pairs in (best, others)]
    begin = perf_counter()
    matching.audit(["location"])
    return {
        "people": size,
        "first": first,
        "explain": explained,
        "single": float(np.median(alone)),
        "slowest": float(np.quantile(alone, 0.95)),
        "best": asked[0],
        "any": asked[1],
        "audit": perf_counter() - begin,
    }


def _median(action: Any, arguments: Any) -> float:
    return float(np.median(_times(action, arguments)))


def _times(action: Any, arguments: Any) -> list[float]:
    times = []
    for argument in arguments:
        begin = perf_counter()
        action(argument)
        times.append(perf_counter() - begin)
    return times


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_measured(int(sys.argv[1]))))
    else:
        print(counterfactuals())
        print(report())
