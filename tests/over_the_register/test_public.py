"""Every page and file can be read as it was public by a day."""

import pytest

from tests import factories as make
from tests.over_the_register.makers import MAKERS
from tests.over_the_register.past import addresses, plain

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2025-02-18", pytest.param("2025-02-17", marks=pytest.mark.prove)])
def test_every_address_is_answered(client, dave, clock, day):
    clock("2025-02-20T10:00Z")
    client.force_login(dave)
    process = make.ProcessFactory()
    records = [maker(process) for maker in MAKERS.values()]
    answered = {}
    for address in plain(addresses(records)):
        response = client.get(f"{address}&public={day}".replace("?&", "?"))
        response.getvalue()
        answered[address] = response.status_code
    wrong = {address: code for address, code in answered.items() if code not in (200, 404)}
    assert wrong == {}
