"""The main job on data that nobody here made, against an independent solve."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mentormatch as mm
from tests.oracles import best_by_scipy, best_in_pool

MEANS: dict[str, Callable[[Any, Any], Any]] = {
    "harmonic": lambda x, y: np.divide(2 * x * y, x + y, where=x + y > 0, out=np.zeros_like(x)),
    "geometric": lambda x, y: np.sqrt(x * y),
    "minimum": np.minimum,
    "arithmetic": lambda x, y: (x + y) / 2,
}
MODELS: list[mm.Reciprocity | mm.OneWay] = [
    *(mm.Reciprocity(mean=mean) for mean in ("harmonic", "geometric", "minimum", "arithmetic")),
    mm.OneWay(teacher="a"),
    mm.OneWay(teacher="b"),
]
OBJECTIVES = ["people_then_score", "score"]
ROOT = Path(__file__).resolve().parents[1]

LESS_THAN_ONE = {"years_professional": {"Less than 1 year": 0.5}}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def combined(model: mm.Reciprocity | mm.OneWay, for_a: Any, for_b: Any) -> Any:
    if isinstance(model, mm.OneWay):
        return for_a if model.teacher == "b" else for_b
    return MEANS[model.mean](for_a, for_b)


def check(
    people: mm.Cohort, program: mm.Program, ids_a: list[str], ids_b: list[str], scores: Any
) -> None:
    """The answer equals an independent solve, and every pair is one that it allows."""
    matching = mm.match(people, program)
    size, total = best_by_scipy(scores, program.objective)
    assert matching.total == pytest.approx(total, abs=1e-9)
    if program.objective == "people_then_score":
        assert len(matching.pairs) == size
    place_a = {person: row for row, person in enumerate(ids_a)}
    place_b = {person: row for row, person in enumerate(ids_b)}
    for pair in matching.pairs:
        assert scores[place_a[pair.a], place_b[pair.b]] == pytest.approx(pair.score, abs=1e-11)
    found = matching.certificate.verify(people, program)
    assert found.ok, found.violations
    assert found.gap == 0.0


@pytest.fixture(scope="module")
def developers(shared_data: Path) -> mm.Cohort:
    with pytest.warns(mm.ProfileWarning) as noted:
        people = mm.read_csv(
            shared_data / "stackoverflow_2024.csv",
            columns={
                "id": "respondent",
                "teaches": "have_worked_with",
                "wants": "want_to_work_with",
            },
            values=LESS_THAN_ONE,
        )
    # Two kinds of warning, each given once: skills spelled nearly alike, and wishes met already.
    assert len(noted) == 2
    return people


class Survey:
    """The survey again, read and scored without the library."""

    def __init__(self, path: Path) -> None:
        rows = [row for row in rows_of(path) if row["years_professional"]]
        for row in rows:
            row["years_professional"] = row["years_professional"].replace("Less than 1 year", "0.5")
        self.senior = [row for row in rows if float(row["years_professional"]) >= 10]
        self.junior = [row for row in rows if float(row["years_professional"]) < 10]
        skills = sorted(
            {skill for row in rows for name in self.LISTS for skill in _list(row[name])}
        )
        self.place = {skill: column for column, skill in enumerate(skills)}

    LISTS = ("have_worked_with", "want_to_work_with")

    def received(self, teachers: list[dict[str, str]], learners: list[dict[str, str]]) -> Any:
        """Share of each learner's open wishes that each teacher has worked with."""
        offers = self._indicator(teachers, "have_worked_with")
        known = self._indicator(learners, "have_worked_with")
        wishes = self._indicator(learners, "want_to_work_with") * (1 - known)
        return offers @ (wishes / np.maximum(wishes.sum(axis=1, keepdims=True), 1)).T

    def scores(self, model: mm.Reciprocity | mm.OneWay) -> Any:
        """Scores of seniors against juniors in different roles; blank roles are out."""
        table = combined(
            model,
            self.received(self.junior, self.senior).T,
            self.received(self.senior, self.junior),
        )
        roles_a, roles_b = ([row["role"] for row in side] for side in (self.senior, self.junior))
        for i, a in enumerate(roles_a):
            for j, b in enumerate(roles_b):
                if not a or not b or a == b:
                    table[i, j] = 0.0
        return table

    def _indicator(self, rows: list[dict[str, str]], name: str) -> Any:
        found = np.zeros((len(rows), len(self.place)))
        for number, row in enumerate(rows):
            found[number, [self.place[skill] for skill in _list(row[name])]] = 1.0
        return found


