"""Run notebooks and write them back with what they show: ``make notebooks``."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

#: Seconds for one cell. With a million people some cells take a quarter of an hour.
PATIENCE = 3_600


def executed(path: Path) -> NotebookNode:
    """Return a notebook with what its cells show now.

    Parameters
    ----------
    path
        The notebook, which is run in its own folder and not written to.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell fails.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    # Times would make each run another file.
    client = NotebookClient(notebook, timeout=PATIENCE, record_timing=False)
    client.execute(cwd=str(path.parent))
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:]:
        nbformat.write(executed(Path(name)), name)
        print(name)
