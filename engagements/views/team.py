"""Who works on an engagement: lead, backup and manager, and the team beside them."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.engagements import MemberForm, RolesForm, ShareForm
from engagements.models import Engagement, TeamMember
from engagements.services.engagements import assign_member, assign_roles, remove_member
from engagements.views.pages import EngagementView, given, path_back
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.permissions import ROLES_SEEING_EVERYTHING, Permission
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.undo_pages import UNDO, before_save, earlier_asked, say_saved, take_back
from fde_portal.core.messages import success_with_undo


class TeamView(EngagementView):
    """What the pages about an engagement's people share."""

    permission = Permission.WRITE_RECORDS
    tab = ""

    def show_team(
        self, *, roles: RolesForm | None = None, member: MemberForm | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "roles": roles or RolesForm(instance=self.engagement, user=self.request.user),
            "member_form": member or MemberForm(engagement=self.engagement),
            "members": self.engagement.team_members.select_related("user").order_by("user__name"),
        }
        return self.show("engagements/engagement/team.html", context, status)

    def to_team(self) -> HttpResponse:
        return redirect(self.team_url(self.engagement))

    def team_url(self, engagement: Engagement) -> str:
        """The team page, or the portfolio for somebody who gave up their own access."""
        return reverse("engagement_team", args=[engagement.slug]) if self.is_still_seen() else reverse("portfolio")

    def is_still_seen(self) -> bool:
        return Engagement.objects.visible_to(self.request.user).filter(pk=self.engagement.pk).exists()

    def member(self) -> TeamMember:
        members = TeamMember.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        return get_object_or_404(members.select_related("user", "engagement"), pk=self.kwargs["pk"])


class EngagementTeam(TeamView):
    """Lead, backup and manager; the team below has its own small acts."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show_team()

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        if UNDO in request.GET:
            return take_back(request, made=self.earlier_form, save=self.save_earlier, done_url=self.team_url)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show_team(roles=form, status=422)
        before, seats = before_save(form), self.seats()
        try:
            engagement = assign_roles(form, by=request.user)
        except Conflict:
            form.show_conflict()
            return self.show_team(roles=form, status=409)
        before = replace(before, held=before.held | {"seats": seats}) if before and self.is_still_seen() else None
        text = _("Saved the team of %(engagement)s") % {"engagement": engagement}
        say_saved(request, text, record=engagement, form=form, before=before)
        return self.to_team()

    def form(self, data: Any) -> RolesForm:
        # A copy: a form changes its instance even when it is invalid, and the header shows the other.
        return RolesForm(data, instance=copy(self.engagement), user=self.request.user)

    def earlier_form(self, data: QueryDict | None) -> RolesForm:
        if data is not None:
            data["confirm"] = "on"  # who saw it without the role they gave themselves knows that
        return self.form(data)

    def seats(self) -> list[tuple[int, str]]:
        """Who sits beside lead and backup, with their share: becoming one of the two takes the seat."""
        return [(member.user_id, str(member.weekly_share)) for member in self.engagement.team_members.all()]

    def save_earlier(self, form: RolesForm) -> Engagement:
        return assign_roles(form, by=self.request.user, seats=earlier_asked(self.request).held["seats"])


class MemberNew(TeamView):
    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = MemberForm(given(request), engagement=self.engagement)
        if not form.is_valid():
            return self.show_team(member=form, status=422)
        member = assign_member(engagement=self.engagement, by=request.user, **form.cleaned_data)
        said = _("%(person)s is on the team.") % {"person": member.user}
        success_with_undo(request, said, reverse("team_member_remove", args=[slug, member.pk]))
        return self.to_team()


class MemberEdit(TeamView):
    """Changes the share of somebody's week."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        member = self.member()
        was = f"{member.weekly_share * 100:.0f}"
        form = ShareForm(given(request))
        if not form.is_valid():
            messages.error(request, _("The share of the week goes from 1 to 100 percent."))
            return self.show_team(status=422)
        assign_member(engagement=self.engagement, user=member.user, by=request.user, **form.cleaned_data)
        back = path_back("team_member_edit", slug, pk, weekly_share=was)
        success_with_undo(request, _("Saved: %(record)s") % {"record": member}, back)
        return self.to_team()


class MemberRemove(TeamView):
    """Takes somebody off the team. Whoever removes themselves, and sees it no other way, confirms that first."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.ask(self.member())

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        member = self.member()
        if self.shuts_out(member) and "confirm" not in request.POST:
            return self.ask(member, status=422)
        remove_member(member, by=request.user)
        back = path_back("team_member_new", slug, user=member.user_id, weekly_share=f"{member.weekly_share * 100:.0f}")
        success_with_undo(request, _("%(person)s is no longer on the team.") % {"person": member.user}, back)
        return self.to_team()

    def shuts_out(self, member: TeamMember) -> bool:
        user, engagement = self.request.user, self.engagement
        if member.user != user or user.role in ROLES_SEEING_EVERYTHING:
            return False
        return user.pk not in {engagement.lead_id, engagement.backup_id}

    def ask(self, member: TeamMember, status: int = 200) -> HttpResponse:
        context = {"member": member, "shuts_out": self.shuts_out(member)}
        return self.show("engagements/engagement/team_remove.html", context, status)
