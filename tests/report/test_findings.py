"""What pictures say, counted again from the pairs and the profiles."""

import subprocess
import sys
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

import mentormatch as mm
from mentormatch.report import (
    Finding,
    departments_found,
    exchange_found,
    growth_found,
    plot_exchange,
    rings_found,
    scores_found,
    served_found,
    skills_found,
)
from mentormatch.report.canvas import spread
from tests.matching.examples import crowd
from tests.report.examples import BOTH, EXAMPLES, FORMATS, SIDES, example, people, small, trio
from tests.report.examples import workforce as workforce_of

ALL = [*FORMATS, "trio", "workforce"]


def matching_of(name: str) -> mm.Matching:
    if name == "trio":
        return trio()
    return workforce_of(120) if name == "workforce" else example(name)


def lessons_in(matching: mm.Matching) -> list[tuple[str, str, tuple[str, ...]]]:
    """Learner, whom from, and the skills, read off the pairs."""
    found = []
    for pair in matching.meetings:
        if pair.a_teaches or pair.together:
            found.append((pair.b, pair.a, pair.a_teaches or pair.together))
        if pair.b_teaches or pair.together:
            found.append((pair.a, pair.b, pair.b_teaches or pair.together))
    return found


def cohort_of(matching: mm.Matching) -> mm.Cohort:
    return matching._attached().graph.people


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("attribute", ["department", "location"])
def test_who_learns_from_where_is_what_the_pairs_teach(name: str, attribute: str) -> None:
    matching = trio() if name == "trio" else matching_of(name)
    if name == "trio" and attribute == "location":
        attribute = "department"
    cohort = cohort_of(matching)
    place = {one.id: getattr(one, attribute) or "(blank)" for one in cohort}
    expected = Counter((place[who], place[whom]) for who, whom, _ in lessons_in(matching))
    found = departments_found(matching, attribute)
    assert {row[:2]: row[2] for row in found.rows} == expected
    assert [row[2] for row in found.rows] == sorted(expected.values(), reverse=True)


@pytest.mark.parametrize("name", ALL)
def test_demand_and_supply_are_what_people_wrote_and_what_the_pairs_teach(name: str) -> None:
    matching = matching_of(name)
    aside = {one.id for one in matching.taking_no_part}
    part = [one for one in cohort_of(matching) if one.id not in aside]
    wanted = Counter(skill for one in part for skill in one.wants)
    offered = Counter(skill for one in part for skill in one.teaches)
    learnt = Counter(
        skill
        for _, skill in {
            (who, skill) for who, _, skills in lessons_in(matching) for skill in skills
        }
    )
    found = skills_found(matching)
    expected = {s: (wanted[s], learnt[s], offered[s]) for s in {*wanted, *offered}}
    assert {row[0]: row[1:] for row in found.rows} == expected
    lacking = max(wanted[skill] - offered[skill] for skill in expected)
    named = found.title.removeprefix("Most lacking is ").split(": wanted")[0]
    assert wanted[named] - offered[named] == lacking
    assert f"wanted by {wanted[named]:,} " in found.title


@pytest.mark.parametrize("name", ALL)
def test_scores_are_those_of_the_pairs(name: str) -> None:
    matching = matching_of(name)
    scores = sorted((pair.score for pair in matching.pairs), reverse=True)
    found = scores_found(matching)
    if len(scores) <= 30:
        assert [row[2] for row in found.rows] == scores
    else:
        assert sum(int(row[2]) for row in found.rows) == len(scores)
        for low, high, count in found.rows[:-1]:
            assert count == sum(float(low) <= score < float(high) for score in scores)
        assert float(found.rows[0][0]) == scores[-1]
    if len(scores) > 1:
        assert f"score {np.median(scores):.2f} or more" in found.title
        assert f"worst off, with {scores[-1]:.2f}," in found.title


def test_the_worst_off_are_named_by_what_tells_them_apart() -> None:
    records = [
        {"id": "a1", "name": "Ana", "teaches": "x", "wants": "y"},
        {"id": "b1", "name": "Bo", "teaches": "y", "wants": "x"},
        {"id": "a2", "name": "Ana", "teaches": "v", "wants": "w; u"},
        {"id": "b2", "name": "Cy", "teaches": "w", "wants": "v"},
    ]
    found = scores_found(mm.match(mm.read_records(records), mm.Program()))
    assert found.title.endswith("are Ana (a2) and Cy")
    assert [row[:2] for row in found.rows] == [("Ana (a1)", "Bo"), ("Ana (a2)", "Cy")]


