"""The proxy of the operator's guide, run for real: nginx with https before the server."""

import getpass
import http.cookiejar
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest

from tests.installation import ROOT, SECONDS, fresh, started

pytestmark = [
    pytest.mark.installation,
    pytest.mark.prove,
    pytest.mark.once,
    pytest.mark.skipif(
        not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not installed"
    ),
]
HOST = "record.example.org"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def proxied(folder, upstream):
    """Run nginx as deploy/nginx.conf has it before `upstream`, with other ports and folders; yield that of https."""
    ports = {"443": free_port(), "80": free_port()}
    name = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
    subprocess.run(
        [*make, "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True,
        capture_output=True,
    )
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for port, other in ports.items():
        text = text.replace(f"listen {port}", f"listen 127.0.0.1:{other}")
    text = text.replace("127.0.0.1:8000", upstream).replace("/var/log/nginx/", f"{folder}/")
    text = text.replace("/etc/ssl/record.example.org.pem", f"{folder}/certificate.pem")
    text = text.replace("/etc/ssl/private/record.example.org.key", f"{folder}/key.pem")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off; user {getpass.getuser()}; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}"
    (folder / "nginx.conf").write_text(f"{head}\nhttp {{ {temporary}\n{text} }}")
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield ports["443"]
    finally:
        process.terminate()
        process.wait(SECONDS)


def test_through_the_proxy_one_signs_in_imports_and_is_told_apart(first_start, tmp_path):
    settings = {"HTTPS": "1", "ALLOWED_HOSTS": f"{HOST},localhost", "LOG_LEVEL": "INFO", "LOG_FORMAT": "json"}
    with (
        fresh(tmp_path / "var", like=first_start[0]) as environment,
        started(environment | settings, quiet=False) as printed,
        proxied(tmp_path, urllib.parse.urlsplit(printed["URL"]).netloc) as port,
    ):
        tried(f"https://localhost:{port}", printed, tmp_path)
    log = (tmp_path / "tracker.log").read_text()
    assert "/accounts/login/" in log and "feeds" not in log


def tried(url, printed, folder):
    """What people do through the proxy at `url`."""
    cookies = http.cookiejar.CookieJar()
    trusting = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trusting), urllib.request.HTTPCookieProcessor(cookies)
    )

    def send(path, form=None, kind="application/x-www-form-urlencoded"):
        # As if it were on the port that browsers leave out.
        headers = {"Host": "localhost"}
        if form is not None:
            headers |= {"Referer": "https://localhost/", "Content-Type": kind}
        return opener.open(urllib.request.Request(f"{url}{path}", form, headers), timeout=SECONDS)

    for _ in range(50):
        try:
            send("/healthz")
            break
        except urllib.error.URLError as error:
            assert isinstance(error.reason, ConnectionRefusedError)
            time.sleep(0.1)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)', send("/accounts/login/").read().decode())[1]
    name, password = printed["Analyst"].split(" / ")
    form = {"login": name, "password": password, "csrfmiddlewaretoken": token}
    signed_in = send("/accounts/login/", urllib.parse.urlencode(form).encode())
    assert signed_in.url == f"{url}/" and "max-age" in signed_in.headers["Strict-Transport-Security"]
    assert re.fullmatch(r"[0-9a-f]{32}", signed_in.headers["X-Request-ID"])
    assert all(cookie.secure for cookie in cookies)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        send("/feeds/notasecret/timeline.atom")

    page = send("/imports/").read().decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)', page)[1]
    rows = b"name,kind\n" + b"".join(b"Avaria %d,state\n" % number for number in range(300))
    parts = {"csrfmiddlewaretoken": token, "type": "party", "profile": "", "reason": "", "note": ""}
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in parts.items()
    )
    # Longer than any form may be.
    filling = b"\n" * (11 * 1024**2)
    body += (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="parties.csv"\r\n\r\n' + rows + filling
    )
    imported = send("/imports/", body + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")
    assert re.fullmatch(rf"{url}/imports/imp-\w+/", imported.url)
