from pathlib import Path

import pytest

from tests.cli.running import PEOPLE, write_program


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with people and a program that match."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE)
    write_program(tmp_path)
    return tmp_path
