"""What a single member of a pool would add to a best matching with other pairs than they have.

Whoever is single in a best matching adds nothing to it: it is a best one without them as well. With
other pairs they add what the best of these is worth, less what the best matching of the others
loses without its other end. That does not depend on the pairs.

What is lost without anybody is found for all at once, by a tree that grows from the prices
(`mentormatch.assign.alternating`): from all who are single, and from all who could be left alone
for their price. Whom it makes even could be left over instead. If as many pairs as possible come
first, members fall into two kinds. Without one of the first kind there are as many pairs: some
matching of the most pairs leaves them single (Gallai, Edmonds). Then nobody else is to be left
alone, so prices along the tree may fall below 0. Without one of the second kind there is a pair
less, whatever is done, and somebody may be.

What is lost without the single one as well is no less, and more only of those for whom the tree
could begin with nobody else. Where that may be, a tree is grown once more, from whoever would lose
their partner, and only as far as something could be gained.

Without its single member an odd set is one of an even number, which is all paired within. Half of
its price on each of the others covers as much and costs as much.

References
----------
M. O. Ball, R. Taverna, "Sensitivity analysis for the matching problem and its use in solving
matching problems with a single side constraint", Annals of Operations Research 4 (1985). L. Lovasz,
M. D. Plummer, "Matching Theory" (1986), chapter 3. J. Edmonds, "Paths, trees, and flowers",
Canadian Journal of Mathematics 17 (1965).
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.alternating import EVEN, ODD, Tree
from mentormatch.assign.ends import Gain
from mentormatch.assign.grid import on_grid
from mentormatch.assign.limits import NO_LIMITS
from mentormatch.assign.pool import double_cover
from mentormatch.assign.pool_problem import SPARE_BITS, PoolProblem, PoolSolution
from mentormatch.assign.problem import Problem
from mentormatch.assign.shrinking import Shrunk, shrunk
from mentormatch.assign.tutte_berge import count_proof

__all__ = ["PoolEnds", "PoolWorth"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: Of somebody single: nobody, or more than one.
NOBODY, SEVERAL = -1, -2
#: A search goes so far at first, beside the largest score, and then so many times further.
NEAR, FURTHER = 2.0**-6, 4.0
#: What is said of changes that gain nothing, or less than others do.
NOTHING = Gain(0, 0.0)


@dataclass(frozen=True, eq=False)
class PoolWorth:
    """A best matching of a pool, prepared for what its single members could add.

    Parameters
    ----------
    size
        How many members it has.
    pool
        Their pairs, prices and blossoms, with more members who have no pairs: one from whom trees
        grow, and one for each who is single.
    lam
        What is added to the score of a pair.
    near
        How far a search goes at first.
    only : int64 array, shape (n_members,), or None where pairs do not count
        Of whom the best matching has as many pairs without: the one who is single now and has to
        have a partner then, `SEVERAL` where there is a choice; of all others `NOBODY`.

    Examples
    --------
    >>> from mentormatch.assign import Objective
    >>> from mentormatch.assign.pool import heaviest_pool
    >>> triangle = PoolProblem(
    ...     3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([1.0, 0.5, 0.25])
    ... )
    >>> worth = PoolWorth.of(triangle, heaviest_pool(triangle, Objective.SCORE))
    >>> worth.without(2).gain_of_rows(np.array([0]), np.array([0]), np.array([1.5]), 1)
    [Gain(pairs=0, score=0.5)]
    """

    size: int
    pool: Shrunk
    lam: float
    near: float
    only: Integers | None

    @classmethod
    def of(cls, problem: PoolProblem, solution: PoolSolution) -> "PoolWorth | None":
        """Prepare a best matching.

        Parameters
        ----------
        problem
            All allowed pairs.
        solution
            A best matching of it with its proof.

        Returns
        -------
        PoolWorth or None
            None where prices do not say it: with a floor, where scores had to be rounded, or by a
            proof whose sets were not found by shrinking.
        """
        worth, step = on_grid(problem.scores, solution.lam, SPARE_BITS)
        if solution.floor is not None or step > 0.0 or not solution.is_optimal:
            return None
        more = 1 + int((solution.mate < 0).sum())
        double = double_cover(replace(problem, size=problem.size + more, scores=worth))
        nobody = np.full(more, -1)
        mate = np.concatenate((solution.mate, nobody))
        prices = np.concatenate((solution.prices, np.zeros(more)))
        innermost = np.concatenate((solution.odd_sets.innermost, nobody))
        pool = shrunk(double, mate, prices, replace(solution.odd_sets, innermost=innermost))
        if pool is None:
            return None
        only = None if solution.count_prices is None else _only(double, mate)[: problem.size]
        near = (float(problem.scores.max(initial=0.0)) or 1.0) * NEAR
        return cls(problem.size, pool, solution.lam, near, only)

    @cached_property
    def beside(self) -> "PoolEnds":
        """What everybody is worth to somebody new.

        One tree says it of all: it grows from whoever is single, and whoever becomes even could be
        left over instead. Where pairs count, another one says it of those without whom there is a
        pair less: it grows from all who could be left alone. They hold most of the pairs at once.
        """
        ends = self._ends(self.pool, NOBODY)
        for fewer in sorted({0.0, ends.counted}):
            self._look_around(ends, fewer)
        return ends

    def _look_around(self, ends: "PoolEnds", fewer: float) -> None:
        """Find what is lost without those without whom there are so many pairs fewer.

        Whoever is single is paired with a member of their own, who could rather have the root.
        """
        pool, root, size = self.pool.copy(), self.size, self.size
        mate = np.array(pool.mate[:size])
        singles, twins = np.flatnonzero(mate < 0).tolist(), range(root + 1, len(pool.mate))
        for one, twin in zip(singles, twins, strict=True):
            pool.mate[one], pool.mate[twin] = twin, one
        alone = np.flatnonzero(mate >= 0).tolist() if fewer == ends.counted else []
        pool.more = {one: [(root, 0.0)] for one in alone}
        pool.more[root] = [(one, 0.0) for one in (*twins, *alone)]
        Tree(pool, root, math.inf, leaves=False).search(NO_LIMITS)
        found = (ends.pairs == fewer) & (np.array(pool.parity[:size]) == EVEN)
        ends.costs[found] = np.array(pool.level[:size])[found]
        ends.is_known[found] = True

    def without(self, single: int) -> "PoolEnds":
        """Return what the others are worth to somebody who is single.

        Parameters
        ----------
        single
            Who.
        """
        pool = self.pool.copy()
        blossoms = pool.blossoms
        while (node := pool.node(single)) >= blossoms.size:
            half = blossoms.price[node] / 2
            for inner in blossoms.open(node)[0]:
                for one in blossoms.members(inner):
                    pool.price[one] += half
                    pool.outermost[one] = inner
        pool.parity[single] = ODD  # whom no tree looks at
        ends = self._ends(pool, single)
        # Without the single one no less is lost, and as much where no search could end with them.
        if self.only is None:
            alike, known = np.ones(self.size, dtype=np.bool_), np.zeros(self.size, dtype=np.bool_)
        else:
            alike = self.only != single
            known = alike & (self.only != SEVERAL)
        ends.costs[alike] = np.maximum(ends.costs, self.beside.costs)[alike]
        ends.is_known[known] = True
        ends.costs[single] = np.inf  # nobody has themself
        return ends

    def _ends(self, pool: Shrunk, single: int) -> "PoolEnds":
        size = self.size
        counts, counted = np.zeros(size), 0.0
        if self.only is not None:
            counts[(self.only == single) | (self.only == NOBODY)] = counted = 1.0
        # Nothing is lost without others who are single.
        is_known = np.array(pool.mate[:size]) < 0
        costs = np.array(pool.price[:size])
        reach = np.full(size, self.near)
        return PoolEnds(pool, counts, costs, is_known, reach, self.lam, counted)


@dataclass(frozen=True, eq=False, slots=True)
class PoolEnds:
    """What a best matching of a pool loses without each member, to somebody single, or new.

    Parameters
    ----------
    pool
        Its pairs, without those of the single one.
    pairs : float64 array, shape (n_members,)
        By how many pairs a best matching without the member has fewer; 0 where they do not count.
    costs : float64 array, shape (n_members,)
        By how much the total of scores, `lam` added to each, is lower, as far as that is known yet:
        no less than this.
    is_known : bool array, shape (n_members,)
        Whether it is exactly this.
    reach : float64 array, shape (n_members,)
        How far even prices may fall in the next search: most find somebody near.
    lam, counted
        What is added to the score of a pair; how much it counts, 1 or 0.
    """

    pool: Shrunk
    pairs: Floats
    costs: Floats
    is_known: Booleans
    reach: Floats
    lam: float
    counted: float

    def may_gain(self, members: Integers, scores: Floats) -> Booleans:
        """Return by which pairs something may be gained, as far as that is known.

        Parameters
        ----------
        members, scores
            The other end of each pair, and what it is worth.
        """
        pairs = self.counted - self.pairs[members]
        costs = self.costs[members]
        gain: Booleans = (pairs > 0.0) | (scores + self.lam > costs)
        return gain & (costs < np.inf)

    def gain_of_rows(
        self, rows: Integers, members: Integers, scores: Floats, size: int
    ) -> list[Gain]:
        """Return what is gained by the best of some changes.

        Parameters
        ----------
        rows, members, scores
            The pairs that somebody would have by each change.
        size
            How many changes there are.

        Returns
        -------
        list of Gain
            Of a change that gains less than another, or nothing, that it gains nothing.
        """
        gain, which = self.best_of(members, scores)
        gains = [NOTHING] * size
        for row in np.unique(rows[which]).tolist():
            gains[row] = gain
        return gains

    def best_of(self, members: Integers, scores: Floats) -> tuple[Gain, Integers]:
        """Return the most that one of some pairs adds, and which pairs do.

        Parameters
        ----------
        members, scores
            The other end of each pair, and what it is worth.

        Returns
        -------
        gain
            What is gained.
        which : int64 array
            Which pairs gain as much; none where nothing is gained.
        """
        some = np.flatnonzero(self.may_gain(members, scores))
        if not len(some):
            return NOTHING, some
        pairs = self.counted - self.pairs[members[some]]
        most = float(pairs.max())
        some = some[pairs == most]
        # Whoever would add nothing can stay single, as long as there are no more pairs without.
        stays = 0.0 if most == 0.0 else -np.inf
        best, which = self._highest(members[some], scores[some] + self.lam, stays)
        gain = Gain(int(most), best - self.lam * most)
        return gain, some[which] if gain.is_some else some[:0]

    def cheapest_of(self, members: Integers, scores: Floats) -> Integers:
        """Return which pairs cost least if somebody has to have one of them, by the score alone.

        Parameters
        ----------
        members, scores
            The other end of each pair, and what it is worth.
        """
        some = np.flatnonzero(self.costs[members] < np.inf)
        return some[self._highest(members[some], scores[some] + self.lam, -np.inf)[1]]

    def _highest(self, members: Integers, worth: Floats, least: float) -> tuple[float, Integers]:
        """Return the most, or at least the least, that pairs add to the total, and which do."""
        best, less = least, np.zeros(len(members), dtype=np.bool_)
        while True:
            bounds, known = worth - self.costs[members], self.is_known[members]
            best = max(best, float(bounds[known].max(initial=-np.inf)))
            # Who may gain as much is asked, too: which of equal ones is taken is for others to say.
            asked = np.flatnonzero(~known & ~less & (bounds >= best))
            if not len(asked):
                return best, np.flatnonzero(known & (bounds == best))
            first = asked[bounds[asked].argmax()]
            member, enough = int(members[first]), float(worth[first]) - best
            if self._loses_more(member, enough):
                less |= members == member

    def _loses_more(self, member: int, enough: float) -> bool:
        """Search for what is lost without somebody, a little further than before.

        Returns
        -------
        bool
            Whether it is known to be more than enough.
        """
        pool, root = self.pool.copy(), len(self.costs)
        price = pool.price[member]
        pool.more[root] = [(member, price)]
        # As far as as many pairs can be made without them, nobody else is to be left over.
        leaves = self.pairs[member] == self.counted
        until = min(enough - price, float(self.reach[member]))
        tree = Tree(pool, root, math.nextafter(until, math.inf), leaves=leaves)
        found = tree.search(NO_LIMITS)
        if found is not None and found[0] >= 0:
            self.costs[member], self.is_known[member] = price + tree.fallen, True
            return False
        self.costs[member] = price + until
        self.reach[member] *= FURTHER
        return price + until == enough


def _only(double: Problem, mate: Integers) -> Integers:
    """Return of whom there are as many pairs without, and who has to have a partner then.

    Odd groups of members compete for others, whom all want: each group that has one is paired, and
    one group that is left over leaves somebody single. If another group is to leave somebody
    single, it passes on whom it has, and so on, to a group that has nobody.
    """
    # Imported here: csgraph would lengthen `import mentormatch`.
    from scipy.sparse.csgraph import breadth_first_order

    proof = count_proof(double.starts, double.cols, mate)
    assert proof is not None  # of a matching of the most pairs
    prices, sets = proof
    size = len(mate)
    group = np.where(sets.innermost < 0, len(sets) + np.arange(size), sets.innermost)
    passed = (prices[double.rows] == 0.0) & (prices[double.cols] == 1.0)
    tails, heads = group[double.rows[passed]], group[mate[double.cols[passed]]]
    root = len(sets) + size

    def reached(firsts: Integers) -> tuple[Integers, Integers]:
        """Return which groups are reached from some, in order, and from which each is."""
        begin = np.full(len(firsts), root)
        ends = np.concatenate((tails, begin)), np.concatenate((heads, firsts))
        ones = np.ones(len(ends[0]), dtype=np.int32)
        graph = csr_array((ones, ends), shape=(root + 1, root + 1))
        order, before = breadth_first_order(graph, root)
        return order[1:].astype(np.int64), before.astype(np.int64)

    singles = np.flatnonzero(mate < 0)
    order, before = reached(group[singles])
    source = np.full(root + 1, NOBODY)
    source[group[singles]] = singles
    for one in order.tolist():
        if before[one] != root:
            source[one] = source[before[one]]
    others = heads[(source[tails] != source[heads]) & (source[tails] != NOBODY)]
    source[reached(np.unique(others))[0]] = SEVERAL
    return np.where(prices == 0.0, source[group], NOBODY)
