"""The settings as other processes meet them: read from the environment, complete or refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fde_portal.core.environment import EnvironmentFault, kept_secret, read_environment

PROJECT = Path(__file__).resolve().parent.parent
LONG_SECRET = "correct horse battery staple 0123456789 and a bit more of it"
PRODUCTION = {
    "DATABASE_URL": "postgresql://portal:pw@db:5432/portal",
    "REDIS_URL": "redis://redis:6379/0",
    "SECRET_KEY": LONG_SECRET,
    "BASE_URL": "https://portal.example.com",
    "EMAIL_URL": "submission://user:pw@mail.example.com:587",
    "TRUSTED_PROXY_COUNT": "1",
}


def clean(variables: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "fde_portal.settings", **variables}


def manage(variables: dict[str, str], *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT, env=clean(variables), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Read the environment made of exactly these variables."""

    def read(**variables: str):
        for name in set(os.environ) - {"PATH"}:
            monkeypatch.delenv(name)
        for name, value in {"DATA_DIR": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        return read_environment(tmp_path)

    return read


def test_production_settings_pass_the_deployment_check(tmp_path):
    result = manage(PRODUCTION | {"DATA_DIR": str(tmp_path)}, "check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_deployment_check_warns_of_missing_mail_and_plain_http(tmp_path):
    variables = PRODUCTION | {"DATA_DIR": str(tmp_path), "BASE_URL": "http://portal.example.com"}
    del variables["EMAIL_URL"]

    result = manage(variables, "check", "--deploy")

    assert "core.W001" in result.stderr
    assert "core.W002" in result.stderr


def test_faults_are_named_together_without_a_traceback(tmp_path):
    variables = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "mysql://db/portal", "LOG_LEVEL": "loud"}

    result = manage(variables, "check")

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines() == [
        "These environment variables need attention:",
        "  BASE_URL: Environment variable not set.",
        "  DATABASE_URL: Give an address like postgresql://user:password@host:5432/name or sqlite:///path.",
        "  LOG_LEVEL: Choose one of DEBUG, INFO, WARNING, ERROR, CRITICAL.",
        "  SECRET_KEY: Environment variable not set.",
    ]


@pytest.mark.parametrize("secret", ["", "short", "x" * 60, "django-insecure-" + LONG_SECRET])
def test_production_refuses_a_weak_secret(read, secret):
    with pytest.raises(EnvironmentFault, match="SECRET_KEY: Set at least 50 random characters"):
        read(**PRODUCTION | {"SECRET_KEY": secret})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "portal.example.com"),
        ("BASE_URL", "https://portal.example.com/portal"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", ""),
        ("DEBUG", "perhaps"),
        ("EMAIL_URL", "pigeon://loft"),
        ("METRICS_TOKEN", "short"),
        ("REDIS_URL", "http://redis"),
        ("SENTRY_DSN", "https://sentry.example.com/1"),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("TRUSTED_PROXY_COUNT", "two"),
    ],
)
def test_malformed_variable_is_named(read, name, value):
    with pytest.raises(EnvironmentFault, match=rf"\n  {name}: "):
        read(**PRODUCTION | {name: value})


def test_production_accepts_its_own_host_only(read):
    assert read(**PRODUCTION).allowed_hosts == ["portal.example.com"]


def test_named_hosts_replace_the_derived_one(read):
    assert read(**PRODUCTION, ALLOWED_HOSTS="a.example,b.example").allowed_hosts == ["a.example", "b.example"]


def test_nothing_set_means_one_machine_with_sqlite(read, tmp_path):
    environment = read()

    assert environment.embedded
    assert environment.database["NAME"] == f"{tmp_path}/db.sqlite3"
    assert environment.redis_url == ""
    assert environment.base_url == "http://localhost:8000"
    assert not environment.debug


def test_embedded_secret_is_made_once_and_readable_by_its_owner_only(read, tmp_path):
    first = read().secret_key

    assert read().secret_key == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert kept_secret(tmp_path / "other") != first
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["secret_key"]


def test_https_address_makes_cookies_secure_and_http_does_not(tmp_path):
    expression = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.CSRF_TRUSTED_ORIGINS)"
    )
    secure = manage(PRODUCTION | {"DATA_DIR": str(tmp_path)}, "shell", "--no-imports", "-c", expression)
    plain = manage({"DATA_DIR": str(tmp_path)}, "shell", "--no-imports", "-c", expression)

    assert secure.stdout == "True True True ['https://portal.example.com']\n"
    assert plain.stdout == "False False False ['http://localhost:8000']\n"


def test_limits_of_sign_in_are_counted_in_the_database(settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_hard_time_limit_is_below_the_visibility_timeout(tmp_path):
    expression = (
        "from fde_portal.celery import app;"
        "print(app.conf.task_time_limit < app.conf.broker_transport_options['visibility_timeout'])"
    )
    result = manage(PRODUCTION | {"DATA_DIR": str(tmp_path)}, "shell", "--no-imports", "-c", expression)

    assert result.stdout == "True\n"


PROVIDER = {"OIDC_SERVER_URL": "https://id.example.com/", "OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "s"}


def test_single_sign_on_is_off_until_a_provider_is_named(read):
    assert read(**PRODUCTION).single_sign_on is None
    found = read(**PRODUCTION, **PROVIDER).single_sign_on
    assert (found.server_url, found.client_id, found.name) == ("https://id.example.com", "portal", "OpenID Connect")


@pytest.mark.parametrize("missing", ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"])
def test_a_provider_needs_its_client(read, missing):
    with pytest.raises(EnvironmentFault, match=f"{missing}: Environment variable not set"):
        read(**PRODUCTION, **{name: value for name, value in PROVIDER.items() if name != missing})


@pytest.mark.parametrize("address", ["http://id.example.com", "id.example.com", "ftp://id.example.com"])
def test_what_the_provider_says_does_not_cross_a_network_in_clear(read, address):
    with pytest.raises(EnvironmentFault, match="OIDC_SERVER_URL: Give the https://"):
        read(**PRODUCTION, **PROVIDER | {"OIDC_SERVER_URL": address})
