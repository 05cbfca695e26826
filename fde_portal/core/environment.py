"""Reading the installation's environment variables: typed, and all faults named at once."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from environs import Env, EnvValidationError, ValidationError

SHORTEST_SECRET = 50
SHORTEST_TOKEN = 20
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASE_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
LOCAL_HTTP = ("http:localhost", "http:127.0.0.1")
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """The company's OpenID Connect provider. `name` stands on the button."""

    server_url: str
    client_id: str
    client_secret: str
    name: str

    def providers(self) -> dict:
        """The provider as allauth reads it."""
        app = {
            "provider_id": "sso",
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.server_url},
        }
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the process was told from outside.

    `embedded` is true without DATABASE_URL and with SQLite: one machine, nothing else to install.
    """

    data_dir: Path
    embedded: bool
    debug: bool
    demo: bool
    secret_key: str
    database: dict
    redis_url: str
    base_url: str
    allowed_hosts: list[str]
    email: dict
    default_from_email: str
    trusted_proxy_count: int
    log_level: str
    collected_static: bool
    single_sign_on: SingleSignOn | None
    metrics_token: str
    sentry_dsn: str

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")


class EnvironmentFault(SystemExit):
    """Ends the process with one line per failing variable instead of a traceback."""

    def __init__(self, messages: dict[str, list[str]]) -> None:
        lines = [f"  {name}: {' '.join(texts)}" for name, texts in sorted(messages.items())]
        super().__init__("\n".join(["These environment variables need attention:", *lines]))


def read_environment(base_dir: Path) -> Environment:
    """Read every variable, then report all faults together.

    Raises EnvironmentFault when a variable is missing or malformed.
    """
    env = Env(eager=False)
    env.add_parser("database", _database)
    env.add_parser("mail", _mail)
    environment = _read_kind(env, base_dir) | _read_addresses(env) | _read_operation(env)
    try:
        env.seal()
    except EnvValidationError as fault:
        raise EnvironmentFault(fault.error_messages) from None
    environment["secret_key"] = environment["secret_key"] or kept_secret(environment["data_dir"])
    return Environment(**environment)


def _is_embedded(env: Env) -> bool:
    return env.str("DATABASE_URL", "sqlite:").startswith("sqlite:")


def _is_relaxed(env: Env) -> bool:
    """Whether a secret and an address of its own can be left out: on one machine, for development and in the demo."""
    return _is_embedded(env) or env.bool("DEBUG", False) or env.bool("DEMO", False)


def _read_kind(env: Env, base_dir: Path) -> dict[str, Any]:
    """What kind of installation it is, and where it keeps what it knows."""
    data_dir = env.path("DATA_DIR", base_dir / "var")
    return {
        "data_dir": data_dir,
        "embedded": _is_embedded(env),
        "debug": env.bool("DEBUG", False),
        "demo": env.bool("DEMO", False),
        "database": env.database("DATABASE_URL", f"sqlite:///{data_dir}/db.sqlite3"),
        "redis_url": env.str("REDIS_URL", "", validate=_redis_url),
    }


def _read_addresses(env: Env) -> dict[str, Any]:
    """Where it is reached, by whom it is trusted, and how it writes to people."""
    relaxed = _is_relaxed(env)
    base_url = _read_base_url(env, relaxed)
    return {
        "secret_key": _read_secret(env, relaxed),
        "base_url": base_url,
        "allowed_hosts": env.list("ALLOWED_HOSTS", _default_hosts(base_url, relaxed)),
        "trusted_proxy_count": env.int("TRUSTED_PROXY_COUNT", 0, validate=_not_negative),
        "single_sign_on": _read_single_sign_on(env),
        "email": env.mail("EMAIL_URL", "dummy:"),
        "default_from_email": env.str("DEFAULT_FROM_EMAIL", "FDE Portal <portal@localhost>"),
    }


def _read_operation(env: Env) -> dict[str, Any]:
    """How it is run and watched."""
    return {
        "log_level": env.str("LOG_LEVEL", "INFO", validate=_log_level),
        "collected_static": env.bool("COLLECTED_STATIC", False),
        "metrics_token": env.str("METRICS_TOKEN", "", validate=_long_enough_token),
        "sentry_dsn": env.str("SENTRY_DSN", "", validate=_sentry_dsn),
    }


def kept_secret(data_dir: Path) -> str:
    """The random secret of an embedded installation, made at first use and kept in its folder."""
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f"secret_key.{secrets.token_hex(8)}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(SHORTEST_SECRET))
        try:
            # A link fails when web and worker start together and the other one was first.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _read_base_url(env: Env, relaxed: bool) -> str:
    default = {"default": "http://localhost:8000"} if relaxed else {}
    return (env.str("BASE_URL", validate=_web_address, **default) or "").rstrip("/")


def _read_secret(env: Env, relaxed: bool) -> str:
    if relaxed:
        return env.str("SECRET_KEY", "", validate=_long_if_given)
    return env.str("SECRET_KEY", validate=_long_and_random)


def _read_single_sign_on(env: Env) -> SingleSignOn | None:
    """None without OIDC_SERVER_URL; with it, the client's id and secret are needed too."""
    server_url = env.str("OIDC_SERVER_URL", "", validate=_provider_address)
    if not server_url:
        return None
    return SingleSignOn(
        server_url=server_url.rstrip("/"),
        client_id=env.str("OIDC_CLIENT_ID"),
        client_secret=env.str("OIDC_CLIENT_SECRET"),
        name=env.str("OIDC_NAME", "OpenID Connect"),
    )


