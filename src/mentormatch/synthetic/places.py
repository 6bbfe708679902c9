"""Where people work, what they speak there, and what they are called."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mentormatch.synthetic.chance import Chance, pick, zipf

__all__ = ["CITIES", "City", "draw_cities", "draw_languages", "draw_names"]

Integers = NDArray[np.int64]


class City(NamedTuple):
    """A place of work.

    Parameters
    ----------
    name, region
        What it is called, and the part of the world it is in.
    utc_offset
        Hours ahead of Coordinated Universal Time in the local winter.
    languages
        What is spoken there, the most usual first.
    """

    name: str
    region: str
    utc_offset: float
    languages: tuple[str, ...]


#: Places of work, the largest first.
CITIES = (
    City("London", "Europe", 0.0, ("English",)),
    City("New York", "Americas", -5.0, ("English", "Spanish")),
    City("Bengaluru", "Asia", 5.5, ("English", "Kannada", "Hindi")),
    City("Berlin", "Europe", 1.0, ("German",)),
    City("Warsaw", "Europe", 1.0, ("Polish",)),
    City("São Paulo", "Americas", -3.0, ("Portuguese",)),
    City("Singapore", "Asia", 8.0, ("English", "Mandarin", "Malay")),
    City("Paris", "Europe", 1.0, ("French",)),
    City("Toronto", "Americas", -5.0, ("English", "French")),
    City("Nairobi", "Africa", 3.0, ("Swahili", "English")),
    City("San Francisco", "Americas", -8.0, ("English", "Spanish")),
    City("Tokyo", "Asia", 9.0, ("Japanese",)),
    City("Madrid", "Europe", 1.0, ("Spanish",)),
    City("Sydney", "Oceania", 10.0, ("English",)),
    City("Lagos", "Africa", 1.0, ("English", "Yoruba")),
    City("Mexico City", "Americas", -6.0, ("Spanish",)),
    City("Istanbul", "Europe", 3.0, ("Turkish",)),
    City("Cairo", "Africa", 2.0, ("Arabic",)),
    City("Dubai", "Asia", 4.0, ("Arabic", "English")),
    City("Kathmandu", "Asia", 5.75, ("Nepali",)),
    City("St. John's", "Americas", -3.5, ("English",)),
    City("Auckland", "Oceania", 12.0, ("English", "Maori")),
)

#: The share of people who work where their manager does; the others may be anywhere.
_WITH_MANAGER = 0.6

#: The shares of people who speak a further language of the place, and English if that is none.
_FURTHER, _ENGLISH = 0.4, 0.75

# Given and family names from many places, in one text each.
_GIVEN = (
    "Ada Adil Aiko Alma Amara Amir Anouk Arjun Aroha Astrid Ayşe Baraka Bao Beatriz Bilal Björn "
    "Camille Carlos Chidi Chloe Daniela Dawit Deepa Dmitri Ebba Eero Efua Elif Emeka Enzo Esra "
    "Farah Felix Fumiko Gabriel Giulia Grace Hana Hassan Hugo Ibrahim Ines Ingrid Isaac Ivana "
    "Jakub Jamila Jin Joana Kaito Kamala Karim Kwame Lars Layla Leilani Linh Lucía Mateo Mei "
    "Mikael Miriam Mosi Nadia Nia Nikhil Noor Olga Omar Oskar Paloma Pavel Priya Quentin Rania "
    "Ravi Rosa Ruth Sakura Samuel Sanjay Sigrid Sofia Sunita Tala Tariq Tariro Tomás Uma Valeria "
    "Viktor Wanjiru Wei Yara Yusuf Zainab Zofia Zuri"
)
_FAMILY = (
    "Abara Acosta Adeyemi Ahmed Almeida Andersen Aziz Banda Bauer Becker Bianchi Bose Carvalho "
    "Chen Cohen Costa Das Demir Diallo Dlamini Dubois Eze Fischer Flores Fofana Fujita Garcia "
    "Georgiou Gupta Haddad Hansen Harris Horvat Ito Iyer Jansen Jensen Kamau Kang Karimi Kaya "
    "Khan Kovács Kowalska Kumar Larsen Le Lindgren Lopez Mahlangu Mansour Mbeki Meyer Moreau "
    "Morgan Mwangi Nakamura Nasser Nguyen Novak Nowak Obi Okafor Oliveira Osman Park Patel Pereira "
    "Petrov Pham Popescu Quispe Rahman Rao Reyes Rossi Sato Schmidt Sharma Silva Singh Suzuki Tan "
    "Tanaka Thapa Toure Tran Vargas Virtanen Walker Wang Weber Wong Yamamoto Yılmaz Young Zhang "
    "Zulu"
)


def draw_cities(manager: Integers, chance: Chance) -> Integers:
    """Draw where people work: in cities of Zipf size, most of them together with their manager.

    Parameters
    ----------
    manager
        Position of each one's manager, -1 for the head; int64, shape (n,).
    chance
        Where the random numbers come from.

    Returns
    -------
    ndarray of int64
        Places in `CITIES`; same shape.
    """
    own = pick(zipf(len(CITIES)), chance.uniform(len(manager)))
    together = (chance.uniform(len(manager)) < _WITH_MANAGER) & (manager >= 0)
    # Each one's city is that of the nearest above who chose one, in doubling steps up the line.
    chosen_by = np.where(together, manager, np.arange(len(manager)))
    while np.any(chosen_by != (further := chosen_by[chosen_by])):
        chosen_by = further
    return own[chosen_by]


def draw_languages(city: Integers, chance: Chance) -> list[tuple[str, ...]]:
    """Draw what people speak: the language of the place, often a further one or English.

    Parameters
    ----------
    city
        Places in `CITIES`.
    chance
        Where the random numbers come from.

    Returns
    -------
    list of tuple of str
        One tuple per person, the language of the place first.
    """
    further = chance.uniform(len(city)) < _FURTHER
    english = chance.uniform(len(city)) < _ENGLISH
    known = [
        _languages(place, has_further, has_english)
        for place in CITIES
        for has_further in (False, True)
        for has_english in (False, True)
    ]
    return [known[code] for code in (4 * city + 2 * further + english).tolist()]


def draw_names(count: int, chance: Chance) -> list[str]:
    """Draw given and family names, each equally likely; in a large firm people share a name.

    Parameters
    ----------
    count
        How many people.
    chance
        Where the random numbers come from.

    Returns
    -------
    list of str
    """
    known = [f"{given} {family}" for given in _GIVEN.split() for family in _FAMILY.split()]
    return [known[code] for code in chance.whole(count, len(known)).tolist()]


def _languages(place: City, further: bool, english: bool) -> tuple[str, ...]:
    spoken = place.languages[: 1 + further]
    return (*spoken, "English") if english and "English" not in spoken else spoken
