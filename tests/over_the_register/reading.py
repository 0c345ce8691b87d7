"""Reading a list as a page and as a file."""

import csv
import io

from bs4 import BeautifulSoup

from tracker.register import BY_URL_NAME


def path(url_name, ending="/"):
    return f"/{BY_URL_NAME[url_name].path}{ending}"


def read_csv(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))


def rows_of(response):
    return BeautifulSoup(response.content, "lxml").select(".table tbody tr")
