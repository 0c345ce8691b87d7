"""Pages of the admin that add a record: sent twice, they add one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from tracker.forms.once import FIELD, FormKey, KeyUsed, content_of


class OnceAdmin:
    """Mixin for the admin of a record: the form of a new one carries a key that it can be saved with once."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The page of a record; a new one is made together with using up its key, or neither is."""

        def show():
            return super(OnceAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        def add():
            request.made = None
            answers.append(show())
            return request.made

        adds = object_id is None or "_saveasnew" in request.POST
        if request.method != "POST" or not adds or hasattr(request, "refusal"):
            return show()
        key = FormKey.read(request.POST.get(FIELD, ""), request.user, self.model)
        if key is None:
            said = "This form has expired, so nothing has been saved: save it once more."
            return self._ask_again(request, said, show)
        if submission := key.submission:
            return self._sent_twice(request, key, submission, show)
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
            sent = request.POST.get(FIELD, "")
            known = FormKey.read(sent, request.user, self.model)
            context[FIELD] = sent if known else FormKey.new(request.user, self.model)
        response = super().render_change_form(request, context, add, change, form_url, obj)
        response["Cache-Control"] = "private, no-cache"
        return response

    def response_add(self, request, obj, post_url_continue=None):
        """Lead on from what was made."""
        request.made = obj
        return super().response_add(request, obj, post_url_continue)

    def _sent_twice(self, request, key: FormKey, submission, show):
        made = key.record_made(submission)
        url = made and reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[made.pk])
        if made and submission.content == content_of(request.POST):
            self.message_user(
                request, f"“{made}” is on record already: the same form was sent twice.", messages.INFO
            )
            return HttpResponseRedirect(url)
        what = format_html('<a href="{}">{}</a>', url, made) if made else "something that is no longer on record"
        said = format_html(
            "This form has already recorded {}. What you have typed since is below and has not been saved. To change "
            "what was recorded, edit it there; to record another one, save again.",
            what,
        )
        return self._ask_again(request, said, show)

    def _ask_again(self, request, said: str, show):
        """The page with what was typed and a new key."""
        request.POST = request.POST.copy()
        request.POST[FIELD] = FormKey.new(request.user, self.model)
        request.refusal = ValidationError(said)
        response = show()
        response.status_code = 409
        return response
