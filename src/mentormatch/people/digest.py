"""A fingerprint of the people, for records that must find out whether anything changed."""

import json
from hashlib import blake2b

from mentormatch.people.columns import Columns
from mentormatch.people.links import Links
from mentormatch.skills.taxonomy import Taxonomy
from mentormatch.skills.vocabulary import key as skill_key

__all__ = ["digest"]


def digest(columns: Columns, links: Links, key: str, taxonomy: Taxonomy | None = None) -> str:
    """Return a keyed digest of the profiles, without declines and what is for the audit alone.

    Parameters
    ----------
    columns
        The people.
    links
        Their ties.
    key
        The caller's secret, of any length.
    taxonomy
        What gives credit for broader and narrower skills.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> from mentormatch.people import Cohort, Participant
    >>> len(Cohort.from_participants([Participant(id="ana")]).digest("secret"))
    64
    """
    # BLAKE2b takes 64 bytes of key at most; hashing lets the secret be as long as one likes.
    secret = blake2b(key.encode(), digest_size=64).digest()
    mixer = blake2b(key=secret, digest_size=32)
    # The key may be known, and then a digest would confirm a guess of what is nobody's business.
    secrets = {"declines", *columns.audit_only}
    for row in sorted(range(len(columns.ids)), key=columns.ids.__getitem__):
        profile = columns.profile(row)
        said = profile.model_dump(mode="json", exclude=secrets, exclude_none=True)
        for name, value in said.items():
            if isinstance(value, float) and value.is_integer():
                said[name] = int(value)  # equal profiles have equal digests, and 3.0 equals 3
        for kind in ("teaches", "knows", "wants"):
            said[kind] = {skill_key(skill): level for skill, level in said[kind].items()}
        for kind in ("languages", "past_partners"):  # not wishes, whose order says which is first
            said[kind] = sorted(said[kind])
        mixer.update(json.dumps(said, sort_keys=True).encode() + b"\n")
    mixer.update(json.dumps(_lines(links), sort_keys=True).encode())
    if taxonomy is not None:
        mixer.update(taxonomy.fingerprint().encode())
    return mixer.hexdigest()


def _lines(links: Links) -> dict[str, str]:
    """Return the manager of everyone at or above any of these people, whoever else is listed."""
    tree = links.organisation
    above: dict[str, str] = {}
    for node in links.place.tolist():
        while node >= 0 and tree.ids[node] not in above:
            boss = int(tree.manager[node])
            above[tree.ids[node]] = tree.ids[boss] if boss >= 0 else ""
            node = boss
    return above
