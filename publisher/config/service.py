"""Where the service lives, and the keys it has."""

import base64
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator

from publisher.config.values import AtHome, parts_of


class Service(BaseModel):
    host: str = Field("127.0.0.1", description="The address the desk listens on; 0.0.0.0 for all.")
    port: int = Field(8000, ge=0, le=65535, description="The port the desk listens on; 0 takes a free one.")
    public_url: str = Field(
        "", description="How people reach the desk, if not by host and port: https://desk.example.org"
    )
    trusted_proxy: str = Field(
        "", description="The IP address of a web server in front that tells the desk who calls (X-Forwarded-For)."
    )
    data_dir: AtHome = Field(Path("var"), description="The folder for the database, keys and pictures.")
    database_url: str = Field(
        "", repr=False, description="postgresql://user:password@host/name; empty means SQLite in the data folder."
    )
    queue_url: str = Field(
        "", repr=False, description="Where background work waits: postgresql:// or redis://; empty means SQLite."
    )
    workers: int = Field(4, ge=1, le=64, description="How many things are done at once in the background.")
    web_threads: int = Field(8, ge=2, le=64, description="How many pages are served at once.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("WARNING", description="How much is logged.")

    # --- keys: made and kept in the data folder when absent
    secret_key: SecretStr = Field(SecretStr(""), description="Signs sessions; made on first start when absent.")
    sealing_keys: SecretStr = Field(
        SecretStr(""),
        description="Fernet keys that seal credentials, newest first, commas between; made on first start when absent.",
    )

    @field_validator("trusted_proxy")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and value != "*":
            try:
                ip_address(value)
            except ValueError:
                raise ValueError("it must be one IP address, or * where nothing else can reach the desk") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value:
            return ""
        parts = parts_of(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("it must begin with https:// or http:// and name a host")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("it must end with the host; the desk needs a host, or a port, of its own")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and parts_of(value).scheme not in {"postgresql", "postgres"}:
            raise ValueError("it must begin with postgresql://; leave it empty for SQLite")
        return value

    @field_validator("queue_url")
    @classmethod
    def _known_queue(cls, value: str) -> str:
        if value and parts_of(value).scheme not in {"postgresql", "postgres", "redis", "rediss"}:
            raise ValueError("it must begin with postgresql:// or redis://; leave it empty for SQLite")
        return value

    @field_validator("sealing_keys")
    @classmethod
    def _fernet_keys(cls, value: SecretStr) -> SecretStr:
        for key in value.get_secret_value().replace(",", " ").split():
            try:
                well = len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
            except ValueError:
                well = False
            if not well:
                raise ValueError("each key must be a Fernet key: 44 characters that stand for 32 bytes")
        return value

    @property
    def local_address(self) -> str:
        """How this machine reaches the desk, without a slash at the end."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  # a comparison
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def address(self) -> str:
        """How people reach the desk, without a slash at the end."""
        return self.public_url or self.local_address
