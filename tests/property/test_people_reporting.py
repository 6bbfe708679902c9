"""Being above someone is being met on the way up from them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentormatch import Cohort, Organisation, Participant
from tests.people.oracles import is_above, walk_up
from tests.people.strategies import forests


@given(forests(), st.none() | st.integers(0, 4))
def test_is_above_agrees_with_the_walk(managers: dict[str, str | None], levels: int | None) -> None:
    tree = Organisation.from_managers(managers, managers.values())
    nodes = np.arange(len(tree.ids))
    above = tree.is_above(nodes[:, None], nodes, levels)
    expected = [[is_above(a, b, managers, levels) for b in tree.ids] for a in tree.ids]
    assert above.tolist() == expected


@given(forests())
def test_depths_and_managers_agree_with_the_walk(managers: dict[str, str | None]) -> None:
    tree = Organisation.from_managers(managers, managers.values())
    assert set(tree.ids) == {*managers, *(boss for boss in managers.values() if boss)}
    assert tree.nodes(tree.ids).tolist() == list(range(len(tree.ids)))
    for node, person in enumerate(tree.ids):
        up = list(walk_up(person, managers))
        assert tree.depth[node] == len(up)
        above = tree.ids[tree.manager[node]] if tree.manager[node] >= 0 else None
        assert above == (up[0] if up else None)
        assert tree.outside[node] == (person not in managers)


@given(forests(), st.data())
def test_a_part_of_the_people_keeps_its_lines_when_the_tree_is_given(
    managers: dict[str, str | None], data: st.DataObject
) -> None:
    some = data.draw(
        st.lists(st.sampled_from(sorted(managers)), unique=True) if managers else st.just([])
    )
    people = Cohort.from_participants(
        (Participant(id=person) for person in some),
        organisation=Organisation.from_managers(managers, managers.values()),
    )
    above = people.organisation.is_above(people.place[:, None], people.place)
    assert above.tolist() == [[is_above(a, b, managers, None) for b in some] for a in some]
