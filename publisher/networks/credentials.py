"""What a network asks of whoever connects an account there."""

from pydantic import BaseModel, ConfigDict, SecretStr


class Credentials(BaseModel):
    """What a person must enter to connect an account.

    The connect form, its validation and the documentation are made from the fields: title, description,
    and `SecretStr` for what is never shown again.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


def reveal(credentials: Credentials) -> dict[str, str]:
    """The fields as plain text, for sealing. Never log the result."""
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in credentials
        if value is not None
    }
