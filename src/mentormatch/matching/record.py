"""The run record: what was decided, from what and how, as JSON for the auditors."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mentormatch._version import __version__
from mentormatch.assign.floor import given_up
from mentormatch.assign.problem import Status
from mentormatch.errors import RecordError
from mentormatch.exchange.layout import Layout
from mentormatch.matching.answer import (
    Aside,
    Pair,
    PairSequence,
    Unmatched,
    aside_of,
    unmatched_of,
)
from mentormatch.matching.certificate import Certificate
from mentormatch.matching.floor import Floor
from mentormatch.matching.groups import OddSet
from mentormatch.matching.load_checks import PairPrice
from mentormatch.matching.pool_proof import PoolCertificate
from mentormatch.matching.proofs import certificate_of
from mentormatch.matching.ring_proof import RingCertificate
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.matching.spread_checks import GroupPrice
from mentormatch.matching.trio import Trio, trio_of
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.divided import divided
from mentormatch.solving.solve import solve, solved_before
from mentormatch.solving.solved import Solved, Way

__all__ = ["RunRecord", "in_words", "read_record", "record_of", "solved_again"]

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
    """Prices by id, side a first; the pairs and scores that they prove are the record's pairs."""

    model_config = ConfigDict(allow_inf_nan=False)

    prices: tuple[dict[str, float], ...]
    count_prices: tuple[dict[str, float], ...] | None
    inflation: float
    odd_sets: tuple[OddSet, ...] = ()
    count_odd_sets: tuple[OddSet, ...] = ()
    capacities: tuple[dict[str, int], dict[str, int]] = ({}, {})
    minima: tuple[dict[str, int], dict[str, int]] = ({}, {})
    pair_prices: tuple[PairPrice, ...] = ()
    minimum_prices: tuple[dict[str, float], ...] = ({}, {})
    count_pair_prices: tuple[PairPrice, ...] = ()
    count_minimum_prices: tuple[dict[str, float], ...] = ({}, {})
    most_of_one: tuple[int | None, int | None] = (None, None)
    spread_prices: tuple[tuple[GroupPrice, ...], ...] = ((), ())
    count_spread_prices: tuple[tuple[GroupPrice, ...], ...] = ((), ())
    floor: "RecordedFloor | None"

    def proof(
        self,
        objective: str,
        layout: Layout,
        pairs: Sequence[Pair] = (),
        trio: Trio | None = None,
    ) -> Certificate:
        """Return the certificate of some pairs."""
        proved = (
            objective,
            tuple((pair.a, pair.b) for pair in pairs),
            tuple(_unsigned(pair.score) for pair in pairs),
            *(self.prices, self.count_prices, self.inflation),
        )
        floor = None if self.floor is None else self.floor.proof(layout)
        sets = self.odd_sets, self.count_odd_sets
        if layout == "pool":
            return PoolCertificate(*proved, *sets, trio, floor=floor)
        if layout == "arrows":
            return RingCertificate(*proved, *sets)
        return SidesCertificate(
            *proved,
            *(self.capacities, self.minima),
            *(self.pair_prices, self.minimum_prices),
            *(self.count_pair_prices, self.count_minimum_prices),
            most_of_one=self.most_of_one,
            spread_prices=self.spread_prices,
            count_spread_prices=self.count_spread_prices,
            floor=floor,
        )


class RecordedFloor(_Part):
    """The worst pair's score, and the count prices that say it can be no better."""

    model_config = ConfigDict(allow_inf_nan=False)

    score: float | None
    at_most: float | None
    score_given_up: float
    above: RecordedCertificate

    def proof(self, layout: Layout) -> Floor[Certificate]:
        """Return the floor with its certificate."""
        worst, most = (
            None if one is None else _unsigned(one) for one in (self.score, self.at_most)
        )
        above = self.above.proof("score", layout)
        return Floor(worst, most, _unsigned(self.score_given_up), above)


