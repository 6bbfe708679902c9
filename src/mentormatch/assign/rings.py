"""The best rings of people who teach each other, with their proof: the verb for rings."""

from dataclasses import replace

import numpy as np

from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.long_rings import Draws, long_rings
from mentormatch.assign.problem import Objective
from mentormatch.assign.ring_problem import RingProblem, RingSolution
from mentormatch.assign.rings_of_two import rings_of_two
from mentormatch.assign.short_rings import short_rings
from mentormatch.errors import InfeasibleError
from mentormatch.progress import Progress, quiet

__all__ = ["solve_rings"]


def solve_rings(
    problem: RingProblem,
    objective: Objective = Objective.SCORE,
    longest: int | None = None,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
    draws: Draws | None = None,
) -> RingSolution:
    """Find disjoint rings, each a closed chain in which everybody teaches the next, and prove them.

    Everybody in a ring teaches one person and is taught by one; the others stay out.

    Parameters
    ----------
    problem
        Who may teach whom, and what that is worth.
    objective
        The highest total, or first as many people in rings as possible and then the highest total.
    longest
        How many people a ring may have, 2 or more; `None` for any number. Without a bound, with
        one that no ring exceeds, or with 2, the answer is proven best. With another, the problem
        is a hard one: the answer is good, and its gap is proven.
    limits
        When to stop before. The gap is for rings of a bounded length; a time limit is for all, but
        HiGHS heeds Ctrl-C only between its calls, each of which may last as long as the time limit.
        Without a time limit each of its integer programs ends after a fixed number of nodes,
        so that the answer is the same each time.
    progress
        Told what is being done.
    draws
        For rings of any length: called with tails and heads, it returns what arrows, and loops of
        whoever stays out, draw in the lottery among equally good answers, in (0, 1] on multiples
        of 2**-40 (`mentormatch.assign.ties`).

    Returns
    -------
    RingSolution

    Raises
    ------
    ValueError
        If the objective is a floor, `longest` is below 2, or `draws` are given with a bound: there
        is no lottery then, since prices do not tell which other rings are as good.
    InfeasibleError
        If no rings hold all required arrows, or none were found when the time was up.
    MissingExtraError
        If the problem is too large for a dense table and the extra ``scale`` is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> scores = np.array([[0.0, 0.5, 0.0], [0.25, 0.0, 1.0], [0.5, 0.0, 0.0]])
    >>> problem = RingProblem.from_scores(scores, scores > 0)
    >>> rings = solve_rings(problem)
    >>> rings, rings.members
    (RingSolution(score: 1 ring of 3 people worth 2, optimal), array([0, 1, 2]))
    >>> solve_rings(problem, longest=2)
    RingSolution(score: 1 ring of 2 people worth 0.75, optimal)
    """
    if objective is Objective.FLOOR_THEN_SCORE:
        raise ValueError(
            f"{objective} is for pairs; rings take {Objective.SCORE} or "
            f"{Objective.PEOPLE_THEN_SCORE}"
        )
    if longest is not None and longest < 2:
        raise ValueError(f"longest is {longest}; a ring has 2 people at least: give 2 or more")
    if longest is not None and draws is not None:
        raise ValueError("draws are for rings of any length; leave them out, or longest")
    told = limits, progress
    if longest is None or longest >= problem.size:
        found = replace(long_rings(problem, objective, *told, draws), longest=longest)
    elif longest == 2:
        found = rings_of_two(problem, objective, *told)
    else:
        found = short_rings(problem, objective, longest, *told)
    if not np.isin(problem.tails[problem.required], found.members).all():
        most = "" if longest is None else f" of at most {longest} people"
        were = "hold" if found.is_optimal else "were found in time to hold"
        raise InfeasibleError(
            f"no rings{most} {were} all required arrows; require fewer, or allow more"
        )
    return found
