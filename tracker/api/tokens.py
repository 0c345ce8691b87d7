"""Personal access tokens: created, shown once, listed with their last use, and revoked."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from tracker.api.feeds import FEEDS, feed_path, title_of
from tracker.api.followed import tokens_of
from tracker.clocks import PRESENT
from tracker.forms.tokens import TokenForm
from tracker.models import Token
from tracker.pages.refusals import refused_plainly

MOST = 100
"""The maximum number of tokens of one user."""


class TokensPage(TemplateView):
    """The user's tokens, and a form to create one."""

    template_name = "pages/tokens.html"

    def get_context_data(self, **context):
        """The context of `pages/tokens.html`; `made` and `secret`, or `feed_url`, if one was just created."""
        context.setdefault("form", TokenForm())
        tokens = tokens_of(self.request.user)
        return super().get_context_data(
            reading=[token for token in tokens if token.purpose == Token.Purpose.READING],
            feeds=[token for token in tokens if token.purpose == Token.Purpose.FEED],
            **context,
        )

    def post(self, request):
        """Create a token and show its secret, which is not shown again; 422 with the form if it is invalid."""
        form = TokenForm(request.POST)
        if form.is_valid() and is_full(request.user):
            form.add_error(None, FULL)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        token, secret = Token.make(request.user, form.cleaned_data["name"])
        return self.render_to_response(self.get_context_data(made=token, secret=secret))


class FollowFeed(TokensPage):
    """Creates a token for one feed, and shows the URL to subscribe to."""

    http_method_names = ("post",)

    def post(self, request):
        """Create it for `feed` with the filters in `query`; 404 for an unknown feed, 400 for invalid filters."""
        name, query = request.POST.get("feed", ""), QueryDict(request.POST.get("query", ""))
        if name not in FEEDS:
            raise Http404(f"There is no feed “{name}”.")
        view = FEEDS[name]()
        view.request, view.clocks = request, PRESENT
        filters = view.bound(query)
        if not filters.is_valid():
            return refused_plainly(
                [f"{field}: {' '.join(errors)}" for field, errors in filters.errors.items()]
            )
        if is_full(request.user):
            form = TokenForm()
            context = self.get_context_data(form=form, full=FULL)
            return self.render_to_response(context, status=422)
        path = feed_path(name, filters)
        if len(path) > Token._meta.get_field("path").max_length:
            return refused_plainly(["These are too many filters for one feed."])
        token, secret = Token.make(request.user, title_of(filters)[:100], path)
        address = request.build_absolute_uri(reverse("feed", args=[secret, name]))
        return self.render_to_response(
            self.get_context_data(made=token, feed_url=address, feed_type=view.content_type)
        )


class RevokeToken(View):
    """Revokes one of the user's tokens."""

    http_method_names = ("post",)

    def post(self, request, pk):
        """Delete it and redirect to the list; 404 for a token of another user."""
        token = next((token for token in tokens_of(request.user) if token.pk == pk), None)
        if token is None:
            raise Http404
        token.delete()
        messages.success(request, f"“{token}” is revoked: it no longer works.")
        return redirect("tokens")


FULL = f"There are {MOST} tokens already: revoke one that is no longer used."


def is_full(user) -> bool:
    """Whether `user` has the maximum number of tokens."""
    return Token.objects.filter(owner=user).count() >= MOST
