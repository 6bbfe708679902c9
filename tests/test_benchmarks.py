"""The benchmarks run, on sizes too small to measure anything."""

import importlib.util
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

import mentormatch as mm
from mentormatch.assign import solve_assignment

if importlib.util.find_spec("benchmarks") is None:
    pytest.skip("the source distribution has no benchmarks", allow_module_level=True)

from benchmarks import __main__ as run_all
from benchmarks import (
    again,
    candidates,
    cold,
    engine,
    explain,
    formats,
    growth,
    import_time,
    measuring,
    mentor_match,
    page,
    pairs,
    peers,
    picture,
    pool,
    proof,
    reading,
    revise,
    rounds,
    whole,
    workforce,
)
from benchmarks.measuring import (
    Section,
    duration,
    exponent,
    fresh_process,
    in_turns,
    machine,
    memory_of,
    per_pair,
    ratio,
    timed,
    verified,
)


def test_a_section_is_a_table_in_markdown() -> None:
    section = Section("Title", "Notes.", ("a", "b"), [("1", "2"), ("3", "4")])
    assert str(section).splitlines() == [
        "### Title",
        "",
        "Notes.",
        "",
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
        "| 3 | 4 |",
    ]
    assert str(Section("Title", "Notes.", (), ())) == "### Title\n\nNotes."
    drawn = str(Section("Title", "Notes.", (), (), "lines.svg"))
    assert drawn == "### Title\n\nNotes.\n\n![Title](lines.svg)"


def test_results_stand_between_the_markers_and_the_page_stays() -> None:
    page = "# Page\n\n<!-- one: begin -->\nold\n<!-- one: end -->\nlast words\n"
    once = run_all.renewed(page, "one", "new")
    expected = "# Page\n\n<!-- one: begin -->\n\nnew\n\n<!-- one: end -->\nlast words\n"
    assert once == expected
    assert run_all.renewed(once, "one", "new") == once
    with pytest.raises(SystemExit, match="needs a line"):
        run_all.renewed(page, "other", "new")


def test_each_command_has_its_part_of_the_page() -> None:
    page = run_all.RESULTS.read_text(encoding="utf-8")
    for command in run_all.BENCHMARKS:
        page = run_all.renewed(page, command, f"by {command}")
    assert all(f"by {command}" in page for command in run_all.BENCHMARKS)


def test_a_command_writes_its_results_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("<!-- quick: begin --><!-- quick: end -->", encoding="utf-8")
    monkeypatch.setattr(run_all, "RESULTS", results)
    monkeypatch.setitem(run_all.BENCHMARKS, "quick", (lambda: Section("Title", "Notes.", (), ()),))
    run_all.main("quick")
    page = results.read_text(encoding="utf-8")
    assert "Measured by `make quick` on:" in page
    assert "### Title" in page


def test_a_time_is_the_median_after_a_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 4.0, 10.0, 15.0, 20.0, 21.0, 30.0, 32.0])  # begin and end of each run
    monkeypatch.setattr(measuring, "perf_counter", lambda: next(clock))
    calls: list[int] = []

    def action() -> int:
        calls.append(1)
        return len(calls)

    assert timed(action, times=3) == (2.0, 4)


def test_what_takes_long_is_run_once() -> None:
    calls: list[str] = []
    actions = {name: partial(calls.append, name) for name in ("a", "b")}
    seconds = in_turns(actions, times=3, patience=0.0)["a"][0]
    assert calls == ["a", "b"]
    assert seconds > 0.0


def test_memory_is_what_an_action_takes() -> None:
    before, _ = memory_of(lambda: None)
    taken, result = memory_of(lambda: len(bytearray(b"x" * 2**26)))
    assert result == 2**26
    assert before < 10 < 64 <= taken < 200


def test_a_power_law_has_its_exponent() -> None:
    sizes = [10, 100, 1_000]
    assert exponent(sizes, [3.0 * size**1.25 for size in sizes]) == pytest.approx(1.25)


def test_numbers_are_written_with_their_units() -> None:
    assert [duration(s) for s in (0.00123, 0.853, 4.8)] == ["1.23 ms", "853 ms", "4.80 s"]
    assert [duration(s) for s in (0.9994, 0.9996)] == ["999 ms", "1.00 s"]
    assert [per_pair(s, 1_000) for s in (2e-6, 0.5e-3, 2e-3)] == ["2.00 ns", "500 ns", "2.00 µs"]
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
    [row] = proof.report(sizes=(8,)).rows
    assert row[0] == "8 x 8"


def test_small_workforces_are_measured() -> None:
    first, second = whole.report(sizes=(300, 400)).rows
    assert (first[0], second[0]) == ("300", "400")
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
    with pytest.raises(SystemExit, match="whole zero failed"):
        fresh_process("benchmarks.whole", "zero")


def test_imports_are_compared_with_the_floor() -> None:
    section = import_time.report(rounds=1)
    assert [row[0] for row in section.rows][-1] == f"`{import_time.FLOOR}`"
    assert section.rows[-1][1] == "1.00 x"


