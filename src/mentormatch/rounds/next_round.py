"""From one round of a program to the next: who has met, who waited, what was learned."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, StrictStr, ValidationError

from mentormatch.errors import ProgramError
from mentormatch.exchange.rules import NotPairedBefore
from mentormatch.matching.matching import Matching
from mentormatch.matching.record import in_words
from mentormatch.people import Cohort
from mentormatch.people.later import Named
from mentormatch.program import Program
from mentormatch.rounds.first_served import FirstServed, serve_first

__all__ = ["NextRound", "PastRound", "next_round"]

#: What was, as plain data: ``{"pairs": [[a, b], ...], "unmatched": [ids]}``.
PastRound: TypeAlias = Matching | Mapping[str, Sequence[Any]]
#: By id, what was learned of one's wishes: skills, or proficiencies by skill.
Learned: TypeAlias = Mapping[str, Iterable[str] | Mapping[str, float]]

#: The attribute in which it is noted for how many rounds somebody has waited.
WAITED = "waited"


class _Told(BaseModel):
    """What a system kept of a round."""

    model_config = ConfigDict(extra="forbid")

    pairs: list[tuple[StrictStr, StrictStr]]
    unmatched: list[StrictStr]


@dataclass(frozen=True, eq=False)
class NextRound:
    """The people of the next round, as the past ones leave them. Made by `next_round`.

    Attributes
    ----------
    people : Cohort
        With the partners that they had, what they learned, whom they decline since, and the
        attribute ``waited``.
    waited : tuple of str
        Ids of those who had nobody in the last round, who are to be served first.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sql:2", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> first = mm.match(people, program)
    >>> second = mm.next_round(people, [first])
    >>> first.pairs[0].b, second.waited, second.match(program).matching.pairs[0].b
    ('bo', ('cy',), 'cy')
    """

    people: Cohort
    waited: tuple[str, ...]

    def program(self, program: Program) -> Program:
        """Return a program with the rule that nobody meets a past partner, if it has none such.

        Parameters
        ----------
        program
            That of the rounds before.
        """
        if any(isinstance(rule, NotPairedBefore) for rule in program.rules):
            return program
        return program.model_copy(update={"rules": (*program.rules, NotPairedBefore())})

    def match(self, program: Program, **options: Any) -> FirstServed:
        """Match these people: past partners stay apart, and who waited is served first.

        Parameters
        ----------
        program
            That of the rounds before.
        **options
            As for `match`.

        Returns
        -------
        FirstServed
            With the proof that no more of those who waited can be served.

        Raises
        ------
        ProgramError
            As `serve_first`.
        """
        return serve_first(self.people, self.program(program), by=WAITED, **options)


def next_round(
    people: Cohort,
    history: Sequence[PastRound],
    *,
    rest: int | None = None,
    learned: Learned | None = None,
    declines: Named | None = None,
) -> NextRound:
    """Bring people from their past rounds to the next one.

    Parameters
    ----------
    people
        Who takes part now, newcomers included.
    history
        The past rounds, the first one first: matchings, or what a system kept of them,
        ``{"pairs": [[a, b], ...], "unmatched": [ids]}``. Who is no longer there is passed over.
    rest
        For how many rounds two who met stay apart; `None` for ever. Partners whom profiles name in
        `past_partners` stay apart in any case.
    learned
        By id, which of their wishes were met: skills, known in full from now on, or proficiencies
        in (0, 1] by skill.
    declines
        By id, whom that person does not want again; they bind like any decline, and are shown to
        nobody. Where one of the two is of a past round and no longer there, it is passed over, too.

    Returns
    -------
    NextRound
        In ``people`` the attribute ``waited`` counts the last rounds in a row in which somebody
        took part and had no partner at all. Where that is all of `history`, the number that their
        profile has already is added; otherwise it begins anew.

    Raises
    ------
    ProgramError
        When `history` has an entry that is neither, or `learned` or `declines` an unknown id.
    ProfileErrors
        Listing every skill that was learned and not wished for.
    ValueError
        When `rest` is below 0.

    Notes
    -----
    Give people as you keep them with all rounds, or those of the `next_round` before with the
    rounds since: the latter's profiles name the partners of then already, and how long they waited.
    With `rest` only the former lets partners meet again.

    Whoever somebody declines has to be known, also once they are gone: to the people, or to their
    `organisation`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records([{"id": "ana", "wants": "sql"}, {"id": "bo"}, {"id": "cy"}])
    >>> past = [{"pairs": [["ana", "bo"]], "unmatched": ["cy"]}]
    >>> found = mm.next_round(people, past, learned={"ana": ["sql"]})
    >>> ana = found.people.participant("ana")
    >>> ana.past_partners, ana.knows, found.people.numbers("waited")
    (('bo',), {'sql': 1.0}, array([0., 0., 1.]))
    """
    if rest is not None and rest < 0:
        raise ValueError(f"rest is {rest}; it is a number of rounds, 0 or more, or None")
    rounds = [_read(number, one) for number, one in enumerate(history, start=1)]
    kept = rounds if rest is None else rounds[max(0, len(rounds) - rest) :]
    here = set(people.ids)
    met: dict[str, dict[str, None]] = {}
    for pairs, _ in kept:
        for a, b in pairs:
            for one, other in ((a, b), (b, a)):
                if one in here:
                    met.setdefault(one, {})[other] = None
    refused = _of_those_here(declines or {}, here, rounds)
    profiles = {one: people.participant(one) for one in {*met, *refused}}
    later = people.naming(
        past_partners={
            one: tuple(dict.fromkeys((*profiles[one].past_partners, *others)))
            for one, others in met.items()
        },
        declines={
            one: tuple(dict.fromkeys((*profiles[one].declines, *others)))
            for one, others in refused.items()
        },
        prefers={
            one: tuple(other for other in profiles[one].prefers if other not in set(others))
            for one, others in refused.items()
        },
    )
    if learned:
        later = later.knowing({one: _levels(skills) for one, skills in learned.items()})
    waited = _waited(people, rounds)
    return NextRound(
        later.noting(WAITED, waited), tuple(one for one, times in waited.items() if times)
    )


def _read(number: int, past: PastRound) -> tuple[list[tuple[str, str]], set[str]]:
    """Return the pairs of a past round, and who had no partner at all."""
    if isinstance(past, Matching):
        pairs = [*past.certificate.pairs]
        if past.trio is not None:
            pairs += [(past.trio.joiner, one) for one in (past.trio.a, past.trio.b)]
        single = {one.id for one in past.unmatched}
    else:
        try:
            told = _Told.model_validate(past)
        except ValidationError as error:
            raise ProgramError(
                f"round {number} of the history is neither a matching nor "
                f'{{"pairs": [[a, b], ...], "unmatched": [ids]}}: {in_words(error)}'
            ) from None
        pairs, single = told.pairs, set(told.unmatched)
    return pairs, single - {person for pair in pairs for person in pair}


def _of_those_here(
    declines: Named, here: Set[str], rounds: Sequence[tuple[list[tuple[str, str]], set[str]]]
) -> dict[str, list[str]]:
    """Return declines without those who have left since: an error would tell that there are any."""
    left = {person for pairs, _ in rounds for pair in pairs for person in pair}
    left = left.union(*(single for _, single in rounds)) - here
    return {
        one: [other for other in others if other not in left]
        for one, others in declines.items()
        if one not in left
    }


def _levels(skills: Iterable[str] | Mapping[str, float]) -> Mapping[str, float]:
    if isinstance(skills, Mapping):
        return skills
    return dict.fromkeys([skills] if isinstance(skills, str) else skills, 1.0)


def _waited(
    people: Cohort, rounds: Sequence[tuple[list[tuple[str, str]], set[str]]]
) -> dict[str, float]:
    """Return for how many rounds in a row everybody has waited by now."""
    before = np.zeros(len(people))
    if WAITED in people.fields:
        before = np.nan_to_num(people.numbers(WAITED))
    waited = {}
    for person, noted in zip(people.ids, before.tolist(), strict=True):
        times = 0
        for _, single in reversed(rounds):
            if person not in single:
                break
            times += 1
        else:
            times += int(noted)
        waited[person] = float(times)
    return waited
