"""The description of all that can be taken out holds: each address answers, with exactly what it says."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests import factories as make
from tests.over_the_register.makers import MAKERS
from tracker.clocks import PARSERS
from tracker.files.export.profiles import PROFILES
from tracker.models.dates import Span
from tracker.register import BY_URL_NAME
from tracker.urls import REPORTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(make.UserFactory(viewer=True))
    return client


@pytest.fixture
def api(reader):
    return reader.get("/api/openapi.json").json()


def references(part):
    if isinstance(part, dict):
        for name, one in part.items():
            if name == "$ref":
                yield one
            else:
                yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def resolved(api, part):
    while "$ref" in part:
        found = api
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def fits(value, schema):
    """Whether `value` is what `schema` says, of the words of JSON Schema that the description uses."""
    assert schema.keys() <= {"type", "enum", "pattern", "format", "items", "description"}, schema
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "null": type(None)}
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if type(value) not in [kinds[name] for name in allowed]:
        return False
    if isinstance(value, list):
        return all(fits(one, schema["items"]) for one in value)
    return not (isinstance(value, str) and "pattern" in schema) or bool(re.search(schema["pattern"], value))


def test_the_description_is_whole(api):
    assert api["openapi"] == "3.1.0"
    assert set(api) == {"openapi", "info", "servers", "security", "paths", "components"}
    assert api["info"]["title"] and api["info"]["version"]
    assert api["servers"] == [{"url": "http://testserver"}]
    assert api["security"] == [{"token": []}]
    scheme = api["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for reference in references(api):
        assert resolved(api, {"$ref": reference})
    operations = [one["get"] for one in api["paths"].values()]
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids))
    for path, one in zip(api["paths"], operations, strict=True):
        found = [resolved(api, parameter) for parameter in one["parameters"]]
        for parameter in found:
            assert parameter["in"] in ("path", "query") and parameter["schema"] and parameter["description"]
        keys = [(parameter["in"], parameter["name"]) for parameter in found]
        assert len(keys) == len(set(keys))
        assert (("path", "ref") in keys) is ("{ref}" in path)
        answers = [resolved(api, answer) for answer in one["responses"].values()]
        assert "200" in one["responses"] and all(answer["description"] for answer in answers)


def test_every_list_and_report_is_in_it(api):
    wanted = {f"/{kind.path}.{ending}" for kind in BY_URL_NAME.values() for ending in ("csv", "json", "xlsx")}
    wanted |= {f"/timeline.{ending}" for ending in ("csv", "json", "xlsx")}
    wanted |= {"/search.csv", "/search.json"}
    wanted |= {
        f"/{kind.path}/{{ref}}/{view.name}.{ending}"
        for kind, views in REPORTS
        for view in views
        for ending in view.formats
    }
    assert set(api["paths"]) == wanted


def test_every_address_answers_with_what_its_schema_says(reader, api):
    process = make.ProcessFactory()
    made = {url_name: maker(process) for url_name, maker in MAKERS.items()}
    by_path = {f"/{kind.path}/": made[kind.url_name].ref for kind in BY_URL_NAME.values()}
    for path, one in api["paths"].items():
        ref = next((ref for start, ref in by_path.items() if path.startswith(start)), "")
        address = path.replace("{ref}", ref)
        response = reader.get(address)
        found = response.getvalue()
        assert response.status_code == 200, address
        (content_type,) = one["get"]["responses"]["200"]["content"]
        assert response["Content-Type"].partition(";")[0] == content_type
        if path.endswith(".json"):
            schema = resolved(api, one["get"]["responses"]["200"]["content"][content_type]["schema"]["items"])
            assert schema["additionalProperties"] is False
            for row in json.loads(found):
                assert list(row) == list(schema["properties"]), path
                for name, value in row.items():
                    assert fits(value, schema["properties"][name]), (path, name, value)


def test_every_parameter_is_one_that_its_address_takes(reader, api):
    process = make.ProcessFactory()
    made = {url_name: maker(process) for url_name, maker in MAKERS.items()}
    by_path = {f"/{kind.path}/": made[kind.url_name].ref for kind in BY_URL_NAME.values()}
    # What JSON and workbooks take is made of the same, less the profile.
    for path, one in ((path, one) for path, one in api["paths"].items() if path.endswith(".csv")):
        ref = next((ref for start, ref in by_path.items() if path.startswith(start)), "")
        asked = {}
        for parameter in (resolved(api, parameter) for parameter in one["get"]["parameters"]):
            if parameter["in"] == "query":
                schema = parameter["schema"]
                asked[parameter["name"]] = next(
                    iter(schema.get("enum") or schema.get("items", {}).get("enum") or [""])
                )
        response = reader.get(path.replace("{ref}", ref), asked)
        # The answer names the parameters that are not taken.
        assert response.status_code == 200, (path, response.getvalue())


def test_every_filter_of_a_list_is_in_it(api):
    for kind in BY_URL_NAME.values():
        names = [resolved(api, one)["name"] for one in api["paths"][f"/{kind.path}.csv"]["get"]["parameters"]]
        assert {*kind.filterset.base_filters, "sort", "columns", *PARSERS, "profile"} == set(names)
    profile = api["components"]["parameters"]["profile"]["schema"]["enum"]
    assert profile == [name for name in PROFILES if name]


def test_the_page_for_people_has_lines_with_the_address_of_this_installation(reader):
    page = BeautifulSoup(reader.get("/api/", headers={"host": "localhost"}).content, "lxml")
    lines = [block.get_text() for block in page.select("pre.lines")]
    assert len(lines) == 5
    for block in lines:
        assert "http://localhost/demands." in block and "Bearer" in block or "req_auth_bearer_token" in block
    for kind in BY_URL_NAME.values():
        assert page.find(id=kind.url_name)
    address = re.search(r'"http://localhost(/demands\.csv[^"]*)"', lines[0])[1]
    assert reader.get(address).getvalue().startswith(b"id,title,")


def test_nobody_reads_it_without_signing_in():
    assert Client().get("/api/").status_code == 302
    assert Client().get("/api/openapi.json").status_code == 401


FORMS = ("2025", "about 2025", "Feb 2025", "18 Feb 2025", "about 18 Feb 2025", "before Feb 2025", "after Feb 2025",
         "late Feb 2025", "15 to 17 December 2026")  # fmt: skip


def test_the_pattern_of_dates_is_that_of_every_form(api):
    schema = api["components"]["schemas"]["development"]["properties"]["occurred_on"]
    assert all(fits(Span.parse(form).edtf, schema) for form in FORMS)
    assert not any(fits(text, schema) for text in ("2025-2", "[2025-02-18]", "before 2025", "2025-02-18/"))
