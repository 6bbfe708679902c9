"""Laws of attributes that are for the audit alone."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.explanation import Explanation
from tests.property.formats import CASES, UNMET, Case, People

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

ANY = st.one_of(*CASES.values())
SECRET = ("gender", "age")
AUDIENCES: tuple[Any, ...] = ("participant", "coordinator", "auditor")
VALUES = st.tuples(
    st.sampled_from((None, "f", "m", "F ", "another")), st.sampled_from((None, 19, 44.5, "old"))
)


def declared(program: mm.Program) -> mm.Program:
    """The program, its functions saying what they read, as they have to for these people."""
    rules = [
        replace(rule, reads=["rank"]) if isinstance(rule, mm.Where) else rule
        for rule in program.rules
    ]
    return program.model_copy(update={"rules": tuple(rules)})


def with_values(people: People, values: list[tuple[Any, Any]]) -> People:
    """The people with their secrets; nobody's is blank for all, or there would be no column."""
    told = [("f", 19), *values]
    return [
        mm.Participant.model_validate(
            {**one.model_dump(), **dict(zip(SECRET, secret, strict=True))}
        )
        for one, secret in zip(people, told, strict=False)
    ]


def answer(people: People, program: mm.Program, audit_only: tuple[str, ...]) -> mm.Matching:
    cohort = mm.Cohort.from_participants(people, audit_only=audit_only)
    try:
        return mm.match(cohort, program, seed=3)
    except (mm.ProgramError, mm.InfeasibleError) as error:
        assume(not any(text in str(error) for text in UNMET))
        raise


def said(matching: mm.Matching, ids: list[str]) -> list[Any]:
    """All that anybody is told, whoever asks, but for groups in an audit."""
    found: list[Any] = [
        matching.to_json(),
        matching.to_records(),
        matching.unmatched,
        matching.certificate,
        str(matching),
        matching.audit(),
    ]
    asked: list[Callable[[], Explanation]] = [partial(matching.explain, one) for one in ids]
    asked += [partial(matching.why_not, *pair) for pair in list(combinations(ids, 2))[:3]]
    for ask in asked:
        try:
            reason = ask()
        except mm.ProgramError as error:  # which some formats answer with
            found.append(str(error))
        else:
            found += [reason.code, reason.data, *map(reason.text, AUDIENCES)]
    return [repr(one) for one in found]


@given(ANY, st.lists(VALUES, min_size=18, max_size=18))
def test_what_is_for_the_audit_alone_changes_nothing_else(
    case: Case, values: list[tuple[Any, Any]]
) -> None:
    people, program = case[0], declared(case[1])
    ids = [one.id for one in people]
    before = answer(with_values(people, values[:9]), program, SECRET)
    changed = with_values(people, values[9:])
    after = answer(changed, program, SECRET)
    assert said(before, ids) == said(after, ids)
    # Only the audit knows them, and it knows what they are now.
    as_open = answer(changed, program, ())
    assert after.audit(SECRET) == as_open.audit(SECRET)
    assert [(one.a, one.b, one.score) for one in after.pairs] == [
        (one.a, one.b, one.score) for one in as_open.pairs
    ]


@given(ANY, st.lists(VALUES, min_size=18, max_size=18))
def test_a_record_holds_whatever_becomes_of_them(case: Case, values: list[tuple[Any, Any]]) -> None:
    people, program = case[0], declared(case[1])
    record = answer(with_values(people, values[:9]), program, SECRET).to_json()
    changed = mm.Cohort.from_participants(with_values(people, values[9:]), audit_only=SECRET)
    erased = mm.Cohort.from_participants(people)
    for known in (changed, erased):
        again = mm.Matching.from_json(record).attach(known, program)
        assert again.certificate.verify(known, program).ok
