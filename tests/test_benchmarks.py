"""The benchmarks run, on sizes too small to measure anything."""

import importlib.util
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("benchmarks") is None:
    pytest.skip("the source distribution has no benchmarks", allow_module_level=True)

from benchmarks import __main__ as run_all
from benchmarks import engine, import_time, measuring, mentor_match, reading, solve, workforce
from benchmarks.measuring import Section, duration, fresh_process, machine, ratio, timed, verified


def test_a_section_is_a_table_in_markdown() -> None:
    section = Section("Title", "Notes.", ("a", "b"), [("1", "2"), ("3", "4")])
    assert str(section).splitlines() == [
        "## Title",
        "",
        "Notes.",
        "",
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
        "| 3 | 4 |",
    ]
    assert str(Section("Title", "Notes.", (), ())) == "## Title\n\nNotes."


def test_results_stand_between_the_markers_and_the_page_stays() -> None:
    page = f"# Page\n\n{run_all.BEGIN}\nold\n{run_all.END}\nlast words\n"
    once = run_all.renewed(page, "new")
    assert once == f"# Page\n\n{run_all.BEGIN}\n\nnew\n\n{run_all.END}\nlast words\n"
    assert run_all.renewed(once, "new") == once
    with pytest.raises(SystemExit, match="needs a line"):
        run_all.renewed("# Page", "new")


def test_the_page_has_its_markers() -> None:
    run_all.renewed(run_all.RESULTS.read_text(encoding="utf-8"), "new")


def test_a_time_is_the_median_after_a_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 5.0, 10.0, 11.0, 20.0, 22.0])  # begin and end of each measured run
    monkeypatch.setattr(measuring, "perf_counter", lambda: next(clock))
    calls: list[int] = []

    def action() -> int:
        calls.append(1)
        return len(calls)

    assert timed(action, times=3) == (2.0, 4)


def test_numbers_are_written_with_their_units() -> None:
    assert [duration(s) for s in (0.00123, 0.853, 4.8)] == ["1.23 ms", "853 ms", "4.80 s"]
    assert [ratio(a, 2.0) for a in (1.0, 3.0, 50.0)] == ["0.5 x", "1.5 x", "25 x"]
    assert "cores" in machine()


def test_what_is_not_verified_is_not_timed() -> None:
    verified(True, "this")
    with pytest.raises(SystemExit, match="that"):
        verified(False, "that")


def test_without_mentor_match_the_report_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matching", None)
    assert "pip install --group bench" in str(mentor_match.report())


@pytest.mark.parametrize("is_there", [True, False], ids=["shared data", "made up"])
def test_the_people_for_mentor_match_are_500_and_500(
    is_there: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not is_there:
        monkeypatch.setattr(mentor_match, "DATA", tmp_path)
    mentors, mentees, _ = mentor_match._people()
    assert len(mentors) == len(mentees) == 500
    assert all(0 <= row["grade"] < len(mentor_match.GRADES) for row in mentors + mentees)


def test_small_solves_are_measured() -> None:
    [row] = solve.dense_scores(sizes=(8,)).rows
    assert row[0] == "8 x 8"


def test_small_workforces_are_measured() -> None:
    first, second = solve.workforces(sizes=(60, 90)).rows
    assert (first[0], second[0]) == ("60", "90")
    assert first[1] == ""
    assert float(second[1]) == pytest.approx(0, abs=20)
    [made] = workforce.report(sizes=(50,)).rows
    assert made[0] == "50"


def test_small_frames_and_taxonomies_are_measured() -> None:
    [read] = reading.frames(sizes=(50,)).rows
    assert read[0] == "50"
    [folded] = reading.taxonomies(size=300).rows
    assert folded[0] == "300"


def test_a_process_that_fails_stops_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="solve zero failed"):
        fresh_process("benchmarks.solve", "zero")


def test_imports_are_compared_with_the_floor() -> None:
    section = import_time.report(rounds=1)
    assert [row[0] for row in section.rows][-1] == f"`{import_time.FLOOR}`"
    assert section.rows[-1][1] == "1.00 x"


def test_every_peer_of_the_engine_finds_the_same_total() -> None:
    peers = tuple(engine.PEERS)
    rows = engine.report(((300, 0, peers), (300, 2, ("SciPy sparse",)))).rows
    installed = importlib.util.find_spec("ortools") is not None
    assert len(rows) == len(peers) + 1 - (not installed)
