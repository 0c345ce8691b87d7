"""The URLs of the application."""

from types import MappingProxyType

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from django.urls import include, path

from tracker.admin.site import site as admin_site
from tracker.api.calendar import CalendarFeed
from tracker.api.feeds import FeedByToken
from tracker.api.page import ApiDescription, ApiPage
from tracker.api.tokens import FollowFeed, RevokeToken, TokensPage
from tracker.loaders.pages import DatasetLoadPage, DatasetLoads, DatasetReport
from tracker.models.mergeable import Mergeable
from tracker.monitoring.health import alive, ready
from tracker.monitoring.metrics import metrics
from tracker.pages.actors import PartyPage, PersonPage
from tracker.pages.create import CreateItem, CreateRecord, RecordDevelopment
from tracker.pages.delete import DeleteRecord, WithdrawDevelopment
from tracker.pages.detail import RecordHistory, RecordPage
from tracker.pages.development import DevelopmentHistory, DevelopmentPage
from tracker.pages.development_edit import CorrectDevelopment, UpdateItem
from tracker.pages.edit import EditRecord
from tracker.pages.home import Codebook, HomePage
from tracker.pages.imports import ImportPage, Imports
from tracker.pages.imports_wrong import WrongRows
from tracker.pages.item import ItemPage
from tracker.pages.jobs import JobPage, Jobs
from tracker.pages.lists import RecordList
from tracker.pages.merging import MergeRecord, UnmergeRecord
from tracker.pages.moving import MoveItem
from tracker.pages.package import PackageFile
from tracker.pages.prepared_files import PreparedFileContent, PreparedFilePage, PrepareFile
from tracker.pages.process import ProcessPage
from tracker.pages.saved_views import DeleteView, RenameView, SavedViews, SaveView
from tracker.pages.signing_in import sign_in
from tracker.pages.sources import EditSource, EditText, SourcePage, StoredText
from tracker.pages.talk import TalkPage
from tracker.register import (
    ALL_TYPES,
    DEMAND,
    DEVELOPMENT,
    FOLLOW_UP,
    PARTY,
    PERSON,
    PRINCIPLE,
    PROCESS,
    SOURCE,
    TALK,
)
from tracker.register.types import RecordType
from tracker.reports.agreement.page import AgreementPage, TalkAgreementPage
from tracker.reports.attendance.page import AttendancePage
from tracker.reports.changes.page import ChangesPage
from tracker.reports.follow_ups.page import FollowUpLedger, ProcessFollowUps
from tracker.reports.paths.page import ItemPath, PathsPage
from tracker.reports.positions.page import PositionsPage
from tracker.reports.timeline.page import ProcessTimeline, TimelinePage
from tracker.search.page import SearchPage, SearchSuggestions
from tracker.search.suggestions import Options

# The admin's own page of sign-in would walk round the second factor.
admin_site.login = secure_admin_login(admin_site.login)

