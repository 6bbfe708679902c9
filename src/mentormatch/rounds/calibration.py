"""A score that feedback has taught, with its evidence."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError, RecordError
from mentormatch.exchange.preferences import Preference, of_worth
from mentormatch.exchange.rules.base import FROZEN
from mentormatch.exchange.scores import Score
from mentormatch.matching.record import in_words
from mentormatch.people import Cohort
from mentormatch.people.doubts import counted
from mentormatch.program import Program
from mentormatch.skills.taxonomy import Taxonomy

__all__ = ["Calibration", "Evidence", "PreferenceWeight", "TaxonomyCredit"]

#: What is worth less changes no score, which are multiples of it.
LEAST_WEIGHT = 2.0**-40


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
class TaxonomyCredit:
    """What broader and narrower skills are to be worth for a wish, by the people's own taxonomy.

    Parameters
    ----------
    factor
        What each step from a broader skill to a narrower one leaves of the credit, in [0, 1]; a
        narrower skill meets a wish for a broader one. `None`: neither earns anything.
    """

    factor: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)] | None

    def __str__(self) -> str:
        if self.factor is None:
            return "broader and narrower skills earn nothing"
        if self.factor in (0.0, 1.0):
            return f"a broader skill earns {'all the credit' if self.factor else 'nothing'}"
        left = f"leaves {self.factor:.3g} of the credit"
        return f"each step from a broader skill to a narrower one {left}"

    def given(self, taxonomy: Taxonomy | None) -> Taxonomy | None:
        """Return a taxonomy in which skills earn so much; `None` for no credit at all."""
        if taxonomy is None or self.factor is None:
            return None
        return replace(taxonomy, factor=self.factor)


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
    people teach each other, how many wishes it counts, what the program's own preferences are
    worth, and what the people's taxonomy is.

    Parameters
    ----------
    score
        The score: the program's own where nothing is learned.
    weights
        What each preference of the program is to be worth, in their order.
    learned
        Whether the score foretells answers better than the program's own.
    reason
        Why, or why not, in a sentence.
    evidence
        What this rests on.
    taxonomy
        What skills are to earn by the people's taxonomy; `None` where it stays as it is. No score
        knows of it: `people` puts it where it belongs.

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
    taxonomy: TaxonomyCredit | None = None

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
            if self.taxonomy is not None:
                parts.append(f"By the taxonomy, {self.taxonomy}.")
        return " ".join(parts)

    def program(self, program: Program) -> Program:
        """Return a program with the learned score and the learned weights of its preferences.

        Parameters
        ----------
        program
            With the preferences from which it was learned, in the same order; `Waited` and `Stay`
            are left as they are.

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
        told = of_worth(program.preferences)
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

    def people(self, people: Cohort) -> Cohort:
        """Return people whose taxonomy gives the credit that was learned.

        Parameters
        ----------
        people
            With their taxonomy.

        Returns
        -------
        Cohort
            The same people; `with_taxonomy` tells what becomes of them. The very same where
            nothing was learned about it.

        Raises
        ------
        ProgramError
            When a credit was learned, and they have no taxonomy.

        Warns
        -----
        ProfileWarning
            As `with_taxonomy` does.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records([{"id": "ana"}, {"id": "bo"}])
        >>> found = mm.calibrate([(mm.match(people, mm.Program()), mm.read_feedback([]))])
        >>> found.people(people) is people
        True
        """
        if not self.learned or self.taxonomy is None:
            return people
        if people.taxonomy is None and self.taxonomy.factor is not None:
            raise ProgramError(
                f"it was learned that {self.taxonomy}, and these people have no taxonomy; give it "
                "first: people.with_taxonomy(...)"
            )
        return people.with_taxonomy(self.taxonomy.given(people.taxonomy))

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
