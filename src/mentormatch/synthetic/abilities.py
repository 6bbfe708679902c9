"""What people teach, know and want, by department, rank and tenure.

Three things make an exchange between ranks worth while, as in life. New technology is what the
juniors bring and the seniors wish for; leadership is the other way round; and what a department
does every day is news to the others, so that wishes reach outside one's own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.synthetic.catalogue import TECHNOLOGY, Catalogue
from mentormatch.synthetic.chance import Chance, pick, zipf
from mentormatch.synthetic.hierarchy import Hierarchy
from mentormatch.synthetic.skill_names import COMMON

__all__ = ["draw_abilities"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# Where the skills of a person are at home, as shares for the ranks 1 to 7: everyday skills,
# technology, leadership, the own department; what is left of 1 is for the other departments.
_HAS = np.array(
    [
        [0.12, 0.42, 0.02, 0.39],
        [0.12, 0.36, 0.05, 0.42],
        [0.12, 0.10, 0.26, 0.47],
        [0.12, 0.06, 0.38, 0.39],
        [0.10, 0.04, 0.45, 0.36],
        [0.10, 0.03, 0.50, 0.32],
        [0.10, 0.02, 0.55, 0.28],
    ]
)
_WANTS = np.array(
    [
        [0.08, 0.05, 0.38, 0.08],
        [0.08, 0.06, 0.38, 0.08],
        [0.08, 0.32, 0.12, 0.08],
        [0.08, 0.36, 0.08, 0.07],
        [0.08, 0.40, 0.06, 0.06],
        [0.08, 0.42, 0.05, 0.05],
        [0.08, 0.44, 0.04, 0.05],
    ]
)


@dataclass(frozen=True, slots=True)
class _Number:
    """How many skills a person names.

    Parameters
    ----------
    least, most
        At least and at most; fewer are left when the same one is drawn again.
    none
        The share of people who name nothing at all.
    """

    least: int
    most: int
    none: float


_TAUGHT = _Number(least=2, most=7, none=0.03)
_KNOWN = _Number(least=0, most=4, none=0.0)
_WANTED = _Number(least=1, most=6, none=0.04)

#: Years after which a person's proficiency has made half its way.
_HALF_WAY = 8.0

#: The highest proficiency and the highest priority on the scales of a sign-up form.
_TOP_LEVEL, _TOP_PRIORITY = 5, 3


def draw_abilities(
    firm: Hierarchy, catalogue: Catalogue, chance: Chance
) -> tuple["csr_array[np.float64]", "csr_array[np.float64]", "csr_array[np.float64]"]:
    """Draw what everybody teaches, knows and wants.

    Parameters
    ----------
    firm
        The people.
    catalogue
        The skills, with homes for every department of the firm.
    chance
        Where the random numbers come from.

    Returns
    -------
    teaches, knows : csr_array of float64, shape (people, skills)
        Proficiency: a fifth for each level from 1 to 5. Nobody has one skill in both.
    wants : csr_array of float64, shape (people, skills)
        Priority 1, 2 or 3. Nobody wants what they have in full.
    """
    shape = (len(firm.rank), len(catalogue.labels))
    taught = _cells(firm, catalogue, chance, _HAS, _TAUGHT)
    known = _cells(firm, catalogue, chance, _HAS, _KNOWN)
    known = known[~_contains(taught, known)]
    teaches = _proficiency(taught, firm, catalogue, chance, start=0.5)
    knows = _proficiency(known, firm, catalogue, chance, start=0.0)
    full = np.sort(np.concatenate([taught[teaches == 1.0], known[knows == 1.0]]))
    wanted = _cells(firm, catalogue, chance, _WANTS, _WANTED)
    wanted = wanted[~_contains(full, wanted)]
    priority = (1 + chance.whole(len(wanted), _TOP_PRIORITY)).astype(np.float64)
    return (
        _matrix(taught, teaches, shape),
        _matrix(known, knows, shape),
        _matrix(wanted, priority, shape),
    )


def _cells(
    firm: Hierarchy, catalogue: Catalogue, chance: Chance, shares: Floats, number: _Number
) -> Integers:
    """Draw who names which skill; person x skills + skill, ascending, each once."""
    people = len(firm.rank)
    count = number.least + chance.whole(people, number.most - number.least + 1)
    count[chance.uniform(people) < number.none] = 0
    person = np.repeat(np.arange(people), count)
    home = _homes(firm, person, shares, chance)
    skill = catalogue.draw(home, chance.uniform(len(person)))
    cells = np.sort(person * len(catalogue.labels) + skill)
    # Not numpy.unique, which hashes first: several times slower on cells that are nearly sorted.
    return cells[np.diff(cells, prepend=-1) > 0]


def _homes(firm: Hierarchy, person: Integers, shares: Floats, chance: Chance) -> Integers:
    """Draw the home of each skill that a person is to name."""
    ranks, homes = shares.shape
    # Of all ranks at once: the running shares of the lowest lie between 0 and 1, and so on.
    running = np.cumsum(shares, axis=1) + np.arange(ranks)[:, np.newaxis]
    rank = firm.rank[person] - 1
    drawn = rank + chance.uniform(len(person))
    home = np.searchsorted(running.ravel(), drawn, side="right") - homes * rank
    own = firm.department[person]
    other = _other_departments(own, int(firm.department.max()) + 1, chance.uniform(len(person)))
    at_work = len(COMMON) + np.where(home == len(COMMON), own, other)
    return np.where(home < len(COMMON), home, at_work)


def _other_departments(own: Integers, departments: int, drawn: Floats) -> Integers:
    """Pick another department for each, by Zipf's law, as if the own one did not exist."""
    if departments == 1:
        return own
    running = zipf(departments)
    before = np.concatenate([[0.0], running[:-1]])
    share = running - before
    drawn = drawn * (1.0 - share[own])
    drawn = np.where(drawn < before[own], drawn, drawn + share[own])
    picked = np.minimum(pick(running, drawn), departments - 1)
    return np.where(picked == own, (own + 1) % departments, picked)  # rounding at a border


def _proficiency(
    cells: Integers, firm: Hierarchy, catalogue: Catalogue, chance: Chance, start: float
) -> Floats:
    """Draw proficiency, which grows with the years, the more slowly the more there are."""
    person, skill = np.divmod(cells, len(catalogue.labels))
    years = firm.tenure[person]
    growth = 3.0 * years / (years + _HALF_WAY)
    # What is new to everybody is not learnt by having been here for long.
    first, last = catalogue.starts[TECHNOLOGY : TECHNOLOGY + 2]
    growth[(first <= skill) & (skill < last)] = 1.5
    level = 1.0 + np.floor(start + growth + 2.5 * chance.uniform(len(cells)))
    return np.minimum(level, _TOP_LEVEL) / _TOP_LEVEL


def _contains(cells: Integers, asked: Integers) -> NDArray[np.bool_]:
    """Tell which of the cells asked for are among these, which are sorted."""
    if not len(cells):
        return np.zeros(len(asked), dtype=np.bool_)
    found = np.minimum(np.searchsorted(cells, asked), len(cells) - 1)
    return np.asarray(cells[found] == asked)


def _matrix(cells: Integers, levels: Floats, shape: tuple[int, int]) -> "csr_array[np.float64]":
    people, skills = shape
    person, skill = np.divmod(cells, skills)
    ends = np.cumsum(np.bincount(person, minlength=people))
    starts = np.concatenate([[0], ends])
    return csr_array((levels, skill.astype(np.int32), starts.astype(np.int32)), shape=shape)
