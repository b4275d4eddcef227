"""Golden cases: an entry, a network, and the draft that a press officer would approve unchanged.

`cases/*.json`: {"about", "entry", "drafts": {network: {"template", "parts": [texts], "issues": [keys]}}}.
"""

import json
from pathlib import Path

import pytest

from publisher.compose.draft import compose
from publisher.types import entry_from_json

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = json.loads(path.read_text())
    entry = entry_from_json(case["entry"])
    made = {}
    for network in case["drafts"]:
        draft = compose(entry, network)
        made[network] = {
            "template": draft.template,
            "parts": [part.text for part in draft.parts],
            "issues": [issue.key for issue in draft.issues],
        }
    assert made == case["drafts"]


def test_there_are_cases() -> None:
    assert len(CASES) >= 10
