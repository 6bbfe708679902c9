"""Noninterference over a whole cycle: from a match to the match of the next round.

Two worlds are compared that differ in one thing somebody said in confidence, at any step: a decline
of a profile, a suggestion that was declined, a pair that was rejected after it was proposed, a
partner who is not wanted again, an answer that one would not go on. As long as the same pairs come
out, everything that is told is the same to the byte; where others come out, so it is for everybody
whose partners are the same.
"""

import contextlib
import io
import logging
import random
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mentormatch as mm
from tests.property.formats import CASES, Case, People
from tests.property.test_discretion_laws import (
    COMPARED,
    Heard,
    explanations,
    published,
    to_participants,
    with_declines,
)
from tests.property.test_evaluation_laws import told_to_coordinators
from tests.property.test_report_laws import written
from tests.strategies import SKILLS, buddies, cohort_of, loaded, pools, profiles, programs, rings

# Where warnings are what is compared, they are caught.
pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

#: Who said it, and about whom.
Secret: TypeAlias = tuple[str, str]
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
START = date(2027, 3, 8)
#: When something can be said in confidence.
MOMENTS = ("declines", "unwanted", "rejected", "not_again", "stops")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """People of whom most could be pairs, and a program of any format that pairs are revised in."""
    program = draw(programs() | pools() | loaded() | buddies() | rings((None, 2)))
    people = []
    for number, one in enumerate(draw(profiles(least=4, most=6))):
        skills = [SKILLS[(number + place) % len(SKILLS)] for place in range(len(SKILLS))]
        levels = st.sampled_from((0.4, 0.8, 1.0))
        teaches = {skill: draw(levels) for skill in skills[:2]}
        wants = dict.fromkeys(skills[2:], 1.0)
        like = {"rank": (6.0, 1.0)[number % 2], "roles": (("mentor", "mentee")[number % 2],)}
        people.append(
            one.model_copy(update={**like, "teaches": teaches, "wants": {**one.wants, **wants}})
        )
    return people, program.model_copy(update={"rules": program.rules[:1]})


ANY: st.SearchStrategy[Case] = cases() | CASES["required"]


@dataclass(frozen=True)
class Secrets:
    """What people say in confidence over a year, by when they say it.

    `rejects_by` is the way in which a rejection comes in: the pair either way round, as a decision
    about the proposal, or as a decline of the profile by then.
    """

    declines: tuple[Secret, ...] = ()
    unwanted: tuple[Secret, ...] = ()  # of a shortlist
    rejected: tuple[Secret, ...] = ()
    not_again: tuple[Secret, ...] = ()
    stops: tuple[Secret, ...] = ()  # who would not go on with whom
    rejects_by: str = "pair"


@dataclass(frozen=True)
class Plan:
    """What happens over a year that everybody may know."""

    seed: int
    left: str | None
    is_gone: bool  # or still among the people
    joined: str | None
    revise: Mapping[str, Any]
    approved: bool


@dataclass
class Step:
    """What was told at one step of a year, to whom."""

    name: str
    # What came out: whether two worlds can be compared.
    pairs: set[Secret] = field(default_factory=set)
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    proven: Any = None  # what pages say of the proof
    told: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)  # to a participant alone
    has: dict[str, Any] = field(default_factory=dict)  # whom a participant has
    is_audited: bool = False
    whole: list[Any] = field(default_factory=list)  # for auditors, prices and causes included
    error: BaseException | None = None


@contextlib.contextmanager
def listening(step: Step) -> Iterator[None]:
    """Keep everything that is logged, warned of, printed and raised."""
    heard, logger, printed = Heard(), logging.getLogger("mentormatch"), io.StringIO()
    warned: list[warnings.WarningMessage] = []
    level = logger.level
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            warnings.simplefilter("always")
            warned = caught
            yield
    except (mm.MentormatchError, ValueError) as error:
        step.error = error
        step.told["error"] = f"{type(error).__name__}: {error}"
    finally:
        logger.setLevel(level)
        logger.removeHandler(heard)
    step.told["log"] = heard.lines
    step.told["warnings"] = [str(one.message) for one in warned]
    step.told["printed"] = printed.getvalue()


