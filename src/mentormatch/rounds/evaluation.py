"""Whether a matching worked, as data, as a table, and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from mentormatch.matching.tables import harmless, html_table, text_table
from mentormatch.rounds.estimate import Estimate
from mentormatch.rounds.outcomes import (
    Benefit,
    Bridging,
    Favoured,
    GroupOutcome,
    Learned,
    Meeting,
    Prediction,
    Response,
)

__all__ = ["Evaluation", "Row"]

#: A line of the table: what, its value, and how many answers it rests on.
Row = tuple[str, str, str]
Reader = Literal["coordinator", "auditor"]
READERS = ("coordinator", "auditor")

#: How many skills are named before the rest is counted.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Whether a matching worked, by what people say. Made by `evaluate`.

    What fewer than five people said is told nowhere. Who would not go on with a partner is kept as
    a decline is: the share of those who would is for an auditor, as are groups of attributes that
    are for the audit alone.

    Attributes
    ----------
    response : Response
        Who has answered.
    meeting : Meeting
        Whether pairs have met.
    benefit : Benefit
        What was promised against what is reported.
    prediction : Prediction
        How well the score foretold the fit.
    favoured : tuple of Favoured
        By preference of the program.
    groups : tuple of GroupOutcome
        Of the attributes asked for that anybody may read.
    bridging : Bridging or None
        Departments joined; `None` where nobody's is known.
    learned : Learned
        What was learned against what was wished for.
    audited_groups : tuple of GroupOutcome
        Of the attributes asked for that are for the audit alone: for an auditor.
    go_on : Estimate or None
        The share of answers by people who would go on with the partner: for an auditor.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [{"id": f"a{n}", "teaches": "sql", "wants": "leading"} for n in range(3)]
    ...     + [{"id": f"b{n}", "teaches": "leading", "wants": "sql"} for n in range(3)]
    ... )
    >>> matching = mm.match(people, mm.Program())
    >>> said = {"date": "2026-03-02", "met": True, "fit": 4}
    >>> feedback = mm.read_feedback(
    ...     [
    ...         {**said, "a": pair.a, "b": pair.b, "by": by, "wishes_met": taught}
    ...         for pair in matching.pairs
    ...         for by, taught in ((pair.a, pair.b_teaches), (pair.b, ()))
    ...     ]
    ... )
    >>> evaluation = mm.evaluate(matching, feedback)
    >>> print(evaluation.sentence)
    6 of 6 answers came (100%). They report 50% (13% to 87%) of wishes met, where 100% was \
promised. 100% (44% to 100%) call the fit good. Whether the score foretells the fit cannot be \
told: all answers are alike.
    """

    response: Response
    meeting: Meeting
    benefit: Benefit
    prediction: Prediction
    favoured: tuple[Favoured, ...]
    groups: tuple[GroupOutcome, ...]
    bridging: Bridging | None
    learned: Learned
    audited_groups: tuple[GroupOutcome, ...] = field(repr=False)
    go_on: Estimate | None = field(repr=False)

    @property
    def sentence(self) -> str:
        """The whole in a few sentences, for a coordinator."""
        told = self.response
        parts = [f"{told.answered:,} of {told.asked:,} answers came{_in_brackets(told.rate)}."]
        if self.benefit.reported is not None and self.benefit.promised is not None:
            parts.append(
                f"They report {self.benefit.reported.percent} of wishes met, where "
                f"{self.benefit.promised.value:.0%} was promised."
            )
        if self.prediction.good is None:
            return " ".join([*parts, "Too few people say how they fit to tell more."])
        parts.append(f"{self.prediction.good.percent} call the fit good.")
        return " ".join([*parts, _foretold(self.prediction.area)])

    def rows(self, audience: Reader = "coordinator") -> tuple[Row, ...]:
        """Return the numbers as a table: what, its value with its interval, and of how many.

        Parameters
        ----------
        audience
            Who reads it.

        Raises
        ------
        ValueError
            When there is no such audience.
        """
        _check(audience)
        estimates: list[tuple[str, Estimate | None]] = [
            ("answers that came", self.response.rate),
            ("have met", self.meeting.met),
            ("wishes met, promised", self.benefit.promised),
            ("wishes met, reported", self.benefit.reported),
            ("reported less promised", self.benefit.difference),
            ("fit", self.prediction.fit),
            ("fit is good", self.prediction.good),
            ("score foretells a good fit (AUC)", self.prediction.area),
            ("fit, for 1 more of score", self.prediction.slope),
        ]
        if audience == "auditor":
            estimates.append(("would go on", self.go_on))
        return tuple(
            (what, "-", "-") if one is None else (what, str(one), f"{one.answers:,}")
            for what, one in estimates
        )

    def to_dict(self, audience: Reader = "coordinator") -> dict[str, Any]:
        """Return everything as plain data, for JSON.

        Parameters
        ----------
        audience
            Who reads it: what is for an auditor alone is not there for a coordinator.

        Raises
        ------
        ValueError
            When there is no such audience.
        """
        _check(audience)
        kept = asdict(self)
        if audience == "coordinator":
            kept = {name: kept[name] for name in kept if name not in ("audited_groups", "go_on")}
        return kept

    def text(self, audience: Reader = "coordinator") -> str:
        """Return the evaluation in words and tables.

        Parameters
        ----------
        audience
            Who reads it; no participant does, as it speaks of everybody.

        Raises
        ------
        ValueError
            When there is no such audience.
        """
        groups = self.groups
        if audience == "auditor":
            groups = (*groups, *self.audited_groups)
        parts = [
            self.sentence,
            text_table(("", "estimate (95% interval)", "answers"), self.rows(audience)),
            *self._sections(),
            *_group_texts(groups),
        ]
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        header = ("", "estimate (95% interval)", "answers")
        return html_table(header, self.rows(), self.sentence)

    def _sections(self) -> Iterator[str]:
        yield self._pairs_text()
        if self.prediction.classes:
            rows = [
                (
                    f"{one.low:.2f} to {one.high:.2f}",
                    one.good.percent,
                    str(one.fit),
                    f"{one.fit.answers:,}",
                )
                for one in self.prediction.classes
            ]
            header = ("score", f"fit is {self.prediction.good_from:g} or more", "fit", "answers")
            yield f"By score:\n{text_table(header, rows)}"
        if self.favoured:
            lines = [
                (one.preference, f"{one.pairs:,}", _or_dash(one.fit), _or_dash(one.others_fit))
                for one in self.favoured
            ]
            header = ("preference", "pairs", "fit of these", "fit of others")
            yield f"By preference:\n{text_table(header, lines)}"
        yield _bridging_text(self.bridging)
        yield _learned_text(self.learned)

    def _pairs_text(self) -> str:
        told, meeting = self.response, self.meeting
        heard = f"somebody has answered about {told.heard:,}, and both about {told.both:,}"
        parts = [f"Pairs: of {told.pairs:,}, {heard}."]
        if meeting.disputed:
            parts.append(
                f"Of {meeting.disputed:,} one says that they have met, and the other that they "
                "have not."
            )
        if meeting.hours is not None:
            parts.append(f"Hours together, on average: {meeting.hours:.1f}.")
        return " ".join(parts)


