"""A letter to one participant: who their partner is, what each teaches the other, how to begin.

It says what an explanation may say to a participant and nothing else: their own profile, what they
exchange with their partner, and what the program is for everybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mentormatch.exchange.needs import have_wishes
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.explanation import in_words
from mentormatch.matching.matching import Matching
from mentormatch.matching.why import Partnership, partnerships
from mentormatch.report.decision import CHOSEN_TOGETHER
from mentormatch.report.isolation import apart, plain
from mentormatch.report.rendering import render
from mentormatch.solving.solved import Solved

__all__ = ["Letter", "Passage", "letter"]

#: Whom a letter names where nobody is named.
WHOEVER_RUNS_IT = "whoever runs the program"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a letter.

    Attributes
    ----------
    sentences : tuple of str
        What it says: a paragraph, or the entries of a list under the heading.
    heading : str
        What stands above a list; ``""`` above a paragraph.
    """

    sentences: tuple[str, ...]
    heading: str = ""

    def __str__(self) -> str:
        if not self.heading:
            return " ".join(self.sentences)
        return "\n".join((f"{self.heading}:", *(f"- {one}" for one in self.sentences)))


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one participant, as text and as HTML; made by `letter`.

    Attributes
    ----------
    person : str
        Whom it is to, by id.
    topic : str
        What it is about, every name in it with marks that keep its direction of writing to itself.
    passages : tuple of Passage
        What it says, likewise.
    """

    person: str
    topic: str
    passages: tuple[Passage, ...]

    @property
    def subject(self) -> str:
        """What it is about, in a line."""
        return plain(self.topic)

    @property
    def text(self) -> str:
        """The letter as plain text, with an empty line between paragraphs."""
        return plain("\n\n".join(map(str, self.passages))) + "\n"

    @property
    def html(self) -> str:
        """The letter as a page of its own (extra ``report``); it loads nothing."""
        return render("letter.html.jinja", title=self.subject, passages=self.passages)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Letter({self.person!r}, {self.subject!r})"


def letter(matching: Matching, person: str, *, contact: str = WHOEVER_RUNS_IT) -> Letter:
    """Write to one participant: who their partner is, or that there is none this time.

    The letter is made of the person's own profile, their partners' names, what they exchange, and
    what the program is for everybody. Nothing else changes it: no score, nobody else's profile,
    nobody's declines.

    Parameters
    ----------
    matching
        The answer.
    person
        Their id.
    contact
        Whom to ask, such as ``"Ines Duarte (ines@example.org)"``.

    Returns
    -------
    Letter
        With `Letter.subject`, `Letter.text` and `Letter.html` (extra ``report``).

    Raises
    ------
    ProgramError
        When nobody has this id, or they take no part.
    RecordError
        When the matching was read from a record: `attach` it to its people first.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "name": "Ana", "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "name": "Bo", "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> told = mm.report.letter(mm.match(people, mm.Program()), "bo", contact="Ines")
    >>> told
    Letter('bo', 'Your partner is Ana')
    >>> print(told.text.partition("How to begin")[0].strip())
    Hello Bo,
    <BLANKLINE>
    We have found a partner for you: Ana.
    <BLANKLINE>
    What you can learn from each other:
    - You can teach Ana: sql.
    - Ana can teach you: leading.
    """
    solved, insight = matching._attached(), matching._insight
    row = insight.row(person)
    found = partnerships(insight, row)
    ask = apart(contact)
    if found:
        topic, told = _of_partners(found)
        told += [Passage((one,)) for one in _roles_left(matching, person)]
        told += [
            Passage(tuple(_first_steps(found)), "How to begin"),
            Passage(
                (
                    f"If anything is unclear, or if it does not work out, ask {ask}.",
                    "You need not give a reason. What you tell each other stays between you.",
                )
            ),
            Passage(("Enjoy learning from each other!",)),
        ]
    else:
        topic, told = "Your place in the program", list(_of_nobody(solved, row, ask))
    greeting = Passage((f"Hello {apart(solved.graph.people.names[row])},",))
    return Letter(person, topic, (greeting, *told))


def _of_partners(found: Sequence[Partnership]) -> tuple[str, list[Passage]]:
    """Return what the letter is about, and its beginning."""
    names = list({one.id: apart(one.name) for one in found}.values())
    buddies = any(one.together for one in found)
    noun = ("study buddy", "study buddies") if buddies else ("partner", "partners")
    if len(names) == 1:
        topic = f"Your {noun[0]} is {names[0]}"
        begin = f"We have found a {noun[0]} for you: {names[0]}."
    else:
        topic = f"Your {noun[1]} are {in_words(names)}"
        begin = f"We have found {len(names)} {noun[1]} for you: {in_words(names)}."
    exchanged = tuple(line for one in found for line in _exchanged(one))
    if not exchanged:
        more = "Your profiles do not say yet what you could learn from each other: find out when "
        return topic, [Passage((begin, f"{more}you meet."))]
    heading = "What you want to learn together" if buddies else "What you can learn from each other"
    if len(names) > 1 and not buddies:
        heading = "Who can learn what from whom"
    return topic, [Passage((begin,)), Passage(exchanged, heading)]


def _exchanged(partner: Partnership) -> Iterator[str]:
    name = apart(partner.name)
    if partner.together:
        yield f"You and {name}: {_skills(partner.together)}."
    if partner.teaches:
        yield f"You can teach {name}: {_skills(partner.teaches)}."
    if partner.learns:
        yield f"{name} can teach you: {_skills(partner.learns)}."


def _skills(skills: Sequence[str]) -> str:
    return in_words([apart(skill) for skill in skills])


def _roles_left(matching: Matching, person: str) -> Iterator[str]:
    """Say in which role somebody has no partner who has one in another."""
    for one in matching.unmatched:
        if one.id == person:
            yield f"As {apart(one.side)} you have no partner this time."


def _first_steps(found: Sequence[Partnership]) -> Iterator[str]:
    names = list({one.id: apart(one.name) for one in found}.values())
    whom = in_words(names)
    if len(names) > 1 and not any(one.together for one in found):
        whom = f"{whom}, one by one,"  # three buddies meet together
    yield f"Write to {whom} this week and find half an hour to get to know each other."
    yield "Tell each other what you would like to be able to do in three months."
    yield "Choose one small thing to begin with, and bring something from your daily work."
    yield "Agree how often you meet. An hour every two or three weeks is a good beginning."


def _of_nobody(solved: Solved, row: int, ask: str) -> Iterator[Passage]:
    yield Passage(
        (
            "Thank you for taking part.",
            "This time there is no partner for you, and we are sorry about that.",
        )
    )
    yield Passage((CHOSEN_TOGETHER, "To be left over says nothing about you."))
    helps = (*_would_help(solved, row), f"Tell {ask} that you would like to be asked again.")
    yield Passage(helps, "What can help next time")
    yield Passage((f"If you have a question, ask {ask}.", "You are welcome in the next round."))


def _would_help(solved: Solved, row: int) -> Iterator[str]:
    """Say what somebody could add to their own profile; nobody else's is looked at."""
    graph = solved.graph
    people, model = graph.people, graph.score_model
    on_a, on_b = bool((graph.side_a == row).any()), bool((graph.side_b == row).any())
    learns = (on_a and model.a_receives) or (on_b and model.b_receives)
    teaches = (on_a and model.b_receives) or (on_b and model.a_receives)
    if learns and not have_wishes(people, np.array([row]))[0]:
        yield (
            "Your profile names nothing that you would still like to learn. Add a wish or two: "
            "they are what a partner is looked for by."
        )
    elif learns:
        yield "Add more of what you would like to learn, in the words that others use for it."
    if isinstance(model, SharedWishes) or not teaches:
        return
    if not people.teaches[[row]].nnz:
        yield (
            "Your profile names nothing that you could teach. Add something: what is everyday to "
            "you is new to somebody else."
        )
    else:
        yield "Add more of what you could teach. Small things count, too."
