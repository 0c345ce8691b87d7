"""A request that is too large is refused by what it says of its size, before it is read."""

import pytest

from tests.pages.reading import Words
from tracker.models import User

pytestmark = pytest.mark.django_db

MEGABYTE = 1024**2


class Unread:
    """The body of a request that nobody may read."""

    def read(self, *arguments):
        raise AssertionError("it was read")

    readline = read


def sent(client, path, length):
    given = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(length)}
    return client.generic("POST", path, **given, **{"wsgi.input": Unread()})


@pytest.mark.parametrize("path", ["/accounts/login/", "/imports/", "/datasets/", "/nowhere/"])
def test_nothing_large_is_read_of_a_stranger(client, path):
    answer = sent(client, path, 10 * MEGABYTE + 1)
    assert answer.status_code == 413
    assert "at most 10 MB" in Words(answer).text()


def test_who_may_not_import_may_not_send_large_files(client):
    client.force_login(User.objects.create_user("vera", role="viewer"))
    assert sent(client, "/imports/", 10 * MEGABYTE + 1).status_code == 413


def test_who_may_import_sends_files_where_they_belong_alone(client, dave, settings):
    client.force_login(dave)
    settings.IMPORT_LIMIT_MB = 20
    for path in ("/imports/", "/datasets/"):
        with pytest.raises(AssertionError, match="it was read"):
            sent(client, path, 20 * MEGABYTE)
        assert sent(client, path, 22 * MEGABYTE).status_code == 413
    assert sent(client, "/sources/new/", 20 * MEGABYTE).status_code == 413


def test_a_form_of_the_largest_size_is_read(client, bob):
    client.force_login(bob)
    with pytest.raises(AssertionError, match="it was read"):
        sent(client, "/sources/new/", 10 * MEGABYTE)
