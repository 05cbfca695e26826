"""Addresses for test_scripts: one page with everything the scripts act on, and names the shell links to."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

PAGE = """{% extends "base.html" %}{% load ui %}{% block title %}Scripts{% endblock %}{% block page %}
<h1>Scripts</h1>
<form class="filters" data-autosubmit>{% search request.GET.q|default:"" "Customer" %}<button class="btn sm">Apply</button></form>
<form method="post" action="/page/" data-draft="log" data-weekly-log>{% csrf_token %}
  <div data-formset="line"><input type="hidden" name="line-TOTAL_FORMS" value="1">
    <ul data-lines><li data-line><textarea name="line-0-text" aria-label="Line 1"></textarea></li></ul>
    <template data-empty-line><li data-line><textarea name="line-__prefix__-text" aria-label="Line"></textarea></li></template>
    <button type="button" class="btn" data-add-line hidden>Add line</button></div>
  <button class="btn primary" data-publish>Publish</button>
</form>
<form method="post" action="/page/" data-confirm="Delete this note?" data-confirm-action="Delete">{% csrf_token %}<button class="btn danger">Remove</button></form>
<form method="post" action="/page/">{% csrf_token %}<details><summary>More</summary><textarea name="comment" aria-label="Comment" data-key="c"></textarea></details></form>
<a href="#pressed" data-key="r">Press</a>
<ul data-rows><li><a href="#one">One</a></li><li><a href="#two">Two</a></li></ul>
{% endblock %}"""


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """Shows the page; a post that carries nothing wrong is saved, "bad" is not."""
    if request.method == "POST":
        if "bad" in request.POST.get("line-0-text", ""):
            return HttpResponse(engines["django"].from_string(PAGE).render({}, request), status=422)
        messages.success(request, "Saved.")
        return redirect("/page/")
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


def stub(name: str, address: str | None = None):
    return path(f"{address or name}/", page, name=name)


customers = ([stub("list", "customers")], "customers")
accounts = ([stub(name) for name in ("profile", "security", "tokens", "theme", "organization", "kept_texts")], "accounts")

urlpatterns = [
    path("page/", page),
    path("", page, name="home"),
    *[stub(name) for name in ("my_week", "weekly_log", "portfolio", "shared_pages", "background_work", "just_done")],
    *[stub(name) for name in ("search", "search_palette", "audit", "playbooks", "risks", "team", "log", "across", "note_capture", "notices", "offline_worker")],
    path("", include(customers)),
    path("settings/", include(accounts)),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
]
