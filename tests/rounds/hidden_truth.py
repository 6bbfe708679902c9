"""Feedback drawn from a truth that is known, so that estimates can be held against it."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Truth:
    """What is behind the answers.

    Attributes
    ----------
    answers : float
        How likely anybody answers.
    met : float
        How likely a wish is met.
    slope : float
        How much better the fit is for 1 more of score.
    """

    answers: float = 0.7
    met: float = 0.55
    slope: float = 2.0

    def numbers(self, matching: mm.Matching) -> dict[str, float]:
        """All that an evaluation estimates, from the definitions."""
        scores = np.array([pair.score for pair in matching.pairs])
        middle = self._middle(scores)
        # A fit is a whole number from 1 to 5: the chance of each.
        edges = norm.cdf((np.arange(1.5, 5.0)[:, None] - middle) / SPREAD)
        fits = 1.0 + (1.0 - edges).sum(axis=0)
        good = 1.0 - edges[2]  # 4 or 5
        higher = (scores[:, None] > scores) + 0.5 * (scores[:, None] == scores)
        chances = good[:, None] * (1.0 - good)
        promised = [one for pair in matching.pairs for one in (pair.a_benefit, pair.b_benefit)]
        return {
            "rate": self.answers,
            "reported": self.met,
            "difference": self.met - float(np.mean(promised)),
            "fit": float(fits.mean()),
            "good": float(good.mean()),
            "area": float((chances * higher).sum() / chances.sum()),
            "slope": float(np.polyfit(scores, fits, 1)[0]),
        }

    def feedback(self, matching: mm.Matching, seed: int) -> mm.Feedback:
        """What people say, which chance decides."""
        draw = np.random.default_rng(seed)
        people = matching._attached().graph.people
        records: list[dict[str, Any]] = []
        for pair in matching.pairs:
            willing, fitting = draw.standard_normal(2)
            for by in (pair.a, pair.b):
                own = draw.standard_normal(2)
                will = np.sqrt(SHARED) * willing + np.sqrt(1.0 - SHARED) * own[0]
                fit = np.sqrt(SHARED) * fitting + np.sqrt(1.0 - SHARED) * own[1]
                wishes = people.participant(by).wants
                met = [skill for skill in wishes if draw.random() < self.met]
                if will < norm.ppf(self.answers):
                    level = round(float(self._middle(np.array(pair.score)) + SPREAD * fit))
                    said = {"fit": min(max(level, 1), 5), "wishes_met": met, "met": True}
                    records.append(
                        {"a": pair.a, "b": pair.b, "by": by, "date": "2026-03-02", **said}
                    )
        return mm.read_feedback(records)

    def _middle(self, scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return 3.0 + self.slope * (scores - 0.25)  # about their middle


def estimates(evaluation: mm.Evaluation) -> dict[str, Any]:
    """The same numbers as `Truth.numbers`, as an evaluation has them."""
    return {
        "rate": evaluation.response.rate,
        "reported": evaluation.benefit.reported,
        "difference": evaluation.benefit.difference,
        "fit": evaluation.prediction.fit,
        "good": evaluation.prediction.good,
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
