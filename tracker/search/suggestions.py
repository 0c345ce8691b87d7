"""Suggestions for an input that names a record."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render

from tracker.forms.record_fields import Offer, find_typed, option
from tracker.models import Item, Process
from tracker.pages.base import PageView
from tracker.queries.record_lookup import called
from tracker.register import BY_MODEL
from tracker.search.lookup import matching

MOST = 20

REFERABLE = {model._meta.model_name: model for model in (Item, *BY_MODEL)}
"""What an input may name."""


class Options(PageView):
    """The options of a datalist: what the letters typed fit among the records that the reader may see."""

    def get(self, request, name):
        """At most MOST options of the model called `name`; of `process` alone, where that is named."""
        model = REFERABLE.get(name)
        if model is None:
            raise Http404
        typed = request.GET.get("q") or request.GET.get(request.htmx.trigger_name or "", "")
        rows = Offer(model.objects.visible_to(request.user), self.process()).queryset
        records = called(rows, typed) if typed else []
        records += rows.filter(matching(model, (), typed)).exclude(pk__in=[record.pk for record in records])[
            :MOST
        ]
        options = [option(record, typed) for record in records[:MOST]]
        return render(request, "records/_options.html", {"options": options})

    def process(self) -> Process | None:
        """The process that the form is about, where one can be told."""
        text = self.request.GET.get("process", "")
        try:
            return find_typed(Process.objects.visible_to(self.request.user), text) if text else None
        except ValidationError:
            return None
