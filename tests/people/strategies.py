"""Made-up people, in every field at once, for the laws of reading."""

from typing import Any

from hypothesis import strategies as st

from mentormatch import Participant

#: Text that people paste into forms, but nothing that is no text at all.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
    | st.sampled_from("\";,:\\\n\r\t'=+-"),
    max_size=12,
)
NAMES = TEXT.map(lambda text: " ".join(text.split())).filter(
    lambda text: any(map(str.isalnum, text))
)
SKILLS = st.sampled_from(("SQL", "sql", "Sql ", "R", "C++", "C", "public speaking", "node.js"))
LEVELS = st.sampled_from((0.2, 0.4, 0.5, 1.0)) | st.floats(0.001, 1)


@st.composite
def forests(draw: st.DrawFn, most: int = 12) -> dict[str, str | None]:
    """Managers of people without cycles, in any order; some managers are not listed."""
    size = draw(st.integers(0, most))
    managers: dict[str, str | None] = {}
    for number in range(size):
        above = draw(st.none() | st.integers(-2, number - 1))
        managers[f"p{number}"] = None if above is None else f"p{above}"
    return dict(draw(st.permutations(sorted(managers.items(), key=lambda item: item[0]))))


@st.composite
def cohorts(draw: st.DrawFn, most: int = 6) -> list[Participant]:
    """People with all sorts of profiles, tied to one another."""
    managers = draw(forests(most))
    ids = sorted(managers)
    others = st.sampled_from((*ids, "gone"))
    people = []
    for person in managers:
        given: dict[str, Any] = {
            "department": draw(st.none() | NAMES),
            "rank": draw(st.none() | st.integers(-3, 9)),
            "teaches": draw(st.dictionaries(SKILLS, LEVELS, max_size=3)),
            "knows": draw(st.dictionaries(SKILLS, LEVELS, max_size=2)),
            "wants": draw(st.dictionaries(SKILLS, st.floats(0.1, 10), max_size=3)),
            "capacity": draw(st.none() | st.integers(0, 3)),
            "utc_offset": draw(st.none() | st.floats(-12, 14)),
            "languages": draw(st.lists(NAMES, max_size=2)),
            "past_partners": [one for one in draw(st.lists(others, max_size=2)) if one != person],
            "site": draw(st.none() | NAMES | st.integers() | st.booleans()),
        }
        if len(ids) > 1:
            declined = st.sampled_from([one for one in ids if one != person])
            given["declines"] = draw(st.lists(declined, max_size=1))
        most = 3 if given["capacity"] in (None, 0) else given["capacity"]
        given["at_least"] = draw(st.none() | st.integers(0, most))
        avoided = {person, *given.get("declines", ())}
        wished = draw(st.lists(others, max_size=4, unique=True))
        given["prefers"] = [one for one in wished if one not in avoided]
        people.append(Participant(id=person, manager_id=managers[person], **given))
    return people
