"""A year of a program: four rounds, of which everything is known, held against slow answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import mentormatch as mm
from tests.oracles import (
    best_for_those_who_waited,
    most_served_of_those_who_waited,
    quick_table,
    score,
)
from tests.rounds.hidden_truth import Truth, estimates
from tests.rounds.simulated_year import Round, a_year, pairs_of

Pairs = Set[frozenset[str]]


def either(declines: Set[tuple[str, str]]) -> Pairs:
    """Pairs that may not be, whichever of the two declines."""
    return {frozenset(two) for two in declines}


def allowed(
    round_: Round, people: Mapping[str, mm.Participant], never: Pairs
) -> tuple[list[mm.Participant], list[mm.Participant], np.ndarray[Any, Any]]:
    """Mentors, mentees, and what their pairs are worth, 0 where they may not be; by definition."""
    mentors = [one for one in people.values() if one.rank is not None and one.rank >= 3]
    mentees = [one for one in people.values() if one.rank is not None and one.rank < 3]
    row = {one.id: place for place, one in enumerate(mentors)}
    column = {one.id: place for place, one in enumerate(mentees)}
    table = quick_table(mentors, mentees)

    def equal(name: str) -> Any:
        ours, theirs = (
            np.array([one.model_dump()[name] for one in side]) for side in (mentors, mentees)
        )
        return ours[:, None] == theirs

    table += 0.05 * ((table > 0.0) & equal("region"))
    table[equal("department")] = 0.0
    managers = round_.managers
    lines = {
        frozenset((one, boss))
        for one in people
        for boss in (managers[one], managers.get(managers[one] or ""))
        if boss is not None
    }
    for pair in lines | never:
        for one, other in (tuple(pair), tuple(pair)[::-1]):
            if one in row and other in column:
                table[row[one], column[other]] = 0.0
    return mentors, mentees, table


def faults(year: Sequence[Round]) -> Iterator[str]:
    """Everything that a year should not have, in a word each."""
    for before, now in pairwise(year):
        if pairs_of(before.published) & pairs_of(now.published):
            yield "twice in a row"
    for one in year:
        if pairs_of(one.proposed.matching) & either(one.declines):
            yield "proposed against a decline"
        if pairs_of(one.published) & either(one.declines | one.rejected):
            yield "published against a decline"
        if one.waited != {*one.step.waited}:
            yield "others waited"
        if not one.proposed.verify(one.step.people).ok:
            yield "proof of the proposal"
        yield from served(one)
        yield from repaired(one)


def served(one: Round) -> Iterator[str]:
    """What is wrong with who is proposed a partner."""
    mentors, mentees, table = allowed(one, one.profiles, either(one.declines) | one.apart)
    waits = [[who.id in one.waited for who in side] for side in (mentors, mentees)]
    found = one.proposed.matching
    people = {person for pair in pairs_of(found) for person in pair}
    pairs, most, total = best_for_those_who_waited(table, *waits)
    if len(found.pairs) != pairs:
        yield "fewer pairs than there could be"
    if most != most_served_of_those_who_waited(table, *waits) or len(people & one.waited) != most:
        yield "fewer who waited are served than could be"
    worth = sum(one.truth.score(pair) for pair in found.pairs)
    if abs(worth - total) > 1e-6:
        yield "worth another total"


def repaired(one: Round) -> Iterator[str]:
    """What is wrong with what became of the proposal."""
    published = one.revision.matching
    if not published.certificate.verify(one.revision.people, one.revision.program).ok:
        yield "proof of the repair"
    declined = either(one.rejected)
    stay = {pair for pair in pairs_of(one.proposed.matching) if not pair & one.left} - declined
    if not stay <= pairs_of(published) or len(one.revision.kept) != len(stay):
        yield "a pair that was published has changed"
    settled = one.left.union(*stay)
    free = {who: of for who, of in {**one.profiles, **one.joined}.items() if who not in settled}
    never = either(one.declines) | declined | one.apart
    mentors, mentees, table = allowed(one, free, never)
    waits = [[who.id in one.waited for who in side] for side in (mentors, mentees)]
    begun = {person for pair in pairs_of(published) - stay for person in pair}
    pairs, most, _ = best_for_those_who_waited(table, *waits)
    if (len(begun), len(begun & one.waited)) != (2 * pairs, most):
        yield "the repair serves fewer than it could"


def test_the_quick_table_has_the_scores_of_the_slow_one() -> None:
    people = [*mm.synthetic.workforce(60, seed=4, skills=15)]
    table = quick_table(people[:30], people[30:])
    slow = [[score(mm.Reciprocity(), a, b) for b in people[30:]] for a in people[:30]]
    assert np.count_nonzero(table) > 50
    assert table == pytest.approx(np.array(slow))


def test_in_a_year_of_two_thousand_people_nobody_is_wronged_and_the_truth_is_found() -> None:
    year = a_year(2_000, seed=3)
    assert [*faults(year)] == []
    # Nothing of this was so for want of people to whom it could happen.
    for number, one in enumerate(year):
        assert min(len(one.rejected), len(one.left), len(one.joined)) >= 20
        assert {who for who, _ in one.rejected} & one.left
        assert bool(one.waited) == bool(number)
        assert one.proposed.served < len(one.waited) or not number
        assert one.proposed.status is mm.Status.OPTIMAL
        assert len(one.revision.begun) >= 20
        assert 0.6 < len({*one.feedback.by}) / (2 * len(one.published.pairs)) < 0.8
    assert len(year[-1].declines) > sum(len(one.rejected) for one in year)  # some after all
    # Who stays apart for a round may meet again later.
    assert pairs_of(year[0].published) & pairs_of(year[2].published)
    held = [
        (number, name, found.low <= true <= found.high)
        for number, one in enumerate(year)
        for name, true, found in compared(one, one.evaluation)
    ]
    assert len(held) >= 4 * (10 + 2 * 4 + 2 + 2 * 4)
    assert np.mean([holds for *_, holds in held]) >= 0.9, [one for one in held if not one[-1]]


def lossy(lost: str, value: Any) -> Callable[..., mm.NextRound]:
    """A `next_round` that does not hear one thing."""
    whole = mm.next_round
    return lambda people, history, **how: whole(people, history, **{**how, lost: value})


@pytest.mark.parametrize(
    ("lost", "value", "seen"),
    [
        ("declines", None, "proposed against a decline"),
        ("rest", 0, "twice in a row"),
        ("learned", None, "worth another total"),
    ],
)
def test_a_year_in_which_something_is_forgotten_would_be_seen(
    lost: str, value: Any, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mm, "next_round", lossy(lost, value))
    assert seen in [*faults(a_year(200, seed=1, skills=50, rounds=2))]


def test_a_year_in_which_who_waited_is_served_like_all_others_would_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def plain(people: mm.Cohort, program: mm.Program, by: str, **how: Any) -> mm.FirstServed:
        found = mm.serve_first(people, program, by=by, **how)
        return replace(found, matching=mm.match(people, program, **how))

    monkeypatch.setattr("mentormatch.rounds.next_round.serve_first", plain)
    assert {"fewer who waited are served than could be", "proof of the proposal"} <= {
        *faults(a_year(200, seed=1, skills=50, rounds=2))
    }


def test_a_year_in_which_a_rejection_is_not_heard_would_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = mm.Matching.revise

    def deaf(matching: mm.Matching, people: mm.Cohort, **happened: Any) -> Any:
        return heard(matching, people, **{**happened, "proposal": None})

    monkeypatch.setattr(mm.Matching, "revise", deaf)
    assert "published against a decline" in [*faults(a_year(200, seed=1, skills=50, rounds=1))]


def compared(
    one: Round, evaluation: mm.Evaluation, truth: Truth | None = None
) -> Iterator[tuple[str, float, Any]]:
    """Every estimate of an evaluation with its name and the truth, from the definitions."""
    truth = truth or one.truth
    pairs = one.published.pairs
    found = estimates(evaluation)
    for name, true in truth.numbers(one.published).items():
        yield name, true, found[name]
    scores = np.array([truth.score(pair) for pair in pairs])
    fits, good, _ = truth.expected(pairs)
    for part in evaluation.prediction.classes:
        inside = (scores > part.low - 1e-9) & (scores < part.high + 1e-9)
        yield "fit of a class", float(fits[inside].mean()), part.fit
        yield "good of a class", float(good[inside].mean()), part.good
    people = {**one.profiles, **one.joined}
    region = np.array([[people[who].region for who in (pair.a, pair.b)] for pair in pairs])
    is_same = region[:, 0] == region[:, 1]
    [favoured] = [part for part in evaluation.favoured if part.preference == "prefer same region"]
    yield "fit of the favoured", float(fits[is_same].mean()), favoured.fit
    yield "fit of the others", float(fits[~is_same].mean()), favoured.others_fit
    for group in evaluation.groups:
        of_group = region == group.value
        if group.fit is not None:
            yield "fit of a group", float(np.average(fits, weights=of_group.sum(axis=1))), group.fit
        if group.good is not None:
            yield (
                "good of a group",
                float(np.average(good, weights=of_group.sum(axis=1))),
                group.good,
            )
        if group.reported is not None:
            yield "reported by a group", truth.meets * truth.met, group.reported
