"""Feedback in."""

import datetime
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import mentormatch as mm

ONE: dict[str, Any] = {"a": "ana", "b": "bo", "by": "bo", "date": "2026-03-02"}


def read(*said: dict[str, Any], **how: Any) -> mm.Feedback:
    return mm.read_feedback([{**ONE, **one} for one in said], **how)


def faults(*said: dict[str, Any], **how: Any) -> list[str]:
    with pytest.raises(mm.ProfileErrors) as error:
        read(*said, **how)
    return list(map(str, error.value.faults))


def test_an_answer_has_a_pair_a_person_a_day_and_what_they_say() -> None:
    said = {"met": "Yes", "hours": "1.5", "fit": 4, "wishes_met": "sql; R", "go_on": False}
    feedback = read(said)
    assert (feedback.a, feedback.b, feedback.by) == (("ana",), ("bo",), ("bo",))
    assert feedback.dates.tolist() == [datetime.date(2026, 3, 2)]
    assert (feedback.met[0], feedback.hours[0], feedback.fit[0]) == (1.0, 1.5, 4.0)
    assert feedback.wishes_met == (("sql", "R"),)
    assert feedback.go_on[0] == 0.0
    assert feedback.lines == (1,)


def test_what_is_not_said_is_blank_and_nothing_learned_is_not() -> None:
    feedback = read({}, {"by": "ana", "wishes_met": []})
    for column in (feedback.met, feedback.hours, feedback.fit, feedback.go_on):
        assert np.isnan(column).all()
    assert feedback.wishes_met == (None, ())


def test_every_fault_is_told_at_once_with_row_person_and_remedy() -> None:
    found = faults(
        {"fit": 6, "hours": -1, "met": "perhaps"},
        {"by": "cy", "date": "in May"},
        {"b": "ana", "by": "ana"},
        {"a": "", "date": None},
        {"wishes_met": {"sql": 3}, "date": "2026-03-30"},
        {},
    )
    yes_no = "yes or no, true or false, 1 or 0; or say what a text stands for, in values"
    one_a_day = "one answer a day about a pair; row 1 has one already, keep one of them"
    day = "a date as in 2026-03-02 (ISO 8601)"
    expected = """
row 1: bo: met is 'perhaps'; allowed: {yes_no}
row 1: bo: hours is '-1'; allowed: a number of hours, 0 or more
row 1: bo: fit is '6'; allowed: a number from 1 to 5, the scale of this feedback (fit=...)
row 2: cy: by is 'cy'; allowed: one of the pair, 'ana' or 'bo'
row 2: cy: date is 'in May'; allowed: {day}
row 3: ana: b is 'ana'; allowed: the other person of the pair
row 4: a is ''; allowed: the id of a person: a text or a whole number, not blank
row 4: bo: date is ''; allowed: {day}
row 5: bo: wishes_met is "{wishes}"; allowed: the names of skills, or an empty list for none
row 6: bo: date is '2026-03-02'; allowed: {one_a_day}
"""
    wishes = "{'sql': 3}"
    text = expected.format(yes_no=yes_no, day=day, wishes=wishes, one_a_day=one_a_day)
    assert found == text.strip().splitlines()


def test_whoever_would_not_go_on_is_named_by_no_message() -> None:
    [found] = faults({"go_on": "never again with ana"})
    assert found.startswith("row 1: bo: go_on is (hidden); allowed: yes or no")


def test_the_scale_is_declared_and_not_guessed() -> None:
    assert read({"fit": 0}, fit=(0, 10)).fit_scale == (0.0, 10.0)
    assert "a number from 0 to 10" in faults({"fit": 11}, fit=(0, 10))[0]
    for wrong in ((5, 1), (1, 1), (1, float("nan"))):
        with pytest.raises(mm.ProgramError, match="the scale of fit"):
            read({}, fit=wrong)


