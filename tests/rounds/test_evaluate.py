"""Evaluations, against counting by hand."""

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.rounds.estimate import mean_of
from mentormatch.rounds.suppression import FEWEST, shown
from tests.rounds.hidden_truth import Truth, round_of

DAY = "2026-03-02"


def people_of(pairs: int, **more: Any) -> list[dict[str, Any]]:
    """Mentors m0, m1... and mentees w0, w1..., who can teach each other what they wish for."""
    return [
        one
        for n in range(pairs)
        for one in (
            {"id": f"m{n}", "rank": 6, "teaches": "leading", "wants": f"sql:3; go {n}:1", **more},
            {"id": f"w{n}", "rank": 1, "teaches": f"sql; go {n}", "wants": "leading", **more},
        )
    ]


def matched(people: list[dict[str, Any]], **parts: Any) -> mm.Matching:
    audit_only = ("gender",) if any("gender" in one for one in people) else ()
    cohort = mm.read_records(people, reading=mm.Reading(audit_only=audit_only))
    pairs = len(people) // 2
    required = mm.Require([(f"m{n}", f"w{n}") for n in range(pairs)])
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)), rules=[required], **parts
    )
    return mm.match(cohort, program)


def answer(n: int, by: str, **said: Any) -> dict[str, Any]:
    return {"a": f"m{n}", "b": f"w{n}", "by": f"{by}{n}", "date": DAY, **said}


def everybody(pairs: int, **said: Any) -> list[dict[str, Any]]:
    return [answer(n, by, **said) for n in range(pairs) for by in "mw"]


def evaluated(records: list[dict[str, Any]], pairs: int = 5, **how: Any) -> mm.Evaluation:
    return mm.evaluate(matched(people_of(pairs)), mm.read_feedback(records), **how)


def test_no_answers_are_evaluated_too() -> None:
    found = evaluated([])
    assert (found.response.asked, found.response.answered) == (10, 0)
    assert found.response.rate is not None
    assert found.response.rate.value == found.response.rate.low == 0.0
    assert found.response.rate.high > 0.2
    assert found.prediction.fit is found.prediction.area is found.benefit.reported is None
    assert found.sentence == (
        "0 of 10 answers came (0%). Too few people say how they fit to tell more."
    )
    assert "too few people say what" in str(found)


def test_one_answer_is_told_of_nobody() -> None:
    said = {"fit": 1, "met": False, "go_on": False, "hours": 0, "wishes_met": []}
    some, other = (
        evaluated([answer(0, "m", **one)])
        for one in (said, {"fit": 5, "met": True, "go_on": True, "hours": 9})
    )
    assert some.response.answered == 1
    assert (some.response.heard, some.response.both) == (1, 0)
    for audience in ("coordinator", "auditor"):
        assert some.text(audience) == other.text(audience)
        assert some.to_dict(audience) == other.to_dict(audience)


def test_equal_fits_tell_nothing_of_the_score() -> None:
    found = evaluated(everybody(5, fit=4))
    assert found.prediction.fit is not None
    assert found.prediction.fit.value == 4.0
    assert found.prediction.fit.low < 4.0 < found.prediction.fit.high
    assert found.prediction.area is None
    assert found.prediction.slope is None
    assert "all answers are alike" in found.sentence


def test_two_who_contradict_each_other_both_count() -> None:
    records = [answer(n, "m", met="yes", fit=5) for n in range(5)]
    records += [answer(n, "w", met="no", fit=1) for n in range(4)]
    found = evaluated(records)
    assert found.meeting.disputed == 4
    agreeing = [*records[:5], *everybody(5, met="yes", fit=3)[1::2]]
    assert evaluated(agreeing).meeting.disputed == 0
    assert found.meeting.met is not None
    assert found.meeting.met.value == pytest.approx(5 / 9)
    assert found.prediction.fit is not None
    assert found.prediction.fit.value == pytest.approx((25 + 4) / 9)
    assert "Of 4 one says that they have met" in str(found)


def test_what_is_reported_is_a_share_of_wishes_as_a_benefit_is() -> None:
    records = [answer(n, "m", wishes_met=[f"Go {n}"]) for n in range(5)]
    records += [answer(n, "w", wishes_met="LEADING") for n in range(4)]
    records += [answer(4, "w", wishes_met=["chess"])]  # which nobody had wished for
    found = evaluated(records)
    reported, promised = found.benefit.reported, found.benefit.promised
    assert reported is not None
    assert promised is not None
    assert promised.value == found.benefit.promised_to_all == 1.0
    assert reported.value == pytest.approx((5 * 0.25 + 4 * 1.0 + 0.0) / 10)
    assert found.benefit.difference is not None
    assert found.benefit.difference.value == pytest.approx(reported.value - 1.0)
    learned = found.learned
    assert (learned.wished, learned.promised, learned.learned, learned.beyond) == (15, 15, 9, 1)


