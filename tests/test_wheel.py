"""The wheel holds all that the product needs, and runs where no checkout is."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.service import clean_environment, running

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, folder: Path) -> str:
    """Standard output; a failure shows what the command said."""
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from the source distribution as an index's visitors would make it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, folder=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    pip = (sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation", "--no-index")
    run(*pip, "-w", folder, archive, folder=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a venv that holds the wheel; its dependencies are the ones of the tests' venv."""
    venv = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", venv, folder=venv)
    pip = (sys.executable, "-m", "pip", "--quiet", "--python", venv / "bin" / "python")
    run(*pip, "install", "--no-deps", "--no-index", wheel, folder=venv)
    (site,) = (venv / "lib").glob("python3*/site-packages")
    # A folder added by a .pth file is searched, but its own .pth files are not read: no editable checkout slips in.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return venv / "bin"


def files(folder: str) -> set[str]:
    """The files of this folder of the checkout, relative to the checkout."""
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {str(path) for path in found if "__pycache__" not in path.parts}


def test_wheel_holds_every_file_of_the_package_and_every_post_template(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == files("publisher") | {f"publisher/post_{name}" for name in files("templates")}
    assert {Path(name).suffix for name in inside} >= {".py", ".html", ".css", ".j2", ".xml", ".toml"}


def test_wheel_carries_the_licence(wheel: Path) -> None:
    assert [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("licenses/LICENSE")] != []


def test_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    place = run(installed / "python", "-c", "import publisher; print(publisher.__file__)", folder=tmp_path)
    assert Path(place.strip()).is_relative_to(installed.parent)


def test_installed_command_helps(installed: Path, tmp_path: Path) -> None:
    assert "Usage: publisher" in run(installed / "publisher", "--help", folder=tmp_path)


def test_installed_command_measures(installed: Path, tmp_path: Path) -> None:
    command = ("measure", "--network", "bluesky", "--json", "Grüße")
    answer = run(installed / "publisher", *command, folder=tmp_path)
    assert answer == '{"network": "bluesky", "length": 5, "limit": 300, "unit": "graphemes", "valid": true}\n'


def test_installed_service_serves_and_stops_on_ctrl_c(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "newsroom"
    folder.mkdir()
    with running([str(installed / "publisher"), "run"], folder, clean_environment(), 30) as service:
        assert service.get("/")[0] == 200
        assert service.get("/timeline/")[0] == 200
        assert service.press_ctrl_c() == 0, service.output
    assert service.output.splitlines()[-1] == "Stopped."
    assert "Traceback" not in service.output
    assert [path.name for path in folder.iterdir()] == ["var"]
