"""What is shown where nothing can be reached: a service worker, and the one page it keeps on the device.

Neither reads session nor person, so that asking for them costs nothing and what is kept tells nothing.
"""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# All that the page loads. Everything else comes from the network alone.
FILES = (
    "css/offline.css", "css/tokens.css", "css/base.css", "css/layout.css", "css/page.css", "css/components/button.css",
    "css/pages/entrance.css", "js/offline.js",
)  # fmt: skip
# Pages that customers read; the worker leaves them alone.
OF_CUSTOMERS = ("/s/", "/q/", "/shared/")


@require_safe
@never_cache
@login_not_required
def offline_page(request: HttpRequest) -> HttpResponse:
    """In the language and colours of the reader, both of which stand in cookies."""
    return HttpResponse(page_for(request))


@require_safe
@never_cache
@login_not_required
def offline_worker(request: HttpRequest) -> HttpResponse:
    """Its text changes when the page or the name of a file does, and browsers then take in both anew."""
    version = hashlib.sha256(page_for(request).encode()).hexdigest()[:12]
    files = [static(name) for name in FILES]
    text = render_to_string("offline/worker.js", {"version": version, "files": files, "of_customers": OF_CUSTOMERS})
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def page_for(request: HttpRequest) -> str:
    return render_to_string("offline/page.html", {"request": request})
