"""What django-allauth asks us: how the secrets of second factors are kept, and how we are called in them."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter

from publisher.models import User
from publisher.newsroom.sealing import seal, unseal


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def encrypt(self, text: str) -> str:
        return seal({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)["secret"]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host alone: a passkey is bound to it, and the browser offers it nowhere else."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Publisher"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        given: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return given | {"display_name": user.name, "name": user.email}
