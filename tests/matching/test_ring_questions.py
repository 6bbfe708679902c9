"""Why somebody does not teach somebody else, what if they did, and how firm it is, in rings."""

import json
import math
from dataclasses import replace
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.assign import Objective
from mentormatch.matching.why_not import TO_A_PARTICIPANT, Loss, WhyNot
from tests.assign.ring_cases import all_rings
from tests.assign.strategies import Table
from tests.assign.test_required_arrows import scipy_worth
from tests.cli.running import call
from tests.matching.test_rings import FREE, RECORDS, THREE, TRIO, TWO, people
from tests.property.test_match_laws import pairs_of, solved
from tests.strategies import cohort_of, profiles, rings

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]
Arrow = tuple[str, str]
Packing = frozenset[Arrow]

Packings = dict[Packing, tuple[int, float]]


def table_of(cohort: mm.Cohort, program: mm.Program) -> tuple[list[str], Table]:
    """Who may teach whom, and what that is worth."""
    graph = mm.build_graph(cohort, program)
    worth = np.zeros((len(graph.a_ids),) * 2)
    allowed = np.zeros_like(worth, dtype=np.bool_)
    worth[graph.a, graph.b], allowed[graph.a, graph.b] = graph.score, True
    return list(graph.a_ids), Table(worth, allowed)


def all_packings(cohort: mm.Cohort, program: mm.Program) -> Packings:
    """Every choice of disjoint rings, and what it is worth to the program."""
    ids, table = table_of(cohort, program)
    counts = program.objective != "score"
    found: Packings = {frozenset(): (0, 0.0)}
    for ring in all_rings(table.allowed, longest_of(program) or len(ids)):
        ways = [*pairwise(ring), (ring[-1], ring[0])]
        arrows = frozenset((ids[a], ids[b]) for a, b in ways)
        total = math.fsum(table.scores[a, b] for a, b in ways)
        for packing, (served, worth) in list(found.items()):
            if not {tail for tail, _ in packing} & {tail for tail, _ in arrows}:
                more = len(ring) if counts else 0
                found[packing | arrows] = served + more, worth + total
    return found


def longest_of(program: mm.Program) -> int | None:
    assert isinstance(program.format, mm.Rings)
    return program.format.longest


@given(profiles(most=6), rings(longest=(None, 2, 3)))
def test_a_loss_is_the_difference_to_the_best_rings_with_the_arrow(
    persons: People, program: mm.Program
) -> None:
    cohort, answer = cohort_of(persons), solved(persons, program)
    packings = all_packings(cohort, program)
    best = max(packings.values())
    graph = mm.build_graph(cohort, program)
    for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        arrow = graph.a_ids[a], graph.b_ids[b]
        why = answer.why_not(*arrow)
        with_it = max((worth for one, worth in packings.items() if arrow in one), default=None)
        if with_it is None:
            assert (why.code, why.loss, why.made) == ("no_ring", None, ())
            continue
        assert why.loss is not None
        if why.between is None:
            assert why.loss.people == best[0] - with_it[0]
            assert why.loss.score == pytest.approx(best[1] - with_it[1], abs=1e-9)
        else:
            least, most = why.between
            assert least.people <= best[0] - with_it[0] <= most.people
            assert least.score - 1e-9 <= best[1] - with_it[1] <= most.score + 1e-9
        adds_up(answer, why, arrow)


def adds_up(answer: mm.Matching, why: WhyNot, arrow: Arrow) -> None:
    """The chain turns the answer into rings that hold the arrow, and loses what it says."""
    assert why.loss is not None
    changed = [pair.score for pair in why.given_up] + [-pair.score for pair in why.made]
    assert math.fsum(changed) == pytest.approx(why.loss.score, abs=1e-9)
    ended, begun = ({(pair.a, pair.b) for pair in part} for part in (why.given_up, why.made))
    before = pairs_of(answer)
    assert ended <= before
    assert not begun & before
    after = (before - ended) | begun
    assert arrow in after
    assert {a for a, _ in after} == {b for _, b in after}
    assert len(after) == len({a for a, _ in after})
    if answer.certificate.objective != "score":
        assert len(after) == len(before) - why.loss.people


