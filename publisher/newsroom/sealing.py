"""Credentials at rest: sealed with Fernet, opened only for a call to the network, never shown again."""

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from publisher import config, keys
from publisher.errors import InvalidInput


def seal(fields: Mapping[str, str]) -> str:
    """Sealed with the newest key."""
    return _keys().encrypt(json.dumps(dict(fields), sort_keys=True).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Raises InvalidInput when no key that we have opens it."""
    try:
        opened: dict[str, str] = json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken:
        raise InvalidInput("channel.cannot_unseal") from None
    return opened


def reseal(sealed: str) -> str:
    """The same credentials under the newest key: for key rotation."""
    return _keys().rotate(sealed.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys.sealing_keys(config.get())])
