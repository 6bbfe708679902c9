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


def test_a_heavy_import_would_be_seen() -> None:
    assert "networkx" in loaded_by("import networkx")


@pytest.mark.parametrize("name", mentormatch.__all__)
def test_every_public_name_exists(name: str) -> None:
    assert getattr(mentormatch, name) is not None
