"""Slow, plain answers to compare with. Nothing here calls the code that it checks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from math import exp, log
from typing import Any

import networkx as nx
import numpy as np
from scipy.optimize import linear_sum_assignment

from mentormatch import Cohort, OneWay, Participant, Reciprocity
from mentormatch.exchange.shared import SharedWishes

#: Half the grain of scores: benefits reach a floor that they only miss by rounding.
HAIR = 2.0**-41


def coverage(teacher: Participant, learner: Participant, skill: str) -> float:
    """The part of the learner's gap in a skill that the teacher can close."""
    known = max(learner.knows.get(skill, 0.0), learner.teaches.get(skill, 0.0))
    return max(0.0, teacher.teaches.get(skill, 0.0) - known) / (1.0 - known)


def benefit(teacher: Participant, learner: Participant, counted: int | None = None) -> float:
    """The definition of the benefit, skill by skill."""
    wishes = {
        skill: priority
        for skill, priority in learner.wants.items()
        if max(learner.knows.get(skill, 0.0), learner.teaches.get(skill, 0.0)) < 1.0
    }
    if not wishes:
        return 0.0
    terms = sorted(
        (weight * coverage(teacher, learner, skill) for skill, weight in wishes.items()),
        reverse=True,
    )
    heaviest = sorted(wishes.values(), reverse=True)
    return min(1.0, sum(terms[:counted]) / sum(heaviest[:counted]))


def overlap(one: Participant, other: Participant, counted: int | None = None) -> float:
    """The definition of the overlap of two people's wishes, skill by skill."""
    shares = []
    for person in (one, other):
        wishes = {
            skill: priority
            for skill, priority in person.wants.items()
            if max(person.knows.get(skill, 0.0), person.teaches.get(skill, 0.0)) < 1.0
        }
        heaviest = sum(sorted(wishes.values(), reverse=True)[:counted])
        shares.append({skill: priority / heaviest for skill, priority in wishes.items()})
    terms = [
        min(shares[0][skill], shares[1][skill])
        for skill in shares[0]
        if skill in shares[1] and skill not in one.teaches and skill not in other.teaches
    ]
    return min(1.0, sum(sorted(terms, reverse=True)[:counted]))


def score(model: Reciprocity | OneWay | SharedWishes, a: Participant, b: Participant) -> float:
    """The score of a pair, from the formulas of the means."""
    if isinstance(model, SharedWishes):
        shared = overlap(a, b, model.wishes_counted)
        return shared if shared >= model.floor - HAIR else 0.0
    for_a, for_b = benefit(b, a, model.wishes_counted), benefit(a, b, model.wishes_counted)
    if isinstance(model, OneWay):
        received = for_a if model.teacher == "b" else for_b
        return received if received >= model.floor - HAIR else 0.0
    floor_a, floor_b = model.floor if isinstance(model.floor, tuple) else (model.floor,) * 2
    if for_a < floor_a - HAIR or for_b < floor_b - HAIR:
        return 0.0
    return mean_of(model.mean, for_a, for_b, *model.weights)


def mean_of(mean: str, x: float, y: float, x_weight: float = 1.0, y_weight: float = 1.0) -> float:
    """The formulas of the weighted means."""
    whole = x_weight + y_weight
    if mean == "arithmetic":
        return (x_weight * x + y_weight * y) / whole
    if min(x, y) == 0.0:
        return 0.0
    if mean == "harmonic":
        return whole * x * y / (x_weight * y + y_weight * x)
    if mean == "geometric":
        return exp((x_weight * log(x) + y_weight * log(y)) / whole)
    return min(x, y)


def wished(a: Participant, b: Participant) -> float:
    """What two people get for their wishes for each other, of a weight of 1."""
    there = 1.0 / (a.prefers.index(b.id) + 1) if b.id in a.prefers else 0.0
    back = 1.0 / (b.prefers.index(a.id) + 1) if a.id in b.prefers else 0.0
    return (there + back) / 2.0


def managers_up(people: Cohort, person: str) -> Iterator[str]:
    """Everybody above a person, nearest first, by walking up."""
    above = {one.id: one.manager_id for one in people}
    boss = above.get(person)
    while boss is not None:
        yield boss
        boss = above.get(boss)