class RunRecord(_Part):
    """One run of `mentormatch.match`, complete enough to be checked again without the solver.

    Nobody's declines are in it, nor in the digest of the people, nor what is for the audit alone:
    the record is about what was decided, and that decides nothing. The digest finds that anything
    else of a profile was changed; it hides none, as its key is the record's own seed. Whoever has
    the profiles, too, may tell from the prices that a pair was not open which the rules allow:
    what is not open is not covered. So keep a record as you keep the profiles.
    """

    model_config = ConfigDict(
        validate_by_alias=True, validate_by_name=True, serialize_by_alias=True
    )

    record: Literal["mentormatch.run"]
    schema_version: Literal[1] = Field(alias="schema")
    versions: dict[str, str]
    people: RecordedPeople
    program: dict[str, Any]
    seed: int
    solver: Way
    sides: tuple[str, str]
    layout: Layout
    status: Literal["optimal", "feasible"]
    #: What the prices leave open of the total, and of the number of pairs. Records of before they
    #: were written down have none.
    gap: float | None = None
    count_gap: float | None = None
    removed: tuple[tuple[str, int], ...] | None
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    taking_no_part: tuple[Aside, ...]
    certificate: RecordedCertificate
    trio: Trio | None

    def proof(self) -> Certificate:
        """Return the certificate that the record holds."""
        kept = self.certificate
        objective = "score" if kept.count_prices is None else "people_then_score"
        if kept.floor is not None:
            objective = "floor_then_score"
        return kept.proof(objective, self.layout, self.pairs, self.trio)


def _unsigned(number: float) -> float:
    """Return a number, and 0.0 for -0.0: the same, but texts would show the sign."""
    return number + 0.0


def library_versions() -> dict[str, str]:
    """Return the versions of everything that a decision may depend on."""
    names = ["numpy", "scipy", "networkx", "pydantic"] + ["numba"] * ("numba" in sys.modules)
    others = {name: version(name) for name in names}
    python = ".".join(map(str, sys.version_info[:3]))
    return {"mentormatch": __version__, **others, "python": python}


def digest_of(people: Cohort, seed: int) -> str:
    """Return the digest of a cohort that a record of this seed carries."""
    return people.digest(f"{RECORD}/{SCHEMA}/{seed}")


def record_of(solved: Solved) -> RunRecord:
    """Return the record of a solved program."""
    people, proof = solved.graph.people, certificate_of(solved)
    return RunRecord(
        record=RECORD,
        schema_version=SCHEMA,
        versions=library_versions(),
        people=RecordedPeople(
            count=len(people), digest=digest_of(people, solved.seed), read=people.summary()
        ),
        program=solved.program.model_dump(mode="json"),
        seed=solved.seed,
        solver=solved.way,
        sides=solved.sides.names,
        layout=solved.sides.layout,
        status=proof.status.value,
        gap=proof.gap,
        count_gap=proof.count_gap,
        removed=solved.graph.removed,
        pairs=tuple(PairSequence(solved)),
        unmatched=unmatched_of(solved),
        taking_no_part=aside_of(solved),
        trio=trio_of(solved),
        certificate=_recorded(proof),
    )


