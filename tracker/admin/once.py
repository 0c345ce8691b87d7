"""Admin pages that add a record exactly once, even if the form is sent twice."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from tracker.forms.once import FIELD, OPENED_BY_OTHER, FormKey, KeyUsed, Used, key_sent

SAVE_AGAIN = "so nothing has been saved: save it once more."


class OnceAdmin:
    """Mixin for the admin of a record: the form of a new one carries a key that it can be saved with once."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The page of a record; a new one is made together with using up its key, or neither is."""

        def show():
            return super(OnceAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        def add():
            request.made = None
            answers.append(show())
            # What was made is gone again if it was refused at the end.
            return None if hasattr(request, "refusal") else request.made

        adds = object_id is None or "_saveasnew" in request.POST
        if request.method != "POST" or not adds or hasattr(request, "refusal"):
            return show()
        key = FormKey.read(request.POST.get(FIELD, ""), request.user, self.model)
        if key is None:
            new = FormKey.new(request.user, self.model)
            return self._ask_again(request, new, f"This form has expired, {SAVE_AGAIN}", show)
        if used := key.used:
            return self._sent_twice(request, key, used, show)
        if key.is_foreign:
            return self._ask_again(request, key.signed, f"{OPENED_BY_OTHER}, {SAVE_AGAIN}", show)
        answers = []
        try:
            key.make(request.POST, add)
        except KeyUsed:
            return self.changeform_view(request, object_id, form_url, extra_context)
        return answers[0]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """The page, which a browser may keep for the one who typed into it, to be gone back to."""
        conflict = getattr(request, "conflict", None)
        if obj is None or (conflict and conflict.is_gone):
            context[FIELD] = key_sent(request.POST, request.user, self.model)
        response = super().render_change_form(request, context, add, change, form_url, obj)
        response["Cache-Control"] = "private, no-cache"
        return response

    def response_add(self, request, obj, post_url_continue=None):
        """Lead on from what was made."""
        request.made = obj
        return super().response_add(request, obj, post_url_continue)

    def _sent_twice(self, request, key: FormKey, used: Used, show):
        made = used.record
        url = made and reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[made.pk])
        if used.is_same(request.POST):
            self.message_user(
                request, f"“{made}” is on record already: the same form was sent twice.", messages.INFO
            )
            return HttpResponseRedirect(url)
        context = {"key": key, "used": used, "url": url, "again": "save again"}
        message = render_to_string("records/_already_recorded.html", context)
        return self._ask_again(request, FormKey.new(request.user, self.model), message, show)

    def _ask_again(self, request, key: str, message: str, show):
        """The page with what was typed and another key."""
        request.POST = request.POST.copy()
        request.POST[FIELD] = key
        request.refusal = ValidationError(message)
        response = show()
        response.status_code = 409
        return response
