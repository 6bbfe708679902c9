"""Errors about people's data that say which part of a program asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from mentormatch.errors import ProfileErrors, ProgramError

__all__ = ["needed_by"]


@contextmanager
def needed_by(part: str) -> Iterator[None]:
    """Let errors name the rule, or the sides, for which the people's data was read.

    Parameters
    ----------
    part
        What needs the data, in words.

    Examples
    --------
    >>> with needed_by("rule 'same team'"):
    ...     raise ProgramError("nobody has a team")
    Traceback (most recent call last):
    ...
    mentormatch.errors.ProgramError: rule 'same team': nobody has a team
    """
    try:
        yield
    except ProgramError as error:
        lines = str(error).splitlines()
        raise ProgramError("\n".join(f"{part}: {line}" for line in lines)) from None
    except ProfileErrors as error:
        raise ProfileErrors(
            replace(fault, allowed=f"{fault.allowed}, for {part}") for fault in error.faults
        ) from None
