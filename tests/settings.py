"""Django's settings for the tests: ours, in a data folder of their own, deaf to the environment of the machine."""

import os
import tempfile

for _name in [name for name in os.environ if name.startswith("PUBLISHER_") and not name.startswith("PUBLISHER_TEST_")]:
    del os.environ[_name]
os.environ["PUBLISHER_DATA_DIR"] = tempfile.mkdtemp(prefix="publisher-tests-")
os.environ["PUBLISHER_DATABASE_URL"] = os.environ.get("PUBLISHER_TEST_DATABASE", "")

from publisher.settings import *  # noqa: E402, F403  # the environment had to be made first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # people wait for a slow hash, tests should not
