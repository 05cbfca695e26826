from django.urls import path

from fde_portal.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("mailbox/", views.MailboxView.as_view(), name="mailbox"),
    path("mailbox/<int:pk>/", views.MailView.as_view(), name="stored_mail"),
]
