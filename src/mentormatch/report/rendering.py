"""Templates filled in: one file of HTML that holds all it needs and can reach nothing else."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from mentormatch.extras import extra
from mentormatch.matching.tables import harmless
from mentormatch.report.isolation import ISOLATE, ISOLATED

__all__ = ["css_string", "markup", "render"]


def render(template: str, *, style: str = "", script: str = "", **context: Any) -> str:
    """Fill in a template; whatever is put into it is escaped and without invisible marks.

    Parameters
    ----------
    template
        The name of a file beside this one.
    style
        Rules of style that are added to those of all pages.
    script
        The name of a file of JavaScript that the page carries.
    **context
        What the template calls its parts.

    Raises
    ------
    MissingExtraError
        When the extra ``report`` is not installed.
    """
    css = f"{_file('report.css')}\n{style}"
    js = _file(script) if script else ""
    # Nothing is loaded, and nothing runs but what is written here: nothing that a name smuggles in.
    scripts = _digest(js) if js else "'none'"
    policy = [
        "default-src 'none'",
        "img-src data:",
        f"style-src {_digest(css)}",
        f"script-src {scripts}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    found = _templates().get_template(template)
    page: str = found.render(css=markup(css), js=markup(js), policy="; ".join(policy), **context)
    return page


def markup(text: str) -> Any:
    """Mark a text as HTML that was written here, so that it is not escaped.

    Parameters
    ----------
    text
        What nobody else has any part in.
    """
    return extra("markupsafe", "report", "pages").Markup(text)


def css_string(text: str) -> str:
    r"""Return a text as CSS writes it, whatever is in it.

    Parameters
    ----------
    text
        What somebody wrote.

    Examples
    --------
    >>> css_string('"}</style>')
    '"\\22 \\7d \\3c \\2f style\\3e "'
    """
    kept = (mark if mark.isalnum() or mark == " " else f"\\{ord(mark):x} " for mark in text)
    return f'"{"".join(kept)}"'


@cache
def _templates() -> Any:
    jinja = extra("jinja2", "report", "pages")
    templates = jinja.Environment(
        loader=jinja.PackageLoader("mentormatch.report"),
        autoescape=True,
        undefined=jinja.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    templates.filters["isolated"] = _isolated
    return templates


def _isolated(text: str) -> Any:
    """Escape a text in which names are set apart, and let the page keep them apart."""
    escaped = str(extra("markupsafe", "report", "pages").escape(text))
    return markup(escaped.replace(ISOLATE, "<bdi>").replace(ISOLATED, "</bdi>"))


def _finalized(value: Any) -> Any:
    """Take out of a text what no page should hold; HTML of our own stays as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return harmless(value, joined=True)
    return value


@cache
def _file(name: str) -> str:
    return (files("mentormatch.report") / "templates" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
