"""What is revised after pairs were published, what is refused, and what nothing tells."""

import logging
import pickle
from typing import Any

import pytest

import mentormatch as mm
from mentormatch.matching import few_changes
from tests.matching.examples import NAMES, PROGRAM, SIDES

RECORDS: dict[str, dict[str, Any]] = {
    "ana": {"rank": 6, "name": "Ana Silva", "teaches": "leading", "wants": "sql"},
    "bea": {"rank": 6, "name": "Bea Kurz", "teaches": "leading:4", "wants": "sql"},
    "cy": {"rank": 1, "name": "Cy Young", "teaches": "sql", "wants": "leading"},
    "di": {"rank": 1, "name": "Di Ba", "teaches": "sql:4", "wants": "leading"},
    "ed": {"rank": 1, "name": "Ed Poe", "teaches": "sql:3", "wants": "leading"},
}
OPEN = PROGRAM.model_copy(update={"rules": ()})


def people(**changes: dict[str, Any]) -> mm.Cohort:
    """The cohort, with some fields of some people changed, and further people after them."""
    ids = dict.fromkeys((*RECORDS, *changes))
    return mm.read_records(
        [{"id": one, **RECORDS.get(one, {}), **changes.get(one, {})} for one in ids]
    )


def pairs_of(matching: mm.Matching) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in matching.pairs}


def checked(revision: mm.Revision[mm.Matching]) -> set[tuple[str, str]]:
    """The pairs of a revision, once its record was attached to its people and program."""
    whole = revision.matching
    record = mm.Matching.from_json(whole.to_json())
    again = record.attach(revision.people, revision.program)
    assert pairs_of(again) == pairs_of(whole)
    kept = {(pair.a, pair.b) for pair in revision.kept}
    assert pairs_of(whole) == kept | {(pair.a, pair.b) for pair in revision.begun}
    return pairs_of(whole)


def test_who_is_left_without_a_partner_gets_the_best_of_those_who_are_free() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    assert pairs_of(matching) == {("ana", "cy"), ("bea", "di")}
    revision = matching.revise(cohort, left=["di"])
    assert checked(revision) == {("ana", "cy"), ("bea", "ed")}
    assert repr(revision) == "Revision(1 pair stays, 1 ends, 1 begins)"
    assert revision.text("coordinator") == (
        "1 pair stays as it is. Left: Di Ba. Ended: Bea Kurz and Di Ba, of whom somebody left. "
        "Begun: Bea Kurz and Ed Poe (0.69)."
    )
    assert {one.id: one.code for one in revision.changes} == {
        "bea": "changed",
        "di": "left",
        "ed": "gained",
    }
    bea, di, ed = revision.changes
    assert bea.text() == (
        "Di Ba is no longer your partner. Your partner is Ed Poe. You teach Ed Poe leading. "
        "Ed Poe teaches you sql."
    )
    assert di.text() == "You take no part any more."
    assert ed.text("coordinator") == "Ed Poe has Bea Kurz now."
    assert revision.text() == revision.text("participant")
    assert not any(name in revision.text() for name in ("Bea", "Di Ba", "Ed"))


def test_pairs_that_stay_are_the_same_to_the_byte() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    revision = matching.revise(cohort, left=["di"])
    [kept] = revision.kept
    assert kept == matching.pairs[0]
    [now] = [pair for pair in revision.matching.pairs if pair.a == "ana"]
    assert now.as_record() == matching.pairs[0].as_record()
    assert revision.kept[:] == (kept,)
    assert repr(revision.kept) == "<1 pairs>"


def test_newcomers_get_partners_and_nobody_else_moves() -> None:
    matching = mm.match(people(), OPEN)
    now = people(flo={"rank": 6, "teaches": "leading", "wants": "sql"})
    revision = matching.revise(now, joined=["flo"])
    # Flo would be better with Cy, and Ed better with Ana: they are not asked.
    assert checked(revision) == {("ana", "cy"), ("bea", "di"), ("flo", "ed")}
    assert {one.id: one.code for one in revision.changes} == {"ed": "gained", "flo": "joined"}