class Year:
    """A program over a year: one step after the other, as far as it comes."""

    def __init__(
        self, case: Case, plan: Plan, secrets: Secrets, *, is_audited: bool = False
    ) -> None:
        self.people, self.program = case
        self.plan, self.secrets, self.is_audited = plan, secrets, is_audited
        self.steps: list[Step] = []
        with contextlib.suppress(_StopError):
            self._go()

    def _go(self) -> None:
        plan = self.plan
        cohort = self._of_the_first_round()
        matching = self._step("match", lambda step: self._match(step, cohort))
        with contextlib.suppress(_StopError):
            self._step("shortlists", lambda step: self._shortlists(step, cohort))
        now = self._of_now(cohort)
        revision = self._step("revise", lambda step: self._revise(step, matching, now))
        answers = _answers(revision.matching, plan.seed, self.secrets.stops)
        self._step("evaluate", lambda step: self._evaluate(step, matching, revision, answers))
        self._step("next round", lambda step: self._next(step, matching, revision))

    def _step(self, name: str, do: Callable[[Step], Any]) -> Any:
        step, result = Step(name, is_audited=self.is_audited), None
        self.steps.append(step)
        with listening(step):
            result = do(step)
        if step.error is not None:
            raise _StopError
        return result

    # People

    def _of_the_first_round(self) -> mm.Cohort:
        """Everybody but who is to join, who takes no part yet."""
        declining = with_declines(self.people, _by_person(self.secrets.declines))
        return cohort_of(
            [
                one.model_copy(update={"capacity": 0}) if one.id == self.plan.joined else one
                for one in declining
            ]
        )

    def _of_now(self, before: mm.Cohort) -> mm.Cohort:
        """The people after somebody has left, or joined; the same ones where nobody has."""
        plan, secrets = self.plan, self.secrets
        by_profile = secrets.rejected if secrets.rejects_by == "profile" else ()
        if plan.joined is None and not plan.is_gone and secrets.rejects_by != "profile":
            return before
        people = with_declines(self.people, _by_person((*secrets.declines, *by_profile)))
        if not plan.is_gone:
            return cohort_of(people)
        return cohort_of([_without(one, plan.left) for one in people if one.id != plan.left])

    # Steps

    def _match(self, step: Step, cohort: mm.Cohort) -> mm.Matching:
        matching = mm.match(cohort, self.program, seed=self.plan.seed)
        step.told["people"] = [cohort.summary(), repr(cohort), cohort.digest("any")]
        _tell(step, matching)
        return matching

    def _shortlists(self, step: Step, cohort: mm.Cohort) -> None:
        """Make lists, take answers to them, and match by these."""
        lists = mm.shortlists(cohort, self.program, k=2, seed=self.plan.seed)
        step.lists = [(one.person, [other.id for other in one.suggestions]) for one in lists]
        step.has = {person: [others] for person, others in step.lists}
        step.own = {one.person: [one.text()] for one in lists}
        step.told |= {
            "lists": [(repr(one), one.text("coordinator"), one.data) for one in lists],
            "records": lists.to_records(),
            "aside": lists.taking_no_part,
            "file": _written(lists.to_csv),
            "as a whole": COMPARED.sub("", repr(lists)).partition("; ")[0],
        }
        said: dict[str, dict[str, list[str]]] = {}
        for one in list(lists)[:2]:
            wished = [other.id for other in one.suggestions[:1]]
            refused = {*cohort.participant(one.person).declines}
            said[one.person] = {"prefers": [other for other in wished if other not in refused]}
        for who, whom in self.secrets.unwanted:
            said.setdefault(who, {}).setdefault("declines", []).append(whom)
        chosen = lists.answered(cohort, said)
        step.told["chosen"] = [repr(chosen), chosen.summary(), chosen.digest("any")]
        matching = mm.match(chosen, self.program, seed=self.plan.seed)
        _tell(step, matching)

    def _revise(
        self, step: Step, matching: mm.Matching, now: mm.Cohort
    ) -> "mm.Revision[mm.Matching]":
        plan, secrets = self.plan, self.secrets
        proposal, reject = matching.propose(), []
        if proposal.pairs and plan.approved:
            proposal = proposal.decide(proposal.pairs[:1], "approved", by="hr", at=NOON)
        for who, whom in secrets.rejected:
            proposed = {frozenset(pair) for pair in proposal.pairs}
            if secrets.rejects_by == "proposal" and {who, whom} in proposed:
                proposal = proposal.decide([(who, whom)], "rejected", by=who, at=NOON)
            elif secrets.rejects_by != "profile":
                reject.append((who, whom))
        # JSON has who said what; only how many decisions there are is to be read elsewhere.
        again = mm.Proposal.from_json(proposal.to_json())
        left = [plan.left] if plan.left is not None else []
        joined = [plan.joined] if plan.joined is not None else []
        happened: dict[str, Any] = {"left": left, "joined": joined, "reject": reject}
        revision = matching.revise(now, proposal=again, **happened, **plan.revise)
        step.told["revision"] = [
            repr(revision),
            repr(revision.kept),
            list(revision.kept),
            revision.ended,
            [one.reason for one in revision.ended],
            revision.begun,
            revision.changes,
            [one.text("coordinator") for one in revision.changes],
            revision.text(),
            revision.text("coordinator"),
            revision.left,
            revision.joined,
            revision.exceptions,
            revision.score,
            _as_json(revision.program),
            repr(revision.program),
            [repr(revision.people), revision.people.digest("any")],
        ]
        _tell(step, revision.matching)
        self._see_bound(step, secrets.rejected)
        for change in revision.changes:
            step.own.setdefault(change.id, []).append(change.text())
            step.has.setdefault(change.id, []).append((change.had, change.has, change.what))
        return revision

    def _evaluate(
        self,
        step: Step,
        matching: mm.Matching,
        revision: "mm.Revision[mm.Matching]",
        answers: list[dict[str, Any]],
    ) -> None:
        step.pairs = _pairs(revision.matching)
        feedback = mm.read_feedback(answers)
        evaluation = mm.evaluate(revision.matching, feedback, attributes=["department", "rank"])
        step.told["feedback"] = [repr(feedback), repr(feedback.only(matching))]
        step.told["evaluation"] = told_to_coordinators(evaluation)
        step.told["pairs that are none"] = _error_of(lambda: mm.evaluate(matching, feedback))
        try:
            learned = mm.calibrate([(revision.matching, feedback)])
        except mm.ProgramError as error:  # of buddies
            step.told["calibration"] = [str(error)]
        else:
            step.told["calibration"] = [learned.to_json(), learned.text(), repr(learned)]

    def _next(
        self, step: Step, matching: mm.Matching, revision: "mm.Revision[mm.Matching]"
    ) -> None:
        people = revision.people
        learned = {
            person: [skill]
            for person in people.ids[:2]
            for skill in list(people.participant(person).wants)[:1]
        }
        found = mm.next_round(
            people,
            [matching, revision.matching],
            rest=1,
            learned=learned,
            declines=_by_person(self.secrets.not_again),
        )
        step.told["next round"] = [repr(found), found.waited]
        step.told["people"] = [found.people.summary(), found.people.digest("any")]
        program = self.program.model_copy(update={"preferences": ()})
        first = found.match(program, seed=self.plan.seed)
        assert first.verify(found.people).ok or first.status is not mm.Status.OPTIMAL
        step.told["served first"] = [
            COMPARED.sub("", repr(first)),
            (first.waited, first.served, first.several),
        ]
        _tell(step, first.matching)
        self._see_bound(step, (*self.secrets.rejected, *self.secrets.not_again))

    def _see_bound(self, step: Step, said: Sequence[Secret]) -> None:
        """See that no pair is made that somebody has declined by now."""
        assert not any(_is_in(step.pairs, one) for one in (*self.secrets.declines, *said))


