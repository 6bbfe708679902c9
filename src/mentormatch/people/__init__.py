"""The people of a programme: profiles in.

Examples
--------
>>> from mentormatch.people import Cohort, Participant
>>> Cohort.from_participants([Participant(id="ana"), Participant(id="bo")])
Cohort(2 people, 0 skills)
"""

from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.participant import Participant
from mentormatch.people.readers import (
    read_csv,
    read_excel,
    read_file,
    read_frame,
    read_joined,
    read_json,
    read_organisation,
    read_records,
    read_scim,
    read_synonyms,
    read_taxonomy,
)
from mentormatch.people.reading import Reading
from mentormatch.people.scales import Scales

__all__ = [
    "Cohort",
    "Organisation",
    "Participant",
    "Reading",
    "Scales",
    "read_csv",
    "read_excel",
    "read_file",
    "read_frame",
    "read_joined",
    "read_json",
    "read_organisation",
    "read_records",
    "read_scim",
    "read_synonyms",
    "read_taxonomy",
]