def test_who_left_may_be_missing_from_the_people() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    without = mm.read_records([{"id": one, **said} for one, said in RECORDS.items() if one != "di"])
    revision = matching.revise(without, left=["di"])
    assert checked(revision) == {("ana", "cy"), ("bea", "ed")}
    assert revision.left == ("di",)


def test_who_declined_somebody_and_is_gone_declines_nobody_any_more() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    without = mm.read_records([{"id": one, **said} for one, said in RECORDS.items() if one != "di"])
    revision = matching.revise(without, left=["di"], reject=[("bea", "di"), ("ana", "cy")])
    assert checked(revision) == {("ana", "ed"), ("bea", "cy")}
    with pytest.raises(mm.ProgramError, match=r"pair 1 does not \(hidden\)"):
        matching.revise(without, left=["di"], reject=[("di", "nobody")])


def test_a_revision_can_be_revised() -> None:
    cohort = people()
    first = mm.match(cohort, OPEN).revise(cohort, left=["di"])
    second = first.matching.revise(first.people, reject=[("ana", "cy")])
    assert second.program.rules == (mm.Require([("bea", "ed")], established=True),)
    assert checked(second) == {("bea", "ed")}  # who rejected one another stay free
    third = second.matching.revise(second.people, left=["bea"])
    assert checked(third) == {("ana", "ed")}


def test_the_cohort_of_a_revision_keeps_what_was_rejected() -> None:
    cohort = people()
    revision = mm.match(cohort, OPEN).revise(cohort, reject=[("cy", "ana")])
    assert pairs_of(mm.match(revision.people, OPEN)) == {("ana", "di"), ("bea", "cy")}


def spoken(matching: mm.Matching, people: mm.Cohort) -> list[str]:
    """Everything that is told of a matching."""
    told = [matching.to_json(), str(matching), str(matching.audit())]
    return told + [
        matching.explain(one).text(audience)
        for one in people.ids
        for audience in ("participant", "coordinator", "auditor")
    ]


