"""The settings: where they come from, what is refused and how that is said."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from publisher import config
from publisher.config import Config, load
from publisher.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is set, and `.env` is read in an empty folder."""
    for name in [name for name in os.environ if name.upper().startswith("PUBLISHER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Config.model_config, "env_file", ".env")
    yield
    config.get.cache_clear()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    class Environment(dict[str, str]):
        def __setitem__(self, name: str, value: str) -> None:
            monkeypatch.setenv(name, value)

    return Environment()


def env_file(*lines: str) -> None:
    Path(".env").write_text("\n".join(lines) + "\n", encoding="utf-8")


def refusal() -> str:
    """The one sentence with which the start is refused."""
    with pytest.raises(ConfigError) as refused:
        load()
    return refused.value.sentence


# --- .env.example ---------------------------------------------------------------------------------


def test_example_lists_every_setting_with_its_sentence_and_its_default() -> None:
    listed = re.findall(r"^# (.+)\n#(PUBLISHER_\w+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    expected = []
    for name, field in Config.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        text = "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
        expected.append((field.description, f"PUBLISHER_{name.upper()}", text))
    assert listed == expected


def test_example_as_it_stands_changes_nothing() -> None:
    Path(".env").write_text((ROOT / ".env.example").read_text("utf-8").replace("\n#P", "\nP"), encoding="utf-8")
    assert load() == Config(_env_file=None)


def test_every_description_is_a_sentence() -> None:
    assert [name for name, field in Config.model_fields.items() if not (field.description or "").strip()] == []


# --- where settings come from -----------------------------------------------------------------------


def test_environment_wins_over_env_file(environment: dict[str, str]) -> None:
    env_file("PUBLISHER_PORT=1", "PUBLISHER_HOST=::1", "SOMETHING_ELSE=2")
    environment["publisher_port"] = "2"
    assert (load().port, load().host) == (2, "::1")


def test_env_file_may_begin_with_a_byte_order_mark() -> None:
    Path(".env").write_text("PUBLISHER_PORT=1\n", encoding="utf-8-sig")
    assert load().port == 1


def test_empty_value_is_as_good_as_none(environment: dict[str, str]) -> None:
    env_file("PUBLISHER_PORT=1", "PUBLISHER_TEMPLATES_DIR=", "PUBLISHER_SAMPLE=")
    environment["PUBLISHER_PORT"] = ""
    environment["PUBLISHER_X_ACCESS_TOKEN"] = ""
    found = load()
    assert (found.port, found.templates_dir, found.sample, found.channel_setups) == (1, None, True, [])


def test_value_may_be_in_a_file_without_its_last_line_break(environment: dict[str, str]) -> None:
    Path("token").write_text(" s3cret\n", encoding="utf-8")
    env_file("PUBLISHER_X_ACCESS_TOKEN_FILE=token")
    environment["PUBLISHER_MASTODON_ACCESS_TOKEN_FILE"] = str(Path("token").absolute())
    found = load()
    assert found.x_access_token.get_secret_value() == " s3cret"
    assert found.mastodon_access_token.get_secret_value() == " s3cret"


def test_file_that_cannot_be_read_is_named_with_its_setting(environment: dict[str, str]) -> None:
    environment["PUBLISHER_X_ACCESS_TOKEN_FILE"] = "none"
    assert refusal() == "The file none that the setting PUBLISHER_X_ACCESS_TOKEN_FILE names cannot be read."


def test_folders_may_be_at_home(environment: dict[str, str], tmp_path: Path) -> None:
    environment["HOME"] = str(tmp_path)
    environment["PUBLISHER_DATA_DIR"] = "~/newsroom"
    assert load().data_dir == tmp_path / "newsroom"


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("PUBLISHER_PROT", "There is no setting PUBLISHER_PROT. Did you mean PUBLISHER_PORT?"),
        (
            "publisher_x_acces_token",
            "There is no setting PUBLISHER_X_ACCES_TOKEN. Did you mean PUBLISHER_X_ACCESS_TOKEN?",
        ),
        (
            "PUBLISHER_ENTIRELY_DIFFERENT",
            (
                "There is no setting PUBLISHER_ENTIRELY_DIFFERENT. Take it out of .env and the environment; "
                ".env.example lists all."
            ),
        ),
    ],
)
def test_unknown_setting_is_named_with_the_closest(environment: dict[str, str], name: str, sentence: str) -> None:
    env_file(f"{name}=1")
    assert refusal() == sentence
    Path(".env").unlink()
    environment[name] = "1"
    assert refusal() == sentence


SECRET = "s3cret"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "eighty", "Input should be a valid integer, unable to parse string as an integer"),
        ("PORT", "70000", "Input should be less than or equal to 65535"),
        ("TIME_ZONE", "Brussels", "no such time zone; write it like Europe/Brussels"),
        ("TEMPLATES_DIR", "nowhere", "there is no such folder"),
        ("PUBLIC_URL", "desk.example.org", "it must begin with https:// or http:// and name a host"),
        ("PUBLIC_URL", "https://", "it must begin with https:// or http:// and name a host"),
        (
            "PUBLIC_URL",
            "https://example.org/desk",
            "it must end with the host; the desk needs a host, or a port, of its own",
        ),
        (
            "DATABASE_URL",
            f"mysql://u:{SECRET}@db/name",
            "it must begin with postgresql://; leave it empty for SQLite",
        ),
        (
            "DATABASE_URL",
            f"postgresql://u:{SECRET}/1@db/name",
            "it is no address; in a password write / as %2F, @ as %40, # as %23",
        ),
        (
            "QUEUE_URL",
            f"amqp://u:{SECRET}@db",
            "it must begin with postgresql:// or redis://; leave it empty for SQLite",
        ),
        ("SEALING_KEYS", SECRET, "each key must be a Fernet key: 44 characters that stand for 32 bytes"),
        ("CHANNELS", f'[{{"token": "{SECRET}"', "it is no valid JSON"),
        (
            "CHANNELS",
            f'[{{"network": "x", "credentials": "{SECRET}"}}]',
            'it must be a list of {"network": "…", "credentials": {"…": "…"}}',
        ),
        (
            "CHANNELS",
            f'[{{"network": "x", "credentials": {{"token": ["{SECRET}"]}}}}]',
            'it must be a list of {"network": "…", "credentials": {"…": "…"}}',
        ),
    ],
)
def test_wrong_value_is_named_and_no_secret_repeated(
    environment: dict[str, str], name: str, value: str, why: str
) -> None:
    environment[f"PUBLISHER_{name}"] = value
    assert refusal() == f"The setting PUBLISHER_{name} is wrong: {why}."


