"""The forms of django-allauth with labels in sentence case."""

from allauth.account.forms import ChangePasswordForm, LoginForm


class SignInForm(LoginForm):
    """Signs in."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["remember"].label = "Remember me"


class PasswordForm(ChangePasswordForm):
    """Changes the password."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.label = field.label.capitalize()
