"""Start-up checks that Django's own do not make. Run them with `manage.py check --deploy`."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_mail(app_configs: Sequence[AppConfig] | None, **_options: object) -> list[CheckMessage]:
    if settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend":
        return []
    return [
        Warning(
            "No mail leaves this installation.",
            hint="Set EMAIL_URL, for example submission://user:password@mail.example.com:587.",
            id="core.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_https(app_configs: Sequence[AppConfig] | None, **_options: object) -> list[CheckMessage]:
    if settings.BASE_URL.startswith("https://"):
        return []
    return [
        Warning(
            "People reach this installation without encryption.",
            hint="Put a proxy with TLS in front and set BASE_URL to its https:// address.",
            id="core.W002",
        )
    ]
