"""Who may have an account: nobody signs up by themselves, and a new installation starts with two."""
from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in through allauth, with accounts made by administrators alone."""

    def is_open_for_signup(self, request):
        return False
