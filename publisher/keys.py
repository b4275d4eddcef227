"""The service's own keys: from the settings, else from files in the data folder, made on first use."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from publisher.config import Config
from publisher.errors import ConfigError


def secret_key(config: Config) -> str:
    """Signs sessions and one-time links."""
    return config.secret_key.get_secret_value() or _kept(
        config.data_dir / "keys" / "secret_key", secrets.token_urlsafe(48)
    )


def sealing_keys(config: Config) -> list[str]:
    """Fernet keys, newest first: the first seals, all of them open."""
    from cryptography.fernet import Fernet

    given = config.sealing_keys.get_secret_value()
    text = given or _kept(config.data_dir / "keys" / "sealing_keys", Fernet.generate_key().decode())
    return [key for key in text.replace(",", " ").split() if key]


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; written with `fresh` when it is not there yet. Two processes that start at once agree."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            handle, name = tempfile.mkstemp(dir=path.parent)  # readable by us alone
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(fresh + "\n")
            with suppress(FileExistsError):
                os.link(name, path)  # whole or not at all, and never over another process's key
            Path(name).unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError("config.data_dir", type(error).__name__, path=str(path.parent.parent)) from error
