"""The settings: the only reader of the environment, of `.env` and of secret files.

Each setting is a field of `Config`, which is put together from a file for each topic; in the environment it is called
PUBLISHER_<NAME>. Any of them may be given as PUBLISHER_<NAME>_FILE, the path of a file that holds the value (for
secrets). An unknown or wrong setting raises `ConfigError` with one sentence that names it.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from publisher.config.accounts import Accounts
from publisher.config.links import Links
from publisher.config.mail import Mail
from publisher.config.media import Media
from publisher.config.newsroom import Newsroom
from publisher.config.reading import PREFIX, FileSource, named, refuse_unknown
from publisher.config.service import Service
from publisher.config.signin import SignIn
from publisher.errors import ConfigError


class Config(Accounts, Mail, Links, Media, SignIn, Newsroom, Service, BaseSettings):
    """All settings. The parts stand last first: so their fields come in the order of `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8-sig", extra="ignore", env_ignore_empty=True
    )

    @property
    def sender(self) -> str:
        """Whom messages come from; blank when no e-mail can be sent."""
        if not self.smtp_host:
            return ""
        known = (self.mail_from, self.smtp_user, self.contact)
        return next((each for each in known if "@" in each and "/" not in each), f"publisher@{self.smtp_host}")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # their signature; ours is FileSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, FileSource(settings_cls, named(dotenv_settings)), dotenv_settings)


def load() -> Config:
    """Read the settings. Raises ConfigError."""
    try:
        refuse_unknown(Config)
        settings = Config()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        why = first["msg"].removeprefix("Value error, ")
        raise ConfigError("config.wrong", setting=name, why=why) from None  # the cause may hold a secret
    except (OSError, UnicodeDecodeError) as error:
        path = str(Path(str(Config.model_config["env_file"])).absolute())
        raise ConfigError("config.env", type(error).__name__, path=path) from None  # the cause may hold a secret
    _require_parts(settings)
    _require_pairs(settings)
    return settings


def _require_parts(settings: Config) -> None:
    """Some servers need a library that not everyone installs."""
    for name in ("database_url", "queue_url"):
        scheme = urlsplit(getattr(settings, name)).scheme
        module, part = ("psycopg", "postgres") if scheme.startswith("postgres") else ("redis", "redis")
        if scheme and find_spec(module) is None:
            raise ConfigError("config.part", setting=PREFIX + name.upper(), part=part)
    if settings.s3_bucket and find_spec("boto3") is None:
        raise ConfigError("config.part", setting=f"{PREFIX}S3_BUCKET", part="s3")


def _require_pairs(settings: Config) -> None:
    """Some settings mean nothing without another one."""
    if settings.s3_bucket and not (settings.s3_access_key and settings.s3_secret_key.get_secret_value()):
        why = f"{PREFIX}S3_ACCESS_KEY and {PREFIX}S3_SECRET_KEY must be set too"
        raise ConfigError("config.wrong", setting=f"{PREFIX}S3_BUCKET", why=why)
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_client_secret.get_secret_value()):
        why = f"{PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET must be set too"
        raise ConfigError("config.wrong", setting=f"{PREFIX}OIDC_ISSUER", why=why)


@cache
def get() -> Config:
    """The settings of this process, read once."""
    return load()
