"""Sentences of the audit trail for acts on customers and people."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "withdraw_stance": _("Took the first stance of %(kind)s “%(name)s” back"),
    "record_stance": _("Recorded a new stance of %(kind)s “%(name)s”"),
    "add_contact": _("Let in %(kind)s “%(name)s”"),
    "remove_contact": _("Shut out %(kind)s “%(name)s”"),
}
