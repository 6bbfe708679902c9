"""The proof that comes with an answer, by id, and the check that trusts nobody.

The check makes every score again from the profiles, learner by learner, in plain blocks; it
shares no code with the solver and none with the search for candidates.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.exchange.benefit import contribution
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.rules import required_pairs, rule_tests
from mentormatch.solving.sides import Split, split
from mentormatch.solving.solve import Solved

__all__ = ["Certificate", "Verification"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How many cells of the table side a x side b are recomputed at a time.
CELLS_AT_ONCE = 1 << 21

#: How many violations are described; all are counted.
DESCRIBED = 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What an independent check of a certificate found.

    Attributes
    ----------
    ok : bool
        The matching is allowed and provably none is better.
    complete : bool
        Everybody who takes part has a price, and no allowed pair is worth more than its prices.
    feasible : bool
        Every pair is allowed, scored as claimed, and nobody is in two.
    bound : float
        What no matching that serves as many people can exceed.
    value : float
        The total score of the pairs.
    gap : float
        ``bound - value``, measured exactly; 0 for a proven optimum.
    violations : tuple of str
        What is wrong, in words; the first twenty.
    """

    ok: bool
    complete: bool
    feasible: bool
    bound: float
    value: float
    gap: float
    violations: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices that prove a bound no matching can beat.

    The price of a person is what their place in the matching is worth. For every allowed pair
    the two prices cover the score, so their sum over everybody bounds every matching; at the
    optimum the bound is reached. Under ``people_then_score`` a second set, the count prices,
    proves in the same way that nobody can serve more people, and `inflation` was added to every
    score: the bound is Σ prices - inflation x pairs.

    Attributes
    ----------
    objective : str
        ``"people_then_score"`` or ``"score"``.
    pairs : tuple of (str, str)
        Ids, side a first.
    scores : tuple of float
        One per pair.
    prices : mapping of str to float
        One per person who takes part.
    count_prices : mapping of str to float, or None
        One per person who takes part; `None` under ``"score"``.
    inflation : float
        λ, a power of two; 0 under ``"score"``.
    """

    objective: str
    pairs: tuple[tuple[str, str], ...]
    scores: tuple[float, ...]
    prices: Mapping[str, float]
    count_prices: Mapping[str, float] | None
    inflation: float

    @classmethod
    def of(cls, solved: Solved) -> Self:
        """Return the certificate of a solved program."""
        graph, solution = solved.graph, solved.solution
        ids = (*graph.a_ids, *graph.b_ids)
        counted = solution.row_count_prices is not None and solution.col_count_prices is not None
        pairs = zip(solution.rows.tolist(), solution.cols.tolist(), strict=True)
        return cls(
            objective=str(solution.objective),
            pairs=tuple((graph.a_ids[a], graph.b_ids[b]) for a, b in pairs),
            scores=tuple(solution.scores.tolist()),
            prices=_by_id(ids, solution.row_prices, solution.col_prices),
            count_prices=_by_id(ids, solution.row_count_prices, solution.col_count_prices)
            if counted
            else None,
            inflation=solution.lam,
        )

    def __repr__(self) -> str:
        return (
            f"Certificate({self.objective}, {len(self.pairs):,} pairs, "
            f"value={self.value:.6g}, bound={self.bound:.6g})"
        )

    @property
    def value(self) -> float:
        """The total score of the pairs."""
        return fsum(self.scores)

    @property
    def bound(self) -> float:
        """The total that no matching serving as many people can exceed."""
        return fsum((*self.prices.values(), *([-self.inflation] * len(self.pairs))))

    @property
    def gap(self) -> float:
        """``bound - value``, exactly rounded: 0 for a proven optimum."""
        return fsum(
            (
                *self.prices.values(),
                *([-self.inflation] * len(self.pairs)),
                *(-score for score in self.scores),
            )
        )

    @property
    def count_gap(self) -> float:
        """How many more pairs the count prices leave possible; 0 when they prove there are none."""
        if self.count_prices is None:
            return 0.0
        return fsum(self.count_prices.values()) - len(self.pairs)

    def verify(self, people: Cohort, program: Program) -> Verification:
        """Check the certificate against the profiles, without the solver.

        Parameters
        ----------
        people, program
            What the matching was made from.

        Returns
        -------
        Verification
            ``.ok`` is True only for a proven optimum of this program on these people.

        Raises
        ------
        ProgramError, InfeasibleError, ProfileErrors
            When the program does not fit these people at all.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).certificate.verify(people, program).ok
        True
        """
        sides = split(people, program.format)
        everybody = [people.ids[row] for row in (*sides.a, *sides.b)]
        complaints = [
            *_of_objective(self, program),
            *_of_people(self.prices, everybody, "price"),
            *(_of_people(self.count_prices, everybody, "count price") if self.count_prices else ()),
        ]
        if complaints:
            return self._verification(False, False, complaints)
        overpriced, allowed = _scan(self, people, program, sides)
        wrong = _of_pairs(self, allowed)
        gaps = [
            f"the {what} leave a gap of {gap:.6g}"
            for what, gap in (("prices", self.gap), ("count prices", self.count_gap))
            if gap
        ]
        return self._verification(not overpriced, not wrong, [*wrong, *overpriced, *gaps])

    def _verification(self, complete: bool, feasible: bool, complaints: list[str]) -> Verification:
        return Verification(
            ok=not complaints,
            complete=complete,
            feasible=feasible,
            bound=self.bound,
            value=self.value,
            gap=self.gap,
            violations=tuple(complaints[:DESCRIBED]),
        )


def _by_id(ids: tuple[str, ...], *prices: Floats | None) -> Mapping[str, float]:
    together = np.concatenate([part for part in prices if part is not None])
    return MappingProxyType(dict(zip(ids, together.tolist(), strict=True)))


def _of_objective(certificate: Certificate, program: Program) -> list[str]:
    complaints = []
    if certificate.objective != program.objective:
        complaints.append(
            f"the certificate proves {certificate.objective!r}, "
            f"the program asks for {program.objective!r}"
        )
    counts = certificate.count_prices is not None
    if counts != (certificate.objective == "people_then_score"):
        complaints.append("count prices go with 'people_then_score', and only with it")
    if not counts and certificate.inflation != 0.0:
        complaints.append("without count prices nothing may be added to the scores")
    return complaints


def _of_people(prices: Mapping[str, float], everybody: list[str], what: str) -> list[str]:
    here = set(everybody)
    return [
        *(f"{person} has no {what}" for person in everybody if person not in prices),
        *(f"{person} has a {what} but takes no part" for person in prices if person not in here),
        *(
            f"{person} has the {what} {price}, which is not a number of 0 or more"
            for person, price in prices.items()
            if not 0.0 <= price < float("inf")
        ),
    ]


def _of_pairs(certificate: Certificate, allowed: Mapping[tuple[str, str], float]) -> list[str]:
    """Say which chosen pairs are not allowed, are scored wrongly, or share a person."""
    complaints = []
    if len(certificate.scores) != len(certificate.pairs):
        complaints.append("there is not one score for every pair")
    for pair, claimed in zip(certificate.pairs, certificate.scores, strict=False):
        if pair not in allowed:
            complaints.append(f"{pair[0]} and {pair[1]} are not an allowed pair")
        elif allowed[pair] != claimed:
            complaints.append(
                f"{pair[0]} and {pair[1]} are scored {claimed!r}; "
                f"their profiles give {allowed[pair]!r}"
            )
    partners = Counter(person for pair in certificate.pairs for person in pair)
    complaints += [f"{person} is in {n} pairs" for person, n in partners.items() if n > 1]
    return complaints


def _scan(
    certificate: Certificate, people: Cohort, program: Program, sides: Split
) -> tuple[list[str], dict[tuple[str, str], float]]:
    """Compare all allowed pairs with their prices.

    Returns what exceeds them, in words, and the scores of the chosen pairs that are allowed.
    """
    row_of = {person: row for row, person in enumerate(people.ids)}
    chosen = np.array(
        [[row_of.get(a, -1), row_of.get(b, -1)] for a, b in certificate.pairs], dtype=np.int64
    ).reshape(-1, 2)
    chosen_keys = chosen[:, 0] * len(people) + chosen[:, 1]
    price = _by_row(certificate.prices, people)
    count = None if certificate.count_prices is None else _by_row(certificate.count_prices, people)
    exceeding: list[str] = []
    allowed: dict[tuple[str, str], float] = {}
    for a, b, score in _allowed_pairs(people, program, sides):
        excess = score + certificate.inflation - (price[a] + price[b])
        uncovered = np.zeros(len(a), bool) if count is None else count[a] + count[b] < 1.0
        for edge in np.flatnonzero((excess > 0.0) | uncovered):
            if len(exceeding) < DESCRIBED:
                exceeding.append(
                    f"{people.ids[a[edge]]} and {people.ids[b[edge]]} are worth more than their "
                    f"{'count prices' if uncovered[edge] else 'prices'}"
                )
        for edge in np.flatnonzero(np.isin(a * len(people) + b, chosen_keys)):
            allowed[people.ids[a[edge]], people.ids[b[edge]]] = float(score[edge])
    return exceeding, allowed


def _by_row(prices: Mapping[str, float], people: Cohort) -> Floats:
    return np.array([prices.get(person, 0.0) for person in people.ids])


def _allowed_pairs(
    people: Cohort, program: Program, sides: Split
) -> Iterator[tuple[Rows, Rows, Floats]]:
    """Yield rows and scores of all allowed pairs, straight from the profiles."""
    taking_part = np.concatenate((sides.a, sides.b))
    tests = rule_tests(people, program.rules, taking_part)
    required = required_pairs(people, program.rules, tests, sides)
    must = np.zeros((len(sides.a), len(sides.b)), dtype=np.bool_) if len(required) else None
    if must is not None:
        must[required[:, 0], required[:, 1]] = True
    step = max(1, CELLS_AT_ONCE // max(1, len(sides.b)))
    counted = program.score.wishes_counted
    for first in range(0, len(sides.a), step):
        block = sides.a[first : first + step]
        score = program.score.combine(
            _received(people, sides.b, block, counted).T, _received(people, block, sides.b, counted)
        )
        worth = score > 0.0 if must is None else (score > 0.0) | must[first : first + step]
        i, j = np.nonzero(worth)
        rows_a, rows_b = block[i], sides.b[j]
        allowed = ~people.are_declined(rows_a, rows_b)
        for _, test in tests:
            allowed &= test(rows_a, rows_b)
        yield rows_a[allowed], rows_b[allowed], score[i, j][allowed]


def _received(people: Cohort, teachers: Rows, learners: Rows, counted: int | None) -> Floats:
    """Return what every learner receives from every teacher, learner by learner.

    The definition of the benefit, written out; `mentormatch.exchange.benefit` is the quick way.
    """
    offers = people.teaches[teachers].toarray()
    received = np.zeros((len(teachers), len(learners)))
    for position, learner in enumerate(learners):
        wishes = slice(*people.wants.indptr[learner : learner + 2])
        skills, priority = people.wants.indices[wishes], people.wants.data[wishes]
        known = np.maximum(_levels(people.knows, learner), _levels(people.teaches, learner))[skills]
        still_open = known < 1.0
        skills, priority, known = skills[still_open], priority[still_open], known[still_open]
        if not len(skills):
            continue
        counting = priority if counted is None else np.sort(priority)[::-1][:counted]
        # Added one after the other, as everywhere: a total must not depend on who adds it up.
        weight = priority / np.cumsum(counting)[-1]
        terms = np.sort(contribution(weight, offers[:, skills], known), axis=1)[:, ::-1]
        received[:, position] = np.minimum(terms[:, : len(counting)].sum(axis=1), 1.0)
    return received


def _levels(matrix: csr_array, row: int) -> Floats:
    dense = np.zeros(matrix.shape[1])
    entries = slice(*matrix.indptr[row : row + 2])
    dense[matrix.indices[entries]] = matrix.data[entries]
    return dense