def test_texts_stand_for_what_the_caller_says() -> None:
    values = {"fit": {"very good": 5}, "wishes_met": {"none": []}, "met": {"ja": True}}
    feedback = read({"fit": "Very good", "wishes_met": "None", "met": "ja"}, values=values)
    assert (feedback.fit[0], feedback.met[0], feedback.wishes_met) == (5.0, 1.0, ((),))


def test_a_text_that_no_answer_has_is_a_warning() -> None:
    with pytest.warns(mm.ProfileWarning, match="1 entry of values matches no text"):
        read({"met": "yes"}, values={"met": {"ja": True}})


def test_headings_are_matched_by_name_or_as_told() -> None:
    row = {"Person A": "ana", "b": "bo", "BY": "ana", "Date": "2026-03-02", "Go on": "yes"}
    feedback = mm.read_feedback([{**row, "note": "likes cake"}], columns={"a": "Person A"})
    assert (feedback.a, feedback.go_on[0]) == (("ana",), 1.0)


def test_headings_that_are_missing_are_named_with_the_remedy() -> None:
    with pytest.raises(mm.ProfileErrors) as error:
        mm.read_feedback([{"a": 1, "by": 1, "fit": 9}], columns={"fits": "fit", "met": "Met?"})
    text = str(error.value)
    assert text.startswith("4 faults in the feedback:")
    assert "columns is 'fits'; allowed: one of a, b, by, date, met" in text
    assert "a heading 'b', or columns={'b': ...}" in text
    assert "a heading 'date'" in text
    assert "a heading 'Met?'" in text


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_files_and_records_say_the_same(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"feedback.{kind}"
    if kind == "csv":
        file.write_text("a;b;by;date;met;wishes_met\nana;bo;bo;2026-03-02;no;sql\n")
    else:
        file.write_text(
            '[{"a":"ana","b":"bo","by":"bo","date":"2026-03-02","met":false,"wishes_met":["sql"]}]'
        )
    said = read({"met": "no", "wishes_met": ["sql"]}).to_records()
    assert mm.read_feedback(file).to_records() == said


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_data_frames_and_records_say_the_same(kind: Any) -> None:
    day = datetime.datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - as forms write them
    frame = kind({"a": ["ana"], "b": ["bo"], "by": ["bo"], "date": [day], "fit": [3.0]})
    assert mm.read_feedback(frame).to_records() == read({"fit": 3}).to_records()
    assert len(mm.read_feedback(kind({"a": []}))) == 0


def test_what_was_read_is_read_again() -> None:
    said = {"met": "yes", "hours": 2, "fit": 4, "wishes_met": ["a; b"], "go_on": "no"}
    feedback = read(said, {"by": "ana"})
    again = mm.read_feedback(feedback.to_records())
    assert again.to_records() == feedback.to_records()


def test_no_answers_are_feedback_too() -> None:
    assert len(mm.read_feedback([])) == 0
    assert mm.read_feedback([]).to_records() == []
    assert repr(mm.read_feedback([])) == "Feedback(0 answers about 0 pairs)"


def test_a_file_without_answers_is_a_fault_in_its_own_words(tmp_path: Path) -> None:
    file = tmp_path / "feedback.csv"
    file.write_text("a,b,by,date\n")
    with pytest.raises(mm.ProfileErrors, match="a header and no answers") as error:
        mm.read_feedback(file)
    assert "people" not in str(error.value)
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_feedback_does_not_change() -> None:
    feedback = read({"fit": 3})
    with pytest.raises(ValueError, match="read-only"):
        feedback.fit[0] = 5.0


def test_dates_are_days_however_they_come() -> None:
    day = datetime.date(2026, 3, 2)
    moment = datetime.datetime(2026, 3, 2, 23, 59, tzinfo=datetime.UTC)
    feedback = read({"date": day}, {"date": moment, "by": "ana"})
    assert feedback.dates.tolist() == [day, day]