def _default_hosts(base_url: str, relaxed: bool) -> list[str]:
    host = urlsplit(base_url).hostname
    named = [host] if host else []
    return named + (LOOPBACK_NAMES if relaxed else [])


def _database(value: str) -> dict:
    try:
        database = dj_database_url.parse(value)
    except ValueError:
        database = {"ENGINE": ""}
    if database["ENGINE"] not in DATABASE_ENGINES:
        raise ValidationError("Give an address like postgresql://user:password@host:5432/name or sqlite:///path.")
    return database


def _mail(value: str) -> dict:
    mail = dj_email_url.parse(value)
    if "EMAIL_BACKEND" not in mail:
        raise ValidationError("Give an address like submission://user:password@mail.example.com:587.")
    return mail


def _long_if_given(value: str) -> None:
    if value:
        _long_and_random(value)


def _long_and_random(value: str) -> None:
    if len(value) < SHORTEST_SECRET or len(set(value)) < 5 or value.startswith("django-insecure"):
        raise ValidationError(f"Set at least {SHORTEST_SECRET} random characters.")


def _web_address(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValidationError("Give an address like https://portal.example.com, without a path.")


def _provider_address(value: str) -> None:
    parts = urlsplit(value)
    # What the provider says decides who comes in: it must not cross a network in clear.
    if value and not (parts.hostname and (parts.scheme == "https" or f"{parts.scheme}:{parts.hostname}" in LOCAL_HTTP)):
        raise ValidationError("Give the https:// address of the provider, without /.well-known/.")


def _redis_url(value: str) -> None:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValidationError("Give an address like redis://host:6379/0.")


def _long_enough_token(value: str) -> None:
    if value and len(value) < SHORTEST_TOKEN:
        raise ValidationError(f"Set at least {SHORTEST_TOKEN} random characters.")


def _sentry_dsn(value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.username or not parts.path.strip("/")):
        raise ValidationError("Give the address that Sentry shows, like https://key@sentry.example.com/1.")


def _not_negative(value: int) -> None:
    if value < 0:
        raise ValidationError("Give the number of proxies in front, 0 or more.")


def _log_level(value: str) -> None:
    if value not in LOG_LEVELS:
        raise ValidationError(f"Choose one of {', '.join(LOG_LEVELS)}.")