def test_a_rejection_cannot_be_told_from_a_decline_nor_who_it_was(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    worlds = []
    with caplog.at_level(logging.DEBUG):
        for now, reject in (
            (cohort, [("ana", "cy")]),
            (cohort, [("cy", "ana")]),
            (people(ana={"declines": "cy"}), []),
            (people(cy={"declines": "ana"}), []),
        ):
            caplog.clear()
            revision = matching.revise(now, reject=reject)
            told = spoken(revision.matching, revision.people)
            changes = [one.text("auditor") for one in revision.changes]
            worlds.append(
                [revision.text("auditor"), repr(revision), *changes, *told]
                + [record.getMessage() for record in caplog.records]
                + [revision.program.model_dump_json()]
            )
            assert checked(revision) == {("bea", "di"), ("ana", "ed")}
    [first, *others] = worlds
    assert all(other == first for other in others)
    ended = matching.revise(cohort, reject=[("ana", "cy")]).ended
    assert [(one.code, one.reason) for one in ended] == [("ended", "")]


def test_a_rejection_of_no_pair_changes_nothing_but_what_it_forbids() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    nothing = matching.revise(cohort)
    revision = matching.revise(cohort, reject=[("bea", "ed")])
    assert spoken(revision.matching, cohort) == spoken(nothing.matching, cohort)
    assert revision.text("auditor") == nothing.text("auditor") == "2 pairs stay as they are."
    assert not revision.changes


def test_every_discrepancy_is_one_error_that_names_all() -> None:
    matching = mm.match(people(gus={"rank": 6, "capacity": 0}), OPEN)
    now = people(gus={"rank": 6}, hal={"rank": 1}, ida={"rank": 1}, bea={"capacity": 0})
    with pytest.raises(mm.ProgramError) as caught:
        matching.revise(
            now,
            left=["gus", "zoe"],
            joined=["ana", "bea", "nobody"],
            reject=[("ana", "cy"), ("ana", "secret"), ("di", "di")],
            lock=[("ana", "who")],
        )
    assert str(caught.value).splitlines() == [
        "left names ids that nobody has: zoe",
        "left names people who took no part before: gus",
        "took part before, take no part now and are not in left: bea",
        "take part now, took none before and are not in joined: hal, ida",
        "joined names people who took part before: ana, bea",
        "joined names people who take no part now: nobody",
        "reject must name pairs of two different people by id: pair 2, 3 does not (hidden)",
        "lock names ids that nobody has: who",
    ]


def test_with_the_same_people_nobody_can_have_joined() -> None:
    cohort = people(gus={"rank": 6, "capacity": 0})
    matching = mm.match(cohort, OPEN)
    with pytest.raises(mm.ProgramError) as caught:
        matching.revise(cohort, joined=["ana", "new"], left=["gus"])
    assert str(caught.value).splitlines() == [
        "joined names ids that nobody has: new",
        "joined names people who took part before, or take no part: ana",
        "left names people who took no part before: gus",
    ]
    with pytest.raises(TypeError, match="left is 'ana'; give a list of ids"):
        matching.revise(cohort, left="ana")


@pytest.mark.parametrize(
    ("reject", "left"), [([("ana", "cy")], []), ([], ["cy"])], ids=["rejected", "left"]
)
def test_what_is_required_or_locked_and_cannot_be_has_one_text(
    reject: list[tuple[str, str]], left: list[str]
) -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    with pytest.raises(mm.InfeasibleError) as caught:
        matching.revise(cohort, reject=reject, left=left, lock=[("ana", "cy")])
    assert str(caught.value) == (
        "locked pair 'ana' and 'cy' cannot be kept: it must be a pair of this matching, both must "
        "take part and be open to it, and the rules must allow it; take it out of 'lock'"
    )
    required = OPEN.model_copy(update={"rules": (mm.Require([("ana", "cy")]),)})
    with pytest.raises(mm.InfeasibleError) as caught:
        mm.match(cohort, required).revise(cohort, reject=reject, left=left)
    assert str(caught.value) == (
        "required pair 'ana' and 'cy' cannot be made: both must take part, on opposite sides, and "
        "be open to the pair; take it out of 'require'"
    )


def test_a_pair_that_a_rule_forbids_by_now_ends_or_stays_with_a_reason() -> None:
    before = {"ana": {"department": "it"}, "cy": {"department": "hr"}}
    program = PROGRAM
    matching = mm.match(people(**before), program)
    now = people(ana={"department": "it"}, cy={"department": "it"})
    ended = matching.revise(now)
    assert checked(ended) == {("bea", "di"), ("ana", "ed")}
    assert ended.text("coordinator") == (
        "1 pair stays as it is. Ended: Ana Silva and Cy Young, against 'different department' "
        "now. Begun: Ana Silva and Ed Poe (0.75). Without a partner now: Cy Young."
    )
    stays = matching.revise(now, override="they have  begun")
    assert checked(stays) == {("ana", "cy"), ("bea", "di")}
    assert stays.text("coordinator") == (
        "2 pairs stay as they are. Stay as exceptions: Ana Silva and Cy Young, against "
        "'different department': they have begun."
    )
    record = stays.matching.to_json()
    assert "they have begun" in record
    # The exception holds on, without being given again.
    again = stays.matching.revise(stays.people, left=["di"])
    assert checked(again) == {("ana", "cy"), ("bea", "ed")}
    assert again.exceptions == stays.exceptions
    # And never against a decline, which nothing tells of.
    declined = matching.revise(now, override="they have begun", reject=[("ana", "cy")])
    assert checked(declined) == {("bea", "di"), ("ana", "ed")}
    assert declined.ended[0].code == "ended"


def test_who_changes_sides_is_free() -> None:
    matching = mm.match(people(), OPEN)
    revision = matching.revise(people(cy={"rank": 7}), override="no reason is enough")
    assert checked(revision) == {("bea", "di"), ("ana", "ed")}
    assert revision.ended[0].rules == ("on two sides",)


def test_stay_lets_pairs_change_where_it_is_worth_it() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    now = people(flo={"rank": 6, "teaches": "leading", "wants": "sql"}, bea={"teaches": "sql:1"})
    kept = matching.revise(now, joined=["flo"])
    assert checked(kept) == {("ana", "cy"), ("bea", "di"), ("flo", "ed")}
    few = matching.revise(now, joined=["flo"], stay=1.0)
    assert checked(few) == {("ana", "cy"), ("flo", "di")}
    assert few.ended[0].code == "ended"


def test_the_text_of_a_lock_holds_whatever_it_costs() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    now = people(di={"teaches": "sql", "wants": "leading"}, cy={"teaches": "sql:1"})
    free = matching.revise(now, stay=2.0**-40)
    assert checked(free) == {("ana", "di"), ("bea", "ed")}
    locked = matching.revise(now, stay=2.0**-40, lock=[("cy", "ana")])
    assert ("ana", "cy") in checked(locked)
    assert locked.program.rules == (mm.Require([("ana", "cy")], established=True),)


@pytest.mark.parametrize("stay", [0.0, 1.5, -1.0, float("nan")])
def test_stay_is_refused_out_of_range(stay: float) -> None:
    matching = mm.match(people(), OPEN)
    with pytest.raises(ValueError, match=r"it must be from 2\*\*-40 to 1"):
        matching.revise(people(), stay=stay)


def test_a_program_of_another_format_is_refused() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    with pytest.raises(mm.ProgramError, match="revise goes on with the same format"):
        matching.revise(cohort, program=mm.Program(format=mm.Pairs()))


def test_a_matching_from_a_record_is_attached_first() -> None:
    cohort = people()
    record = mm.Matching.from_json(mm.match(cohort, OPEN).to_json())
    with pytest.raises(mm.RecordError, match="attach it"):
        record.revise(cohort)
    revision = record.attach(cohort, OPEN).revise(cohort, left=["di"])
    assert checked(revision) == {("ana", "cy"), ("bea", "ed")}


def test_where_people_have_several_partners_free_places_are_filled() -> None:
    cohort = people()
    format_ = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=NAMES), capacity=(2, 1))
    program = mm.Program(format=format_)
    matching = mm.match(cohort, program)
    assert len(matching.pairs) == 3
    now = people(flo={"rank": 1, "teaches": "sql", "wants": "leading"})
    revision = matching.revise(now, joined=["flo"])
    assert len(revision.kept) == 3
    assert [pair.b for pair in revision.begun] == ["flo"]
    checked(revision)


