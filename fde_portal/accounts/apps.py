from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "fde_portal.accounts"
    label = "accounts"
    verbose_name = _("People and settings")

    def ready(self) -> None:
        # Models are ready only now.
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in

        from fde_portal.accounts.handovers import register_handover
        from fde_portal.accounts.services.people import hand_over_reports, reports_of

        register_handover(reports_of, hand_over_reports)
        user_logged_in.connect(stamp_session, dispatch_uid="stamp_session")
        # allauth tells of these only by signals.
        authenticator_added.connect(note_second_step, dispatch_uid="second_step_added")
        authenticator_removed.connect(note_second_step, dispatch_uid="second_step_removed")


def stamp_session(request: Any, **_signal: Any) -> None:
    """A session that has just begun need not be noted as used."""
    from django.utils import timezone

    from fde_portal.accounts.access import SEEN

    request.session[SEEN] = int(timezone.now().timestamp())


def note_second_step(sender: Any, user: Any, authenticator: Any, signal: Any, **_signal: Any) -> None:
    from allauth.mfa.signals import authenticator_added

    from fde_portal.accounts.services.second_step import note_change

    note_change(user, kind=authenticator.type, added=signal is authenticator_added)