# No sign-up, and nothing that would need mail: administrators make accounts and set lost passwords.
account_urls = [
    path("login/", sign_in, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

import_urls = [
    path("", Imports.as_view(), name="list"),
    path("<slug:ref>/", ImportPage.as_view(), name="run"),
    path("<slug:ref>/wrong.csv", WrongRows.as_view(), name="wrong"),
]

job_urls = [
    path("", Jobs.as_view(), name="list"),
    path("<slug:ref>/", JobPage.as_view(), name="job"),
]

dataset_urls = [
    path("", DatasetLoads.as_view(), name="list"),
    path("<slug:ref>/", DatasetLoadPage.as_view(), name="load"),
    path("<slug:ref>/report.csv", DatasetReport.as_view(), name="report"),
]

file_urls = [
    path("prepare/", PrepareFile.as_view(), name="prepare"),
    path("<slug:ref>/", PreparedFilePage.as_view(), name="file"),
    path("<slug:ref>/<str:name>", PreparedFileContent.as_view(), name="content"),
]

saved_view_urls = [
    path("", SavedViews.as_view(), name="list"),
    path("save/", SaveView.as_view(), name="save"),
    path("<int:pk>/", RenameView.as_view(), name="rename"),
    path("<int:pk>/delete/", DeleteView.as_view(), name="delete"),
]

PROCESS_REPORTS = (
    AgreementPage,
    PositionsPage,
    ChangesPage,
    PathsPage,
    ProcessTimeline,
    ProcessFollowUps,
    AttendancePage,
)
ITEM_PAGES = {
    "page": ItemPage,
    "create": CreateItem,
    "reports": (ItemPath,),
    "more": {"update": UpdateItem, "move": MoveItem},
}

PAGES = {
    PROCESS: {"page": ProcessPage, "reports": PROCESS_REPORTS},
    TALK: {
        "page": TalkPage,
        "create": CreateItem,
        "reports": (TalkAgreementPage, ItemPath),
        "more": {"move": MoveItem},
    },
    PRINCIPLE: ITEM_PAGES,
    DEMAND: ITEM_PAGES,
    FOLLOW_UP: ITEM_PAGES | {"listing": FollowUpLedger},
    DEVELOPMENT: {
        "page": DevelopmentPage,
        "history": DevelopmentHistory,
        "create": RecordDevelopment,
        "edit": CorrectDevelopment,
        "delete": WithdrawDevelopment,
    },
    PARTY: {"page": PartyPage},
    PERSON: {"page": PersonPage},
    SOURCE: {
        "page": SourcePage,
        "edit": EditSource,
        "more": {"text": StoredText, "text/edit": EditText},
    },
}
"""The pages that are not those of every record, for each type that has any."""

REPORTS = [(record_type, pages["reports"]) for record_type, pages in PAGES.items() if "reports" in pages]
"""The reports about one record, for each type that has any."""


def record_urls(
    record_type: RecordType,
    page=RecordPage,
    history=RecordHistory,
    listing=RecordList,
    reports=(),
    more=MappingProxyType({}),
    **pages,
):
    """The addresses of one record type.

    `create`, `edit` and `delete` are views that are not those of every record. `reports` are views of more pages
    about one record, each with its `name`, and files; `more` are those without files, by name.
    """
    given = {"record_type": record_type}
    path_name, ref = record_type.path, "<slug:ref>"
    patterns = [
        path(f"{path_name}/", listing.as_view(**given), name="list"),
        *(
            path(f"{path_name}.{ending}", listing.as_view(file_format=ending, **given), name=ending)
            for ending in RecordList.formats
        ),
    ]
    if record_type.has_pages:
        form = record_type.form
        create, edit = pages.get("create", CreateRecord), pages.get("edit", EditRecord)
        delete = pages.get("delete", DeleteRecord)
        patterns += [
            path(f"{path_name}/new/", create.as_view(form_class=form, **given), name="create"),
            path(f"{path_name}/{ref}/edit/", edit.as_view(form_class=form, **given), name="edit"),
            path(f"{path_name}/{ref}/delete/", delete.as_view(**given), name="delete"),
            path(f"{path_name}/{ref}/", page.as_view(**given), name="detail"),
            path(f"{path_name}/{ref}/history/", history.as_view(**given), name="history"),
        ]
    if issubclass(record_type.model, Mergeable):
        more = {"merge": MergeRecord, "unmerge": UnmergeRecord, **more}
    patterns += [
        path(f"{path_name}/{ref}/{name}/", view.as_view(**given), name=name) for name, view in more.items()
    ]
    for view in reports:
        address = f"{path_name}/{ref}/{view.name}"
        patterns.append(path(f"{address}/", view.as_view(**given), name=view.name))
        patterns += [
            path(
                f"{address}.{ending}", view.as_view(file_format=ending, **given), name=f"{view.name}-{ending}"
            )
            for ending in view.formats
        ]
    return path("", include((patterns, record_type.url_name)))


handler404 = "tracker.pages.refusals.not_found"
handler500 = "tracker.pages.outages.error_page"

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("timeline/", TimelinePage.as_view(), name="timeline"),
    *(
        path(f"timeline.{ending}", TimelinePage.as_view(file_format=ending), name=f"timeline-{ending}")
        for ending in TimelinePage.formats
    ),
    path("calendar.ics", CalendarFeed.as_view(), name="calendar"),
    path("tokens/", TokensPage.as_view(), name="tokens"),
    path("tokens/<int:pk>/revoke/", RevokeToken.as_view(), name="revoke-token"),
    path("feeds/", FollowFeed.as_view(), name="follow"),
    path("feeds/<slug:secret>/<str:name>", FeedByToken.as_view(), name="feed"),
    path("package.zip", PackageFile.as_view(), name="package"),
    path("search/", SearchPage.as_view(), name="search"),
    *(
        path(f"search.{ending}", SearchPage.as_view(file_format=ending), name=f"search-{ending}")
        for ending in SearchPage.formats
    ),
    path("search/suggestions/", SearchSuggestions.as_view(), name="search-suggestions"),
    path("codebook/", Codebook.as_view(), name="codebook"),
    *(record_urls(record_type, **PAGES.get(record_type, {})) for record_type in ALL_TYPES),
    path("imports/", include((import_urls, "imports"))),
    path("jobs/", include((job_urls, "jobs"))),
    path("files/", include((file_urls, "files"))),
    path("datasets/", include((dataset_urls, "datasets"))),
    path("api/", ApiPage.as_view(reports=REPORTS), name="api"),
    path("api/openapi.json", ApiDescription.as_view(reports=REPORTS), name="api-description"),
    path("views/", include((saved_view_urls, "views"))),
    path("options/<slug:name>/", Options.as_view(), name="options"),
    path("accounts/", include(account_urls)),
    path("admin/", admin_site.urls),
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
]
