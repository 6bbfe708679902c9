"""The order of the rows decides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch import Cohort, Participant
from tests.people.strategies import cohorts

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")


@given(cohorts(), st.randoms(use_true_random=False))
def test_shuffled_rows_are_the_same_people(people: list[Participant], chance: object) -> None:
    shuffled = list(people)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Cohort.from_participants(people), Cohort.from_participants(shuffled)
    assert one.digest("key") == other.digest("key")
    assert one.skills == other.skills
    assert one.summary() == other.summary()
    assert one.categories("department")[1] == other.categories("department")[1]
    doubtful = {one.ids[row] for row in one.reporting_doubts()}
    assert doubtful == {other.ids[row] for row in other.reporting_doubts()}
    for person in one:
        assert other.participant(person.id) == person


@given(cohorts())
def test_everyone_comes_back_under_the_labels_of_the_vocabulary(people: list[Participant]) -> None:
    cohort = Cohort.from_participants(people)
    again = Cohort.from_participants(list(cohort))
    assert list(again) == list(cohort)
    assert again.digest("key") == cohort.digest("key")
    for kind in ("teaches", "knows", "wants"):
        before, after = getattr(cohort, kind), getattr(again, kind)
        # A label that only a weaker second spelling had may give way to another.
        assert before.shape[0] == after.shape[0]
        assert before.nnz == after.nnz