@pytest.mark.parametrize("name", peers.PEERS)
@pytest.mark.parametrize("is_turned", [False, True])
def test_every_peer_finds_the_same_total(name: str, is_turned: bool) -> None:
    if not peers.is_there(name):
        pytest.skip(f"{name} is not installed")
    table = pairs.table_of(pairs.made_up(200), 0)
    if is_turned:
        table = csr_array(table.T)
    total = peers.worth(table, *peers.PEERS[name](table))
    assert total == pytest.approx(solve_assignment(table).value, rel=1e-9)


def test_nobody_has_two_partners_in_what_a_peer_returns() -> None:
    table = csr_array(np.array([[0.5, 0.25], [0.0, 0.5]]))
    assert peers.worth(table, [0, 1], [1, 0]) == 0.25  # the second pair is not allowed
    with pytest.raises(SystemExit, match="one partner"):
        peers.worth(table, [0, 1], [1, 1])


def test_the_best_pairs_are_those_of_all_pairs() -> None:
    people = pairs.made_up(400)
    every = pairs.table_of(people, 0)
    graph = mm.build_graph(people, pairs.PROGRAM)
    assert (every.toarray() == graph.to_scipy().toarray()).all()
    best = pairs.table_of(people, 2).toarray()
    assert 0 < np.count_nonzero(best) < every.nnz
    for kept, there in ((best, every.toarray()), (best.T, every.toarray().T)):
        for mine, all_ in zip(kept, there, strict=True):
            assert np.sort(mine)[-2:].tolist() == np.sort(all_)[-2:].tolist()


def test_the_two_sides_are_of_similar_size() -> None:
    few, many = sorted(pairs.source_of(pairs.made_up(2_000)).shape)
    assert many < 1.1 * few


def test_a_sample_stands_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    source = pairs.source_of(pairs.made_up(400))
    who, step = pairs.sample(source)
    assert (len(who), step) == (source.shape[0], 1)
    monkeypatch.setattr(pairs, "SAMPLED", int(source.effort(0).sum()) // 4)
    few, step = pairs.sample(source)
    assert step in (4, 5)
    assert len(few) == -(-len(who) // step)


def test_growth_is_measured_and_races_are_run_once() -> None:
    sizes = (300, 400)
    first, _ = growth.report(sizes).rows
    assert first[0] == "300"
    race = engine.raced(300, growth.BEST, (growth.PEER,))
    assert race is engine.raced(300, growth.BEST, (growth.PEER,))
    assert 0 < candidates.found(300).allowed < candidates.found(300).reciprocal
    names = [line.name for line in engine.lines([race])]
    assert names[:2] == [engine.OURS, "one pass over the pairs"]


def test_a_race_says_who_takes_part() -> None:
    section = engine.report(((300, 0, ("SciPy dense",)), (300, growth.BEST, (growth.PEER,))))
    table = [dict(zip(section.columns, row, strict=True)) for row in section.rows]
    assert [row["pairs"] for row in table] == ["all allowed", f"best {growth.BEST} each"]
    assert " x (" in table[0]["SciPy dense"]
    assert table[1]["SciPy dense"] == ""


def test_one_pool_is_raced_for_both_objectives() -> None:
    section = pool.report(((200, ("networkx", "rustworkx")),))
    table = [dict(zip(section.columns, row, strict=True)) for row in section.rows]
    assert [row["objective"] for row in table] == ["score", "people then score"]
    assert all(" x (" in row["networkx"] for row in table)


def test_explanations_are_measured() -> None:
    assert len(explain.counterfactuals((8,)).rows) == (
        importlib.util.find_spec("munkres") is not None
    )
    [row] = explain.report((400,)).rows
    assert row[0] == "400"


def test_every_format_is_measured() -> None:
    assert {name for name, _ in formats.RUNS} == set(formats.FORMATS)
    section = formats.report((("one pool", 200), ("rings of up to three, score", 60)))
    assert [row[0] for row in section.rows] == ["one pool", "rings of up to three, score"]
    assert section.rows[0][4] == "0"


def test_changes_of_one_person_are_measured() -> None:
    left, back, unchanged, whole_match = again.report(3_000, changes=4).rows
    assert left[0].startswith("one of ")
    assert whole_match[1] == "1 x"
    assert len(back) == len(unchanged) == 4


def test_repairs_of_a_matching_are_measured() -> None:
    rows = revise.report(300, leavers=3).rows
    assert len(rows) == 5 * len(revise.FORMATS)
    assert rows[-1][:2] == ("one pool: `match` from nothing", "1 x")


def test_a_round_is_measured() -> None:
    rows = rounds.report(120).rows
    assert rows[0][:2] == ("`match`", "1 x")
    assert len(rows) == 8


def test_cold_processes_are_measured() -> None:
    assert len(cold.report(side=30, times=1).rows) == len(cold.CALLS)


def test_lines_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    lines = [
        picture.Line("ours", [1, 10, 100], [1.0, 2.0, 3.0], "ours"),
        picture.Line("floor", [1, 10, 100], [0.1, 0.2, 0.3], "floor"),
        *(picture.Line(f"peer {number}", [1, 10], [2.0, 9.0 + number]) for number in range(12)),
    ]
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    for path in (one, other):
        picture.draw(lines, ("pairs", "seconds"), path)
    assert one.read_bytes() == other.read_bytes()
    assert b"<svg" in one.read_bytes()


def test_a_page_is_measured_where_there_is_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    section = page.report(pairs=5, times=1)
    assert list(section.rows) == []
    assert "There is no browser here." in section.notes
