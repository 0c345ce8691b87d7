"""The form of a token."""

from django import forms

from tracker.models import Token


class TokenForm(forms.ModelForm):
    """The name of a token."""

    class Meta:
        model = Token
        fields = ("name",)
        help_texts = {"name": "Where it will be used: notebook, spreadsheet at work."}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}
