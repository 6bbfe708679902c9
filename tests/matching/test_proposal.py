"""What is decided about the pairs of a matching, as data."""

from datetime import UTC, datetime

import pytest

import mentormatch as mm
from tests.matching.test_revise import OPEN, checked, people

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 4, 13, tzinfo=UTC)


def test_decisions_survive_json_and_the_last_one_holds() -> None:
    proposal = mm.match(people(), OPEN).propose()
    assert proposal.having("proposed") == (("ana", "cy"), ("bea", "di"))
    first = proposal.decide([("cy", "ana"), ("bea", "di")], "approved", by="hr", at=NOON)
    second = first.decide([("ana", "cy")], "rejected", by="ana", at=LATER)
    assert proposal.decisions == ()
    again = mm.Proposal.from_json(second.to_json())
    assert again == second
    assert again.status("cy", "ana") == "rejected"
    assert again.having("approved") == (("bea", "di"),)
    assert [(one.by, one.at) for one in again.decisions] == [
        ("hr", NOON),
        ("hr", NOON),
        ("ana", LATER),
    ]
    assert repr(again) == str(again) == "Proposal(2 pairs, 3 decisions)"
    assert "rejected" not in repr(again.decisions)


def test_revise_takes_a_proposal_as_it_is() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    said = matching.propose().decide([("ana", "cy")], "rejected", by="ana", at=NOON)
    said = said.decide([("bea", "di")], "locked", by="hr", at=NOON)
    revision = matching.revise(cohort, proposal=said, stay=2.0**-40)
    plain = matching.revise(cohort, reject=[("ana", "cy")], lock=[("bea", "di")], stay=2.0**-40)
    assert checked(revision) == {("ana", "ed"), ("bea", "di")}
    assert revision.matching.to_json() == plain.matching.to_json()
    with pytest.raises(mm.ProgramError, match="this proposal is of another matching"):
        revision.matching.revise(revision.people, proposal=said)


def test_what_is_no_proposal_is_refused() -> None:
    proposal = mm.match(people(), OPEN).propose()
    with pytest.raises(mm.ProgramError, match="no pair of this proposal: ana and di, x and y"):
        proposal.decide([("ana", "di"), ("x", "y")], "rejected", by="hr", at=NOON)
    with pytest.raises(mm.ProgramError, match="no pair of this proposal: ana and di"):
        proposal.status("ana", "di")
    with pytest.raises(ValueError, match="status is 'liked'; it must be one of proposed"):
        proposal.decide([("ana", "cy")], "liked", by="hr", at=NOON)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="timezone"):
        proposal.decide([("ana", "cy")], "locked", by="hr", at=datetime(2027, 1, 4))  # noqa: DTZ001
    said = proposal.decide([("ana", "cy")], "rejected", by="hr", at=NOON)
    with pytest.raises(mm.RecordError, match="not a whole proposal"):
        mm.Proposal.from_json(said.to_json().replace('"rejected"', '"secret"'))
    strange = said.to_json().replace('"a": "ana"', '"a": "zoe"')
    with pytest.raises(mm.RecordError, match="decisions about 1 pairs") as caught:
        mm.Proposal.from_json(strange)
    assert "zoe" not in str(caught.value)
