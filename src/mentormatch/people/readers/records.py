"""Records from Python: dictionaries, or the rows of a data frame."""

from collections.abc import Iterable, Mapping

import numpy as np

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.tables import AnyPath
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales
from mentormatch.people.table import Table

__all__ = ["read_records", "table_of"]


def read_records(
    records: Iterable[Mapping[str, object]],
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
) -> Cohort:
    """Read people from dictionaries.

    Parameters
    ----------
    records
        One mapping per person, from heading to value. `None` and not-a-number, as data frames
        write them, are blank. Skills are text such as ``"sql:4; R"``, a list of such items, or a
        mapping from skill to number.
    reading
        How they are to be read, declared once; each of the following, where given, replaces what
        it says.
    columns
        Our field to their heading, such as ``{"id": "Employee No"}``; a name that is no field of
        `Participant` makes an attribute. Other headings are matched by name (case, spaces and
        hyphens do not count), and those that are no field become attributes.
    scales
        Which way the numbers run; `Scales()` when left out.
    values
        By field or heading, what a text stands for:
        ``{"years": {"Less than 1 year": 0.5}}``.
    organisation
        The whole reporting tree, or the path of a CSV that has it, when it is larger than the
        cohort. What ``columns`` says of ``id`` and ``manager_id`` goes for whichever of the two has
        that heading; read a file with headings of its own with `read_organisation`.

    Returns
    -------
    Cohort
        One row per record; `summary()` says how they were read.

    Raises
    ------
    ProfileErrors
        With every fault of every record; `row` counts records from 1.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt: a skill twice in one list, wishes for what a person has in
        full already, skills that look like one, managers who are not among the people, a heading
        or a name in ``columns`` that looks like a misspelt field, a text in ``values`` that
        nobody's profile has.

    Examples
    --------
    >>> people = read_records([{"No": 7, "teaches": "sql:4; R"}, {"No": 8}], columns={"id": "No"})
    >>> people.ids, people.teaches.toarray()[0]
    (('7', '8'), array([1. , 0.8]))
    """
    told = declared(reading, columns=columns, scales=scales, values=values)
    return read_table(*with_organisation(table_of(records), told, organisation))


def table_of(records: Iterable[object]) -> Table:
    """Return records as a table; `row` counts them from 1.

    Parameters
    ----------
    records
        One mapping per person.

    Returns
    -------
    Table
        With a fault for everything that is no mapping.

    Raises
    ------
    ProfileErrors
        When there are none.

    Examples
    --------
    >>> table_of([{"id": "ana"}, {"id": "bo", "rank": 3}]).headings
    ('id', 'rank')
    """
    rows = []
    faults: list[Fault] = []
    for line, record in enumerate(records, start=1):
        if isinstance(record, Mapping):
            cells = {str(heading).strip(): _plain(value) for heading, value in record.items()}
            rows.append((line, cells))
        else:
            allowed = "one value for each heading, the id among them"
            kind = type(record).__name__  # its content may be nobody's business
            faults.append(Fault(line, None, "content", kind, allowed))
    if not rows:
        nobody = Fault(None, None, "content", "empty", "one record for each person")
        raise ProfileErrors(faults or [nobody])
    headings = dict.fromkeys(heading for _, record in rows for heading in record)
    return Table(
        headings=tuple(headings),
        cells={heading: tuple(record.get(heading) for _, record in rows) for heading in headings},
        lines=tuple(line for line, _ in rows),
        faults=tuple(faults),
    )


def _plain(value: object) -> object:
    """Turn NumPy's scalars into Python's."""
    return value.item() if isinstance(value, np.generic) else value