@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_so_it_is_among_more_people_against_scipy(objective: Any) -> None:
    program = FREE.model_copy(update={"objective": objective})
    cohort = mm.synthetic.workforce(40, skills=30)
    answer, (ids, table) = mm.match(cohort, program), table_of(cohort, program)
    best = scipy_worth(table, Objective(objective))
    assert best is not None
    arrows = [(a, b) for a, b in permutations(range(len(ids)), 2) if table.allowed[a, b]]
    assert len(arrows) > 100
    for a, b in arrows:
        why = answer.why_not(ids[a], ids[b])
        with_it = scipy_worth(table, Objective(objective), a, b)
        if with_it is None:
            assert why.code == "no_ring"
            continue
        assert why.loss is not None
        assert why.loss.people == best[0] - with_it[0]
        assert why.loss.score == pytest.approx(best[1] - with_it[1], abs=1e-9)
        adds_up(answer, why, (ids[a], ids[b]))


#: Profiles of whole levels, so that scores are often equal.
FLAT = st.lists(
    st.fixed_dictionaries(
        {
            "teaches": st.sampled_from(("sql", "go", "R", "sql; go")),
            "wants": st.sampled_from(("sql", "go", "R", "sql; R")),
            "department": st.sampled_from(("it", "hr")),
        }
    ),
    min_size=3,
    max_size=6,
)


@st.composite
def tied(draw: st.DrawFn, longest: tuple[int | None, ...]) -> tuple[mm.Cohort, mm.Program]:
    """People of whom many teach and want the same, and rings of them."""
    records = [{"id": f"p{number}", **one} for number, one in enumerate(draw(FLAT))]
    return mm.read_records(records), mm.Program(
        format=mm.Rings(longest=draw(st.sampled_from(longest))),
        rules=draw(st.sampled_from(((), (mm.Different("department"),)))),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )


@given(tied((None, 2, 3)))
def test_an_arrow_is_as_firm_as_all_the_best_rings_say(case: tuple[mm.Cohort, mm.Program]) -> None:
    cohort, program = case
    answer, packings = mm.match(cohort, program), all_packings(cohort, program)
    best = [one for one, worth in packings.items() if worth == max(packings.values())]
    in_all, in_some = frozenset.intersection(*best), frozenset().union(*best)
    if answer.status is mm.Status.FEASIBLE:
        with pytest.raises(mm.ProgramError, match="not proven best"):
            answer.firm_pairs()
        return
    if longest_of(program) == 3 and not all_are_proven(cohort, program, answer):
        return
    assert set(answer.firm_pairs()) == in_all
    for arrow in permutations(cohort.ids, 2):
        firm = answer.firmness(*arrow)
        code = "all" if arrow in in_all else "some" if arrow in in_some else "none"
        fall = {"some": 0.0, "none": None, "all": may_fall(packings, arrow, answer)}[code]
        assert firm.code == code
        assert firm.may_fall == pytest.approx(fall, abs=1e-9)


def all_are_proven(cohort: mm.Cohort, program: mm.Program, answer: mm.Matching) -> bool:
    """Whether the best rings without each arrow of an answer, and with each other, are proven."""
    graph = mm.build_graph(cohort, program)
    ends = zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    for arrow in ((graph.a_ids[a], graph.b_ids[b]) for a, b in ends):
        rule: mm.Require | mm.Where = mm.Require([arrow])
        if arrow in pairs_of(answer):
            rule = mm.Where("not this", _not_between(*map(cohort.row, arrow)))
        try:
            if not answer.with_rule(rule).is_exact:
                return False
        except mm.InfeasibleError:
            continue
    return True


def _not_between(teacher: int, learner: int) -> Any:
    return lambda _, teachers, learners: (teachers != teacher) | (learners != learner)


def may_fall(packings: Packings, arrow: Arrow, answer: mm.Matching) -> float | None:
    """How far the score of an arrow may fall, by all the rings there are without it."""
    rest = max(worth for one, worth in packings.items() if arrow not in one)
    best = max(packings.values())
    scores = {(pair.a, pair.b): pair.score for pair in answer.pairs}
    fall = best[1] - rest[1]
    return fall if rest[0] == best[0] and fall <= scores.get(arrow, 0.0) else None


