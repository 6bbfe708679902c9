"""What is not told of groups, so that nobody can be told from them."""

from collections.abc import Sequence

__all__ = ["FEWEST", "shown"]

#: What fewer people than this said could give somebody away.
FEWEST = 5


def shown(people: Sequence[int]) -> list[bool]:
    """Tell of which groups of a whole numbers may be told.

    A group of fewer than five people is not told of. Neither is the next larger one where the
    former could be worked out from the whole and all the others.

    Parameters
    ----------
    people
        How many people each group has; the groups have nobody in common.

    Returns
    -------
    list of bool
        False for empty groups, too.

    References
    ----------
    L. H. Cox, "Suppression methodology and statistical disclosure control", Journal of the American
    Statistical Association 75 (1980).

    Examples
    --------
    >>> shown([3, 20, 6, 0])
    [False, True, False, False]
    >>> shown([3, 2, 20])
    [False, False, True]
    """
    told = [count >= FEWEST for count in people]
    hidden = sum(count for count, is_told in zip(people, told, strict=True) if not is_told)
    for group in sorted(range(len(people)), key=lambda one: people[one]):
        if not 0 < hidden < FEWEST:
            break
        if told[group]:
            told[group] = False
            hidden += people[group]
    return told
