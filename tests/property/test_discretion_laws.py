"""Laws of discretion: what people keep to themselves can be told from nothing that others read.

They are about answers whose pairs stay as they are: a decline binds, so it may change the pairs.
"""

import json
import logging
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.explanation import Explanation
from tests.property.formats import CASES, STOPPED, Case, People, in_pieces, stopped
from tests.strategies import cohort_of

# Where warnings are what is compared, they are caught.
pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

ANY = st.one_of(*CASES.values())

#: What a record has beside its proof. Prices, and the gap that they leave, prove that none of the
#: pairs that are open is missing, so they must differ where others are open.
OF_THE_PROOF = ("certificate", "gap", "count_gap", "status")
#: How far from the best an answer may be, and what a floor costs beside the best without one: they
#: compare with other answers, of which declines leave fewer.
COMPARED = re.compile(r"; that costs [^<\n]*|, proven optimal|, at most [^<\n;]*")


class Heard(logging.Handler):
    """Keeps the lines that are logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def answered(
    people: People, match: Callable[[], mm.Matching]
) -> tuple[mm.Matching | None, dict[str, Any]]:
    """The answer if there is one, and what is said while it is made, be it an error."""
    heard, logger = Heard(), logging.getLogger("mentormatch")
    level = logger.level
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            cohort = cohort_of(people)
            matching = match()
    except (mm.ProgramError, mm.InfeasibleError) as error:
        return None, {"error": str(error)}
    finally:
        logger.setLevel(level)
        logger.removeHandler(heard)
    said = {"log": heard.lines, "warnings": [str(one.message) for one in warned]}
    return matching, said | {"people": [cohort.summary(), repr(cohort), cohort.digest("any")]}


def files(matching: mm.Matching) -> list[str]:
    """The two files of an answer."""
    with tempfile.TemporaryDirectory() as folder:
        pairs, others = Path(folder, "pairs.csv"), Path(folder, "others.csv")
        matching.to_csv(pairs, unmatched=others)
        return [pairs.read_text(), others.read_text()]


def published(matching: mm.Matching) -> dict[str, Any]:
    """What everybody may see of an answer: tables, files, reasons, and the record but its proof."""
    record = json.loads(matching.to_json())
    return {
        "tables": [COMPARED.sub("", text) for text in (str(matching), matching._repr_html_())],
        "records": matching.to_records(),
        "files": files(matching),
        "reasons": [matching.unmatched, matching.taking_no_part, matching.removed],
        "record": {name: record[name] for name in record if name not in OF_THE_PROOF},
    }


def explanations(matching: mm.Matching, about: str, ids: list[str]) -> list[Explanation | str]:
    """The answers to somebody who asks why them, and why not somebody else."""
    questions: list[Callable[[], Explanation]] = [partial(matching.explain, about)]
    questions += [partial(matching.why_not, about, other) for other in ids if other != about]
    answers: list[Explanation | str] = []
    for question in questions:
        try:
            answers.append(question())
        except mm.ProgramError as error:  # of rings, and of answers that were stopped
            answers.append(str(error))
    return answers


def to_participants(answers: list[Explanation | str]) -> list[str]:
    return [one if isinstance(one, str) else one.text() for one in answers]


def met(matching: mm.Matching) -> set[frozenset[str]]:
    return {frozenset((pair.a, pair.b)) for pair in matching.meetings}


def with_declines(people: People, more: Mapping[str, list[str]]) -> People:
    """The people, some of whom decline others whom they do not name as wished for."""
    return [
        one.model_copy(
            update={"declines": tuple(dict.fromkeys((*one.declines, *more.get(one.id, ()))))}
        )
        for one in people
    ]


def some_declines(data: st.DataObject, people: People, kept: set[frozenset[str]]) -> People:
    """The people with one to three more declines, none of them of a pair that is kept."""
    wished = {(one.id, other) for one in people for other in one.prefers}
    could = [
        (one.id, other.id)
        for one in people
        for other in people
        if one.id != other.id
        and (one.id, other.id) not in wished
        and other.id not in one.declines
        and frozenset((one.id, other.id)) not in kept
    ]
    assume(could)
    more: dict[str, list[str]] = {}
    for who, whom in data.draw(
        st.lists(st.sampled_from(could), min_size=1, max_size=3, unique=True)
    ):
        more.setdefault(who, []).append(whom)
    return with_declines(people, more)


def same_said(before: dict[str, Any], after: dict[str, Any]) -> None:
    """See that errors, warnings and log lines are the same.

    Two errors are about pairs that a program asks for and that cannot be: how many partners
    somebody can have who must have some, and who is promised to whom.
    """
    if not any(asked in before.get("error", "") for asked in ("at_least asks", "'require'")):
        assert before == after


@given(ANY, st.integers(0, 3), st.data())
def test_declines_are_told_from_nothing_that_is_published(
    case: Case, seed: int, data: st.DataObject
) -> None:
    people, program = case
    before, said = answered(people, lambda: mm.match(cohort_of(people), program, seed=seed))
    declining = some_declines(data, people, set() if before is None else met(before))
    after, said_then = answered(
        declining, lambda: mm.match(cohort_of(declining), program, seed=seed)
    )
    if before is None or after is None:
        assume((before is None) == (after is None))
        same_said(said, said_then)
        return
    assume(met(before) == met(after))
    if before.status is after.status:
        same_said(said, said_then)
    assert published(before) == published(after)
    ids = [one.id for one in people]
    about = data.draw(st.sampled_from(ids))
    answers = [explanations(one, about, ids) for one in (before, after)]
    assert to_participants(answers[0]) == to_participants(answers[1])
    for one in answers[1]:
        assert "declin" not in in_words_of_a_coordinator(one)
    assert "declin" not in after.audit().text()
    assert "declin" not in after.to_json()


def in_words_of_a_coordinator(one: Explanation | str) -> str:
    """All that a coordinator has of an explanation."""
    if isinstance(one, str):
        return one
    return f"{one.text('coordinator')}{one!r}{one.data!r}{one.code}"


@given(STOPPED, st.integers(0, 9), st.data())
def test_declines_are_told_from_nothing_that_is_published_of_a_stopped_answer(
    case: Case, patience: int, data: st.DataObject
) -> None:
    people, program = case
    with in_pieces():
        before = stopped(people, program, patience)
        declining = some_declines(data, people, met(before))
        after = stopped(declining, program, patience)
        assume(met(before) == met(after))
        seen = [published(one) for one in (before, after)]
    if before.status is not after.status:
        # Nobody is told why others have no partner before it is proven that they have none.
        for one in seen:
            del one["reasons"], one["files"][1], one["record"]["unmatched"]
    assert seen[0] == seen[1]


@given(ANY, st.data())
def test_a_pair_that_is_declined_looks_like_one_that_exchanges_nothing(
    case: Case, data: st.DataObject
) -> None:
    people, program = case
    declining = some_declines(data, people, set())
    matching, _ = answered(declining, lambda: mm.match(cohort_of(declining), program))
    assume(matching is not None and matching.layout != "arrows")
    assert matching is not None
    words = "{} and {} are no pair that is open to the program."
    for one, other in combinations(declining, 2):
        if not (one.id in other.declines or other.id in one.declines):
            continue
        try:
            why = matching.why_not(one.id, other.id)
        except mm.ProgramError:
            continue  # one of them takes no part
        assert why.declined
        assert why.reason in {"not_open", "ruled_out", "same_side"}
        if why.reason == "not_open":
            assert why.text("coordinator") == words.format(one.name, other.name)
            assert (why.loss, why.given_up, why.made, why.broken) == (None, (), (), ())


@given(ANY, st.data())
def test_a_participants_texts_tell_of_nobody_elses_wishes_that_are_not_met(
    case: Case, data: st.DataObject
) -> None:
    people, program = case
    about = data.draw(st.sampled_from([one.id for one in people]))
    unmet = st.dictionaries(st.sampled_from(("knitting", "rowing")), st.just(1.0))
    wishing = [
        one
        if one.id == about
        else one.model_copy(update={"wants": {**one.wants, **data.draw(unmet)}})
        for one in people
    ]
    before, _ = answered(people, lambda: mm.match(cohort_of(people), program))
    after, _ = answered(wishing, lambda: mm.match(cohort_of(wishing), program))
    assume(before is not None and after is not None)
    assert before is not None
    assert after is not None
    assume(met(before) == met(after) and before.status is after.status)
    ids = [one.id for one in people]
    texts = [to_participants(explanations(one, about, ids)) for one in (before, after)]
    assert texts[0] == texts[1]


def test_the_words_that_compare_are_those_that_an_answer_says() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
            {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ]
    )
    sides = mm.Sides(by="rank", at_least=5)
    program = mm.Program(format=mm.Pairs(sides=sides), objective="floor_then_score")
    text = str(mm.match(people, program))
    assert COMPARED.findall(text) == [", proven optimal", "; that costs 0.0000 of the total"]
