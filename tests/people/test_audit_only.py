"""Attributes for the audit alone: declared once, kept, masked, and read by nothing else."""

import pickle
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from mentormatch import (
    Cohort,
    Participant,
    ProfileErrors,
    ProfileWarning,
    ProgramError,
    Reading,
    Synonyms,
    Taxonomy,
    read_csv,
    read_joined,
    read_records,
)
from mentormatch.people.audit_only import audited_fields
from mentormatch.people.headings import CORE, Headings

RECORDS: list[dict[str, Any]] = [
    {"id": "ana", "Sex": "xq", "age": 41, "site": "Oslo", "teaches": "js"},
    {"id": "bo", "Sex": "zq", "age": None, "site": "Pune", "wants": "js"},
]
READING = Reading(columns={"gender": "Sex"}, audit_only=("gender", "age"))
BOTH = frozenset({"gender", "age"})


def read(records: Any = RECORDS, **parts: Any) -> Cohort:
    return read_records(records, reading=READING.model_copy(update=parts))


def faults(records: Any = RECORDS, **parts: Any) -> list[str]:
    with pytest.raises(ProfileErrors) as error:
        read(records, **parts)
    assert error.value.__context__ is None  # nothing leads back to the values
    return [str(fault) for fault in error.value.faults]


def everything(people: Cohort) -> list[Cohort]:
    """The same people after all that may be done to a cohort."""
    return [
        people,
        pickle.loads(pickle.dumps(people)),
        people.with_synonyms(Synonyms.of({"JavaScript": ["js"]})),
        people.with_taxonomy(Taxonomy.of([("js", "scripting")])),
    ]


def test_a_reading_keeps_them_after_json() -> None:
    assert Reading.model_validate_json(READING.model_dump_json()) == READING
    text = '{"columns": {"gender": "Sex"}, "audit_only": ["gender", "age"]}'
    assert Reading.model_validate_json(text) == READING


def test_a_cohort_keeps_them_whatever_is_done_to_it() -> None:
    for people in everything(read()):
        assert people.audit_only == BOTH
        assert BOTH.isdisjoint(people.fields)
        assert "site" in people.fields
        codes, labels = people.audited("gender")
        assert [labels[code] for code in codes] == ["xq", "zq"]
        assert people.audited("site")[1] == ("Oslo", "Pune")


@pytest.mark.parametrize("how", ["numbers", "categories", "lists", "is_list"])
def test_no_way_of_reading_gives_them(how: str) -> None:
    for people in everything(read()):
        people.audited("age")  # what an audit has read is not to be had from its memory
        with pytest.raises(ProgramError, match="attribute 'age' is for the audit alone"):
            getattr(people, how)("age")


def test_they_may_be_declared_by_their_headings() -> None:
    assert read(audit_only=("Sex",)).audit_only == {"gender"}


def test_the_audit_names_what_it_does_not_know() -> None:
    with pytest.raises(ProgramError, match="no field 'gendr'; did you mean 'gender'"):
        read().audited("gendr")
    clubs = Participant(id="ana", clubs=["Chess"])
    with pytest.raises(ProgramError, match="are lists"):
        Cohort.from_participants([clubs], audit_only=["clubs"]).audited("clubs")


def test_a_name_that_is_no_attribute_is_a_fault_with_all_others() -> None:
    found = faults(
        [{**RECORDS[0], "rank": "boss"}], audit_only=("gendr", "rank"), active={"age": ("41",)}
    )
    assert any("audit_only is 'gendr'" in one and "did you mean 'gender'" in one for one in found)
    assert any("audit_only is 'rank'" in one and "{'own_rank': 'rank'}" in one for one in found)
    assert any("rank is 'boss'" in one for one in found)


@pytest.mark.parametrize("field", CORE)
def test_no_field_of_every_profile_is_for_the_audit_alone(field: str) -> None:
    headings = Headings({name: name for name in CORE}, (), ())
    _, found = audited_fields([field], headings)
    assert re.search(f"audit_only is '{field}'; allowed: an attribute: ", str(found[0]))
    with pytest.raises(ProgramError, match=f"audit_only has '{field}'"):
        Cohort.from_participants([Participant(id="ana")], audit_only=[field])


@pytest.mark.parametrize("name", ["gender", "Sex"])
def test_they_do_not_say_who_is_active(name: str) -> None:
    assert faults(active={name: ("xq",)}) == [
        f"the file: active is '{name}'; allowed: what is not for the audit alone"
    ]


