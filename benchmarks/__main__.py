"""Run the benchmarks and renew their tables in RESULTS.md.

``python -m benchmarks`` takes minutes; ``python -m benchmarks full`` goes up to a million people.
Each renews its own part of the page.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import (
    again,
    cold,
    engine,
    explain,
    formats,
    growth,
    import_time,
    mentor_match,
    page,
    pool,
    proof,
    reading,
    revise,
    rounds,
    whole,
    workforce,
)
from benchmarks.measuring import Section, machine

RESULTS = Path(__file__).with_name("RESULTS.md")
PEERS, GROWTH = RESULTS.with_name("peers.svg"), RESULTS.with_name("growth.svg")

BENCHMARKS: dict[str, tuple[Callable[[], Section], ...]] = {
    "bench": (
        partial(engine.report, picture=PEERS),
        pool.report,
        formats.report,
        explain.counterfactuals,
        explain.report,
        mentor_match.report,
        proof.report,
        growth.report,
        whole.report,
        cold.report,
        page.report,
        workforce.report,
        reading.frames,
        reading.taxonomies,
        import_time.report,
    ),
    "bench-full": (
        partial(engine.report, engine.FULL_RACES),
        partial(growth.report, growth.FULL_SIZES, picture=GROWTH),
        again.report,
        revise.report,
        rounds.report,
        partial(formats.report, formats.FULL_RUNS),
        partial(explain.report, explain.FULL_SIZES),
        partial(whole.report, whole.FULL_SIZES),
    ),
}


def renewed(page: str, command: str, results: str) -> str:
    """Return a page with new results between a command's markers; all around them stays.

    Parameters
    ----------
    page
        What the file says now.
    command
        Which part to renew: a key of `BENCHMARKS`.
    results
        What was measured.

    Raises
    ------
    SystemExit
        When the page has lost its markers.
    """
    first, last = f"<!-- {command}: begin -->", f"<!-- {command}: end -->"
    before, begin, rest = page.partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise SystemExit(f"{RESULTS.name} needs a line {first} and a line {last}")
    return f"{before}{begin}\n\n{results}\n\n{end}{after}"


def main(command: str) -> None:
    """Measure one thing after the other and write it all down at the end.

    Parameters
    ----------
    command
        A key of `BENCHMARKS`.
    """
    parts = [f"Measured by `make {command}` on: {machine()}."]
    for benchmark in BENCHMARKS[command]:
        parts.append(str(benchmark()))
        print(parts[-1], end="\n\n", flush=True)
    page = RESULTS.read_text(encoding="utf-8")
    RESULTS.write_text(renewed(page, command, "\n\n".join(parts)), encoding="utf-8")


if __name__ == "__main__":
    main("bench-full" if sys.argv[1:] == ["full"] else "bench")
