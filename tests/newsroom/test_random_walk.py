"""A random walk through delivery with faults, deaths and wrong clocks; `python -m tests.walk` takes a long one."""

import pytest

from tests.walk.walk import live
from tests.walk.world import Broken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(1, 9))
def test_nothing_goes_out_twice_unapproved_or_under_a_hold_whatever_happens(seed: int) -> None:
    """And whatever it was, every post comes to rest by itself, and the rows say what stands on the network."""
    try:
        seen = live(seed, 150)
    except Broken as broken:
        pytest.fail(f"{broken}\nAgain with every step told: python -m tests.walk 150 --seed {seed}")
    assert seen["posts on the network"] > 0
