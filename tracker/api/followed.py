"""What the feeds of a user follow, named as far as the user may see it now."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import parse_qsl

from tracker.models import Record, Token, User
from tracker.queries.record_lookup import records_by_ref
from tracker.register import RECORD_TYPES

OUT_OF_SIGHT = "A feed of what was deleted, or is out of your sight"


def tokens_of(user: User) -> list[Token]:
    """The tokens of `user`, the newest first; a feed of what they may no longer see does not tell what that is called.

    One query, and one for each type of what is followed, two where something of it is not there.
    """
    tokens = list(Token.objects.filter(owner=user))
    followed = {token: _refs(token) for token in tokens}
    seen = _seen({ref for refs in followed.values() for ref in refs}, user)
    for token, refs in followed.items():
        if not refs <= seen:
            token.name = OUT_OF_SIGHT
    return tokens


def _refs(token: Token) -> set[str]:
    """The references of records in the address of a feed."""
    values = (value for _, value in parse_qsl(token.path.partition("?")[2]))
    return {value for value in values if value.partition("-")[0] in _MODELS}


def _seen(refs: Iterable[str], user: User) -> set[str]:
    """Those of `refs` that lead to a record that `user` may see."""
    by_model = defaultdict(set)
    for ref in refs:
        by_model[_MODELS[ref.partition("-")[0]]].add(ref)
    return {
        ref
        for model, asked in by_model.items()
        for ref in records_by_ref(model._default_manager.visible_to(user), asked)
    }


_MODELS: dict[str, type[Record]] = {
    record_type.model.prefix: record_type.model for record_type in RECORD_TYPES
}
