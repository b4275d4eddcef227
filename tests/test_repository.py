"""House rules that a machine can check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.networks.registry import KINDS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "publisher"
LONGEST = 500
TEST = re.compile(r"\btest_\w+(?=`|\()")
FOREIGN = KINDS.keys() - {"sandbox"}
"""The sandbox network is ours: the desk shows the switch that makes it fail."""


def written(*suffixes: str) -> list[Path]:
    """The files of the package that a person writes; Django writes the migrations."""
    files = [path for path in PACKAGE.rglob("*") if path.suffix in suffixes and "migrations" not in path.parts]
    assert files
    return files


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in written(".py", ".html", ".css", ".js")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def comparisons_with_a_network(path: Path) -> Iterator[str]:
    """Each place where this file compares something with the kind of a network: `channel.network == "x"`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        operands: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            operands = [node.value]
        values = [item for operand in operands for item in getattr(operand, "elts", [operand])]
        if any(isinstance(value, ast.Constant) and value.value in FOREIGN for value in values):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_networks_are_told_apart_in_their_own_room_only() -> None:
    outside = [path for path in written(".py") if PACKAGE / "networks" not in path.parents]
    assert [place for path in outside for place in comparisons_with_a_network(path)] == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(TODO|FIXME)\b")
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in written(".py", ".html", ".css", ".js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if marks.search(line)
    ]
    assert places == []


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_tests_that_the_page_on_security_names_exist() -> None:
    named = set(TEST.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    tests = {name for file in (ROOT / "tests").rglob("*.py") for name in TEST.findall(file.read_text(encoding="utf-8"))}
    assert named - tests == set()
