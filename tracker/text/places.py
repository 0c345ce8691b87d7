"""Places among what was first recorded at one instant: short texts that sort as bytes, with room between any two.

A place begins with the number of a development among those of its instant. Whoever is put beside it gets a text that
begins alike, so that it stays between this number and the next.
"""

from string import ascii_lowercase, ascii_uppercase, digits

DIGITS = digits + ascii_uppercase + ascii_lowercase
"""In the order of their bytes."""
MIDDLE = "V"


def place_of(number: int) -> str:
    """The place of the development of that `number`, from 0: a letter for how many digits it has, and the digits."""
    written = str(number)
    return f"{ascii_lowercase[len(written) - 1]}{written}{MIDDLE}"


def after(place: str, following: str = "") -> str:
    """A place right behind `place`, and ahead of `following`, the next one of the same instant, if there is one."""
    number, low = _parts(place)
    high = _parts(following)[1] if following.startswith(number) else ""
    # The middle is kept for the development that has the number: it may come back from another day.
    if low < MIDDLE and not "" < high <= MIDDLE:
        high = MIDDLE
    return number + _between(low, high)


def ahead_of(place: str) -> str:
    """A place right ahead of `place`, which is the first of its instant."""
    number, high = _parts(place)
    return number + _between(MIDDLE if high > MIDDLE else "", high)


def _parts(place: str) -> tuple[str, str]:
    """The number in `place` with the letter ahead of it, and the rest."""
    length = ascii_lowercase.index(place[0]) + 2
    return place[:length], place[length:]


def _between(low: str, high: str) -> str:
    """A text of DIGITS after `low` and before `high`, read as digits behind a decimal point; empty is no bound."""
    shared = 0
    while shared < len(high) and (low[shared : shared + 1] or DIGITS[0]) == high[shared]:
        shared += 1
    if shared:
        return high[:shared] + _between(low[shared:], high[shared:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    return high[0] if len(high) > 1 else DIGITS[first] + _between(low[1:], "")
