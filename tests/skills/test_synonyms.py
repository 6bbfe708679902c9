"""Other names of skills: resolved where they mean one thing, reported otherwise."""

import random
import string
from pathlib import Path

import pytest

from mentormatch import (
    Cohort,
    Participant,
    ProfileErrors,
    ProfileWarning,
    ProgramError,
    Synonyms,
    read_records,
    read_synonyms,
)
from mentormatch.skills.vocabulary import key

TECH = Synonyms.of(
    {"JavaScript": ["js", "ECMAScript"], "JScript": ["js"], "Java": ["JDK", " "], "ECMAScript": []}
)


def test_a_name_of_one_skill_is_that_skill() -> None:
    assert TECH.resolve(" jdk ").label == "Java"
    assert TECH.resolve("JAVASCRIPT").label == "JavaScript"
    assert len(TECH) == 4
    assert repr(TECH) == "Synonyms(4 skills, 3 other names)"


def test_a_preferred_label_is_its_own_skill_even_where_another_has_it_as_a_name() -> None:
    assert TECH.resolve("ecmascript").label == "ECMAScript"


def test_a_name_of_several_skills_is_left_open() -> None:
    found = TECH.resolve("js")
    assert (found.label, found.candidates) == (None, ("JavaScript", "JScript"))
    assert TECH.ambiguous() == {"js": ("JavaScript", "JScript")}


def test_what_nobody_lists_is_not_corrected() -> None:
    assert TECH.resolve("running a marathon").suggestions == ()
    assert TECH.resolve("Jva").label is None
    assert TECH.resolve("Jva").suggestions == ("Java",)
    assert TECH.resolve("jss").suggestions == ("JavaScript", "JScript")
    assert TECH.resolve("java-script").suggestions == ("JavaScript",)
    assert TECH.resolve("").suggestions == ()


def test_a_blank_label_is_refused() -> None:
    with pytest.raises(ProgramError, match="blank preferred label"):
        Synonyms.of({" ": ["js"]})


def test_people_have_skills_under_preferred_labels() -> None:
    with pytest.warns(ProfileWarning) as noted:
        people = read_records(
            [
                {"id": "ana", "teaches": "jdk:2; Java:4; js; pottery", "knows": "ECMScript"},
                {"id": "bo", "wants": "java:2; JDK:3; a pilot's licence"},
            ]
        ).with_synonyms(TECH)
    assert people.skills.labels == ("a pilot's licence", "ECMScript", "Java", "js", "pottery")
    assert people.participant("ana").teaches == {"Java": 0.8, "js": 1.0, "pottery": 1.0}
    assert people.participant("bo").wants == {"a pilot's licence": 1.0, "Java": 3.0}
    texts = [str(one.message) for one in noted]
    assert any("'js' (JavaScript or JScript)" in text for text in texts)
    assert any(
        "1 skill is one edit away" in text and "'ECMScript' (ECMAScript?)" in text for text in texts
    )
    assert any("2 people name the same skill twice" in text for text in texts)
    assert "synonyms     1 spelling read as the preferred label" in people.summary()


def test_people_who_came_from_no_file_may_have_synonyms() -> None:
    people = Cohort.from_participants([Participant(id="ana", teaches={"jdk": 1})])
    assert people.with_synonyms(TECH).skills.labels == ("Java",)


def test_wishes_that_are_met_under_another_name_are_told() -> None:
    people = read_records([{"id": "ana", "knows": "jdk", "wants": "Java; pottery"}])
    with pytest.warns(ProfileWarning, match="1 more wish counts for nothing"):
        people.with_synonyms(TECH)


def test_a_file_has_a_list_or_a_line_for_each_synonym(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    path.write_text("Skill,Synonym\nJava,jdk\nJava,jre; JVM\nR,\n")
    synonyms = read_synonyms(path)
    assert [synonyms.resolve(name).label for name in ("JRE", "jvm", "r")] == ["Java", "Java", "R"]


def test_escos_own_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "skills_en.csv"
    path.write_text(
        'conceptUri,preferredLabel,altLabels\nx,"use; of tools","tool; use\nusing tools"\n'
    )
    assert read_synonyms(path).resolve("tool; use").label == "use; of tools"


def test_columns_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    path.write_text("Begriff,Auch\nJava,jdk\n")
    columns = {"skill": "Begriff", "synonyms": "Auch"}
    assert read_synonyms(path, columns=columns).resolve("jdk").label == "Java"


def test_every_fault_of_the_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    path.write_text("skill,synonyms\n,jdk\nJava,a,b\n,x\n")
    with pytest.raises(ProfileErrors) as error:
        read_synonyms(path)
    assert [fault.row for fault in error.value.faults] == [2, 3, 4]
    path.write_text("label,other\nJava,jdk\n")
    with pytest.raises(ProfileErrors, match="or the one that is meant") as error:
        read_synonyms(path)
    assert len(error.value.faults) == 2


def test_every_label_of_esco_is_itself_or_ambiguous(shared_data: Path) -> None:
    synonyms = read_synonyms(shared_data / "esco_ict_skills.csv")
    assert len(synonyms) == 877
    assert all(synonyms.resolve(label).label == label for label in synonyms.labels)
    ambiguous = synonyms.ambiguous()
    for name, labels in synonyms._meanings.items():
        found = synonyms.resolve(name)
        if found.label is None:
            assert found.candidates == labels
            assert name in map(key, ambiguous)
        else:
            assert found.label in labels or key(found.label) == name


def test_5000_misspellings_of_esco_are_resolved_or_suggested(shared_data: Path) -> None:
    synonyms = read_synonyms(shared_data / "esco_ict_skills.csv")
    chance = random.Random(0)  # the same 5,000 every time
    names = [*synonyms.labels, *synonyms._written.values()]
    resolved = suggested = another = 0
    while resolved + suggested + another < 5_000:
        name = chance.choice(names)
        wrong = misspelt(name, chance)
        meant = synonyms.resolve(name)
        wanted = {meant.label} if meant.label else set(meant.candidates)
        found = synonyms.resolve(wrong)
        if found.label in wanted or set(found.candidates) & wanted:
            resolved += 1
        elif key(wrong) in {*synonyms._preferred, *synonyms._meanings}:
            another += 1  # the edit made the very name of another skill: nobody can tell
        else:
            assert found.label is None
            assert wanted <= set(found.suggestions), (name, wrong)
            suggested += 1
    assert another < 25
    assert suggested > 4_000


def misspelt(name: str, chance: random.Random) -> str:
    """Insert, leave out, replace or swap letters once."""
    place = chance.randrange(len(name))
    letter = chance.choice(string.ascii_letters + string.digits)
    head, tail = name[:place], name[place:]
    kind = chance.randrange(4)
    if kind == 0:
        return head + letter + tail
    if kind == 1:
        return head + tail[1:]
    if kind == 2:
        return head + letter + tail[1:]
    return head + tail[1:2] + tail[:1] + tail[2:]