class _StopError(Exception):
    """A year that does not go on: a step raised, which is among what was told."""


def _without(one: mm.Participant, gone: str | None) -> mm.Participant:
    """A profile that has no more to do with somebody who is gone."""
    declines = tuple(other for other in one.declines if other != gone)
    boss = None if one.manager_id == gone else one.manager_id
    return one.model_copy(update={"declines": declines, "manager_id": boss})


def _by_person(secrets: Sequence[Secret]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for who, whom in secrets:
        found.setdefault(who, []).append(whom)
    return found


def _answers(matching: mm.Matching, seed: int, stops: Sequence[Secret]) -> list[dict[str, Any]]:
    """What everybody who is asked says, drawn by lot."""
    draw = random.Random(seed)
    answers = []
    for form in mm.check_ins(matching, start=START, times=1).to_records():
        partner = form["b"] if form["by"] == form["a"] else form["a"]
        taught = draw.choice((None, [], ["sql"], ["sql", "python"]))
        said = {"met": draw.random() < 0.8, "fit": draw.randint(1, 5), "wishes_met": taught}
        goes_on = (form["by"], partner) not in stops
        answers.append({**form, **said, "hours": draw.randint(0, 9), "go_on": goes_on})
    return answers


def _pairs(matching: mm.Matching) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in matching.meetings}


