"""`python -m publisher` and the `publisher` command."""

from publisher.cli.app import app, run_app
from publisher.service import register

register(app)


def main() -> None:
    run_app()


if __name__ == "__main__":
    main()
