"""Saved views: created from a page, listed, renamed, deleted."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.urls import reverse_lazy
from django.views import generic

from tracker.forms.saved_views import RenameForm, SaveForm
from tracker.models import SavedView


class OwnSavedViews:
    """A view mixin: of all saved views those of the reader, and the way back to them."""

    model = SavedView
    success_url = reverse_lazy("views:list")

    def get_queryset(self):
        """The reader's own; all others are not there."""
        return SavedView.objects.filter(owner=self.request.user)


class NameSavedView(OwnSavedViews):
    """A view mixin that keeps a name, and tells so; a name taken meanwhile is told like any other."""

    template_name = "saved_views/form.html"

    def form_valid(self, form):
        """Write it; show the form again where the database knows the name already."""
        try:
            with transaction.atomic():
                response = super().form_valid(form)
        except IntegrityError:
            form.add_error("name", "You have a view of that name; give this one another.")
            return self.form_invalid(form)
        messages.success(self.request, f"Saved as “{self.object.name}”.")
        return response


class SavedViews(OwnSavedViews, generic.ListView):
    """All views of the reader, by name."""

    template_name = "saved_views/list.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {
            "rows": [{"view": view, "parameters": parse_qsl(view.query)} for view in context["object_list"]]
        }


class SaveView(NameSavedView, generic.CreateView):
    """Name the view whose `address` the query string has."""

    form_class = SaveForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": SavedView(owner=self.request.user)}

    def get_initial(self):
        return {"address": self.request.GET.get("address", "")}


class RenameView(NameSavedView, generic.UpdateView):
    """Give a view another name."""

    form_class = RenameForm


class DeleteView(OwnSavedViews, generic.DeleteView):
    """Take a view away; what it led to stays as it is."""

    template_name = "saved_views/confirm_delete.html"

    def form_valid(self, form):
        """Take it away, and tell so."""
        response = super().form_valid(form)
        messages.success(self.request, f"“{self.object.name}” is no longer among your views.")
        return response
