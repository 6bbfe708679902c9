"""Hostile files end in a clear error, or come out harmless and whole, within bounded memory."""

import html
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import mentormatch as mm
from mentormatch.matching.tables import harmless

NASTY = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "\u202eevil\u202c",
    "\x1b[31mred\x1b[0m",
    "Ana\N{PILE OF POO}",
    "x" * 10_000,
]


def hostile_rows() -> list[dict[str, Any]]:
    leaders = [
        {"id": f"a{n} {text}", "name": text, "rank": 6, "teaches": f"s{n}", "wants": f"t{n}"}
        for n, text in enumerate(NASTY)
    ]
    others = [
        {"id": f"b{n}", "name": text, "rank": 1, "teaches": {f"t{n}": 5}, "wants": {f"s{n}": 1}}
        for n, text in enumerate(NASTY)
    ]
    return [*leaders, *others]


def test_hostile_names_come_out_of_csv_html_and_terminal_harmless_and_whole(tmp_path: Path) -> None:
    people = mm.read_records(hostile_rows())
    program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    matching = mm.match(people, program)
    assert len(matching.pairs) == len(NASTY)
    page = matching._repr_html_()
    assert "<script>" not in page
    assert html.escape(NASTY[0]) in page
    for text in (str(matching), people.summary()):
        assert "\x1b" not in text
        assert "\u202e" not in text
    matching.to_csv(tmp_path / "pairs.csv")
    written = (tmp_path / "pairs.csv").read_text(encoding="utf-8-sig")
    for text in NASTY:
        assert text in written  # nothing is cut in a file
    for formula in ("=cmd", "+1+1", "@SUM"):
        assert f",'{formula}" in written or f"\"'{formula}" in written
    assert matching.to_records()[0]["a_name"] in NASTY
    assert harmless(NASTY[5]) in str(matching)


def limited(code: str, megabytes: int, seconds: int) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, with no more memory than this."""
    program = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({megabytes << 20}, {megabytes << 20}))\n"
        "import mentormatch as mm\n"
        "try:\n"
        f"    {code}\n"
        "except mm.MentormatchError as error:\n"
        "    print(str(error)[:5000])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


needs_limits = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux limits a process's memory so"
)


@needs_limits
def test_a_csv_with_a_million_columns_ends_in_time(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("id," + ",".join(f"c{n}" for n in range(1_000_000)) + "\nana\n")
    ran = limited(f"print(mm.read_csv({str(path)!r}))", 4_000, 120)
    assert "1,000,001 columns" in ran.stdout, ran.stderr[-500:]


@needs_limits
def test_deep_json_ends_in_an_error(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000 + "]" * 100_000)
    for read in ("read_json", "read_scim", "read_file"):
        ran = limited(f"mm.{read}({str(path)!r})", 3_000, 60)
        assert "lists within lists without end" in ran.stdout, ran.stderr[-500:]


@needs_limits
def test_a_zip_bomb_is_refused_within_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.save(path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as inside,
    ):
        for _ in range(1_200):
            inside.write(bytes(1 << 20))
    assert path.stat().st_size < 2 << 20
    ran = limited(f"mm.read_excel({str(path)!r})", 3_000, 120)
    assert "more than 1,024 MB when unpacked" in ran.stdout, ran.stderr[-500:]


@needs_limits
def test_entities_that_multiply_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "laughs.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active.append(["ana"])
    book.save(path)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(10)
    )
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"<worksheet", (laughs + "]><worksheet").encode(), 1
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    ran = limited(f"print(mm.read_excel({str(path)!r}))", 3_000, 60)
    assert "Cohort(1 person" in ran.stdout or "fault" in ran.stdout, ran.stderr[-500:]


@needs_limits
def test_a_sheet_that_claims_a_cell_far_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active["XFD1048576"] = "x"
    book.save(path)
    ran = limited(f"mm.read_excel({str(path)!r})", 4_000, 120)
    assert "number of cells" in ran.stdout, ran.stderr[-500:]


def test_a_long_name_in_a_fault_is_shortened() -> None:
    with pytest.raises(mm.ProfileErrors) as error:
        mm.read_records([{"id": "ana", "rank": "x" * 10_000}])
    assert len(str(error.value)) < 400