def _error_of(do: Callable[[], object]) -> str:
    try:
        do()
    except (mm.MentormatchError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _written(write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "file"))
        return Path(folder, "file").read_bytes()


def _as_json(program: mm.Program) -> str | None:
    try:
        return program.model_dump_json()
    except ValueError:  # a rule written in Python
        return None


def _tell(step: Step, matching: mm.Matching) -> None:
    """Tell of a matching everything that is told but to an auditor."""
    pairs = _pairs(matching)
    step.pairs = pairs
    step.proven = [step.proven, matching.status, matching.gap]
    step.told["matching"] = published(matching)
    step.told["pages"] = [written(matching, "participant"), written(matching, "coordinator")]
    audit = matching.audit()
    if step.is_audited:
        step.whole += [matching.to_json(), audit.text("auditor"), written(matching, "auditor")]
    step.told["audit"] = [audit.text(), audit.to_dict("coordinator")]
    step.told["pictures"] = [
        mm.report.departments_found(matching),
        mm.report.exchange_found(matching),
        mm.report.scores_found(matching),
        mm.report.skills_found(matching),
    ]
    plan = mm.check_ins(matching, start=START, times=2)
    step.told["check-ins"] = [repr(plan), plan.to_records()]
    if len(plan):
        step.told["calendar"] = [plan.calendar(), _written(plan.write_calendar)]
    asked = {one.by for one in plan}
    aside = {one.id for one in matching.taking_no_part}
    ids = [one for one in matching._attached().graph.people.ids if one not in aside]
    for person in ids:
        texts = to_participants(explanations(matching, person, ids[:2]))
        calendar = plan.calendar(person) if person in asked else None
        letter = mm.report.letter(matching, person)
        own = [texts, calendar, letter.text, repr(letter)]
        step.own.setdefault(person, []).append(own)
        partners = [pair for pair in sorted(pairs) if person in pair]
        step.has.setdefault(person, []).append(partners)


def see_the_same(before: Year, after: Year) -> bool:
    """See that two years are told alike, and whether the same came out all the time."""
    by_name = {step.name: step for step in after.steps}
    for step in before.steps:
        other = by_name[step.name]
        if not _is_alike(step, other) and step.name != "shortlists":
            return False  # from here on these are two programs
    return True


def _is_alike(before: Step, after: Step) -> bool:
    if before.error is not None or after.error is not None:
        errors = [one.told.get("error", "") for one in (before, after)]
        if all(errors):
            if not any(asked in errors[0] for asked in ("at_least asks", "'require'")):
                assert errors[0] == errors[1]
        else:
            # Something that must be cannot be: the one cause for which a secret stops a year.
            assert isinstance(before.error or after.error, mm.InfeasibleError), errors
        return False
    assert before.own.keys() == after.own.keys()
    for person, told in before.own.items():
        if before.has[person] == after.has[person]:
            assert told == after.own[person], person
    if (before.pairs, before.lists) != (after.pairs, after.lists):
        return False
    if before.proven == after.proven:
        for name, told in before.told.items():
            assert told == after.told[name], (before.name, name)
    return True


@st.composite
def plans(draw: st.DrawFn, people: People) -> Plan:
    ids = [one.id for one in people]
    left = draw(st.sampled_from((None, *ids)))
    joined = draw(st.sampled_from((None, *(one for one in ids if one != left))))
    return Plan(
        seed=draw(st.integers(0, 3)),
        left=left,
        is_gone=left is not None and draw(st.booleans()),
        joined=joined,
        revise=draw(st.sampled_from(({}, {"stay": 2.0**-40}, {"stay": 0.25}, {"changes": 2}))),
        approved=draw(st.booleans()),
    )


