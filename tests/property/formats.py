"""People and programs of every format, for laws that hold whatever the format."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.assign import heaviest, pricing
from mentormatch.assign.limits import Limits
from mentormatch.solving import two_sides
from tests.assign.test_pricing import is_over
from tests.property.test_capacity_laws import cases, crowds
from tests.strategies import buddies, cohort_of, loaded, pools, profiles, programs, rings

__all__ = ["CASES", "STOPPED", "UNMET", "Case", "People", "answered", "in_pieces", "stopped"]

People = list[mm.Participant]
Case = tuple[People, mm.Program]

#: Of errors, what says that a program cannot be met by some people.
UNMET = ("nobody is on side", "at_least asks for too much", "breaks the rule", "require")


@st.composite
def promised(draw: st.DrawFn) -> Case:
    """People and a program that requires one of the pairs that could be."""
    people = draw(profiles(most=7))
    program = draw(programs() | pools() | buddies())
    try:
        graph = mm.build_graph(cohort_of(people), program)
    except mm.ProgramError:
        assume(False)  # nobody is on one of the sides
    ends = zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    pairs = sorted((graph.a_ids[a], graph.b_ids[b]) for a, b in ends)
    assume(pairs)
    rules = (*program.rules, mm.Require([draw(st.sampled_from(pairs))]))
    return people, program.model_copy(update={"rules": rules})


def _with(programs_of_a_kind: st.SearchStrategy[mm.Program]) -> st.SearchStrategy[Case]:
    return st.tuples(profiles(most=7), programs_of_a_kind)


def _fair(programs_of_a_kind: st.SearchStrategy[mm.Program]) -> st.SearchStrategy[Case]:
    update = {"objective": "floor_then_score"}
    return _with(programs_of_a_kind.map(lambda program: program.model_copy(update=update)))


#: Every format, and all that changes how its answer is proven.
CASES: dict[str, st.SearchStrategy[Case]] = {
    "two sides": _with(programs()),
    "capacities": _with(loaded()),
    "minima and promises": cases(),
    "spread": crowds(),
    "required": promised(),
    "floors": _fair(programs() | loaded()),
    "floors in a pool": _fair(pools() | buddies()),
    "one pool": _with(pools()),
    "buddies": _with(buddies()),
    "rings": _with(rings((None,))),
    "rings of two": _with(rings((2,))),
    "bounded rings": _with(rings((3, 4))),
}
#: Those for which a small answer can be stopped before it is proven.
STOPPED: st.SearchStrategy[Case] = _with(programs() | pools())


def answered(people: People, program: mm.Program, seed: int = 0) -> mm.Matching:
    """The matching; no example where the program cannot be met by these people."""
    try:
        return mm.match(cohort_of(people), program, seed=seed)
    except (mm.ProgramError, mm.InfeasibleError) as error:
        assume(not any(text in str(error) for text in UNMET))
        raise


@contextmanager
def in_pieces() -> Iterator[None]:
    """Have pairs priced and not held, as among many people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(two_sides, "MOST_HELD", -1)
        patch.setattr(heaviest, "FEW_CELLS", -1)
        for name in ("AT_A_GLANCE", "AT_A_LOOK"):
            patch.setattr(pricing, name, 1)
        yield


def stopped(people: People, program: mm.Program, patience: int) -> mm.Matching:
    """The matching, looked for until somebody has asked so often whether the time is over."""
    asked = iter(range(patience))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Limits, "are_over", property(lambda one: is_over(one, asked)))
        try:
            return mm.match(cohort_of(people), program, time_limit=3600.0)
        except mm.ProgramError as error:
            assume("nobody is on side" not in str(error))
            raise
