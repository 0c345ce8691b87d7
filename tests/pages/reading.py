"""Reading a page as somebody would: its words, its sections, where its links lead."""

import functools

from bs4 import BeautifulSoup
from django.db import connection


class Words:
    """What `response` says."""

    def __init__(self, response):
        self.response = response

    @functools.cached_property
    def soup(self):
        """The page, taken apart once somebody asks for it; what only sets the direction of a name parts no words."""
        page = BeautifulSoup(self.response.content, "lxml")
        for name in page("bdi"):
            name.unwrap()
        page.smooth()
        return page

    @property
    def is_whole(self):
        """Whether it is a page, not a part to be put into one."""
        return b"</html>" in self.response.content

    def text(self, selector="main"):
        """All words under the first match of `selector`, blanks folded."""
        found = self.soup.select_one(selector)
        return " ".join(found.get_text(" ").split()) if found else ""

    def texts(self, selector):
        """The words under each match of `selector`."""
        return [" ".join(found.get_text(" ").split()) for found in self.soup.select(selector)]

    def section(self, anchor):
        """All words of the section under the heading with the id `anchor`."""
        heading = self.soup.find(id=anchor)
        return " ".join(heading.find_parent("section").get_text(" ").split()) if heading else ""

    def links(self, selector="main a"):
        """Where the links under `selector` lead."""
        return [link["href"] for link in self.soup.select(selector)]


class Count:
    """How many queries there were; their texts would cost as much again as the queries."""

    total = 0

    def __call__(self, execute, *arguments):
        self.total += 1
        return execute(*arguments)


class Page(Words):
    """A page that was answered with 200; an instant after the last recording leads to the latter."""

    def __init__(self, client, address, **headers):
        queries = Count()
        with connection.execute_wrapper(queries):
            response = client.get(address, headers=headers, follow=True)
        assert response.status_code == 200, response.content.decode()[:2000]
        assert response.request["PATH_INFO"] == address.partition("?")[0]
        self.queries = queries.total
        super().__init__(response)
