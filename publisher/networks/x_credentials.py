"""What X asks of who posts there: four keys that last, or tokens that are renewed."""

from typing import Literal

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from publisher.networks.credentials import Credentials

_OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
_OAUTH2 = ("client_id", "oauth2_access_token", "oauth2_refresh_token")


class XCredentials(Credentials):
    """Either the four keys of OAuth 1.0a, which last, or OAuth 2.0, whose tokens are renewed; the four go first."""

    # What was typed must not come back in the text of a validation error.
    model_config = ConfigDict(hide_input_in_errors=True)

    consumer_key: SecretStr = Field(
        default=SecretStr(""), title="API key", description="OAuth 1.0a, from console.x.com: Apps, Keys and tokens."
    )
    consumer_secret: SecretStr = Field(default=SecretStr(""), title="API key secret")
    access_token: SecretStr = Field(
        default=SecretStr(""),
        title="Access token",
        description="Made after the app was set to Read and write, for the account that posts.",
    )
    access_token_secret: SecretStr = Field(default=SecretStr(""), title="Access token secret")
    client_id: str = Field(default="", title="Client ID", description="OAuth 2.0, instead of the four keys above.")
    client_secret: SecretStr = Field(
        default=SecretStr(""), title="Client secret", description="Only of a confidential client."
    )
    oauth2_access_token: SecretStr = Field(default=SecretStr(""), title="OAuth 2.0 access token")
    oauth2_refresh_token: SecretStr = Field(
        default=SecretStr(""), title="OAuth 2.0 refresh token", description="Needs the scope offline.access."
    )
    oauth2_expires_at: str = Field(default="", title="End of the access token", json_schema_extra={"internal": True})
    """ISO 8601 with offset; blank = not known. Kept by us, never asked for."""
    replies: Literal["no", "yes"] = Field(
        default="no",
        title="Replies to own posts",
        description="X lets most accounts reply only where they are mentioned, so a thread is written as one post. "
        "Choose yes only where X lets this app answer itself, as with an Enterprise contract.",
    )
    base_url: str = Field(default="https://api.x.com", title="Address of the API", pattern=r"^https?://[^/\s?#@]+")

    @property
    def uses_oauth1(self) -> bool:
        return not self._missing(_OAUTH1)

    @field_validator("*", mode="before")
    @classmethod
    def _strip(cls, value: object) -> object:
        """Keys are pasted, often with a blank or a line end."""
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(text, str):
            return value
        if not text.strip().isascii():
            raise ValueError("holds a character that no key has: copy it again from console.x.com")
        return text.strip()

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _complete(self) -> "XCredentials":
        if not self._missing(_OAUTH1) or not self._missing(_OAUTH2):
            return self
        # Whoever began one of the two is told about that one.
        for names in (_OAUTH2, _OAUTH1):
            if len(self._missing(names)) < len(names):
                titles = [str(type(self).model_fields[name].title) for name in self._missing(names)]
                raise ValueError(f"Still missing: {', '.join(titles)}")
        raise ValueError("Enter the four keys and tokens of OAuth 1.0a, or a client ID with tokens of OAuth 2.0")

    def _missing(self, names: tuple[str, ...]) -> list[str]:
        values = {name: getattr(self, name) for name in names}
        return [
            name
            for name, value in values.items()
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value)
        ]
