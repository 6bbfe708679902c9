"""What all tests share: a made-up firm in a database of its own, and everything that it says."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hr_system import demo, run_round

Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm whose data are in order; not to be changed."""
    path = tmp_path_factory.mktemp("firm") / "hr.sqlite"
    demo.establish(path, 120, seed=7)
    demo.mend(path)
    return path


@pytest.fixture
def firm(founded: Path, tmp_path: Path) -> Path:
    """A copy of the firm for one test."""
    return Path(shutil.copy(founded, tmp_path / "hr.sqlite"))


@pytest.fixture(scope="session")
def run_once(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firm after the first round of its first scheme; not to be changed."""
    path = Path(shutil.copy(founded, tmp_path_factory.mktemp("published") / "hr.sqlite"))
    run_round(path, 1, 1)
    return path


@pytest.fixture
def published(run_once: Path, tmp_path: Path) -> Path:
    """A copy of that for one test."""
    return Path(shutil.copy(run_once, tmp_path / "hr.sqlite"))


@pytest.fixture
def dump() -> Callable[[Path], Tables]:
    """Return all rows of all tables, but for when a round was run."""
    return _dump


@pytest.fixture
def dump_open() -> Callable[[Path], Tables]:
    """Return the same of the tables that are not for auditors alone."""
    return lambda path: {
        name: rows for name, rows in _dump(path).items() if not name.startswith("confidential")
    }


def _dump(path: Path) -> Tables:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        tables: Tables = {}
        for (name,) in names:
            found = connection.execute(f'SELECT * FROM "{name}"')
            kept = [place for place, (head, *_) in enumerate(found.description) if head != "ran_at"]
            tables[name] = sorted((tuple(row[place] for place in kept) for row in found), key=repr)
    return tables
