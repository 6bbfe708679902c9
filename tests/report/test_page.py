"""A page to send round, read by a strict parser; `test_browser.py` opens it in a browser."""

import re
from base64 import b64encode
from datetime import date
from functools import cache
from hashlib import sha256
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

import mentormatch as mm
from mentormatch.assign.limits import Limits
from mentormatch.matching.explanation import Audience
from mentormatch.matching.tables import harmless
from mentormatch.report.decision import decision_of
from mentormatch.report.page import page
from tests.report.cohorts import HOSTILE, PROGRAM, answer, cohort, hostile, of_every_format
from tests.report.reading import Element, cells, read

FORMATS = of_every_format()


@cache
def made(name: str = "sides", audience: Audience = "coordinator") -> str:
    """The page of a small answer; drawing takes a second, so each is made once."""
    return page(FORMATS[name], audience)


def headings(root: Element) -> list[str]:
    return [one.text for one in root.all("h2")]


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    mm.report.html(answer(), target)
    assert target.read_text(encoding="utf-8") == made()
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_coordinator_reads_pairs_others_pictures_audit_and_decision() -> None:
    root = read(made())
    assert headings(root) == [
        "Summary",
        "Pairs",
        "Without a partner",
        "Pictures",
        "Audit",
        "How it was decided",
    ]
    assert [link.attributes["href"] for link in root.one("nav").all("a")] == [
        "#summary",
        "#pairs",
        "#others",
        "#pictures",
        "#audit",
        "#decision",
    ]
    facts = {fact.one("dt").text: fact.one("dd").text for fact in root.one("dl").all("div")}
    assert facts == {
        "people have a partner": "4 of 6",
        "pairs": "2",
        "take no part": "1",
        "total score": "2.00",
        "of all answers the rules allow": "Proven best",
    }
    header, *rows = cells(root.one("table", id="pairs-table"))
    assert header == ["leader", "newcomer", "score", "leader teaches", "newcomer teaches"]
    assert rows == [
        ["Ana ana", "Cy cy", "1.00", "leading", "sql"],
        ["Bea bea", "Di di", "1.00", "hiring", "R"],
    ]
    assert cells(root.one("table", id="unmatched"))[1:] == [
        ["Ed ed", "newcomer", "something to exchange, but the rules allow none of these pairs"],
        ["Flo flo", "newcomer", "no wish that is still open"],
    ]
    assert cells(root.one("table", id="aside"))[1:] == [["Gus gus", "capacity is 0"]]
    assert cells(root.one("table", id="rules"))[1:] == [
        ["different department", "1"],
        ["forbid 1 named pair", "0"],
    ]


@pytest.mark.parametrize(("weights", "more", "less"), [((1, 3), 1, 0), ((6, 2), 0, 1)])
def test_what_counts_more_is_said_by_the_names_of_the_sides(
    weights: tuple[float, float], more: int, less: int
) -> None:
    names = ("mentor", "mentee")
    sides = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=names))
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "x", "wants": "y"},
            {"id": "bo", "rank": 1, "teaches": "y", "wants": "x"},
        ]
    )
    text = (
        f"what the {names[more]} receives counts 3 times as much as what the {names[less]} receives"
    )
    for score, told in ((mm.Reciprocity(weights=weights), True), (mm.Reciprocity(), False)):
        matching = mm.match(people, mm.Program(format=sides, score=score))
        decision = decision_of(matching, matching._attached())
        assert (text in decision.worth) is told


def test_a_participant_s_page_names_nobody_and_no_numbers_of_rules() -> None:
    root = read(made(audience="participant"))
    assert headings(root) == ["Summary", "What this means for you", "How it was decided"]
    text = root.one("body").text
    for name in ("Ana", "Bea", "Cy", "Di ", "Ed ", "Flo", "Gus", "sql", "hiring"):
        assert name not in text
    assert "different department" in text
    assert "named pair" not in text  # who is forbidden to meet is nobody else's business
    assert not root.all("table") + root.all("svg") + root.all("script")
    assert "4 of 6" in text


def test_only_an_auditor_reads_groups_and_who_would_both_gain() -> None:
    told = page(answer(), "auditor", attributes=["department"])
    assert {"Better for both", "By department"} <= {one.text for one in read(told).all("h3")}
    about = {one.text for one in read(made()).all("h3")}
    assert not about & {"Better for both", "By department"}
    for audience in get_args(Audience)[:2]:
        with pytest.raises(ValueError, match="for an auditor"):
            page(answer(), audience, attributes=["department"])


def test_there_is_no_other_audience() -> None:
    with pytest.raises(ValueError, match="must be one of participant, coordinator, auditor"):
        page(answer(), "boss")  # type: ignore[arg-type]


