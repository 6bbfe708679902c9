"""What was told in confidence, at every step between two rounds, and is told by nothing."""

import datetime
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import mentormatch as mm
from mentormatch.matching import few_changes
from tests.cli.running import check, write_program
from tests.matching.test_revise import OPEN, pairs_of, people

NOON = datetime.datetime(2027, 1, 4, 12, tzinfo=datetime.UTC)
RECORDS: list[dict[str, Any]] = [
    {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    {"id": "bea", "rank": 6, "teaches": "leading:4", "wants": "sql"},
    {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
    {"id": "di", "rank": 1, "teaches": "sql:4", "wants": "leading"},
]


def decided(status: Any) -> mm.Proposal:
    """A proposal with a decision about one of its pairs."""
    return mm.match(people(), OPEN).propose().decide([("ana", "cy")], status, by="hr", at=NOON)


def all_words(proposal: mm.Proposal) -> list[object]:
    """All ways in which Python, rich and devtools write it and its decisions."""
    some: list[Any] = [proposal, *proposal.decisions]
    return [
        (str(one), repr(one), f"{[one]}", [*one.__rich_repr__()], [*one.__pretty__(str)])
        for one in some
    ]


def test_no_words_of_a_decision_tell_what_it_was() -> None:
    said = all_words(decided("rejected"))
    assert said == all_words(decided("approved"))
    assert "rejected" not in str(said)
    assert "2 pairs" in str(said)


@pytest.mark.parametrize(
    "damage", [("at", None), ("status", "refused"), ("more", "'ana'")], ids=str
)
def test_a_proposal_that_cannot_be_read_shows_no_decision(damage: tuple[str, object]) -> None:
    told = json.loads(decided("rejected").to_json())
    told["decisions"][0].update([damage])
    for read in (
        lambda: mm.Proposal.model_validate(told),
        lambda: mm.Proposal.model_validate_json(json.dumps(told)),
        lambda: mm.Decision.model_validate(told["decisions"][0]),
        lambda: mm.Proposal.from_json(json.dumps(told)),
    ):
        with pytest.raises((ValidationError, mm.RecordError)) as caught:
            read()
        assert not any(
            secret in str(caught.value).replace("'approved', 'rejected' or 'locked'", "")
            for secret in ("rejected", "refused", "'ana'", "'cy'")
        )


@pytest.mark.parametrize("is_proposal", [True, False])
def test_to_have_rejected_somebody_who_left_is_no_error(is_proposal: bool) -> None:
    matching = mm.match(people(), OPEN)
    now = mm.read_records([one for one in RECORDS if one["id"] != "cy"] + [ED])
    plain = matching.revise(now, left=["cy"])
    if is_proposal:
        revision = matching.revise(now, left=["cy"], proposal=decided("rejected"))
    else:
        revision = matching.revise(now, left=["cy"], reject=[("cy", "ana"), ("cy", "bea")])
    assert revision.text("auditor") == plain.text("auditor")
    assert revision.matching.to_json() == plain.matching.to_json()
    with pytest.raises(mm.ProgramError, match=r"by id: pair 2 does not \(hidden\)$"):
        matching.revise(now, left=["cy"], reject=[("cy", "ana"), ("zoe", "ana")])


ED: dict[str, Any] = {"id": "ed", "rank": 1, "teaches": "sql:3", "wants": "leading"}


def test_how_many_pairs_were_rejected_is_in_no_error() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    errors = []
    for reject in ([("zoe", "ana")], [("zoe", "ana"), ("ana", "cy")]):
        with pytest.raises(mm.ProgramError) as caught:
            matching.revise(cohort, reject=reject)
        errors.append(str(caught.value))
    assert errors[0] == errors[1]


def test_what_stays_says_nothing_of_who_could_not() -> None:
    # Gus is worth more to both, so that their pairs end whoever said no to them.
    cohort = people()
    matching = mm.match(cohort, OPEN)
    now = people(
        gus={"rank": 1, "name": "Gus", "teaches": "sql", "wants": "leading"},
        di={"teaches": "sql:2"},
    )
    free = matching.revise(now, joined=["gus"], stay=2.0**-40)
    assert pairs_of(free.matching) == {("ana", "cy"), ("bea", "gus")}
    said = matching.revise(now, joined=["gus"], stay=2.0**-40, reject=[("bea", "di")])
    assert said.program == free.program
    assert str(said.program.preferences[0]) == "stay with 2 established pairs"
    assert said.matching.to_json() == free.matching.to_json()
    assert said.text("auditor") == free.text("auditor")


RING: list[dict[str, Any]] = [
    {"id": one, "teaches": one, "wants": other} for one, other in ("ab", "bc", "ca")
]


def test_of_a_ring_that_ended_nobody_reads_which_arrow_was_declined() -> None:
    cohort = mm.read_records(RING)
    matching = mm.match(cohort, mm.Program(format=mm.Rings()))
    arrows = [(pair.a, pair.b) for pair in matching.pairs]
    assert len(arrows) == 3
    told = {matching.revise(cohort, reject=[arrow]).text("auditor") for arrow in arrows}
    assert len(told) == 1
    codes = [
        [one.code for one in matching.revise(cohort, reject=[arrow]).ended] for arrow in arrows
    ]
    assert codes == [["ended"] * 3] * 3
    plain = matching.revise(cohort, left=["a"])
    away = [arrow for arrow in arrows if "a" not in arrow]
    revision = matching.revise(cohort, left=["a"], reject=away)
    assert revision.ended == plain.ended
    assert {one.code for one in plain.ended} == {"left", "ring"}


def test_that_there_are_too_many_pairs_for_changes_says_not_how_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(few_changes, "MOST_PAIRS", 1)
    cohort = people()
    matching = mm.match(cohort, OPEN)
    errors = []
    for reject in ([], [("bea", "ed")]):
        with pytest.raises(mm.ProgramError, match="here are more") as caught:
            matching.revise(cohort, reject=reject, changes=2)
        errors.append(str(caught.value))
    assert errors[0] == errors[1]


def test_whoever_is_not_wanted_again_may_have_left() -> None:
    matching = mm.match(mm.read_records(RECORDS), OPEN)
    here = mm.read_records(RECORDS[1:])
    plain = mm.next_round(here, [matching])
    said = {"cy": ["ana"], "ana": ["cy", "bea"]}
    found = mm.next_round(here, [matching], declines=said)
    assert found.people.digest("key") == plain.people.digest("key")
    assert not found.people.are_declined([0, 0, 1], [1, 2, 2]).any()
    for strange in ({"cy": ["zoe"]}, {"zoe": ["cy"]}):
        with pytest.raises(mm.MentormatchError, match=r"\(hidden\)|nobody has the id 'zoe'"):
            mm.next_round(here, [matching], declines=strange)


def test_what_was_rejected_binds_in_the_next_round_and_after_people_choose() -> None:
    cohort = people()
    revision = mm.match(cohort, OPEN).revise(cohort, reject=[("ana", "cy")])
    rows = cohort.row("ana"), cohort.row("cy")
    again = mm.next_round(revision.people, [], declines={"bea": ["ed"]})
    assert again.people.are_declined(*rows)
    assert again.people.are_declined(cohort.row("ed"), cohort.row("bea"))
    lists = mm.shortlists(revision.people, OPEN, k=2)
    chosen = lists.answered(revision.people, {"bea": {"declines": ["di"]}})
    assert ("ana", "cy") not in pairs_of(mm.match(chosen, OPEN))
    assert chosen.are_declined(*rows)
    noted = revision.people.naming(past_partners={"ana": ["di"]})
    assert noted.are_declined(*rows)


def test_of_prices_and_profiles_without_declines_a_rejected_pair_can_be_worked_out() -> None:
    # As the page on data protection says: prices cannot cover what is not open.
    cohort = people()
    revision = mm.match(cohort, OPEN).revise(cohort, reject=[("ana", "cy")], stay=2.0**-40)
    record = mm.Matching.from_json(revision.matching.to_json())
    with pytest.raises(mm.RecordError, match="ana and cy are worth more than their prices"):
        record.attach(cohort, revision.program)
    entered = people(cy={"declines": "ana"})
    again = record.attach(entered, revision.program)
    assert pairs_of(again) == pairs_of(revision.matching)


def test_what_is_pickled_without_people_holds_no_declines() -> None:
    cohort = people(ed={"declines": "bea"})
    matching = mm.match(cohort, OPEN)
    revision = matching.revise(cohort, reject=[("ana", "cy")])
    found = mm.next_round(revision.people, [matching]).match(OPEN)
    carry_people = [matching, matching.pairs, revision, revision.kept, found]
    told = [revision.ended, revision.begun, revision.changes, revision.program, found.proof]
    told += [mm.shortlists(cohort, OPEN, k=2), matching.certificate, matching.unmatched]
    for some, are_carried in ((carry_people, True), (told, False)):
        assert [b"Cohort" in pickle.dumps(one) for one in some] == [are_carried] * len(some)


def test_a_check_counts_pairs_whether_or_not_people_declined_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_program(tmp_path)
    printed = []
    for declines in ("", "bo"):
        rows = f"ana,6,leading,sql,{declines}\nbo,1,sql,leading,\ncy,1,sql,leading,\n"
        (tmp_path / "staff.csv").write_text(f"id,rank,teaches,wants,declines\n{rows}")
        result = check("staff.csv", "--program", "program.json")
        assert result.exit_code == 0, result.stderr
        printed.append(result.stdout + result.stderr)
    assert printed[0] == printed[1]
    assert "2 allowed pairs" in printed[0]
