"""Signing in, and what was typed into a form before, which is given back to the account that opened the form alone."""

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render

from tracker.accounts.forms import SignInForm
from tracker.pages.posted import SEALED, Posted

OF_ANOTHER = "What was typed before belongs to another account: it was not saved, and is not shown."


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in through allauth, with accounts made by administrators alone."""

    def is_open_for_signup(self, request):
        return False

    def pre_login(self, request, user, **login):
        """Keep what the sign-in form carries while the second factor is asked for; nothing without a password."""
        if response := super().pre_login(request, user, **login):
            return response
        if sent := Posted.unsealed(request.POST.get(SEALED, "")):
            if sent.account == user.pk:
                request.session[SEALED] = request.POST[SEALED]
            else:
                messages.warning(request, OF_ANOTHER)
        return None

    def post_login(self, request, user, **login):
        """The page that gives back what was typed; without it, lead on as usual."""
        response = super().post_login(request, user, **login)
        sent = Posted.unsealed(request.session.pop(SEALED, ""))
        # Somebody else may have begun to sign in, with a password alone.
        return given_back(request, sent) if sent and sent.account == user.pk else response


@login_not_required
def sign_in(request):
    """allauth's page; whoever is signed in is signed out by a form to save what another account has typed."""
    if request.method == "POST" and SEALED in request.POST and request.user.is_authenticated:
        logout(request)
    return views.login(request)


def given_back(request, sent: Posted, status: int = 200) -> HttpResponse:
    """The page with what was `sent`, which its account alone may see, to be looked at and sent again."""
    return render(request, "given_back.html", {"sent": sent}, status=status)


def not_saved(request, sent: Posted) -> HttpResponse:
    """The answer to a form that was `sent` without a right to, by this browser: nothing is saved, and nothing lost.

    Its account gets it back; for anybody else it is the page to sign in with, which has it encrypted.
    """
    if sent.account == request.user.pk:
        return given_back(request, sent, status=403)
    context = {"form": SignInForm(request=request), "sent": sent, "sealed": sent.sealed, "next": sent.address}
    return render(request, "account/login.html", context, status=403)
