import json
from pathlib import Path
from typing import Any

import pytest

import mentormatch as mm
from mentormatch.matching.why_not import TO_A_PARTICIPANT
from tests.cli.running import call
from tests.cli.runs import FILES, write_run
from tests.matching.examples import PROGRAM, RECORDS, matching, people

HOSTILE = "Ana\u2028ok\n\x1b[31m\u202e\x7f"


@pytest.fixture(autouse=True)
def run_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path)


@pytest.mark.parametrize("audience", ["participant", "coordinator", "auditor"])
@pytest.mark.parametrize("person", ["ana", "cy"])
def test_explain_says_what_the_matching_says(person: str, audience: str) -> None:
    result = call("explain", *FILES, person, "--audience", audience)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == matching().explain(person).text(audience) + "\n"  # type: ignore[arg-type]


@pytest.mark.parametrize("audience", ["coordinator", "auditor"])
@pytest.mark.parametrize("pair", [("ana", "di"), ("di", "ana"), ("bea", "cy"), ("ana", "bea")])
def test_why_not_says_what_the_matching_says(pair: tuple[str, str], audience: str) -> None:
    result = call("why-not", *FILES, *pair, "--audience", audience)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == matching().why_not(*pair).text(audience) + "\n"  # type: ignore[arg-type]


def test_a_participant_is_whom_texts_are_for_unless_said() -> None:
    assert call("explain", *FILES, "ana").stdout.startswith("Your partner is ")
    assert call("why-not", *FILES, "ana", "di").stdout == TO_A_PARTICIPANT + "\n"


def test_json_for_a_participant_holds_no_more_than_the_text() -> None:
    why = json.loads(call("explain", *FILES, "ana", "--json").stdout)
    assert why == {"audience": "participant", "text": matching().explain("ana").text()}
    told = {
        call("why-not", *FILES, *pair, "--json").stdout
        for pair in (("ana", "cy"), ("ana", "di"), ("ana", "ed"), ("ana", "bea"))
    }
    [only] = told
    assert json.loads(only) == {"audience": "participant", "text": TO_A_PARTICIPANT}


def test_json_for_others_holds_the_code_and_the_data() -> None:
    why = matching().why_not("ana", "di")
    told = json.loads(
        call("why-not", *FILES, "ana", "di", "--audience", "coordinator", "--json").stdout
    )
    assert told == {
        "audience": "coordinator",
        "text": why.text("coordinator"),
        "code": why.code,
        "data": json.loads(json.dumps(dict(why.data))),
    }
    assert "declined" not in told["data"]


def test_a_decline_is_told_to_an_auditor_only(tmp_path: Path) -> None:
    text = (tmp_path / "people.csv").read_text()
    (tmp_path / "people.csv").write_text(text.replace("sewing,leading,", "sewing,leading,bea"))
    (tmp_path / "run.json").write_text(matching(ed={"declines": "bea"}).to_json())
    arguments = ("why-not", *FILES, "bea", "ed", "--audience")
    assert "declines" in call(*arguments, "auditor").stdout
    for audience in ("participant", "coordinator"):
        for more in ((), ("--json",)):
            result = call(*arguments, audience, *more)
            assert result.exit_code == 0, result.output
            assert "decline" not in result.output


@pytest.mark.parametrize("audience", ["coordinator", "auditor"])
def test_audit_says_what_the_matching_says(audience: Any) -> None:
    result = call("audit", *FILES, "--audience", audience)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == matching().audit().text(audience) + "\n"
    told = json.loads(call("audit", *FILES, "--audience", audience, "--json").stdout)
    assert told.pop("audience") == audience
    assert told == json.loads(json.dumps(matching().audit().to_dict(audience)))


