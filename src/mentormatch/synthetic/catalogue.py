"""Which skills there are, and where in an organisation they are at home."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mentormatch.synthetic.chance import zipf
from mentormatch.synthetic.skill_names import COMMON, DEPARTMENTS, SETTINGS

__all__ = ["TECHNOLOGY", "Catalogue"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Numbers of the homes that belong to no department; those of the departments follow.
EVERYDAY, TECHNOLOGY = map(list(COMMON).index, ("everyday", "technology"))


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The skills of an organisation, home by home: first the common ones, then each department's.

    Parameters
    ----------
    labels
        Name of each skill; within a home the most popular comes first.
    starts
        Where the skills of each home begin, and at last where they end; int64, shape
        (len(COMMON) + departments + 1,).

    Examples
    --------
    >>> Catalogue.of(7, departments=2).labels
    ('Public speaking', 'Spreadsheets', 'Machine learning', 'Prompt writing', 'Coaching', \
'Process design', 'Negotiation')
    """

    labels: tuple[str, ...]
    starts: Integers

    def __post_init__(self) -> None:
        self.starts.setflags(write=False)

    @classmethod
    def of(cls, skills: int, departments: int) -> "Catalogue":
        """Make a catalogue.

        Parameters
        ----------
        skills
            How many skills; 1 or more.
        departments
            How many departments, of which the first get a skill more if they do not come out even.
        """
        names = [*COMMON.values(), *DEPARTMENTS.values()][: len(COMMON) + departments]
        each, more = divmod(skills, len(names))
        counts = [each + (home < more) for home in range(len(names))]
        return cls(
            labels=tuple(
                _label(home, place)
                for home, count in zip(names, counts, strict=True)
                for place in range(count)
            ),
            starts=np.cumsum([0, *counts]),
        )

    def draw(self, home: Integers, drawn: Floats) -> Integers:
        """Draw skills, within a home by Zipf's law.

        Parameters
        ----------
        home
            Number of a home for each skill to draw. Where it has no skills, in a small catalogue,
            the skills of everyday stand in.
        drawn
            Numbers in [0, 1); same shape.

        Returns
        -------
        ndarray of int64
            Places in `labels`; same shape.
        """
        home = np.where(self.starts[home] < self.starts[home + 1], home, EVERYDAY)
        # Of all homes at once: the running shares of home h lie between h and h + 1.
        found = np.searchsorted(self._shares, home + drawn, side="right")
        return np.minimum(found, self.starts[home + 1] - 1)  # h + 0.99... may round to h + 1

    @cached_property
    def _shares(self) -> Floats:
        counts = np.diff(self.starts).tolist()
        return np.concatenate([home + zipf(count) for home, count in enumerate(counts) if count])


def _label(names: tuple[str, ...], place: int) -> str:
    """Name a skill: as listed, then in each setting, then numbered."""
    rest, name = divmod(place, len(names))
    edition, setting = divmod(rest, 1 + len(SETTINGS))
    label = f"{names[name]} for {SETTINGS[setting - 1]}" if setting else names[name]
    return f"{label} {edition + 1}" if edition else label
