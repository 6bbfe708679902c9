"""The run record: what was decided, from what and how, as JSON for the auditors."""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mentormatch.assign.problem import Objective, Solution
from mentormatch.errors import RecordError
from mentormatch.matching.answer import (
    Aside,
    Pair,
    PairSequence,
    Unmatched,
    aside_of,
    unmatched_of,
)
from mentormatch.matching.certificate import Certificate
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.sides import split
from mentormatch.solving.solve import Solved, graph_of

__all__ = ["RunRecord", "read_record", "record_of", "solved_again"]

RECORD: Literal["mentormatch.run"] = "mentormatch.run"
SCHEMA: Literal[1] = 1


class _Part(BaseModel):
    # Strict: what is written as a text is no number, and 1.0 is no seed.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class RecordedPeople(_Part):
    """Who the run was about: how many, what their profiles hash to, and how they were read."""

    count: int
    digest: str
    read: str


class RecordedCertificate(_Part):
    """Prices by id; the pairs and scores that they prove stand in the record's pairs."""

    prices: dict[str, float]
    count_prices: dict[str, float] | None
    inflation: float


class RunRecord(_Part):
    """One run of `mentormatch.match`, complete enough to be checked again without the solver.

    Nobody's declines are in it, nor in the digest of the people.
    """

    model_config = ConfigDict(
        validate_by_alias=True, validate_by_name=True, serialize_by_alias=True
    )

    record: Literal["mentormatch.run"] = RECORD
    schema_version: Literal[1] = Field(default=SCHEMA, alias="schema")
    versions: dict[str, str]
    people: RecordedPeople
    program: dict[str, Any]
    seed: int
    sides: tuple[str, str]
    status: Literal["optimal", "feasible"]
    removed: tuple[tuple[str, int], ...]
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    taking_no_part: tuple[Aside, ...]
    certificate: RecordedCertificate

    def proof(self) -> Certificate:
        """Return the certificate that the record holds."""
        counts = self.certificate.count_prices
        return Certificate(
            objective="score" if counts is None else "people_then_score",
            pairs=tuple((pair.a, pair.b) for pair in self.pairs),
            scores=tuple(pair.score for pair in self.pairs),
            prices=self.certificate.prices,
            count_prices=counts,
            inflation=self.certificate.inflation,
        )


def library_versions() -> dict[str, str]:
    """Return the versions of everything that a decision may depend on."""
    names = {"mentormatch": "mentormatch-engine"} | {
        name: name for name in ("numpy", "scipy", "networkx", "pydantic")
    }
    found = {name: version(distribution) for name, distribution in names.items()}
    return found | {"python": ".".join(map(str, sys.version_info[:3]))}


def digest_of(people: Cohort, seed: int) -> str:
    """Return the digest of a cohort that a record of this seed carries."""
    return people.digest(f"{RECORD}/{SCHEMA}/{seed}")


def record_of(solved: Solved) -> RunRecord:
    """Return the record of a solved program."""
    people, proof = solved.graph.people, Certificate.of(solved)
    return RunRecord(
        versions=library_versions(),
        people=RecordedPeople(
            count=len(people), digest=digest_of(people, solved.seed), read=people.summary()
        ),
        program=solved.program.model_dump(mode="json"),
        seed=solved.seed,
        sides=solved.sides.names,
        status=solved.solution.status.value,
        removed=solved.graph.removed,
        pairs=tuple(PairSequence(solved)),
        unmatched=unmatched_of(solved),
        taking_no_part=aside_of(solved),
        certificate=RecordedCertificate(
            prices=dict(proof.prices),
            count_prices=None if proof.count_prices is None else dict(proof.count_prices),
            inflation=proof.inflation,
        ),
    )


def solved_again(record: RunRecord, proof: Certificate, people: Cohort, program: Program) -> Solved:
    """Check a record against people and program, and return what was solved then.

    Raises
    ------
    RecordError
        When the people or the program differ, the proof fails, or anything else in the record
        is not what these people and this program give.
    """
    if record.people.digest != digest_of(people, record.seed):
        raise RecordError(
            "these are not the people of the record: a profile was added, removed or changed"
        )
    if record.program != program.model_dump(mode="json"):
        raise RecordError("this is not the program of the record")
    found = proof.verify(people, program)
    if not found.ok:
        raise RecordError("the record's proof does not hold: " + "; ".join(found.violations))
    solved = _solved(proof, people, program, record.seed)
    again = record_of(solved)
    changed = [
        name
        for name in type(record).model_fields
        if name not in {"versions", "people"} and getattr(again, name) != getattr(record, name)
    ]
    if changed:
        raise RecordError(
            f"the record was changed: its {', '.join(changed)} are not what these people give"
        )
    return solved


def _solved(proof: Certificate, people: Cohort, program: Program, seed: int) -> Solved:
    """Put a verified certificate in the place of a solver's solution."""
    sides = split(people, program.format)
    graph = graph_of(people, program, sides)
    place_a = {person: place for place, person in enumerate(graph.a_ids)}
    place_b = {person: place for place, person in enumerate(graph.b_ids)}
    chosen = sorted(
        (place_a[a], place_b[b], score)
        for (a, b), score in zip(proof.pairs, proof.scores, strict=True)
    )
    rows, cols, scores = (
        (np.array(column) for column in zip(*chosen, strict=True))
        if chosen
        else (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    )
    counts = proof.count_prices
    solution = Solution(
        objective=Objective(proof.objective),
        rows=rows,
        cols=cols,
        scores=scores,
        row_prices=_in_order(proof.prices, graph.a_ids),
        col_prices=_in_order(proof.prices, graph.b_ids),
        lam=proof.inflation,
        row_count_prices=None if counts is None else _in_order(counts, graph.a_ids),
        col_count_prices=None if counts is None else _in_order(counts, graph.b_ids),
    )
    return Solved(program, sides, graph, solution, seed)


def _in_order(prices: Mapping[str, float], ids: tuple[str, ...]) -> NDArray[np.float64]:
    return np.array([prices[person] for person in ids], dtype=np.float64)


def read_record(text: str | bytes) -> RunRecord:
    """Read a record from JSON.

    Raises
    ------
    RecordError
        When the text is no record, is damaged, or is of a schema that this version cannot read.
    """
    try:
        return RunRecord.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        where = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the text'}: {fault['msg']}"
            for fault in faults[:5]
        )
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise RecordError(
            f"this is no {RECORD!r} record of schema {SCHEMA} that is whole: {where}{more}"
        ) from None