def test_skills_that_few_wish_for_are_told_together() -> None:
    found = evaluated(everybody(5, wishes_met="sql; leading"))
    told = [(one.skill, one.skills, one.wished, one.learned) for one in found.learned.skills]
    # Five wishes for five skills are those of five people.
    assert told == [("leading", 1, 5, 5), ("sql", 1, 5, 5), ("", 5, 5, 0)]


def test_skills_of_so_few_that_the_whole_gives_them_away_take_another_with_them() -> None:
    people = people_of(6)
    for n in range(1, 6):
        people[2 * n]["wants"] = "sql:3"
    records = everybody(6, wishes_met="sql; leading; go 0")
    found = mm.evaluate(matched(people), mm.read_feedback(records))
    assert [(one.skill, one.wished) for one in found.learned.skills] == [("leading", 6), ("", 7)]


def test_later_answers_add_up_or_have_the_last_word() -> None:
    records = everybody(5, fit=2, hours=1, met="yes", wishes_met="sql")
    later = {"date": "2026-06-01", "hours": 2, "met": "no", "wishes_met": "leading"}
    records += [{**one, **later, "fit": 5} for one in everybody(4)]
    records += [{**one, **later} for one in everybody(5)[8:]]  # who say no fit any more
    found = evaluated(list(reversed(records)))
    assert found.prediction.fit is not None
    assert found.prediction.fit.value == pytest.approx((8 * 5 + 2 * 2) / 10)
    assert found.meeting.hours == pytest.approx(3.0)
    assert found.meeting.met is not None
    assert found.meeting.met.value == 1.0
    assert found.learned.learned == 10
    assert found.response.answered == 10


def test_whoever_never_met_has_learned_nothing() -> None:
    found = evaluated(everybody(5, met="no"))
    assert found.benefit.reported is not None
    assert found.benefit.reported.value == 0.0
    assert evaluated(everybody(5, met="yes")).benefit.reported is None


def test_answers_about_other_pairs_are_faults_with_their_rows() -> None:
    matching = matched(people_of(5))
    wrong = {"a": "m0", "b": "w1", "by": "w1", "date": DAY}
    feedback = mm.read_feedback([answer(0, "m"), wrong, {**wrong, "by": "m0"}])
    with pytest.raises(mm.ProfileErrors) as error:
        mm.evaluate(matching, feedback)
    assert [fault.row for fault in error.value.faults] == [2, 3]
    assert "feedback.only(matching) leaves out all others" in str(error.value)
    assert mm.evaluate(matching, feedback.only(matching)).response.answered == 1


def test_the_two_of_a_pair_may_be_named_in_either_order() -> None:
    turned = [{**one, "a": one["b"], "b": one["a"]} for one in everybody(5, fit=3)]
    assert evaluated(turned) == evaluated(everybody(5, fit=3))
    with pytest.raises(mm.ProfileErrors, match="one answer a day about a pair"):
        evaluated(turned + everybody(5))


def test_a_good_fit_is_where_the_caller_says() -> None:
    records = everybody(5, fit=3)
    assert evaluated(records).prediction.good.value == 0.0  # type: ignore[union-attr]
    assert evaluated(records, good=3).prediction.good.value == 1.0  # type: ignore[union-attr]
    for wrong in (1, 6, float("nan")):
        with pytest.raises(mm.ProgramError, match="must be above 1 and at most 5"):
            evaluated(records, good=wrong)


def test_a_record_must_be_attached_first() -> None:
    matching = matched(people_of(5))
    with pytest.raises(mm.RecordError, match="attach it"):
        mm.evaluate(mm.Matching.from_json(matching.to_json()), mm.read_feedback([]))


def test_an_evaluation_is_plain_data() -> None:
    found = evaluated(everybody(5, fit=4, met=True, go_on=True), attributes=["rank"])
    for audience in ("coordinator", "auditor"):
        data = json.loads(json.dumps(found.to_dict(audience)))
        assert data["response"]["answered"] == 10
        assert ("go_on" in data) == (audience == "auditor")
    for told in (found.text, found.to_dict, found.rows):
        with pytest.raises(ValueError, match="'coordinator' or 'auditor'"):
            told("participant")  # type: ignore[arg-type]


