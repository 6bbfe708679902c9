"""A score that feedback has taught, with its evidence."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError, RecordError
from mentormatch.exchange.preferences import AnyPreference, Preference, Stay, Waited
from mentormatch.exchange.rules.base import FROZEN
from mentormatch.exchange.scores import Score
from mentormatch.matching.record import in_words
from mentormatch.people.doubts import counted
from mentormatch.program import Program

__all__ = ["Calibration", "Evidence", "PreferenceWeight", "learnable"]

#: What is worth less changes no score, which are multiples of it.
LEAST_WEIGHT = 2.0**-40


def learnable(program: Program) -> tuple[AnyPreference, ...]:
    """Return the preferences of a program of which feedback can say what they are worth.

    Who is served first, and which pairs stay, is decided: that makes no pair better.

    Parameters
    ----------
    program
        That of a matching.

    Examples
    --------
    >>> import mentormatch as mm
    >>> learnable(mm.Program(preferences=[mm.RankedWishes(weight=0.1), mm.Waited(weight=4)]))
    (RankedWishes(weight=0.1, kind='ranked_wishes'),)
    """
    return tuple(one for one in program.preferences if not isinstance(one, Stay | Waited))


@dataclass(frozen=True, config=FROZEN)
class PreferenceWeight:
    """What a preference of the program is to be worth.

    Parameters
    ----------
    preference
        Its text.
    weight
        From 2⁻⁴⁰ to 1, or 0: it is to be left out.
    """

    preference: str
    weight: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


@dataclass(frozen=True, config=FROZEN)
class Evidence:
    """What a calibration rests on.

    Parameters
    ----------
    rounds, answers, people, pairs
        How many rounds, how many answers that say how two fit, by how many people about how many
        pairs.
    good
        How many of the answers call the fit good.
    loss_before, loss_after
        How surprising the answers are under the score of the program and under the learned one,
        where pairs are foretold from others with which they share nobody: the mean logarithmic
        loss, in nats. `None` where there is too little to try.
    gain, gain_low, gain_high
        The mean of what is gained, and the bounds of its interval for 95 %.
    """

    rounds: int
    answers: int
    people: int
    pairs: int
    good: int
    loss_before: float | None = None
    loss_after: float | None = None
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None


class Calibration(BaseModel):
    """What feedback says about what a pair is worth. Made by `calibrate`.

    Nothing about persons or groups is in it: only how the program's score puts together what two
    people teach each other, how many wishes it counts, and what the program's own preferences are
    worth.

    Parameters
    ----------
    score
        The score: the program's own where nothing is learned.
    weights
        What each preference of the program is to be worth, in their order; `Waited` and `Stay`,
        which say nothing of how good pairs are, are not among them.
    learned
        Whether the score foretells answers better than the program's own.
    reason
        Why, or why not, in a sentence.
    evidence
        What this rests on.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> matching = mm.match(people, mm.Program())
    >>> found = mm.calibrate([(matching, mm.read_feedback([]))])
    >>> found.learned, found.score == mm.Program().score
    (False, True)
    >>> mm.Calibration.from_json(found.to_json()) == found
    True
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    kind: Literal["mentormatch.calibration"] = "mentormatch.calibration"
    schema_version: Literal[1] = Field(default=1, alias="schema")
    score: Score
    weights: tuple[PreferenceWeight, ...]
    learned: bool
    reason: str
    evidence: Evidence

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return in words what was learned, and from what: for a coordinator."""
        told = self.evidence
        rests_on = (
            f"{counted(told.answers, 'answer', 'answers')} by "
            f"{counted(told.people, 'person', 'people')} about "
            f"{counted(told.pairs, 'pair', 'pairs')}"
        )
        parts = [f"{self.reason} It rests on {rests_on}; {told.good:,} call the fit good."]
        if told.gain is not None and told.loss_before is not None and told.loss_after is not None:
            parts.append(
                f"Of pairs that it has not seen, a fit surprises by {told.loss_after:.3f} instead "
                f"of {told.loss_before:.3f} (gain {told.gain:.3f}, 95% interval "
                f"{told.gain_low:.3f} to {told.gain_high:.3f})."
            )
        if self.learned:
            parts.append(f"The score is {self.score}.")
            parts += [f"{one.preference} is worth {one.weight:.3g}." for one in self.weights]
        return " ".join(parts)

    def program(self, program: Program) -> Program:
        """Return a program with the learned score and the learned weights of its preferences.

        Parameters
        ----------
        program
            With the preferences from which it was learned, in the same order. Its `Waited` and
            `Stay`, if any, are left as they are.

        Returns
        -------
        Program
            A new one, which is matched, proven and verified as any other; the same where nothing
            was learned.

        Raises
        ------
        ProgramError
            When the preferences are others, or the score is none for this format.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records([{"id": "ana"}, {"id": "bo"}])
        >>> program = mm.Program()
        >>> found = mm.calibrate([(mm.match(people, program), mm.read_feedback([]))])
        >>> found.program(program) == program
        True
        """
        texts = [one.preference for one in self.weights]
        told = learnable(program)
        given = [str(one) for one in told]
        if texts != given:
            raise ProgramError(
                f"this was learned for the preferences {texts}, and the program has {given}; give "
                "a program with the same ones, in the same order"
            )
        if not self.learned:
            return program
        preferences: list[Preference] = [
            replace(preference, weight=one.weight)
            for preference, one in zip(told, self.weights, strict=True)
            if one.weight >= LEAST_WEIGHT
        ]
        preferences += [one for one in program.preferences if one not in told]
        return Program(
            objective=program.objective,
            score=self.score,
            format=program.format,
            rules=program.rules,
            preferences=preferences,
        )

    def to_json(self) -> str:
        """Return everything as JSON, evidence included."""
        return self.model_dump_json(indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Calibration":
        """Read a calibration back.

        Parameters
        ----------
        text
            What `to_json` returned.

        Raises
        ------
        RecordError
            When it is none, is damaged or of a schema that this version cannot read.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise RecordError(f"not a whole calibration: {in_words(error)}") from None
