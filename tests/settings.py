"""The site's settings for tests: a folder of its own, no `.env`, fast passwords; DATABASE_URL chooses the database."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from planner.environment import SETTINGS

MINE = "TEST_VAR_DIR"
if MINE not in os.environ:  # pytest-xdist's workers inherit the folder of the process that started them
    for name in SETTINGS.keys() - {"DATABASE_URL"}:
        os.environ.pop(name, None)
    os.environ[MINE] = tempfile.mkdtemp(prefix="nghi-trinh-tests-")
    atexit.register(shutil.rmtree, os.environ[MINE], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ[MINE]
os.environ["ENV_FILE"] = os.devnull
os.environ["DEMO"] = "off"
os.environ["REQUIRE_2FA"] = "off"

import planner.settings  # noqa: E402
from planner.settings import *  # noqa: E402, F403

DATABASES = {"default": planner.settings.DATABASE | {"CONN_MAX_AGE": 0}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ[MINE]) / "tests.sqlite3")}
    # A power cut in the middle of a test loses nothing that matters.
    DATABASES["default"]["OPTIONS"] = planner.settings.DATABASE["OPTIONS"] | {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=20000",
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = planner.settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
Q_CLUSTER = planner.settings.Q_CLUSTER | {"testing": True}
