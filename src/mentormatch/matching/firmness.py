"""How firm a pair is: whether every best matching holds it, and how far its score may fall."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.loops import exchangeable_arrows
from mentormatch.assign.problem import Solution
from mentormatch.assign.ring_problem import RingSolution
from mentormatch.assign.ties import exchangeable
from mentormatch.errors import InfeasibleError, ProgramError
from mentormatch.exchange.rules import Where
from mentormatch.matching.insight import Insight, pairs_of
from mentormatch.people import Cohort
from mentormatch.solving.solve import solve
from mentormatch.solving.solved import Solved

__all__ = ["Firmness", "firm_pairs", "firmness"]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]
Place = tuple[int, int]

#: What to do about rings that are not proven best.
BOUNDED = (
    "rings of any length, or of two, are always proven, and matching.why_not says how far the loss "
    "with an arrow is known"
)


@dataclass(frozen=True, slots=True)
class Firmness:
    """How firm a pair is.

    Attributes
    ----------
    a, b : str
        Ids; in rings the first teaches the second.
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
        Rows of the two people; if they could be a pair either way round, the firmer one counts. In
        rings the first teaches the second.

    Raises
    ------
    ProgramError
        When the answer was stopped before it was proven best, or rings of a bounded length are not
        proven best, with the pair or without it.
    """
    _check_best(insight)
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
        The answer. Between two sides with one partner each, and in rings of any length, one look at
        all pairs is enough; elsewhere it is solved again without each pair.

    Raises
    ------
    ProgramError
        As `firmness`.
    """
    _check_best(insight)
    required = _required(insight)
    if insight.has_chains:
        return (insight.pairs - frozenset(_exchangeable(insight))) | required
    return required | frozenset(
        pair for pair in insight.pairs - required if _is_worse(insight, _without(insight, pair))
    )


def _exchangeable(insight: Insight) -> Iterator[Place]:
    """Yield the pairs that are in some best matchings and not in all."""
    solution = insight.solved.solution
    if isinstance(solution, RingSolution):
        arrows = insight.ring_problem
        open_ = np.flatnonzero(exchangeable_arrows(arrows, solution))
        yield from zip(arrows.tails[open_].tolist(), arrows.heads[open_].tolist(), strict=True)
        return
    assert isinstance(solution, Solution)  # which is what has chains, too
    pairs = insight.problem
    open_ = np.flatnonzero(exchangeable(pairs, solution))
    yield from zip(pairs.rows[open_].tolist(), pairs.cols[open_].tolist(), strict=True)


def _check_best(insight: Insight) -> None:
    """Refuse where nobody knows the best matchings."""
    insight.check_proven()
    if not insight.solved.solution.is_optimal:
        raise ProgramError(
            f"these rings are not proven best, so what every best answer holds is not known; "
            f"{BOUNDED}"
        )


def _firmness(insight: Insight, place: Place) -> Firmness:
    ids, is_chosen = insight.ids(*place), place in insight.pairs
    if place in _required(insight):
        return Firmness(*ids, "all", None)
    if not is_chosen and not insight.has_chains:
        is_worse = _is_worse(insight, insight.solved_with(*place))
        return Firmness(*ids, *(("none", None) if is_worse else ("some", 0.0)))
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
    """Return what is lost without a chosen pair, as people (or as another worst pair) and score."""
    after = _without(insight, place)
    if not _is_worse(insight, after):
        return 0.0, 0.0
    then, now = _worth(insight, insight.solved), _worth(insight, after)
    if after is not None and not after.solution.is_optimal:
        raise _unknown(insight, place)
    if now[:2] != then[:2]:
        return math.inf, 0.0
    return 0.0, then[2] - now[2]


def _is_worse(insight: Insight, after: Solved | None) -> bool:
    """Tell whether another answer, the best under a further rule, is worse than the best of all.

    Raises
    ------
    ProgramError
        Where that is not known.
    """
    now, best = _worth(insight, after), _worth(insight, insight.solved)
    if after is None or now == best:
        return after is None
    rings = after.solution
    if isinstance(rings, RingSolution) and not rings.is_optimal:
        most = rings.people + rings.count_gap if insight.counts_people else 0
        if (most, 0.0, rings.value + rings.gap) >= best:
            raise _unknown(insight)
    return True


def _unknown(insight: Insight, place: Place | None = None) -> ProgramError:
    a, b = insight.ids(*place) if place else ("", "")
    about = f"how firm it is that {a} teaches {b}" if place else "what every best answer holds"
    return ProgramError(
        f"{about} is not known: the best rings under a further rule are not proven; {BOUNDED}"
    )


def _worth(insight: Insight, solved: Solved | None) -> tuple[float, float, float]:
    """Return what counts of an answer, what counts first before the rest; None is the worst."""
    if solved is None:
        return -1.0, 0.0, 0.0
    pairs = pairs_of(solved)
    scores = [insight.score(*pair) for pair in pairs]
    has_floor = insight.solved.program.objective == "floor_then_score"
    worst = min(scores, default=0.0) if has_floor else 0.0
    return insight.served(pairs) if insight.counts_people else 0, worst, math.fsum(scores)


def _required(insight: Insight) -> frozenset[Place]:
    return frozenset((int(a), int(b)) for a, b in insight.required)


def _without(insight: Insight, place: Place) -> Solved | None:
    """Return the best matching without a pair, by solving again; None where there is none."""
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
        return solve(insight.people, bound, insight.solved.seed)
    except InfeasibleError:
        return None
