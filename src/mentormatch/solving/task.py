"""What a way of solving is given: a program, and its people where they stand."""

from dataclasses import dataclass

from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.problem import Objective
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.progress import Progress, quiet
from mentormatch.solving.sides import Split
from mentormatch.solving.start import Earlier

__all__ = ["Task"]


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """A program that is to be solved for a cohort.

    Attributes
    ----------
    people, program
        Who, and what they want.
    sides : Split
        Who stands where.
    seed : int
        Decides between equally good answers, together with the people's ids.
    progress
        Told how far each stage has come: scoring, solving, drawing lots.
    limits : Limits
        When to stop before the best matching is proven.
    start : Earlier or None
        An earlier answer, for mostly the same people, to go on from.
    threads : int or None
        How many look people up; one for each processor by default.
    """

    people: Cohort
    program: Program
    sides: Split
    seed: int = 0
    progress: Progress = quiet
    limits: Limits = NO_LIMITS
    start: Earlier | None = None
    threads: int | None = None

    @property
    def objective(self) -> Objective:
        """What the answer is to be best at."""
        return Objective(self.program.objective)
