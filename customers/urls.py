"""Addresses of customers and the people there."""

from django.urls import include, path

from customers.views import contacts, customers, stakeholders

customer_patterns = (
    [
        path("", customers.CustomerList.as_view(), name="list"),
        path("new/", customers.CustomerNew.as_view(), name="new"),
        path("<slug:slug>/", customers.CustomerDetail.as_view(), name="detail"),
        path("<slug:slug>/edit/", customers.CustomerEdit.as_view(), name="edit"),
        path("<slug:slug>/archive/", customers.CustomerArchive.as_view(), name="archive"),
        path("<slug:slug>/restore/", customers.CustomerRestore.as_view(), name="restore"),
        path("<slug:slug>/people/new/", stakeholders.StakeholderNew.as_view(), name="stakeholder_new"),
        path("<slug:slug>/people/<int:pk>/edit/", stakeholders.StakeholderEdit.as_view(), name="stakeholder_edit"),
        path("<slug:slug>/people/<int:pk>/archive/", stakeholders.StakeholderArchive.as_view(), name="stakeholder_archive"),
        path("<slug:slug>/people/<int:pk>/restore/", stakeholders.StakeholderRestore.as_view(), name="stakeholder_restore"),
        path("<slug:slug>/contacts/new/", contacts.ContactNew.as_view(), name="contact_new"),
        path(
            "<slug:slug>/invitations/<int:pk>/resend/", contacts.ContactInvitationResend.as_view(), name="invitation_resend"
        ),
        path(
            "<slug:slug>/invitations/<int:pk>/revoke/", contacts.ContactInvitationRevoke.as_view(), name="invitation_revoke"
        ),
        path(
            "<slug:slug>/invitations/<int:pk>/put-back/", contacts.ContactInvitationPutBack.as_view(), name="invitation_put_back"
        ),
        path("<slug:slug>/contacts/<int:pk>/remove/", contacts.ContactRemove.as_view(), name="contact_remove"),
        path("<slug:slug>/contacts/<int:pk>/put-back/", contacts.ContactPutBack.as_view(), name="contact_put_back"),
    ],
    "customers",
)

urlpatterns = [path("customers/", include(customer_patterns))]
