"""How times grow with the people: of the solver with its pairs, of finding pairs with their number.

Run it alone with ``python -m benchmarks.growth``.
"""

from pathlib import Path

from benchmarks.candidates import found
from benchmarks.engine import lines, raced
from benchmarks.measuring import Section, duration, exponent, per_pair, ratio
from benchmarks.pairs import CONSIDERED, RULES
from benchmarks.picture import Line, draw

__all__ = ["FULL_SIZES", "SIZES", "report"]

SIZES = (12_500, 25_000, 50_000, 100_000)
FULL_SIZES = (125_000, 250_000, 500_000, 1_000_000)
BEST = 10
PEER = "OR-Tools"


def report(sizes: tuple[int, ...] = SIZES, picture: Path | None = None) -> Section:
    """Measure workforces of several sizes.

    Parameters
    ----------
    sizes
        Numbers of people, ascending.
    picture
        Where to draw the times.
    """
    races = [raced(size, BEST, (PEER,)) for size in sizes]
    looks = [found(size) for size in sizes]
    rows = [
        (
            f"{race.people:,}",
            ratio(race.peers[PEER], race.ours) if race.peers else "",
            f"{race.pairs:,}",
            duration(race.ours),
            per_pair(race.ours, race.pairs),
            f"{look.reciprocal * look.step:,}",
            f"{look.allowed * look.step:,}",
            per_pair(look.every, look.reciprocal),
            per_pair(look.best, look.reciprocal),
        )
        for race, look in zip(races, looks, strict=True)
    ]
    pairs = [race.pairs for race in races]
    reciprocal = [look.reciprocal * look.step for look in looks]
    best = [look.best * look.step for look in looks]
    if picture:
        drawn = [*lines(races), Line("finding the pairs", pairs, best, "ours")]
        draw(drawn, (f"pairs kept, the best {BEST} of each person", "seconds"), picture)
    ours = [race.ours for race in races]
    each = [(look.every / look.reciprocal, look.best / look.reciprocal) for look in looks]
    every_grew, best_grew = map(ratio, each[-1], each[0])
    notes = (
        f"Exponents from {sizes[0]:,} to {sizes[-1]:,} people, by least squares: "
        f"{exponent(pairs, ours):.2f} for `solve_assignment` in the number of its pairs, "
        f"{exponent(reciprocal, best):.2f} for finding pairs in the number of those that have "
        f"something to exchange both ways. Each of these takes {best_grew} the time, last size "
        f"against first, and {every_grew} where every pair is handed on. The solver has the best "
        f"{BEST} of each person, of {RULES}. Pairs are found by an index of skills: every pair "
        f"with both benefits, or the best {CONSIDERED} of each person. The times are those of one "
        "side looking through the other; large ones, and the numbers of pairs, come from a sample "
        "of the people."
    )
    columns = (
        "people",
        f"{PEER} / ours",
        "pairs solved",
        "solving",
        "per pair solved",
        "reciprocal pairs",
        "allowed pairs",
        "finding every pair, per reciprocal pair",
        "finding the best, per reciprocal pair",
    )
    return Section("How it grows", notes, columns, rows, picture.name if picture else None)


if __name__ == "__main__":
    print(report())
