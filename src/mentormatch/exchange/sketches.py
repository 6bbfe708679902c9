"""The profiles of one side as arrays, and the few small numbers that bound what they exchange.

What a teacher adds to a learner's benefit by one skill is ``share - rate * missing``: what the wish
counts if it is met in full, what it loses for each unit of proficiency that the teacher lacks, and
how much of it that is. Nothing cancels out in it, so four bytes a number are enough to bound it.
"""

from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import GRAIN, OpenWishes, urgency
from mentormatch.people import Cohort

__all__ = ["NEVER", "Party", "Profiles", "Sketches", "bits_of", "ends_of"]

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]

#: More than anybody lacks of a skill.
NEVER = 1e30
#: Skills are told apart by so many bits; popular ones never share theirs with each other.
BITS = 32


@dataclass(frozen=True, eq=False, slots=True)
class Profiles:
    """What the people of one side teach and want, by position, one after the other.

    Attributes
    ----------
    teach_starts, wish_starts : numpy.ndarray
        Shape (people + 1,): where each one's skills taught, and open wishes, begin.
    taught, wanted : numpy.ndarray
        The skills, ascending for each person.
    level : numpy.ndarray
        The proficiency of each skill taught.
    urgency : numpy.ndarray
        Of each open wish, in grains (`mentormatch.exchange.benefit.urgency`).
    known : numpy.ndarray
        What the learner has of it.
    """

    teach_starts: Rows
    taught: Places
    level: Floats
    wish_starts: Rows
    wanted: Places
    urgency: Floats
    known: Floats

    @classmethod
    def of(cls, people: Cohort, rows: Rows, counted: int | None) -> Self:
        """Gather the profiles of some rows of a cohort; `counted` is the score's wishes_counted."""
        offers = people.teaches[rows]
        wishes = OpenWishes.of(people, rows, counted)
        order = np.argsort(wishes.learner, kind="stable")
        skill = np.repeat(np.arange(len(wishes.starts) - 1), np.diff(wishes.starts))
        return cls(
            offers.indptr.astype(np.int64),
            offers.indices.astype(np.int32),
            offers.data.astype(np.float64),
            ends_of(np.bincount(wishes.learner, minlength=len(rows))),
            skill[order].astype(np.int32),
            urgency(wishes.weight[order], wishes.known[order]),
            wishes.known[order],
        )

    def __len__(self) -> int:
        return len(self.wish_starts) - 1


