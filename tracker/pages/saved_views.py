"""Saved views: created from a page, listed, renamed, deleted."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.urls import reverse_lazy
from django.views import generic

from tracker.forms.saved_views import RenameForm, SaveForm
from tracker.models import SavedView


class OwnSavedViews:
    """View mixin: the reader's own saved views, with breadcrumbs."""

    model = SavedView
    success_url = reverse_lazy("views:list")

    def get_queryset(self):
        """The reader's own; those of others give 404."""
        return SavedView.objects.filter(owner=self.request.user)


class NameSavedView(OwnSavedViews):
    """View mixin that saves a name with a message, and reports a name taken meanwhile as a form error."""

    template_name = "saved_views/form.html"

    def form_valid(self, form):
        """Save, or show the form again if the database already has the name."""
        try:
            with transaction.atomic():
                response = super().form_valid(form)
        except IntegrityError:
            form.add_error("name", "You have a view of that name; give this one another.")
            return self.form_invalid(form)
        messages.success(self.request, f"Saved as “{self.object.name}”.")
        return response

    def form_invalid(self, form):
        """422 with the form."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SavedViews(OwnSavedViews, generic.ListView):
    """The reader's saved views, by name."""

    template_name = "saved_views/list.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {
            "rows": [{"view": view, "parameters": parse_qsl(view.query)} for view in context["object_list"]]
        }


class SaveView(NameSavedView, generic.CreateView):
    """Save the address in the query string under a name."""

    form_class = SaveForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": SavedView(owner=self.request.user)}

    def get_initial(self):
        return {"address": self.request.GET.get("address", "")}


class RenameView(NameSavedView, generic.UpdateView):
    """Rename a saved view."""

    form_class = RenameForm


class DeleteView(OwnSavedViews, generic.DeleteView):
    """Delete a saved view; the page itself is unaffected."""

    template_name = "saved_views/confirm_delete.html"

    def form_valid(self, form):
        """Delete it, with a message."""
        response = super().form_valid(form)
        messages.success(self.request, f"“{self.object.name}” is no longer among your views.")
        return response
