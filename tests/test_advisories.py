"""What the audit of our libraries makes of PyPI's advisories."""

import pytest

from tests.advisories import unreachable, verdict
from tests.ports import closed_address
from tests.watch.server import Answer, Server

FOUND = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"], "description": "It leaks."}
REPORT = {
    "dependencies": [
        {"name": "well", "version": "1.0", "vulns": []},
        {"name": "leaky", "version": "1.0", "vulns": [FOUND]},
        {"name": "ours", "skip_reason": "not on PyPI"},
    ],
    "fixes": [],
}


@pytest.mark.parametrize(
    ("accepted", "against"),
    [
        ({}, ["leaky 1.0: PYSEC-2026-1 CVE-2026-1 (fixed in 2.0)"]),
        ({"CVE-2026-1": "We never call it."}, []),
        ({"CVE-2026-1": ""}, ["leaky 1.0: PYSEC-2026-1 CVE-2026-1 (fixed in 2.0)"]),
        ({"CVE-2026-2": "Another."}, ["leaky 1.0: PYSEC-2026-1 CVE-2026-1 (fixed in 2.0)"]),
    ],
)
def test_known_vulnerability_counts_unless_there_is_a_reason(accepted: dict[str, str], against: list[str]) -> None:
    assert verdict(REPORT, accepted) == (against, ["ours"])


@pytest.mark.parametrize(
    ("answer", "there"),
    [
        (Answer(body=b'{"info": {}, "vulnerabilities": []}'), True),
        (Answer(body=b'{"info": {}}'), False),
        (Answer(body=b"<html>a mirror</html>"), False),
        (Answer(status=404), False),
    ],
)
def test_audit_knows_whether_there_are_advisories(answer: Answer, there: bool) -> None:
    with Server().running() as server:
        assert (unreachable(server.serve(answer, "/pip/24.0/json")) == "") is there


def test_closed_network_is_no_fault_of_ours() -> None:
    assert unreachable(closed_address()).startswith("URLError: ")