@given(profiles(most=6), rings(longest=(None, 2, 3)), st.data())
def test_required_arrows_are_in_the_best_rings_and_in_their_proof(
    persons: People, program: mm.Program, data: st.DataObject
) -> None:
    cohort = cohort_of(persons)
    graph = mm.build_graph(cohort, program)
    ends = sorted(zip(graph.a.tolist(), graph.b.tolist(), strict=True))
    if not ends:
        return
    chosen = data.draw(st.lists(st.sampled_from(ends), min_size=1, max_size=2, unique=True))
    if len({a for a, _ in chosen}) < len(chosen) or len({b for _, b in chosen}) < len(chosen):
        return
    must = frozenset((graph.a_ids[a], graph.b_ids[b]) for a, b in chosen)
    bound = program.model_copy(update={"rules": (*program.rules, mm.Require(sorted(must)))})
    expected = [worth for one, worth in all_packings(cohort, program).items() if must <= one]
    if not expected:
        with pytest.raises(mm.InfeasibleError, match=r"'require' asks that .* teaches"):
            mm.match(cohort, bound)
        return
    answer = mm.match(cohort, bound)
    assert must <= pairs_of(answer)
    assert answer.total == pytest.approx(max(expected)[1], abs=1e-9)
    found = answer.certificate.verify(cohort, bound)
    assert found.feasible
    assert found.complete
    assert found.ok == (answer.status is mm.Status.OPTIMAL)
    assert found.ok or longest_of(program) == 3
    again = mm.Matching.from_json(answer.to_json()).attach(cohort, bound)
    assert again.to_json() == answer.to_json()
    if answer.status is mm.Status.OPTIMAL:
        assert must <= set(answer.firm_pairs())
    for arrow in sorted(must):
        assert answer.why_not(*arrow).code == "paired"
    for other in [one for one in permutations(cohort.ids, 2) if one not in must][:6]:
        code = answer.why_not(*other).code
        tails, heads = ({one[end] for one in must} for end in (0, 1))
        if other[0] in tails or other[1] in heads:
            assert code == "ruled_out"
        else:
            assert code in ("paired", "ruled_out", "not_open", "needed", "as_good", "costs")


def required(*arrows: Arrow) -> mm.Program:
    return FREE.model_copy(update={"rules": (mm.Require(arrows),)})


def test_whom_one_has_to_teach_may_wish_for_nothing_of_it() -> None:
    """Whoever arranged that knows why; the arrow scores nothing and is in a ring all the same."""
    program = required(("bo", "ana"))
    matching = mm.match(people(), program)
    assert ("bo", "ana") in pairs_of(matching)
    assert {pair.score for pair in matching.pairs if pair.a == "bo"} == {0.0}
    assert matching.certificate.verify(people(), program).ok
    assert matching.removed == (("require 1 named pair", 2),)


def test_a_proof_with_a_required_arrow_is_none_without() -> None:
    program = required(("bo", "ana"))
    proof = mm.match(people(), program).certificate
    tables = [dict(table) for table in proof.prices]
    tables[0]["bo"] -= 4.0
    tables[1]["ana"] += 4.0
    moved = replace(proof, prices=tuple(tables))
    assert moved.verify(people(), program).ok  # of those who are in a ring anyhow
    said = moved.verify(people(), FREE).violations
    assert "the prices of bo add up to less than 0" in said
    tables[0]["hal"] -= 8.0
    forged = replace(proof, prices=tuple(tables)).verify(people(), program)
    assert "the prices of hal add up to less than 0" in forged.violations
    other = mm.match(people(), FREE).certificate
    assert "bo and ana are required, but no pair" in other.verify(people(), program).violations


def test_what_is_required_is_refused_by_name_where_it_cannot_be() -> None:
    with pytest.raises(mm.InfeasibleError, match="'require' asks that hal teaches gil: no rings"):
        mm.match(people(), required(("hal", "gil")))
    with pytest.raises(mm.InfeasibleError, match="promises 'ana' to 2 people, who can have 1"):
        mm.match(people(), required(("ana", "bo"), ("ana", "cy")))
    for changes in ({"ana": {"declines": "bo"}}, {"bo": {"capacity": 0}}):
        with pytest.raises(mm.InfeasibleError) as error:
            mm.match(people(**changes), required(("ana", "bo")))
        assert str(error.value) == (
            "required pair 'ana' and 'bo' cannot be made: both must take part and be open to the "
            "pair; take it out of 'require'"
        )
    bound = THREE.model_copy(update={"rules": (mm.Require([("bo", "di")]),)})
    with pytest.raises(mm.InfeasibleError, match="'require' asks that bo teaches di: no rings"):
        mm.match(people(), bound)


