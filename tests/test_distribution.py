"""What is built holds what it should and nothing else, whatever files there will be."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build backend is in the group build")

ROOT = Path(__file__).resolve().parents[1]

#: What a wheel may hold: the code, its marker for types, what `init` writes and what reports are
#: made of; and its metadata.
WHEEL = re.compile(
    r"""mentormatch/(\w+/)*\w+\.py
    | mentormatch/py\.typed
    | mentormatch/starter/\w+\.(csv|json|md)
    | mentormatch/report/templates/[\w.]+\.(css|jinja|js)
    | mentormatch_engine-[\w.]+\.dist-info/
      (METADATA | RECORD | WHEEL | entry_points\.txt | licenses/LICENSE)""",
    re.VERBOSE,
)
#: And a source distribution, below its one folder.
SOURCE = re.compile(
    r"""src/mentormatch/.+  # which is held against the wheel's
    | tests/([\w-]+/)*[\w-]+\.(py|json)
    | docs/([\w-]+/)*[\w-]+\.(css|md|png|py)
    | examples/([\w-]+/)*[\w-]+\.(csv|ipynb|json|md|py|toml)
    | (README|CHANGELOG)\.md | CITATION\.cff | LICENSE
    | PKG-INFO | pyproject\.toml | \.gitignore""",
    re.VERBOSE,
)


def built(source: Path, target: str, out: Path) -> list[str]:
    """Build a distribution from a folder, and return the names of its files."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    if target == "wheel":
        [wheel] = out.glob("*.whl")
        with zipfile.ZipFile(wheel) as file:
            return file.namelist()
    [archive] = out.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        return [one.name.partition("/")[2] for one in file if one.isfile()]


def strangers(names: Iterable[str], allowed: re.Pattern[str]) -> list[str]:
    """Return the files that no distribution should hold."""
    return [name for name in names if not allowed.fullmatch(name)]


def modules(names: Iterable[str]) -> set[str]:
    """Return the files of the package."""
    return {
        name.removeprefix("src/")
        for name in names
        if name.startswith(("mentormatch/", "src/mentormatch/"))
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as it is here, with all that working on it leaves behind."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("src", "tests", "examples"):
        shutil.copytree(ROOT / name, copy / name)
    names = ("README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", ".gitignore")
    for name in names:
        shutil.copy(ROOT / name, copy / name)
    for left in ("src/mentormatch", "tests", "examples/hr_system"):
        cache = copy / left / "__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / "kernels.cpython-311.pyc").write_bytes(b"")
        (cache / "kernels.hungarian-1.py311.nbi").write_bytes(b"")
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return built(source, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def archive(source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return built(source, "sdist", tmp_path_factory.mktemp("sdist"))


def test_a_wheel_holds_the_package_and_nothing_else(wheel: list[str]) -> None:
    assert strangers(wheel, WHEEL) == []


def test_a_wheel_holds_all_of_the_package(wheel: list[str]) -> None:
    package = ROOT / "src" / "mentormatch"
    here = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert modules(wheel) == here
    assert {"mentormatch/py.typed", "mentormatch/starter/GUIDE.md"} <= here
    metadata = {name.partition(".dist-info/")[2] for name in wheel}
    assert {"METADATA", "licenses/LICENSE", "entry_points.txt"} <= metadata


def test_a_source_distribution_holds_what_the_wheel_is_built_from_and_its_tests(
    archive: list[str], wheel: list[str]
) -> None:
    assert strangers(archive, SOURCE) == []
    assert modules(archive) == modules(wheel)
    assert {"LICENSE", "README.md", "tests/test_distribution.py", "examples/people.csv"} <= {
        *archive
    }


@pytest.mark.parametrize(
    "name",
    [
        "mentormatch/notes.txt",
        "mentormatch/people.csv",
        "mentormatch/__pycache__/a.cpython-311.pyc",
        "mentormatch/assign/__pycache__/a.hungarian-1.py311.nbi",
        "tests/test_readme.py",
        "hr_system/person.py",
        "LICENSE",
    ],
)
def test_a_file_that_does_not_belong_is_found(wheel: list[str], name: str) -> None:
    assert strangers([*wheel, name], WHEEL) == [name]


def test_templates_of_reports_may_come(wheel: list[str]) -> None:
    assert strangers(["mentormatch/report/templates/letter.html.jinja"], WHEEL) == []


def test_a_file_left_in_the_package_would_be_built_in_and_found(
    source: Path, tmp_path: Path
) -> None:
    left = source / "src" / "mentormatch" / "people.csv.orig"
    left.write_text("id\n")
    try:
        assert strangers(built(source, "wheel", tmp_path), WHEEL) == ["mentormatch/people.csv.orig"]
    finally:
        left.unlink()
