"""Finds records by the beginning of their id and by words, in any script."""

from django.db.models import Q

from tracker.models import SearchEntry
from tracker.models.fields import model_at
from tracker.models.names import names_of
from tracker.models.search_entries import entry_types, of_names
from tracker.text.folding import key, visible
from tracker.text.words import asked

LONGEST = 300
"""What is searched for is cut there: more words would be more conditions than a database takes at once."""


def matching(model, fields, text: str) -> Q:
    """The condition that each word of `text` is in a name of a record of `model`, begins its id, or is in `fields`.

    With any of its own fields all that search reads of it are meant, but for private texts; with a field of a related
    record, the names of that.
    """
    related = {
        path: model_at(model, path.split("__"))
        for path in {field.rpartition("__")[0] for field in fields}
        if path
    }
    has_own = any("__" not in field for field in fields)
    kinds = [kind for kind in entry_types(model)[:1] if has_own or kind.is_offered]
    codes = [kind.code for kind in kinds]
    named = bool(getattr(model, "name_fields", ()))
    condition = Q()
    for word in visible(text[:LONGEST]).split():
        if (folded := key(word)) == "the" and named:
            continue
        either = Q(ref__startswith=word.lower())
        if named:
            either |= Q(pk__in=names_of(model).filter(key__contains=folded).values("record_id"))
        if codes and (terms := asked(word)):
            terms = terms if has_own else of_names(terms)
            entries = SearchEntry.objects.on_record().filter(record_type__in=codes, index__words__holds=terms)
            either |= Q(pk__in=entries.values("record_id"))
        for path, other in related.items():
            either |= Q(**{f"{path}__in": names_of(other).filter(key__contains=folded).values("record_id")})
        condition &= either
    return condition