def test_a_ring_that_has_lost_somebody_is_open_as_a_whole() -> None:
    names = "abcdef"
    cohort = mm.read_records(
        [
            {"id": one, "teaches": one, "wants": names[number - number % 3 + (number + 1) % 3]}
            for number, one in enumerate(names)
        ]
    )
    program = mm.Program(format=mm.Rings(longest=3))
    matching = mm.match(cohort, program)
    assert len(matching.rings) == 2
    revision = matching.revise(cohort, left=["a"])
    assert len(revision.kept) == 3
    assert not revision.begun
    assert {one.code for one in revision.ended} == {"left", "ring"}
    checked(revision)


def test_buddies_and_floors_are_solved_with_what_stays() -> None:
    cohort = mm.read_records([{"id": one, "wants": "sql"} for one in "abcde"])
    matching = mm.match(cohort, mm.Program(format=mm.Buddies(allow_trio=True)))
    pair = matching.pairs[0]
    revision = matching.revise(cohort, left=[pair.a])
    assert len(checked(revision)) == 2
    assert len(revision.kept) == 1
    floor = mm.Program(format=SIDES, objective="floor_then_score")
    matching = mm.match(people(), floor)
    assert checked(matching.revise(people(), left=["di"]))


def test_the_override_of_a_required_pair_passes_a_rule_and_never_a_decline() -> None:
    same = {"ana": {"department": "it"}, "cy": {"department": "it"}}
    rules = (*PROGRAM.rules, mm.Require([("cy", "ana")]))
    with pytest.raises(mm.ProgramError, match="or give 'require' the reason"):
        mm.match(people(**same), PROGRAM.model_copy(update={"rules": rules}))
    passing = mm.Require([("cy", "ana")], override="both asked for it")
    program = PROGRAM.model_copy(update={"rules": (*PROGRAM.rules, passing)})
    cohort = people(**same)
    matching = mm.match(cohort, program)
    assert ("ana", "cy") in pairs_of(matching)
    assert mm.Program.model_validate_json(program.model_dump_json()) == program
    record = mm.Matching.from_json(matching.to_json())
    assert pairs_of(record.attach(cohort, program)) == pairs_of(matching)
    assert "both asked for it" in matching.explain("ana").text("coordinator")
    assert "both asked for it" not in matching.explain("ana").text()
    assert "Every pair keeps" not in matching.explain("ana").text()
    with pytest.raises(mm.InfeasibleError, match="be open to the pair"):
        mm.match(people(**{**same, "cy": {**same["cy"], "declines": "ana"}}), program)
    plain = mm.Program(rules=[mm.Require([("ana", "cy")])]).model_dump(mode="json")
    assert plain["rules"] == [{"pairs": [["ana", "cy"]], "kind": "require"}]


