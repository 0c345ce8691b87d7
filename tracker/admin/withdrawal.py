"""Withdrawal of one or many developments, with a reason; the history keeps them."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from tracker import recording
from tracker.recording.timestamps import one_instant


class ReasonForm(forms.Form):
    """The reason, which is asked for every time."""

    note = forms.CharField(
        label="Why",
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="In your own words; it is kept with the development and stands in its history.",
        error_messages={"required": "Say why it is withdrawn."},
    )


def withdrawal_page(model_admin, request, developments, action: str = ""):
    """Ask for the reason, and once it is given withdraw all of `developments` or none.

    `action` names the changelist's action where several were selected, so that the answer comes back to it.
    """
    confirmed = request.method == "POST" and "confirmed" in request.POST
    form = ReasonForm(request.POST if confirmed else None)
    if form.is_valid():
        try:
            withdraw_all(request.user, developments, form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            count = len(developments)
            subject = f"“{developments[0]}” was" if count == 1 else f"{count} developments were"
            model_admin.message_user(request, f"{subject} withdrawn; the history keeps it.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:tracker_development_changelist"))
    context = model_admin.admin_site.each_context(request) | {
        "title": "Withdraw "
        + ("a development" if len(developments) == 1 else f"{len(developments)} developments"),
        "opts": model_admin.opts,
        "developments": developments,
        "form": form,
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/withdraw.html", context)


def withdraw_all(by, developments, note: str) -> None:
    """Withdraw all of `developments`, or none; raises ValidationError when one is no longer in force."""
    with one_instant():
        for development in developments:
            try:
                recording.withdraw(by, development, note)
            except recording.Outdated as error:
                raise ValidationError(f"“{development}”: {error} Nothing was withdrawn.") from error
