"""A program on a cohort, solved: by the way that its format goes."""

from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.ring_problem import RingSolution
from mentormatch.errors import ProgramError
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.progress import Progress, quiet
from mentormatch.solving.divided import divided
from mentormatch.solving.in_rings import rings_solved_before, solve_in_rings
from mentormatch.solving.one_pool import pool_solved_before, solve_pool
from mentormatch.solving.several import several_solved_before, solve_several
from mentormatch.solving.solved import AnySolution, Solved
from mentormatch.solving.start import Earlier
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import sides_solved_before, solve_sides

__all__ = ["solve", "solved_before"]


def solve(
    people: Cohort,
    program: Program,
    seed: int,
    progress: Progress = quiet,
    limits: Limits = NO_LIMITS,
    start: Earlier | None = None,
    threads: int | None = None,
) -> Solved:
    """Find the best matching that the program allows, with its prices.

    Parameters
    ----------
    people, program
        Who, and what they want.
    seed
        Decides between equally good answers, together with the people's ids.
    progress
        Told how far each stage has come: scoring, solving, drawing lots.
    limits
        When to stop before the best matching is proven.
    start
        An earlier answer, for mostly the same people, to go on from.
    threads
        How many look people up; one for each processor by default.
    """
    sides = divided(people, program)
    task = Task(people, program, sides, seed, progress, limits, start, threads)
    if start is not None and start.layout != sides.layout:
        raise ProgramError(
            f"start is an answer by {start.layout!r} and this program is by {sides.layout!r}: give "
            "one of the same format, or leave it out"
        )
    ways = {"sides": solve_sides, "pool": solve_pool, "arrows": solve_in_rings}
    way = ways[sides.layout]
    if sides.capacities is not None:
        way = solve_several
    return way(task)


def solved_before(people: Cohort, program: Program, seed: int, solution: AnySolution) -> Solved:
    """Return all there is to know about an optimal solution, without solving anything.

    Parameters
    ----------
    people, program, seed
        What it is the solution of.
    solution
        By position on the sides, or in the pool. Of all that are as good, the one that the seed
        favours is returned in its place.
    """
    task = Task(people, program, divided(people, program), seed)
    if isinstance(solution, PoolSolution):
        return pool_solved_before(task, solution)
    if isinstance(solution, RingSolution):
        return rings_solved_before(task, solution)
    if task.sides.capacities is not None:
        return several_solved_before(task, solution)
    return sides_solved_before(task, solution)
