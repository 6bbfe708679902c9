"""The pages of docs/: their code runs and prints what they show, and the reference is whole."""

import re
import shutil
from pathlib import Path

import pytest
import typer

import mentormatch
from mentormatch import Program, Reading, assign, synthetic
from mentormatch._version import __version__
from mentormatch.cli.commands import app
from tests.pages import blocks, check_page

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = {page.relative_to(DOCS).as_posix(): page for page in sorted(DOCS.rglob("*.md"))}

#: Its matching is one of real people, whose data is not in the project.
OF_REAL_DATA = "explanations.md"

#: A cell that Sphinx runs when the pages are built: `make docs`.
CELL = re.compile(r"^```\{code-cell\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: What makes a cell end in a picture.
DRAWS = re.compile(r"from figures|^mm\.report\.plot_", re.MULTILINE)


def text(page: str) -> str:
    return PAGES[page].read_text(encoding="utf-8")


RUN_HERE = [page for page in PAGES if page != OF_REAL_DATA and blocks(text(page))]
RUN_BY_SPHINX = [page for page in PAGES if CELL.search(text(page))]


@pytest.fixture
def in_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader has a copy of the examples and stands in it."""
    here = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", here)
    monkeypatch.chdir(here)


@pytest.mark.parametrize("page", RUN_HERE)
def test_code_of_the_pages(page: str, in_the_examples: None) -> None:
    check_page(text(page), page)


def test_a_page_is_run_in_one_way() -> None:
    assert RUN_BY_SPHINX
    assert not set(RUN_HERE) & set(RUN_BY_SPHINX)


@pytest.mark.parametrize("page", RUN_HERE)
def test_json_of_the_pages_is_a_program_or_a_reading(page: str) -> None:
    for block in blocks(text(page)):
        if block.language == "json":
            model = Reading if '"columns"' in block.text else Program
            said = model.model_validate_json(block.text)
            assert model.model_validate_json(said.model_dump_json()) == said


@pytest.mark.parametrize("page", RUN_BY_SPHINX)
def test_figures_say_in_words_what_they_show(page: str) -> None:
    drawn = [cell for cell in CELL.findall(text(page)) if DRAWS.search(cell)]
    assert all(re.search(r"alt: >-\n +\w.{40}", cell) for cell in drawn)


def test_every_public_name_is_in_the_reference() -> None:
    reference = "\n".join(text(page) for page in PAGES if page.startswith("reference/"))
    documented = set(re.findall(r"^\.\. auto\w+:: (\S+)$", reference, re.MULTILINE))
    assert ".. automodule:: mentormatch.report\n   :members:" in reference
    for room in (mentormatch, assign, synthetic):
        names = {f"{room.__name__}.{name}" for name in room.__all__}
        # One thing that two rooms export is described where it is met first.
        known = documented | {
            f"{room.__name__}.{name}"
            for name in room.__all__
            if f"mentormatch.{name}" in documented
            and getattr(room, name) is getattr(mentormatch, name)
        }
        assert names - known - {"mentormatch.__version__"} == set()


def test_every_command_and_option_is_in_the_reference() -> None:
    page = text("reference/command_line.md")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group
    for name, command in commands.items():
        assert f"`{name}" in page
        options = [option for one in command.params for option in one.opts if option[:2] == "--"]
        assert [option for option in options if f"`{option}" not in page] == []


def test_every_word_of_a_program_is_in_the_reference() -> None:
    page = text("reference/files.md") + text("how_to/rules_and_what_they_cost.md")
    kinds = set(re.findall(r'"const": "(\w+)"', str(Program.model_json_schema()).replace("'", '"')))
    assert len(kinds) > 20
    assert {kind for kind in kinds if f'"{kind}"' not in page} == set()


def test_the_citation_is_of_this_version() -> None:
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert "cff-version: 1.2.0" in lines
    assert f"version: {__version__}" in lines
