"""Personal access tokens: created, shown once, listed with their last use, and revoked."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from tracker.api.feeds import FEEDS, feed_path, title_of
from tracker.clocks import PRESENT
from tracker.forms.tokens import TokenForm
from tracker.models import Token
from tracker.pages.refusals import refused_plainly

MOST = 100
"""How many tokens one person may have: whoever needs more has lost count of them."""


class TokensPage(TemplateView):
    """All tokens of the reader, and a form for another that reads."""

    template_name = "pages/tokens.html"

    def get_context_data(self, **context):
        """What `pages/tokens.html` takes; `made` and `secret`, or `feed_url`, of one made just now."""
        context.setdefault("form", TokenForm())
        tokens = list(Token.objects.filter(owner=self.request.user))
        return super().get_context_data(
            reading=[token for token in tokens if token.purpose == Token.Purpose.READING],
            feeds=[token for token in tokens if token.purpose == Token.Purpose.FEED],
            **context,
        )

    def post(self, request):
        """Make one, and show its secret, for the only time; 422 with the form where it cannot be made."""
        form = TokenForm(request.POST)
        if form.is_valid() and is_full(request.user):
            form.add_error(None, FULL)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        token, secret = Token.make(request.user, form.cleaned_data["name"])
        return self.render_to_response(self.get_context_data(made=token, secret=secret))


class FollowFeed(TokensPage):
    """Makes a token for one feed, in a click, and shows the address to follow it at."""

    http_method_names = ("post",)

    def post(self, request):
        """Make it, of `feed` and the filters in `query`; 404 for no such feed, 400 for filters that cannot be read."""
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
    """Ends one of the reader's tokens."""

    http_method_names = ("post",)

    def post(self, request, pk):
        """Delete it and go back to the others; 404 for those of anybody else."""
        token = get_object_or_404(Token, pk=pk, owner=request.user)
        token.delete()
        messages.success(request, f"“{token}” is revoked: it opens nothing any more.")
        return redirect("tokens")


FULL = f"There are {MOST} tokens already: revoke one that is no longer used."


def is_full(user) -> bool:
    """Whether `user` may have no more tokens."""
    return Token.objects.filter(owner=user).count() >= MOST