def test_with_a_pair_the_first_has_to_teach_the_second() -> None:
    matching = mm.match(people(), FREE)
    what = matching.with_pair("bo", "ana")
    assert ("bo", "ana") in pairs_of(what.matching)
    assert what.is_exact
    assert (what.people, what.score, what.lost) == (-1, -2.0, ("cy",))
    with pytest.raises(mm.InfeasibleError, match="'require' asks that ed teaches ana: no rings"):
        matching.with_pair("ed", "ana")


def test_whom_somebody_teaches_and_learns_from_reads_as_it_is() -> None:
    matching = mm.match(people(), FREE)
    assert matching.explain("ana").text() == (
        "You teach bo sql. cy teaches you go, which is all that you wished for."
    )
    assert matching.explain("ed").text("coordinator") == (
        "di teaches ed sewing, 50% of the wishes; that scores 0.50. ed teaches di chess, all that "
        "was wished for; that scores 1.00. Nobody else is possible."
    )
    arranged = mm.match(people(), required(("bo", "ana"))).explain("bo")
    assert arranged.text().startswith(
        "Ana Silva teaches you sql, which is all that you wished for. You teach Ana Silva."
    )


def test_a_coordinator_hears_who_would_teach_whom() -> None:
    matching = mm.match(people(cy={"teaches": "go; sql", "wants": "R; x"}), FREE)
    assert matching.why_not("ana", "bo").text("coordinator") == "Ana Silva teaches bo."
    why = matching.why_not("cy", "bo")
    assert (why.code, why.in_rings) == ("costs", True)
    assert why.text("coordinator") == (
        "cy could teach bo. With that, 1 person fewer would be in a ring and the total would be "
        "1.00 lower. What would end: cy teaches Ana Silva (1.00); Ana Silva teaches bo (1.00). "
        "What would begin: cy teaches bo (1.00)."
    )
    assert why.text("auditor") == why.text("coordinator")
    gil = matching.why_not("gil", "cy")
    assert gil.code == "no_ring"
    assert gil.text("coordinator") == (
        "gil could teach cy, but no ring that is allowed has that in it."
    )
    alone = matching.why_not("ana", "ana").text("coordinator")
    assert alone == "Ana Silva cannot teach Ana Silva: nobody teaches themself."


def test_the_other_way_round_is_another_question() -> None:
    program = FREE.model_copy(update={"rules": (mm.Where("not so", _not_ana_to_bo),)})
    matching = mm.match(TRIO, program)
    why = matching.why_not("ana", "bo")
    assert (why.code, why.broken, why.other_way) == ("ruled_out", ("where not so",), True)
    assert why.text("coordinator") == (
        "ana cannot teach bo: the rule 'where not so' forbids it. bo could teach ana."
    )
    assert matching.why_not("bo", "ana").code == "paired"
    assert matching.why_not("ana", "cy").code == "paired"
    assert matching.why_not("cy", "ana").text("coordinator").startswith("cy could teach ana. ")


def _not_ana_to_bo(_: Any, teachers: Any, learners: Any) -> Any:
    return (teachers != 0) | (learners != 1)


def test_a_participant_hears_the_same_sentence_of_every_arrow() -> None:
    matching = mm.match(people(ana={"declines": "ed"}), FREE)
    ids = [one for one in people().ids if one != "ivy"]
    told = {matching.why_not(*arrow).text() for arrow in permutations(ids, 2)}
    assert told == {TO_A_PARTICIPANT}


def test_only_an_auditor_is_told_of_a_decline() -> None:
    declined = mm.match(people(cy={"declines": "bo"}), FREE).why_not("bo", "cy")
    nothing = mm.match(people(cy={"wants": "z"}), FREE).why_not("bo", "cy")
    assert declined.text("coordinator") == nothing.text("coordinator")
    assert declined.text("coordinator") == "That bo teaches cy is not open to the program."
    assert declined.data == nothing.data
    assert declined.text("auditor") == "bo cannot teach cy: one of them declines the other."
    assert nothing.text("auditor") == "bo cannot teach cy: cy would learn nothing that counts."


