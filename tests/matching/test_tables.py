import csv
from io import StringIO

import pytest

from mentormatch.matching.tables import csv_text, harmless, html_table, text_table

HOSTILE = [
    "<script>alert(1)</script>",
    "\u202eevil\u202c",
    "\u2066isolated",
    "\x1b[31mred\x1b[0m",
    "line\nbreak\r\ttab\x00\x9b",
    "x" * 10_000,
    "e" + "\N{COMBINING ACUTE ACCENT}" * 10_000,
    "😀👨‍👩‍👧" * 50,
    "名前" * 30,
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_disturb_a_terminal(name: str) -> None:
    table = text_table(["who", "score"], [[name, "0.50"], ["bo", "1.00"]])
    lines = table.split("\n")
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)
    assert lines[1].endswith("  0.50")
    assert max(map(len, lines)) <= 48


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_disturb_a_notebook(name: str) -> None:
    page = html_table(["who"], [[name]], "caption")
    assert page.isprintable()
    assert page.count("<") == len(
        "table caption /caption tr th /th /tr tr td /td /tr /table".split()
    )
    assert len(page) < 400


def test_headings_and_captions_are_escaped_too() -> None:
    page = html_table(["<i>"], [], "<b>")
    assert "&lt;i&gt;" in page
    assert "&lt;b&gt;" in page


def test_columns_stay_aligned_whatever_the_script() -> None:
    lines = text_table(
        ["who", "score"],
        [["名前", "1"], ["Jose\N{COMBINING ACUTE ACCENT}", "2"], ["José", "3"], ["❤\ufe0f", "4"]],
    ).split("\n")
    assert lines == [
        "who   score",
        "名前  1",
        "José  2".replace("é", "e\u0301"),
        "José  3",
        "❤️     4",
    ]


def test_names_from_right_to_left_stay_in_their_cells() -> None:
    mark = "\N{LEFT-TO-RIGHT MARK}"
    line = text_table(["a", "b"], [["שרה", "محمد"]]).split("\n")[1]
    assert line == f"{mark}שרה{mark}  {mark}محمد{mark}"


def test_a_wide_cell_is_cut_by_its_width() -> None:
    line = text_table(["who"], [["名" * 30]]).split("\n")[1]
    assert line == "名" * 18 + "..."
    assert text_table(["who"], [["名" * 20]]).split("\n")[1] == "名" * 20


def test_no_rows_are_a_header() -> None:
    assert text_table(["a", "bc"], []) == "a  bc"


def test_what_is_harmless_stays() -> None:
    assert harmless("Ana Müller-Łoś 名前 שרה 😀") == "Ana Müller-Łoś 名前 שרה 😀"


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%x"),
        *("\t=1", "\r=1", "\n=1", "\tx", "\rx", "  =1", "\ufeff=1", "\x00=1"),
        *("＝1+1", "＋1", "－1", "＠x", "﹦1", "⁺1", "﹣1", "﹫x"),
    ],
)
def test_formulas_are_defused(cell: str) -> None:
    text = csv_text(["id"], [[cell]], spreadsheet_safe=True)
    assert list(csv.reader(StringIO(text, newline="")))[1] == [f"'{cell}"]
    kept = csv_text(["id"], [[cell]], spreadsheet_safe=False)
    assert list(csv.reader(StringIO(kept, newline="")))[1] == [cell]


@pytest.mark.parametrize("cell", ["ana", "", "a=b", "1-2", "'=1", "名前", " ", "a\nb"])
def test_other_cells_are_left_alone(cell: str) -> None:
    text = csv_text(["id", "n"], [[cell, "x"]], spreadsheet_safe=True)
    assert list(csv.reader(StringIO(text, newline="")))[1] == [cell, "x"]


def test_a_negative_number_is_no_formula() -> None:
    assert csv_text(["n"], [[-0.5]], spreadsheet_safe=True) == "n\n-0.5\n"


def test_headings_are_defused_as_well() -> None:
    assert csv_text(["=a"], [], spreadsheet_safe=True) == "'=a\n"


@pytest.mark.parametrize("cell", ["a\rb", "a\nb", "a\r\nb", 'say "hi"', "a,b", "tail\r\n"])
def test_every_cell_comes_back_to_the_letter(cell: str) -> None:
    text = csv_text(["x", "y"], [[cell, "1"], ["2", cell]], spreadsheet_safe=True)
    rows = list(csv.reader(StringIO(text, newline="")))
    assert rows == [["x", "y"], [cell, "1"], ["2", cell]]
    assert text.endswith("\n")
