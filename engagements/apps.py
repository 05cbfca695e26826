from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementsConfig(AppConfig):
    name = "engagements"
    verbose_name = _("Engagements")

    def ready(self) -> None:
        # Models are ready only now.
        from django.core.files.storage import default_storage

        from customers.services import on_relationship_change
        from engagements.acts import SENTENCES
        from engagements.models.attachment import FOLDER
        from engagements.search import register as register_search
        from engagements.services.handovers import hand_over, holdings_of
        from engagements.services.recomputes import COMPUTATIONS
        from engagements.services.relationships import recompute_customer
        from engagements.services.response_effects import count, uncount
        from engagements.services.responses import on_response
        from engagements.services.usage_loads import LOADS
        from fde_portal.accounts.acts import register_acts
        from fde_portal.accounts.handovers import register_handover
        from fde_portal.core.backups.contents import register_folder
        from fde_portal.core.queue import register_queue

        register_queue(COMPUTATIONS)
        register_queue(LOADS)
        on_relationship_change(recompute_customer)
        on_response(count, uncount)
        register_handover(holdings_of, hand_over)
        register_acts(SENTENCES)
        register_search()
        register_folder(FOLDER, lambda: Path(default_storage.path(FOLDER)))
