"""The notebooks of examples/: they run, and show what was committed."""

from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from examples.notebooks import executed

EXAMPLES = Path(__file__).parents[1] / "examples"
#: What it shows depends on how quick the machine is.
TIMED = "5_large_workforce"


def texts(notebook: NotebookNode) -> list[str]:
    """Return what each cell of code shows, as text; what is printed comes in any pieces."""
    return [
        "".join(shown.get("text") or shown["data"].get("text/plain", "") for shown in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.filterwarnings("ignore")  # of the kernel's messages, not of what the cells run
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_was_committed(path: Path) -> None:
    committed, now = texts(nbformat.read(path, as_version=4)), texts(executed(path))
    assert sum(bool(text) for text in committed) > 3, "run `make notebooks`"
    if path.stem != TIMED:
        assert now == committed


def test_notebooks_tell_one_story_in_six_parts() -> None:
    paths = sorted(EXAMPLES.glob("*.ipynb"))
    assert [path.stem[0] for path in paths] == list("123456")
    for path, following in pairwise(paths):
        last = nbformat.read(path, as_version=4).cells[-1].source
        assert f"({following.name})" in last
