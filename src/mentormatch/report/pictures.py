"""Pictures inside a page: drawings without styles, links and scripts, named for all readers."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET  # read is only what was drawn here

from mentormatch.extras import extra
from mentormatch.matching.tables import harmless

__all__ = ["inline_svg"]

#: What a drawing is made of; all else is left out, whatever a later matplotlib may write.
SHAPES = frozenset(
    "svg g defs path use image rect circle ellipse line polyline polygon clipPath pattern".split()
)
#: What may be pointed to: a part of the drawing, or points of colour that are all written there.
WHOLE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]*")
#: How it is placed and painted. A page forbids styles but its own: they become attributes.
PLACED = frozenset(
    "d x y x1 x2 y1 y2 cx cy r rx ry points width height viewBox transform id clip-path "
    "clipPathUnits patternUnits patternTransform".split()
)
PAINTED = frozenset(
    "fill fill-opacity fill-rule image-rendering opacity stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width".split()
)
WITHIN = re.compile(r"url\(#([^)]+)\)")
NUMBER = re.compile(r"-?\d+\.\d+")


def inline_svg(ax: Any, *, key: str, title: str, text: str) -> str:
    """Return what is drawn on axes as SVG that can stand in a page.

    Parameters
    ----------
    ax
        Axes of matplotlib, alone in their figure. Letters are drawn as shapes, so that they look
        alike on every machine.
    key
        What the ids in it begin with: no two things of one page may have the same.
    title, text
        Its name and its text alternative, for those who cannot see it.
    """
    drawn = StringIO()
    context = extra("matplotlib", "report", "pictures").rc_context
    canvas = extra("matplotlib.backends.backend_svg", "report", "pictures").FigureCanvasSVG
    # The same picture is the same text: ids come from a fixed salt, and no date is told.
    with context({"svg.fonttype": "path", "svg.hashsalt": "mentormatch"}):
        # `savefig` would draw it twice, to find a room that it has already.
        canvas(ax.figure).print_svg(drawn, metadata={"Date": None, "Creator": None})
    root = _kept(ET.fromstring(drawn.getvalue()), key)
    assert root is not None  # the drawing itself
    root.attrib |= {
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
        "role": "img",
        "aria-labelledby": f"{key}-name {key}-words",
    }
    for place, (tag, words) in enumerate((("title", title), ("desc", text))):
        told = ET.Element(tag, {"id": f"{key}-{'name' if tag == 'title' else 'words'}"})
        told.text = harmless(words, joined=True)
        root.insert(place, told)
    return ET.tostring(root, encoding="unicode")


def _kept(element: ET.Element, key: str) -> ET.Element | None:
    """Return an element with what a page may hold of it; None if it may not hold it at all."""
    tag = _local(element.tag)
    if tag not in SHAPES:
        return None
    kept = ET.Element(tag, dict(_attributes(element, key)))
    kept.extend(child for part in element if (child := _kept(part, key)) is not None)
    return kept


def _attributes(element: ET.Element, key: str) -> Iterator[tuple[str, str]]:
    for name, value in _written(element):
        if name == "id":
            yield name, f"{key}-{value}"
        elif name == "href":
            if value.startswith("#"):
                yield name, f"#{key}-{value[1:]}"
            elif WHOLE.fullmatch(value):
                yield name, value
        elif "(" in value and name != "transform":
            if WITHIN.fullmatch(value):
                yield name, WITHIN.sub(rf"url(#{key}-\1)", value)
        elif name == "d":
            yield name, NUMBER.sub(_short, " ".join(value.split()))
        else:
            yield name, value


def _written(element: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an element, its style taken apart into some more."""
    for full_name, value in element.items():
        name = _local(full_name)
        if name == "style":
            for declared in filter(None, map(str.strip, value.split(";"))):
                one, _, what = (part.strip() for part in declared.partition(":"))
                if one in PAINTED or one == "clip-path":
                    yield one, what
        elif name in PLACED or name in PAINTED or name == "href":
            yield name, value


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
