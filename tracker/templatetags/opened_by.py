"""The hidden fields of every form: Django's token against forgery, and a signed statement of who opened the form."""

import datetime as dt

from django import template
from django.core import signing
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

FIELD = "opened_by"
"""The name of the input with the statement."""

VALID = dt.timedelta(days=30)
"""How long a statement is believed."""

register = template.Library()


@register.tag
def csrf_token(parser, token) -> CsrfTokenNode:
    """Django's tag, in its place, so that the forms of the admin and of allauth carry the statement too."""
    return OpenedByNode()


class OpenedByNode(CsrfTokenNode):
    """Django's token, and for somebody who is signed in the statement."""

    def render(self, context):
        """The hidden inputs."""
        inputs = super().render(context)
        user = context.get("user")
        if not inputs or user is None or not user.is_authenticated:
            return inputs
        statement = signing.dumps(user.pk, salt=FIELD)
        return inputs + format_html('<input type="hidden" name="{}" value="{}">', FIELD, statement)


def opened_by(data) -> int | None:
    """The primary key of the account that opened the form which sent `data`; None if that is not stated or too old."""
    try:
        return signing.loads(data.get(FIELD, ""), salt=FIELD, max_age=VALID)
    except signing.BadSignature:
        return None