def table(
    people: Cohort,
    side_a: Iterable[Participant],
    side_b: Iterable[Participant],
    model: Reciprocity | OneWay | SharedWishes,
    may_be: Callable[[Participant, Participant], bool],
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Scores of all pairs; 0 where the pair may not be."""
    rows = list(side_b)
    return np.array(
        [[score(model, a, b) if may_be(a, b) else 0.0 for b in rows] for a in side_a]
    ).reshape(-1, len(rows))


def quick_table(
    side_a: Sequence[Participant], side_b: Sequence[Participant]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Harmonic scores of all pairs, as `table` has them, skill by skill: for thousands."""
    for_a, for_b = _shares(side_a, side_b), _shares(side_b, side_a).T
    either = for_a + for_b
    return np.divide(2.0 * for_a * for_b, either, out=np.zeros(either.shape), where=either > 0.0)


def _shares(
    learners: Sequence[Participant], teachers: Sequence[Participant]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What share of the wishes of each learner each teacher meets."""
    wished: dict[str, list[tuple[int, float, float]]] = {}
    for row, one in enumerate(learners):
        known = {
            skill: max(one.knows.get(skill, 0), one.teaches.get(skill, 0)) for skill in one.wants
        }
        wishes = {skill: wish for skill, wish in one.wants.items() if known[skill] < 1.0}
        for skill, wish in wishes.items():
            share = wish / sum(wishes.values())
            wished.setdefault(skill, []).append((row, share, known[skill]))
    taught: dict[str, list[tuple[int, float]]] = {}
    for column, one in enumerate(teachers):
        for skill, level in one.teaches.items():
            taught.setdefault(skill, []).append((column, level))
    found = np.zeros((len(learners), len(teachers)))
    for skill in wished.keys() & taught.keys():
        rows, shares, has = (np.array(part)[:, None] for part in zip(*wished[skill], strict=True))
        columns, levels = map(np.array, zip(*taught[skill], strict=True))
        found[rows, columns] += shares * np.maximum(0.0, levels - has) / (1.0 - has)
    return np.minimum(found, 1.0)


def best_by_brute_force(scores: Any, objective: str) -> tuple[int, float]:
    """Number of pairs and total of the best matching, by trying all; positive scores are pairs."""
    edges = [(i, j) for i, j in zip(*np.nonzero(scores), strict=True)]
    best = (0, 0.0)
    for size in range(1, min(scores.shape, default=0) + 1):
        for chosen in combinations(edges, size):
            if len({i for i, _ in chosen}) == len({j for _, j in chosen}) == size:
                total = float(sum(scores[i, j] for i, j in chosen))
                found = (size, total)
                key = found if objective == "people_then_score" else (found[1], found[0])
                best_key = best if objective == "people_then_score" else (best[1], best[0])
                if key > best_key:
                    best = found
    return best


def best_in_pool(scores: Any, objective: str) -> tuple[int, float]:
    """Number of pairs and total of the best matching of one pool, by networkx."""
    graph = nx.Graph()
    for i, j in zip(*np.nonzero(np.triu(scores, 1)), strict=True):
        graph.add_edge(i, j, weight=scores[i, j])
    chosen = nx.max_weight_matching(graph, maxcardinality=objective == "people_then_score")
    return len(chosen), float(sum(scores[i, j] for i, j in chosen))


def best_in_rings(scores: Any, objective: str) -> tuple[int, float]:
    """People in the best rings and their total, by SciPy; whoever stays out teaches themself."""
    bonus = 0.0 if objective == "score" else float(len(scores) + 1)
    forbidden = -(bonus + 1.0) * (len(scores) + 1)
    worth = np.where(scores > 0, scores + bonus, forbidden)
    np.fill_diagonal(worth, 0.0)
    i, j = linear_sum_assignment(worth, maximize=True)
    return int((i != j).sum()), float(scores[i, j][i != j].sum())


def best_in_rings_of_two(scores: Any, objective: str) -> tuple[int, float]:
    """People in the best rings of two and their total: one pool on summed scores, by networkx."""
    both = np.where((scores > 0) & (scores.T > 0), scores + scores.T, 0.0)
    pairs, total = best_in_pool(both, objective)
    return 2 * pairs, total


def best_by_scipy(scores: Any, objective: str) -> tuple[int, float]:
    """Number of pairs and total of the best matching, by SciPy; positive scores are pairs."""
    largest = float(scores.max(initial=0.0))
    bonus = 0.0 if objective == "score" else largest * (min(scores.shape) + 1)
    i, j = linear_sum_assignment(np.where(scores > 0, scores + bonus, 0.0), maximize=True)
    kept = scores[i, j] > 0
    return int(kept.sum()), float(scores[i, j][kept].sum())


def best_for_those_who_waited(scores: Any, waited_a: Any, waited_b: Any) -> tuple[int, int, float]:
    """Pairs, people served who waited and total of the best matching, in this order, by SciPy."""
    served = np.asarray(waited_a, dtype=np.float64)[:, None] + np.asarray(waited_b)
    each = float(scores.max(initial=0.0)) * (min(scores.shape) + 1)  # more than any total
    pair = each * (2 * min(scores.shape) + 1)  # more than any total of these
    i, j = linear_sum_assignment(
        np.where(scores > 0, pair + each * served + scores, 0.0), maximize=True
    )
    i, j = i[scores[i, j] > 0], j[scores[i, j] > 0]
    return len(i), int(served[i, j].sum()), float(scores[i, j].sum())


def most_served_of_those_who_waited(scores: Any, waited_a: Any, waited_b: Any) -> int:
    """How many who waited any matching serves, whatever else it is worth, by SciPy."""
    served = np.asarray(waited_a, dtype=np.float64)[:, None] + np.asarray(waited_b)
    i, j = linear_sum_assignment(np.where(scores > 0, served, 0.0), maximize=True)
    return int(served[i, j][scores[i, j] > 0].sum())