def test_no_secret_is_in_what_python_shows_of_a_refusal(environment: dict[str, str]) -> None:
    environment["PUBLISHER_SEALING_KEYS"] = SECRET
    with pytest.raises(ConfigError) as refused:
        load()
    error = refused.value
    assert error.__suppress_context__
    assert SECRET not in f"{error} {error!r} {error.diagnostic} {error.params}"


def test_settings_do_not_show_their_secrets(environment: dict[str, str]) -> None:
    environment["PUBLISHER_DATABASE_URL"] = f"postgresql://u:{SECRET}@db/name"
    environment["PUBLISHER_CHANNELS"] = json.dumps([{"network": "sandbox", "credentials": {"token": SECRET}}])
    environment["PUBLISHER_X_ACCESS_TOKEN"] = SECRET
    assert SECRET not in repr(load())


def test_env_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"PUBLISHER_X_ACCESS_TOKEN=\xff\xfe")
    assert (
        refusal() == f"The file {Path('.env').absolute()} cannot be read. It must be text in UTF-8 that you may open."
    )


def test_missing_part_is_named(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    environment["PUBLISHER_QUEUE_URL"] = "redis://127.0.0.1"
    told = "needs a part that is not installed: pip install"
    assert refusal() == f"The setting PUBLISHER_QUEUE_URL {told} 'publisher[redis]'."
    environment["PUBLISHER_QUEUE_URL"] = "postgresql:///queue"
    assert refusal() == f"The setting PUBLISHER_QUEUE_URL {told} 'publisher[postgres]'."


def test_several_sealing_keys_are_taken(environment: dict[str, str]) -> None:
    environment["PUBLISHER_SEALING_KEYS"] = f"{Fernet.generate_key().decode()}, {Fernet.generate_key().decode()}"
    assert load().sealing_keys.get_secret_value().count("=") == 2


# --- what follows from them ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "address", "local"),
    [
        ({}, "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://127.0.0.1:80", "http://127.0.0.1:80"),  # noqa: S104  # the case
        ({"HOST": "::"}, "http://[::1]:8000", "http://[::1]:8000"),
        ({"HOST": "fd00::5"}, "http://[fd00::5]:8000", "http://[fd00::5]:8000"),
        ({"HOST": "desk.local"}, "http://desk.local:8000", "http://desk.local:8000"),
        ({"PUBLIC_URL": "https://desk.example.org/"}, "https://desk.example.org", "http://127.0.0.1:8000"),
    ],
)
def test_address(environment: dict[str, str], settings: dict[str, str], address: str, local: str) -> None:
    for name, value in settings.items():
        environment[f"PUBLISHER_{name}"] = value
    found = load()
    assert (found.address, found.local_address) == (address, local)


