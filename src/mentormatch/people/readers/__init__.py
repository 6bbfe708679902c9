"""From a file or records to a cohort, every fault at once."""

from mentormatch.people.readers.csv import read_csv
from mentormatch.people.readers.json import read_json
from mentormatch.people.readers.organisations import read_organisation
from mentormatch.people.readers.records import read_records
from mentormatch.people.readers.skills import read_synonyms, read_taxonomy

__all__ = [
    "read_csv",
    "read_json",
    "read_organisation",
    "read_records",
    "read_synonyms",
    "read_taxonomy",
]
