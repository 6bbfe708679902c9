"""The proof that comes with an answer, by id, and the check that trusts nobody.

The check starts again from the profiles (`mentormatch.matching.scan`); it shares no code with the
solver and none with the search for candidates.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from itertools import chain
from math import frexp, fsum, nan
from types import MappingProxyType
from typing import Any, ClassVar, Self

from mentormatch.assign.problem import Status
from mentormatch.exchange.layout import Layout
from mentormatch.matching.checks import (
    DESCRIBED,
    IdPair,
    Partners,
    pair_faults,
    price_faults,
    ring_faults,
)
from mentormatch.matching.floor import Floor
from mentormatch.matching.preferred import Added
from mentormatch.matching.recount import Recount
from mentormatch.matching.scan import named, scores_of
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.divided import divided
from mentormatch.solving.rules import required_pairs, rule_tests
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import AnySolution

__all__ = ["Certificate", "Prices", "Verification", "added_up", "all_prices"]

#: One table of price by id for either side, or one for a pool.
Prices = tuple[Mapping[str, float], ...]

#: Beyond this, scores that are multiples of 2**-40, and below 2**10 whatever preferences add to
#: them, cannot be added to it without rounding.
LARGEST_INFLATION = 2.0**11


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
        Every pair is allowed and scored as claimed, nobody is in more on one side than they can be,
        in fewer than they must or with too many of one group, and all pairs that the program
        requires are made; rings are closed and not too long.
    bound : float
        What no matching that serves as many people can exceed.
    value : float
        The total score of the pairs.
    gap : float
        ``bound - value``, rounded once; 0 for a proven optimum.
    violations : tuple of str
        What is wrong, in words; the first twenty.

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
    >>> proof = mm.match(people, program).certificate
    >>> other = program.model_copy(update={"rules": (mm.Forbid([("ana", "bo")]),)})
    >>> proof.verify(people, other).violations
    ('ana and bo are not an allowed pair',)
    """

    ok: bool
    complete: bool
    feasible: bool
    bound: float
    value: float
    gap: float
    violations: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Certificate(ABC):
    """Prices that prove a bound no matching can beat.

    The price of a person is what their place in the matching is worth; who is on both sides has
    two places, and a price for each. For every allowed pair
    the two prices cover the score, so their sum over everybody bounds every matching; at the
    optimum the bound is reached. Under ``people_then_score`` a second set, the count prices,
    proves in the same way that nobody can serve more people, and `inflation` was added to every
    score: the bound is Σ prices - inflation x pairs. In one pool sets of an odd number of people
    have prices, too (`PoolCertificate`), and where people may have several partners pairs do
    (`SidesCertificate`); in rings prices are free in sign (`RingCertificate`).

    Attributes
    ----------
    objective : str
        ``"people_then_score"``, ``"floor_then_score"`` or ``"score"``.
    pairs : tuple of (str, str)
        Ids, side a first; in one pool the smaller id; of rings who teaches and who learns.
    scores : tuple of float
        One per pair.
    prices : tuple of mapping of str to float
        For side a and for side b, one price per person there; for one pool a single table; for
        rings everybody's as a teacher and as a learner.
    count_prices : tuple of mapping of str to float, or None
        Likewise; `None` under ``"score"``.
    inflation : float
        λ, a power of two; 0 under ``"score"``.
    floor : Floor or None
        Under ``"floor_then_score"``: the prices then cover the pairs from the floor upwards, and
        those above it have count prices of their own.

    References
    ----------
    H. W. Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics
    Quarterly 2 (1955): prices that cover every score bound every matching (weak duality).

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
    >>> mm.match(people, program).certificate
    Certificate(people_then_score, 1 pair, value=1, bound=1)
    """

    #: How people meet in what is proven.
    layout: ClassVar[Layout]
    #: No price is lower.
    _least_price: ClassVar[float] = 0.0

    objective: str
    pairs: tuple[IdPair, ...]
    scores: tuple[float, ...]
    prices: Prices
    count_prices: Prices | None
    inflation: float
    floor: "Floor[Certificate] | None" = field(default=None, kw_only=True)

    #: Which attributes are tables by id.
    _tables: ClassVar[tuple[str, ...]] = ("prices", "count_prices")

    def __post_init__(self) -> None:
        for name in self._tables:
            prices = getattr(self, name)
            if prices is not None:
                sealed = tuple(MappingProxyType(dict(side)) for side in prices)
                object.__setattr__(self, name, sealed)

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...]]:
        # Read-only mappings are not to be pickled; plain ones become read-only again on the way in.
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in self._tables:
            if values[name] is not None:
                values[name] = tuple(map(dict, values[name]))
        return partial(type(self), floor=values.pop("floor")), tuple(values.values())

    def __repr__(self) -> str:
        pairs = f"{len(self.pairs):,} pair{'s' * (len(self.pairs) != 1)}"
        return (
            f"Certificate({self.objective}, {pairs}, "
            f"value={self.value:.6g}, bound={self.bound:.6g})"
        )

    @property
    def value(self) -> float:
        """The total score of the pairs."""
        return added_up(self.scores)

    @property
    def people_served(self) -> int:
        """How many people have a partner; who is on both sides counts once for each role."""
        return 2 * len(self.pairs)

    @property
    def bound(self) -> float:
        """The total that no matching serving as many people can exceed."""
        return added_up(self._bound_terms())

    @property
    def gap(self) -> float:
        """``bound - value`` as one sum that is rounded once: 0 for a proven optimum."""
        return added_up((*self._bound_terms(), *(-score for score in self.scores)))

    @property
    def count_gap(self) -> float:
        """How many more pairs the count prices leave possible; 0 when they prove there are none.

        Where people may have several partners it is half the number of people who could be served.
        """
        if self.count_prices is None:
            return 0.0
        return added_up((*self._count_terms(), -self.people_served / 2))

    @property
    def status(self) -> Status:
        """``"optimal"`` when all gaps are exactly 0, else ``"feasible"``."""
        is_open = self.gap or self.count_gap or self._floor_gaps()
        return Status.FEASIBLE if is_open else Status.OPTIMAL

    def _floor_gaps(self) -> list[str]:
        """Say why the worst pair might be better, or is not what is claimed."""
        if self.floor is None:
            return []
        faults = []
        worst = min(self.scores, default=None)
        if self.floor.score != worst:
            faults.append(f"the floor is said to be {self.floor.score}, the worst pair is {worst}")
        if self.floor.at_most != self.floor.score:
            faults.append(f"the floor might be as high as {self.floor.at_most}")
        if self.pairs and not self.floor.above.bound < self.people_served / 2:
            faults.append("pairs above the floor are not proven to serve fewer people")
        return faults

    @abstractmethod
    def at_positions(self, people: Cohort, sides: Split) -> AnySolution:
        """Return the same by position, as a solver would; the pairs are in the order of `a`."""

    @abstractmethod
    def _bound_terms(self) -> Sequence[float]:
        """Return what adds up to the bound."""

    @abstractmethod
    def _count_terms(self) -> Sequence[float]:
        """Return what adds up to how many pairs the count prices leave possible."""

    @abstractmethod
    def _places(self, people: Cohort, sides: Split) -> Sequence[Sequence[str]]:
        """Return whom each table of prices is of, by position."""

    @abstractmethod
    def _overpriced(self, recount: Recount, places: Sequence[Sequence[str]]) -> list[str]:
        """Say what is worth more than all that covers it; everybody has a price."""

    @abstractmethod
    def _faults_beyond_prices(self, places: Sequence[Sequence[str]]) -> list[str]:
        """Say what is wrong with whatever else proves the bound, before any profile is read."""

    def _faults_before(
        self, sides: Split, places: Sequence[Sequence[str]], promised: Sequence[IdPair]
    ) -> list[str]:
        """Say what is wrong with all but the prices, before any profile is read."""
        return self._faults_beyond_prices(places) or self._faults_of_loads(sides, places, promised)

    def _faults_of_loads(
        self,
        sides: Split,  # noqa: ARG002 - for those who have any
        places: Sequence[Sequence[str]],  # noqa: ARG002
        promised: Sequence[IdPair],  # noqa: ARG002
    ) -> list[str]:
        """Say what is wrong with how many partners people may and must have, and its prices."""
        return []

    def _partners(self) -> tuple[Partners, Partners]:
        """Return how many partners may be had, and must be, by those on either side who differ."""
        return ({}, {}), ({}, {})

    def _faults_of_groups(
        self,
        sides: Split,  # noqa: ARG002 - for those who may have several partners
        places: Sequence[Sequence[str]],  # noqa: ARG002
    ) -> list[str]:
        """Say who has too many partners of one group."""
        return []

    def _faults_of_trio(
        self,
        recount: Recount,  # noqa: ARG002 - for those who may have one
        program: Program,  # noqa: ARG002
        places: Sequence[Sequence[str]],  # noqa: ARG002
    ) -> list[str]:
        """Say what is wrong with who joins which pair, the pairs being without fault."""
        return []

    def _inflation_faults(self) -> list[str]:
        """Say what is wrong with the inflation."""
        if _is_inflation(self.inflation):
            return []
        most = f"{LARGEST_INFLATION:g}"
        return [f"the inflation is {self.inflation}, not 0 or a power of two up to {most}"]

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
        return self.verify_between(people, program, divided(people, program))

    def verify_between(self, people: Cohort, program: Program, sides: Split) -> Verification:
        """Check the certificate for people who are divided in another way than the program's.

        Parameters
        ----------
        people, program
            As for `verify`.
        sides
            Who stands where, and how many partners each may have.
        """
        tests = rule_tests(people, program.rules, sides)
        required = required_pairs(people, program.rules, tests, sides)
        places = self._places(people, sides)
        ids = places[0], places[-1]
        promised = [named(ids, a, b, sides.layout) for a, b in required.tolist()]
        complaints = _of_claims(self, program, sides.layout, places) or self._faults_before(
            sides, places, promised
        )
        if self.floor is not None and not complaints:
            above = self.floor.above
            complaints = [
                f"above the floor: {fault}"
                for fault in _faults_of_counts(above, places)
                or above._faults_before(sides, places, promised)
            ]
        if complaints:
            return self._verification(False, False, complaints)
        added = Added.of(people, program.preferences, sides.taking_part)
        recount = Recount.of(people, program.score, sides, tests, required, added)
        allowed = scores_of(recount, self.pairs, ids)
        made = self.pairs, self.scores, allowed, promised
        wrong = pair_faults(*made, sides.layout, *self._partners())
        wrong += self._faults_of_groups(sides, places)
        if sides.layout == "arrows":
            wrong += ring_faults(self.pairs, sides.longest)
        if not wrong:
            wrong = self._faults_of_trio(recount, program, places)
        dearer = self._overpriced(recount, places)
        gaps = [
            f"the {what} leave a gap of {gap:.6g}"
            for what, gap in (("prices", self.gap), ("count prices", self.count_gap))
            if gap
        ] + self._floor_gaps()
        return self._verification(not dearer, not wrong, [*wrong, *dearer, *gaps])

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


