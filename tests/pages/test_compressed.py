"""Pages are sent compressed to browsers that take it; files are not."""

import gzip

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TAKES = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_who_takes_it(client, bob):
    client.force_login(bob)
    plain = client.get("/codebook/")
    packed = client.get("/codebook/", headers=TAKES)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 3
    page = gzip.decompress(packed.content)
    # All but the tokens of its forms, which are masked anew each time.
    assert len(page) == len(plain.content) and page.endswith(plain.content[-500:])


def test_the_same_page_is_not_always_of_the_same_length(client, bob):
    """Or its length would tell what in it is like the words that were asked for."""
    client.force_login(bob)
    assert len({len(client.get("/codebook/", headers=TAKES).content) for _ in range(20)}) > 1


@pytest.mark.parametrize("path", ["/parties.csv", "/parties.xlsx", "/package.zip", "/api/openapi.json"])
def test_files_are_sent_as_they_are(client, bob, path):
    client.force_login(bob)
    assert "Content-Encoding" not in client.get(path, headers=TAKES)
