"""Django's settings for the tests: ours, in a data folder of their own, deaf to the environment of the machine."""

import os
import tempfile

from publisher.config import Config

_database = os.environ.get("PUBLISHER_TEST_DATABASE", "")
for _name in [name for name in os.environ if name.startswith("PUBLISHER_")]:
    del os.environ[_name]
os.environ["PUBLISHER_DATA_DIR"] = tempfile.mkdtemp(prefix="publisher-tests-")
os.environ["PUBLISHER_DATABASE_URL"] = _database
os.environ["PUBLISHER_PRIVATE_HOSTS"] = "127.0.0.0/8 ::1"  # where the servers of the tests stand
os.environ["PUBLISHER_OIDC_ISSUER"] = "http://127.0.0.1:9"  # its part is on; tests of it name a provider that is there
os.environ["PUBLISHER_OIDC_CLIENT_ID"] = os.environ["PUBLISHER_OIDC_CLIENT_SECRET"] = "of the tests"
Config.model_config["env_file"] = None  # a developer's .env may hold real accounts

from publisher.settings import *  # noqa: E402, F403  # the environment had to be made first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # people wait for a slow hash, tests should not
