"""What gets installed is pinned, hashed and bound to no index, host or machine."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PEER_LOCKS = sorted((ROOT / "tests" / "peers").glob("*/package-lock.json"))
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(path: Path) -> dict[str, tuple[Requirement, list[str]]]:
    """The pinned requirements of a lock file with their hashes, by name."""
    found = {}
    for entry in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        pin, *hashes = entry.split(" --hash=")
        requirement = Requirement(pin.strip())
        found[canonicalize_name(requirement.name)] = (requirement, hashes)
    return found


def wanted(path: Path) -> list[Requirement]:
    """The requirements that people wrote into a .in file."""
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def unmet(requirements: list[Requirement], lock: Path) -> list[str]:
    pins = {name: next(iter(pin.specifier)).version for name, (pin, _) in locked(lock).items()}
    return [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
    ]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    loose = [
        name
        for name, (requirement, hashes) in locked(path).items()
        if not hashes or [part.operator for part in requirement.specifier] != ["=="]
    ]
    assert loose == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_holds_nothing_but_pins_and_hashes(path: Path) -> None:
    pin = re.compile(r"[a-z0-9-]+(\[[a-z]+\])?==[0-9][\w.+!]*( ; [^\\]+)?( \\)?")
    others = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not pin.fullmatch(line) and not SHA256.fullmatch(line.strip().removesuffix(" \\"))
    ]
    assert others == []


def test_what_the_product_asks_for_is_locked() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = [Requirement(text) for text in pyproject["project"]["dependencies"]]
    build = [Requirement(text) for text in pyproject["build-system"]["requires"]]
    assert unmet(run, ROOT / "requirements" / "run.txt") == []
    assert unmet(build, ROOT / "requirements" / "build.txt") == []


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.in")), ids=lambda path: path.name)
def test_what_a_requirements_file_asks_for_is_locked(path: Path) -> None:
    assert unmet(wanted(path), path.with_suffix(".txt")) == []


def test_tests_run_with_the_very_releases_that_are_installed_for_the_service() -> None:
    run, test = (locked(ROOT / "requirements" / name) for name in ("run.txt", "test.txt"))
    # Where they are needed may be more places: what only the tests take can ask for the same library on PyPy.
    assert {name: pin.specifier for name, (pin, _) in run.items()} == {name: test[name][0].specifier for name in run}


@pytest.mark.parametrize("path", PEER_LOCKS, ids=lambda path: path.parent.name)
def test_peer_lock_has_a_checksum_and_no_download_address_for_every_package(path: Path) -> None:
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = {name: fields for name, fields in lock["packages"].items() if name}
    assert [name for name, fields in packages.items() if "integrity" not in fields] == []
    assert [name for name, fields in packages.items() if "resolved" in fields] == []


def test_peers_are_locked() -> None:
    folders = {path.parent for path in (ROOT / "tests" / "peers").glob("*/package.json")}
    assert folders == {path.parent for path in PEER_LOCKS}
