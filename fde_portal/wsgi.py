"""WSGI entry point."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from fde_portal.core.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fde_portal.settings")

application = get_wsgi_application()
# The views too, which the first request would load.
import_module(settings.ROOT_URLCONF)
settle()