def test_pairs_that_a_preference_favoured_are_beside_the_others() -> None:
    people = people_of(10)
    for n in range(10):
        people[2 * n]["site"] = "Oslo"
        people[2 * n + 1]["site"] = "Oslo" if n < 4 else "Pune"
    matching = matched(people, preferences=[mm.Prefer(mm.Same("site"), weight=0.25)])
    records = [answer(n, by, fit=5 if n < 4 else 2) for n in range(10) for by in "mw"]
    [found] = mm.evaluate(matching, mm.read_feedback(records)).favoured
    assert (found.preference, found.pairs) == ("prefer same site", 4)
    assert found.fit is not None
    assert found.others_fit is not None
    assert (found.fit.value, found.others_fit.value) == (5.0, 2.0)
    # Four people are too few, and the others with them: the whole is known.
    few = [one for one in records if one["by"] in ("m0", "m1", "w0", "w1") or one["fit"] == 2]
    [found] = mm.evaluate(matching, mm.read_feedback(few)).favoured
    assert found.fit is found.others_fit is None


@pytest.mark.parametrize(
    "order", [mm.Waited(weight=4.0), mm.Stay([(f"m{n}", f"w{n}") for n in range(5)], weight=0.5)]
)
def test_who_came_first_and_what_was_left_alone_is_nothing_that_a_score_foretells(
    order: Any,
) -> None:
    people = people_of(10)
    for n in range(10):
        people[2 * n]["site"] = "Oslo"
        people[2 * n + 1].update(site="Oslo" if n % 3 else "Pune", waited=int(n < 5))
    given = [mm.Prefer(mm.Same("site"), weight=0.25)]
    plain, ordered = (matched(people, preferences=one) for one in (given, [order, *given]))
    assert plain.total < ordered.total
    feedback = mm.read_feedback([answer(n, by, fit=1 + n % 5) for n in range(10) for by in "mw"])
    before, after = (mm.evaluate(one, feedback).prediction for one in (plain, ordered))
    assert before.area is not None
    assert before == after


def test_groups_are_those_of_the_people_who_answer() -> None:
    people = people_of(8)
    for n, one in enumerate(people):
        one["department"] = "IT" if n % 2 else "HR" if n < 10 else "Ops"
    records = [answer(n, "m", fit=4) for n in range(8)] + [answer(n, "w", fit=1) for n in range(6)]
    found = mm.evaluate(matched(people), mm.read_feedback(records), attributes=["department"])
    groups = {one.value: one for one in found.groups}
    assert {name: one.people for name, one in groups.items()} == {"HR": 5, "IT": 8, "Ops": 3}
    # Ops has too few, and HR is hidden with it.
    assert [groups[name].fit for name in ("Ops", "HR")] == [None, None]
    assert [groups[name].rate for name in ("Ops", "HR")] == [None, None]
    assert groups["IT"].fit is not None
    assert groups["IT"].fit.value == 1.0
    assert groups["IT"].rate == 6 / 8


@given(st.lists(st.integers(0, 12), max_size=7))
def test_nothing_hidden_is_worked_out_from_the_whole(sizes: list[int]) -> None:
    told = shown(sizes)
    hidden = [size for size, is_told in zip(sizes, told, strict=True) if not is_told and size]
    assert all(size >= FEWEST for size, is_told in zip(sizes, told, strict=True) if is_told)
    assert not hidden or sum(hidden) >= FEWEST or sum(hidden) == sum(sizes)
    if all(size >= FEWEST for size in sizes):
        assert all(told)


def test_what_is_for_the_audit_alone_is_told_to_an_auditor() -> None:
    people = people_of(6)
    for n, one in enumerate(people):
        one["gender"] = "xyz"[n % 2]
    feedback = mm.read_feedback(everybody(6, fit=4, go_on=False))
    found = mm.evaluate(matched(people), feedback, attributes=["gender"])
    assert found.groups == ()
    assert [one.value for one in found.audited_groups] == ["x", "y"]
    assert "By gender" in found.text("auditor")
    assert "would go on" in found.text("auditor")
    for said in (str(found), found._repr_html_(), repr(found), json.dumps(found.to_dict())):
        assert "gender" not in said
        assert "go on" not in said
        assert "go_on" not in said


def test_departments_are_joined_by_pairs_that_meet() -> None:
    people = people_of(6)
    for n, one in enumerate(people):
        one["department"] = "AB"[n % 2] if n < 6 else "CC"[n % 2]
    records = everybody(3, met=True)
    found = mm.evaluate(matched(people), mm.read_feedback(records)).bridging
    assert found is not None
    assert (found.planned.across, found.across_met) == (0.5, 1.0)
    assert (found.links, found.links_met, found.parts_met) == (1, 1, 2)
    few = mm.evaluate(matched(people), mm.read_feedback(records[:4])).bridging
    assert few is not None
    assert few.links_met is few.across_met is few.parts_met is None


def test_of_a_score_of_one_direction_the_teachers_learn_nothing_that_was_promised() -> None:
    matching = matched(people_of(5), score=mm.OneWay(teacher="b"))
    found = mm.evaluate(matching, mm.read_feedback(everybody(5, wishes_met="sql; leading")))
    assert found.benefit.reported is not None
    assert (found.benefit.reported.answers, found.benefit.reported.value) == (5, 0.75)
    assert found.learned.wished == 10