def test_sources_are_separated_by_blanks_lines_or_commas(environment: dict[str, str]) -> None:
    environment["PUBLISHER_SOURCES"] = (
        "https://a.example/1 https://a.example/2\nhttps://a.example/3, https://a.example/4"
    )
    assert load().source_urls == [f"https://a.example/{number}" for number in range(1, 5)]


def test_channels_are_gathered_from_all_their_settings(environment: dict[str, str]) -> None:
    given = {"network": "sandbox", "name": "Press", "language": "fr", "credentials": {"account": "a", "token": "t"}}
    environment["PUBLISHER_CHANNELS"] = json.dumps([given])
    environment["PUBLISHER_BLUESKY_IDENTIFIER"] = "press.example.org"
    environment["PUBLISHER_BLUESKY_APP_PASSWORD"] = "abcd"
    environment["PUBLISHER_X_OAUTH2_ACCESS_TOKEN"] = "efgh"
    environment["PUBLISHER_X_BASE_URL"] = "http://127.0.0.1:1"
    assert load().channel_setups == [
        given,
        {"network": "bluesky", "credentials": {"identifier": "press.example.org", "app_password": "abcd"}},
        {"network": "x", "credentials": {"oauth2_access_token": "efgh", "base_url": "http://127.0.0.1:1"}},
    ]


def test_address_of_a_server_alone_is_no_channel(environment: dict[str, str]) -> None:
    environment["PUBLISHER_MASTODON_BASE_URL"] = "https://social.example.org"
    assert load().channel_setups == []


def test_settings_are_read_once(environment: dict[str, str]) -> None:
    config.get.cache_clear()
    first = config.get()
    environment["PUBLISHER_PORT"] = "9"
    assert config.get() is first


# --- the storage that networks fetch from --------------------------------------------------------------


def test_bucket_needs_a_key(environment: dict[str, str]) -> None:
    environment["PUBLISHER_S3_BUCKET"] = "press-office"
    environment["PUBLISHER_S3_ACCESS_KEY"] = "publisher"
    told = "PUBLISHER_S3_ACCESS_KEY and PUBLISHER_S3_SECRET_KEY must be set too"
    assert refusal() == f"The setting PUBLISHER_S3_BUCKET is wrong: {told}."


@pytest.mark.parametrize(
    "endpoint", ["s3.example.org", "ftp://s3.example.org", "https://u:p@s3.example.org", "https://s3.example.org/?a"]
)
def test_storage_is_named_by_its_address(environment: dict[str, str], endpoint: str) -> None:
    environment["PUBLISHER_S3_ENDPOINT"] = endpoint
    assert refusal().startswith("The setting PUBLISHER_S3_ENDPOINT is wrong: it must ")


# --- the institution's accounts ------------------------------------------------------------------------


def test_provider_needs_what_it_calls_us_and_the_secret(environment: dict[str, str]) -> None:
    environment["PUBLISHER_OIDC_ISSUER"] = "https://id.example.org"
    environment["PUBLISHER_OIDC_CLIENT_ID"] = "publisher"
    told = "PUBLISHER_OIDC_CLIENT_ID and PUBLISHER_OIDC_CLIENT_SECRET must be set too"
    assert refusal() == f"The setting PUBLISHER_OIDC_ISSUER is wrong: {told}."


@pytest.mark.parametrize("issuer", ["id.example.org", "http://id.example.org", "ftp://id.example.org"])
def test_provider_is_reached_by_https_only(environment: dict[str, str], issuer: str) -> None:
    environment["PUBLISHER_OIDC_ISSUER"] = issuer
    assert refusal().startswith("The setting PUBLISHER_OIDC_ISSUER is wrong: it must begin with https://")


@pytest.mark.parametrize("roles", ["editor", "[]", '{"Press": "king"}', '{"Press": ["editor"]}'])
def test_roles_of_groups_are_roles_that_there_are(environment: dict[str, str], roles: str) -> None:
    environment["PUBLISHER_OIDC_ROLES"] = roles
    assert refusal().startswith("The setting PUBLISHER_OIDC_ROLES is wrong: ")