def _list(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


@pytest.fixture(scope="module")
def survey(shared_data: Path) -> Survey:
    return Survey(shared_data / "stackoverflow_2024.csv")


def seniors_and_juniors(**fields: Any) -> mm.Program:
    sides = mm.Sides(by="years_professional", at_least=10, names=("senior", "junior"))
    rules = [mm.Different("role", missing="forbid")]
    return mm.Program(format=mm.Pairs(sides=sides), rules=rules, **fields)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_developers_of_different_roles(
    developers: mm.Cohort, survey: Survey, model: Any, objective: str
) -> None:
    ids_a = [row["respondent"] for row in survey.senior]
    ids_b = [row["respondent"] for row in survey.junior]
    program = seniors_and_juniors(score=model, objective=objective)
    check(developers, program, ids_a, ids_b, survey.scores(model))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_developers_of_different_roles_in_one_pool(
    developers: mm.Cohort, survey: Survey, objective: str
) -> None:
    people = [*survey.senior, *survey.junior]
    ids = [row["respondent"] for row in people]
    received = survey.received(people, people)
    scores = combined(mm.Reciprocity(), received.T, received)
    roles = np.array([row["role"] for row in people])
    scores[(roles[:, None] == roles) | (roles[:, None] == "") | (roles == "")] = 0.0
    size, total = best_in_pool(scores, objective)
    rules = [mm.Different("role", missing="forbid"), mm.Apart("years_professional", 0, "forbid")]
    program = mm.Program(rules=rules, objective=objective)
    matching = mm.match(developers, program)
    assert matching.total == pytest.approx(total, abs=1e-9)
    assert objective == "score" or len(matching.pairs) == size
    place = {person: row for row, person in enumerate(ids)}
    for pair in matching.pairs:
        assert scores[place[pair.a], place[pair.b]] == pytest.approx(pair.score, abs=1e-11)
    found = matching.certificate.verify(developers, program)
    assert found.ok, found.violations


def test_answers_that_are_no_number_are_all_reported_until_they_are_mapped(
    shared_data: Path,
) -> None:
    with pytest.warns(mm.ProfileWarning):
        people = mm.read_csv(
            shared_data / "stackoverflow_2024.csv",
            columns={
                "id": "respondent",
                "teaches": "have_worked_with",
                "wants": "want_to_work_with",
            },
        )
    with pytest.raises(mm.ProfileErrors) as error:
        mm.match(people, seniors_and_juniors())
    faults = error.value.faults
    assert len(faults) == 9
    assert {fault.value for fault in faults} == {"Less than 1 year"}
    lines = (shared_data / "stackoverflow_2024.csv").read_text(encoding="utf-8").splitlines()
    for fault in faults:
        assert fault.row is not None
        assert lines[fault.row - 1].startswith(f"{fault.person},")


def test_the_summaries_state_what_becomes_of_blanks(developers: mm.Cohort) -> None:
    summary = developers.summary()
    assert "years_professional 118" in summary
    assert "role 65" in summary
    matching = mm.match(developers, seniors_and_juniors())
    reasons = [one.reason for one in matching.taking_no_part]
    assert reasons == ["years_professional is blank"] * 118
    assert "118 take no part" in str(matching)


def test_a_blank_role_is_a_question_until_the_rule_answers_it(developers: mm.Cohort) -> None:
    program = seniors_and_juniors().model_copy(update={"rules": (mm.Different("role"),)})
    with pytest.raises(mm.ProgramError, match=r"role is blank for \d+ of 472 people"):
        mm.match(developers, program)


def test_the_explanations_read_aloud_are_in_the_words_of_this_version(
    developers: mm.Cohort,
) -> None:
    page = (ROOT / "docs" / "explanations.md").read_text(encoding="utf-8")
    matching, told = mm.match(developers, seniors_and_juniors()), 0
    for part in page.split("\n## ")[1:]:
        heading, _, texts = part.partition("\n")
        asked = re.findall(r"\d+", heading)
        said = matching.explain(*asked) if len(asked) == 1 else matching.why_not(*asked)
        for audience, shown in re.findall(r"- \*\*(\w+)\*\*: (.*)", texts):
            assert said.text(audience) == shown, heading
            told += 1
    assert told == 36


BOTH = "both mentor and mentee"


@pytest.fixture(scope="module")
def service(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mentors and mentees of a civil service in one file, with skills joined on their email."""
    people = [
        {**row, "role": role, "roles": "mentor; mentee" if row[BOTH] == "yes" else role}
        for role in ("mentor", "mentee")
        for row in rows_of(shared_data / f"civil_service_{role}s.csv")
    ]
    random = np.random.default_rng(2024)
    skills = [f"skill {number:02}" for number in range(40)]
    for row in people:
        for field in ("teaches", "wants"):
            chosen = random.choice(skills, size=random.integers(1, 6), replace=False)
            row[field] = ";".join(f"{skill}:{random.integers(1, 6)}" for skill in chosen)
    path = tmp_path_factory.mktemp("service") / "people.csv"
    headings = ["email address", "first name", "role", "roles", "organisation", "teaches", "wants"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(people)
    return path


@pytest.mark.parametrize(("by", "both"), [("role", 0), ("roles", 500)])
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_civil_servants_of_different_organisations(
    service: Path, model: Any, objective: str, by: str, both: int
) -> None:
    with pytest.warns(mm.ProfileWarning, match="have in full already"):
        people = mm.read_csv(service, columns={"id": "email address", "name": "first name"})
    sides = mm.Sides(by=by, a=["mentor"], b=["mentee"], names=("mentor", "mentee"))
    program = mm.Program(
        format=mm.Pairs(sides=sides),
        score=model,
        rules=[mm.Different("organisation")],
        objective=objective,
    )
    rows = rows_of(service)
    mentors, mentees = (
        [row for row in rows if role in row[by].split("; ")] for role in ("mentor", "mentee")
    )
    assert len(mentors) + len(mentees) == len(rows) + both
    table = combined(model, _met(mentees, mentors).T, _met(mentors, mentees))
    for i, a in enumerate(mentors):
        for j, b in enumerate(mentees):
            if a["organisation"] == b["organisation"]:
                table[i, j] = 0.0
    ids_a, ids_b = ([row["email address"] for row in side] for side in (mentors, mentees))
    check(people, program, ids_a, ids_b, table)


def _met(teachers: list[dict[str, str]], learners: list[dict[str, str]]) -> Any:
    """Benefits by the formula, pair by pair: proficiency over 5, own proficiency as known."""
    offers = [_levels(row["teaches"]) for row in teachers]
    met = np.zeros((len(teachers), len(learners)))
    for j, learner in enumerate(learners):
        own = _levels(learner["teaches"])
        wishes = {s: w for s, w in _levels(learner["wants"]).items() if own.get(s, 0.0) < 5}
        total = sum(wishes.values())
        for i, offer in enumerate(offers):
            gain = sum(
                w
                * max(0.0, offer.get(s, 0.0) / 5 - own.get(s, 0.0) / 5)
                / (1 - own.get(s, 0.0) / 5)
                for s, w in wishes.items()
            )
            met[i, j] = gain / total if total else 0.0
    return met


def _levels(cell: str) -> dict[str, float]:
    return {part.rpartition(":")[0]: float(part.rpartition(":")[2]) for part in cell.split(";")}
