import copy
import pickle

import pytest

from mentormatch import Fault, ProfileErrors
from mentormatch.errors import listed, nearest

FAULTS = [Fault(row, f"p{row}", "rank", "boss", "a number") for row in range(30, 1, -1)]


def test_faults_are_in_the_order_of_their_rows_and_the_text_shows_the_first_twenty() -> None:
    error = ProfileErrors(FAULTS)
    assert [fault.row for fault in error.faults] == list(range(2, 31))
    lines = str(error).splitlines()
    assert lines[0] == "29 faults in the profiles:"
    assert lines[1] == "  row 2: p2: rank is 'boss'; allowed: a number"
    assert lines[-1] == "  ... and 9 more (all in .faults)"
    assert len(lines) == 22


@pytest.mark.parametrize("copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.deepcopy])
def test_errors_cross_process_boundaries_whole(copied: object) -> None:
    error = ProfileErrors(FAULTS)
    again = copied(error)  # type: ignore[operator]
    assert isinstance(again, ProfileErrors)
    assert again.faults == error.faults
    assert str(again) == str(error)


def test_a_long_value_is_cut_and_a_hidden_one_is_not_quoted() -> None:
    long = Fault(None, None, "name", "x" * 500, "less")
    assert str(long) == f"the file: name is {'x' * 80 + '... (500 characters)'!r}; allowed: less"
    assert "confidential is (hidden);" in str(Fault(2, "ana", "confidential", "(hidden)", "ids"))


def test_names_are_listed_up_to_a_number() -> None:
    assert listed([]) == ""
    assert listed(map(str, range(20))).endswith("18, 19")
    assert listed(map(str, range(22))).endswith("18, 19 and 2 more")


def test_a_guess_ignores_case_and_is_left_out_when_nothing_is_near() -> None:
    assert nearest("RANK", ["rank", "team"]) == "did you mean 'rank'? Known: rank, team"
    assert nearest("x", ["rank"]) == "Known: rank"
    assert nearest("x", []) == "Known: none"


def test_half_a_character_in_a_fault_can_be_shown() -> None:
    error = ProfileErrors([Fault(2, "an\ud800", "ra\ud801nk", "b\ud802", "a n\ud803umber")])
    text = str(error).encode().decode()
    assert text.endswith("row 2: an\\ud800: ra\\ud801nk is 'b\\ud802'; allowed: a n\\ud803umber")


def test_a_complaint_is_a_fault_without_its_place() -> None:
    fault = Fault(2, "an\ud800", "ra\ud801nk", "b\ud802", "a n\ud803umber")
    assert str(fault) == f"row 2: an\\ud800: {fault.complaint}"
    assert fault.complaint == "ra\\ud801nk is 'b\\ud802'; allowed: a n\\ud803umber"
    hidden = Fault(2, "ana", "confidential", "(hidden)", "ids")
    assert hidden.complaint == "confidential is (hidden); allowed: ids"
