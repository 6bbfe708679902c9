"""Feedback drawn from a truth that is known, so that estimates can be held against it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from scipy.stats import norm

import mentormatch as mm

#: How much of what differs between people is the pair's.
SHARED = 0.4
#: How much fits differ beyond what the score says.
SPREAD = 1.1


def round_of(pairs: int, seed: int = 0) -> mm.Matching:
    """A program of so many pairs, on whose scores chance decides."""
    draw = np.random.default_rng(seed)
    skills = [f"skill {n}" for n in range(8)]
    people: list[dict[str, Any]] = []
    for n in range(2 * pairs):
        teaches, wants = np.split(draw.permutation(skills), [4])
        people.append(
            {
                "id": f"p{n}",
                "rank": 6 if n < pairs else 1,
                "department": f"D{draw.integers(4)}",
                "site": "Oslo" if draw.random() < 0.5 else "Pune",
                "teaches": [f"{one}:{draw.integers(1, 6)}" for one in teaches],
                "wants": list(wants),
            }
        )
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
        rules=[mm.Require([(f"p{n}", f"p{pairs + n}") for n in range(pairs)])],
        preferences=[mm.Prefer(mm.Same("site"), weight=0.05)],
    )
    return mm.match(mm.read_records(people), program)


#: What a pair is worth.
Worth = Callable[[mm.Pair], float]


@dataclass(frozen=True)
class Truth:
    """What is behind the answers.

    Attributes
    ----------
    answers : float
        How likely anybody answers.
    met : float
        How likely a wish of two who meet is met.
    slope : float
        How much better the fit is for 1 more of worth.
    meets : float
        How likely two meet at all. Who never met says nothing else.
    habit : float
        How much of what differs between answers is that of one who answers, about all partners.
    worth, score : functions of a pair
        What it is really worth, and what the program says.
    """

    answers: float = 0.7
    met: float = 0.55
    slope: float = 2.0
    meets: float = 1.0
    habit: float = 0.0
    worth: Worth = attrgetter("score")
    score: Worth = attrgetter("score")

    def expected(self, pairs: Sequence[mm.Pair]) -> Any:
        """The mean fit of each pair, how likely it is called good, and how likely they go on."""
        middle = self._middle(np.array([self.worth(pair) for pair in pairs]))
        # A fit is a whole number from 1 to 5: the chance of each.
        edges = norm.cdf((np.arange(1.5, 5.0)[:, None] - middle) / SPREAD)
        return 1.0 + (1.0 - edges).sum(axis=0), 1.0 - edges[2], 1.0 - edges[0]

    def numbers(self, matching: mm.Matching) -> dict[str, float]:
        """All that an evaluation estimates, from the definitions."""
        scores = np.array([self.score(pair) for pair in matching.pairs])
        fits, good, going_on = self.expected(matching.pairs)
        higher = (scores[:, None] > scores) + 0.5 * (scores[:, None] == scores)
        chances = good[:, None] * (1.0 - good)
        promised = [one for pair in matching.pairs for one in (pair.a_benefit, pair.b_benefit)]
        return {
            "rate": self.answers,
            "have met": self.meets,
            "promised": float(np.mean(promised)),
            "reported": self.meets * self.met,
            "difference": self.meets * self.met - float(np.mean(promised)),
            "fit": float(fits.mean()),
            "good": float(good.mean()),
            "going on": float(going_on.mean()),
            "area": float((chances * higher).sum() / chances.sum()),
            "slope": float(np.polyfit(scores, fits, 1)[0]),
        }

    def feedback(self, matching: mm.Matching, seed: int) -> mm.Feedback:
        """What people say, which chance decides."""
        people = matching._attached().graph.people
        wishes = {one.id: one.wants for one in people}
        said = self.said(matching.pairs, wishes, np.random.default_rng(seed), {})
        return mm.read_feedback([{**one, "date": "2026-03-02"} for one in said])

    def said(
        self,
        pairs: Sequence[mm.Pair],
        wishes: Mapping[str, Iterable[str]],
        draw: np.random.Generator,
        habits: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """What each of those who answer says, without a date; habits are kept for later rounds."""
        records: list[dict[str, Any]] = []
        enough = norm.ppf(self.answers)
        alone = np.sqrt(1.0 - SHARED - self.habit)
        for pair in pairs:
            of_both = np.sqrt(SHARED) * draw.standard_normal(2)
            do_meet = self.meets == 1.0 or draw.random() < self.meets
            middle = float(self._middle(np.array(self.worth(pair))))
            for by in (pair.a, pair.b):
                will, fit = of_both + alone * draw.standard_normal(2)
                if self.habit:
                    if by not in habits:
                        habits[by] = np.sqrt(self.habit) * draw.standard_normal(2)
                    will, fit = (will, fit) + habits[by]
                met = [skill for skill in wishes[by] if draw.random() < self.met]
                if will < enough:
                    level = min(max(round(middle + SPREAD * float(fit)), 1), 5)
                    about = {"a": pair.a, "b": pair.b, "by": by, "met": do_meet}
                    told = {"fit": level, "wishes_met": met, "go_on": level > 1}
                    records.append({**about, **(told if do_meet else {})})
        return records

    def _middle(self, worths: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return 3.0 + self.slope * (worths - 0.25)  # about their middle


def estimates(evaluation: mm.Evaluation) -> dict[str, Any]:
    """The same numbers as `Truth.numbers`, as an evaluation has them."""
    return {
        "rate": evaluation.response.rate,
        "have met": evaluation.meeting.met,
        "promised": evaluation.benefit.promised,
        "reported": evaluation.benefit.reported,
        "difference": evaluation.benefit.difference,
        "fit": evaluation.prediction.fit,
        "good": evaluation.prediction.good,
        "going on": evaluation.go_on,
        "area": evaluation.prediction.area,
        "slope": evaluation.prediction.slope,
    }


def coverage(pairs: int, seeds: int, truth: Truth) -> dict[str, float]:
    """In how many of so many runs each interval holds the truth."""
    held = dict.fromkeys(truth.numbers(round_of(2)), 0)
    matching = round_of(pairs)
    true = truth.numbers(matching)
    for seed in range(seeds):
        found = estimates(mm.evaluate(matching, truth.feedback(matching, seed)))
        for name, value in true.items():
            one = found[name]
            held[name] += one is not None and one.low <= value <= one.high
    return {name: count / seeds for name, count in held.items()}
