"""How long the page of 2,000 pairs takes to be written and to be opened, and how large it is.

It is opened in a Chromium without a window, driven by Playwright (group ``browser``).
Run it alone with ``python -m benchmarks.page``.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import mentormatch as mm
from benchmarks.measuring import Section, duration, timed, verified

__all__ = ["report"]

PAIRS, TIMES = 2_000, 5
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
#: From asking for the page to the first picture of it, by the browser's own clock, in milliseconds.
OPENED = """() => new Promise((done) => {
  const shown = () => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  if (document.readyState === "complete") shown(); else addEventListener("load", shown);
})"""
SEARCHED = """() => new Promise((done) => {
  const field = document.getElementById("find"), begin = performance.now();
  new MutationObserver(() => requestAnimationFrame(() =>
    setTimeout(() => done(performance.now() - begin)))
  ).observe(document.getElementById("found"), { childList: true });
  field.value = "a";
  field.dispatchEvent(new Event("input"));
})"""
SORTED = """() => new Promise((done) => {
  const begin = performance.now();
  document.querySelector("#pairs-table thead button").click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
})"""


def report(pairs: int = PAIRS, times: int = TIMES) -> Section:
    """Measure a page.

    Parameters
    ----------
    pairs
        How many pairs are on it.
    times
        How often it is opened at each width.
    """
    matching = _matched(pairs)
    verified(len(matching.pairs) == pairs, f"{len(matching.pairs)} pairs in place of {pairs}")
    with TemporaryDirectory() as folder:
        target = Path(folder, "page.html")
        mm.report.html(matching, target)  # fonts are looked for once
        written, _ = timed(lambda: mm.report.html(matching, target), 1)
        size = target.stat().st_size
        shown = {width: _opened(target, width, times) for width in (390, 1280)}
    rows = [
        (f"{width} px", *(duration(seconds) for seconds in found), duration(written), _size(size))
        for width, found in shown.items()
        if found
    ]
    notes = (
        f"The page for those who run a program of {pairs:,} pairs, with pictures and audit, in a "
        f"browser of its own each time: until it is painted, until a search has left its rows, and "
        f"until they are sorted. Medians of {times}; the limits are two seconds and 2 MB."
        + ("" if rows else " There is no browser here.")
    )
    columns = ("width of the screen", "opened", "searched", "sorted", "written", "size")
    return Section("A page to send round", notes, columns, rows)


def _matched(pairs: int) -> mm.Matching:
    """Return an answer of as many pairs, of people with names and skills of usual length."""
    skills = [f"skill number {number} of forty" for number in range(40)]
    people = [
        {
            "id": f"{side}.{number:05}@example.org",
            "name": f"Firstname Lastname {side} {number}",
            "rank": rank,
            "department": f"Department {number % 12}",
            "teaches": [skills[(number + turn + more) % 40] for more in (0, 1)],
            "wants": [skills[(number + 20 - turn + more) % 40] for more in (0, 1)],
        }
        for side, rank, turn in (("a", 6, 0), ("b", 1, 20))
        for number in range(pairs)
    ]
    sides = mm.Sides(by="rank", at_least=5, names=("leader", "newcomer"))
    return mm.match(mm.read_records(people), mm.Program(format=mm.Pairs(sides=sides)))


def _opened(page: Path, width: int, times: int) -> tuple[float, ...]:
    """Return seconds until a page is painted, searched and sorted; none without a browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None or find_spec("playwright") is None:
        return ()
    from playwright.sync_api import sync_playwright  # may not be installed

    found: list[list[float]] = []
    with sync_playwright() as driver:
        for _ in range(times):
            launched: Any = driver.chromium.launch(executable_path=browser, args=list(FLAGS))
            shown = launched.new_page(viewport={"width": width, "height": 900})
            shown.goto(page.as_uri(), wait_until="commit")
            found.append([shown.evaluate(asked) / 1e3 for asked in (OPENED, SEARCHED, SORTED)])
            launched.close()
    return tuple(median(column) for column in zip(*found, strict=True))


def _size(many: int) -> str:
    return f"{many / 2**20:.2f} MB"


if __name__ == "__main__":
    print(report())
