"""A year of two schemes in a made-up firm: ``python -m hr_system``."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import func, select

from hr_system import (
    calibrate,
    decide,
    decisions,
    demo,
    evaluate,
    reading,
    receive,
    reject,
    repair,
    run_rounds,
    verified,
)
from hr_system.finding import Finding
from hr_system.letter import Letter
from hr_system.partnership import Partnership
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment, Scheme

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make up a firm in a new database, run a year of both schemes, and tell what happened."""
    parser = argparse.ArgumentParser(prog="python -m hr_system", description=main.__doc__)
    parser.add_argument("--database", type=Path, default=Path("hr.sqlite"), help="a new file")
    parser.add_argument("--people", type=int, default=300, help="how many work in the firm")
    parser.add_argument("--seed", type=int, default=7, help="another one makes up another firm")
    parser.add_argument("--workers", type=int, default=2, help="how many processes match people")
    parser.add_argument("--start-method", choices=("spawn", "fork", "forkserver"), default="spawn")
    asked = parser.parse_args(arguments)
    path = asked.database
    if path.exists():
        parser.error(f"{path} is there already; give a new file")

    demo.establish(path, asked.people, asked.seed)
    schemes = _schemes(path)
    print(_staff(path))

    def run(number: int, wanted: Sequence[int]) -> list[int]:
        """Run a round of some schemes, say how each went, and return those that failed."""
        done = run_rounds(
            path,
            [(scheme, number) for scheme in wanted],
            workers=asked.workers,
            start_method=asked.start_method,
        )
        for (scheme, _), result in done.items():
            if isinstance(result, int):
                print(f"  {schemes[scheme]}: {_round(path, scheme, number)}")
            else:
                reason, *_ = str(result).splitlines()
                print(f"  {schemes[scheme]}: not run; {reason.rstrip(':')}")
        return [scheme for (scheme, _), result in done.items() if not isinstance(result, int)]

    print("\nRound 1")
    failed = run(1, list(schemes))
    if failed:
        print(_findings(path))
        print("\nThe clerk has mended that. Round 1 again")
        demo.mend(path)
        run(1, failed)
    print("\nA coordinator approves the pairs, and in each scheme somebody objects in confidence")
    for scheme in schemes:
        pairs = decisions(path, scheme, 1, "coordinator").pairs
        decide(path, scheme, 1, pairs, "approved", by="Vera")
        reject(path, scheme, 1, *pairs[0])
    _repaired(path, schemes)
    print()
    for name, (gone, new) in demo.move_on(path).items():
        print(f"{name}: {gone} leaves the firm, {new} joins.")
    _repaired(path, schemes)
    print("\nAnswers to the first check-in, drawn at random: nobody has given them")
    for scheme, name in schemes.items():
        receive(path, scheme, 1, demo.answers(path, scheme, 1, asked.seed))
        print(f"  {name}: {evaluate(path, scheme, 1).sentence}")
        print(f"  {calibrate(path, scheme).reason}")
    print("\nRound 2")
    run(2, list(schemes))
    print(f"  {_repeats(path)} pairs of round 1 came again")
    print(f"\nA letter: {_letter(path)}")
    return 0


def _repaired(path: Path, schemes: Mapping[int, str]) -> None:
    for scheme, name in schemes.items():
        told = repair(path, scheme, 1)
        print(f"  {name}: {len(told)} hear of a change; {_round(path, scheme, 1)}")


def _schemes(path: Path) -> dict[int, str]:
    with reading(path) as session:
        rows = session.scalars(select(Scheme).order_by(Scheme.id))
        return {scheme.id: scheme.name for scheme in rows}


def _staff(path: Path) -> str:
    with reading(path) as session:
        staff = session.scalar(select(func.count(Person.id)))
        enrolled = session.scalar(select(func.count(Enrolment.person_id)))
    return f"{path}: {staff} people, {enrolled} of them enrolled in a scheme"


def _round(path: Path, scheme: int, number: int) -> str:
    """Return the headline of a stored round, once an auditor's check of it has passed."""
    return f"{verified(path, scheme, number)!r}, verified from the database"


def _findings(path: Path) -> str:
    with reading(path) as session:
        found = session.scalars(select(Finding).where(Finding.kind == "fault"))
        return "\n".join(f"    for the clerk: {one.person_id}: {one.text}" for one in found)


def _repeats(path: Path) -> int:
    """Count the pairs of round 2 that were one in round 1, whoever was named first."""
    pairs: dict[int, set[frozenset[str]]] = {1: set(), 2: set()}
    with reading(path) as session:
        for run in session.scalars(select(Round)):
            pairs[run.number] |= {frozenset((one.a_id, one.b_id)) for one in run.partnerships}
    return len(pairs[1] & pairs[2])


def _letter(path: Path) -> str:
    """Return a letter of the last round of the first scheme, to somebody who has a partner."""
    told = (Partnership.round_id == Letter.round_id) & (Partnership.a_id == Letter.person_id)
    letters = select(Letter.text).join(Partnership, told).join(Round, Round.id == Letter.round_id)
    last = letters.order_by(Round.number.desc(), Round.scheme_id, Letter.person_id).limit(1)
    with reading(path) as session:
        return session.scalars(last).one()


if __name__ == "__main__":
    sys.exit(main())
