"""Output that is sentences wraps; output that is a table, in lines of up to a hundred, does not."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["setup"]

#: The width for which tables are printed.
WIDTH = 100


def _marked(app: Sphinx, document: nodes.document) -> None:  # noqa: ARG001 - what Sphinx hands over
    for block in document.findall(nodes.literal_block):
        if any(len(line) > WIDTH for line in block.astext().splitlines()):
            block["classes"].append("long-lines")


def setup(app: Sphinx) -> dict[str, Any]:
    """Mark blocks with lines that no page is wide enough for."""
    app.connect("doctree-read", _marked)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