@pytest.mark.parametrize("audience", get_args(Audience))
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_page_for_everybody(name: str, audience: Audience) -> None:
    root = read(made(name, audience))
    assert root.one("h1").text == "Who learns from whom"
    if audience != "participant" and FORMATS[name].pairs:
        table = root.one("table", id="pairs-table")
        assert len(table.one("tbody").all("tr")) == len(FORMATS[name].meetings)


def test_rings_are_told_ring_by_ring() -> None:
    root = read(made("rings"))
    assert headings(root)[1] == "Rings"
    header, *rows = cells(root.one("table", id="pairs-table"))
    assert header == ["ring", "teacher", "learner", "score", "teaches"]
    assert len({row[0] for row in rows}) == len(FORMATS["rings"].rings)


def test_who_joins_a_pair_of_buddies_is_told() -> None:
    matching = FORMATS["buddies"]
    assert matching.trio is not None
    text = read(made("buddies")).one("section", id="summary").text
    assert re.search(r"(\w+) joins (\w+) and (\w+), so that nobody is left over", text)


def test_who_has_a_partner_in_one_of_two_roles_is_told() -> None:
    root = read(made("roles"))
    assert root.one("table", id="unmatched").one("caption").text == (
        "Take part and have no partner, or none in one of two roles: 1"
    )


def test_an_answer_that_was_stopped_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentormatch.solving.two_sides.MOST_HELD", -1)
    monkeypatch.setattr(Limits, "are_over", True)
    stopped = mm.match(cohort(), PROGRAM, time_limit=60.0)
    assert stopped.status is mm.Status.FEASIBLE
    for audience in get_args(Audience)[:2]:
        text = read(page(stopped, audience)).one("body").text
        assert "Not proven best" in text
        assert ("could add" in text) == (audience == "coordinator")


def test_a_matching_from_a_record_is_attached_first() -> None:
    kept = mm.Matching.from_json(answer().to_json())
    with pytest.raises(mm.RecordError, match="attach"):
        page(kept)
    assert page(kept.attach(cohort(), PROGRAM)) == made()


@pytest.mark.parametrize("audience", get_args(Audience))
def test_the_same_answer_is_the_same_bytes(audience: Audience) -> None:
    assert page(answer(), audience) == made(audience=audience)


def test_a_day_is_told_where_it_is_given() -> None:
    assert "<time" not in made()
    root = read(page(answer(), title="Spring <2027>", dated=date(2027, 3, 1)))
    assert root.one("time").attributes["datetime"] == "2027-03-01"
    assert root.one("h1").text == root.one("head").one("title").text == "Spring <2027>"


@pytest.mark.parametrize("audience", ["coordinator", "participant"])
def test_a_decline_leaves_no_trace_while_the_pairs_stay(audience: Audience) -> None:
    plain = FORMATS["sides"]
    declined = answer(ana={"declines": "di; ed"}, ed={"declines": "bea"}, cy={"declines": "bea"})
    assert [(one.a, one.b) for one in declined.pairs] == [(one.a, one.b) for one in plain.pairs]
    assert page(declined, audience) == made(audience=audience)


def test_whoever_would_both_gain_stands_on_no_coordinator_s_page() -> None:
    """Who is missing there may have declined: ana and di would leave their partners."""
    people: dict[str, dict[str, Any]] = {
        "ana": {"rank": 6, "teaches": "x; y", "wants": "p; q"},
        "bea": {"rank": 6, "teaches": "y", "wants": "p"},
        "cy": {"rank": 1, "teaches": "p", "wants": "x; z"},
        "di": {"rank": 1, "teaches": "p; q", "wants": "x; y"},
    }

    def matched(**declines: str) -> mm.Matching:
        records = [
            {"id": one, **told, "declines": declines.get(one, "")} for one, told in people.items()
        ]
        sides = mm.Sides(by="rank", at_least=5)
        return mm.match(mm.read_records(records), mm.Program(format=mm.Pairs(sides=sides)))

    free, bound = matched(), matched(ana="di")
    assert [(one.a, one.b) for one in free.pairs] == [(one.a, one.b) for one in bound.pairs]
    assert free.audit().blocking != bound.audit().blocking
    assert page(free) == page(bound)
    assert page(free, "auditor") != page(bound, "auditor")


