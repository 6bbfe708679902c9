import copy
import pickle
from dataclasses import replace
from typing import Any

import pytest

import mentormatch as mm
from mentormatch.matching import recount
from tests.matching.examples import PROGRAM, SIDES, matching, of_two, people


def verified(**changes: Any) -> mm.Verification:
    """The verdict on the proof of the example with some fields changed."""
    return replace(matching().certificate, **changes).verify(people(), PROGRAM)


def test_an_honest_proof_holds() -> None:
    found = verified()
    assert found == mm.Verification(
        ok=True,
        complete=True,
        feasible=True,
        bound=matching().total,
        value=matching().total,
        gap=0.0,
        violations=(),
    )


def test_a_proof_shows_its_sizes() -> None:
    proof = matching(di={"wants": ""}).certificate
    assert repr(proof) == "Certificate(people_then_score, 1 pair, value=1, bound=1)"


@pytest.mark.parametrize("kind", ["prices", "count_prices"])
@pytest.mark.parametrize(
    ("price", "says"),
    [
        (None, "ana has no "),
        (-1.0, "not a finite number of 0 or more"),
        (float("inf"), "not a finite number of 0 or more"),
        (float("nan"), "not a finite number of 0 or more"),
        (0.0, "worth more than their "),
    ],
)
def test_a_price_that_is_wrong_is_named(kind: str, price: float | None, says: str) -> None:
    leaders, newcomers = map(dict, getattr(matching().certificate, kind))
    leaders |= {"ana": price, "bea": price} if price is not None else {}
    if price is None:
        del leaders["ana"]
    found = verified(**{kind: (leaders, newcomers)})
    assert not found.ok
    assert not found.complete
    assert any(says in text for text in found.violations), found.violations


@pytest.mark.parametrize("kind", ["prices", "count_prices"])
def test_a_price_too_many_and_a_price_too_high_are_found(kind: str) -> None:
    leaders, newcomers = getattr(matching().certificate, kind)
    for person in ("zoe", "flo", "ed"):  # nobody, who takes no part, who is on the other side
        found = verified(**{kind: ({**leaders, person: 0.0}, newcomers)})
        assert f"{person} has a " in " ".join(found.violations)
    wrong: list[tuple[dict[str, float], ...]] = [(leaders,), (leaders, newcomers, {})]
    for sides in wrong:
        assert "for either side" in verified(**{kind: sides}).violations[0]
    loose = verified(**{kind: (leaders, {**newcomers, "ed": newcomers["ed"] + 0.5})})
    assert loose.complete
    assert loose.feasible
    assert not loose.ok
    assert "leave a gap of 0.5" in loose.violations[0]


def test_prices_of_nobody_are_no_prices() -> None:
    assert not verified(prices=({}, {}), count_prices=({}, {})).ok
    empty = of_two({"teaches": ""}, {})
    forged = replace(empty.certificate, count_prices=({}, {}))
    cohort = mm.read_records([{"id": "a", "rank": 6}, {"id": "b", "rank": 1}])
    assert empty.certificate.verify(cohort, mm.Program(format=SIDES)).ok
    for inflation in (-1.0, float("nan")):
        other = replace(empty.certificate, inflation=inflation)
        assert "the inflation is" in other.verify(cohort, mm.Program(format=SIDES)).violations[0]
    assert forged.verify(cohort, mm.Program(format=SIDES)).violations == (
        "a has no count price",
        "b has no count price",
    )


@pytest.mark.parametrize("inflation", [0.0, 2.0, -1.0, float("inf"), float("nan"), 1e308])
def test_another_inflation_is_found(inflation: float) -> None:
    assert not verified(inflation=inflation).ok


def test_prices_too_large_to_add_up_are_no_proof() -> None:
    prices = tuple(dict.fromkeys(side, 1e308) for side in matching().certificate.prices)
    found = verified(prices=prices)
    assert not found.ok
    assert found.bound != found.bound


