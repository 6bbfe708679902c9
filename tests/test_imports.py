"""What `import mentormatch` may load."""

import subprocess
import sys

import pytest

import mentormatch

HEAVY = {
    "matplotlib",
    "narwhals",
    "networkx",
    "numba",
    "pandas",
    "polars",
    "rich",
    "scipy.optimize",
    "typer",
}


def loaded_by(statement: str) -> set[str]:
    """Names of all modules in a fresh interpreter after one statement."""
    code = f"{statement}; import sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_import_loads_nothing_heavy() -> None:
    assert not loaded_by("import mentormatch") & HEAVY


def test_all_public_names_together_load_nothing_heavy() -> None:
    loaded = loaded_by("from mentormatch import *")
    assert "mentormatch.matching.matching" in loaded
    assert not loaded & HEAVY


def test_names_are_listed_once_for_readers_and_once_for_loading() -> None:
    assert {*mentormatch._HOME, "__version__"} == set(mentormatch.__all__)
    assert set(mentormatch.__all__) <= set(dir(mentormatch))


def test_rooms_come_with_the_library() -> None:
    code = "import mentormatch as mm; print(mm.synthetic.workforce, mm.assign.solve_assignment)"
    code += "; print(mm.report.plot_scores)"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_pictures_load_nothing_before_they_are_drawn() -> None:
    loaded = loaded_by("import mentormatch as mm; mm.report.plot_scores")
    assert "mentormatch.report.canvas" in loaded
    assert not loaded & HEAVY


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'matsch'"):
        mentormatch.matsch  # type: ignore[attr-defined]  # noqa: B018 - asking is the test


def test_a_heavy_import_would_be_seen() -> None:
    assert "networkx" in loaded_by("import networkx")


@pytest.mark.parametrize("name", mentormatch.__all__)
def test_every_public_name_exists(name: str) -> None:
    assert getattr(mentormatch, name) is not None
