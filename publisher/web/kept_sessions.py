"""Where sessions are kept: as Django keeps them in the database, but by the hash of their key.

The key is what stands in the cookie. So whoever reads the rows, in a copy or by some hole, can take no session over.
Django calls the rest of what its own engine offers for asynchronous views only; we have none.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as RowsOfDjango
from django.utils import timezone


class SessionStore(RowsOfDjango):
    def exists(self, session_key: str) -> bool:
        return bool(super().exists(_kept(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(_kept(key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = _kept(row.session_key)
        return row

    def _get_session_from_db(self) -> Any:
        key = self.session_key
        found = (
            self.model.objects.filter(session_key=_kept(key), expire_date__gt=timezone.now()).first() if key else None
        )
        if found is None:
            self._session_key = None
        return found


def _kept(session_key: str) -> str:
    """As much of the SHA-256 as the column holds: 160 bits."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]
