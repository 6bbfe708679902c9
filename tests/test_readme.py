"""The code of the README runs, and prints what the README says it prints."""

import shutil
from pathlib import Path

import pytest

from examples.pictures import drawn
from mentormatch import Program, Reading
from tests.pages import blocks, check_page, differences

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def in_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader has a copy of the examples and stands in it."""
    here = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", here)
    monkeypatch.chdir(here)


def test_the_readme_has_code_that_is_run() -> None:
    assert {"python", "console"} <= {block.language for block in blocks(README)}


def test_code_of_the_readme() -> None:
    check_page(README, "README.md")


def test_json_of_the_readme_is_a_program_or_a_reading() -> None:
    texts = [block.text for block in blocks(README) if block.language == "json"]
    models: tuple[type[Program] | type[Reading], ...] = (Program, Reading)
    for text, model in zip(texts, models, strict=True):
        said = model.model_validate_json(text)
        assert model.model_validate_json(said.model_dump_json()) == said


def test_the_pictures_of_the_readme_are_drawn_from_the_examples(tmp_path: Path) -> None:
    """They are looked at, and not compared: another version of matplotlib draws other bytes."""
    names = [file.name for file in drawn(tmp_path)]
    assert [f"(docs/pictures/{name})" in README for name in names] == [True, True]
    assert all((ROOT / "docs" / "pictures" / name).exists() for name in names)


def test_an_output_that_is_not_so_is_found() -> None:
    page = "```python\nprint(2 + 2)\n```\nprints\n```text\n5\n```\n"
    with pytest.raises(AssertionError, match=r"(?s)page, line 6: .*- 5\n.*\+ 4\n"):
        check_page(page, "page")


def test_a_command_that_prints_something_else_is_found() -> None:
    Path("note").write_text("four\n", encoding="utf-8")
    check_page("```console\n$ cat note\nfour\n```\n", "page")
    with pytest.raises(AssertionError, match="page, line 2: cat note"):
        check_page("```console\n$ cat note\nfive\n```\n", "page")


def test_blocks_share_one_namespace_and_errors_name_the_line() -> None:
    check_page("```python\nx = 1\n```\n```python\nprint(x)\n```\n```text\n1\n```\n", "page")
    with pytest.raises(ZeroDivisionError) as error:
        check_page("\n\n```python\n1 / 0\n```\n", "page")
    assert error.traceback[-1].lineno == 3  # counted from 0


def test_what_is_printed_has_to_be_shown() -> None:
    with pytest.raises(AssertionError, match=r"(?s)page, line 2: .*\+ 4\n"):
        check_page("```python\nprint(2 + 2)\n```\n", "page")


def test_a_block_with_the_name_of_a_file_is_saved_before_the_next_is_run() -> None:
    page = "```text note.txt\nfour\n```\n```console\n$ cat note.txt\nfour\n```\n"
    check_page(page, "page")
    check_page("```python\nx = 4\n```\n```text note.txt\nfive\n```\n", "page")
    assert Path("note.txt").read_text(encoding="utf-8") == "five\n"


def test_an_ellipsis_stands_for_anything_and_trailing_spaces_do_not_count() -> None:
    assert not differences("one\n...\nfour\n", "one  \ntwo\nthree\nfour\n")
    assert differences("one\n", "one\ntwo\n")
