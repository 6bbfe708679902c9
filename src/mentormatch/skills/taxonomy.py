"""Broader and narrower skills, and the credit that one earns for a wish for the other."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from mentormatch.errors import ProgramError, listed
from mentormatch.skills.vocabulary import Vocabulary, key

if TYPE_CHECKING:
    import networkx

__all__ = ["Taxonomy"]


@dataclass(frozen=True)
class Taxonomy:
    """Which skill is a kind of which: a directed acyclic graph from narrower to broader.

    Whoever teaches a narrower skill meets a wish for a broader one: pandas is Python. Whoever
    teaches a broader one meets a part of a wish for a narrower one: `factor` for each step between
    them, by the shortest way. Skills that only share a broader one earn nothing.

    Attributes
    ----------
    links : tuple of (str, str)
        Pairs (narrower, broader), each once.
    factor : float
        What a step from a broader skill to a narrower one leaves of the credit, in [0, 1].

    Raises
    ------
    ProgramError
        When links go round in circles, a name is blank or the factor is not in [0, 1].

    Examples
    --------
    >>> taxonomy = Taxonomy.of([("pandas", "Python"), ("Python", "programming")])
    >>> taxonomy.credit("pandas", "programming"), taxonomy.credit("programming", "pandas")
    (1.0, 0.25)
    """

    links: tuple[tuple[str, str], ...]
    factor: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.factor <= 1.0:
            raise ProgramError(f"the factor of a taxonomy is {self.factor}; give one from 0 to 1")
        if any(not key(name) for link in self.links for name in link):
            raise ProgramError("a link of the taxonomy has a blank name; give both skills")
        self._refuse_circles()

    @classmethod
    def of(cls, links: Iterable[tuple[str, str]], *, factor: float = 0.5) -> "Taxonomy":
        """Gather links between skills.

        Parameters
        ----------
        links
            Pairs (narrower, broader); repeats are one, whatever their spelling.
        factor
            What a step from a broader skill to a narrower one leaves of the credit.

        Returns
        -------
        Taxonomy
        """
        given = sorted(links)
        known: dict[str, str] = {}
        for name in (name for link in given for name in link):
            known.setdefault(key(name), " ".join(name.split()))
        pairs = {(key(narrower), key(broader)) for narrower, broader in given}
        return cls(tuple((known[one], known[other]) for one, other in sorted(pairs)), factor)

    @classmethod
    def from_networkx(cls, graph: "networkx.DiGraph[str]", *, factor: float = 0.5) -> "Taxonomy":
        """Read a graph whose edges go from the narrower to the broader skill.

        Parameters
        ----------
        graph
            Nodes are names of skills.
        factor
            As in `of`.

        Returns
        -------
        Taxonomy
        """
        return cls.of(graph.edges(), factor=factor)

    def to_networkx(self) -> "networkx.DiGraph[str]":
        """Return the taxonomy as a graph; edges go from the narrower to the broader skill.

        Returns
        -------
        networkx.DiGraph
        """
        import networkx  # Imported here: it would triple the time that importing the library takes.

        graph: networkx.DiGraph[str] = networkx.DiGraph()
        graph.add_edges_from(self.links)
        return graph

    def __len__(self) -> int:
        return len(self.links)

    def __repr__(self) -> str:
        return f"Taxonomy({len(self.links):,} links, factor={self.factor:g})"

    def credit(self, taught: str, wished: str) -> float:
        """Return what teaching one skill is worth for a wish for another.

        Parameters
        ----------
        taught, wished
            Names of skills, in any spelling.

        Returns
        -------
        float
            1 for the same or a narrower skill, ``factor ** steps`` for a broader one, else 0.
        """
        one, other = key(taught), key(wished)
        if one == other or other in self._above(one):
            return 1.0
        steps = self._above(other).get(one)
        return 0.0 if steps is None else float(self.factor**steps)

    def credits(self, skills: Vocabulary) -> "csr_array[np.float64]":
        """Return the credit between all skills of a vocabulary.

        Parameters
        ----------
        skills
            What people name; the taxonomy's other skills only link these.

        Returns
        -------
        csr_array of float64, shape (skills, skills)
            Row: taught, column: wished; positive entries only, 1 on the diagonal.
        """
        place = {key(label): column for column, label in enumerate(skills.labels)}
        diagonal = np.arange(len(place))
        rows, columns, worth = [*diagonal.tolist()], [*diagonal.tolist()], [1.0] * len(place)
        for name, column in place.items():
            for other, steps in self._above(name).items():
                if other in place:
                    rows += [column, place[other]]
                    columns += [place[other], column]
                    worth += [1.0, float(self.factor**steps)]
        matrix = csr_array((worth, (rows, columns)), shape=(len(place), len(place)))
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return matrix

    def relatives(self, skill: str) -> frozenset[str]:
        """Return the keys of all skills that are broader or narrower than one, however far.

        Parameters
        ----------
        skill
            The skill, in any spelling.

        Returns
        -------
        frozenset of str
        """
        return frozenset(self._above(key(skill))) | frozenset(_reached(key(skill), self._narrower))

    def fingerprint(self) -> str:
        """Return a text that differs when the links or the factor do, whatever the spelling.

        Returns
        -------
        str
        """
        links = sorted((key(narrower), key(broader)) for narrower, broader in self.links)
        return json.dumps([self.factor, links])

    @cached_property
    def _broader(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for narrower, broader in self.links:
            found[key(narrower)].append(key(broader))
        return found

    @cached_property
    def _narrower(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for narrower, broader in self.links:
            found[key(broader)].append(key(narrower))
        return found

    def _above(self, name: str) -> dict[str, int]:
        """Return all broader skills, each with the fewest steps to it."""
        return _reached(name, self._broader)

    def _refuse_circles(self) -> None:
        """Take away what has nothing broader, again and again; what is left leads to a circle."""
        left = {name: set(above) for name, above in self._broader.items()}
        free = [name for name in self._narrower if name not in left]
        while free:
            top = free.pop()
            for name in self._narrower.get(top, ()):
                left[name].discard(top)
                if not left[name]:
                    del left[name]
                    free.append(name)
        if not left:
            return
        labels = {key(name): name for link in self.links for name in link}
        path: dict[str, None] = {}
        name = min(left)
        while name not in path:
            path[name] = None
            name = min(left[name])
        circle = [*path][[*path].index(name) :]
        raise ProgramError(
            "skills of the taxonomy are broader than themselves: "
            f"{listed([labels[one] for one in [*circle, name]]).replace(', ', ' -> ')}; take out "
            "one of these links (each goes from the narrower to the broader skill)"
        )


def _reached(start: str, following: Mapping[str, list[str]]) -> dict[str, int]:
    """Return what can be reached from a skill, each with the fewest steps: breadth first."""
    steps: dict[str, int] = {}
    front, distance = [start], 0
    while front:
        distance += 1
        front = [
            other
            for other in dict.fromkeys(o for name in front for o in following.get(name, ()))
            if other not in steps
        ]
        steps |= dict.fromkeys(front, distance)
    return steps
