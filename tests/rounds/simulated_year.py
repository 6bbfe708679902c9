"""A program over a year, simulated: people come, go, say no and answer, and the truth is known.

What an HR system would keep is kept here: profiles, who learned what, who declined whom, and the
records of past rounds. All else is asked of the library, by what it offers to everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import numpy as np

import mentormatch as mm
from mentormatch.synthetic import workforce
from tests.rounds.hidden_truth import Truth, Worth

T = TypeVar("T")

SIDES = mm.Sides(by="rank", at_least=3, names=("mentor", "mentee"))
PROGRAM = mm.Program(
    format=mm.Pairs(sides=SIDES),
    rules=[mm.Different("department"), mm.NoReportingLine(levels=2)],
    preferences=[mm.Prefer(mm.Same("region"), weight=0.05)],
)
TRUTH = Truth(answers=0.7, met=0.3, meets=0.95, habit=0.2)

#: For how many rounds two who met stay apart.
REST = 1
ROUNDS = 4
#: Of a hundred people, so many come and go in a round, and so many pairs are declined when seen.
MOVING, DECLINING = 2, 6
#: How likely whoever answers has answered an earlier check-in, too.
EARLIER = 0.5
FIRST_DAY = date(2026, 1, 5)


@dataclass(frozen=True, eq=False)
class Round:
    """All that is known of a round once it is over.

    Attributes
    ----------
    managers : mapping of str to str
        The manager of everybody who ever was there.
    profiles : mapping of str to Participant
        Who was there when pairs were proposed, as they were then, with what they had learned.
    declines : set of pairs of str
        Who had declined whom by the time when pairs were proposed.
    waited : set of str
        Who had nobody in the round before.
    apart : set of pairs
        Who was to stay apart, as they had just met.
    step, proposed, revision, feedback, evaluation
        What the library said, one after the other, and what people said to it.
    left, joined : set of str
        Who went and came before the pairs were published.
    rejected : set of pairs of str
        Who declined whom on seeing the pair proposed.
    truth : Truth
        What is behind the answers.
    """

    managers: Mapping[str, str | None]
    profiles: Mapping[str, mm.Participant]
    declines: frozenset[tuple[str, str]]
    waited: frozenset[str]
    apart: frozenset[frozenset[str]]
    step: mm.NextRound
    proposed: mm.FirstServed
    left: frozenset[str]
    joined: Mapping[str, mm.Participant]
    rejected: frozenset[tuple[str, str]]
    revision: mm.Revision[mm.Matching]
    feedback: mm.Feedback
    evaluation: mm.Evaluation
    truth: Truth

    @property
    def published(self) -> mm.Matching:
        """The pairs that were made."""
        return self.revision.matching


@dataclass(eq=False)
class _Organisation:
    """What an HR system keeps of its people between the rounds."""

    everybody: Sequence[mm.Participant]
    tree: mm.Organisation
    here: dict[str, mm.Participant]
    to_come: list[mm.Participant]
    declines: set[tuple[str, str]] = field(default_factory=set)
    learned: dict[str, dict[str, None]] = field(default_factory=dict)
    past: list[dict[str, Any]] = field(default_factory=list)  # rounds, as plain data

    def move(self, left: Iterable[str], joined: Mapping[str, mm.Participant]) -> None:
        """Let people go and others come."""
        self.here = {one: profile for one, profile in self.here.items() if one not in {*left}}
        self.here |= joined
        self.to_come = [one for one in self.to_come if one.id not in joined]

    def next_round(self) -> mm.NextRound:
        """Whom to match next, newcomers included."""
        people = mm.Cohort.from_participants(self.here.values(), organisation=self.tree)
        declines: dict[str, list[str]] = {}
        for one, other in sorted(self.declines):
            if one in self.here:
                declines.setdefault(one, []).append(other)
        learned = {one: [*skills] for one, skills in self.learned.items() if one in self.here}
        return mm.next_round(people, self.past, rest=REST, learned=learned, declines=declines)

    def keep(self, matching: mm.Matching, feedback: mm.Feedback) -> None:
        """Note what came of a round."""
        pairs = [(pair.a, pair.b) for pair in matching.pairs]
        self.past.append({"pairs": pairs, "unmatched": [one.id for one in matching.unmatched]})
        said = zip(
            feedback.a,
            feedback.b,
            feedback.by,
            feedback.wishes_met,
            feedback.go_on.tolist(),
            strict=True,
        )
        for a, b, by, met, goes_on in said:
            self.learned.setdefault(by, {}).update(dict.fromkeys(met or ()))
            if goes_on == 0.0:
                self.declines.add((by, b if by == a else a))

    def as_known(self) -> dict[str, mm.Participant]:
        """The profiles of now, with what was learned since: known in full."""
        return {
            one: profile.model_copy(
                update={"knows": {**profile.knows, **dict.fromkeys(self.learned.get(one, ()), 1.0)}}
            )
            for one, profile in self.here.items()
        }


def worth_of(people: Iterable[mm.Participant], bonus: float) -> Worth:
    """What pairs are worth if those of one region are worth so much more than they exchange."""
    region = {one.id: one.model_dump()["region"] for one in people}
    return lambda pair: pair.reciprocity + bonus * (region[pair.a] == region[pair.b])


def a_year(
    size: int,
    seed: int,
    *,
    skills: int = 150,
    program: mm.Program = PROGRAM,
    truth: Truth = TRUTH,
    rounds: int = ROUNDS,
) -> list[Round]:
    """Let so many people have so many rounds, one after the other.

    The truth is what it says but for what pairs are worth, which is what the program says.
    """
    draw = np.random.default_rng(seed)
    newcomers = rounds * (size * MOVING // 100 + 2)
    whole = workforce(size + newcomers, seed=seed, skills=skills)
    people = [*whole]
    here = {one.id: one for one in people[:size]}
    organisation = _Organisation(people, whole.organisation, here, people[size:])
    organisation.declines |= _from_the_first_day(organisation, program, draw)
    told = worth_of(people, program.preferences[0].weight)
    truth = replace(truth, worth=told, score=told)
    habits: dict[str, Any] = {}
    found: list[Round] = []
    for number in range(rounds):
        before = found[-1] if found else None
        found.append(_a_round(organisation, before, number, program, truth, habits, draw))
    return found


def _from_the_first_day(
    organisation: _Organisation, program: mm.Program, draw: np.random.Generator
) -> set[tuple[str, str]]:
    """Who declines whom before anything begins: of those who would be a pair otherwise."""
    would_be = mm.match(organisation.next_round().people, program).pairs
    return {_one_of(pair, draw) for pair in _some(would_be, draw, DECLINING)}


def _a_round(
    organisation: _Organisation,
    before: Round | None,
    number: int,
    program: mm.Program,
    truth: Truth,
    habits: dict[str, Any],
    draw: np.random.Generator,
) -> Round:
    start = FIRST_DAY + timedelta(weeks=13 * number)
    profiles, declines = organisation.as_known(), frozenset(organisation.declines)
    step = organisation.next_round()
    proposed = step.match(program, seed=number)
    # People see their pairs, and some say no; some go, also of those who said no, and some come.
    rejected = {_one_of(pair, draw) for pair in _some(proposed.matching.pairs, draw, DECLINING)}
    proposal = _decided(proposed.matching, rejected, start)
    left = {*_some([*profiles], draw, MOVING), min(rejected)[0]}
    joined = {one.id: one for one in organisation.to_come[: len(left)]}
    organisation.move(left, joined)
    revision = proposed.matching.revise(
        organisation.next_round().people,
        proposal=mm.Proposal.from_json(proposal.to_json()),
        left=left,
        joined=joined,
    )
    organisation.declines |= rejected
    wishes = {one: profile.wants for one, profile in organisation.here.items()}
    said = truth.said(revision.matching.pairs, wishes, draw, habits)
    plan = mm.check_ins(revision.matching, start=start, every="4w", times=3)
    feedback = mm.read_feedback(_filled_in(plan.to_records(), said, draw))
    organisation.keep(revision.matching, feedback)
    return Round(
        managers={one.id: one.manager_id for one in organisation.everybody},
        profiles=profiles,
        declines=declines,
        waited=_without_partner(before),
        apart=frozenset(pairs_of(before.published)) if before else frozenset(),
        step=step,
        proposed=proposed,
        left=frozenset(left),
        joined=joined,
        rejected=frozenset(rejected),
        revision=revision,
        feedback=feedback,
        evaluation=mm.evaluate(revision.matching, feedback, attributes=["region"]),
        truth=truth,
    )


def _decided(
    matching: mm.Matching, rejected: Iterable[tuple[str, str]], start: date
) -> mm.Proposal:
    """What was decided of the pairs: who said no, and HR agreed with all others."""
    noon = datetime.combine(start, time(12), UTC)
    proposal = matching.propose()
    proposal = proposal.decide(proposal.pairs, "approved", by="HR", at=noon)
    for one, other in sorted(rejected):
        proposal = proposal.decide([(one, other)], "rejected", by=one, at=noon + timedelta(days=1))
    return proposal


def _filled_in(
    forms: Sequence[Mapping[str, Any]],
    said: Iterable[Mapping[str, Any]],
    draw: np.random.Generator,
) -> list[dict[str, Any]]:
    """What people write into the forms of their check-ins, the last of which has all they say."""
    of_end: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for form in forms:
        of_end.setdefault((form["a"], form["b"], form["by"]), []).append(form)
    answers = []
    for one in said:
        *earlier, last = of_end[one["a"], one["b"], one["by"]]
        for form in earlier:
            if draw.random() < EARLIER:
                # A first impression, some hours, and the first thing that was learned.
                hours, fit = int(draw.integers(1, 6)), int(draw.integers(1, 6))
                first = {"hours": hours, "fit": fit, "wishes_met": one.get("wishes_met", [])[:1]}
                answers.append({**form, "met": one["met"], **(first if one["met"] else {})})
        answers.append({**last, **one})
    return answers


def _without_partner(before: Round | None) -> frozenset[str]:
    """Who was there when the pairs of a round were published, and in none of them."""
    if before is None:
        return frozenset()
    here = ({*before.profiles} - before.left) | {*before.joined}
    return frozenset(here.difference(*pairs_of(before.published)))


def pairs_of(matching: mm.Matching) -> set[frozenset[str]]:
    """The pairs, whoever comes first."""
    return {frozenset((pair.a, pair.b)) for pair in matching.pairs}


def _one_of(pair: mm.Pair, draw: np.random.Generator) -> tuple[str, str]:
    """Which of the two declines the other."""
    return (pair.a, pair.b) if draw.random() < 0.5 else (pair.b, pair.a)


def _some(things: Sequence[T], draw: np.random.Generator, percent: int) -> list[T]:
    """So many of a hundred, one at the least."""
    size = max(1, len(things) * percent // 100)
    return [things[place] for place in draw.choice(len(things), size, replace=False).tolist()]
