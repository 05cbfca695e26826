from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementsConfig(AppConfig):
    name = "engagements"
    verbose_name = _("Engagements")

    def ready(self) -> None:
        # Models are ready only now.
        from customers.services import on_relationship_change
        from engagements.acts import SENTENCES
        from engagements.search import register as register_search
        from engagements.services.recomputes import oldest_waiting
        from engagements.services.relationships import recompute_customer
        from fde_portal.accounts.acts import register_acts
        from fde_portal.core.backlog import register_backlog

        register_backlog(oldest_waiting)
        on_relationship_change(recompute_customer)
        register_acts(SENTENCES)
        register_search()
