"""Letters to participants: what they say, and that nothing else can be told from them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.tables import harmless
from tests.report.cohorts import HOSTILE, PROGRAM, answer, cohort, hostile, of_every_format
from tests.report.reading import read

FORMATS = of_every_format()


def test_a_letter_says_who_what_how_and_whom_to_ask() -> None:
    told = mm.report.letter(answer(), "ana", contact="Ines (ines@example.org)")
    assert told.subject == "Your partner is Cy"
    assert (
        str(told)
        == told.text
        == (
            "Hello Ana,\n"
            "\n"
            "We have found a partner for you: Cy.\n"
            "\n"
            "What you can learn from each other:\n"
            "- You can teach Cy: leading.\n"
            "- Cy can teach you: sql.\n"
            "\n"
            "How to begin:\n"
            "- Write to Cy this week and find half an hour to get to know each other.\n"
            "- Tell each other what you would like to be able to do in three months.\n"
            "- Choose one small thing to begin with, and bring something from your daily work.\n"
            "- Agree how often you meet. An hour every two or three weeks is a good beginning.\n"
            "\n"
            "If anything is unclear, or if it does not work out, ask Ines (ines@example.org). You "
            "need not give a reason. What you tell each other stays between you.\n"
            "\n"
            "Enjoy learning from each other!\n"
        )
    )


def test_whoever_has_no_partner_gets_a_kind_and_true_letter() -> None:
    told = mm.report.letter(answer(), "ed")
    assert told.subject == "Your place in the program"
    assert told.text.startswith(
        "Hello Ed,\n\nThank you for taking part. This time there is no partner for you, and we are "
        "sorry about that.\n\nEverybody's partners are chosen together"
    )
    assert "What can help next time:\n- Add more of what you would like to learn" in told.text
    assert "rule" not in told.text.partition("program's rules")[2]
    assert "hiring" not in told.text


def test_an_empty_profile_is_told_what_it_lacks() -> None:
    text = mm.report.letter(answer(), "flo").text
    assert "Your profile names nothing that you would still like to learn." in text
    assert "Your profile names nothing that you could teach." in text
    assert "Add more" not in text


def test_who_only_learns_is_not_asked_to_teach() -> None:
    program = mm.Program(format=PROGRAM.format, score=mm.OneWay(teacher="b"))
    people = cohort(ana={"wants": "juggling", "teaches": ""}, flo={"wants": "", "teaches": ""})
    matching = mm.match(people, program)
    learner, teacher = (mm.report.letter(matching, one).text for one in ("ana", "flo"))
    assert "like to learn" in learner
    assert "could teach" not in learner
    assert "could teach" in teacher
    assert "like to learn" not in teacher


def test_in_a_ring_one_teaches_and_another_learns() -> None:
    ring = FORMATS["rings"].rings[0]
    arrow = ring.arrows[0]
    text = mm.report.letter(FORMATS["rings"], arrow.a).text
    assert f"You can teach {arrow.b_name}: {' and '.join(arrow.a_teaches)}." in text
    before = ring.arrows[-1]
    assert f"{before.a_name} can teach you: {' and '.join(before.a_teaches)}." in text


def test_three_buddies_meet_together() -> None:
    trio = FORMATS["buddies"].trio
    assert trio is not None
    told = mm.report.letter(FORMATS["buddies"], trio.joiner)
    assert told.subject.startswith("Your study buddies are ")
    assert "What you want to learn together:\n- You and " in told.text
    assert "one by one" not in told.text


def test_several_partners_are_all_named() -> None:
    told = mm.report.letter(FORMATS["several"], "ana")
    assert "We have found 3 partners for you: x, y and z." in told.text
    assert "Write to x, y and z, one by one, this week" in told.text
    assert "Who can learn what from whom:\n" in told.text


def test_who_lacks_a_partner_in_one_role_is_told() -> None:
    text = mm.report.letter(FORMATS["roles"], "ana").text
    assert "We have found a partner for you: bo." in text
    assert "As mentee you have no partner this time." in text


def test_a_required_pair_that_exchanges_nothing_is_told_so() -> None:
    program = mm.Program(format=PROGRAM.format, rules=[mm.Require([("ana", "flo")])])
    text = mm.report.letter(answer(program), "flo").text
    assert "Your profiles do not say yet what you could learn from each other" in text
    assert "can teach" not in text


@pytest.mark.parametrize(("person", "says"), [("zoe", "zoe"), ("gus", "takes no part")])
def test_who_takes_no_part_gets_no_letter(person: str, says: str) -> None:
    with pytest.raises(mm.ProgramError, match=says):
        mm.report.letter(answer(), person)


def test_a_matching_from_a_record_is_attached_first() -> None:
    kept = mm.Matching.from_json(answer().to_json())
    with pytest.raises(mm.RecordError, match="attach"):
        mm.report.letter(kept, "ana")


@pytest.mark.parametrize("name", FORMATS)
def test_the_page_of_a_letter_says_the_same(name: str) -> None:
    matching = FORMATS[name]
    people = {one.a for one in matching.meetings} | {one.id for one in matching.unmatched}
    for person in people:
        told = mm.report.letter(matching, person)
        root = read(told.html)
        assert root.one("title").text == told.subject
        shown = " ".join(root.one("main").text.split())
        for passage in told.passages:
            for sentence in passage.sentences:
                assert harmless(sentence, joined=True).replace(" ", "") in shown.replace(" ", "")


def test_hostile_names_do_no_harm_in_a_letter() -> None:
    matching = hostile()
    for pair in matching.pairs:
        told = mm.report.letter(matching, pair.a, contact=HOSTILE[0])
        root = read(told.html)
        assert not root.all("script") + root.all("img") + root.all("b")
        for text in (root.one("main").text, told.text):
            assert harmless(pair.b_name, joined=True).strip() in text
        for mark in "\u202e\u202c\u2066\x1b\x00\x9b\r\u2028":
            assert mark not in told.text + told.html
        assert "\n" not in told.subject


def test_a_name_from_right_to_left_keeps_to_itself() -> None:
    told = mm.report.letter(answer(cy={"name": "שרה"}), "ana")
    assert "partner for you: \u2068שרה\u2069." in told.text
    assert "<bdi>שרה</bdi>." in told.html
    assert "\u2068" not in mm.report.letter(answer(), "ana").text


#: What of anybody else's profile may change without anybody else's letter changing.
ELSEWHERE: dict[str, Any] = {
    "department": st.sampled_from(["IT", "HR", "Law"]),
    "teaches": st.sampled_from(["R", "sql", "hiring", "leading", ""]),
    "wants": st.sampled_from(["go", "go; juggling", ""]),
    "name": st.sampled_from(["Zed", "Kim", "=x"]),  # a partner's own name is shown with their id
    "rank": st.sampled_from([1, 2, 5, 6]),
    "capacity": st.sampled_from([0, 1]),
    "declines": st.sampled_from(["", "ana", "gus"]),
}


@pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")
@given(
    st.sampled_from(["bea", "cy", "di", "ed", "flo"]), st.fixed_dictionaries({}, optional=ELSEWHERE)
)
def test_nothing_of_others_reaches_a_letter_but_what_is_exchanged(
    other: str, change: dict[str, Any]
) -> None:
    """Who has the same partner for the same skills reads the same letter, whatever else changes."""
    before, after = answer(), mm.match(cohort(**{other: change}), PROGRAM)
    for person in ("ana", "bea", "cy", "di", "ed", "flo"):
        if person == other or not takes_part(after, person):
            continue
        same = exchanged(before, person) == exchanged(after, person)
        letters = [mm.report.letter(one, person) for one in (before, after)]
        assert (letters[0] == letters[1]) == same


def takes_part(matching: mm.Matching, person: str) -> bool:
    return person not in {one.id for one in matching.taking_no_part}


def exchanged(matching: mm.Matching, person: str) -> list[tuple[Any, ...]]:
    """Whom somebody has, and what they teach each other."""
    found: list[tuple[Any, ...]] = []
    for pair in matching.pairs:
        if pair.a == person:
            found.append((pair.b_name, pair.a_teaches, pair.b_teaches))
        elif pair.b == person:
            found.append((pair.a_name, pair.b_teaches, pair.a_teaches))
    return found
