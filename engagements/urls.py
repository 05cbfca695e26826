"""Addresses of the work. Sections stand in the order of the topics; names are unprefixed and unique."""

from django.urls import path

from engagements.views import my_week, notes, people, portfolio, public, shares, updates, weekly_updates

urlpatterns = [
    # my week, portfolio
    path("portfolio/", portfolio.Portfolio.as_view(), name="portfolio"),
    path("my-week/", my_week.MyWeek.as_view(), name="my_week"),
    # engagement
    # deliverable
    # milestone
    # weekly update
    path("weekly-log/", weekly_updates.WeeklyLog.as_view(), name="weekly_log"),
    path("weekly-log/<slug:slug>/<str:week>/", weekly_updates.WeeklyLogEntry.as_view(), name="weekly_log_entry"),
    path("weekly-log/<slug:slug>/<str:week>/preview/", weekly_updates.WeekPreview.as_view(), name="weekly_log_preview"),
    path("weekly-log/<slug:slug>/<str:week>/correct/", weekly_updates.WeekCorrection.as_view(), name="weekly_log_correct"),
    path("engagements/<slug:slug>/updates/", updates.EngagementUpdates.as_view(), name="engagement_updates"),
    path("engagements/<slug:slug>/updates/<int:pk>/", updates.UpdatePage.as_view(), name="engagement_update"),
    path("updates/<int:pk>/archive/", updates.UpdateArchive.as_view(), name="update_archive"),
    path("updates/<int:pk>/restore/", updates.UpdateRestore.as_view(), name="update_restore"),
    # note
    path("engagements/<slug:slug>/people/", people.EngagementPeople.as_view(), name="engagement_people"),
    path("engagements/<slug:slug>/notes/new/", notes.NoteNew.as_view(), name="note_new"),
    path("customers/<slug:slug>/notes/", notes.CustomerNotes.as_view(), name="customer_notes"),
    path("customers/<slug:slug>/notes/new/", notes.CustomerNoteNew.as_view(), name="customer_note_new"),
    path("notes/<int:pk>/", notes.NoteDetail.as_view(), name="note"),
    path("notes/<int:pk>/edit/", notes.NoteEdit.as_view(), name="note_edit"),
    path("notes/<int:pk>/archive/", notes.NoteArchive.as_view(), name="note_archive"),
    path("notes/<int:pk>/restore/", notes.NoteRestore.as_view(), name="note_restore"),
    # usage
    # value
    # share
    path("engagements/<slug:slug>/sharing/", shares.EngagementSharing.as_view(), name="engagement_sharing"),
    path("engagements/<slug:slug>/sharing/new/", shares.ShareNew.as_view(), name="share_new"),
    path("engagements/<slug:slug>/sharing/<int:pk>/revoke/", shares.ShareRevocation.as_view(), name="share_revoke"),
    path("engagements/<slug:slug>/sharing/publish/", shares.EditionPublication.as_view(), name="edition_publish"),
    path("engagements/<slug:slug>/sharing/preview/", shares.EditionPreview.as_view(), name="edition_preview"),
    path("engagements/<slug:slug>/sharing/editions/<int:number>/", shares.EditionPreview.as_view(), name="edition"),
    path("shared/", shares.SharedPages.as_view(), name="shared_pages"),
    path("shared/<slug:slug>/", shares.ContactEdition.as_view(), name="contact_edition"),
    path("s/<str:token>/", public.SharedPage.as_view(), name="shared_page"),
]