def test_buddies_are_promised_what_they_share() -> None:
    people = mm.read_records([{"id": f"p{n}", "wants": "sql; chess"} for n in range(6)])
    matching = mm.match(people, mm.Program(format=mm.Buddies(), score=mm.SharedWishes()))
    records = [
        {"a": pair.a, "b": pair.b, "by": by, "date": DAY, "wishes_met": "sql"}
        for pair in matching.pairs
        for by in (pair.a, pair.b)
    ]
    found = mm.evaluate(matching, mm.read_feedback(records))
    assert found.benefit.promised is not None
    assert found.benefit.reported is not None
    assert (found.benefit.promised.value, found.benefit.reported.value) == (1.0, 0.5)
    assert (found.learned.promised, found.learned.learned) == (12, 6)


def test_rings_of_three_are_one_group_of_answers() -> None:
    records = [
        {"id": f"{ring}{n}", "teaches": f"{ring} {n}", "wants": f"{ring} {(n + 1) % 3}"}
        for ring in "xyz"
        for n in range(3)
    ]
    matching = mm.match(mm.read_records(records), mm.Program(format=mm.Rings(longest=3)))
    said = [
        {"a": pair.a, "b": pair.b, "by": by, "date": DAY, "fit": 2 + 2 * (pair.a[0] == "x")}
        for pair in matching.pairs
        for by in (pair.a, pair.b)
    ]
    found = mm.evaluate(matching, mm.read_feedback(said)).prediction.fit
    assert found is not None
    # Three rings are three answers, whoever is in them.
    alone = mean_of(np.array([4.0, 2.0, 2.0]), np.arange(3), 1.0, 5.0)
    assert alone is not None
    assert found.answers == 18
    assert (found.value, found.low, found.high) == pytest.approx(
        (alone.value, alone.low, alone.high)
    )


def test_the_same_answers_have_the_same_evaluation_in_any_order() -> None:
    matching, truth = round_of(20), Truth()
    feedback = truth.feedback(matching, 1)
    turned = mm.read_feedback(feedback.to_records()[::-1])
    one, other = (mm.evaluate(matching, said, attributes=["site"]) for said in (feedback, turned))
    assert one.to_dict("auditor") == other.to_dict("auditor")


def test_the_text_has_every_part_and_its_numbers() -> None:
    matching = round_of(60)
    found = mm.evaluate(matching, Truth().feedback(matching, 1), attributes=["department"])
    text = str(found)
    assert text.startswith(found.sentence)
    assert text == found.text("coordinator")
    for what, value, answers in found.rows():
        assert re.search(rf"{re.escape(what)} +{re.escape(value)} +{re.escape(answers)}", text)
    for one in found.prediction.classes:
        assert f"{one.low:.2f} to {one.high:.2f}" in text
        assert one.good.percent in text
    [favoured] = found.favoured
    assert re.search(rf"prefer same site +{favoured.pairs} +{re.escape(str(favoured.fit))}", text)
    assert found.bridging is not None
    assert f"Departments: {found.bridging.planned.across:.0%} of all pairs" in text
    for skill in found.learned.skills:
        numbers = f"{skill.wished} +{skill.promised} +{skill.learned}"
        assert re.search(rf"{skill.skill} +{numbers}", text)
    for group in found.groups:
        assert re.search(rf"{group.value} +{group.people} +{group.rate:.0%}", text)


@pytest.mark.parametrize(
    ("slope", "words"), [(6.0, "The score foretells the fit: "), (-6.0, "The score misleads: ")]
)
def test_the_sentence_says_what_the_score_is_worth(slope: float, words: str) -> None:
    matching = round_of(60)
    found = mm.evaluate(matching, Truth(slope=slope).feedback(matching, 1), good=3)
    assert words in found.sentence


def test_many_skills_are_counted_and_not_named() -> None:
    people = people_of(5)
    for one in people:
        one["wants"] = [f"skill {n}" for n in range(30)]
        one["teaches"] = "sql"
    records = everybody(5, wishes_met=["skill 1"])
    text = str(mm.evaluate(matched(people), mm.read_feedback(records)))
    assert "... and 10 more" in text


def test_whoever_joins_a_pair_is_asked_and_answers_too() -> None:
    people = mm.read_records([{"id": f"p{n}", "wants": "sql; chess"} for n in range(7)])
    matching = mm.match(people, mm.Program(format=mm.Buddies(allow_trio=True)))
    records = [
        {"a": pair.a, "b": pair.b, "by": by, "date": DAY, "met": True}
        for pair in matching.meetings
        for by in (pair.a, pair.b)
    ]
    found = mm.evaluate(matching, mm.read_feedback(records))
    assert (found.response.pairs, found.response.answered, found.response.asked) == (5, 10, 10)
