"""Links in posts."""

import re

from pydantic import BaseModel, Field, SecretStr, field_validator


class Links(BaseModel):
    own_sites: str = Field(
        "", description="Your institution's own sites: only links to them tell statistics where a reader came from."
    )
    shortener_url: str = Field(
        "", description="A shortener of links, as YOURLS: https://go.example.org/yourls-api.php; empty for none."
    )
    shortener_signature: SecretStr = Field(SecretStr(""), description="The signature token of the shortener.")

    @field_validator("own_sites")
    @classmethod
    def _sites(cls, value: str) -> str:
        for word in value.replace(",", " ").split():
            if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", word):
                raise ValueError(f"{word} is no host; write it like example.org, without https:// and path")
        return value.lower()

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return tuple(self.own_sites.replace(",", " ").split())
