"""Marks that cannot be a reference to `img/marks.svg`, and titles in sentence case."""

import functools
from xml.etree import ElementTree

from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

SVG = "{http://www.w3.org/2000/svg}"

register = template.Library()


@register.simple_tag
def drawn_mark(name: str) -> SafeString:
    """The mark `name` with its shapes in the page; empty where there is none.

    A browser repeats the head of a table on every sheet, but not what the head refers to in another file.
    """
    return _drawn().get(name, SafeString(""))


@register.filter
def sentence_case(title: str) -> SafeString:
    """A `title` of django-allauth, which is safe for a page, with a capital at its beginning only."""
    text = title.strip()
    return mark_safe(text[:1] + text[1:].lower())  # noqa: S308


@functools.cache
def _drawn() -> dict[str, SafeString]:
    ElementTree.register_namespace("", SVG.strip("{}"))
    drawn = {}
    for symbol in ElementTree.parse(finders.find("img/marks.svg")).iter(f"{SVG}symbol"):
        name, symbol.tag = symbol.attrib.pop("id"), f"{SVG}svg"
        symbol.attrib |= {"class": "mark", "aria-hidden": "true"}
        # What is in the file is the application's own.
        drawn[name] = mark_safe(ElementTree.tostring(symbol, encoding="unicode").strip())  # noqa: S308
    return drawn