def test_a_matching_and_its_revision_can_be_pickled_whatever_was_asked() -> None:
    cohort = people()
    matching = mm.match(cohort, PROGRAM)
    matching.explain("ana")
    revision = matching.revise(cohort, reject=[("ana", "cy")])
    again = pickle.loads(pickle.dumps(matching))
    assert again.revise(again._attached().graph.people, left=["di"]).begun
    assert pickle.loads(pickle.dumps(revision)).matching.to_json() == revision.matching.to_json()


def test_changes_are_counted_and_go_without_a_bonus() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    for wrong in ({"changes": -1}, {"changes": 2, "stay": 0.5}):
        with pytest.raises(ValueError, match="changes is a number of people"):
            matching.revise(cohort, **wrong)
    now = people(flo={"rank": 6, "teaches": "leading", "wants": "sql"}, cy={"teaches": "sql:1"})
    none = matching.revise(now, joined=["flo"], changes=0)
    assert checked(none) == {("ana", "cy"), ("bea", "di"), ("flo", "ed")}
    some = matching.revise(now, joined=["flo"], changes=3, lock=[("cy", "ana")])
    assert len(some.ended) <= 1
    assert ("ana", "cy") in checked(some)
    assert some.at_most == pytest.approx(some.matching.total)


def test_changes_are_refused_where_they_cannot_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = people()
    floor = mm.match(cohort, mm.Program(format=SIDES, objective="floor_then_score"))
    with pytest.raises(mm.ProgramError, match="changes= counts people with one partner each"):
        floor.revise(cohort, changes=2)
    monkeypatch.setattr(few_changes, "MOST_PAIRS", 2)
    with pytest.raises(mm.ProgramError, match="changes= is exact among 2 allowed pairs at most"):
        mm.match(cohort, OPEN).revise(cohort, changes=2)


def test_a_pair_that_another_program_requires_is_made() -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    program = OPEN.model_copy(update={"rules": (mm.Require([("ana", "ed")]),)})
    for changes in (None, 0):
        revision = matching.revise(cohort, program=program, changes=changes)
        assert checked(revision) == {("ana", "ed"), ("bea", "di")}
        assert revision.ended[0].rules == ("require 1 named pair",)


@pytest.mark.parametrize("has_same_people", [True, False])
def test_a_side_that_everybody_left_is_refused_at_once(has_same_people: bool) -> None:
    cohort = people()
    matching = mm.match(cohort, OPEN)
    with pytest.raises(mm.ProgramError, match="nobody is on side 'leader'"):
        matching.revise(cohort if has_same_people else people(), left=["ana", "bea"])
