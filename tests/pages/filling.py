"""Filling in a page's form as a browser does: what it would send as it stands, and what it says is wrong."""

from bs4 import BeautifulSoup


def sent(response):
    """What the page's own form would send, {name: [values]}, apart from the token against forgery."""
    found = {}
    page = BeautifulSoup(response.content, "lxml")
    for field in page.select("main form[method=post] :is(input, select, textarea)[name]:not([disabled])"):
        if field.name == "select":
            chosen = field.select("option[selected]") or field.select("option")[:1]
            values = [option.get("value", "") for option in chosen]
        elif field.name == "textarea":
            values = [field.get_text().removeprefix("\n")]
        else:
            is_box = field.get("type") in ("checkbox", "radio")
            unticked = is_box and not field.has_attr("checked")
            values = [] if unticked else [field.get("value", "on" if is_box else "")]
        found.setdefault(field["name"], []).extend(values)
    return {name: values for name, values in found.items() if values and name != "csrfmiddlewaretoken"}


def errors(response):
    """The lines of the page's error summary."""
    page = BeautifulSoup(response.content, "lxml")
    return [" ".join(line.get_text().split()) for line in page.select(".error-summary li")]


def submit(client, url, button=None, **typed):
    """Open the form at `url`, type `typed` over what stands there, press `button` (name, value) or the first."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return client.post(url, sent(response) | typed | (dict([button]) if button else {}))
