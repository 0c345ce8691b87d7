"""What a visit with a browser brings along: signing in, the complaints heard on the way, and what is cut."""

from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    # Debian's Chromium asks for the latter two by itself; drawing takes no process of its own here.
    "--in-process-gpu",
    "--disable-gpu-rasterization",
    "--disable-extensions",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page that asks another host for anything fails: the pages must work offline.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# Between the margins of the smaller of A4 and Letter, upright and turned, in pixels of 1/96 inch.
UPRIGHT = {"width": 680, "height": 700}
TURNED = {"width": 942, "height": 700}


def sign_in(page, name, password):
    """Sign in as anybody does, by the form."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login/"))


def session_of(user, url):
    """The cookie by which a browser is signed in as `user` at the server of `url`."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


class Complaints(list):
    """What goes wrong on the pages of a context: errors of scripts, of the policy, of loading; other hosts asked."""

    def __init__(self, context, url):
        super().__init__()
        self.host = urlsplit(url).netloc
        context.on("page", self.listen)

    def listen(self, page):
        """Hear what `page` says from now on."""
        page.on("pageerror", lambda error: self.append(f"script: {error}"))
        page.on("console", self.hear)
        page.on("request", self.see)

    def hear(self, message):
        """Take down an error; that the page itself was answered with an error is no complaint."""
        own = (
            message.text.startswith("Failed to load resource") and message.location["url"] == message.page.url
        )
        if message.type in ("error", "warning") and not own:
            self.append(f"{message.type} on {message.page.url}: {message.text}")

    def see(self, request):
        """Take down a request to any host but the server's."""
        where = urlsplit(request.url)
        if where.scheme not in ("data", "blob") and where.netloc != self.host:
            self.append(f"asked {request.url}")


def overflow(page):
    """By how many pixels `page` is wider than its window, and the elements that stick out; empty where it fits."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          const over = document.documentElement.scrollWidth - width;
          if (over <= 0) return [];
          const out = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 1);
          return [over, ...out.slice(-3).map(e => e.outerHTML.slice(0, 160))];
        }"""
    )


def cut_on_the_right(page):
    """The parts of the content of `page` of which something is hidden on the right; what can be scrolled to is not."""
    return page.evaluate(
        """() => {
          const end = part => {
            for (let box = part.parentElement; box !== document.documentElement; box = box.parentElement) {
              const style = getComputedStyle(box).overflowX;
              if (style === "auto" || style === "scroll") return Infinity;
              if (style !== "visible") return box.getBoundingClientRect().right;
            }
            return document.documentElement.clientWidth;
          };
          const shown = [...document.querySelectorAll("#content *:not(option)")].filter(part => part.checkVisibility());
          return shown.filter(part => !part.closest(".visually-hidden, .select2-hidden-accessible")
              && part.getBoundingClientRect().right > end(part) + 0.5)
            .map(part => part.outerHTML.replace(/\\s+/g, " ").slice(0, 160));
        }"""
    )


def foot_in_mid_air(page):
    """By how many pixels the foot of `page` ends above the bottom of its window; empty where it ends there or below."""
    gap = page.evaluate(
        "() => innerHeight - Math.round(document.querySelector('.colophon').getBoundingClientRect().bottom + scrollY)"
    )
    return [gap] if gap > 0 else []


def choices_out_of_sight(page):
    """The boxes to tick on `page` that do not lie within what is around them, from left to right."""
    return page.evaluate(
        """() => {
          document.querySelectorAll("main details").forEach(details => { details.open = true; });
          const width = document.documentElement.clientWidth;
          const around = element => {
            const boxes = [];
            for (let box = element.parentElement; box.localName !== "main"; box = box.parentElement) {
              boxes.push(box);
              // What is placed on the page by itself, such as a menu, lies over what it belongs to.
              if (getComputedStyle(box).position === "absolute") break;
            }
            return boxes.map(box => box.getBoundingClientRect());
          };
          const boxes = [...document.querySelectorAll("main :is([type=checkbox], [type=radio])")];
          return boxes.map(box => box.closest("label") || box).filter(choice => {
            const {left, right} = choice.getBoundingClientRect();
            return left < 0 || right > width || left === right
              || around(choice).some(box => left < box.left - 1 || right > box.right + 1);
          }).map(choice => choice.outerHTML.slice(0, 160));
        }"""
    )


def failings_on_paper(page):
    """What of `page` is cut when it is printed, and what is printed that only serves a screen; leaves it as printed."""
    page.emulate_media(media="print", reduced_motion="reduce")
    page.set_viewport_size(
        TURNED if page.evaluate("getComputedStyle(document.body).page") == "wide" else UPRIGHT
    )
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          const shown = [...document.body.querySelectorAll("*:not(svg *)")].filter(
            part => part.checkVisibility() && !part.closest(".visually-hidden"));
          const cut = shown.filter(part => {
            const {left, right} = part.getBoundingClientRect(), style = getComputedStyle(part);
            // What is typed scrolls in its field.
            const hides = style.overflowX !== "visible" && !part.matches("svg, input, select, textarea");
            return right > width + 1 || left < -1 || (hides && part.scrollWidth > part.clientWidth + 1)
              || style.webkitLineClamp !== "none";
          });
          const controls = shown.filter(part => part.matches(
            "button, .button, nav:not(.pager, .range), form[method=get] *, .filters, .take, .choose, .turns"));
          const heads = shown.filter(part => part.localName === "thead"
            && getComputedStyle(part).display !== "table-header-group");
          // A mark that is drawn in another file is not drawn again where its head is repeated.
          const marks = [...document.querySelectorAll("thead use")];
          const split = shown.filter(part => part.matches("tr, .entry, .quote, .quote > *, td > p")
            && getComputedStyle(part).breakInside !== "avoid");
          const left = shown.filter(part => part.matches(":is(h1, h2, h3):not(:last-child)")
            && getComputedStyle(part).breakAfter !== "avoid");
          const told = (words, parts) => parts.map(part => `${words}: ${part.outerHTML.slice(0, 160)}`);
          const alone = shown.filter(part => part.matches("thead + tbody, thead + tbody > tr:first-child")
            && getComputedStyle(part).breakBefore !== "avoid");
          return [...told("cut", cut), ...told("on paper", controls), ...told("a head on one sheet alone", heads),
            ...told("a mark on one sheet alone", marks), ...told("split between sheets", split),
            ...told("left at the foot of a sheet", left), ...told("after a head alone", alone)];
        }"""
    )