def possible_in(name: str) -> set[tuple[str, str]]:
    """Who could meet by the program's own graph; nobody of the examples declines anybody."""
    graph = mm.build_graph(people(), FORMATS[name])
    called = dict(zip(people().ids, people().names, strict=True))
    ends = zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    return {(called[graph.a_ids[a]], called[graph.b_ids[b]]) for a, b in ends}


@pytest.mark.parametrize("name", FORMATS)
def test_possible_pairs_are_those_of_the_exchange_graph_and_the_chosen_come_first(
    name: str,
) -> None:
    matching, found = example(name), exchange_found(example(name))
    if name == "buddies":  # a trio may bring two together who share nothing
        meetings = {frozenset((one.a_name, one.b_name)) for one in matching.meetings}
        expected = {frozenset(pair) for pair in possible_in(name)} | meetings
        assert {frozenset(map(str, row[:2])) for row in found.rows} == expected
    else:
        assert {row[:2] for row in found.rows} == possible_in(name)
    chosen = [row for row in found.rows if row[2] == "yes"]
    assert list(found.rows[: len(chosen)]) == chosen
    pairs = {frozenset((one.a_name, one.b_name)) for one in matching.meetings}
    assert {frozenset(map(str, row[:2])) for row in chosen} == pairs


@pytest.mark.parametrize("name", ["two sides", "one pool", "rings"])
def test_the_table_of_the_exchange_graph_has_what_each_pair_teaches(name: str) -> None:
    found = exchange_found(example(name))
    rows = {row[:2]: row[3:] for row in found.rows if row[2] == "yes"}
    for pair in example(name).pairs:
        skills = (", ".join(pair.a_teaches), ", ".join(pair.b_teaches))
        if (pair.a_name, pair.b_name) in rows:
            assert rows[pair.a_name, pair.b_name] == skills[: len(found.columns) - 3]
        else:
            assert rows[pair.b_name, pair.a_name] == skills[::-1]


def test_nobody_reads_a_decline_off_any_finding() -> None:
    """Two who could meet, and do not anyway, decline each other: nothing changes."""
    lines = (EXAMPLES / "people.csv").read_text("utf-8").splitlines()
    before = example("two sides")
    [paulo] = [number for number, line in enumerate(lines) if line.startswith("paulo,")]
    assert lines[paulo].endswith(",")
    rows = [line.split(",") for line in lines]
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    for record in records:
        record["declines"] = {"paulo": "lena", "grace": "hugo"}.get(record["id"], "")
    after = mm.match(mm.read_records(records), FORMATS["two sides"])
    assert [(one.a, one.b) for one in after.pairs] == [(one.a, one.b) for one in before.pairs]
    assert ("Paulo Reis", "Lena Fischer", "no") in [row[:3] for row in exchange_found(after).rows]
    for found in (exchange_found, departments_found, scores_found, skills_found, rings_found):
        assert found(after) == found(before)


def test_what_is_for_the_audit_alone_is_refused() -> None:
    records = [
        {"id": "ana", "gender": "f", "teaches": "x", "wants": "y"},
        {"id": "bo", "gender": "m", "teaches": "y", "wants": "x"},
    ]
    cohort = mm.read_records(records, reading=mm.Reading(audit_only=["gender"]))
    with pytest.raises(mm.ProgramError, match="for the audit alone"):
        departments_found(mm.match(cohort, mm.Program()), "gender")


def test_a_department_that_stands_out_is_the_title() -> None:
    records = [
        {"id": f"s{n}", "department": "Sales", "teaches": f"x{n}", "wants": f"y{n}"}
        for n in range(4)
    ]
    records += [
        {"id": f"e{n}", "department": "IT" if n else "Law", "teaches": f"y{n}", "wants": f"x{n}"}
        for n in range(4)
    ]
    found = departments_found(mm.match(mm.read_records(records), mm.Program()))
    assert found.title == "IT learns most from Sales: 3 of 3"
    assert "Of 8 lessons, 8 join two of them" in found.text


