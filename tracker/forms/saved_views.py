"""Forms of saved views, and the pages that can be saved."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django import forms
from django.urls import Resolver404, resolve

from tracker.models import SavedView

LONGEST_QUERY = 8_000
"""Longer addresses are cut by some browsers and servers."""


class RenameForm(forms.ModelForm):
    """The name of a view, unique per owner."""

    class Meta:
        model = SavedView
        fields = ("name",)

    def clean_name(self):
        """The name; raises ValidationError if another view of the owner has it."""
        name = self.cleaned_data["name"]
        others = SavedView.objects.filter(owner=self.instance.owner).exclude(pk=self.instance.pk)
        if taken := others.filter(name__iexact=name).first():
            raise forms.ValidationError(f"You have a view called “{taken.name}”; give this one another name.")
        return name


class SaveForm(RenameForm):
    """The name of a view, and its address."""

    address = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_QUERY)

    def clean_address(self):
        """The path and query string; raises ValidationError if it is not a list or report."""
        parts = urlsplit(self.cleaned_data["address"])
        try:
            view = resolve(parts.path).func
        except Resolver404:
            view = None
        has_files = getattr(getattr(view, "view_class", None), "formats", ())
        is_page = has_files and not view.view_initkwargs.get("file_format")
        if parts.scheme or parts.netloc or not is_page:
            raise forms.ValidationError(
                "Only pages of lists and reports can be saved; open one, and save it there."
            )
        self.instance.path, self.instance.query = parts.path, urlencode(parse_qsl(parts.query))
        return self.cleaned_data["address"]
