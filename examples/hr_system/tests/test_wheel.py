"""What these tests import is the installed wheel, alone: run them with ``make hr``."""

import sysconfig
from importlib.metadata import distribution, requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import mentormatch as mm

INSTALLED = Path(sysconfig.get_path("purelib"))
PEOPLE = [
    {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
]
FORMATS = [
    mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    mm.Pairs(sides=mm.Sides(by="rank", at_least=5), capacity=(2, 1)),
    mm.Pairs(),
    mm.Rings(),
    mm.Rings(longest=3),
]


def test_the_library_is_the_installed_one() -> None:
    assert Path(mm.__file__).is_relative_to(INSTALLED), "run these tests with `make hr`"
    assert distribution("mentormatch-engine").version == mm.__version__


def test_no_extra_is_installed_but_the_one_for_calendars() -> None:
    extras = {
        Requirement(line).name
        for line in requires("mentormatch-engine") or ()
        if "extra ==" in line and not line.startswith("mentormatch-engine")
    }
    assert "numba" in extras
    assert [name for name in sorted(extras) if find_spec(name.replace("-", "_"))] == ["icalendar"]


@pytest.mark.parametrize("format_", FORMATS, ids=repr)
def test_every_format_is_matched_proven_and_explained_without_extras(
    format_: mm.Pairs | mm.Rings,
) -> None:
    people, program = mm.read_records(PEOPLE), mm.Program(format=format_)
    matching = mm.match(people, program)
    assert {matching.pairs[0].a, matching.pairs[0].b} == {"ana", "bo"}
    assert matching.certificate.verify(people, program).ok
    assert mm.Matching.from_json(matching.to_json()).attach(people, program).total == matching.total
    assert "You teach bo leading." in matching.explain("ana").text()


def test_buddies_are_matched_without_extras() -> None:
    people = mm.read_records([{"id": "ana", "wants": "sql"}, {"id": "bo", "wants": "sql"}])
    program = mm.Program(format=mm.Buddies())
    matching = mm.match(people, program)
    assert matching.certificate.verify(people, program).ok
    assert "you both want to learn sql" in matching.explain("ana").text()


def test_what_needs_an_extra_says_which() -> None:
    with pytest.raises(mm.MissingExtraError, match=r"mentormatch-engine\[frames\]"):
        mm.read_frame(PEOPLE)
