"""Every page of the demo with a person who comes to it: what the pictures and axe look at."""

from __future__ import annotations

from dataclasses import dataclass

NOBODY = ""
MAYA = "maya@northlight.example"
RUTH = "ruth@northlight.example"
DANIEL = "daniel@northlight.example"
ANNEKE = "anneke.visser@harbourline.example"
PEOPLE = {"fde": MAYA, "manager": RUTH, "administrator": DANIEL, "contact": ANNEKE}

SLUG = "claims-correspondence"
EMPTY = "nothing-yet"
WORK = f"/engagements/{SLUG}"


@dataclass(frozen=True, slots=True)
class DemoPage:
    """`path` names records by kind, as in `{milestone}` (see records.py); `status` is what the page answers."""

    name: str
    person: str
    path: str
    status: int = 200


PAGES = (
    DemoPage("sign-in", NOBODY, "/accounts/login/"),
    DemoPage("password-reset", NOBODY, "/accounts/password/reset/"),
    DemoPage("shared-page", NOBODY, f"/s/fdes_demo-{SLUG}/"),
    DemoPage("shared-page-chinese-customer", NOBODY, "/s/fdes_demo-hualing-call-quality/"),
    DemoPage("not-found-signed-out", NOBODY, "/s/unknown/", 404),
    DemoPage("not-found", MAYA, "/engagements/unknown/", 404),
    DemoPage("forbidden", ANNEKE, "/portfolio/", 403),
    DemoPage("my-week", MAYA, "/my-week/"),
    DemoPage("weekly-log", MAYA, "/weekly-log/"),
    DemoPage("weekly-log-first", MAYA, f"/weekly-log/{EMPTY}/{{week}}/"),
    DemoPage("weekly-log-published", MAYA, f"/weekly-log/{SLUG}/{{week}}/"),
    DemoPage("weekly-log-nobody", RUTH, "/weekly-log/"),
    DemoPage("portfolio", RUTH, "/portfolio/"),
    DemoPage("portfolio-of-an-fde", MAYA, "/portfolio/"),
    DemoPage("portfolio-no-match", RUTH, "/portfolio/?q=nothing+like+this"),
    DemoPage("overview", MAYA, f"{WORK}/"),
    DemoPage("overview-watch", MAYA, "/engagements/customs-declaration-copilot/"),
    DemoPage("overview-discovery", MAYA, "/engagements/home-intake-summaries/"),
    DemoPage("overview-flights", RUTH, "/engagements/reference-public-flight-log/"),
    DemoPage("updates", MAYA, f"{WORK}/updates/"),
    DemoPage("update", MAYA, f"{WORK}/updates/{{update}}/"),
    DemoPage("milestones", MAYA, f"{WORK}/milestones/"),
    DemoPage("milestone-new", MAYA, f"{WORK}/milestones/new/"),
    DemoPage("milestone-edit", MAYA, f"{WORK}/milestones/{{milestone}}/edit/"),
    DemoPage("deliverables", MAYA, f"{WORK}/deliverables/"),
    DemoPage("deliverable-new", MAYA, f"{WORK}/deliverables/new/"),
    DemoPage("deliverable-edit", MAYA, f"{WORK}/deliverables/{{deliverable}}/edit/"),
    DemoPage("deliverable", MAYA, f"{WORK}/deliverables/{{deliverable}}/"),
    DemoPage("release-edit", MAYA, f"{WORK}/deliverables/{{deliverable}}/releases/{{release}}/edit/"),
    DemoPage("incident-new", MAYA, f"{WORK}/deliverables/{{deliverable}}/incidents/new/"),
    DemoPage("milestone-promise", MAYA, f"{WORK}/milestones/{{milestone}}/rebaseline/"),
    DemoPage("risks-tab", MAYA, "/engagements/customs-declaration-copilot/risks/"),
    DemoPage("blocker", MAYA, f"{WORK}/blockers/{{blocker}}/"),
    DemoPage("blocker-edit", MAYA, f"{WORK}/blockers/{{blocker}}/edit/"),
    DemoPage("risk", MAYA, f"{WORK}/risks/{{risk}}/"),
    DemoPage("risk-edit", MAYA, f"{WORK}/risks/{{risk}}/edit/"),
    DemoPage("risks", RUTH, "/risks/"),
    DemoPage("risks-everywhere", RUTH, "/risks/?kind=risks"),
    DemoPage("check-in", MAYA, "/check-in/{week}/"),
    DemoPage("team", RUTH, "/team/"),
    DemoPage("adoption", MAYA, f"{WORK}/adoption/"),
    DemoPage("data", MAYA, f"{WORK}/data/"),
    DemoPage("upload", MAYA, f"{WORK}/data/upload/"),
    DemoPage("source", MAYA, f"{WORK}/data/sources/{{source}}/"),
    DemoPage("source-new", MAYA, f"{WORK}/data/sources/new/"),
    DemoPage("source-edit", MAYA, f"{WORK}/data/sources/{{source}}/edit/"),
    DemoPage("token-new", MAYA, f"{WORK}/data/sources/{{source}}/tokens/new/"),
    DemoPage("batch", MAYA, f"{WORK}/data/batches/{{batch}}/"),
    DemoPage("usage-people", MAYA, f"{WORK}/data/people/"),
    DemoPage("batch-rollback", MAYA, f"{WORK}/data/batches/{{batch}}/roll-back/"),
    DemoPage("target-new", MAYA, f"{WORK}/data/targets/new/"),
    DemoPage("target-names", MAYA, f"{WORK}/data/targets/names/"),
    DemoPage("target-edit", MAYA, f"{WORK}/data/targets/{{target}}/edit/"),
    DemoPage("value", MAYA, f"{WORK}/value/"),
    DemoPage("value-new", MAYA, f"{WORK}/value/new/"),
    DemoPage("value-edit", MAYA, f"{WORK}/value/{{value_case}}/edit/"),
    DemoPage("people", MAYA, f"{WORK}/people/"),
    DemoPage("note", MAYA, "/notes/{note}/"),
    DemoPage("note-new", MAYA, f"{WORK}/notes/new/"),
    DemoPage("note-edit", MAYA, "/notes/{note}/edit/"),
    DemoPage("note-capture", MAYA, "/notes/new/"),
    DemoPage("note-record-new", MAYA, "/notes/{note}/make/decision/?text=Handlers+send+it"),
    DemoPage("engagement-log", MAYA, f"{WORK}/log/"),
    DemoPage("engagement-log-kind", MAYA, f"{WORK}/log/?kind=experiment"),
    DemoPage("log-entry-new", MAYA, f"{WORK}/log/field_signal/new/"),
    DemoPage("log-entry-edit", MAYA, f"{WORK}/log/decision/{{decision}}/edit/"),
    DemoPage("log", MAYA, "/log/"),
    DemoPage("log-data-sources", RUTH, "/log/?kind=integration"),
    DemoPage("field-signals", MAYA, "/log/signals/"),
    DemoPage("sharing", MAYA, f"{WORK}/sharing/"),
    DemoPage("share-new", MAYA, f"{WORK}/sharing/new/"),
    DemoPage("edition-preview", MAYA, f"{WORK}/sharing/preview/"),
    DemoPage("engagement-team", MAYA, f"{WORK}/team/"),
    DemoPage("phase", MAYA, f"{WORK}/phase/"),
    DemoPage("timeline", MAYA, f"{WORK}/timeline/"),
    DemoPage("files-new", MAYA, "/notes/{note}/files/new/"),
    DemoPage("search", MAYA, "/search/"),
    DemoPage("search-results", MAYA, "/search/?q=pilot"),
    DemoPage("audit", RUTH, "/audit/"),
    DemoPage("playbooks", RUTH, "/playbooks/"),
    DemoPage("playbook-new", RUTH, "/playbooks/new/"),
    DemoPage("engagement-new", RUTH, "/engagements/new/"),
    DemoPage("engagement-edit", MAYA, f"{WORK}/edit/"),
    DemoPage("empty-overview", MAYA, f"/engagements/{EMPTY}/"),
    DemoPage("empty-updates", MAYA, f"/engagements/{EMPTY}/updates/"),
    DemoPage("empty-milestones", MAYA, f"/engagements/{EMPTY}/milestones/"),
    DemoPage("empty-deliverables", MAYA, f"/engagements/{EMPTY}/deliverables/"),
    DemoPage("empty-risks", MAYA, f"/engagements/{EMPTY}/risks/"),
    DemoPage("empty-adoption", MAYA, f"/engagements/{EMPTY}/adoption/"),
    DemoPage("empty-data", MAYA, f"/engagements/{EMPTY}/data/"),
    DemoPage("empty-value", MAYA, f"/engagements/{EMPTY}/value/"),
    DemoPage("empty-people", MAYA, f"/engagements/{EMPTY}/people/"),
    DemoPage("empty-timeline", MAYA, f"/engagements/{EMPTY}/timeline/"),
    DemoPage("empty-log", MAYA, f"/engagements/{EMPTY}/log/"),
    DemoPage("empty-sharing", MAYA, f"/engagements/{EMPTY}/sharing/"),
    DemoPage("customers", RUTH, "/customers/"),
    DemoPage("customer", MAYA, "/customers/meridian-mutual/"),
    DemoPage("customer-new", MAYA, "/customers/new/"),
    DemoPage("customer-edit", MAYA, "/customers/meridian-mutual/edit/"),
    DemoPage("customer-notes", MAYA, "/customers/meridian-mutual/notes/"),
    DemoPage("customer-note-new", MAYA, "/customers/meridian-mutual/notes/new/"),
    DemoPage("stakeholder-new", MAYA, "/customers/meridian-mutual/people/new/"),
    DemoPage("stakeholder-edit", MAYA, "/customers/meridian-mutual/people/{stakeholder}/edit/"),
    DemoPage("contact-new", MAYA, "/customers/meridian-mutual/contacts/new/"),
    DemoPage("profile", MAYA, "/settings/profile/"),
    DemoPage("tokens", MAYA, "/settings/tokens/"),
    DemoPage("password", MAYA, "/accounts/password/change/"),
    DemoPage("sign-in-settings", MAYA, "/settings/sign-in/"),
    DemoPage("address", MAYA, "/settings/address/"),
    DemoPage("second-step-app", MAYA, "/accounts/2fa/totp/activate/"),
    DemoPage("second-step-passkey", MAYA, "/accounts/2fa/webauthn/add/"),
    DemoPage("people-list", RUTH, "/settings/people/"),
    DemoPage("people-invited", RUTH, "/settings/people/?show=invitations"),
    DemoPage("people-invite", RUTH, "/settings/people/invite/"),
    DemoPage("person", RUTH, "/settings/people/{person}/"),
    DemoPage("person-switch-off", RUTH, "/settings/people/{person}/switch-off/"),
    DemoPage("invitation-gone", NOBODY, "/invitations/unknown/", 404),
    DemoPage("organization", DANIEL, "/settings/organization/"),
    DemoPage("shared-with-you", ANNEKE, "/shared/"),
    DemoPage("contact-page", ANNEKE, "/shared/customs-declaration-copilot/"),
    DemoPage("contact-profile", ANNEKE, "/settings/profile/"),
    DemoPage("mailbox", DANIEL, "/mailbox/"),
)
