"""Files of JSON: a list of people, or an object that has one under ``participants``."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.records import table_of
from mentormatch.people.readers.tables import AnyPath
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales
from mentormatch.people.table import Table

__all__ = ["json_table", "parsed", "read_json"]


def read_json(
    path: AnyPath,
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
) -> Cohort:
    """Read people from a JSON file.

    Parameters
    ----------
    path
        The file: a list of objects, or an object with such a list as ``participants``. Skills
        are text such as ``"sql:4; R"``, a list of such items, or an object from skill to number.
    reading, columns, scales, values, organisation
        As for `read_csv`.

    Returns
    -------
    Cohort
        One row per object; `summary()` says how they were read.

    Raises
    ------
    ProfileErrors
        With every fault of the file; `row` counts people from 1, or is the line where the JSON
        breaks off.
    OSError
        When the file cannot be opened.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt: see `read_records`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "people.json"
    ...     _ = file.write_text('[{"id": "ana", "teaches": {"sql": 4, "R": null}}]')
    ...     read_json(file).participant("ana").teaches
    {'R': 1.0, 'sql': 0.8}
    """
    told = declared(reading, columns=columns, scales=scales, values=values)
    return read_table(
        *with_organisation(json_table(parsed(Path(path).read_bytes())), told, organisation)
    )


_ONCE = "a key that the object has only once"


class _Object(dict[str, object]):
    """An object of the file, which remembers the keys that it has twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.repeated = [name for name, count in counts.items() if count > 1]


class _NoNumber:
    """NaN or an infinity, which JSON does not have but Python would read."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def json_table(content: object) -> Table:
    """Return parsed JSON as a table.

    Parameters
    ----------
    content
        What `parsed` returned.

    Returns
    -------
    Table

    Raises
    ------
    ProfileErrors
        When it is no list of people, or an empty one.
    """
    people = content.get("participants") if isinstance(content, _Object) else content
    if not isinstance(people, list):
        allowed = 'a list of objects, or {"participants": [...]}'
        raise ProfileErrors([Fault(None, None, "content", "no list of people", allowed)])
    faults = [
        Fault(None, None, "key", name, _ONCE)
        for name in (content.repeated if isinstance(content, _Object) else ())
    ]
    for row, person in enumerate(people, start=1):
        faults += [Fault(row, None, "key", name, _ONCE) for name in _repeated(person)]
    table = table_of(people)
    return replace(table, faults=(*table.faults, *faults))


def _repeated(person: object) -> Iterator[str]:
    """Yield the keys that a person's object has twice, and whether one inside it has any.

    Only the former are shown: inside `declines`, the keys are people.
    """
    if not isinstance(person, _Object):
        return
    yield from person.repeated
    inside = list(person.values())
    while inside:  # not by recursion: a file may nest objects deeper than Python can call
        value = inside.pop()
        if isinstance(value, _Object):
            if value.repeated:
                yield "one of an inner object"
                return
            inside += value.values()


def parsed(data: bytes) -> Any:
    """Parse JSON, noting what Python would read without a word.

    Parameters
    ----------
    data
        The file.

    Returns
    -------
    list, mapping, str, float, int, bool or None
        Objects remember the keys that they have twice; NaN and infinities are no numbers.

    Raises
    ------
    ProfileErrors
        When it is no JSON.
    """
    line: int | None = None
    try:
        # Python finds out by itself whether this is UTF-8, UTF-16 or UTF-32.
        return json.loads(data, object_pairs_hook=_Object, parse_constant=_NoNumber)
    except json.JSONDecodeError as error:
        line, found = error.lineno, error.msg
    except UnicodeError:
        found = "text in another encoding than UTF-8"
    except RecursionError:
        found = "lists within lists without end"
    except ValueError:
        found = "a number with thousands of digits"
    raise ProfileErrors([Fault(line, None, "content", found, "well-formed JSON in UTF-8")])
