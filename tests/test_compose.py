"""The compose file cannot be started where these tests run, so it is read and held to the settings."""

import re
from pathlib import Path

import pytest
import yaml

from fde_portal.core.environment import read_environment

PROJECT = Path(__file__).resolve().parent.parent
TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
GIVEN = {
    "POSTGRES_PASSWORD": "0123456789abcdef",
    "SECRET_KEY": "correct horse battery staple 0123456789 and a bit more of it",
    "BASE_URL": "https://portal.example.com",
    "EMAIL_URL": "submission://user:pw@mail.example.com:587",
    "DEFAULT_FROM_EMAIL": "portal@example.com",
}


def filled(value: str) -> str:
    """Replace ${NAME:?} by what the operator gives, and ${NAME:-default} by its default."""
    value = re.sub(r"\$\{(\w+):\?\}", lambda match: GIVEN[match[1]], value)
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def test_services_are_these_and_use_these_images():
    images = {name: service["image"] for name, service in SERVICES.items()}

    assert images == dict.fromkeys(OURS, "fde-portal") | {"postgres": "postgres:17", "redis": "redis:7"}


def test_every_service_of_ours_reads_one_complete_environment(monkeypatch, tmp_path):
    environments = [SERVICES[name]["environment"] for name in OURS]
    assert all(environment == environments[0] for environment in environments)
    for name in ("DEBUG", "DEMO", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environments[0].items():
        monkeypatch.setenv(name, filled(value))

    environment = read_environment(tmp_path)

    assert not environment.embedded
    assert environment.https
    assert environment.trusted_proxy_count == 1
    assert environment.database["ENGINE"] == "django.db.backends.postgresql"


def test_every_variable_of_ours_is_one_the_settings_read():
    source = (PROJECT / "fde_portal/core/environment.py").read_text()

    assert [name for name in SERVICES["web"]["environment"] if f'"{name}"' not in source] == []


def test_addresses_name_the_services_and_their_accounts(monkeypatch):
    web, database = SERVICES["web"]["environment"], SERVICES["postgres"]["environment"]

    assert filled(web["DATABASE_URL"]) == (
        f"postgresql://{database['POSTGRES_USER']}:{filled(database['POSTGRES_PASSWORD'])}"
        f"@postgres:5432/{database['POSTGRES_DB']}"
    )
    assert web["REDIS_URL"] == "redis://redis:6379/0"


def test_secrets_have_no_default():
    for name in GIVEN:
        assert f"${{{name}:?}}" in TEXT
        assert f"${{{name}:-" not in TEXT


def test_only_the_web_server_publishes_a_port_and_on_loopback():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:${PORT:-8000}:8000"]
    }
    assert "0.0.0.0:8000" in DOCKERFILE
    assert "127.0.0.1:8000/healthz" in (PROJECT / "fde_portal/core/healthcheck.py").read_text()


def test_work_starts_after_the_migrations():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["restart"] == "no"


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis"])
def test_lasting_services_restart_and_are_checked(name):
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert "healthcheck" in SERVICES[name] or (name == "web" and "HEALTHCHECK" in DOCKERFILE)


def test_servers_keep_their_data_and_redis_forgets_nothing():
    for name in ("postgres", "redis"):
        assert SERVICES[name]["volumes"][0].partition(":")[0] in COMPOSE["volumes"]
    assert SERVICES["redis"]["command"] == [
        "redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction",
    ]  # fmt: skip


def test_worker_may_finish_a_task_before_it_is_killed(settings):
    assert SERVICES["worker"]["stop_grace_period"] == "10m"
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < 600


def test_image_does_not_run_as_root_and_writes_no_access_log():
    lines = DOCKERFILE.splitlines()

    assert lines.index("USER portal") < next(n for n, line in enumerate(lines) if line.startswith("CMD"))
    assert "--access-logfile" not in DOCKERFILE
