import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from mentormatch.matching.files import replace_files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two files that exist already."""
    pairs, singles = tmp_path / "pairs.csv", tmp_path / "singles.csv"
    pairs.write_text("old pairs")
    singles.write_text("old singles")
    return pairs, singles


def test_files_are_made_and_replaced_to_the_letter(two: tuple[Path, Path], tmp_path: Path) -> None:
    text = "naïve 名前\r\nb\n"
    replace_files([(two[0], text), (tmp_path / "new.csv", "new")])
    assert two[0].read_bytes() == text.encode()
    assert names(tmp_path) == ["new.csv", "pairs.csv", "singles.csv"]


def fail_in(step: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full the `number`-th time that a file is flushed or synchronised."""
    calls = 0
    opened = Path.open
    synchronised = os.fsync

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            full()
        synchronised(descriptor)

    def open_full(path: Path, *args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        file = opened(path, *args, **options)
        return FullFile(file) if calls == number else file

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fsync)
    else:
        monkeypatch.setattr(Path, "open", open_full)


class FullFile:
    """An open file on a full disk."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __enter__(self) -> "FullFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, text: str) -> None:
        self.file.write(text[: len(text) // 2])
        full()


@pytest.mark.parametrize("step", ["write", "fsync"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_full_disk_leaves_the_old_files_whole(
    step: str, number: int, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_in(step, number, monkeypatch)
    with pytest.raises(OSError, match="No space left") as error:
        replace_files([(two[0], "new pairs"), (two[1], "new singles")])
    monkeypatch.undo()
    assert error.value.errno == errno.ENOSPC
    assert error.value.filename == str(two[number - 1])
    assert two[0].read_text() == "old pairs"
    assert two[1].read_text() == "old singles"
    assert names(two[0].parent) == ["pairs.csv", "singles.csv"]


def test_a_rename_that_fails_leaves_nothing_behind(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        replace_files([(two[0], "new")])
    monkeypatch.undo()
    assert two[0].read_text() == "old pairs"
    assert names(two[0].parent) == ["pairs.csv", "singles.csv"]


@pytest.mark.parametrize("bad", ["nowhere/x.csv", "folder"])
def test_one_path_that_cannot_be_written_stops_all(bad: str, two: tuple[Path, Path]) -> None:
    folder = two[0].parent
    (folder / "folder").mkdir()
    with pytest.raises(OSError, match=bad) as error:
        replace_files([(two[0], "new"), (folder / bad, "new")])
    assert error.value.filename == str(folder / bad)
    assert two[0].read_text() == "old pairs"
    assert names(folder) == ["folder", "pairs.csv", "singles.csv"]


def test_permissions_are_kept(two: tuple[Path, Path]) -> None:
    two[0].chmod(0o600)
    replace_files([(two[0], "new")])
    assert stat.S_IMODE(two[0].stat().st_mode) == 0o600


def test_nobody_else_can_read_a_private_file_while_it_is_written(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    two[0].chmod(0o600)
    seen = []
    synchronised = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        synchronised(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    replace_files([(two[0], "new")])
    assert seen == [0o600]


def test_a_link_is_followed(two: tuple[Path, Path]) -> None:
    link = two[0].with_name("link.csv")
    link.symlink_to(two[0].name)
    replace_files([(link, "new")])
    assert link.is_symlink()
    assert two[0].read_text() == "new"


def test_two_paths_to_one_file_are_refused(two: tuple[Path, Path]) -> None:
    link = two[0].with_name("link.csv")
    link.symlink_to(two[0].name)
    with pytest.raises(ValueError, match=r"link\.csv would be written twice"):
        replace_files([(two[0], "new"), (link, "newer")])
    assert two[0].read_text() == "old pairs"


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 255)
    replace_files([(target, "new")])
    assert target.read_text() == "new"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
def test_a_folder_without_permission(two: tuple[Path, Path]) -> None:
    folder = two[0].parent
    folder.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            replace_files([(two[0], "new")])
        assert two[0].read_text() == "old pairs"
    finally:
        folder.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_device_is_written_to_and_never_replaced(two: tuple[Path, Path]) -> None:
    pipe = two[0].with_name("pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replace_files([(pipe, "new")])
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(
    os.geteuid() == 0 or not Path("/dev/full").is_char_device(),
    reason="there is no /dev/full here, or root would lose it if the test failed",
)
def test_a_device_that_is_full_stops_all(two: tuple[Path, Path]) -> None:
    with pytest.raises(OSError, match="No space left") as error:
        replace_files([(two[0], "new"), (Path("/dev/full"), "new")])
    assert error.value.filename == "/dev/full"
    assert two[0].read_text() == "old pairs"
    assert names(two[0].parent) == ["pairs.csv", "singles.csv"]
