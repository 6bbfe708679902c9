"""What an audit counts: each part of it as plain data."""

from dataclasses import dataclass

__all__ = ["FEWEST", "NAMED", "Blocking", "Bridges", "Group", "RankFlow", "Spread", "Wishing"]

#: A group of fewer people than this could give somebody away.
FEWEST = 5
#: How many pairs, people and skills are named before the rest is counted.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Blocking:
    """Allowed pairs whose two people would both receive more from each other than they do now.

    Attributes
    ----------
    count : int
        How many there are.
    pairs : tuple of (str, str)
        The first twenty by how much the one who gains less would gain, most first.
    names : tuple of (str, str)
        What texts call them.

    References
    ----------
    D. Gale and L. S. Shapley, "College admissions and the stability of marriage", The American
    Mathematical Monthly 69 (1962).
    """

    count: int
    pairs: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of the pairs spread.

    Attributes
    ----------
    least, lower, median, upper, most : float
        Of all pairs, in quarters; 0 where there are none.
    worst_off, names : tuple of str
        The people in the pair of the least score: ids, and what texts call them.
    """

    least: float
    lower: float
    median: float
    upper: float
    most: float
    worst_off: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wishing:
    """People with so many wishes, and what share of them is met.

    Attributes
    ----------
    wishes : int
        How many skills they want.
    people, learning : int
        How many such people take part, and how many of them receive anything.
    benefit : float
        The mean share of wishes met, of those who learn; 0 where nobody does.
    """

    wishes: int
    people: int
    learning: int
    benefit: float


@dataclass(frozen=True, slots=True)
class Group:
    """People with one value of an attribute, beside the group that is best off.

    Attributes
    ----------
    attribute, value : str
        Such as ``"department"`` and ``"IT"``; ``""`` for those whose value is blank.
    people : int
        How many take part.
    rate, benefit : float or None
        The share of them with a partner, and the mean share of wishes met of those who are in a
        pair and learn; `None` in a group of fewer than five people, which could give them away.
    rate_ratio, benefit_ratio : float or None
        Beside the largest of the attribute's groups; likewise.
    """

    attribute: str
    value: str
    people: int
    rate: float | None
    benefit: float | None
    rate_ratio: float | None
    benefit_ratio: float | None


@dataclass(frozen=True, slots=True)
class Bridges:
    """How pairs join the departments: mentoring up is meant to.

    Attributes
    ----------
    departments : tuple of str
        Of the people who take part; a blank one is left out.
    pairs : tuple of tuple of int
        For each two departments how many pairs there are; the same either way round.
    across : float
        The share of pairs between two departments; 0 where there are none.
    parts : int
        Into how many parts the departments fall that no pair joins.
    """

    departments: tuple[str, ...]
    pairs: tuple[tuple[int, ...], ...]
    across: float
    parts: int


@dataclass(frozen=True, slots=True)
class RankFlow:
    """How many learn from somebody of lower, of equal and of higher rank.

    Attributes
    ----------
    from_below, from_beside, from_above, unknown : int
        Lessons; the last where a rank is blank.
    """

    from_below: int
    from_beside: int
    from_above: int
    unknown: int
