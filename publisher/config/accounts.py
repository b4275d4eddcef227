"""Sources and accounts that are set up from the settings alone."""

import json
from typing import Any

from pydantic import BaseModel, Field, SecretStr, field_validator


class Accounts(BaseModel):
    sources: str = Field("", description="Feeds to watch, separated by blanks or line breaks.")
    channels: str = Field(
        "",
        repr=False,
        description='More accounts, as JSON: [{"network": "bluesky", "name": "Press", "credentials": {…}}].',
    )
    bluesky_identifier: str = Field("", description="Bluesky: the handle, like press.example.org.")
    bluesky_app_password: SecretStr = Field(SecretStr(""), description="Bluesky: an app password.")
    bluesky_base_url: str = Field("", description="Bluesky: your own server; empty means bsky.social.")
    mastodon_base_url: str = Field("", description="Mastodon: the instance, like https://social.example.org.")
    mastodon_access_token: SecretStr = Field(SecretStr(""), description="Mastodon: the access token of an application.")
    x_consumer_key: SecretStr = Field(SecretStr(""), description="X, OAuth 1.0a: API key.")
    x_consumer_secret: SecretStr = Field(SecretStr(""), description="X, OAuth 1.0a: API key secret.")
    x_access_token: SecretStr = Field(SecretStr(""), description="X, OAuth 1.0a: access token.")
    x_access_token_secret: SecretStr = Field(SecretStr(""), description="X, OAuth 1.0a: access token secret.")
    x_client_id: str = Field("", description="X, OAuth 2.0: client id.")
    x_client_secret: SecretStr = Field(
        SecretStr(""), description="X, OAuth 2.0: client secret, of a confidential client."
    )
    x_oauth2_access_token: SecretStr = Field(SecretStr(""), description="X, OAuth 2.0: access token.")
    x_oauth2_refresh_token: SecretStr = Field(SecretStr(""), description="X, OAuth 2.0: refresh token.")
    x_base_url: str = Field("", description="X: another address of its API, for tests.")

    @field_validator("channels")
    @classmethod
    def _channel_list(cls, value: str) -> str:
        try:
            found = json.loads(value or "[]")
        except ValueError:
            raise ValueError("it is no valid JSON") from None  # the cause would repeat it
        if not isinstance(found, list) or not all(_describes_a_channel(item) for item in found):
            raise ValueError('it must be a list of {"network": "…", "credentials": {"…": "…"}}')
        return value

    @property
    def source_urls(self) -> list[str]:
        return self.sources.replace(",", " ").split()

    @property
    def channel_setups(self) -> list[dict[str, Any]]:
        """The channels that these settings describe: network, name, language and plain credentials of each."""
        setups: list[dict[str, Any]] = json.loads(self.channels) if self.channels else []
        for network in ("bluesky", "mastodon", "x"):
            credentials = {}
            for name in Accounts.model_fields:
                if name.startswith(f"{network}_"):
                    value = getattr(self, name)
                    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
                    if plain:
                        credentials[name.removeprefix(f"{network}_")] = plain
            if credentials.keys() - {"base_url"}:
                setups.append({"network": network, "credentials": credentials})
        return setups


def _describes_a_channel(item: object) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("credentials"), dict):
        return False
    texts = [item.get("network"), item.get("name", ""), item.get("language", ""), *item["credentials"].values()]
    return all(isinstance(text, str) for text in texts) and bool(item["network"])