@pytest.mark.parametrize("audience", ["coordinator", "participant"])
def test_what_is_for_the_audit_alone_leaves_no_trace(audience: Audience) -> None:
    reading, program, field = mm.Reading(audit_only=["gender"]), PROGRAM, "gender"
    values = ("x", "y", "x", "y", "z", "", "y")
    told = {one: {field: value} for one, value in zip(cohort().ids, values, strict=True)}
    others = {one: {field: value} for one, value in zip(cohort().ids, values[::-1], strict=True)}
    first, second = answer(program, reading, **told), answer(program, reading, **others)
    assert page(first, audience) == page(second, audience)
    asked = page(first, "auditor", attributes=[field])
    assert asked != page(second, "auditor", attributes=[field])


def test_nothing_is_loaded_and_nothing_runs_but_what_was_written_here() -> None:
    told = made()
    root = read(told)
    policy = root.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    for tag in ("style", "script"):
        written = root.one(tag)
        [text] = written.children
        assert isinstance(text, str)
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert not written.attributes
    assert "default-src 'none'" in policy
    for element in root.walk():
        for name, value in element.attributes.items():
            assert name != "style"
            assert not name.startswith("on")
            if name in ("href", "src", "xlink:href", "action", "srcset"):
                assert value.startswith(("#", "data:")), (element.tag, value)
    assert "http:" not in told.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in told


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_can_be_walked_without_seeing_it(name: str) -> None:
    root = read(made(name, "auditor"))
    assert root.one("html").attributes["lang"] == "en"
    ids = [one.attributes["id"] for one in root.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        for element in root.walk():
            assert set(element.attributes.get(attribute, "").split()) <= set(ids)
    for landmark in ("header", "nav", "main", "footer", "h1"):
        root.one(landmark)
    first = next(one for one in root.one("body").walk() if one.tag in ("a", "button", "input"))
    assert first.attributes == {"class": "skip", "href": "#main"}
    levels = [int(one.tag[1]) for one in root.walk() if re.fullmatch("h[1-6]", one.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in root.all("table"):
        assert table.one("caption").text
        assert all(one.attributes["scope"] == "col" for one in table.one("thead").all("th"))
        for row in table.one("tbody").all("tr"):
            assert row.one("th").attributes["scope"] == "row"
    for picture in root.all("svg"):
        assert picture.attributes["role"] == "img"
        assert all(picture.one(tag).text for tag in ("title", "desc"))


@pytest.mark.parametrize("audience", get_args(Audience))
def test_hostile_people_come_out_harmless_and_whole(audience: Audience) -> None:
    matching = hostile()
    assert len(matching.pairs) == len(HOSTILE)
    told = page(matching, audience)
    root = read(told)
    assert len(root.all("script")) == (audience != "participant")
    assert not root.all("img") + root.all("b") + root.all("iframe")
    for mark in "\u202e\u202c\u2066\u2028\x1b\x00\x9b\r":
        assert mark not in told
    if audience == "participant":
        return
    named = [one.text for one in root.one("table", id="pairs-table").all("bdi")]
    for name in HOSTILE:
        assert harmless(name, joined=True).strip() in named  # whole, and in its own direction
    assert escape(HOSTILE[0]) in told
    assert "می\u200cخواهم" in told  # joiners are letters of a name, not tricks
    assert "49" not in [one.text for one in root.all("bdi")]


@pytest.mark.parametrize("names", [('a"}</style><script>', "b\\"), ("{{ x }}", "ß'`"), ("א", "b")])
def test_sides_may_be_called_anything(names: tuple[str, str]) -> None:
    sides = mm.Sides(by="rank", at_least=5, names=names)
    root = read(page(answer(mm.Program(format=mm.Pairs(sides=sides)))))
    assert len(root.all("script")) == len(root.all("style")) == 1
    assert cells(root.one("table", id="pairs-table"))[0][:2] == list(names)


def test_a_page_of_two_thousand_pairs_is_under_two_megabytes() -> None:
    skills = [f"a skill with a long name {number}" for number in range(40)]
    people = [
        {
            "id": f"person.{side}{number:04}@example.org",
            "name": f"Somebody Longname {side}{number:04}",
            "rank": rank,
            "department": f"Department {number % 12}",
            "teaches": [skills[(number + offset) % 40], skills[(number + offset + 1) % 40]],
            "wants": [skills[(number + 20 - offset) % 40], skills[(number + 21 - offset) % 40]],
        }
        for side, rank, offset in (("a", 6, 0), ("b", 1, 20))
        for number in range(2_000)
    ]
    matching = mm.match(mm.read_records(people), mm.Program(format=PROGRAM.format))
    assert len(matching.pairs) == 2_000
    assert len(page(matching).encode()) < 2 * 2**20


def test_what_a_missing_extra_would_bring_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormatch.report import rendering

    rendering._templates.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(mm.MissingExtraError, match=r"pages need jinja2: .*\[report\]"):
        page(answer(), "participant")
    monkeypatch.undo()
    rendering._templates.cache_clear()
