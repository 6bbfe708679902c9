from pathlib import Path

from tests.cli.running import check, names, write_program


def test_check_says_how_the_people_were_read(folder: Path) -> None:
    result = check("people.csv", "--program", "program.json")
    assert result.exit_code == 0
    assert result.stdout.startswith("4 people, 3 skills")
    assert result.stdout.endswith("program      1 allowed pairs with something to exchange\n")
    assert names(folder) == []


def test_check_lists_every_fault_and_nothing_that_a_terminal_obeys(folder: Path) -> None:
    rows = "".join(f"p{number}\x1b[31m,boss\n" for number in range(30))
    (folder / "staff.csv").write_text(f"id,rank\n{rows}")
    result = check("staff.csv")
    assert result.exit_code == 3
    assert result.stdout.startswith("30 faults in the profiles:\n  row 2: p0 [31m: rank is 'boss'")
    assert len(result.stdout.splitlines()) == 31
    assert "\x1b" not in result.stdout


def test_check_tells_what_a_program_lacks(folder: Path) -> None:
    write_program(folder, rules=[{"kind": "different", "attribute": "team"}])
    result = check("people.csv", "--program", "program.json")
    assert result.exit_code == 3
    assert "team" in result.stderr


def test_a_broken_reading_is_refused_by_its_name(folder: Path) -> None:
    (folder / "reading.json").write_text('{"colums": {}}')
    result = check("people.csv", "--reading", "reading.json")
    assert result.exit_code == 3
    assert result.stderr.startswith("reading.json: colums: Extra inputs")
    (folder / "reading.json").write_text("[" * 100_000)
    assert check("people.csv", "--reading", "reading.json").exit_code == 3
    (folder / "reading.json").write_text('{"list_separator": "a"}')
    result = check("people.csv", "--reading", "reading.json")
    assert (result.exit_code, "list_separator is 'a'" in result.stderr) == (3, True)