def test_the_objective_must_be_the_programs() -> None:
    assert "the program asks for 'people_then_score'" in verified(objective="score").violations[0]
    proof = matching().certificate
    score_only = PROGRAM.model_copy(update={"objective": "score"})
    assert not proof.verify(people(), score_only).ok
    bare = replace(proof, objective="score", count_prices=None)
    assert "nothing may be added" in bare.verify(people(), score_only).violations[0]
    assert "count prices go with" in verified(count_prices=None).violations[0]


def test_pairs_that_are_wrong_are_named() -> None:
    proof = matching().certificate
    (a, b), *others = proof.pairs
    for pairs, says in [
        ([(b, a), *others], f"{b} and {a} are not an allowed pair"),
        ([(a, "zoe"), *others], f"{a} and zoe are not an allowed pair"),
        ([("zoe", b), *others], f"zoe and {b} are not an allowed pair"),
        ([(a, "ed"), *others], f"{a} and ed are not an allowed pair"),
        ([(a, b), *others, (a, b)], f"{a} is in 2 pairs"),
    ]:
        scores = (*proof.scores, proof.scores[0])[: len(pairs)]
        found = verified(pairs=tuple(pairs), scores=scores)
        assert not found.ok
        assert not found.feasible
        assert says in found.violations


def test_scores_that_are_wrong_are_named() -> None:
    first, *others = matching().certificate.scores
    found = verified(scores=(first + 2.0**-40, *others))
    assert not found.feasible
    assert "their profiles give" in found.violations[0]
    assert "not one score for every pair" in verified(scores=(first,)).violations[0]


def test_a_required_pair_that_scores_nothing_cannot_be_left_out() -> None:
    program = mm.Program(format=SIDES, rules=[mm.Require([("ana", "ed")])], objective="score")
    proof = mm.match(people(), program).certificate
    assert ("ana", "ed") in proof.pairs
    assert proof.verify(people(), program).ok
    kept = [(pair, s) for pair, s in zip(proof.pairs, proof.scores, strict=True) if s > 0.0]
    forged = replace(
        proof, pairs=tuple(pair for pair, _ in kept), scores=tuple(score for _, score in kept)
    )
    found = forged.verify(people(), program)
    assert found.violations == ("ana and ed are required, but no pair",)
    assert not found.feasible


def test_other_people_are_found() -> None:
    proof = matching().certificate
    assert not proof.verify(people(zoe={"rank": 3}), PROGRAM).ok
    assert not proof.verify(people(ana={"teaches": "hiring"}), PROGRAM).ok
    assert not proof.verify(people(ed={"capacity": 0}), PROGRAM).ok


def test_another_program_is_found() -> None:
    proof = matching().certificate
    (a, b) = proof.pairs[0]
    for changes in (
        {"rules": [mm.Forbid([(a, b)])]},
        {"score": mm.Reciprocity(mean="arithmetic")},
        {"score": mm.Reciprocity(weights=(1, 3))},
        {"objective": "score"},
    ):
        assert not proof.verify(people(), mm.Program(format=SIDES, **changes)).ok


def test_people_whom_the_program_does_not_fit_are_an_error() -> None:
    proof = matching().certificate
    with pytest.raises(mm.ProgramError, match="these people have no such attribute"):
        proof.verify(people(), mm.Program(format=mm.Pairs(sides=mm.Sides(by="team", a=["red"]))))
    with pytest.raises(mm.InfeasibleError):
        proof.verify(people(), mm.Program(format=SIDES, rules=[mm.Require([("ana", "bea")])]))


def test_a_refused_pair_gives_one_text_for_every_cause() -> None:
    proof = matching().certificate
    (a, b) = proof.pairs[0]
    declined = proof.verify(people(**{b: {"declines": a}}), PROGRAM)
    reverse = proof.verify(people(**{a: {"declines": b}}), PROGRAM)
    forbidden = proof.verify(people(), mm.Program(format=SIDES, rules=[mm.Forbid([(a, b)])]))
    assert declined.violations == reverse.violations == forbidden.violations
    assert declined.violations == (f"{a} and {b} are not an allowed pair",)


