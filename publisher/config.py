"""The settings: the only reader of the environment, of `.env` and of secret files.

Each setting is a field of `Config`; in the environment it is called PUBLISHER_<NAME>. Any of them may be given as
PUBLISHER_<NAME>_FILE, the path of a file that holds the value (for secrets). An unknown or wrong setting raises
`ConfigError` with one sentence that names it.
"""

import base64
import difflib
import json
import os
import re
from functools import cache
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from publisher.enums import Role
from publisher.errors import ConfigError

PREFIX = "PUBLISHER_"


class FileSource(PydanticBaseSettingsSource):
    """PUBLISHER_<NAME>_FILE: the value is what the file holds, without the last line break."""

    def __init__(self, settings: type[BaseSettings], names: dict[str, str]) -> None:
        super().__init__(settings)
        self.names = names

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002  # their signature
        setting = f"{PREFIX}{field_name.upper()}_FILE"
        path = self.names.get(setting)
        if not path:
            return None, field_name, False
        try:
            return Path(path).expanduser().read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError("config.file", type(error).__name__, setting=setting, path=path) from error

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Config(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8-sig", extra="ignore", env_ignore_empty=True
    )

    # --- where the service lives
    host: str = Field("127.0.0.1", description="The address the desk listens on; 0.0.0.0 for all.")
    port: int = Field(8000, ge=0, le=65535, description="The port the desk listens on; 0 takes a free one.")
    public_url: str = Field(
        "", description="How people reach the desk, if not by host and port: https://desk.example.org"
    )
    trusted_proxy: str = Field(
        "", description="The IP address of a web server in front that tells the desk who calls (X-Forwarded-For)."
    )
    data_dir: Path = Field(Path("var"), description="The folder for the database, keys and pictures.")
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

    # --- the newsroom
    time_zone: str = Field("Europe/Brussels", description="The newsroom's time zone.")
    language: str = Field("en", description="The language of the desk.")
    contact: str = Field(
        "", description="A page or an e-mail address that web servers are told, so that they can reach you."
    )
    poll_interval: int = Field(
        0,
        ge=0,
        le=86400,
        description="Seconds between two looks at a source; 0 lets each source's own rhythm decide.",
    )
    private_hosts: str = Field(
        "",
        description="Hosts or networks inside your own net that may be read: intranet.example.org 10.1.0.0/16.",
    )
    waiting_minutes: int = Field(
        30,
        ge=1,
        le=10080,
        description="Minutes after which a document that is on no channel yet is an alarm.",
    )
    late_after: int = Field(
        21600, ge=60, description="Seconds after its time at which a post no longer goes out by itself but asks again."
    )
    second_factor: Literal["off", "approvers", "everyone"] = Field(
        "off",
        description="Who must have a second factor before they may act: off for nobody, approvers, everyone.",
    )
    session_hours: int = Field(12, ge=1, le=720, description="Hours after which a sign-in ends.")
    session_idle_minutes: int = Field(
        120, ge=5, le=43200, description="Minutes without use after which a sign-in ends before that."
    )
    oidc_issuer: str = Field(
        "", description="OpenID Connect: the provider's issuer, like https://id.example.org; empty for none."
    )
    oidc_client_id: str = Field("", description="OpenID Connect: what the provider calls this desk.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="OpenID Connect: the secret that goes with it.")
    oidc_name: str = Field(
        "your institution's account",
        description="OpenID Connect: what the sign-in page calls it, after “Sign in with”.",
    )
    oidc_scopes: str = Field("openid profile email", description="OpenID Connect: what is asked for, blanks between.")
    oidc_claim: str = Field("groups", description="OpenID Connect: the claim that roles are read from.")
    oidc_roles: str = Field(
        "",
        description='OpenID Connect: roles by that claim, as JSON: {"Press officers": "editor"}; empty: ours.',
    )
    oidc_create: bool = Field(
        False, description="OpenID Connect: whether people come in whom nobody invited; as viewers, or by the roles."
    )
    oidc_trust_email: bool = Field(
        False, description="OpenID Connect: whether addresses count that the provider does not call verified."
    )
    oidc_second_factor: bool = Field(
        False, description="OpenID Connect: whether the provider asks for a second factor, so that the desk need not."
    )
    templates_dir: Path | None = Field(
        None, description="Your own post templates; what is missing there comes with us."
    )
    card_background: str = Field("#12305a", description="Quote cards: the colour of the ground.")
    card_text: str = Field("#ffffff", description="Quote cards: the colour of the words.")
    card_accent: str = Field("#ffcc00", description="Quote cards: the colour of the bar beside the words.")
    card_logo: Path | None = Field(None, description="Quote cards: your logo, an SVG, PNG or JPEG file.")
    card_fonts: Path | None = Field(
        None, description="Quote cards: a folder with the files of your own font; empty means Noto Sans."
    )
    upload_megabytes: int = Field(
        100, ge=1, le=4000, description="The largest picture or video that may be uploaded, in megabytes."
    )
    alt_text: Literal["required", "advised"] = Field(
        "required", description="Descriptions of pictures, where a network takes them: required or advised."
    )
    sample: bool = Field(True, description="Whether the first start opens the sample newsroom.")

    figures_that_cost: bool = Field(
        False, description="Whether the figures of posts are read where each reading is billed (X)."
    )

    # --- links in posts
    own_sites: str = Field(
        "", description="Your institution's own sites: only links to them tell statistics where a reader came from."
    )
    shortener_url: str = Field(
        "", description="A shortener of links, as YOURLS: https://go.example.org/yourls-api.php; empty for none."
    )
    shortener_signature: SecretStr = Field(SecretStr(""), description="The signature token of the shortener.")

    s3_bucket: str = Field("", description="S3 storage for files that networks fetch: the bucket; empty: the desk.")
    s3_endpoint: str = Field("https://s3.amazonaws.com", description="S3 storage: its address.")
    s3_region: str = Field("us-east-1", description="S3 storage: its region, as the provider calls it.")
    s3_access_key: str = Field("", description="S3 storage: the access key.")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="S3 storage: the secret key.")

    # --- messages to people
    smtp_host: str = Field("", description="The mail server that messages to people go through; empty: no e-mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to the mail server is encrypted: starttls, tls (mostly port 465) or none."
    )
    smtp_user: str = Field("", description="The name at the mail server, if it asks for one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password at the mail server.")
    mail_from: str = Field("", description="The sender of the messages, like publisher@example.org.")
    digest_hour: int = Field(
        8, ge=-1, le=23, description="The hour of the newsroom's day at which the daily digest goes out; -1 for none."
    )

    # --- set-up from this file alone
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

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such time zone; write it like Europe/Brussels")
        return value

    @field_validator("data_dir", "templates_dir", "card_logo", "card_fonts")
    @classmethod
    def _at_home(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value else None

    @field_validator("card_background", "card_text", "card_accent")
    @classmethod
    def _colour(cls, value: str) -> str:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError("it must be a colour like #12305a")
        return value.lower()

    @field_validator("card_logo")
    @classmethod
    def _file(cls, value: Path | None) -> Path | None:
        if value and not value.is_file():
            raise ValueError("there is no such file")
        return value

    @field_validator("templates_dir", "card_fonts")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value and not value.is_dir():
            raise ValueError("there is no such folder")
        return value

    @field_validator("private_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        for word in value.replace(",", " ").split():
            try:
                ip_network(word.strip("[]"), strict=False)
            except ValueError:
                if not re.fullmatch(r"[\w.-]*[^\W\d][\w.-]*", word):
                    raise ValueError(f"{word} is no host name, IP address or network") from None
        return value

    @field_validator("own_sites")
    @classmethod
    def _sites(cls, value: str) -> str:
        for word in value.replace(",", " ").split():
            if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", word):
                raise ValueError(f"{word} is no host; write it like example.org, without https:// and path")
        return value.lower()

    @field_validator("trusted_proxy")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and value != "*":
            try:
                ip_address(value)
            except ValueError:
                raise ValueError("it must be one IP address, or * where nothing else can reach the desk") from None
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if not value:
            return ""
        parts = _split(value)
        if parts.scheme not in {"https", "http"} or not parts.hostname or len(value) > 200:
            raise ValueError("it must begin with https:// and name a host")
        if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("it must begin with https://; tokens would travel in the open otherwise")
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _roles_by_group(cls, value: str) -> str:
        try:
            found = json.loads(value or "{}")
        except ValueError:
            raise ValueError("it is no valid JSON") from None
        if not isinstance(found, dict) or not all(role in list(Role) for role in found.values()):
            raise ValueError(f'it must be like {{"Press officers": "editor"}}, with the roles {", ".join(Role)}')
        return value

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value:
            return ""
        parts = _split(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("it must begin with https:// or http:// and name a host")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("it must end with the host; the desk needs a host, or a port, of its own")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and _split(value).scheme not in {"postgresql", "postgres"}:
            raise ValueError("it must begin with postgresql://; leave it empty for SQLite")
        return value

    @field_validator("queue_url")
    @classmethod
    def _known_queue(cls, value: str) -> str:
        if value and _split(value).scheme not in {"postgresql", "postgres", "redis", "rediss"}:
            raise ValueError("it must begin with postgresql:// or redis://; leave it empty for SQLite")
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", value):
            raise ValueError("it must be one plain e-mail address")
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
    def local_address(self) -> str:
        """How this machine reaches the desk, without a slash at the end."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  # a comparison
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def address(self) -> str:
        """How people reach the desk, without a slash at the end."""
        return self.public_url or self.local_address

    @property
    def role_map(self) -> dict[str, str]:
        """Value of the provider's claim to role."""
        found: dict[str, str] = json.loads(self.oidc_roles) if self.oidc_roles else {}
        return found

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return tuple(self.own_sites.replace(",", " ").split())

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def sender(self) -> str:
        """Whom messages come from; blank when no e-mail can be sent."""
        if not self.smtp_host:
            return ""
        known = (self.mail_from, self.smtp_user, self.contact)
        return next((each for each in known if "@" in each and "/" not in each), f"publisher@{self.smtp_host}")

    @property
    def source_urls(self) -> list[str]:
        return self.sources.replace(",", " ").split()

    @property
    def channel_setups(self) -> list[dict[str, Any]]:
        """The channels that these settings describe: network, name, language and plain credentials of each."""
        setups: list[dict[str, Any]] = json.loads(self.channels) if self.channels else []
        for network in ("bluesky", "mastodon", "x"):
            credentials = {}
            for name in type(self).model_fields:
                if name.startswith(f"{network}_"):
                    value = getattr(self, name)
                    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
                    if plain:
                        credentials[name.removeprefix(f"{network}_")] = plain
            if credentials.keys() - {"base_url"}:
                setups.append({"network": network, "credentials": credentials})
        return setups

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # their signature; ours is FileSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, FileSource(settings_cls, _named(dotenv_settings)), dotenv_settings)


def _split(url: str) -> SplitResult:
    """The parts of an address. The error does not repeat it: there may be a password in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # it is read, and may be wrong, only when asked for
    except ValueError:
        raise ValueError("it is no address; in a password write / as %2F, @ as %40, # as %23") from None
    return parts


def _describes_a_channel(item: object) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("credentials"), dict):
        return False
    texts = [item.get("network"), item.get("name", ""), item.get("language", ""), *item["credentials"].values()]
    return all(isinstance(text, str) for text in texts) and bool(item["network"])


def _named(dotenv: PydanticBaseSettingsSource) -> dict[str, str]:
    """Every PUBLISHER_… name that the environment and `.env` hold, the environment first."""
    found: dict[str, str] = {}
    if isinstance(dotenv, DotEnvSettingsSource):
        found |= {name.upper(): value or "" for name, value in dotenv.env_vars.items()}
    found |= {name.upper(): value for name, value in os.environ.items()}
    return {name: value for name, value in found.items() if name.startswith(PREFIX)}


def load() -> Config:
    """Read the settings. Raises ConfigError."""
    try:
        _refuse_unknown()
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
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_client_secret.get_secret_value()):
        why = f"{PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET must be set too"
        raise ConfigError("config.wrong", setting=f"{PREFIX}OIDC_ISSUER", why=why)
    return settings


def _require_parts(settings: Config) -> None:
    """Some servers need a library that not everyone installs."""
    for name in ("database_url", "queue_url"):
        scheme = urlsplit(getattr(settings, name)).scheme
        module, part = ("psycopg", "postgres") if scheme.startswith("postgres") else ("redis", "redis")
        if scheme and find_spec(module) is None:
            raise ConfigError("config.part", setting=PREFIX + name.upper(), part=part)
    if settings.s3_bucket and find_spec("minio") is None:
        raise ConfigError("config.part", setting=f"{PREFIX}S3_BUCKET", part="s3")


def _refuse_unknown() -> None:
    known = {name.upper() for name in Config.model_fields}
    known |= {name + "_FILE" for name in known}
    for setting in sorted(_named(DotEnvSettingsSource(Config))):
        name = setting.removeprefix(PREFIX)
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            if close:
                raise ConfigError("config.unknown_close", setting=setting, close=PREFIX + close[0])
            raise ConfigError("config.unknown", setting=setting)


@cache
def get() -> Config:
    """The settings of this process, read once."""
    return load()