def solved_again(record: RunRecord, people: Cohort, program: Program) -> Solved:
    """Check a record against people and program, and return what was solved then.

    Parameters
    ----------
    record
        What is claimed. Everything in it is checked but for its word on how the input was read,
        which solver and versions were at work, and what the floor of a stopped answer costs.
    people, program
        What the recorded run was made from.

    Raises
    ------
    RecordError
        When the people or the program differ, the proof fails, or anything else in the record
        is not what these people and this program give.
    ProgramError, InfeasibleError, ProfileErrors
        When the program does not fit these people at all.
    """
    same_size = record.people.count == len(people)
    if not same_size or record.people.digest != digest_of(people, record.seed):
        raise RecordError(
            "these are not the people of the record, or its seed was changed; attach it to the "
            "profiles as they were at the time"
        )
    if record.program != program.model_dump(mode="json"):
        raise RecordError("this is not the program of the record; attach it to the one that was")
    proof = record.proof()
    found = proof.verify(people, program)
    unfinished = record.status == "feasible" and found.complete and found.feasible
    if not (found.ok or unfinished):
        raise RecordError("the record's proof does not hold: " + "; ".join(found.violations))
    solved = _solved(proof, people, program, record.seed)
    if proof.floor is not None and proof.status is Status.OPTIMAL:
        _check_price(proof.floor, solved)
    again = record_of(solved)
    changed = [
        name
        for name in type(record).model_fields
        if name not in {"versions", "people", "solver"}
        and getattr(again, name) != getattr(record, name)
        and not (name in {"gap", "count_gap"} and getattr(record, name) is None)
    ]
    if changed:
        raise RecordError(
            f"the record was changed: its {', '.join(changed)} are not what these people give"
        )
    return solved


def _solved(proof: Certificate, people: Cohort, program: Program, seed: int) -> Solved:
    """Put a verified certificate in the place of a solver's solution."""
    solution = proof.at_positions(people, divided(people, program))
    solved = solved_before(people, program, seed, solution)
    claimed = replace(solved, solution=solution).chosen[:2]
    if not all(map(np.array_equal, claimed, solved.chosen[:2])):
        raise RecordError(
            "the record was changed: other pairs, equally good, are the ones its seed draws"
        )
    return solved


def _check_price(floor: Floor[Certificate], solved: Solved) -> None:
    """Find again what a floor costs: no price of its proof speaks of answers without a floor."""
    program = solved.program.model_copy(update={"objective": "people_then_score"})
    *_, free = solve(solved.graph.people, program, solved.seed).chosen
    if floor.score_given_up != given_up(free, solved.chosen[2]):
        raise RecordError(
            f"the record was changed: its floor costs {given_up(free, solved.chosen[2])!r} of the "
            f"total, not {floor.score_given_up!r}"
        )


def _recorded(proof: Certificate) -> RecordedCertificate:
    """Return what a record keeps of a certificate: as many of the fields as its kind has."""
    kept = {
        name: getattr(proof, name)
        for name in RecordedCertificate.model_fields
        if hasattr(proof, name)
    }
    for name, value in kept.items():
        if isinstance(value, tuple) and any(isinstance(part, Mapping) for part in value):
            kept[name] = tuple(map(dict, value))  # tables are read-only
    floor = proof.floor
    kept["floor"] = floor and RecordedFloor(
        score=floor.score,
        at_most=floor.at_most,
        score_given_up=floor.score_given_up,
        above=_recorded(floor.above),
    )
    return RecordedCertificate(**kept)


def read_record(text: str | bytes) -> RunRecord:
    """Read a record from JSON.

    Parameters
    ----------
    text
        What `Matching.to_json` returned.

    Raises
    ------
    RecordError
        When the text is no record, is damaged, or is of a schema that this version cannot read.
    """
    try:
        return RunRecord.model_validate_json(text)
    except ValidationError as error:
        raise RecordError(
            f"not a whole record of the kind {RECORD!r}, schema {SCHEMA}, which is what this "
            f"version reads: {in_words(error)}"
        ) from None


def in_words(error: ValidationError, most: int = 5) -> str:
    """Return where JSON is not what it should be, and why: the first few faults, without values.

    Parameters
    ----------
    error
        What pydantic found.
    most
        How many faults are told; the rest are counted.

    Examples
    --------
    >>> try:
    ...     Program.model_validate_json('{"objective": "fun"}')
    ... except ValidationError as error:
    ...     print(in_words(error))
    objective: Input should be 'people_then_score', 'floor_then_score' or 'score'
    """
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    told = "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the text'}: {fault['msg']}"
        for fault in faults[:most]
    )
    return told + (f"; and {len(faults) - most} more" if len(faults) > most else "")
