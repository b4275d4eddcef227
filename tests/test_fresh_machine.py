"""A fresh clone on a machine that has git, make and Python, and nothing else of ours."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service import clean_environment, running

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("awk", "make", "sh", "touch")
"""What `make run` may find on the PATH besides Python: no compiler, no Node, no database, no git."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone of this checkout would hold: the files that git knows or would take."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    folder = tmp_path / "publisher"
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with nothing on it but TOOLS and python3."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not on this machine"
        (folder / tool).symlink_to(found)
    # A script, because a venv looks for the standard library beside the program that made it.
    python = folder / "python3"
    base = getattr(sys, "_base_executable", sys.executable)
    python.write_text(f'#!{folder / "sh"}\nexec "{base}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return str(folder)


def test_make_run_serves_the_sample_newsroom_and_a_second_start_keeps_it(clone: Path, path: str) -> None:
    environment = clean_environment(PATH=path)
    with running(["make", "run"], clone, environment, 300) as first:
        assert first.get("/")[0] == 200
        out = first.wait_for_timeline_posts(60)
        first.press_ctrl_c()
        assert "Traceback" not in first.output
    with running(["make", "run"], clone, environment, 30) as second:
        assert out <= second.timeline_posts()
        second.press_ctrl_c()
        assert "Traceback" not in second.output


def make(folder: Path, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(path) / "make"), *arguments]
    environment = clean_environment(PATH=path)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def makefile(tmp_path: Path) -> Path:
    folder = tmp_path / "publisher"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    return folder


def fake_python(path: str, *, recent: bool) -> None:
    """A python3 that is too old, or one that comes without its venv module."""
    python = Path(path) / "python3"
    refused = "ensurepip" if recent else "version_info"
    python.write_text(f'#!{path}/sh\ncase "$2" in *{refused}*) exit 1;; esac\nexit 0\n', encoding="utf-8")


def test_make_run_with_an_old_python_says_what_is_missing(makefile: Path, path: str) -> None:
    fake_python(path, recent=False)
    done = make(makefile, path, "run")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "Publisher needs Python 3.11 or newer, and none is on the PATH. "
        "Install one, or name it: make run PYTHON=/path/to/python3"
    )


def test_make_run_without_the_venv_module_says_what_to_install(makefile: Path, path: str) -> None:
    fake_python(path, recent=True)
    done = make(makefile, path, "run")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "python3 comes without its venv module. On Debian and Ubuntu install it with: apt-get install python3-venv"
    )


def test_make_alone_lists_the_targets(makefile: Path, path: str) -> None:
    listed = [line.split()[:2] for line in make(makefile, path).stdout.splitlines()]
    assert ["make", "run"] in listed
    assert ["make", "test"] in listed


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in script if line.startswith("exec ")] == ["exec make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
