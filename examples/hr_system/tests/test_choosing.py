"""People choose from a few suggestions, and what they answer counts in the round."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from hr_system import NotSuggestedError, choose, reading, run_round, suggest, verified
from hr_system.decline import Decline
from hr_system.round import last_of
from hr_system.suggestion import Suggestion, Wish

SCHEME = 1


def suggestions(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with reading(path) as session:
        for one in session.scalars(select(Suggestion)):
            found.setdefault(one.person_id, []).append(one.other_id)
    return found


def test_everybody_reads_a_list_of_their_own_and_it_is_kept(firm: Path) -> None:
    texts = suggest(firm, SCHEME, 1, k=2)
    kept = suggestions(firm)
    assert {one for one, text in texts.items() if "best suggestion first" in text} == kept.keys()
    assert max(map(len, kept.values())) == 2
    assert suggest(firm, SCHEME, 1, k=2) == texts  # the same lists again, in place of the first
    assert suggestions(firm) == kept


def test_wishes_count_in_the_round_and_declines_bind_it(firm: Path, run_once: Path) -> None:
    suggest(firm, SCHEME, 1)
    kept = suggestions(firm)
    (a, b), (c, d), *_ = (
        (pair.a, pair.b)
        for pair in verified(run_once, SCHEME, 1).pairs  # as they are where nobody chooses
        if pair.a in kept.get(pair.b, []) and pair.b in kept.get(pair.a, [])
    )
    choose(firm, SCHEME, 1, a, prefers=[b])
    choose(firm, SCHEME, 1, b, prefers=[a])
    choose(firm, SCHEME, 1, c, declines=[d])
    run_round(firm, SCHEME, 1)
    preference = {
        frozenset((pair.a, pair.b)): pair.preference for pair in verified(firm, SCHEME, 1).pairs
    }
    assert preference[frozenset((a, b))] == pytest.approx(0.1)
    assert frozenset((c, d)) not in preference
    with reading(firm) as session:
        people = json.loads(last_of(session, SCHEME, 1).people)
    assert {one["id"]: one["prefers"] for one in people if one["prefers"]} == {a: [b], b: [a]}


def test_nobody_chooses_whom_they_were_not_suggested_and_nothing_is_written(firm: Path) -> None:
    suggest(firm, SCHEME, 1)
    person, others = next(iter(suggestions(firm).items()))
    with reading(firm) as session:
        declines = session.scalars(select(Decline.other_id)).all()
    for answer in (
        {"prefers": [*others, "somebody"]},
        {"declines": [person]},
        {"prefers": others, "declines": others},
    ):
        with pytest.raises(NotSuggestedError) as error:
            choose(firm, SCHEME, 1, person, **answer)
        assert not [one for one in (person, *others, "somebody") if one in str(error.value)]
    with reading(firm) as session:
        assert not session.scalars(select(Wish)).all()
        assert session.scalars(select(Decline.other_id)).all() == declines
