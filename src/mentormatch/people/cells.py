"""What a single value of a file may say: nothing, a number, or a text."""

import math
from numbers import Integral

__all__ = [
    "DIGITS",
    "finite",
    "id_text",
    "is_blank",
    "is_endless",
    "is_whole",
    "plain_text",
    "written",
]

#: A whole number may have as many: more fit into no float, and Python refuses to write thousands.
DIGITS = 300
_TOO_MUCH = 10**DIGITS


def is_blank(value: object) -> bool:
    """Tell whether a value says nothing: `None`, an empty text, or a data frame's not-a-number.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_blank(value) for value in (None, " ", float("nan"), 0, "no")]
    [True, True, True, False, False]
    """
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and math.isnan(value))


def finite(value: object) -> float | None:
    """Read a value as a finite number.

    Parameters
    ----------
    value
        A number, or text that holds one.

    Returns
    -------
    float or None
        `None` for what is no number to a person either: truth values, `nan`, `inf`, `1_000`.

    Examples
    --------
    >>> [finite(value) for value in (" 2.5", 3, True, "inf", "1_000")]
    [2.5, 3.0, None, None, None]
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and "_" in value:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def is_endless(value: object) -> bool:
    """Tell whether a value is a whole number of more than `DIGITS` digits.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_endless(7), is_endless(10**DIGITS), is_endless("x" * 1000)
    (False, True, False)
    """
    return isinstance(value, Integral) and abs(int(value)) >= _TOO_MUCH


def written(value: object) -> str:
    """Write any value for a person to see, also what Python itself cannot write.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    str

    Examples
    --------
    >>> written(2.5), written(10**5000)
    ('2.5', 'a number of more than 300 digits')
    """
    if is_endless(value):
        return f"a number of more than {DIGITS} digits"
    try:
        return str(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} that cannot be shown"


def id_text(value: object) -> str | None:
    """Read an id: text without outer spaces, or a whole number as data frames give them.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    str or None
        `None` for what cannot be an id.

    Examples
    --------
    >>> [id_text(value) for value in (" ana ", 12.0, 7, "", True)]
    ['ana', '12', '7', None, None]
    """
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, Integral | float) or is_endless(value):
        return None
    return str(int(value)) if isinstance(value, Integral) or value.is_integer() else None


def plain_text(value: object) -> str | None:
    """Read a text: without outer spaces, or a number as a person writes it.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    str or None
        `None` for what is neither text nor a finite number.

    Examples
    --------
    >>> [plain_text(value) for value in (" IT ", 12.0, 2.5, 7, True, [])]
    ['IT', '12', '2.5', '7', None, None]
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and not value.is_integer():
        return str(float(value)) if math.isfinite(value) else None
    return id_text(value)  # whole numbers, which data frames write as 12.0


def is_whole(text: str) -> bool:
    r"""Tell whether a text has no half of a surrogate pair.

    JSON and Python can hold such halves, and no file or screen can show them.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_whole("Zoé"), is_whole("Zo\ud800")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
