"""The reporting tree."""

import copy
import csv
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mentormatch import Cohort, Fault, Organisation, Participant, ProfileErrors
from tests.people.oracles import is_above


def faults_of(ids: list[str], managers: list[str | None], **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        Organisation.from_managers(ids, managers, **more)
    return error.value.faults


def test_depths_managers_and_outsiders() -> None:
    tree = Organisation.from_managers(["cy", "ana", "bo"], ["bo", None, " ana "])
    assert tree.ids == ("cy", "ana", "bo")
    assert tree.manager.tolist() == [2, -1, 1]
    assert tree.depth.tolist() == [2, 0, 1]
    assert not tree.outside.any()
    assert repr(tree) == "Organisation(3 people)"


def test_a_manager_whom_nobody_lists_is_a_node_outside() -> None:
    tree = Organisation.from_managers(["ana", "bo"], ["zoe", "zoe"])
    assert tree.ids == ("ana", "bo", "zoe")
    assert tree.outside.tolist() == [False, False, True]
    zoe, ana = tree.nodes(["zoe", "ana"])
    assert tree.is_above(zoe, ana)


def test_nobody_is_above_themselves_or_in_another_tree() -> None:
    tree = Organisation.from_managers(["ana", "bo", "cy", "di"], [None, "ana", None, "cy"])
    nodes = np.arange(4)
    above = tree.is_above(nodes[:, None], nodes)
    assert np.argwhere(above).tolist() == [[0, 1], [2, 3]]


@pytest.mark.parametrize("levels", [None, 1, 2])
def test_whoever_is_in_no_tree_is_neither_above_nor_below(levels: int | None) -> None:
    tree = Organisation.from_managers(["ana", "bo"], [None, "ana"])
    nodes = np.array([-1, 0, 1])
    above = tree.is_above(nodes[:, None], nodes, levels)
    assert np.argwhere(above).tolist() == [[1, 2]]
    assert tree.managers_of(nodes).tolist() == [-1, -1, 0]


def test_an_organisation_of_nobody() -> None:
    tree = Organisation.from_managers([], [])
    assert tree.is_above([-1], [-1], levels=1).tolist() == [False]
    assert tree.nodes([]).tolist() == []
    assert tree.managers_of([-1]).tolist() == [-1]


def test_every_cycle_is_a_fault_and_its_reports_are_not() -> None:
    managers = {"bo": "cy", "cy": "ana", "ana": "bo", "di": "di", "ed": "ana", "fay": "ed"}
    faults = faults_of(list(managers), list(managers.values()), lines=[2, 3, 4, 5, 6, 7])
    said = {(fault.row, fault.person, fault.field, fault.value) for fault in faults}
    assert said == {
        (4, "ana", "manager_id", "ana -> bo -> cy -> ana"),
        (5, "di", "manager_id", "di -> di"),
    }
    assert all("head" in fault.allowed for fault in faults)


def test_duplicate_ids_and_cycles_come_together() -> None:
    faults = faults_of(["ana", "bo", "ana", "ana"], [None, "bo", None, None], lines=[2, 3, 4, 5])
    said = [(fault.row, fault.person, fault.field) for fault in faults]
    assert said == [(3, "bo", "manager_id"), (4, "ana", "id"), (5, "ana", "id")]
    assert "row 2" in faults[1].allowed
    assert "another person" in faults_of(["ana", "ana"], [None, None])[0].allowed


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 ids but 1 managers"):
        Organisation.from_managers(["ana", "bo"], [None])


def test_a_chain_may_be_deeper_than_the_stack() -> None:
    ids = [str(number) for number in range(50_000)]
    tree = Organisation.from_managers(ids, [None, *ids[:-1]])
    assert tree.depth[-1] == 49_999
    assert tree.is_above([0, 49_998, 49_999], [49_999, 49_999, 0]).tolist() == [True, True, False]
    assert tree.is_above([49_997], [49_999], levels=1).tolist() == [False]
    assert len(faults_of(ids, [ids[-1], *ids[:-1]])) == 1


def test_it_cannot_be_changed_even_after_pickling() -> None:
    tree = Organisation.from_managers(["ana", "bo"], [None, "ana"])
    for one in (tree, pickle.loads(pickle.dumps(tree)), copy.deepcopy(tree)):
        assert one.nodes(["bo"]).tolist() == [1]
        assert one.is_above(0, 1)
        for array in (one.manager, one.depth, one.outside):
            assert not array.flags.writeable


@pytest.fixture(scope="module")
def company(shared_data: Path) -> dict[str, str | None]:
    with (shared_data / "adventureworks_employees.csv").open(encoding="utf-8", newline="") as file:
        return {row["employee_id"]: row["manager_id"] or None for row in csv.DictReader(file)}


@pytest.mark.parametrize("levels", [None, 1, 2])
def test_a_real_company_agrees_with_a_walk_up_the_managers(
    company: dict[str, str | None], levels: int | None
) -> None:
    tree = Organisation.from_managers(company, company.values())
    nodes = tree.nodes(company)
    assert len(company) == 290
    above = tree.is_above(nodes[:, None], nodes, levels)
    expected = [[is_above(a, b, company, levels) for b in company] for a in company]
    assert np.array_equal(above, expected)
    assert above.any()


@pytest.mark.parametrize("seed", range(4))
def test_a_part_of_a_real_company_agrees_when_the_whole_tree_is_given(
    company: dict[str, str | None], seed: int
) -> None:
    chance = random.Random(seed)
    some = chance.sample(sorted(company), int(len(company) * chance.uniform(0.2, 0.5)))
    tree = Organisation.from_managers(company, company.values())
    people = Cohort.from_participants([Participant(id=one) for one in some], organisation=tree)
    place = people.place
    for levels in (None, 1, 2):
        above = people.organisation.is_above(place[:, None], place, levels)
        expected = [[is_above(a, b, company, levels) for b in some] for a in some]
        assert np.array_equal(above, expected)
    assert people.reporting_doubts().tolist() == []
