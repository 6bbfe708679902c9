import copy
import csv
import errno
import logging
import os
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mentormatch as mm
from tests.matching.examples import NAMES, PROGRAM, SIDES, crowd, matching, of_two, people


def read_back(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_spreadsheets_are_told_that_a_file_is_utf_8(tmp_path: Path) -> None:
    target, singles = tmp_path / "pairs.csv", tmp_path / "singles.csv"
    matching(ana={"name": "Ana Conceição"}).to_csv(target, unmatched=singles)
    for path in (target, singles):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    matching().to_csv(target, spreadsheet_safe=False)
    assert target.read_text(encoding="utf-8").startswith("leader,")


def feasible(matching: mm.Matching, **changes: Any) -> mm.Matching:
    """The same matching with a proof that leaves something open."""
    proof = replace(matching.certificate, **changes)
    return replace(matching, certificate=proof, status=mm.Status.FEASIBLE)


def test_print_shows_pairs_people_left_over_and_the_proof() -> None:
    assert str(matching(di={"wants": ""})) == (
        "leader     newcomer  score  leader teaches   newcomer teaches\n"
        "Ana Silva  Cy Young   1.00  hiring, leading  sql\n"
        "\n"
        "1 pair, 3 unmatched, 2 take no part; total 1.0000, proven optimal\n"
        "unmatched with no wish that is still open: 1\n"
        "unmatched with nobody to learn what they teach: 1"
    )


def test_repr_is_one_line() -> None:
    assert repr(matching(di={"wants": ""})) == (
        "Matching(1 pair, 3 unmatched, 2 take no part; total 1.0000, proven optimal)"
    )


def test_no_pairs_print_as_a_header_and_a_line() -> None:
    empty = of_two({"teaches": ""}, {})
    assert str(empty) == (
        "leader  newcomer  score  leader teaches  newcomer teaches\n"
        "\n"
        "0 pairs, 2 unmatched, 0 take no part; total 0.0000, proven optimal\n"
        "unmatched with nobody to learn what they teach: 1\n"
        "unmatched with nobody to teach them what they wish for: 1"
    )
    assert "<tr><th>leader</th>" in empty._repr_html_()


@pytest.mark.parametrize(
    ("size", "more"), [(20, ""), (21, "... and 1 more pair\n"), (23, "3 more")]
)
def test_many_pairs_are_cut_in_print_and_counted(size: int, more: str) -> None:
    found = crowd(size)
    assert more in str(found)
    assert ("... and" in str(found)) is bool(more)
    assert str(found).count("  1.00  ") == 20
    assert found._repr_html_().count("<tr>") == 21
    assert ("the first 20 are shown" in found._repr_html_()) is bool(more)


def test_hostile_names_are_harmless_in_print_and_notebook() -> None:
    name = "<script>\x1b[31m\u202e" + "😀" * 10_000
    found = of_two({"name": name, "teaches": "x<b>"}, {"wants": "x<b>"}, ("<i>", "b"))
    for text in (str(found), found._repr_html_()):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert len(text) < 1000
    assert re.findall(r"<(?!/?(?:table|caption|tr|t[hd])>)", found._repr_html_()) == []


def test_what_is_not_proven_is_said_with_the_gap() -> None:
    found = matching()
    prices = tuple(
        {person: price + 0.125 for person, price in side.items()}
        for side in found.certificate.prices
    )
    loose = feasible(found, prices=prices)
    assert loose.gap == pytest.approx(0.125 * sum(map(len, prices)))
    assert repr(loose).endswith(f"at most {loose.gap:.3g} below the best)")
    assert "proven" not in loose._repr_html_()


def test_people_who_might_still_be_served_are_said_first() -> None:
    found = matching()
    assert found.certificate.count_prices is not None
    leaders, newcomers = found.certificate.count_prices
    counts = (leaders, {**newcomers, "ed": 1.0})
    assert "at most 1 more pair possible; with as many pairs, at most 0 below" in str(
        feasible(found, count_prices=counts)
    )


def test_records_are_plain() -> None:
    record = matching(di={"wants": ""}).to_records()[0]
    assert record == {
        "a": "ana",
        "b": "cy",
        "score": 1.0,
        "a_teaches": ["hiring", "leading"],
        "b_teaches": ["sql"],
        "a_benefit": 1.0,
        "b_benefit": 1.0,
        "a_name": "Ana Silva",
        "b_name": "Cy Young",
        "preference": 0.0,
        "reciprocity": 1.0,
        "together": [],
    }


def test_csv_has_the_names_of_the_sides_and_six_decimals(tmp_path: Path) -> None:
    target, singles = tmp_path / "pairs.csv", tmp_path / "singles.csv"
    matching(di={"wants": ""}, cy={"wants": "leading; hiring; drawing"}).to_csv(
        target, unmatched=str(singles)
    )
    assert read_back(target) == [
        [
            *("leader", "leader name", "newcomer", "newcomer name", "score"),
            *("leader wishes met", "newcomer wishes met", "leader teaches", "newcomer teaches"),
        ],
        ["ana", "Ana Silva", "cy", "Cy Young", "0.8", "1.0", "0.666667", "hiring; leading", "sql"],
    ]
    too_few = "too few partners for all: whoever takes one leaves another person without"
    assert read_back(singles) == [
        ["id", "name", "side", "reason"],
        ["bea", "Bea Kurz", "leader", too_few],
        ["di", "Di Ba", "newcomer", "no wish that is still open"],
        ["ed", "ed", "newcomer", "nobody to learn what they teach"],
        ["flo", "flo", "", "rank is blank"],
        ["gus", "gus", "", "capacity is 0"],
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pairs.csv", "singles.csv"]


def test_preferences_stand_apart_in_files_and_records(tmp_path: Path) -> None:
    program = PROGRAM.model_copy(
        update={"preferences": (mm.RankedWishes(0.5), mm.Prefer(mm.NotPairedBefore(), 0.125))}
    )
    cohort = people(di={"wants": ""}, cy={"prefers": "bea; ana"})
    found = mm.match(cohort, program)
    read = mm.Matching.from_json(found.to_json())
    for one in (found, read, read.attach(cohort, program)):
        (record,) = one.to_records()
        assert record["b_name"] == "Cy Young"
        apart = (record["score"], record["reciprocity"], record["preference"])
        assert apart == (1.25, 1.0, 0.25)
        target = tmp_path / "pairs.csv"
        one.to_csv(target)
        header, cells = read_back(target)
        assert header[4:7] == ["score", "reciprocity", "preference"]
        assert cells[4:7] == ["1.25", "1.0", "0.25"]
        frame = one.to_frame("pandas")
        assert frame[["score", "reciprocity", "preference"]].values.tolist() == [[1.25, 1.0, 0.25]]


def test_csv_defuses_formulas_unless_told_otherwise(tmp_path: Path) -> None:
    target, singles = tmp_path / "pairs.csv", tmp_path / "singles.csv"
    found = of_two({"id": "-1", "name": '=HYPERLINK("x")', "teaches": "@x"}, {"wants": "@x"})
    found.to_csv(target, unmatched=singles)
    cells = read_back(target)[1]
    assert (cells[0], cells[1], cells[7]) == ("'-1", '\'=HYPERLINK("x")', "'@x")
    found.to_csv(target, spreadsheet_safe=False)
    cells = read_back(target)[1]
    assert (cells[0], cells[1], cells[7]) == ("-1", '=HYPERLINK("x")', "@x")
    lonely = of_two({"id": "+1", "teaches": ""}, {})
    lonely.to_csv(target, unmatched=singles)
    assert read_back(singles)[1][:2] == ["'+1", "'+1"]
    lonely.to_csv(target, unmatched=singles, spreadsheet_safe=False)
    assert read_back(singles)[1][:2] == ["+1", "+1"]


def test_csv_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "pairs.csv"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        matching().to_csv(target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["pairs.csv"]


def test_csv_needs_two_files_for_two_tables(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        matching().to_csv(tmp_path / "x.csv", unmatched=tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_same_run_twice_is_the_same_to_the_byte() -> None:
    assert matching().to_json() == matching().to_json()
    assert str(matching()) == str(matching())


def test_threads_get_equal_answers() -> None:
    cohort = people()
    with ThreadPoolExecutor(8) as pool:
        texts = set(pool.map(lambda _: mm.match(cohort, PROGRAM).to_json(), range(8)))
    assert texts == {mm.match(cohort, PROGRAM).to_json()}


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
@pytest.mark.parametrize("recorded", [False, True], ids=["matched", "read from a record"])
def test_a_matching_can_be_copied_and_sent_to_other_processes(copied: Any, recorded: bool) -> None:
    found = matching()
    if recorded:
        found = mm.Matching.from_json(found.to_json())
    again = copied(found)
    assert again.to_json() == found.to_json()
    assert str(again) == str(found)
    assert again.certificate.verify(people(), PROGRAM).ok


def test_nothing_of_an_answer_can_be_changed() -> None:
    found = matching()
    with pytest.raises(FrozenInstanceError):
        found.seed = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.certificate.prices[0]["ana"] = 7.0  # type: ignore[index]


def test_the_log_has_counts_and_never_people(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="mentormatch"):
        matching()
    assert "2 pairs" in caplog.text
    assert not re.search(r"\b(ana|Ana|cy|gus)\b", caplog.text)


def test_a_seed_is_a_whole_number_of_any_kind() -> None:
    found = mm.match(people(), PROGRAM, seed=np.int64(3))  # type: ignore[arg-type]
    assert found.seed == 3
    assert mm.Matching.from_json(found.to_json()).seed == 3
    for seed in (1.5, "3", None):
        with pytest.raises(TypeError):
            mm.match(people(), PROGRAM, seed=seed)  # type: ignore[arg-type]


def test_a_decline_leaves_no_trace_anywhere() -> None:
    found = matching(cy={"declines": "gus"}, ana={"declines": "ed"})
    plain = matching()
    assert found.to_json() == plain.to_json()
    for text in (str, repr, mm.Matching._repr_html_):
        assert text(found) == text(plain)


@pytest.mark.parametrize(
    "ids",
    [
        ("1", "01"),
        ("a b", "a  b"),
        ("😀", "👨‍👩‍👧"),
        ("x\ny", "x\ty"),
        ("-1", "=1"),
        ("a;b", 'a"b'),
    ],
)
def test_unusual_ids_stay_themselves(ids: tuple[str, str], tmp_path: Path) -> None:
    found = of_two({"id": ids[0]}, {"id": ids[1]})
    pair = found.pairs[0]
    kept = (" ".join(ids[0].split(" ")), ids[1])
    assert (pair.a, pair.b) == kept
    again = mm.Matching.from_json(found.to_json())
    assert (again.pairs[0].a, again.pairs[0].b) == kept
    found.to_csv(tmp_path / "pairs.csv", spreadsheet_safe=False)
    cells = read_back(tmp_path / "pairs.csv")[1]
    assert (cells[0], cells[2]) == kept


def test_everybody_may_be_required() -> None:
    pairs = [("ana", "ed"), ("bea", "di")]
    program = mm.Program(format=SIDES, rules=[mm.Require(pairs)])
    found = mm.match(people(), program)
    assert [(pair.a, pair.b, pair.score) for pair in found.pairs] == [
        ("ana", "ed", 0.0),
        ("bea", "di", 0.0),
    ]
    assert found.certificate.verify(people(), program).ok


def test_sides_are_called_what_the_program_says() -> None:
    assert matching().sides == NAMES
    assert of_two({}, {}, ("up", "down")).sides == ("up", "down")
