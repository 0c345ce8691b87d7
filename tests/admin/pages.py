"""Reading a page of the admin as a browser does: its addresses, and what its form would send."""

from django.db.models import Model
from django.urls import reverse


def url(model, page, *args):
    """The address of a page (changelist, add, change, history, delete) of `model`."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def typed(response, **changes):
    """What the form on the page would send as it stands, with `changes` typed over it (None takes a field away)."""
    form = response.context["adminform"].form
    forms = [form, *getattr(form, "raising", {}).values()]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {bound.html_name: _text(bound.value()) for one in forms for bound in one}
    data |= {name: response.context.get(name) for name in ("opened", "form_key")} | changes
    return {name: value for name, value in data.items() if value is not None and value is not False}


def errors(response):
    """All that the page says is wrong, by field, with "" for what is wrong with the whole."""
    form = response.context["adminform"].form
    found = {name: list(messages) for name, messages in form.errors.items()}
    for prefix, part in getattr(form, "raising", {}).items():
        found |= {f"{prefix}-{name}": list(messages) for name, messages in part.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for row in inline.formset.forms:
            found |= {row.add_prefix(name): list(messages) for name, messages in row.errors.items()}
    return found


def _text(value):
    if isinstance(value, list):
        return [_text(one) for one in value]
    return value.pk if isinstance(value, Model) else value
