"""What every explanation is: a code that stays, plain data, and a text for whoever may read it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

__all__ = ["NAMED", "Audience", "Explanation", "check_audience", "first_of", "in_words"]

#: How many people, or pairs, are named before the rest is counted.
NAMED = 20

#: Who reads: somebody who takes part, whoever runs the program, or whoever checks it.
Audience = Literal["participant", "coordinator", "auditor"]


class Explanation(ABC):
    """A decision explained.

    A participant's text says nothing that others may keep to themselves: it is made of their own
    profile, what they exchange with their partner, and rules that are public. The others' texts
    hold more; the data hold everything and are for a coordinator's eyes, or an auditor's.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> why = mm.match(people, program).explain("ana")
    >>> why.code
    'paired'
    >>> print(why.text())
    Your partner is bo. You teach bo leading. bo teaches you sql, which is all that you wished for.
    """

    @property
    @abstractmethod
    def code(self) -> str:
        """What was decided, in one word that does not change."""

    @property
    @abstractmethod
    def data(self) -> Mapping[str, Any]:
        """Everything that the texts are made of, as plain values: for a coordinator or auditor."""

    def text(self, audience: Audience = "participant") -> str:
        """Return the explanation in words.

        Parameters
        ----------
        audience
            Who reads it.

        Raises
        ------
        ValueError
            When there is no such audience.
        """
        check_audience(audience)
        return self._text(audience)

    @abstractmethod
    def _text(self, audience: Audience) -> str:
        """Return the text for an audience that there is."""

    def __str__(self) -> str:
        return self.text()


def check_audience(audience: str) -> None:
    """Refuse an audience that there is not.

    Parameters
    ----------
    audience
        Who is to read something.

    Raises
    ------
    ValueError
        When it is none of the three.
    """
    if audience not in get_args(Audience):
        raise ValueError(
            f"audience is {audience!r}; it must be one of {', '.join(get_args(Audience))}"
        )


def in_words(names: "list[str] | tuple[str, ...]") -> str:
    """Join names for a sentence that is read aloud.

    Examples
    --------
    >>> in_words(["sql"]), in_words(["sql", "R"]), in_words(["sql", "R", "go"])
    ('sql', 'sql and R', 'sql, R and go')
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def first_of(names: Sequence[str]) -> str:
    """Name the first of many for a sentence, and count the rest.

    Examples
    --------
    >>> first_of([f"p{number}" for number in range(22)])[-10:]
    'and 2 more'
    """
    more = len(names) - NAMED
    if more <= 0:
        return in_words(tuple(names))
    return f"{', '.join(names[:NAMED])} and {more:,} more"
