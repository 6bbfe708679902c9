"""Pages in a real browser: at the width of a phone and of a desk, by mouse and by keyboard."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import mentormatch as mm
from tests.report.cohorts import answer, hostile

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDTHS = {"phone": 390, "desk": 1280}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium of this machine, without a window. CI must have one; others may."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None or find_spec("playwright") is None:
        why = "no browser: the group `browser` and Chromium, as chromium or google-chrome"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    from playwright.sync_api import sync_playwright  # may not be installed

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages and letters of good people and of hostile ones, on the disk."""
    folder = tmp_path_factory.mktemp("pages")
    plain, bad = answer(), hostile()
    for name, matching in (("plain", plain), ("hostile", bad)):
        mm.report.html(matching, folder / f"{name}.html", "auditor", attributes=["department"])
        mm.report.html(matching, folder / f"{name}-participant.html", "participant")
        told = mm.report.letter(matching, matching.pairs[0].a)
        (folder / f"{name}-letter.html").write_text(told.html, encoding="utf-8")
    return {path.stem: path for path in folder.iterdir()}


NAMES = [f"{who}{what}" for who in ("plain", "hostile") for what in ("", "-participant", "-letter")]


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page in the browser; at the end nothing was wrong, and nothing was asked of any network."""
    name, width, script = request.param
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 800}, java_script_enabled=script
    )
    shown, told = context.new_page(), []
    shown.on("console", lambda message: told.append(message.text))
    shown.on("pageerror", lambda error: told.append(str(error)))
    shown.on("dialog", lambda dialog: told.append(dialog.message))
    shown.on("request", lambda request: told.append(request.url))
    address = pages[name].as_uri()
    shown.goto(address)
    yield shown
    assert [one for one in told if one != address and not one.startswith("data:")] == []
    context.close()


def on(*names: str, widths: Any = tuple(WIDTHS), script: bool = True) -> pytest.MarkDecorator:
    """Open these pages at these widths."""
    every = [(name, width, script) for name in names for width in widths]
    ids = [f"{name}-{width}" for name, width, _ in every]
    return pytest.mark.parametrize("opened", every, indirect=True, ids=ids)


def visible_rows(opened: Any) -> int:
    found: int = opened.locator("#pairs-table tbody tr:visible").count()
    return found


@on(*NAMES)
def test_a_page_fits_its_screen_and_asks_for_nothing(opened: Any) -> None:
    width = opened.viewport_size["width"]
    for details in opened.locator("summary").all():
        details.click()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.evaluate("document.body.getBoundingClientRect().right") <= width


@on("plain")
def test_searching_leaves_the_rows_that_have_all_the_words(opened: Any) -> None:
    assert visible_rows(opened) == 2
    opened.get_by_label("Find a name or a skill").fill("hir DI")
    opened.get_by_text("1 of 2 pairs").wait_for()
    assert visible_rows(opened) == 1
    opened.get_by_label("Find a name or a skill").fill("")
    opened.locator("#found").get_by_text("of").wait_for(state="detached")
    assert visible_rows(opened) == 2


@on("hostile", widths=["desk"])
def test_searching_minds_no_accents_and_finds_hostile_names(opened: Any) -> None:
    field = opened.get_by_label("Find a name or a skill")
    for asked in ("<script>alert(1)", "محمد", "[31mRED"):
        field.fill(asked)
        opened.get_by_text("1 of 16 pairs").wait_for()
    field.fill("nobody is called this")
    opened.get_by_text("0 of 16 pairs").wait_for()


@on("plain")
def test_rows_are_sorted_by_a_button_in_the_heading(opened: Any) -> None:
    def names() -> list[str]:
        found: list[str] = opened.locator(
            "#pairs-table tbody tr td:nth-child(2) > bdi"
        ).all_inner_texts()
        return found

    heading = opened.locator("#pairs-table th[scope=col]:nth-child(2)")
    button = heading.get_by_role("button")
    assert heading.get_attribute("aria-sort") is None
    button.click()
    assert (names(), heading.get_attribute("aria-sort")) == (["Cy", "Di"], "ascending")
    button.press("Enter")
    assert (names(), heading.get_attribute("aria-sort")) == (["Di", "Cy"], "descending")
    assert opened.locator("[aria-sort]").count() == 1


@on("plain")
def test_the_keyboard_reaches_everything_in_the_order_of_the_page(opened: Any) -> None:
    wanted = opened.locator("a, button, input, summary, [tabindex='0']").all()
    there = [one for one in wanted if one.is_visible()]
    tops = []
    for _ in there:
        opened.keyboard.press("Tab")
        tops.append(
            opened.evaluate(
                "[document.activeElement.tagName, document.activeElement.textContent.trim()]"
            )
        )
        style = opened.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", tops[-1]  # it shows where one is
    expected = [one.evaluate("e => [e.tagName, e.textContent.trim()]") for one in there]
    assert tops == expected
    assert tops[0] == ["A", "Skip to the content"]


@on("plain", widths=["desk"])
def test_the_first_link_skips_to_the_content(opened: Any) -> None:
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main"


@on("plain", script=False)
def test_without_scripts_everything_is_there_and_no_field_that_does_nothing(opened: Any) -> None:
    assert visible_rows(opened) == 2
    assert not opened.locator("input").is_visible()
    assert opened.locator("button").count() == 0


@on("plain", widths=["phone"])
def test_a_narrow_screen_says_what_stands_in_a_column(opened: Any) -> None:
    cell = opened.locator("#pairs-table tbody tr:first-child td:nth-child(4)")
    content = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert content == '"leader teaches: "'


@on("plain", widths=["desk"])
def test_screen_readers_hear_names_of_pictures_tables_and_fields(opened: Any) -> None:
    told = opened.locator("body").aria_snapshot()
    for role in ("banner", "navigation", "main", "contentinfo", "search", "searchbox", "table"):
        assert role in told, role
    assert 'table "All pairs: 2"' in told
    assert 'columnheader "leader teaches"' in told
    assert 'rowheader "Ana ana"' in told
    assert 'searchbox "Find a name or a skill"' in told
    assert told.count('img "') == opened.locator("svg").count() > 2


@on("plain", "hostile", widths=["desk"])
def test_letters_stand_out_from_their_ground_by_day_and_by_night(opened: Any) -> None:
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        for selector in ("p.lead", "nav a", "small", "footer p", "dt", "h2"):
            ratio = opened.locator(selector).first.evaluate(CONTRAST)
            assert ratio >= 4.5, (scheme, selector, ratio)


#: By the formula of the Web Content Accessibility Guidelines 2.2, with 4.5 as the level AA.
CONTRAST = """element => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  let ground = element;
  const behind = () => getComputedStyle(ground).backgroundColor;
  while (behind() === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  const both = [light(getComputedStyle(element).color), light(behind())];
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}"""
