"""Where people are, what they speak and what they are called."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest

from mentormatch.synthetic.chance import Chance
from mentormatch.synthetic.hierarchy import Hierarchy
from mentormatch.synthetic.places import (
    CITIES,
    City,
    draw_cities,
    draw_languages,
    draw_names,
)

ZONES = {
    "London": "Europe/London",
    "New York": "America/New_York",
    "Bengaluru": "Asia/Kolkata",
    "Berlin": "Europe/Berlin",
    "Warsaw": "Europe/Warsaw",
    "São Paulo": "America/Sao_Paulo",
    "Singapore": "Asia/Singapore",
    "Paris": "Europe/Paris",
    "Toronto": "America/Toronto",
    "Nairobi": "Africa/Nairobi",
    "San Francisco": "America/Los_Angeles",
    "Tokyo": "Asia/Tokyo",
    "Madrid": "Europe/Madrid",
    "Sydney": "Australia/Sydney",
    "Lagos": "Africa/Lagos",
    "Mexico City": "America/Mexico_City",
    "Istanbul": "Europe/Istanbul",
    "Cairo": "Africa/Cairo",
    "Dubai": "Asia/Dubai",
    "Kathmandu": "Asia/Kathmandu",
    "St. John's": "America/St_Johns",
    "Auckland": "Pacific/Auckland",
}


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
def test_utc_offsets_are_those_of_the_local_winter(city: City) -> None:
    try:
        zone = ZoneInfo(ZONES[city.name])
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone database")
    offsets = [datetime(2024, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)]
    # Summer time is ahead of winter time on both hemispheres.
    winter = min(offset for offset in offsets if offset is not None)
    assert city.utc_offset == winter.total_seconds() / 3600


def test_most_people_work_where_their_manager_does() -> None:
    firm = Hierarchy.draw(5_000, departments=16, chance=Chance(0))
    city = draw_cities(firm.manager, Chance(1))
    assert 0.6 < np.mean(city[1:] == city[firm.manager[1:]]) < 0.8
    assert len(set(city.tolist())) == len(CITIES)


def test_people_speak_the_language_of_the_place_and_nothing_twice() -> None:
    city = Chance(0).whole(5_000, len(CITIES))
    spoken = draw_languages(city, Chance(1))
    for code, languages in zip(city.tolist(), spoken, strict=True):
        assert languages[0] == CITIES[code].languages[0]
        assert len(set(languages)) == len(languages)
        assert set(languages) <= {*CITIES[code].languages, "English"}
    english = np.mean(["English" in languages for languages in spoken])
    assert 0.7 < english < 0.95


def test_names_have_two_parts_and_are_many() -> None:
    names = draw_names(2_000, Chance(0))
    assert len(set(names)) > 1_500
    assert all(len(name.split()) == 2 for name in names)
