"""From a file or records to a cohort, every fault at once."""

from mentormatch.people.readers.csv import read_csv
from mentormatch.people.readers.excel import read_excel
from mentormatch.people.readers.files import read_file
from mentormatch.people.readers.frames import read_frame
from mentormatch.people.readers.joined import read_joined
from mentormatch.people.readers.json import read_json
from mentormatch.people.readers.organisations import read_organisation
from mentormatch.people.readers.records import read_records
from mentormatch.people.readers.scim import read_scim
from mentormatch.people.readers.skills import read_synonyms, read_taxonomy

__all__ = [
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
