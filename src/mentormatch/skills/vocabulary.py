"""One spelling per skill, and a hint when two skills look like one."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from mentormatch.errors import ProgramError, nearest
from mentormatch.skills.spelling import bare, one_edit_apart, shortened, telling_signs

__all__ = ["SHORTEST_NEAR", "Vocabulary", "key"]

#: Shorter words are one edit apart by chance ("Rust", "Ruby"), so they are never called near.
SHORTEST_NEAR = 5

#: Longer names are sentences; comparing them letter by letter would take all memory.
LONGEST_NEAR = 60

#: More names than this that differ in one letter are a series ("module A" to "module Z").
MOST_NEAR = 20


def key(text: str) -> str:
    r"""Reduce a text to what two spellings of the same thing have in common.

    Compatibility characters, letter case and white space do not count. This is the identifier of
    a skill, and categories such as departments are compared in the same way.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The compatibility caseless form of the Unicode Standard (section 3.13, D146), with every
        run of white space as one space and none at the ends. `key(key(text)) == key(text)`.

    Examples
    --------
    >>> key("  Public   Speaking ")
    'public speaking'
    >>> key("\N{FULLWIDTH LATIN SMALL LETTER C}++") == key("C++")
    True
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", folded.casefold()).split())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The skills that people name, each in one spelling.

    Parameters
    ----------
    labels
        One spelling per skill, in the order of their keys.

    Raises
    ------
    ProgramError
        When two labels are spellings of one skill, a label is blank, or they are out of order.

    Examples
    --------
    >>> skills = Vocabulary.of(["public speaking", "SQL", "sql", "SQL"])
    >>> skills.labels
    ('public speaking', 'SQL')
    >>> skills.index(" Sql ")
    1
    """

    labels: tuple[str, ...]
    _index: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = [key(label) for label in self.labels]
        if "" in keys:
            raise ProgramError("a skill has a blank name; give it one")
        for before, after, label in zip(keys, keys[1:], self.labels[1:], strict=False):
            if before >= after:
                raise ProgramError(
                    f"skill {label!r} is out of order or a second spelling; "
                    "build the vocabulary with Vocabulary.of(spellings)"
                )
        object.__setattr__(self, "_index", {name: place for place, name in enumerate(keys)})

    @classmethod
    def of(cls, spellings: Iterable[str]) -> "Vocabulary":
        """Build the vocabulary of these spellings, one per use.

        Parameters
        ----------
        spellings
            Names of skills as people wrote them; repeats count, their order does not.

        Returns
        -------
        Vocabulary
            Each skill under its most frequent spelling; among equals, the smallest text.

        Examples
        --------
        >>> Vocabulary.of(["sql", "SQL"]).labels
        ('SQL',)
        """
        uses: Counter[str] = Counter()
        for spelling, count in Counter(spellings).items():
            uses[" ".join(spelling.split())] += count
        best: dict[str, tuple[int, str]] = {}
        for label, count in uses.items():
            name = key(label)
            best[name] = min(best.get(name, (0, label)), (-count, label))
        return cls(tuple(best[name][1] for name in sorted(best)))

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and key(text) in self._index

    def index(self, text: str) -> int:
        """Return the column of a skill, however it is spelt.

        Parameters
        ----------
        text
            The skill, in any spelling.

        Returns
        -------
        int
            Its place in `labels`.

        Raises
        ------
        ProgramError
            When nobody names such a skill; the text says which one was probably meant.

        Examples
        --------
        >>> Vocabulary.of(["SQL", "Excel"]).index("Exel")
        Traceback (most recent call last):
            ...
        mentormatch.errors.ProgramError: no skill 'Exel'; did you mean 'Excel'? Known: Excel, SQL
        """
        try:
            return self._index[key(text)]
        except KeyError:
            raise ProgramError(f"no skill {text!r}; {nearest(text, self.labels)}") from None

    def near_duplicates(self) -> tuple[tuple[str, str], ...]:
        """Find pairs of skills that may be one skill, misspelt.

        Two skills are near when their keys of at least five characters are one edit apart
        (a letter too many, too few, another one, or two neighbours swapped), or when they are
        equal but for spaces and punctuation. They never are when their digits or their `+` and
        `#` signs differ: Python 2 and 3, or C, C++ and C#, are different things.

        Returns
        -------
        tuple of (str, str)
            Pairs of labels, each pair and the whole in the order of the keys.

        Notes
        -----
        Words that are one edit apart share a word that lacks one letter of either (the deletion
        neighbourhood of Mor and Fraenkel, 1982), so that the cost grows with the total length of
        the names and not with the square of their number. Names of more than sixty characters are
        sentences, and more than twenty names a letter apart are a series: neither is a misspelling.

        Examples
        --------
        >>> Vocabulary.of(["node js", "node.js", "Kubernetes", "Kubernets"]).near_duplicates()
        (('Kubernetes', 'Kubernets'), ('node js', 'node.js'))
        """
        # Hashes stand for the words, which would take the square of a name's length; what they
        # bring together by accident is told apart below.
        neighbours: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for name in self._index:
            signs = telling_signs(name)
            # The leading mark keeps bare words apart from words that lack a letter.
            if bare(name):
                neighbours["bare", hash((signs, bare(name)))].append(name)
            if SHORTEST_NEAR <= len(name) <= LONGEST_NEAR:
                for variant in set(shortened(name)):
                    neighbours["edit", hash((signs, variant))].append(name)
        near = set()
        for (kind, _), names in neighbours.items():
            if len(names) > MOST_NEAR:
                continue
            for one, other in combinations(names, 2):
                alike = bare(one) == bare(other) if kind == "bare" else one_edit_apart(one, other)
                if alike and telling_signs(one) == telling_signs(other):
                    near.add((self._index[one], self._index[other]))
        return tuple((self.labels[one], self.labels[other]) for one, other in sorted(near))
