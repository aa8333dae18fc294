"""Production starts with real secrets and an ordinary database role, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from khuyencong import environment
from khuyencong.checks import refuse_privileged_role
from tests.frame import production

GOOD_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SECRETS = ("SECRET_KEY", "KC_PII_HMAC_KEY", "KC_AUDIT_KEY")


def test_a_complete_production_environment_passes_the_deployment_check_without_a_warning() -> None:
    done = production.python("manage.py", "check", "--deploy", "--fail-level", "DEBUG")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", [*SECRETS, "KC_PII_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(name: str) -> None:
    done = production.python("-c", "import khuyencong.settings", **{name: ""})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_an_installation_that_does_not_say_what_it_is_counts_as_production() -> None:
    done = production.python("-c", "import khuyencong.settings", KC_ENV="", SECRET_KEY="")
    assert "SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize(
    "value",
    ["change-me-change-me-change-me-change-me", "short", "a" * 64, "local-only-SECRET_KEY-0123456789abcdef"],
)
def test_production_refuses_example_and_guessable_secrets(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(ImproperlyConfigured):
        environment.secret("SECRET_KEY", environment="production")


def test_the_stand_in_secrets_of_a_laptop_are_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
        stand_in = environment.secret(name, environment="local")
        monkeypatch.setenv(name, stand_in)
        with pytest.raises(ImproperlyConfigured):
            environment.secret(name, environment="production")
    monkeypatch.delenv("KC_PII_KEY", raising=False)
    monkeypatch.setenv("KC_PII_KEY", environment.encryption_key("KC_PII_KEY", environment="local"))
    with pytest.raises(ImproperlyConfigured):
        environment.encryption_key("KC_PII_KEY", environment="production")


@pytest.mark.parametrize(
    "value",
    ["bm90IDMyIGJ5dGVz", "đ", f"{GOOD_KEY},bm90IDMyIGJ5dGVz", f"{GOOD_KEY},", f"{GOOD_KEY}{GOOD_KEY}"],
)
def test_an_encryption_key_of_the_wrong_form_is_refused_first_or_later(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KC_PII_KEY", value)
    with pytest.raises(ImproperlyConfigured):
        environment.encryption_key("KC_PII_KEY", environment="local")


def test_a_second_encryption_key_may_not_be_the_laptops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KC_PII_KEY", raising=False)
    monkeypatch.setenv(
        "KC_PII_KEY", f"{GOOD_KEY},{environment.encryption_key('KC_PII_KEY', environment='local')}"
    )
    with pytest.raises(ImproperlyConfigured, match="key 2.*example value"):
        environment.encryption_key("KC_PII_KEY", environment="production")
    monkeypatch.setenv("KC_PII_KEY", f"{GOOD_KEY}, {GOOD_KEY}")
    assert environment.encryption_key("KC_PII_KEY", environment="production")


@pytest.mark.parametrize("value", ["*", "portal.kc.test,*", ",", " . "])
def test_production_names_the_hosts_it_answers_to(value: str) -> None:
    done = production.python("-c", "import khuyencong.settings", ALLOWED_HOSTS=value)
    assert done.returncode != 0
    assert "ALLOWED_HOSTS must list the portal's host names" in done.stderr


@pytest.mark.parametrize("password", ["", "postgres", "kc_app", "KC_app", "short", "change-me-please"])
@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgres://kc_app:{}@db:5432/khuyencong"),
        ("REDIS_URL", "redis://kc_app:{}@redis:6379/0"),
    ],
)
def test_production_refuses_a_password_that_is_missing_or_obvious(name: str, url: str, password: str) -> None:
    done = production.python("-c", "import khuyencong.settings", **{name: url.format(password)})
    assert done.returncode != 0
    reason = "a password anybody would guess" if password else "no password"
    assert f"{name} has {reason}" in done.stderr.strip().splitlines()[-1]


def test_the_owners_address_is_held_to_the_same() -> None:
    done = production.python(
        "-c",
        "import khuyencong.settings",
        DATABASE_OWNER_URL="postgres://kc_owner:kc_owner@db:5432/khuyencong",
    )
    assert "DATABASE_OWNER_URL has a password anybody would guess" in done.stderr


def test_on_a_socket_the_operating_system_vouches_for_the_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://kc_app@/khuyencong?host=/run/postgresql")
    found = environment.database("DATABASE_URL", options="", environment="production")
    assert (found["HOST"], found["PASSWORD"]) == ("/run/postgresql", "")
    monkeypatch.setenv("REDIS_URL", "unix:///run/redis.sock")
    assert environment.broker("REDIS_URL", environment="production") == "unix:///run/redis.sock"


@pytest.mark.parametrize(
    "url", ["sqlite:///file.db", "postgres://127.0.0.1/name", "postgres://user@127.0.0.1"]
)
def test_only_a_complete_postgresql_address_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured):
        environment.database("DATABASE_URL", options="", environment="local")


def test_an_address_keeps_special_characters_and_driver_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgres://kc%40app:p%2Fw%3A-%40word@db.local:5433/kc?sslmode=require"
    )
    found = environment.database("DATABASE_URL", options="-c jit=off", environment="production")
    assert (found["USER"], found["PASSWORD"]) == ("kc@app", "p/w:-@word")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.local", "5433", "kc")
    assert found["OPTIONS"]["sslmode"] == "require"


class _Connection:
    """Stands in for a connection whose role has the given attributes."""

    alias = "default"

    def __init__(self, *, superuser: bool, bypass: bool) -> None:
        self.row = ("somebody", superuser, bypass)
        self.closed = False

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def cursor(self) -> _Connection:
        return self

    def execute(self, _sql: str) -> None:
        return None

    def fetchone(self) -> tuple[str, bool, bool]:
        return self.row

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("owner_allowed", [True, False])
def test_a_superuser_connection_is_refused_whoever_asks(owner_allowed: bool) -> None:
    connection: Any = _Connection(superuser=True, bypass=True)
    with pytest.raises(ImproperlyConfigured, match="superuser"):
        refuse_privileged_role(connection, owner_allowed=owner_allowed)
    assert connection.closed


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_may_migrate_but_not_serve() -> None:
    refuse_privileged_role(connections["default"])
    refuse_privileged_role(connections["owner"], owner_allowed=True)
    stand_in: Any = _Connection(superuser=False, bypass=True)
    with pytest.raises(ImproperlyConfigured, match="row-level security"):
        refuse_privileged_role(stand_in)


def test_the_web_process_gives_up_on_a_statement_after_five_seconds() -> None:
    ask = "import khuyencong.settings as s; print(s.DATABASES['default']['OPTIONS']['options'])"
    for process, milliseconds in {"web": 5_000, "worker": 300_000}.items():
        done = production.python("-c", ask, KC_PROCESS=process)
        assert f"statement_timeout={milliseconds} " in done.stdout, done.stderr
        assert "idle_in_transaction_session_timeout" in done.stdout
        assert "lock_timeout" in done.stdout


def test_an_installation_without_a_mail_server_sends_nothing_and_one_with_it_names_a_sender() -> None:
    show = (
        "from khuyencong import settings as s; print(s.MAIL_MODE or 'none', s.EMAIL_BACKEND, s.KC_PUBLIC_URL)"
    )
    none = production.python("-c", show)
    assert none.stdout.split()[:2] == ["none", "django.core.mail.backends.dummy.EmailBackend"]
    unsigned = production.python("-c", show, KC_MAIL_URL="smtp://a:b@mail.example.vn")
    assert unsigned.returncode != 0 and "KC_MAIL_FROM is not set" in unsigned.stderr


@pytest.mark.parametrize(
    ("value", "port", "tls", "ssl"),
    [
        ("smtp://nguoi:m%40t@mail.example.vn", 587, True, False),
        ("smtps://nguoi:m%40t@mail.example.vn", 465, False, True),
        ("smtp://nguoi:m%40t@relay:25?tls=no", 25, False, False),
    ],
)
def test_the_mail_servers_address_says_how_the_line_is_guarded(
    value: str, port: int, tls: bool, ssl: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KC_MAIL_URL", value)
    found = environment.mail("KC_MAIL_URL", environment="production")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert found["EMAIL_HOST_PASSWORD"] == "m@t"


def test_what_is_no_mail_servers_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KC_MAIL_URL", "mail.example.vn:587")
    with pytest.raises(ImproperlyConfigured, match="KC_MAIL_URL"):
        environment.mail("KC_MAIL_URL", environment="production")
