"""Every address of the application."""

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from django.urls import include, path

from tracker.admin.site import site as admin_site
from tracker.record_type import RecordType
from tracker.records import (
    ASSESSMENT,
    CITATION,
    DELEGATE,
    DELEGATION,
    DEMAND,
    DEVELOPMENT,
    EFFECT,
    FOLLOW_UP,
    ISSUE,
    OFFICE,
    PARTY,
    PERSON,
    PRINCIPLE,
    PROCESS,
    PROCESS_LINK,
    SOURCE,
    TALK,
    WATCH_PHRASE,
)
from tracker.views.lists import RecordFile, RecordList
from tracker.views.records import RecordHistory, RecordPage

# The admin's own page of sign-in would walk round the second factor.
admin_site.login = secure_admin_login(admin_site.login)

# No sign-up, and nothing that would need mail: administrators make accounts and set lost passwords.
account_urls = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]



def record_urls(record_type: RecordType, page=RecordPage, history=RecordHistory, **pages):
    """The addresses of one record type; `pages` are further views by name, each with the declaration."""
    given = {"record_type": record_type}
    path_name, ref = record_type.path, "<slug:ref>"
    patterns = [
        path(f"{path_name}/", RecordList.as_view(**given), name="list"),
        path(f"{path_name}.csv", RecordFile.as_view(**given), name="csv"),
    ]
    if record_type.has_pages:
        patterns += [
            path(f"{path_name}/{ref}/", page.as_view(**given), name="detail"),
            path(f"{path_name}/{ref}/history/", history.as_view(**given), name="history"),
        ]
    return path("", include((patterns, record_type.url_name)))


urlpatterns = [
    path("", RecordList.as_view(record_type=PROCESS), name="home"),
    path("codebook/", RecordList.as_view(record_type=PROCESS), name="codebook"),
    record_urls(PROCESS),
    record_urls(TALK),
    record_urls(PRINCIPLE),
    record_urls(DEMAND),
    record_urls(FOLLOW_UP),
    record_urls(DEVELOPMENT),
    record_urls(PARTY),
    record_urls(PERSON),
    record_urls(SOURCE),
    record_urls(ISSUE),
    record_urls(DELEGATION),
    record_urls(ASSESSMENT),
    record_urls(WATCH_PHRASE),
    record_urls(EFFECT),
    record_urls(CITATION),
    record_urls(OFFICE),
    record_urls(DELEGATE),
    record_urls(PROCESS_LINK),
    path("accounts/", include(account_urls)),
    path("admin/", admin_site.urls),
]