def test_rings_are_listed_arrow_by_arrow() -> None:
    matching = example("rings")
    found = rings_found(matching)
    expected = [
        (number, arrow.a_name, arrow.b_name, ", ".join(arrow.a_teaches))
        for number, ring in enumerate(matching.rings, 1)
        for arrow in ring.arrows
    ]
    assert list(found.rows) == expected
    sizes = [len(ring.members) for ring in matching.rings]
    assert found.title == (
        f"{len(sizes)} rings of {min(sizes)} to {max(sizes)} people: {sum(sizes)} of 20 learn"
    )
    assert rings_found(mm.Matching.from_json(matching.to_json())) == found


def test_other_formats_have_no_rings() -> None:
    assert rings_found(example("one pool")).text == "There are no rings: the program makes pairs."
    assert "nobody is in one" in rings_found(small(1, FORMATS["rings"])).text


def test_people_served_stand_beside_the_total() -> None:
    cohort = mm.synthetic.workforce(200, seed=3)
    sides = mm.Pairs(sides=mm.Sides(by="rank", at_least=3))
    rules = [mm.Different("department"), mm.NoReportingLine()]
    both = {
        objective: mm.match(cohort, mm.Program(format=sides, rules=rules, objective=objective))
        for objective in ("people_then_score", "score")
    }
    found = served_found(both)
    (_, many, less), (_, few, more) = found.rows
    assert [many, few] == [2 * len(one.pairs) for one in both.values()]
    assert [less, more] == [one.total for one in both.values()]
    assert int(many) > int(few)
    assert found.title == (
        f"“people_then_score” serves {int(many) - int(few)} people more than “score”, for "
        f"{float(more) - float(less):.2f} less in total"
    )


def test_matchings_of_the_same_worth_share_the_title() -> None:
    one = example("two sides")
    assert served_found({"this": one}).title == "“this” serves 16 people with a total of 3.91"
    assert served_found({"this": one, "that": one}).title == (
        "“this”, “that” serve 16 people with a total of 3.91"
    )
    free = mm.match(people(), mm.Program(format=mm.Pairs(sides=SIDES), score=BOTH))
    assert served_found({"ruled": one, "free": free}).title == (
        f"Most people, 16, and the highest total, {free.total:.2f}, have “free”"
    )


def test_matchings_of_other_people_are_not_compared() -> None:
    with pytest.raises(mm.ProgramError, match="'this' and 'that' differ in 24 people"):
        served_found({"this": example("two sides"), "that": trio()})


def test_a_power_law_has_its_exponent() -> None:
    sizes = [10, 100, 1_000]
    found = growth_found(
        {"slow": (sizes, [2.0 * n for n in sizes]), "fast": (sizes, [0.1 * n**1.5 for n in sizes])}
    )
    assert found.title == "slow grows most slowly, with power 1.00; fast fastest, with 1.50"
    assert found.rows[0] == ("slow", 10, 20, "1.00")
    assert len(found.rows) == 6
    alone = growth_found({"one": ([10], [1.0])})
    assert alone.title == "One size alone says nothing of growth"
    assert alone.rows == (("one", 10, 1, ""),)


def test_every_fault_of_a_growth_is_named() -> None:
    with pytest.raises(ValueError, match="'a' has 2 sizes and 1 costs; 'b' has numbers that are"):
        growth_found({"a": ([1, 2], [1.0]), "b": ([1, 2], [0.0, 1.0]), "c": ([1], [1.0])})


@pytest.mark.parametrize("name", ["two sides", "one pool", "rings", "buddies"])
@pytest.mark.parametrize("count", [1, 2])
def test_nobody_and_one_pair_have_findings_too(name: str, count: int) -> None:
    matching = small(count, FORMATS[name].model_copy(update={"rules": ()}), department="IT")
    for found in (exchange_found, departments_found, scores_found, skills_found, rings_found):
        finding = found(matching)
        assert finding.text.startswith(finding.title)
        assert finding.text.endswith(".")
        assert not finding.title.endswith(".")
    if count == 1:
        assert not departments_found(matching).rows
        assert not scores_found(matching).rows
    elif name != "buddies":
        assert departments_found(matching).title == "All lessons stay within IT: it is the only one"
        assert scores_found(matching).rows[0][2] == 1.0


def test_nothing_to_compare_or_to_measure_is_said() -> None:
    assert served_found({}).title == "There are no matchings to compare"
    assert growth_found({}).title == "Nothing is measured"
    cohort = mm.read_records([{"id": "ana"}])
    assert skills_found(mm.match(cohort, mm.Program())).rows == ()