def could_be_said(year: Year, moment: str) -> tuple[list[Secret], list[Secret]]:
    """Whom people could name in confidence and do not, and those of them who matter most then."""
    wished = {(one.id, other) for one in year.people for other in one.prefers}
    declined = {(one.id, other) for one in year.people for other in one.declines}
    ids = [one.id for one in year.people]
    every = [(who, whom) for who in ids for whom in ids if who != whom]
    could = [one for one in every if one not in wished | declined]
    steps = {step.name: step for step in year.steps if step.error is None}
    nothing = Step("nothing")
    met, later = (steps.get(name, nothing).pairs for name in ("match", "revise"))
    if moment == "unwanted":
        # Somebody who is on their list, and whom they do not choose from it.
        lists = steps.get("shortlists", nothing).lists
        chosen = {(who, suggested[0]) for who, suggested in lists if suggested}
        offered = {(who, whom) for who, suggested in lists for whom in suggested} - chosen
        return [one for one in could if one in offered], []
    if moment == "stops":
        return [one for one in every if _is_in(later, one)], []
    if moment == "declines":
        used = {pair for step in steps.values() for pair in step.pairs}
        used |= {(who, whom) for step in steps.values() for who, has in step.lists for whom in has}
        return could, [one for one in could if not _is_in(used, one)]
    if moment == "not_again":
        return could, [one for one in could if _is_in(met, one)]
    # Of pairs that ended, those of whom nobody left: nothing is to tell that it was not by itself.
    ended = [one for one in could if _is_in(met - later, one)]
    by_itself = [one for one in ended if year.plan.left not in one]
    return by_itself or could, ended


def _is_in(pairs: set[Secret], pair: Secret) -> bool:
    return bool({pair, pair[::-1]} & pairs)


@st.composite
def secrets(draw: st.DrawFn, year: Year, moment: str) -> Secret | None:
    """Something to be said in confidence; `None` where there is nothing to say."""
    could, telling = could_be_said(year, moment)
    is_telling: bool = draw(st.booleans())
    if telling and is_telling:
        return draw(st.sampled_from(telling))
    return draw(st.sampled_from(could)) if could else None


# Each example has something said at each moment.
@settings(max_examples=max(settings().max_examples // 3, 1))
@given(ANY, st.sampled_from(("pair", "proposal")), st.data())
def test_what_is_said_in_confidence_is_told_at_no_step_of_a_year(
    case: Case, rejects_by: str, data: st.DataObject
) -> None:
    plan = data.draw(plans(case[0]))
    before = Year(case, plan, Secrets(rejects_by=rejects_by))
    for moment in MOMENTS:
        said = data.draw(secrets(before, moment))
        if said is not None:
            changed: dict[str, Any] = {moment: (said,)}
            see_the_same(before, Year(case, plan, replace(before.secrets, **changed)))


#: How a rejection comes in: the first of the two says so, or the second.
WAYS = [(way, turned) for way in ("pair", "proposal", "profile") for turned in (False, True)]


@settings(max_examples=max(settings().max_examples // 3, 1))
@given(ANY, st.sampled_from(WAYS[1:]), st.data())
def test_nobody_reads_which_of_two_rejected_a_pair_nor_how_it_was_said(
    case: Case, way: tuple[str, bool], data: st.DataObject
) -> None:
    plan = data.draw(plans(case[0]))
    wished = {(one.id, other) for one in case[0] for other in one.prefers}
    ids = [one.id for one in case[0]]
    free = [{one, other} for one in ids for other in ids if one < other]
    free = [pair for pair in free if not {tuple(pair), tuple(pair)[::-1]} & wished]
    assume(free)
    # Pairs that were proposed are what people reject.
    proposed = [pair for pair in free if pair in _proposed(case, plan)]
    who, whom = sorted(data.draw(st.sampled_from(proposed or free)))
    said = {("pair", False): (who, whom), way: (whom, who) if way[1] else (who, whom)}
    years = [
        Year(case, plan, Secrets(rejected=(pair,), rejects_by=how), is_audited=True)
        for (how, _), pair in said.items()
    ]
    assert see_the_same(*years) or years[0].steps[-1].error is not None
    for before, after in zip(*(year.steps for year in years), strict=True):
        assert before.whole == after.whole


def _proposed(case: Case, plan: Plan) -> list[set[str]]:
    """The pairs of the first round."""
    with contextlib.suppress(mm.MentormatchError):
        return [{pair.a, pair.b} for pair in mm.match(cohort_of(case[0]), case[1]).pairs]
    return []
