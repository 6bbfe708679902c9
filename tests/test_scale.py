"""Large programs: many threads, a forked child, a read-only install, and Ctrl-C."""

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import mentormatch as mm
from mentormatch.synthetic import workforce

PROGRAM = mm.Program(
    format=mm.Pairs(sides=mm.Sides(by="rank", at_least=3)),
    rules=[mm.Different("department"), mm.NoReportingLine()],
)


@pytest.fixture(scope="module")
def people() -> mm.Cohort:
    """Enough people for the kernels."""
    return workforce(3_000, skills=200)


@pytest.fixture(scope="module")
def matching(people: mm.Cohort) -> mm.Matching:
    return mm.match(people, PROGRAM)


def test_a_large_matching_is_proven_and_says_how_it_was_solved(
    people: mm.Cohort, matching: mm.Matching
) -> None:
    assert matching.status is mm.Status.OPTIMAL
    assert matching.certificate.verify(people, PROGRAM).ok
    assert '"solver": "sparse"' in matching.to_json()
    assert '"numba": ' in matching.to_json()


def test_progress_is_told_stage_by_stage(people: mm.Cohort, matching: mm.Matching) -> None:
    told: list[tuple[str, int, int]] = []
    again = mm.match(people, PROGRAM, progress=lambda *news: told.append(news))
    assert again.to_json() == matching.to_json()
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == [
        "scoring",
        "solving",
        "drawing lots",
    ]
    assert all(0 <= done <= total for _, done, total in told)


def test_a_bar_is_shown_for_long_work_alone(
    people: mm.Cohort, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mm.match(people, PROGRAM, progress=True)
    assert "scoring" not in capsys.readouterr().err
    monkeypatch.setattr("mentormatch.progress._PATIENCE", 0.0)
    mm.match(people, PROGRAM, progress=True)
    shown = capsys.readouterr().err
    assert all(stage in shown for stage in ("scoring", "solving", "drawing lots"))


def test_a_bar_without_its_library_names_the_extra(
    people: mm.Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(mm.MissingExtraError, match=r"progress bars need tqdm: .*\[scale\]"):
        mm.match(people, PROGRAM, progress=True)


@pytest.mark.parametrize("threads", [1, 3])
def test_the_number_of_threads_changes_nothing(
    people: mm.Cohort, matching: mm.Matching, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentormatch.solving.two_sides.MOST_HELD", -1)
    found = mm.match(people, PROGRAM, threads=threads)
    assert found.certificate.pairs == matching.certificate.pairs
    assert '"solver": "priced"' in found.to_json()


def test_no_threads_are_too_few(people: mm.Cohort) -> None:
    with pytest.raises(ValueError, match="threads is 0; it must be 1 or more, or None"):
        mm.match(people, PROGRAM, threads=0)


def test_eight_threads_at_once_find_the_same(people: mm.Cohort, matching: mm.Matching) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: mm.match(people, PROGRAM).certificate.pairs, range(8)))
    assert found == [matching.certificate.pairs] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_finds_the_same(people: mm.Cohort, matching: mm.Matching) -> None:
    child = os.fork()
    if child == 0:
        same = mm.match(people, PROGRAM).certificate.pairs == matching.certificate.pairs
        os._exit(0 if same else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0


LARGE = """
import mentormatch as mm
from mentormatch.synthetic import workforce
program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=3)))
people = workforce({size}, skills=60)
print("begun", flush=True)
print(mm.match(people, program).status, flush=True)
"""


def test_nothing_can_be_written_and_it_works_all_the_same(tmp_path: Path) -> None:
    """Kernels are compiled anew where no folder can keep them."""
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    code = (
        "import numba.core.caching as caching\n"
        # What numba finds on a read-only disk, and root may write everywhere: no place at all.
        "caching.CacheImpl._locator_classes = []\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + LARGE.format(size=2_200)],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(closed)},
    )
    assert done.stdout == "begun\noptimal\n", done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_ctrl_c_ends_it_within_two_seconds() -> None:
    """Sixty skills among 40,000 people: minutes of work, if nobody stops it."""
    process = subprocess.Popen(
        [sys.executable, "-c", LARGE.format(size=40_000)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    output, errors = process.communicate(timeout=20)
    assert time.monotonic() - begin < 2.0
    assert output == ""
    assert "KeyboardInterrupt" in errors