def _is_inflation(number: float) -> bool:
    return number == 0.0 or (0.0 < number <= LARGEST_INFLATION and frexp(number)[0] == 0.5)


def added_up(terms: Iterable[float]) -> float:
    """Return a sum that is rounded once; NaN where forged numbers have none.

    Examples
    --------
    >>> added_up([1e308, 1e308])
    nan
    """
    try:
        return fsum(terms)
    except (OverflowError, ValueError):
        return nan


def all_prices(prices: Prices) -> Iterator[float]:
    """Return the prices of every table, one after the other.

    Examples
    --------
    >>> list(all_prices(({"ana": 1.0}, {"bo": 0.5})))
    [1.0, 0.5]
    """
    return chain.from_iterable(side.values() for side in prices)


def _of_claims(
    certificate: Certificate,
    program: Program,
    layout: Layout,
    everybody: Sequence[Sequence[str]],
) -> list[str]:
    """Say what is wrong with a certificate before any profile is looked at."""
    complaints = []
    if certificate.layout != layout:
        complaints.append(
            f"the certificate proves pairs by {certificate.layout!r}, the program makes them by "
            f"{layout!r}"
        )
    if certificate.objective != program.objective:
        complaints.append(
            f"the certificate proves {certificate.objective!r}, "
            f"the program asks for {program.objective!r}"
        )
    counts = certificate.count_prices
    if (counts is None) != (certificate.objective == "score"):
        complaints.append("count prices go with every objective but 'score'")
    if (certificate.floor is None) == (certificate.objective == "floor_then_score"):
        complaints.append("a floor goes with 'floor_then_score', and only with it")
    if counts is None and certificate.inflation != 0.0:
        complaints.append("without count prices nothing may be added to the scores")
    complaints += certificate._inflation_faults()
    if len(certificate.scores) != len(certificate.pairs):
        complaints.append("there is not one score for every pair")
    least = certificate._least_price
    complaints += _price_faults(certificate.prices, "price", everybody, least)
    if counts is not None:
        complaints += _price_faults(counts, "count price", everybody, least)
    return complaints


def _faults_of_counts(above: Certificate, everybody: Sequence[Sequence[str]]) -> list[str]:
    """Say what is wrong with a proof of how many some pairs serve: its prices are count prices."""
    if above.count_prices is not None:
        return ["count prices have no count prices of their own"]
    return _price_faults(above.prices, "count price", everybody, 0.0)


def _price_faults(
    prices: Prices, what: str, everybody: Sequence[Sequence[str]], least: float
) -> list[str]:
    """Say what is wrong with tables of prices."""
    if len(prices) != len(everybody):
        tables = "either side" if len(everybody) > 1 else "the pool"
        return [f"there is not one table of {what}s for {tables}"]
    return [
        fault
        for side, here in zip(prices, everybody, strict=True)
        for fault in price_faults(side, here, what, least)
    ]
