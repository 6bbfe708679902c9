"""What the reporting rule says where managers are not known."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

Tree = dict[str, str | None]


@st.composite
def half_known(draw: st.DrawFn) -> Tree:
    """Up to five people; some report to managers in no file, some name nobody."""
    people = [f"p{number}" for number in range(draw(st.integers(2, 5)))]
    return {
        person: draw(st.sampled_from([None, "zoe", "yan", *people[:number]]))
        for number, person in enumerate(people)
    }


def above(tree: Tree, person: str) -> list[str]:
    line: list[str] = []
    boss = tree.get(person)
    while boss is not None and boss not in line:
        line.append(boss)
        boss = tree.get(boss)
    return line


def completions(tree: Tree) -> Iterator[Tree]:
    """Every way in which the managers that are not known may report to somebody."""
    outside = {boss for boss in tree.values() if boss is not None} - set(tree)
    blank = [person for person, boss in tree.items() if boss is None]
    doubtful = sorted(outside | set(blank if len(blank) > 1 else ()))
    for bosses in product([None, *tree, *sorted(outside)], repeat=len(doubtful)):
        whole = {**tree, **dict(zip(doubtful, bosses, strict=True))}
        if not any(person in above(whole, person) for person in whole):
            yield whole


@given(half_known(), st.sampled_from((None, 1, 2, 3)))
def test_forbid_allows_what_no_unknown_manager_could_make_a_reporting_line(
    tree: Tree, levels: int | None
) -> None:
    people = mm.Cohort.from_participants(
        mm.Participant(id=person, manager_id=boss) for person, boss in tree.items()
    )
    rows = np.arange(len(people))
    test = mm.NoReportingLine(levels=levels, missing="forbid").test(people, rows)
    for i, a in enumerate(people.ids):
        for j, b in enumerate(people.ids):
            if i == j:
                continue
            related = any(
                b in above(whole, a)[:levels] or a in above(whole, b)[:levels]
                for whole in completions(tree)
            )
            assert test(np.array([i]), np.array([j]))[0] == (not related)
