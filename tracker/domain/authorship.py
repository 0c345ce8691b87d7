"""Whether a record is a user's own: who recorded it, and whether others have changed or cited it since.

It is asked of whole records alone: a part is for whoever may change what it belongs to.
"""

from collections.abc import Iterator

from django.db.models import PROTECT, Exists, OuterRef, Q, QuerySet

from tracker.models import Change, Citation, Development, Effect, Record, User


def own(rows: QuerySet, user: User) -> QuerySet:
    """The `rows` that `user` recorded, that nobody else has changed, and that no record of others refers to."""
    model = rows.model
    references = Q(*(~Q(Exists(others)) for others in _references_by_others(model, user)))
    return rows.filter(_begun_by(model, user), ~_changed_by_others(model, user), references)


def is_own(record: Record, user: User) -> bool:
    """Whether `record` is one of the user's `own`."""
    rows = type(record)._base_manager.filter(pk=record.pk)
    # Most records are somebody else's, which is soon known; what refers to them is not worth a look then.
    return rows.filter(_begun_by(rows.model, user)).exists() and own(rows, user).exists()


def why_not_own(record: Record, user: User) -> str:
    """Why `record` is not the user's own, as a clause to follow "because"; empty if it is."""
    model = type(record)
    rows = model._base_manager.filter(pk=record.pk)
    if not rows.filter(_begun_by(model, user)).exists():
        first = _first_author(record)
        return f"{name_of(first)} recorded it" if first else "nobody knows who recorded it"
    if rows.filter(_changed_by_others(model, user)).exists():
        return f"{name_of(_last_other(record, user))} has {_CHANGED.get(model, 'changed')} it since"
    for others in _references_by_others(model, user, record.pk):
        first = others.first()
        if first is not None:
            seen = first if not hasattr(others, "visible_to") else others.visible_to(user).first()
            return (
                f"{_noun(seen)} that somebody else recorded refers to it"
                if seen
                else "another record refers to it"
            )
    return ""


def name_of(user: User) -> str:
    """The display name of `user`."""
    return user.get_full_name() or user.username


_CHANGED: dict[type[Record], str] = {Development: "corrected"}


def _begun_by(model: type[Record], user: User) -> Q:
    """The condition on rows of `model` that `user` recorded first, whoever has changed them since."""
    if model is Development:
        return Q(Exists(Development.objects.filter(ref=OuterRef("ref"), version=1, recorded_by=user)))
    return _recorded_by(model, user)


def _recorded_by(model: type[Record], user: User) -> Q:
    """The condition on rows of `model` that `user` recorded; of a development, on the very version."""
    if model is Development:
        return Q(recorded_by=user)
    if model in (Effect, Citation):
        return Q(development__recorded_by=user)
    created = Change.objects.filter(
        subject_ref=OuterRef(_subject(model)),
        record_ref=OuterRef("ref"),
        action=Change.Action.CREATED,
        by=user,
    )
    return Q(Exists(created))


def _changed_by_others(model: type[Record], user: User) -> Q:
    """The condition on rows of `model` that somebody else has changed, a part of them included."""
    if model is Development:
        return Q(Exists(Development.objects.filter(ref=OuterRef("ref")).exclude(recorded_by=user)))
    return Q(Exists(Change.objects.filter(subject_ref=OuterRef("ref")).exclude(by=user)))


def _references_by_others(model: type[Record], user: User, key: int | None = None) -> Iterator[QuerySet]:
    """Records that others recorded and that refer to a row of the outer query, or to the row with `key`; by relation.

    Parts are left out, since they are changes of what they are part of; what refers to a part refers to the whole.
    """
    target = OuterRef("pk") if key is None else key
    for relation in model._meta.related_objects:
        related, name = relation.related_model, relation.field.name
        if not issubclass(related, Record):
            continue
        if related.part_of == name:
            for further in related._meta.related_objects:
                if issubclass(further.related_model, Record):
                    yield _of_others(further.related_model, user).filter(
                        **{f"{further.field.name}__{name}": target}
                    )
        elif relation.many_to_many or relation.on_delete is PROTECT:
            yield _of_others(related, user).filter(**{name: target})


def _of_others(model: type[Record], user: User) -> QuerySet:
    return model._base_manager.exclude(_recorded_by(model, user)).order_by()


def _subject(model: type[Record]) -> str:
    return f"{model.part_of}__ref" if model.part_of else "ref"


def _first_author(record: Record) -> User | None:
    if isinstance(record, Development):
        return Development.objects.filter(ref=record.ref).earliest("version").recorded_by
    # Its parts were created later.
    created = Change.objects.filter(subject_ref=record.ref, action=Change.Action.CREATED)
    first = created.select_related("by").last()
    return first.by if first else None


def _last_other(record: Record, user: User) -> User:
    if isinstance(record, Development):
        versions = Development.objects.filter(ref=record.ref).exclude(recorded_by=user)
        return versions.select_related("recorded_by").latest("version").recorded_by
    return Change.objects.filter(subject_ref=record.ref).exclude(by=user).select_related("by")[0].by


def _noun(record: Record) -> str:
    noun = str(record._meta.verbose_name)
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
