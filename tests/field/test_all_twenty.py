"""The list is whole."""

import re
from pathlib import Path


def test_each_of_the_twenty_acceptance_tests_is_here() -> None:
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    numbers = {int(number) for file in files for number in re.findall(r"Acceptance test (\d+)", file.read_text())}
    assert numbers == set(range(1, 21))
