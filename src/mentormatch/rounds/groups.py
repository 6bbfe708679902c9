"""How groups of people, and pairs that a preference favoured, fared beside others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.preferred import Preferred
from mentormatch.rounds.estimate import Estimate, mean_of
from mentormatch.rounds.heard import Heard
from mentormatch.rounds.outcomes import Favoured, GroupOutcome
from mentormatch.rounds.suppression import FEWEST, shown
from mentormatch.solving.solved import Solved

__all__ = ["favoured_of", "groups_of", "told_mean"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def told_mean(
    heard: Heard, values: Floats, among: Bools, scale: tuple[float, float] = (0.0, 1.0)
) -> Estimate | None:
    """Estimate the mean of what some ends say; `None` of fewer than five people.

    Parameters
    ----------
    heard
        The pairs.
    values
        What each end says, NaN for nothing.
    among
        Which ends.
    scale
        The bounds of what may be said.
    """
    said = among & ~np.isnan(values)
    if len(np.unique(heard.rows[said])) < FEWEST:
        return None
    return mean_of(values[said], heard.cluster[said], *scale)


def favoured_of(solved: Solved, heard: Heard, scale: tuple[float, float]) -> tuple[Favoured, ...]:
    """Compare pairs that each preference of a program favoured with the others.

    Parameters
    ----------
    solved
        The answer.
    heard
        Its pairs.
    scale
        The bounds of the fit.
    """
    a, b = heard.rows[::2], heard.rows[1::2]
    exchanged = np.ones(len(a))  # whatever a pair satisfies, it satisfies
    found = []
    for preference in solved.program.preferences:
        preferred = Preferred.of(heard.people, [preference], solved.sides.taking_part)
        is_favoured = preferred.points(exchanged, a, b) > 0.0
        parts = _told_means(
            heard, heard.said.fit, np.repeat(is_favoured, 2).astype(np.int64), 2, scale
        )
        found.append(Favoured(str(preference), int(is_favoured.sum()), parts[1], parts[0]))
    return tuple(found)


def groups_of(
    heard: Heard, attribute: str, good: Floats, scale: tuple[float, float]
) -> list[GroupOutcome]:
    """Compare people by an attribute, also one that is for the audit alone.

    Parameters
    ----------
    heard
        The pairs.
    attribute
        Its name.
    good
        Of each end, whether it calls the fit good: 1, 0 or NaN.
    scale
        The bounds of the fit.

    Raises
    ------
    ProgramError
        When nobody has such an attribute, or its values are lists.
    """
    codes, labels = heard.people.audited(attribute)
    # Blanks come last.
    group = np.where(codes[heard.rows] < 0, len(labels), codes[heard.rows])
    size = len(labels) + 1
    answered = heard.said.answered.astype(np.float64)
    people = [len(np.unique(heard.rows[group == one])) for one in range(size)]
    rates = [
        float(answered[group == one].mean()) if is_told else None
        for one, is_told in enumerate(shown(people))
    ]
    fits = _told_means(heard, heard.said.fit, group, size, scale)
    goods = _told_means(heard, good, group, size)
    reports = _told_means(heard, heard.reported, group, size)
    rows = zip((*labels, ""), people, rates, fits, goods, reports, strict=True)
    return [GroupOutcome(attribute, *row) for row in rows if row[1]]


def _told_means(
    heard: Heard,
    values: Floats,
    group: NDArray[np.int64],
    size: int,
    scale: tuple[float, float] = (0.0, 1.0),
) -> Sequence[Estimate | None]:
    """Estimate the mean of each group, `None` where it is not to be told."""
    said = ~np.isnan(values)
    people = [len(np.unique(heard.rows[said & (group == one)])) for one in range(size)]
    return [
        told_mean(heard, values, group == one, scale) if is_told else None
        for one, is_told in enumerate(shown(people))
    ]
