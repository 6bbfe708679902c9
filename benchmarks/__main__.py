"""Run every benchmark that takes minutes at most, and renew the tables of RESULTS.md."""

from collections.abc import Callable
from pathlib import Path

from benchmarks import engine, import_time, mentor_match, reading, solve, workforce
from benchmarks.measuring import Section, machine

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"

BENCHMARKS: tuple[Callable[[], Section], ...] = (
    mentor_match.report,
    engine.report,
    solve.dense_scores,
    solve.workforces,
    workforce.report,
    reading.frames,
    reading.taxonomies,
    import_time.report,
)


def renewed(page: str, results: str) -> str:
    """Return a page with new results between its markers; the words around them stay.

    Parameters
    ----------
    page
        What the file says now.
    results
        What was measured.

    Raises
    ------
    SystemExit
        When the page has lost its markers.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{RESULTS.name} needs a line {BEGIN} and a line {END}")
    return f"{before}{BEGIN}\n\n{results}\n\n{END}{after}"


def main() -> None:
    """Measure one thing after the other and write it all down at the end."""
    parts = [f"Measured on: {machine()}."]
    for benchmark in BENCHMARKS:
        parts.append(str(benchmark()))
        print(parts[-1], end="\n\n", flush=True)
    page = RESULTS.read_text(encoding="utf-8")
    RESULTS.write_text(renewed(page, "\n\n".join(parts)), encoding="utf-8")


if __name__ == "__main__":
    main()
