"""Filling in a page's form as a browser does: what it would send as it stands, and what it says is wrong."""

from html.parser import HTMLParser


class FormParser(HTMLParser):
    """Collects what the posted form of a page would send, by name, and the lines of its error summary."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.errors = {}, []
        self._form = self._summary = False
        self._select = self._option = self._area = self._line = None
        self.feed(html)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag == "form":
            self._form = given.get("method") == "post" and "logout" not in given.get("action", "")
        elif tag == "div" and "error-summary" in given.get("class", ""):
            self._summary = True
        elif tag == "li" and self._summary:
            self._line = ""
        if not self._form or "disabled" in given:
            return
        if tag == "input" and given.get("name"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._send(given["name"], given.get("value", ""))
        elif tag == "select":
            self._select, self._option = given["name"], None
        elif tag == "option" and self._select and ("selected" in given or self._option is None):
            self._option = given.get("value", "")
        elif tag == "textarea":
            self._area = (given["name"], [])

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = False
        elif tag == "select" and self._select:
            self._send(self._select, self._option or "")
            self._select = None
        elif tag == "textarea" and self._area:
            self._send(self._area[0], "".join(self._area[1]).removeprefix("\n"))
            self._area = None
        elif tag == "li" and self._line is not None:
            self.errors.append(" ".join(self._line.split()))
            self._line = None
        elif tag == "div":
            self._summary = False

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)
        if self._line is not None:
            self._line += data

    def _send(self, name, value):
        self.sent.setdefault(name, []).append(value)


def sent(response):
    """What the form on the page would send, {name: [values]}; the token against forgery left out."""
    found = FormParser(response.content.decode()).sent
    found.pop("csrfmiddlewaretoken", None)
    return found


def errors(response):
    """The lines of the page's error summary."""
    return FormParser(response.content.decode()).errors


def submit(client, url, button=None, **typed):
    """Open the form at `url`, type `typed` over what stands in it, and press `button` (name, value) or the first one."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    data = sent(response) | typed | (dict([button]) if button else {})
    return client.post(url, data)
