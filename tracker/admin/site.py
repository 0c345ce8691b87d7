"""The admin site: records in groups, with labels that distinguish them."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from tracker.admin.narrowing import narrowed
from tracker.register import ALL_TYPES

GROUPS = {
    name: tuple(each.model.__name__ for each in ALL_TYPES if each.admin_group == name)
    for name in ("Developments", "Processes and items", "Actors and sources")
} | {"Users": ("User", "Authenticator"), "Audit": ("Change", "Claim")}
"""The models of the index by object name; what is in no group is reached from what it is part of."""


class LabelledAutocomplete(AutocompleteJsonView):
    """Search results that say enough to tell two of the same name apart."""

    def get_queryset(self):
        """What matches, narrowed to what another field names, with all that the labels name."""
        rows = narrowed(super().get_queryset(), self.request.GET)
        return rows.select_related(*getattr(self.model_admin, "label_related", ()))

    def serialize_result(self, obj, to_field_name):
        """One result: its key, and the label that its admin gives it."""
        label = getattr(self.model_admin, "label", str)
        return super().serialize_result(obj, to_field_name) | {"text": label(obj)}


class TrackerSite(admin.AdminSite):
    """The admin of the record."""

    site_header = site_title = "Negotiation Tracker"
    index_title = "Administration"
    empty_value_display = "–"
    enable_nav_sidebar = False  # lists need the width

    def get_urls(self):
        """The stock addresses but one: the shortcut to an object's page asks nobody's permission."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view, cacheable=False):
        """Django's, with what a browser may keep left to the view and the middleware."""
        return super().admin_view(view, cacheable=True)

    def autocomplete_view(self, request):
        """Answer an autocomplete field."""
        return LabelledAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """The records that the user may open, in GROUPS instead of by application."""
        if app_label:
            return super().get_app_list(request, app_label)
        models = {
            model["object_name"]: model
            for app in self._build_app_dict(request).values()
            for model in app["models"]
        }
        groups = []
        for number, (name, object_names) in enumerate(GROUPS.items()):
            shown = [models[object_name] for object_name in object_names if object_name in models]
            if shown:
                url = shown[0]["admin_url"]
                groups.append({"name": name, "app_label": f"group-{number}", "app_url": url, "models": shown})
        return groups


site = TrackerSite()
register = partial(admin.register, site=site)
