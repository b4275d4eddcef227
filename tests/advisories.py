"""Whether any of the libraries that we ship is known to be vulnerable: `python -m tests.advisories PIP-AUDIT`.

pip-audit looks every pin of requirements/run.txt up in PyPI's advisories. A known vulnerability fails, unless
requirements/accepted.toml says why it does not concern us. Where PyPI's advisories cannot be reached (a closed
network, a mirror that has none) it says so and fails nothing.
"""

import json
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
PROBE = "https://pypi.org/pypi/pip/24.0/json"
"""A release that stays; some mirrors have the page of a project and no page of a release, which has the advisories."""
AT_ONCE = 5.0
"""Seconds for the one look whether there are advisories at all …"""
ALL = 180.0
"""… and for all of them."""


def unreachable(address: str = PROBE) -> str:
    """Why there are no advisories to be had; blank when there are."""
    try:
        with urllib.request.urlopen(address, timeout=AT_ONCE) as answer:
            known = json.load(answer)
    except (OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "" if isinstance(known, dict) and "vulnerabilities" in known else "the answer holds no advisories"


def verdict(report: Mapping[str, Any], accepted: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """What is known against our pins and not accepted; and the pins that could not be looked up."""
    against, unknown = [], []
    for each in report["dependencies"]:
        if "skip_reason" in each:
            unknown.append(each["name"])
        for found in each.get("vulns", ()):
            numbers = [found["id"], *found.get("aliases", ())]
            if not any(accepted.get(number) for number in numbers):
                fixed = ", ".join(found.get("fix_versions", ())) or "no release yet"
                against.append(f"{each['name']} {each['version']}: {' '.join(numbers)} (fixed in {fixed})")
    return against, unknown


def main(program: str) -> int:
    if why := unreachable():
        print(f"Advisories: not reachable, skipped ({why}).")
        return 0
    line = [program, "--requirement", str(FOLDER / "run.txt"), "--require-hashes", "--disable-pip"]
    line += ["--format", "json", "--progress-spinner", "off", "--timeout", "10", "--vulnerability-service", "pypi"]
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=ALL, check=False)
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        print("Advisories: not reachable in time, skipped.")
        return 0
    except ValueError:
        print(f"Advisories: skipped, pip-audit could not look: {done.stderr.strip()[-300:]}")
        return 0
    accepted = tomllib.loads((FOLDER / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
    against, unknown = verdict(report, accepted)
    if unknown:
        print(f"Advisories: PyPI has none for {len(unknown)} of {len(report['dependencies'])}: {', '.join(unknown)}.")
    for each in against:
        print(f"Known to be vulnerable: {each}")
    return 1 if against else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