@pytest.mark.parametrize("names", [("gender", "age"), ("gender", "agee")])
def test_faults_show_no_value_of_them_even_where_a_name_is_misspelt(names: Any) -> None:
    wrong = [{**RECORDS[0], "age": "4q7", "Sex": {"xq": 1}}, RECORDS[1]]
    found = faults(wrong, audit_only=names, types={"age": "number"})
    assert any("ana: age is (hidden); allowed: a number" in one for one in found)
    assert any("ana: gender is (hidden)" in one for one in found)
    assert not any("4q7" in one or "xq" in one for one in found)


def test_faults_of_arrays_show_no_value_of_them() -> None:
    with pytest.raises(ProfileErrors) as error:
        from_columns(gender=["f", {"xq"}], site=["Oslo", {"Pune"}], audit_only=["gender"])
    assert "gender is (hidden)" in str(error.value)
    assert "xq" not in str(error.value)
    assert "Pune" in str(error.value)


def from_columns(audit_only: Any, **attributes: Any) -> Cohort:
    none = csr_array((2, 1))
    return Cohort.from_columns(
        ids=["ana", "bo"],
        skill_labels=["sql"],
        teaches=none,
        knows=none,
        wants=none,
        attributes=attributes,
        audit_only=audit_only,
    )


def test_people_and_arrays_declare_them_too() -> None:
    ana = Participant(id="ana", gender="f", site="Oslo")
    assert Cohort.from_participants([ana], audit_only=["gender"]).audit_only == {"gender"}
    people = from_columns(age=np.array([41.0, np.nan]), audit_only=["age"])
    assert people.audit_only == {"age"}
    assert people.audited("age")[1] == ("41",)
    wrong = ["gendr", "x"]
    said = r"'gendr'.*'gender'.*\n.*'x'"
    with pytest.raises(ProgramError, match=said):
        Cohort.from_participants([ana], audit_only=wrong)
    with pytest.raises(ProgramError, match=said):
        from_columns(gender=["f", "m"], audit_only=wrong)


def test_a_summary_names_them_and_says_no_more() -> None:
    values = {"gender": {"xq": "female"}, "site": {"Oslo": "Bergen"}}
    text = read(values=values).summary()
    assert "audit only   age, gender; no rule" in text
    assert "site: 'Oslo' read as 'Bergen', 1 time" in text
    for secret in ("xq", "female", "age 1"):
        assert secret not in text
    people = [Participant(id="ana", age=3), Participant(id="bo")]
    assert "age 1" in Cohort.from_participants(people).summary()
    assert "age 1" not in Cohort.from_participants(people, audit_only=["age"]).summary()


def test_a_text_of_values_that_nobody_has_is_not_told() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(values={"gender": {"yq": "other"}, "site": {"Rome": "Roma"}})
    (told,) = (str(one.message) for one in caught if one.category is ProfileWarning)
    assert "Rome" in told
    assert "yq" not in told


def test_joined_files_keep_them_and_do_not_say_who_has_any(tmp_path: Path) -> None:
    first, second = tmp_path / "people.csv", tmp_path / "survey.csv"
    first.write_text("id,site\nana,Oslo\nbo,Pune\n")
    second.write_text("id,Sex\nana,xq\nzoe,zq\n")
    reading = Reading(columns={"gender": "Sex"}, audit_only=("gender",))
    with pytest.warns(ProfileWarning, match="1 id of survey.csv is not among the people") as told:
        people = read_joined([first, second], reading=reading)
    assert people.audit_only == {"gender"}
    assert people.audited("gender")[0].tolist() == [0, -1]
    said = f"{people.summary()} {told[0].message}"
    assert "zoe" not in said
    assert "bo" not in said
    with pytest.raises(ProgramError, match=r"survey\.csv declares more than columns"):
        read_joined([first, (second, reading)])


def test_a_digest_is_not_about_them() -> None:
    other = [{**RECORDS[0], "Sex": "zq", "age": None}, {**RECORDS[1], "age": 17}]
    assert read().digest("key") == read(other).digest("key")
    without = [{name: one[name] for name in one if name not in ("Sex", "age")} for one in RECORDS]
    assert read().digest("key") == read_records(without).digest("key")
    assert read().digest("key") != read(audit_only=("gender",)).digest("key")


def test_files_read_row_by_row_and_all_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,Sex,age,site,teaches,wants\nana,xq,41,Oslo,js,\nbo,zq,,Pune,,js\n")
    one, other = read_csv(path, reading=READING), read([{**RECORDS[0], "x": ["y"]}, RECORDS[1]])
    assert one.audit_only == other.audit_only
    assert one.audited("age")[1] == other.audited("age")[1] == ("41",)
