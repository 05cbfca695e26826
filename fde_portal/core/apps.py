from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Technical ground for the other apps: no word of the business appears here."""

    name = "fde_portal.core"
    label = "core"

    def ready(self) -> None:
        from fde_portal.core import checks  # noqa: F401  (registers the start-up checks)
        from fde_portal.core.outbox import MAILS
        from fde_portal.core.queue import register_queue

        register_queue(MAILS)
