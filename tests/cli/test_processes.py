"""The command as a process: what a shell, a pipe, a `.env` file and a data folder see of it."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.service import clean_environment

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "publisher" / "sample"


def publisher(
    folder: Path, *arguments: object, status: int = 0, stdin: bytes = b"", **settings: str
) -> subprocess.CompletedProcess[str]:
    """The command, run in `folder` with nothing set but what is given; fails when it ends otherwise than expected."""
    done = subprocess.run(
        [sys.executable, "-m", "publisher", *map(str, arguments)],
        cwd=folder,
        env=clean_environment(PYTHONPATH=str(ROOT), **settings),
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    told = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert told.returncode == status, told
    return told


def test_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "publisher", "read", *[SAMPLE / "eeas.xml"] * 3],
        cwd=tmp_path,
        env=clean_environment(PYTHONPATH=str(ROOT)),
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_json_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    (tmp_path / "Мир’.xml").touch()
    seen = publisher(tmp_path, "read", "Мир’.xml", status=1, PYTHONIOENCODING="latin-1")
    assert json.loads(seen.stdout)["input"] == "Мир’.xml"
    assert seen.stderr.startswith("Мир’.xml: ")


def test_settings_come_from_env_file_environment_and_secret_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a-secret-of-our-own\n", encoding="utf-8")
    lines = ["PUBLISHER_DATA_DIR=newsroom", "PUBLISHER_TIME_ZONE=Nowhere/Land", "PUBLISHER_SECRET_KEY_FILE=secret"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8-sig")
    done = publisher(tmp_path, "source", "list", "--json", PUBLISHER_TIME_ZONE="Europe/Paris")
    assert done.stdout == "[]\n"
    assert (tmp_path / "newsroom" / "publisher.sqlite3").is_file()
    assert not (tmp_path / "newsroom" / "keys" / "secret_key").exists()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PUBLISHER_PROT": "1"}, "There is no setting PUBLISHER_PROT. Did you mean PUBLISHER_PORT?"),
        ({"PUBLISHER_TIME_ZONE": "Nowhere/Land"}, None),
        ({"PUBLISHER_DATA_DIR": "/dev/null/var"}, None),
        ({"PUBLISHER_DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:9/none"}, None),
    ],
    ids=["unknown", "wrong", "no folder", "no database"],
)
def test_what_keeps_a_command_from_working_is_one_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str | None
) -> None:
    done = publisher(tmp_path, "source", "list", status=1, **settings)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    assert sentence is None or done.stderr == sentence + "\n"
    assert "s3cret" not in done.stderr


def test_database_that_is_none_is_told_and_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "var" / "publisher.sqlite3"
    database.parent.mkdir()
    database.write_bytes(b"These are somebody's notes, not a database. " * 100)
    done = publisher(tmp_path, "source", "list", status=1)
    assert done.stderr == (
        "The database cannot be used: file is not a database. "
        "Check that it is there and may be written, and the free disk space.\n"
    )
    assert database.read_bytes().startswith(b"These are somebody's notes")


def test_djangos_own_commands_are_at_hand(tmp_path: Path) -> None:
    assert publisher(tmp_path, "manage", "migrate", "--verbosity", "0").stderr == ""
    assert "[X] 0001_squashed_0021_pace_in_words" in publisher(tmp_path, "manage", "showmigrations", "publisher").stdout
    assert publisher(tmp_path, "manage", "nonsense", status=1).stderr.startswith("Unknown command: 'nonsense'")


def test_backup_brings_a_newsroom_back(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    publisher(old, "rule", "add", "Everything")
    (old / "var" / "media" / "ab").mkdir(parents=True)
    (old / "var" / "media" / "ab" / "abc").write_bytes(b"a picture")
    (old / "var" / "keys" / "sealing_keys").write_bytes(b"made with the first channel")
    file = tmp_path / "backup.tar.gz"
    file.write_text("an older one", encoding="utf-8")
    told = json.loads(publisher(old, "backup", file, "--json").stdout)
    assert told == {"file": str(file), "bytes": file.stat().st_size}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar.gz", "new", "old"]

    assert publisher(new, "restore", file).stdout == "Restored. Start the service again.\n"
    (rule,) = json.loads(publisher(new, "rule", "list", "--json").stdout)
    assert rule["name"] == "Everything"
    for name in ("keys/sealing_keys", "keys/secret_key", "media/ab/abc"):
        assert (new / "var" / name).read_bytes() == (old / "var" / name).read_bytes()

    again = publisher(new, "restore", file, status=1)
    assert again.stderr == (
        f"The data folder {Path('var')} already holds a database. Move it away first; nothing was changed.\n"
    )


def test_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    database = tmp_path / "publisher.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    whole, half = tmp_path / "whole.tar.gz", tmp_path / "half.tar.gz"
    with tarfile.open(whole, "w:gz") as archive:
        archive.add(database, "publisher.sqlite3")
    half.write_bytes(whole.read_bytes()[:-40])
    done = publisher(tmp_path, "restore", half, status=1)
    assert done.stderr == f"{half} is no backup of ours, or it is damaged. Nothing was changed.\n"
    assert not (tmp_path / "var" / "publisher.sqlite3").exists()


def test_backup_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    done = publisher(tmp_path, "backup", tmp_path / "none" / "backup.tar.gz", status=1)
    assert done.stderr == (
        f"The backup could not be written to {tmp_path / 'none' / 'backup.tar.gz'}. "
        "Check the folder and the free space.\n"
    )


def test_processes_that_start_at_once_make_the_database_together(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "publisher", "rule", "list", "--json"]
    environment = clean_environment(PYTHONPATH=str(ROOT))
    started = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [(process.communicate(timeout=60), process.returncode) for process in started] == [((b"[]\n", b""), 0)] * 3