def _check(audience: str) -> None:
    if audience not in READERS:
        raise ValueError(
            f"audience is {audience!r}; an evaluation is for 'coordinator' or 'auditor', as it "
            "speaks of everybody"
        )


def _foretold(area: Estimate | None) -> str:
    """Say whether the score foretells the fit, as far as it can be told."""
    if area is None:
        return "Whether the score foretells the fit cannot be told: all answers are alike."
    often = f"of a good and another fit, the good one has the higher score {area.percent} of times"
    if area.low > 0.5:
        return f"The score foretells the fit: {often}."
    if area.high < 0.5:
        return f"The score misleads: {often}."
    return f"Whether the score foretells the fit cannot be told yet: {often}."


def _in_brackets(rate: Estimate | None) -> str:
    return "" if rate is None else f" ({rate.value:.0%})"


def _or_dash(estimate: Estimate | None) -> str:
    return "-" if estimate is None else str(estimate)


def _bridging_text(bridging: Bridging | None) -> str:
    if bridging is None:
        return "Departments: nobody's is known."
    planned = f"Departments: {bridging.planned.across:.0%} of all pairs join two of them"
    if bridging.links_met is None:
        return f"{planned}; too few people say that they have met to tell more."
    return (
        f"{planned}, and {bridging.across_met:.0%} of those that have met. That links departments "
        f"{bridging.links:,} times, {bridging.links_met:,} of these by pairs that have met."
    )


def _learned_text(learned: Learned) -> str:
    if learned.wished is None:
        return "Learned: too few people say what."
    rows = [
        (
            one.skill or f"{one.skills:,} skills of few people",
            f"{one.wished:,}",
            f"{one.promised:,}",
            f"{one.learned:,}",
        )
        for one in learned.skills
    ]
    whole = (
        f"Learned: of {learned.wished:,} wishes, partners could meet {learned.promised:,}, and "
        f"{learned.learned:,} were met; {learned.beyond:,} things were learned that nobody had "
        "wished for."
    )
    if not rows:
        return whole
    table = text_table(("skill", "wished", "promised", "learned"), rows[:NAMED])
    more = f"\n... and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
    return f"{whole}\n{table}{more}"


def _group_texts(groups: Sequence[GroupOutcome]) -> Iterator[str]:
    for attribute in dict.fromkeys(group.attribute for group in groups):
        rows = [
            (
                group.value or "(blank)",
                f"{group.people:,}",
                "-" if group.rate is None else f"{group.rate:.0%}",
                _or_dash(group.fit),
                "-" if group.reported is None else group.reported.percent,
            )
            for group in groups
            if group.attribute == attribute
        ]
        header = (attribute, "people", "answers", "fit", "wishes met")
        yield f"By {harmless(attribute)}:\n{text_table(header, rows)}"
