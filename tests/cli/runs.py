"""A run that is on disk with its people and its program, for the commands that read its record."""

from pathlib import Path

from tests.matching.examples import PROGRAM, RECORDS, matching

#: What every command about a run begins with.
FILES = ("run.json", "people.csv")
HEADINGS = ("id", "name", "rank", "capacity", "department", "teaches", "wants", "declines")


def write_run(folder: Path) -> None:
    """Write people.csv, program.json and run.json of the example into a folder."""
    rows = [{"id": person, **record} for person, record in RECORDS.items()]
    lines = [",".join(str(row.get(heading, "")) for heading in HEADINGS) for row in rows]
    (folder / "people.csv").write_text("\n".join((",".join(HEADINGS), *lines)))
    (folder / "program.json").write_text(PROGRAM.model_dump_json())
    (folder / "run.json").write_text(matching().to_json())
