"""What pages and letters may not tell, whatever people and programs there are."""

from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.explanation import Audience
from mentormatch.report.page import page
from tests.property.test_match_laws import ANY, People, pairs_of, solved
from tests.report.reading import read
from tests.strategies import profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")


def written(matching: mm.Matching, audience: Audience) -> str:
    """A page without pictures, which have tests of their own and take a second each."""
    with patch("mentormatch.report.page.pictures_of", lambda *_: []):
        return page(matching, audience)


@given(profiles(most=8), ANY, st.sampled_from(["participant", "coordinator"]), st.data())
def test_no_page_but_an_auditor_s_and_no_letter_tells_of_a_decline_while_the_pairs_stay(
    people: People, program: mm.Program, audience: Audience, data: st.DataObject
) -> None:
    before = solved(people, program)
    strangers = [
        (one.id, other.id)
        for one in people
        for other in people
        if one.id != other.id and not {(one.id, other.id), (other.id, one.id)} & pairs_of(before)
    ]
    assume(strangers)
    who, whom = data.draw(st.sampled_from(strangers))
    declining = [
        one.model_copy(update={"declines": (*one.declines, whom)}) if one.id == who else one
        for one in people
    ]
    after = solved(declining, program)
    assume(pairs_of(before) == pairs_of(after) and before.trio == after.trio)
    assume((before.status, before.gap) == (after.status, after.gap))
    assert written(before, audience) == written(after, audience)
    aside = {one.id for one in before.taking_no_part}
    for one in people:
        if one.id not in aside:
            assert mm.report.letter(before, one.id) == mm.report.letter(after, one.id)


@given(profiles(most=8), ANY)
def test_a_participant_s_page_names_nobody_and_nothing_that_anybody_wrote(
    people: People, program: mm.Program
) -> None:
    strange = [one.model_copy(update={"name": f"Zzyzx {one.id}"}) for one in people]
    matching = solved(strange, program)
    plain, named = (written(solved(them, program), "participant") for them in (people, strange))
    assert plain == named
    assert "Zzyzx" not in read(named).text
    assert matching.pairs == () or "have a partner" in named


@given(profiles(most=8), ANY)
def test_every_page_has_every_pair_and_everybody_without_one(
    people: People, program: mm.Program
) -> None:
    matching = solved(people, program)
    root = read(written(matching, "auditor"))
    shown = {
        table.attributes["id"]: len(table.one("tbody").all("tr")) for table in root.all("table")
    }
    assert shown.get("pairs-table", 0) == len(matching.meetings)
    assert shown.get("unmatched", 0) == len(matching.unmatched)
    assert shown.get("aside", 0) == len(matching.taking_no_part)
