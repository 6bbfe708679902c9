"""What people choose from their shortlists, as wishes and declines of their profiles."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people import Cohort

__all__ = ["Choices", "answered"]

#: By id of the reader: ``{"prefers": [ids, the most wished first], "declines": [ids]}``.
Choices = Mapping[str, Mapping[str, Sequence[str]]]

#: What an answer may say.
LISTS = ("prefers", "declines")
ALLOWED = "ids of people on their own shortlist, each once, and in one of the two lists only"


def answered(people: Cohort, choices: Choices, suggested: Mapping[str, Collection[str]]) -> Cohort:
    """Return people with what they chose from their lists.

    Parameters
    ----------
    people
        Those for whom the lists were made.
    choices
        What each answered; who did not answer is left out.
    suggested
        Whom each was suggested, by id.

    Returns
    -------
    Cohort
        What somebody chose stands before whom they wished for earlier, and whom they decline after
        whom they declined already.

    Raises
    ------
    ProfileErrors
        Listing every answer of somebody without a list, or about somebody who is not on it.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "prefers": "cy"}, {"id": "bo"}, {"id": "cy"}])
    >>> later = answered(people, {"ana": {"prefers": ["bo"]}}, {"ana": ["bo"]})
    >>> later.participant("ana").prefers
    ('bo', 'cy')
    """
    faults = [
        fault
        for position, (reader, answer) in enumerate(choices.items(), start=1)
        for fault in _faults(position, reader, answer, suggested)
    ]
    if faults:
        raise ProfileErrors(faults)
    prefers, declines = {}, {}
    for reader, answer in choices.items():
        chosen, refused = (tuple(answer.get(name, ())) for name in LISTS)
        before = people.participant(reader)
        earlier = (one for one in before.prefers if one not in refused)
        prefers[reader] = tuple(dict.fromkeys((*chosen, *earlier)))
        declines[reader] = tuple(dict.fromkeys((*before.declines, *refused)))
    return people.naming(prefers=prefers, declines=declines)


def _faults(
    position: int,
    reader: str,
    answer: Mapping[str, Sequence[str]],
    suggested: Mapping[str, Collection[str]],
) -> Iterator[Fault]:
    """Say what is wrong with an answer; whom it names is shown to nobody."""
    if reader not in suggested:
        yield Fault(position, None, "answer", reader, "the id of somebody who has a shortlist")
        return
    for name in answer:
        if name not in LISTS:
            yield Fault(position, reader, "answer", name, " or ".join(LISTS))
    lists = [answer.get(name, ()) for name in LISTS]
    if any(isinstance(one, str) for one in lists):
        yield Fault(position, reader, "answer", "(hidden)", "lists of ids, not one text")
        return
    named = [*chain.from_iterable(lists)]
    if len(set(named)) < len(named) or not set(named) <= set(suggested[reader]):
        yield Fault(position, reader, "answer", "(hidden)", ALLOWED)
