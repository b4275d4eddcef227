"""Where settings are read from: the environment, `.env`, and files that PUBLISHER_<NAME>_FILE names."""

import difflib
import os
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource

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


def named(dotenv: PydanticBaseSettingsSource) -> dict[str, str]:
    """Every PUBLISHER_… name that the environment and `.env` hold, the environment first."""
    found: dict[str, str] = {}
    if isinstance(dotenv, DotEnvSettingsSource):
        found |= {name.upper(): value or "" for name, value in dotenv.env_vars.items()}
    found |= {name.upper(): value for name, value in os.environ.items()}
    return {name: value for name, value in found.items() if name.startswith(PREFIX)}


def refuse_unknown(settings: type[BaseSettings]) -> None:
    """Names that begin like ours and mean nothing. Raises ConfigError."""
    known = {name.upper() for name in settings.model_fields}
    known |= {name + "_FILE" for name in known}
    for setting in sorted(named(DotEnvSettingsSource(settings))):
        name = setting.removeprefix(PREFIX)
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            if close:
                raise ConfigError("config.unknown_close", setting=setting, close=PREFIX + close[0])
            raise ConfigError("config.unknown", setting=setting)
