"""Settings are read strictly: what an operator mistyped is named, never guessed."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.installation import ROOT, SECONDS
from tracker.environment import (
    env_bool,
    env_database,
    env_folder,
    env_int,
    env_list,
    env_secret,
    kept_secret,
)
from tracker.logs import reporter

SQLITE = Path("record.sqlite3")


@pytest.mark.parametrize("text", ["1", "true", "Yes", "ON"])
def test_true_is_written_in_several_ways(monkeypatch, text):
    monkeypatch.setenv("SWITCH", text)
    assert env_bool("SWITCH", False) is True


@pytest.mark.parametrize("text", ["0", "false", "No", "OFF"])
def test_false_is_written_in_several_ways(monkeypatch, text):
    monkeypatch.setenv("SWITCH", text)
    assert env_bool("SWITCH", True) is False


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_value_means_the_default(monkeypatch, text):
    monkeypatch.setenv("SETTING", text)
    assert env_bool("SETTING", True) is True
    assert env_int("SETTING", 7, 0, 9) == 7
    assert env_list("SETTING", ["a"]) == ["a"]
    assert env_secret("SETTING", None) is None
    assert env_database("SETTING", SQLITE)["NAME"] == SQLITE


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda: env_bool("SETTING", False), "maybe"),
        (lambda: env_int("SETTING", 1, 0, 65535), "65536"),
        (lambda: env_int("SETTING", 1, 0, 65535), "-1"),
        (lambda: env_int("SETTING", 1, 0, 65535), "8000x"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting(monkeypatch, read, text):
    monkeypatch.setenv("SETTING", text)
    with pytest.raises(ImproperlyConfigured, match=f"SETTING is '{text}'; it must be"):
        read()


@pytest.mark.parametrize(
    "text",
    [
        "tracker.logs.NoSuchHandler",
        "nosuchmodule.Handler",
        "Handler",
        "logging.Formatter",
        "logging.FileHandler",
    ],
)
def test_a_reporter_that_cannot_be_made_is_refused(text):
    assert reporter("logging.StreamHandler") == "logging.StreamHandler"
    with pytest.raises(ValueError, match="."):
        reporter(text)


def test_settings_name_a_reporter_that_is_not_there():
    answer = subprocess.run(
        [sys.executable, "-c", "import tracker.settings"],
        env=os.environ | {"ERROR_REPORTER": "tracker.logs.NoSuchHandler"},
        capture_output=True,
        text=True,
    )
    said = "ERROR_REPORTER is 'tracker.logs.NoSuchHandler'; it must be a logging handler's class"
    assert answer.returncode and said in answer.stderr.splitlines()[-1]


def test_a_folder_is_made_or_named(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLDER", str(tmp_path / "one" / "two"))
    assert env_folder("FOLDER", None).is_dir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "var"):
        monkeypatch.setenv("FOLDER", str(path))
        with pytest.raises(ImproperlyConfigured, match=f"FOLDER is '{path}'; it must be a folder"):
            env_folder("FOLDER", None)


def test_a_list_is_separated_by_commas(monkeypatch):
    monkeypatch.setenv("HOSTS", "one.example, two.example,")
    assert env_list("HOSTS", []) == ["one.example", "two.example"]


def test_a_secret_comes_from_a_file_too(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("out of a file\n")
    monkeypatch.setenv("SECRET_FILE", str(file))
    assert env_secret("SECRET", None) == "out of a file"
    monkeypatch.setenv("SECRET", "out of the environment")
    assert env_secret("SECRET", None) == "out of the environment"


def test_a_missing_secret_file_is_named(monkeypatch):
    monkeypatch.setenv("SECRET_FILE", "/no/such/file")
    with pytest.raises(ImproperlyConfigured, match="SECRET_FILE is '/no/such/file'"):
        env_secret("SECRET", None)


def test_a_secret_that_is_too_short_is_not_told(monkeypatch):
    monkeypatch.setenv("SETTING", "too-short")
    with pytest.raises(
        ImproperlyConfigured, match="SETTING has 9 characters; it must have 50 or more"
    ) as raised:
        env_secret("SETTING", None, shortest=50)
    assert "too-short" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SQLITE_PATH", "/nowhere/record.sqlite3"),
        ("SQLITE_PATH", "/tmp"),
        ("UPLOAD_DIR", "/dev/null/uploads"),
        ("SECRET_KEY", "x"),
    ],
)
def test_a_start_names_the_setting_that_cannot_be(tmp_path, name, text):
    given = os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tracker.settings", name: text}
    given.pop("DATABASE_URL", None)
    read = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    done = subprocess.run(read, cwd=ROOT, env=given, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode and f"ImproperlyConfigured: {name} " in done.stderr


def test_the_kept_secret_stays_and_is_the_owners_alone(tmp_path):
    path = tmp_path / "secret-key"
    first = kept_secret(path)
    assert len(first) >= 50
    assert kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_a_postgres_url_is_taken_apart(monkeypatch):
    monkeypatch.setenv("DATABASE", "postgres://ana:p%40ss@db.example:5433/record")
    database = env_database("DATABASE", SQLITE)
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["USER"], database["PASSWORD"]) == ("ana", "p@ss")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "record")


@pytest.mark.parametrize(("query", "seconds"), [("", 5), ("?connect_timeout=2", 2)])
def test_postgres_is_not_waited_for_without_end(monkeypatch, query, seconds):
    monkeypatch.setenv("DATABASE", f"postgres://ana@db.example/record{query}")
    assert env_database("DATABASE", SQLITE)["OPTIONS"]["connect_timeout"] == seconds


@pytest.mark.parametrize("url", ["mysql://ana:hidden@db/record", "postgres://ana:hidden@db:port/record"])
def test_a_wrong_database_url_is_refused_without_its_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE") as refused:
        env_database("DATABASE", SQLITE)
    assert "hidden" not in str(refused.value)
