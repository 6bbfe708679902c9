"""A whole workforce, as a cohort."""

import operator

import numpy as np

from mentormatch.people import Cohort
from mentormatch.synthetic.abilities import draw_abilities
from mentormatch.synthetic.catalogue import Catalogue
from mentormatch.synthetic.chance import Chance
from mentormatch.synthetic.hierarchy import Hierarchy
from mentormatch.synthetic.places import CITIES, draw_cities, draw_languages, draw_names
from mentormatch.synthetic.skill_names import DEPARTMENTS

__all__ = ["workforce"]


def workforce(n: int, *, seed: int = 0, skills: int = 200) -> Cohort:
    """Make up the workforce of one organisation.

    Parameters
    ----------
    n
        How many people; 1 or more.
    seed
        0 or more. The same numbers give the same people, on every machine and with every version
        of NumPy.
    skills
        How many skills there are to teach, know or want; 1 or more.

    Returns
    -------
    Cohort
        People ``p0000001``, ``p0000002`` and so on, in no particular order. Beside the fields of
        every profile they have the attributes ``tenure`` (years) and ``region``.

    Raises
    ------
    ValueError
        If a number is too small or not whole.

    Notes
    -----
    - Departments are of Zipf size: up to sixteen, fewer in a small firm.
    - One person heads the reporting tree. Managers have 3 to 12 reports, mostly of their own
      department, and a higher rank than these; only in workforces of several thousand people do
      some executives of rank 7, the highest, report to another.
    - From 40 people on, 40 % have a rank of 3 or more (the ranks are 1 to 7).
    - People work in cities of Zipf size, most of them where their manager does; `utc_offset` is
      that of the local winter. They speak the language of the place and many speak English.
    - Each department has skills of its own; others are everybody's. Popularity follows Zipf's
      law. Proficiency is a fifth for each level from 1 to 5 and grows with tenure. Most wishes
      reach outside the own department. A few people teach nothing, or want nothing.
    - Juniors teach new technology, which seniors want; seniors teach leadership, which juniors
      want: reciprocity across ranks has something to work with.

    Examples
    --------
    >>> people = workforce(1_000, seed=7, skills=50)
    >>> people
    Cohort(1,000 people, 50 skills)
    >>> someone = people.participant("p0000003")
    >>> someone.department, someone.rank, someone.tenure, someone.location, someone.utc_offset
    ('Data', 2.0, 11.1, 'Cairo', 2.0)
    >>> someone.teaches, someone.wants
    ({'Machine learning': 0.6, 'Public speaking': 1.0}, {'Account management': 1.0})
    """
    count, skill_count = _whole(n, "n", 1), _whole(skills, "skills", 1)
    chance = Chance(_whole(seed, "seed", 0))
    firm = Hierarchy.draw(count, len(DEPARTMENTS), chance)
    # A file is in no order of rank or department, and nothing should profit from one.
    firm = firm.in_order(chance.order(count))
    names = draw_names(count, chance)
    city = draw_cities(firm.manager, chance)
    languages = draw_languages(city, chance)
    catalogue = Catalogue.of(skill_count, departments=int(firm.department.max()) + 1)
    teaches, knows, wants = draw_abilities(firm, catalogue, chance)
    ids = [f"p{number:07}" for number in range(1, count + 1)]
    departments = list(DEPARTMENTS)
    places = [CITIES[code] for code in city.tolist()]
    return Cohort.from_columns(
        ids=ids,
        names=names,
        skill_labels=catalogue.labels,
        teaches=teaches,
        knows=knows,
        wants=wants,
        department=[departments[code] for code in firm.department.tolist()],
        manager_id=[ids[boss] if boss >= 0 else None for boss in firm.manager.tolist()],
        rank=firm.rank.astype(np.float64),
        utc_offset=np.array([place.utc_offset for place in CITIES])[city],
        languages=languages,
        location=[place.name for place in places],
        attributes={"tenure": firm.tenure, "region": [place.region for place in places]},
    )


def _whole(number: int, name: str, least: int) -> int:
    try:
        whole = operator.index(number)
    except TypeError:
        whole = least - 1
    if whole < least:
        raise ValueError(f"{name} is {number!r}; it must be a whole number of {least} or more")
    return whole
