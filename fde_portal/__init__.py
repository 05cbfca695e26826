"""The FDE Portal. The Celery application loads with Django, so that tasks find their broker."""

from fde_portal.celery import app as celery_app

__all__ = ["celery_app"]
