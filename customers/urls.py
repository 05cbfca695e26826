"""Addresses of customers and the people there."""

from django.urls import include, path

from customers import views

customer_patterns = (
    [
        path("", views.CustomerList.as_view(), name="list"),
        path("new/", views.CustomerNew.as_view(), name="new"),
        path("<slug:slug>/", views.CustomerDetail.as_view(), name="detail"),
        path("<slug:slug>/edit/", views.CustomerEdit.as_view(), name="edit"),
        path("<slug:slug>/archive/", views.CustomerArchive.as_view(), name="archive"),
        path("<slug:slug>/restore/", views.CustomerRestore.as_view(), name="restore"),
        path("<slug:slug>/people/new/", views.StakeholderNew.as_view(), name="stakeholder_new"),
        path("<slug:slug>/people/<int:pk>/edit/", views.StakeholderEdit.as_view(), name="stakeholder_edit"),
        path("<slug:slug>/people/<int:pk>/archive/", views.StakeholderArchive.as_view(), name="stakeholder_archive"),
        path("<slug:slug>/people/<int:pk>/restore/", views.StakeholderRestore.as_view(), name="stakeholder_restore"),
        path("<slug:slug>/contacts/new/", views.ContactNew.as_view(), name="contact_new"),
        path(
            "<slug:slug>/invitations/<int:pk>/resend/", views.ContactInvitationResend.as_view(), name="invitation_resend"
        ),
        path(
            "<slug:slug>/invitations/<int:pk>/revoke/", views.ContactInvitationRevoke.as_view(), name="invitation_revoke"
        ),
        path(
            "<slug:slug>/invitations/<int:pk>/put-back/", views.ContactInvitationPutBack.as_view(), name="invitation_put_back"
        ),
        path("<slug:slug>/contacts/<int:pk>/remove/", views.ContactRemove.as_view(), name="contact_remove"),
        path("<slug:slug>/contacts/<int:pk>/put-back/", views.ContactPutBack.as_view(), name="contact_put_back"),
    ],
    "customers",
)

urlpatterns = [path("customers/", include(customer_patterns))]
