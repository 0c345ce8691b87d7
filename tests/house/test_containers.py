"""The containers of `deploy/`, without containers: what builds, starts and watches them does so here too."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tests.house.guides import blocks
from tests.installation import ROOT, SECONDS, fresh, started

LINES = [
    line.split(maxsplit=1)
    for line in (ROOT / "deploy" / "Containerfile").read_text().splitlines()
    if not line.startswith("#")
]
SERVICES = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def steps(keyword):
    """What follows each `keyword` of the Containerfile, in order."""
    return [rest for word, rest in LINES if word == keyword]


@pytest.mark.once
@pytest.mark.prove
@pytest.mark.installation
def test_what_builds_the_image_gives_what_starts_in_it(tmp_path):
    source, var = tmp_path / "srv", tmp_path / "var"
    source.mkdir()
    run = {"cwd": source, "check": True, "timeout": SECONDS}
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], **run)
    inside = os.environ | {"PATH": f"{tmp_path / 'venv' / 'bin'}:{os.environ['PATH']}"}
    # That of the tests.
    del inside["DJANGO_SETTINGS_MODULE"]
    for word, rest in LINES:
        if word == "COPY":
            origin, target = rest.split()
            copy = shutil.copytree if origin.endswith("/") else shutil.copy
            copy(ROOT / origin, source / target)
        elif word == "RUN":
            here = rest.replace("/var/lib/tracker", str(var))
            here = re.sub("1000", str(os.getuid()), re.sub("--group=1000", f"--group={os.getgid()}", here))
            subprocess.run(here, shell=True, env=inside, **run)
    (start,) = steps("CMD")
    settings = inside | {"VAR_DIR": str(var)}
    check = [*json.loads(start)[:-1], "check"]
    said = subprocess.run(check, env=settings, capture_output=True, text=True, cwd=source, timeout=SECONDS)
    assert "no issues" in said.stdout, said.stderr
    assert json.loads(start) == ["python", "manage.py", "start"] and steps("STOPSIGNAL") == ["SIGINT"]


@pytest.mark.once
@pytest.mark.installation
def test_the_check_of_health_passes_with_the_settings_of_the_containers(first_start, tmp_path):
    given = SERVICES["services"]["application"]["environment"]
    (check,) = (rest for rest in steps("HEALTHCHECK"))
    program, *arguments = json.loads(check[check.index("[") :])
    with fresh(tmp_path / "var", like=first_start[0]) as environment:
        behind = {name: given[name] for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS")}
        with started(environment | behind) as printed:
            asked = [one.replace("http://127.0.0.1:8000/", printed["URL"]) for one in arguments]
            assert program == "python" and asked != arguments
            subprocess.run([sys.executable, *asked], check=True, timeout=SECONDS)
        stopped = subprocess.run([sys.executable, *asked], capture_output=True, timeout=SECONDS)
        assert stopped.returncode


@pytest.mark.once
def test_the_containers_name_files_that_are_there_and_secrets_that_are_not():
    services = SERVICES["services"]
    build = services["application"]["build"]
    assert (ROOT / "deploy" / build["context"] / build["dockerfile"]).is_file()
    mounted = dict(volume.split(":")[:2] for volume in services["proxy"]["volumes"])
    assert (ROOT / "deploy" / "nginx.conf").is_file() and "./nginx.conf" in mounted
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    assert all(path in proxy for path in mounted.values() if "/etc/ssl/" in path)
    for secret in SERVICES["secrets"].values():
        assert not (ROOT / "deploy" / secret["file"]).exists()
    assert f"server_name {services['application']['environment']['ALLOWED_HOSTS']};" in proxy


@pytest.mark.once
def test_their_secrets_are_made_by_the_lines_of_the_guide(tmp_path):
    (guide,) = (one for one in blocks("docs/operators-guide.md") if "podman-compose" in one.text)
    lines = guide.lines[:-1]
    assert guide.lines[-1].startswith("podman-compose")
    subprocess.run(["bash", "-ec", "\n".join(lines)], cwd=tmp_path, check=True, timeout=SECONDS)
    secrets = tmp_path / "deploy" / "secrets"
    password = (secrets / "database-password").read_text()
    assert len(password) == 40
    assert (secrets / "database-url").read_text() == f"postgres://tracker:{password}@database/record\n"
