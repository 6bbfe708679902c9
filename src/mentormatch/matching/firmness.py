"""How firm a pair is: whether every best matching holds it, and how far its score may fall."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.problem import Solution
from mentormatch.assign.ties import exchangeable
from mentormatch.errors import InfeasibleError
from mentormatch.exchange.rules import Where
from mentormatch.matching.insight import Insight
from mentormatch.people import Cohort
from mentormatch.solving.rules import required_pairs
from mentormatch.solving.solve import solve

__all__ = ["Firmness", "firm_pairs", "firmness"]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Firmness:
    """How firm a pair is.

    Attributes
    ----------
    a, b : str
        Ids.
    code : str
        Of the matchings that are best, ``"all"`` hold the pair, or ``"some"``, between which lots
        decide, or ``"none"``.
    may_fall : float or None
        How much lower the pair's score could be with the pair still in a best matching, all else
        being as it is: 0 for a pair in some of them only. `None` for a pair that is in none, and
        for one that stays as long as it may be at all: it is required, or without it fewer people
        would be served, or somebody could not have the partners they must have. `None`, too, where
        the score of the worst pair counts.
    """

    a: str
    b: str
    code: Literal["all", "some", "none"]
    may_fall: float | None


def firmness(insight: Insight, one: int, other: int) -> Firmness:
    """Return how firm a pair is.

    Parameters
    ----------
    insight
        The answer.
    one, other
        Rows of the two people; if they could be a pair either way round, the firmer one counts.

    Raises
    ------
    ProgramError
        When the answer was stopped before it was proven best.
    """
    insight.check_proven()
    places = insight.as_pairs(one, other)
    found = [_firmness(insight, place) for place in places if insight.find(*place) >= 0]
    ids = insight.people.ids
    nothing = Firmness(ids[one], ids[other], "none", None)
    return min(found, key=lambda each: ("all", "some", "none").index(each.code), default=nothing)


def firm_pairs(insight: Insight) -> frozenset[Place]:
    """Return the pairs that every best matching holds, as positions.

    Parameters
    ----------
    insight
        The answer. Between two sides with one partner each one look at all pairs is enough;
        elsewhere it is solved again without each pair.

    Raises
    ------
    ProgramError
        When the answer was stopped before it was proven best.
    """
    insight.check_proven()
    required = _required(insight)
    if insight.has_chains:
        solution = insight.solved.solution
        assert isinstance(solution, Solution)  # which is what has chains
        open_ = np.flatnonzero(exchangeable(insight.problem, solution))
        ends = insight.problem.rows[open_].tolist(), insight.problem.cols[open_].tolist()
        return (insight.pairs - frozenset(zip(*ends, strict=True))) | required
    return required | frozenset(
        pair
        for pair in insight.pairs - required
        if _worth(insight, _pairs_without(insight, pair)) != _worth(insight, insight.pairs)
    )


def _firmness(insight: Insight, place: Place) -> Firmness:
    ids, is_chosen = insight.ids(*place), place in insight.pairs
    if place in _required(insight):
        return Firmness(*ids, "all", None)
    people, score = (_lost_by_prices if insight.has_chains else _lost_by_solving)(insight, place)
    if people == 0 and score == 0.0:
        return Firmness(*ids, "some", 0.0)
    if not is_chosen:
        return Firmness(*ids, "none", None)
    is_needed = people > 0 or score > insight.score(*place)
    is_known = insight.solved.program.objective != "floor_then_score"
    return Firmness(*ids, "all", score if is_known and not is_needed else None)


def _lost_by_prices(insight: Insight, place: Place) -> tuple[float, float]:
    """Return what the best matching without a chosen pair, or with another one, loses."""
    if place in insight.pairs:
        return insight.chains.without(*place)
    chain = insight.chains.forced(*place, insight.score(*place))
    return chain.pairs_lost, chain.score_lost


def _lost_by_solving(insight: Insight, place: Place) -> tuple[float, float]:
    """Return the same as people, or as another worst pair, and as score."""
    if place in insight.pairs:
        after = _pairs_without(insight, place)
    else:
        after = insight.solved_with(*place)
    then, now = _worth(insight, insight.pairs), _worth(insight, after)
    if now[:2] != then[:2]:
        return math.inf, 0.0
    return 0.0, then[2] - now[2]


def _worth(insight: Insight, pairs: frozenset[Place] | None) -> tuple[float, float, float]:
    """Return what counts of some pairs, what counts first before the rest; None is the worst."""
    if pairs is None:
        return -1.0, 0.0, 0.0
    scores = [insight.score(*pair) for pair in pairs]
    has_floor = insight.solved.program.objective == "floor_then_score"
    worst = min(scores, default=0.0) if has_floor else 0.0
    return insight.served(pairs) if insight.counts_people else 0, worst, math.fsum(scores)


def _required(insight: Insight) -> frozenset[Place]:
    solved = insight.solved
    found = required_pairs(insight.people, solved.program.rules, insight.tests, solved.sides)
    return frozenset((int(a), int(b)) for a, b in found)


def _pairs_without(insight: Insight, place: Place) -> frozenset[Place] | None:
    """Return the pairs of the best matching without one, by solving again."""
    graph, program = insight.solved.graph, insight.solved.program
    a, b = graph.side_a[place[0]], graph.side_b[place[1]]

    def others(_: Cohort, rows_a: Rows, rows_b: Rows) -> Bools:
        same: Bools = (rows_a == a) & (rows_b == b)
        if graph.layout == "pool":
            same |= (rows_a == b) & (rows_b == a)
        return ~same

    rules = (*program.rules, Where("not this pair", others))
    bound = program.model_copy(update={"rules": rules})
    try:
        found, ends, _ = solve(insight.people, bound, insight.solved.seed).chosen
    except InfeasibleError:
        return None
    return frozenset(zip(found.tolist(), ends.tolist(), strict=True))
