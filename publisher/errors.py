"""What can go wrong, as types.

Every error has two texts. `sentence` is for the person: what happened and what to do, from the catalogue
in `messages`. `diagnostic` is for us: a status, a type, the start of an answer. Neither may hold a secret.
"""

from datetime import datetime
from typing import Any

from publisher import messages


class PublisherError(Exception):
    """The root of all our errors.

    `key` names a sentence in `messages.CATALOGUE`; `params` fills its gaps.
    """

    def __init__(self, key: str, diagnostic: str = "", **params: object) -> None:
        self.key = key
        self.params = params
        self.diagnostic = diagnostic
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors travel whole between processes, whatever else their kind says."""
        return _whole, (type(self), self.args, self.__dict__)

    @property
    def sentence(self) -> str:
        return messages.sentence(self.key, **self.params)

    def __str__(self) -> str:
        return f"{self.sentence} [{self.diagnostic}]" if self.diagnostic else self.sentence


def _whole(kind: type[PublisherError], args: tuple[object, ...], state: dict[str, object]) -> PublisherError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ConfigError(PublisherError):
    """A setting is unknown, missing or wrong; the service does not start."""


class InvalidInput(PublisherError):
    """A person or a program gave something that cannot be used; the sentence names it and the mend."""


class NotAllowed(PublisherError):
    """The person may not do this."""


class StaleState(PublisherError):
    """Somebody else got there first: the thing is no longer in the state that was expected."""


class Held(PublisherError):
    """A hold, an embargo or a paused channel stands in the way."""


class FetchError(PublisherError):
    """A source could not be read. `status` is an `enums.SourceStatus`."""

    at = ""
    """The address that answered so, after redirects; blank where none did."""

    def __init__(
        self,
        key: str,
        diagnostic: str = "",
        *,
        status: str,
        retry_after: datetime | None = None,
        **params: object,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        """Not before this time (UTC), where the server said so."""
        super().__init__(key, diagnostic, **params)


class TemplateError(PublisherError):
    """A post template is broken: which file, which line, why."""


class NetworkError(PublisherError):
    """The root of what a network's `publish`, `resume`, `find`, `verify`, `delete` may raise."""


class Retry(NetworkError):
    """Nothing went out, and the same call may succeed later. `after` is in seconds."""

    def __init__(self, key: str, diagnostic: str = "", *, after: float = 60, **params: object) -> None:
        self.after = after
        super().__init__(key, diagnostic, **params)


class StartAnew(Retry):
    """What `publish` left pending came to nothing, and nothing went out: the part is to be sent from the beginning."""


class RateLimited(NetworkError):
    """Nothing went out; the network asks to wait until `until` (UTC)."""

    def __init__(self, key: str, diagnostic: str = "", *, until: datetime, **params: object) -> None:
        self.until = until
        super().__init__(key, diagnostic, **params)


class Refused(NetworkError):
    """The network will never take this text or media as they are."""


class AccountBlocked(NetworkError):
    """The network no longer lets this account in: pause the channel, ask to reconnect."""


class Uncertain(NetworkError):
    """The request may have left, and no answer says whether the post is out.

    Never to be answered with another `publish`: only `find()` or a person settles it.
    """