def test_no_text_is_in_the_words_of_a_solver() -> None:
    words = ("price", "dual", "optim", "solver", "constraint", "edge", "node", "arrow", "feasible")
    for program in (FREE, TWO, THREE):
        matching = mm.match(TRIO, program)
        for arrow in permutations(TRIO.ids, 2):
            for audience in ("participant", "coordinator", "auditor"):
                text = matching.why_not(*arrow).text(audience)
                assert not [word for word in words if word in text.lower()]


def unproven() -> mm.Matching:
    """Rings of at most three people that are good, and not proven best."""
    matching = mm.match(mm.synthetic.workforce(60, skills=40), THREE)
    assert matching.status is mm.Status.FEASIBLE
    return matching


def test_where_the_best_rings_are_not_known_a_loss_lies_between_bounds() -> None:
    matching = unproven()
    graph = mm.build_graph(mm.synthetic.workforce(60, skills=40), THREE)
    made = pairs_of(matching)
    arrows = zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    named = ((graph.a_ids[a], graph.b_ids[b]) for a, b in arrows)
    asked = (matching.why_not(*arrow) for arrow in named if arrow not in made)
    why = next(one for one in asked if one.loss is not None)
    assert why.between is not None
    assert why.loss is not None
    least, most = why.between
    assert least.people <= why.loss.people <= most.people
    assert 0.0 <= most.score - least.score <= matching.gap + 1.0
    assert least.score <= why.loss.score <= most.score
    adds_up(matching, why, (why.a, why.b))
    said = why.text("coordinator")
    assert "by the rings that were found" in said
    assert "Whether these are the best rings of that length is not proven; what is proven" in said
    assert json.loads(json.dumps(dict(why.data)))["between"][0]["score"] == least.score


def test_how_firm_rings_are_that_may_not_be_best_is_refused_with_the_reason() -> None:
    matching = unproven()
    for ask in (matching.firm_pairs, lambda: matching.firmness(*min(pairs_of(matching)))):
        with pytest.raises(mm.ProgramError, match="these rings are not proven best, so what"):
            ask()


def test_what_if_says_whether_both_answers_are_proven() -> None:
    matching = unproven()
    what = matching.without(matching.pairs[0].a)
    assert not what.is_exact
    assert repr(what).endswith("not proven)")
    assert what.score == pytest.approx(what.matching.total - matching.total)
    [price] = mm.match(
        mm.synthetic.workforce(60, skills=40),
        THREE.model_copy(update={"rules": (mm.Different("department"),)}),
    ).rule_prices()
    assert not price.is_exact


def test_bounds_are_of_people_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Had the best rings one person more, nothing but their number would be known of them."""
    matching = mm.match(people(), THREE)
    assert matching.why_not("ed", "ana").between is None
    monkeypatch.setattr("mentormatch.assign.ring_problem.RingSolution.count_gap", 1)
    why = mm.match(people(cy={"teaches": "go; sql", "wants": "R; x"}), THREE).why_not("cy", "bo")
    assert why.loss == Loss(1, 1.0)
    assert why.between == (Loss(0, -3.0), Loss(2, 4.0))
    assert "from 0 to 2 people fewer would be in a ring" in why.text("coordinator")


def test_the_command_line_answers_for_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    records = [{"id": one, **record} for one, record in RECORDS.items()]
    (tmp_path / "people.json").write_text(json.dumps(records))
    for program in (FREE, TWO, THREE):
        matching = mm.match(people(), program)
        (tmp_path / "run.json").write_text(matching.to_json())
        for arrow in (("ana", "bo"), ("bo", "ana"), ("gil", "cy"), ("di", "cy")):
            told = call("why-not", "run.json", "people.json", *arrow, "--audience", "coordinator")
            assert (told.exit_code, told.stderr) == (0, "")
            assert told.stdout == matching.why_not(*arrow).text("coordinator") + "\n"
            told = call("why-not", "run.json", "people.json", *arrow)
            assert told.stdout == TO_A_PARTICIPANT + "\n"
