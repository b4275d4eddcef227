"""The walk: many short lives of a small newsroom, each from a seed of its own, so that one that fails can be run again.

python -m tests.walk 100000            as many steps, in memory on SQLite
python -m tests.walk 300 --seed 17     one life again, with every step told
"""

import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine

from publisher.networks import registry
from publisher.newsroom import engine
from publisher.newsroom.sending import workers
from tests.walk.network import StrictNetwork, StrictSandbox
from tests.walk.world import Broken, World, befallen, lose_every_task

LIFE = 300
"""Steps of one newsroom."""
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def live(seed: int, steps: int = LIFE, tell: Callable[[str], None] | None = None) -> Counter[str]:
    """One life of `steps` steps and its end. Raises Broken with the last steps when something is not as it must be."""
    last: deque[str] = deque(maxlen=25)
    network = StrictNetwork()
    with _standing_in(network), time_machine.travel(BEGIN, tick=False) as clock:
        chance = random.Random(seed)  # noqa: S311  # the same seed must give the same life
        world = World(chance, clock, network)
        try:
            with befallen(world):
                for number in range(steps):
                    last.append(f"{number}: (at the step)")
                    last[-1] = f"{number}: {world.step()}"
                    if tell:
                        tell(f"{last[-1]} {world.states()}")
                world.come_to_rest()
        except (Exception, Broken) as error:
            raise Broken(f"seed {seed}: {error}\n" + "\n".join(last)) from error
        world.seen["steps"] += steps
        world.seen["hours of simulated time"] += int((datetime.now(UTC) - BEGIN).total_seconds() // 3600)
        world.seen["calls"] += network.calls
        world.seen["posts on the network"] += len(network.posts)
        return world.seen


@contextmanager
def _standing_in(network: StrictNetwork) -> Iterator[None]:
    """The strict network in place of the sandbox, an engine that loses every task, and a worker's name to lose."""
    client = StrictSandbox(network)
    get, enqueue = registry.get, engine.enqueue
    registry.get = lambda kind: client  # type: ignore[assignment]
    engine.enqueue = lose_every_task
    try:
        yield
    finally:
        registry.get, engine.enqueue = get, enqueue
        workers._name.cache_clear()
