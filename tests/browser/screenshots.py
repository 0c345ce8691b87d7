"""The pictures of the documents, taken from a fresh installation that runs as long as it takes: make screenshots."""

import sys
import tempfile

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.browser.palette import reduced
from tests.browser.visiting import DESKTOP, FLAGS, PHONE, sign_in
from tests.installation import ROOT, fresh, started

PICTURES = ROOT / "docs" / "pictures"
RIYADH = "/talks/tlk-riyadh-2025-02-18/"
TALL = {"width": 1280, "height": 1250}
PROCESS = "/processes/prc-us-russia-ukraine/"
MISSIONS = "/principles/pri-diplomatic-missions/"
# name: who looks, at what, and what else of the context (size, colours) differs from a light page on a desk.
VIEWS = {
    "home": ("Analyst", "/", {}),
    "process": ("Analyst", PROCESS, {}),
    "talk": ("Analyst", RIYADH, {}),
    "principle": ("Analyst", MISSIONS, {}),
    "demand": ("Analyst", "/demands/dem-no-nato-troops/", {}),
    "development": ("Analyst", "/developments/dev-lavrov-practically-agreed/", {}),
    "list": ("Analyst", "/demands/?party=Russia&sort=-firmness", {}),
    "record": ("Analyst", "/developments/new/?talk=tlk-riyadh-2025-02-18", {"viewport": TALL}),
    "agreement": ("Analyst", f"{PROCESS}agreement/", {}),
    "positions": ("Analyst", f"{PROCESS}positions/", {"viewport": TALL}),
    "changes": ("Analyst", f"{PROCESS}compare/?from=before+2025-02-18&to=2025-02-18", {"viewport": TALL}),
    "paths": ("Analyst", f"{PROCESS}paths/", {}),
    "ledger": ("Analyst", f"{PROCESS}follow-ups/", {"viewport": TALL}),
    "table": ("Analyst", f"{PROCESS}table/", {}),
    "past": ("Analyst", f"{PROCESS}?on=2025-02-17", {}),
    "search": ("Analyst", "/search/?q=neutral", {}),
    "import": ("Administrator", "/imports/?type=party", {}),
    "programs": ("Analyst", "/api/", {}),
    "codebook": ("Analyst", "/codebook/#stance", {}),
    "admin": ("Administrator", "/admin/tracker/development/add/", {}),
    "dark": ("Analyst", MISSIONS, {"color_scheme": "dark"}),
    "phone": ("Analyst", PROCESS, {"viewport": PHONE, "device_scale_factor": 2}),
}

ROWS = """id,name,kind,aliases
pty-turkey,Turkey,state,Türkiye; Ankara
pty-france,France,state,
,Qatar,state,Doha
,African Union,unoin,AU
"""


def bring_in(page):
    """Paste rows on the page of imports, and see what they would do."""
    page.locator("[name=text]").fill(ROWS)
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**/imports/imp-*/")


# What somebody does on a page before its picture is taken, by the picture's name.
ACTS = {"import": bring_in}


def take(folder, views):
    """Write a picture of each of `views` into `folder`, as PNG."""
    folder.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        fresh(var) as environment,
        started(environment, quiet=False) as printed,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium.EXECUTABLE, args=[*FLAGS, "--lang=en-GB"]
        )
        for name, (role, address, options) in views.items():
            context = browser.new_context(
                base_url=printed["URL"], locale="en-GB", **{"viewport": DESKTOP} | options
            )
            page = context.new_page()
            sign_in(page, *printed[role].split(" / "))
            page.goto(address, wait_until="networkidle")
            if name in ACTS:
                ACTS[name](page)
            (folder / f"{name}.png").write_bytes(reduced(page.screenshot()))
            context.close()
            print(f"{name}.png", flush=True)
        browser.close()


def main(names):
    """Take all pictures, or those called `names`."""
    if lack := chromium.missing():
        sys.exit(f"No pictures: {lack}")
    take(PICTURES, {name: VIEWS[name] for name in names or VIEWS})


if __name__ == "__main__":
    main(sys.argv[1:])
