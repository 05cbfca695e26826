"""Sentences of the audit trail for acts on the work."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "change_phase": _("Moved %(kind)s “%(name)s” to another phase"),
    "change_status": _("Changed the status of %(kind)s “%(name)s”"),
    "add_member": _("Added somebody to the team of %(kind)s “%(name)s”"),
    "change_share": _("Changed a share of the week on %(kind)s “%(name)s”"),
    "remove_member": _("Took somebody off the team of %(kind)s “%(name)s”"),
    "reach": _("Marked %(kind)s “%(name)s” as reached"),
    "share": _("Created %(kind)s “%(name)s”"),
    "name_targets": _("Named who should use %(kind)s “%(name)s”"),
    "receive": _("Received %(kind)s “%(name)s”"),
    "roll_back": _("Rolled back %(kind)s “%(name)s”"),
    "take_back_in": _("Took back in %(kind)s “%(name)s”"),
    "set_alias": _("Said whom %(kind)s “%(name)s” stands for"),
    "set_kind": _("Changed the kind of %(kind)s “%(name)s”"),
    "attach": _("Attached the file “%(name)s”"),
    "remove_attachment": _("Removed the file “%(name)s”"),
    "put_back": _("Put the file “%(name)s” back"),
    "tick": _("Ticked %(kind)s “%(name)s”"),
    "untick": _("Took back the tick of %(kind)s “%(name)s”"),
    "take_checklist": _("Gave %(kind)s “%(name)s” the checklist of a playbook"),
    "begin_from_playbook": _("Began %(kind)s “%(name)s” from a playbook"),
}
