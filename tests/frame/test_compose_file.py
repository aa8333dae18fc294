"""docker-compose.yml, the image and the proxy's file, proved without a container engine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.frame.production import ROOT

# The Compose Specification's JSON schema (Apache-2.0), as docker-compose 1.29 shipped it.
SCHEMA = Path(__file__).with_name("compose_spec.json")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")


OPTIONAL = {"KC_VERSION", "KC_AUDIT_KEY_OLD", "KC_MAIL_URL", "KC_MAIL_FROM", "KC_PUBLIC_URL"}


def _validate(compose: dict[str, Any]) -> None:
    # "name" came to the specification after that copy of its schema.
    known = {key: value for key, value in compose.items() if key != "name"}
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text())).validate(known)


def test_the_file_is_valid_against_the_compose_schema() -> None:
    assert COMPOSE["name"] == "khuyencong"
    _validate(COMPOSE)


def test_the_schema_would_refuse_a_misspelt_key() -> None:
    broken = {**COMPOSE, "services": {"web": {**SERVICES["web"], "comand": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        _validate(broken)


def test_every_part_is_there_and_only_the_proxy_is_published() -> None:
    assert set(SERVICES) == {"proxy", *OURS, "db", "redis"}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    reach = {name: service["networks"] for name, service in SERVICES.items() if name != "proxy"}
    assert reach.pop("worker") == ["inside", "mail"], "it alone sends e-mail, and publishes no port"
    assert all(networks == ["inside"] for networks in reach.values())


def test_whatever_faces_people_or_takes_messages_is_locked_down() -> None:
    for name in ("proxy", *OURS, "redis"):
        service = SERVICES[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert SERVICES["redis"]["user"] == "redis"
    # Only nginx begins as root: it opens low ports and hands over to its own account.
    assert [name for name, service in SERVICES.items() if "cap_add" in service] == ["proxy"]


def test_our_services_share_one_image() -> None:
    assert len({SERVICES[name]["image"] for name in OURS}) == 1


def test_references_between_parts_resolve() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        for needed, terms in service.get("depends_on", {}).items():
            if terms["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed], f"{name} waits for the health of {needed}"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists() or source == "./deploy/tls", f"{name} mounts {source}"
            else:
                assert source in COMPOSE["volumes"], f"{name} mounts {source}"


def test_only_the_migration_step_knows_the_owner() -> None:
    for name in ("web", "worker", "beat"):
        assert "DATABASE_OWNER_URL" not in SERVICES[name]["environment"]
        assert "KC_DB_ROLE" not in SERVICES[name]["environment"]
    assert SERVICES["migrate"]["environment"]["KC_DB_ROLE"] == "owner"


def test_every_secret_must_be_given_and_make_env_gives_it() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    optional = set(re.findall(r"\$\{(\w+)(?!\w|:\?)", text)) - OPTIONAL
    given = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "make-env").read_text(), re.MULTILINE))
    assert not optional, f"these have a default or none: {optional}"
    assert needed == given


def test_no_password_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(?i)password:\s+[^$\s]", text)


def test_the_image_installs_hash_locked_packages_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.search(r"^USER portal$", text, re.MULTILINE)
    for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
        assert (ROOT / source).exists(), source
    command = json.loads(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[0])
    assert command == SERVICES["web"]["command"]


def test_the_image_leaves_secrets_and_tests_out() -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split())
    assert {".git", ".env", "var", ".venv", "tests", "deploy/tls"} <= ignored