def test_groups_are_for_an_auditor() -> None:
    by = ("--by", "department", "--by", "rank")
    shown = call("audit", *FILES, "--audience", "auditor", *by).stdout
    assert "By department:\n" in shown
    assert "By rank:\n" in shown
    told = json.loads(call("audit", *FILES, "--audience", "auditor", *by, "--json").stdout)
    assert {group["attribute"] for group in told["groups"]} == {"department", "rank"}
    for more in ((), ("--json",)):
        refused = call("audit", *FILES, *by, *more)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "groups of people are for an auditor" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("explain", *FILES, "zoe"), 3, "zoe"),
        (("explain", *FILES, "flo"), 3, "'flo' takes no part"),
        (("why-not", *FILES, "ana", "zoe"), 3, "zoe"),
        (("audit", *FILES, "--audience", "auditor", "--by", "shoes"), 3, "shoes"),
        (("audit", *FILES, "--audience", "participant"), 2, "--audience"),
        (("explain", *FILES, "ana", "--audience", "boss"), 2, "--audience"),
        (("explain", *FILES), 2, "PERSON"),
        (("why-not", *FILES, "ana"), 2, "B"),
        (("explain", "nowhere.json", "people.csv", "ana"), 2, "nowhere.json"),
        (("explain", *FILES, "ana", "--columns", "id"), 2, "'id' is not FIELD=HEADING"),
        (("explain", "people.csv", "people.csv", "ana"), 3, "people.csv: not a whole record"),
        (("explain", "program.json", "people.csv", "ana"), 3, "program.json: not a whole record"),
    ],
)
def test_what_cannot_be_answered_has_a_code_and_a_reason(
    arguments: tuple[str, ...], code: int, says: str
) -> None:
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


@pytest.mark.parametrize("command", [("explain", "ana"), ("why-not", "ana", "di"), ("audit",)])
def test_nothing_is_said_of_a_record_that_does_not_hold(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    text = (tmp_path / "people.csv").read_text()
    (tmp_path / "people.csv").write_text(text.replace("sql; python", "sql"))
    result = call(command[0], *FILES, *command[1:])
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr.startswith("run.json does not hold:\n  these are not the people")
    assert "the options that say how they are read" in result.stderr


@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize(
    "command",
    [("explain", "cy"), ("why-not", "ana", "di"), ("audit", "--by", "department")],
)
def test_nothing_that_people_wrote_is_obeyed_in_an_answer(
    command: tuple[str, ...], more: tuple[str, ...], tmp_path: Path
) -> None:
    named = {"name": HOSTILE, "department": HOSTILE}
    changes: dict[str, dict[str, Any]] = dict.fromkeys(("ana", "bea"), named)
    (tmp_path / "run.json").write_text(mm.match(people(**changes), PROGRAM).to_json())
    records = [{"id": who, **RECORDS[who], **changes.get(who, {})} for who in RECORDS]
    (tmp_path / "people.json").write_text(json.dumps(records))
    result = call(
        command[0], "run.json", "people.json", *command[1:], "--audience", "auditor", *more
    )
    assert result.exit_code == 0, result.output
    written = result.output.replace("\n", "")
    assert written.isprintable()
    if not more and command[0] != "audit":
        assert len(result.stdout.splitlines()) == 1
    assert not any(line.startswith("ok") for line in result.stdout.splitlines())


def even() -> mm.Where:
    return mm.Where("even", lambda cohort, a, b: (a + b) % 2 == 0, reads=("department",))


@pytest.mark.parametrize(
    "rules",
    [
        {"rules": [even()]},
        {"rules": [mm.Different("department", missing="allow"), mm.When({"rank": 6}, even())]},
        {"preferences": [mm.Prefer(even(), 0.5)]},
    ],
)
def test_a_run_whose_rule_is_a_function_is_for_python(tmp_path: Path, rules: Any) -> None:
    program = mm.Program(format=PROGRAM.format, **rules)
    (tmp_path / "run.json").write_text(mm.match(people(), program).to_json())
    for command in (("explain", "ana"), ("why-not", "ana", "di"), ("audit",), ("verify",)):
        result = call(command[0], *FILES, *command[1:])
        assert (result.exit_code, result.stdout) == (3, "")
        assert "run.json: the rule 'where even' of its program is a function" in result.stderr
        assert "from Python" in result.stderr
