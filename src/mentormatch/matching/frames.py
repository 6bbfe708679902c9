"""The pairs of an answer as a data frame of the kind that the caller works with."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal, get_args

from mentormatch.extras import extra
from mentormatch.matching.answer import Pair

__all__ = ["FrameKind", "pairs_frame"]

FrameKind = Literal["pandas", "polars", "pyarrow"]

#: What the attributes of a `Pair` hold, where it is no text.
NUMBERS = ("score", "a_benefit", "b_benefit", "preference", "reciprocity")
LISTS = ("a_teaches", "b_teaches", "together")


def pairs_frame(pairs: Sequence[Pair], kind: str | None) -> Any:
    """Return pairs as a data frame.

    Parameters
    ----------
    pairs
        The pairs, in the order of the rows.
    kind
        ``"pandas"``, ``"polars"`` or ``"pyarrow"``.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame or pyarrow.Table

    Raises
    ------
    MissingExtraError
        When the library of this kind is not installed.
    ValueError
        When the kind is none of these.

    Examples
    --------
    >>> pairs_frame([], "pandas").columns.tolist()[:3]
    ['a', 'b', 'score']
    """
    if kind not in get_args(FrameKind) or kind is None:
        raise ValueError(
            f"the kind of data frame is {kind!r}; give 'pandas', 'polars' or 'pyarrow' (when "
            "people come from read_frame, it is known)"
        )
    library = extra(kind, "frames", "such data frames")
    names = [*(field.name for field in fields(Pair)), "reciprocity"]
    data: dict[str, list[Any]] = {name: [getattr(pair, name) for pair in pairs] for name in names}
    data |= {name: [list(skills) for skills in data[name]] for name in LISTS}
    if kind == "pandas":
        return library.DataFrame(data)
    # Said outright, because no pairs have no types of their own.
    if kind == "polars":
        texts: Any = library.String
        kinds = [_kind(name, texts, library.Float64, library.List(texts)) for name in names]
        return library.DataFrame(data, schema=dict(zip(names, kinds, strict=True)))
    texts = library.string()
    kinds = [_kind(name, texts, library.float64(), library.list_(texts)) for name in names]
    return library.table(data, schema=library.schema(zip(names, kinds, strict=True)))


def _kind(name: str, texts: Any, numbers: Any, lists: Any) -> Any:
    return lists if name in LISTS else numbers if name in NUMBERS else texts
