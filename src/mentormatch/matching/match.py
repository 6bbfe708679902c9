"""From people and a program to the best matching: the one call that most users make."""

import logging
from operator import index

from mentormatch.assign.limits import Limits
from mentormatch.matching.matching import Matching
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.progress import Progress, following
from mentormatch.solving.solve import solve

__all__ = ["match"]

logger = logging.getLogger("mentormatch")


def match(
    people: Cohort,
    program: Program,
    *,
    seed: int = 0,
    start: Matching | None = None,
    gap: float = 0.0,
    time_limit: float | None = None,
    progress: Progress | bool | None = None,
    threads: int | None = None,
) -> Matching:
    """Find the best matching that a program allows, and prove that none is better.

    Parameters
    ----------
    people
        Who takes part.
    program
        Format, score, rules and objective.
    seed
        Decides, together with the people's ids, between answers that are equally good.
    start
        An earlier matching, of mostly the same people, to go on from: with many people that is
        quicker. The answer is the same as without it. Rings are always found anew: they refuse one.
    gap
        Stop as soon as the total is proven to miss the best by no more than this part of it, in
        [0, 1), and likewise the number of pairs where they count. Equally good answers are then
        not drawn between.
    time_limit
        Seconds, above 0: stop looking for better when they are over, with the best answer so far
        and the gap that is proven by then. To say why people have no partner takes longer.
        Up to 8,192 people a side (16,384 in one pool) nothing is broken off but the kernels of
        the extra ``scale``.
    progress
        For many people: True shows a bar (extra ``scale``); a function is called with the stage
        (``"scoring"``, ``"looking at pairs"``, ``"solving"``, ``"drawing lots"``), how much of it
        is done, and how much there is.
    threads
        How many look people up at the same time; one for each processor by default. The answer
        does not depend on it.

    Returns
    -------
    Matching
        Pairs, people without one, and a certificate. `Matching.status` says whether it is proven
        optimal, `Matching.gap` what a better one could gain at most.

    Raises
    ------
    ProgramError
        When the program does not fit these people; every complaint at once.
    ProfileErrors
        When a value that the program needs as a number is none; all such values at once.
    InfeasibleError
        When what the program requires contradicts itself.
    MissingExtraError
        When the people are too many for SciPy, or a bar is asked for, and the extra ``scale`` is
        not installed.
    TypeError
        When the seed or `threads` is no whole number.
    ValueError
        When `gap`, `time_limit` or `threads` is out of range.

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
    >>> mm.match(people, program).pairs[0]
    Pair(a='ana', b='bo', score=1.0, a_teaches=('leading',), b_teaches=('sql',))
    """
    limits, before = Limits.of(gap, time_limit), start.certificate if start else None
    if threads is not None and index(threads) < 1:
        raise ValueError(f"threads is {threads!r}; it must be 1 or more, or None")
    with following(progress) as tell:
        solved = solve(people, program, index(seed), tell, limits, before, threads)
        matching = Matching._of(solved)
    logger.info("%s", matching._headline())
    return matching