def test_twenty_violations_are_described() -> None:
    cohort = mm.read_records(
        [
            *({"id": f"a{n}", "rank": 6, "teaches": "x", "wants": "y"} for n in range(9)),
            *({"id": f"b{n}", "rank": 1, "teaches": "y", "wants": "x"} for n in range(9)),
        ]
    )
    program = mm.Program(format=SIDES)
    proof = mm.match(cohort, program).certificate
    prices = tuple(dict.fromkeys(side, 0.0) for side in proof.prices)
    found = replace(proof, prices=prices).verify(cohort, program)
    assert len(found.violations) == 20


def test_wishes_already_met_leave_the_proof_as_they_leave_the_score() -> None:
    with pytest.warns(mm.ProfileWarning, match="bea"):
        cohort = people(bea={"wants": "sql; hiring:9"}, di={"wants": ""})
    program = mm.Program(format=SIDES, rules=[mm.Require([("bea", "cy")])])
    found = mm.match(cohort, program)
    assert found.pairs[0].a_benefit == 1.0
    assert found.certificate.verify(cohort, program).ok


def test_small_blocks_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [mm.Require([("bea", "ed")]), mm.NotPairedBefore()]
    for score in (mm.Reciprocity(wishes_counted=1), mm.OneWay(teacher="a")):
        program = mm.Program(format=SIDES, rules=rules, score=score)
        proof = mm.match(people(), program).certificate
        with monkeypatch.context() as patched:
            patched.setattr(recount, "MEETINGS_AT_ONCE", 1)
            assert proof.verify(people(), program).ok


@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_a_proof_can_be_copied_and_stays_read_only(objective: str) -> None:
    program = PROGRAM.model_copy(update={"objective": objective})
    proof = mm.match(people(), program).certificate
    for again in (pickle.loads(pickle.dumps(proof)), copy.deepcopy(proof)):
        assert again.prices == proof.prices
        assert again.count_prices == proof.count_prices
        assert again.verify(people(), program).ok
        with pytest.raises(TypeError):
            again.prices[0]["ana"] = 0.0  # type: ignore[index]


def test_a_change_of_the_prices_given_does_not_reach_the_proof() -> None:
    prices = tuple(map(dict, matching().certificate.prices))
    proof = replace(matching().certificate, prices=prices)
    prices[0].clear()
    assert proof.verify(people(), PROGRAM).ok


def test_a_huge_inflation_proves_nothing() -> None:
    """Beside 2**60 scores vanish in float64: a worse matching once passed as the best."""
    cohort = mm.read_records(
        [
            {"id": "a1", "rank": 6, "teaches": "x:5; y:1", "wants": "p; q"},
            {"id": "a2", "rank": 6, "teaches": "y:5; x:1", "wants": "q; p"},
            {"id": "b1", "rank": 1, "teaches": "p:5; q:1", "wants": "x"},
            {"id": "b2", "rank": 1, "teaches": "q:5; p:1", "wants": "y"},
        ]
    )
    honest = mm.match(cohort, PROGRAM).certificate
    assert set(honest.pairs) == {("a1", "b1"), ("a2", "b2")}
    graph = mm.build_graph(cohort, PROGRAM).to_networkx()
    worse = (("a1", "b2"), ("a2", "b1"))
    scores = tuple(graph.edges[pair]["score"] for pair in worse)
    assert sum(scores) < honest.value
    for inflation in (2.0**60, 2.0**52, 2.0**12, 2.0**11):
        forged = replace(
            honest,
            pairs=worse,
            scores=scores,
            prices=({"a1": inflation, "a2": inflation}, {"b1": sum(scores), "b2": 0.0}),
            count_prices=({"a1": 1.0, "a2": 1.0}, {"b1": 0.0, "b2": 0.0}),
            inflation=inflation,
        )
        assert not forged.verify(cohort, PROGRAM).ok


def test_whatever_leaves_a_gap_is_not_called_optimal() -> None:
    proof = matching().certificate
    assert proof.status is mm.Status.OPTIMAL
    leaders, newcomers = proof.prices
    person = next(iter(leaders))
    dearer = replace(proof, prices=({**leaders, person: leaders[person] + 2.0**-40}, newcomers))
    assert dearer.status is mm.Status.FEASIBLE
