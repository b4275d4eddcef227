"""The service as a process: the desk, the workers, or both in one. Here the parts are put together, nothing else is."""

import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publisher.cli.app import open_newsroom

if TYPE_CHECKING:
    from publisher.config import Config
    from publisher.errors import ConfigError

STOP_WITHIN = 3.0
"""Seconds that calls in flight get to finish after Ctrl-C. One that takes longer is looked up at the next start."""
GONE_WITHIN = 4.0
"""Seconds after Ctrl-C in which the process ends, whatever hangs."""

_asked = threading.Event()
"""Somebody asked this process to stop."""


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Service")(run)
    app.command(rich_help_panel="Service")(web)
    app.command(rich_help_panel="Service")(worker)


def run(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.", min=-1, max=65535)] = -1,
    sample: Annotated[
        bool, typer.Option("--sample/--no-sample", help="--no-sample removes the sample newsroom.")
    ] = True,
) -> None:
    """The whole service in one process: desk and workers, on SQLite."""
    _listen_for_signals()
    config = _configure(host, port, sample=sample)
    open_newsroom()
    with _desk(config):
        _prepare_newsroom(config)
        with _workers(config.workers):
            _greet(config)
            _set_up(config)
            _wait_for_signal()
            _say("Stopping: calls in flight may finish …")
    _say("Stopped.")


def web(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=-1, max=65535)] = -1,
) -> None:
    """The desk alone; start `publisher worker` beside it."""
    _listen_for_signals()
    config = _configure(host, port)
    open_newsroom()
    with _desk(config):
        _prepare_newsroom(config)
        _greet(config)
        _set_up(config)
        _wait_for_signal()


def worker(threads: Annotated[int, typer.Option(help="How many things are done at once.", min=0)] = 0) -> None:
    """The workers alone: polling, drafting, delivery."""
    _listen_for_signals()
    config = _configure("", -1)
    open_newsroom()
    with _workers(threads or config.workers):
        _say("Working. Stop with Ctrl-C.")
        _wait_for_signal()


def _configure(host: str, port: int, *, sample: bool = True) -> "Config":
    """Options win over the settings; a port of 0 becomes a free one before anything asks for the address."""
    if host:
        os.environ["PUBLISHER_HOST"] = host
    if port >= 0:
        os.environ["PUBLISHER_PORT"] = str(port)
    if not sample:
        os.environ["PUBLISHER_SAMPLE"] = "false"
    from publisher import config

    settings = config.get()
    if settings.port == 0:
        os.environ["PUBLISHER_PORT"] = str(_free_port(settings))
        config.get.cache_clear()
        settings = config.get()
    return settings


def _free_port(config: "Config") -> int:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(config.host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)
            port: int = probe.getsockname()[1]
            return port
    except OSError as error:
        raise _cannot_listen(config, error) from error


def _cannot_listen(config: "Config", error: OSError | ValueError) -> "ConfigError":
    from publisher.errors import ConfigError

    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return ConfigError("config.port", type(error).__name__, host=config.host, port=config.port)
    why = error.strerror if isinstance(error, OSError) and error.strerror else "there is no such address here"
    return ConfigError("config.listen", type(error).__name__, host=config.host, port=config.port, why=why)


def _prepare_newsroom(config: "Config") -> None:
    from publisher.newsroom import setup

    setup.prepare(config, config.local_address)


def _set_up(config: "Config") -> None:
    """What the settings describe: after the greeting, for a network that does not answer must not delay the desk."""
    from publisher.newsroom import setup

    for problem in setup.from_settings(config):
        _say(problem)


def make_server(application: Any, config: "Config") -> Any:
    """What listens. Who calls is what the connection says, or else what the web server in front says that we trust."""
    from waitress.server import create_server

    told = {"x-forwarded-for", "x-forwarded-proto"}
    in_front = {"trusted_proxy": config.trusted_proxy, "trusted_proxy_headers": told} if config.trusted_proxy else {}
    return create_server(
        application,
        host=config.host,
        port=config.port,
        threads=config.web_threads,
        ident=None,
        channel_timeout=60,
        # A little more than may be uploaded, so that what is a little too large is refused in words.
        max_request_body_size=(config.upload_megabytes + 12) * 1_000_000,
        clear_untrusted_proxy_headers=True,
        **in_front,
    )


@contextmanager
def _desk(config: "Config") -> Iterator[None]:
    """Serve pages in threads of this process."""
    from publisher.wsgi import application

    try:
        server = make_server(application, config)
    except (OSError, ValueError) as error:  # ValueError: waitress cannot resolve the host
        raise _cannot_listen(config, error) from error
    thread = threading.Thread(target=server.run, name="desk", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.close()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)


@contextmanager
def _workers(threads: int) -> Iterator[None]:
    from huey.consumer import Consumer

    from publisher.newsroom import engine
    from publisher.tasks import Sweeper

    class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
        """Signals are this module's business."""

        def _set_signal_handlers(self) -> None:
            pass

    consumer: Any = QuietConsumer(
        engine.huey(),
        workers=threads,
        worker_type="thread",
        initial_delay=0.02,
        max_delay=0.25,  # approve to network call: under one second
        backoff=1.15,
        check_worker_health=True,
        periodic=False,
        shutdown_timeout=STOP_WITHIN,
    )
    consumer.start()
    sweeper = Sweeper()
    sweeper.start()
    try:
        yield
    finally:
        sweeper.stop()
        consumer.stop(graceful=True)


def _greet(config: "Config") -> None:
    from publisher.newsroom import access

    _say(f"Publisher is ready on {config.address}")
    link = access.first_person_link()
    if link:
        _say(f"Nobody has an account yet. Open this link once to make the first one: {link}")
    _say("Stop with Ctrl-C.")


def _listen_for_signals() -> None:
    """Ctrl-C and SIGTERM end the service in an orderly way, whenever they come; a second one ends it at once."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if _asked.is_set():
            os._exit(130)  # what was in flight is looked up at the next start
        _asked.set()
        killer = threading.Timer(GONE_WITHIN, _stop_at_once)
        killer.daemon = True
        killer.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _stop_at_once() -> None:
    """Threads that hang in a call must not keep the process; the row says what was under way."""
    _say("Stopped. A call got no answer in time; whether its post is out is looked up at the next start.")
    os._exit(0)


def _wait_for_signal() -> None:
    from publisher.newsroom import engine

    while not _asked.wait(1.0):
        pass
    engine.stopping.set()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