def test_a_record_is_attached_before_profiles_are_asked() -> None:
    recorded = mm.Matching.from_json(example("two sides").to_json())
    for found in (exchange_found, departments_found, scores_found, skills_found):
        with pytest.raises(mm.RecordError, match="attach it"):
            found(recorded)


def test_of_many_people_only_the_best_pairs_are_in_the_exchange_graph() -> None:
    matching = workforce_of(120)
    found = exchange_found(matching)
    best = [pair for pair in matching.pairs if pair.score >= matching.pairs[19].score]
    chosen = [row for row in found.rows if row[2] == "yes"]
    assert len(chosen) >= 20
    assert found.title.startswith(f"The 20 best of {len(matching.pairs)} pairs")
    assert {(pair.a_name, pair.b_name) for pair in best[:10]} <= {
        tuple(str(name).split(" (")[0] for name in row[:2]) for row in chosen
    }


def test_who_has_both_roles_stands_on_both_sides_and_counts_once() -> None:
    records = [
        {"id": "ana", "roles": "mentor; mentee", "teaches": "x", "wants": "y"},
        {"id": "bo", "roles": "mentor; mentee", "teaches": "y", "wants": "x"},
    ]
    sides = mm.Sides(by="roles", a=["mentor"], b=["mentee"], names=("mentor", "mentee"))
    found = exchange_found(
        mm.match(mm.read_records(records), mm.Program(format=mm.Pairs(sides=sides)))
    )
    assert {row[:3] for row in found.rows} == {("ana", "bo", "yes"), ("bo", "ana", "yes")}
    assert found.title == "All 2 possible pairs are chosen: 2 of 2 people have a partner"


def test_a_required_pair_that_exchanges_nothing_is_a_pair_and_no_lesson() -> None:
    records = [
        {"id": "ana", "department": "IT", "rank": 6, "teaches": "x", "wants": "y"},
        {"id": "bo", "department": "Law", "rank": 1, "teaches": "v", "wants": "z"},
    ]
    program = mm.Program(format=mm.Pairs(sides=SIDES), rules=[mm.Require([("ana", "bo")])])
    matching = mm.match(mm.read_records(records), program)
    assert exchange_found(matching).rows == (("ana", "bo", "yes", "", ""),)
    flow = departments_found(matching)
    assert (flow.title, flow.rows) == ("Nobody learns from anybody", ())
    assert next(text.get_text() for text in plot_exchange(matching).texts) == "nothing"


def test_equal_scores_of_many_are_one_class() -> None:
    found = scores_found(crowd(40))
    assert found.title == "All 40 pairs score the same: 1.00"
    assert found.rows == ((1.0, 1.0, 40),)


def test_many_people_without_a_pair_have_findings_too() -> None:
    records = [{"id": f"p{n}", "department": "IT", "teaches": "x", "wants": "y"} for n in range(70)]
    matching = mm.match(mm.read_records(records), mm.Program())
    assert exchange_found(matching).title == "No pair is chosen"
    assert exchange_found(matching).rows == ()
    assert skills_found(matching).rows == (("y", 70, 0, 0), ("x", 0, 0, 70))


def test_a_finding_shows_itself_as_text_and_as_a_table() -> None:
    finding = Finding("Title <b>", "Text.", ("who", "how many"), (("Ana", 1_200), ("Bo", 0.123456)))
    assert finding.cells == (("Ana", "1,200"), ("Bo", "0.1235"))
    assert str(finding).splitlines()[-1] == "Bo   0.1235"
    assert "<caption>Title &lt;b&gt;</caption>" in finding._repr_html_()


def test_findings_need_no_matplotlib() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None; import mentormatch as mm;"
        "people = mm.read_records([{'id': 'a', 'teaches': 'x', 'wants': 'y'},"
        " {'id': 'b', 'teaches': 'y', 'wants': 'x'}]);"
        "print(mm.report.scores_found(mm.match(people, mm.Program())).title)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "The one pair scores 1.00: a and b\n"


def test_places_that_are_spread_keep_their_distance_their_order_and_their_middle() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        places = rng.integers(0, 6, size=rng.integers(1, 9)).astype(float).tolist()
        moved = spread(places, 1.0)
        assert all(abs(one - other) > 0.999 for one, other in combinations(moved, 2))
        order = sorted(range(len(places)), key=places.__getitem__)
        assert order == sorted(range(len(places)), key=moved.__getitem__)
        assert sum(moved) == pytest.approx(sum(places))
