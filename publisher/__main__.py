"""`python -m publisher` and the `publisher` command."""

from publisher.cli.app import app
from publisher.cli.command import run
from publisher.service import register

register(app)


def main() -> None:
    run()


if __name__ == "__main__":
    main()
