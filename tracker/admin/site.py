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
"""{heading: models, by object name} of the index; the others are reached from their parents."""


class LabelledAutocomplete(AutocompleteJsonView):
    """Autocomplete results with labels that distinguish records of the same name."""

    def get_queryset(self):
        """The matching records, narrowed by another field, with the relations needed for labels."""
        rows = narrowed(super().get_queryset(), self.request.GET)
        return rows.select_related(*getattr(self.model_admin, "label_related", ()))

    def serialize_result(self, obj, to_field_name):
        """One result: its primary key, and the label from its admin."""
        label = getattr(self.model_admin, "label", str)
        return super().serialize_result(obj, to_field_name) | {"text": label(obj)}


class TrackerSite(admin.AdminSite):
    """The admin site."""

    site_header = site_title = "Negotiation Tracker"
    index_title = "Administration"
    empty_value_display = "–"
    enable_nav_sidebar = False  # lists need the width

    def get_urls(self):
        """Django's URLs, except "view on site", which does not check permissions."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view, cacheable=False):
        """Django's wrapper, without its cache headers, which the middleware sets."""
        return super().admin_view(view, cacheable=True)

    def autocomplete_view(self, request):
        """Answer an autocomplete field."""
        return LabelledAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """The models that the user may see, by GROUPS instead of by application."""
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
