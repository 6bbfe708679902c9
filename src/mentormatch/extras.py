"""Libraries that only some uses need: named, with what installs them, where they are missing."""

from importlib import import_module
from types import ModuleType

from mentormatch.errors import MissingExtraError

__all__ = ["extra"]


def extra(module: str, name: str, purpose: str) -> ModuleType:
    """Import a library that an extra brings.

    Parameters
    ----------
    module
        What to import.
    name
        The extra.
    purpose
        What needs it, as the beginning of a sentence.

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        When it is not installed; the text says what to install.

    Examples
    --------
    >>> extra("no_such_library", "frames", "data frames")
    Traceback (most recent call last):
        ...
    mentormatch.errors.MissingExtraError: data frames need no_such_library: \
pip install 'mentormatch-engine[frames]'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        library = (missing.name or module).partition(".")[0]
    raise MissingExtraError(f"{purpose} need {library}: pip install 'mentormatch-engine[{name}]'")