@dataclass(frozen=True, eq=False, slots=True)
class Sketches:
    """Bounds on what the people of one side give and get.

    A learner's wishes are in an order: those that few of the other side can meet come first. Of any
    teacher who meets some, one wish is met first, and the wishes before it are not met.

    Attributes
    ----------
    share, rate : numpy.ndarray
        Of each wish; see above.
    rest : numpy.ndarray
        Of each wish: what all wishes after it count.
    rest_bits : numpy.ndarray
        The bits of the skills of these.
    missing : numpy.ndarray
        Of each skill taught: what is lacking to full proficiency.
    teach_bits : numpy.ndarray
        Of each person: the bits of all they teach.
    """

    share: Singles
    rate: Singles
    rest: Singles
    rest_bits: Places
    missing: Singles
    teach_bits: Places

    @classmethod
    def of(cls, profiles: Profiles, teachers: Rows, bit_of: NDArray[np.uint32]) -> Self:
        """Sketch the people of a side.

        Parameters
        ----------
        profiles
            Theirs.
        teachers
            How many of the other side teach each skill.
        bit_of
            `bits_of` all skills, the same for both sides.
        """
        wanted, starts = profiles.wanted, profiles.wish_starts
        rate = profiles.urgency / GRAIN
        share = rate * (1.0 - profiles.known)
        learner = np.repeat(np.arange(len(profiles)), np.diff(starts))
        # From each learner's last wish, the one that most can meet, to their first.
        order = np.lexsort((-teachers[wanted], learner))
        rest, rest_bits = np.zeros(len(wanted)), np.zeros(len(wanted), dtype=np.uint32)
        place = np.arange(len(wanted)) - starts[learner]
        for nth in range(1, int(place.max(initial=0)) + 1):
            here = order[place == nth]
            before = order[np.flatnonzero(place == nth) - 1]
            rest[here] = rest[before] + share[before]
            rest_bits[here] = rest_bits[before] | bit_of[wanted[before]]
        teach_bits = np.zeros(len(profiles), dtype=np.uint32)
        teacher = np.repeat(np.arange(len(profiles)), np.diff(profiles.teach_starts))
        np.bitwise_or.at(teach_bits, teacher, bit_of[profiles.taught])
        return cls(
            share.astype(np.float32),
            rate.astype(np.float32),
            # Wishes may count for more than 1 together where not all do; benefits never do.
            np.minimum(rest, 1.0).astype(np.float32),
            rest_bits.view(np.int32),
            (1.0 - profiles.level).astype(np.float32),
            teach_bits.view(np.int32),
        )

    def cards(self, profiles: Profiles) -> tuple[Rows, Places]:
        """Return all that is to be known of each person in one place: one look at memory, not six.

        Returns
        -------
        starts : int64 array, shape (people + 1,)
            Where each one's card begins.
        cards : int32 array
            How many wishes; the skill, share and rate of each; skill and `missing` of each taught.
        """
        wishes, taught = np.diff(profiles.wish_starts), np.diff(profiles.teach_starts)
        starts = ends_of(1 + 3 * wishes + 2 * taught)
        cards = np.empty(starts[-1], dtype=np.int32)
        cards[starts[:-1]] = wishes
        place = np.arange(len(profiles.wanted)) - np.repeat(profiles.wish_starts[:-1], wishes)
        place = 3 * place + np.repeat(starts[:-1] + 1, wishes)
        for offset, numbers in enumerate((profiles.wanted, self.share, self.rate)):
            cards[place + offset] = numbers.view(np.int32)
        place = np.arange(len(profiles.taught)) - np.repeat(profiles.teach_starts[:-1], taught)
        place = 2 * place + np.repeat(starts[:-1] + 1 + 3 * wishes, taught)
        for offset, numbers in enumerate((profiles.taught, self.missing)):
            cards[place + offset] = numbers.view(np.int32)
        return starts, cards

    def packed(self, teach: Rows, wish: Rows, person: Rows) -> tuple[Singles, Places]:
        """Return what is to be known of a skill taught and a wish of the same person.

        Parameters
        ----------
        teach, wish
            Places of either, or -1 for none.
        person
            Whose they are.

        Returns
        -------
        numbers : float32 array, shape (4, places)
            Share and rate of the wish, what the skill taught lacks, and the wish's rest.
        bits : int32 array, shape (2, places)
            The person's, and the wish's rest's.
        """
        numbers, bits = np.empty((4, len(person)), np.float32), np.empty((2, len(person)), np.int32)
        numbers[0] = _taken(self.share, wish, 0.0)
        numbers[1] = _taken(self.rate, wish, 0.0)
        numbers[2] = _taken(self.missing, teach, NEVER)
        numbers[3] = _taken(self.rest, wish, 0.0)
        bits[0], bits[1] = self.teach_bits[person], _taken(self.rest_bits, wish, 0)
        return numbers, bits


@dataclass(frozen=True, eq=False, slots=True)
class Party:
    """One side of a program, ready to be looked up and to look others up.

    Attributes
    ----------
    profiles : Profiles
        What they teach and want.
    sketches : Sketches
        Bounds on what they give and get.
    cards : tuple of numpy.ndarray
        `Sketches.cards`.
    """

    profiles: Profiles
    sketches: Sketches
    cards: tuple[Rows, Places]

    @classmethod
    def both(
        cls, people: Cohort, side_a: Rows, side_b: Rows, counted: int | None
    ) -> tuple[Self, Self]:
        """Return the two sides of a program.

        Parameters
        ----------
        people
            The cohort.
        side_a, side_b
            Rows of the people on either side.
        counted
            The score's `wishes_counted`.
        """
        a, b = (Profiles.of(people, rows, counted) for rows in (side_a, side_b))
        width = people.teaches.shape[1]
        of_a, of_b = (np.bincount(side.taught, minlength=width) for side in (a, b))
        bits = bits_of(of_a + of_b)
        sketches_a, sketches_b = Sketches.of(a, of_b, bits), Sketches.of(b, of_a, bits)
        party_a = cls(a, sketches_a, sketches_a.cards(a))
        return party_a, cls(b, sketches_b, sketches_b.cards(b))

    def __len__(self) -> int:
        return len(self.profiles)


def bits_of(popularity: Rows) -> NDArray[np.uint32]:
    """Return a bit for each skill, such that the most popular ones share theirs with none of these.

    Examples
    --------
    >>> bits_of(np.array([7, 9, 8]))
    array([4, 1, 2], dtype=uint32)
    """
    bits = np.empty(len(popularity), dtype=np.uint32)
    nth = np.arange(len(popularity), dtype=np.uint32) % np.uint32(BITS)
    bits[np.argsort(-popularity, kind="stable")] = np.uint32(1) << nth
    return bits


def ends_of(counts: Rows) -> Rows:
    """Return where each of some groups begins, and at last where they end.

    Examples
    --------
    >>> ends_of(np.array([2, 1]))
    array([0, 2, 3])
    """
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _taken(values: NDArray[Any], places: Rows, nothing: float) -> NDArray[Any]:
    """Return values at some places; `nothing` at place -1."""
    return np.append(values, np.array(nothing, dtype=values.dtype))[places]
