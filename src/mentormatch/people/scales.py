"""Which way the numbers of a file run, and how they become the library's own."""

import math
from collections.abc import Callable
from dataclasses import dataclass as plain_dataclass

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError, listed
from mentormatch.people.cells import finite
from mentormatch.people.participant import MOST_PRIORITY
from mentormatch.skills.vocabulary import key

__all__ = ["LevelScale", "RankScale", "Scales"]


@plain_dataclass(frozen=True, slots=True)
class LevelScale:
    """How one kind of level is read.

    Parameters
    ----------
    low, high
        The smallest and the largest number accepted; 0 never is.
    stored
        From the number in the file to the number in the cohort.
    words
        What is accepted: ``"a proficiency from 1 to 5"``.
    direction
        The scale in a sentence.
    default
        What the file could have said where it says nothing.
    """

    low: float
    high: float
    stored: Callable[[float], float]
    words: str
    direction: str
    default: str

    def accepts(self, number: float) -> bool:
        """Tell whether a number is on the scale.

        Examples
        --------
        >>> [Scales().proficiency_scale().accepts(number) for number in (0, 1, 5, 6)]
        [False, True, True, False]
        """
        return self.low <= number <= self.high and number > 0


@plain_dataclass(frozen=True, slots=True)
class RankScale:
    """How ranks are read.

    Parameters
    ----------
    read
        From what the file says to the rank in the cohort; `None` for what is not on the scale.
    words
        What is accepted: ``"a number from 1 to 7"``.
    direction
        The scale in a sentence.
    """

    read: Callable[[object], float | None]
    words: str
    direction: str


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class Scales:
    """Which way the numbers of a file run; each scale is given from the least to the most.

    Parameters
    ----------
    proficiency
        The lowest and the top level; a file's numbers are divided by the top. None given means
        the top.
    priority
        ``(0, 10)``: higher is wished more, stored as it is. ``(10, 1)``: 1 is the first wish,
        stored as 1 / number, the rank reciprocal weights of Stillwell, Seaver and Edwards (1981).
        None given means a weight of 1. Neither end is above a million.
    rank
        `None`: any number, higher is more senior. ``(1, 7)``: the same, within these. ``(4, 0)``:
        0 is the most senior, stored as 4 - number. Names from the most junior to the most
        senior: stored as 1, 2, 3 and so on; case and spaces do not count.

    Raises
    ------
    ProgramError
        When a scale contradicts itself.
    pydantic.ValidationError
        When a value is of the wrong kind.

    Examples
    --------
    >>> Scales(rank=("AA", "AO", "EO")).rank_scale().read("eo")
    3.0
    >>> Scales(rank=(4, 0)).rank_scale().direction
    '4 to 0, 0 is the most senior; stored as 4 - number, so 4 is the most senior'
    """

    proficiency: tuple[float, float] = (1, 5)
    priority: tuple[float, float] = (0, 10)
    rank: tuple[float, float] | tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        low, top = self.proficiency
        if not 0 <= low < top < math.inf:
            raise ProgramError(
                f"proficiency runs from {low:g} to {top:g}; give (lowest, top) with "
                "0 <= lowest < top, such as (1, 5)"
            )
        least, most = self.priority
        if not (0 <= least < most <= MOST_PRIORITY or 0 < most < least <= MOST_PRIORITY):
            raise ProgramError(
                f"priority runs from {least:g} to {most:g}; give (0, 10) where higher is wished "
                "more, or (10, 1) where 1 is the first wish, neither end above "
                f"{MOST_PRIORITY:,.0f}"
            )
        if self.rank is not None:
            _check_rank(self.rank)

    def proficiency_scale(self) -> LevelScale:
        """Return how proficiencies are read: into (0, 1].

        Returns
        -------
        LevelScale

        Examples
        --------
        >>> Scales().proficiency_scale().stored(4)
        0.8
        """
        low, top = self.proficiency
        return LevelScale(
            low=low,
            high=top,
            stored=lambda number: number / top,
            words=f"a proficiency {_span(low, top)}",
            direction=f"{low:g} to {top:g}, higher is better; stored as number / {top:g}",
            default=f"{top:g}",
        )

    def priority_scale(self) -> LevelScale:
        """Return how priorities are read: above 0, higher is wished more.

        Returns
        -------
        LevelScale

        Examples
        --------
        >>> Scales(priority=(10, 1)).priority_scale().stored(2)
        0.5
        """
        least, most = self.priority
        if least < most:
            return LevelScale(
                low=least,
                high=most,
                stored=lambda number: number,
                words=f"a priority {_span(least, most)}",
                direction=f"{least:g} to {most:g}, higher is wished more",
                default="1",
            )
        return LevelScale(
            low=most,
            high=least,
            stored=lambda number: most / number,
            words=f"a priority from {most:g} (the first wish) to {least:g}",
            direction=f"{least:g} to {most:g}, {most:g} is the first wish; "
            f"stored as {most:g} / number",
            default=f"{most:g}",
        )

    def rank_scale(self) -> RankScale:
        """Return how ranks are read: higher is more senior.

        Returns
        -------
        RankScale

        Examples
        --------
        >>> Scales(rank=(1, 7)).rank_scale().words
        'a number from 1 to 7'
        """
        if self.rank is None:
            return RankScale(finite, "a number", "any number, higher is more senior")
        first = self.rank[0]
        if isinstance(first, str):
            names = [str(name) for name in self.rank]
            return RankScale(
                _grade_reader(names),
                f"one of {listed(names)}",
                f"{len(names)} grades from {names[0]} to {names[-1]}, "
                f"stored as 1 to {len(names)}, higher is more senior",
            )
        least, most = (float(end) for end in self.rank)
        low, high = min(least, most), max(least, most)
        words = f"a number from {low:g} to {high:g}"
        if least < most:
            direction = f"{least:g} to {most:g}, higher is more senior"
        else:
            direction = (
                f"{least:g} to {most:g}, {most:g} is the most senior; "
                f"stored as {least:g} - number, so {least - most:g} is the most senior"
            )
        return RankScale(_number_reader(least, most), words, direction)


def _span(low: float, high: float) -> str:
    return f"from {low:g} to {high:g}" if low else f"above 0, up to {high:g}"


def _check_rank(rank: tuple[float, float] | tuple[str, ...]) -> None:
    if all(isinstance(end, str) for end in rank):
        keys = [key(str(name)) for name in rank]
        if len(keys) < 2 or "" in keys or len(set(keys)) < len(keys):
            raise ProgramError(
                f"the grades of rank are {listed(map(str, rank))}; give at least two different "
                "names, from the most junior to the most senior"
            )
    elif rank[0] == rank[1] or not all(math.isfinite(float(end)) for end in rank):
        raise ProgramError(
            f"rank runs from {rank[0]} to {rank[1]}; give (least, most) senior, such as (1, 7), "
            "or (4, 0) where 0 is the most senior"
        )


def _grade_reader(names: list[str]) -> Callable[[object], float | None]:
    place = {key(name): float(number) for number, name in enumerate(names, start=1)}

    def read(value: object) -> float | None:
        return place.get(key(str(value)))

    return read


def _number_reader(least: float, most: float) -> Callable[[object], float | None]:
    def read(value: object) -> float | None:
        number = finite(value)
        if number is None or not min(least, most) <= number <= max(least, most):
            return None
        return number if least < most else least - number

    return read
