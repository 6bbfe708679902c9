"""How the reference names things: links by public names, signatures as one would write them."""

import inspect
import re
from typing import Any, get_args, get_type_hints

import numpy as np
from docutils import nodes
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.inspect import stringify_signature
from sphinx.util.typing import stringify_annotation

import mentormatch
from mentormatch import assign
from mentormatch.exchange.preferences import Preference
from mentormatch.exchange.rules import Rule
from mentormatch.exchange.rules.conditions import PlainRule

__all__ = ["setup"]


def _homes() -> dict[str, str]:
    """From where a name is at home to where the reference has it."""
    homes: dict[str, str] = {}
    for room, module in (("mentormatch", mentormatch), ("mentormatch.assign", assign)):
        for name in module.__all__:
            home = getattr(module, name)
            if hasattr(home, "__qualname__"):
                homes.setdefault(f"{home.__module__}.{home.__qualname__}", f"{room}.{name}")
    return homes


PUBLIC = _homes()
KEYWORD, POSITIONAL = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
#: Long types that have a name.
SHORTER = {
    stringify_annotation(long, "smart"): short
    for long, short in (
        (ArrayLike, "ArrayLike"),
        (NDArray[np.float64], "NDArray[float64]"),
        (NDArray[np.int64], "NDArray[int64]"),
        (NDArray[np.bool_], "NDArray[bool]"),
        (Rule, "Rule"),
        (get_args(Rule)[0], "Rule"),
        (get_args(Preference)[0], "Preference"),
        (PlainRule, "Rule"),
    )
}
SHORT = {name.rpartition(".")[2]: name for name in reversed(PUBLIC.values())}


def _linked(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element
) -> nodes.Element | None:
    """Link `mentormatch.people.cohort.Cohort`, `Cohort` and `Cohort.digest` alike."""
    if node.get("refdomain") != "py":
        return None
    first, _, rest = node["reftarget"].partition(".")
    if node["reftarget"] in PUBLIC:
        target = PUBLIC[node["reftarget"]]
    elif first in SHORT:
        target = SHORT[first] + (f".{rest}" if rest else "")
    else:
        return None
    domain = env.domains["py"]
    return domain.resolve_xref(
        env, node["refdoc"], app.builder, node["reftype"], target, node, content
    )


def _signature(
    app: Sphinx,  # noqa: ARG001 - what Sphinx hands over
    what: str,
    name: str,  # noqa: ARG001 - as above
    thing: Any,
    options: Any,  # noqa: ARG001 - as above
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None] | None:
    """Give no signature for what the library makes, and types as somebody would write them.

    By the house's rules a docstring has "Parameters" where a caller makes the thing, and
    "Attributes" where an answer holds it.
    """
    if signature is None:
        return None
    if what in ("class", "exception"):
        made_by_callers = "Parameters\n    ---" in (thing.__doc__ or "")
        if not made_by_callers or re.search(r"[( ]_\w+:", signature):
            return "", None
        if hasattr(thing, "__pydantic_fields__"):
            signature = stringify_signature(_of_data(thing), unqualified_typehints=True)
    return _readable(signature), _readable(returned or "") or None


def _of_data(thing: Any) -> inspect.Signature:
    """Return how a pydantic class is called; its own signature has no positions."""
    types = get_type_hints(thing)  # what pydantic asks of a value is left out
    by_position = not issubclass(thing, BaseModel)
    return inspect.Signature(
        [
            inspect.Parameter(
                field.alias or name,
                POSITIONAL if by_position and not field.kw_only else KEYWORD,
                annotation=types[name],
                default=_default(field),
            )
            for name, field in thing.__pydantic_fields__.items()
        ]
    )


def _default(field: FieldInfo) -> object:
    if field.default_factory is not None:
        return ...
    return inspect.Parameter.empty if field.is_required() else field.default


def _readable(signature: str) -> str:
    for long, short in (*SHORTER.items(), ("Ellipsis", "...")):
        signature = signature.replace(long, short)
    return signature


def setup(app: Sphinx) -> dict[str, Any]:
    """Look again for what was not found under the name by which it was called."""
    app.connect("missing-reference", _linked)
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
