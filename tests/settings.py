"""The portal's settings for tests: nothing of the person's own environment, and a scratch folder.

TEST_ON=servers runs on PostgreSQL and Redis (TEST_DATABASE_URL, TEST_REDIS_URL), else on SQLite.
Every process has its own database and its own names in Redis, so that runs do not meet.
"""

import atexit
import os
import shutil
import tempfile

from tests.servers import DATABASE_URL, REDIS_URL

ON_SERVERS = os.environ.get("TEST_ON") == "servers"
RUN = os.environ.get("TEST_RUN") or f"test_fde_portal_{os.getpid()}"
# A process that a test starts shares the folder and the database of its parent.
SCRATCH = os.environ.get("TEST_SCRATCH")
if not SCRATCH:
    SCRATCH = tempfile.mkdtemp(prefix="fde-portal-tests-")
    atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

os.environ.update(
    DATA_DIR=SCRATCH,
    SECRET_KEY="only for tests: 0123456789 abcdefghijklmnopqrstuvwxyz",
    BASE_URL="http://localhost:8000",
    LOG_LEVEL=os.environ.get("TEST_LOG_LEVEL", "WARNING"),
    DATABASE_URL=DATABASE_URL if ON_SERVERS else f"sqlite:///{SCRATCH}/unused.sqlite3",
    REDIS_URL=REDIS_URL if ON_SERVERS else "",
)
for _name in (
    "DEBUG", "DEMO", "ALLOWED_HOSTS", "EMAIL_URL", "OIDC_SERVER_URL", "TRUSTED_PROXY_COUNT", "COLLECTED_STATIC", "METRICS_TOKEN", "SENTRY_DSN",
):  # fmt: skip
    os.environ.pop(_name, None)

from fde_portal.settings import *  # noqa: E402, F403  (reads the variables above)
from fde_portal.settings import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": RUN if ON_SERVERS else f"{SCRATCH}/test.sqlite3"}
if "TEST_DATABASE_NAME" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
if ON_SERVERS:
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{RUN}:"
    CACHES["sessions"]["KEY_PREFIX"] = RUN

# A cached session saves a statement; without, a test counts the same statements everywhere.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# The real one is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
