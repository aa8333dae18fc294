"""What the documents say is there is there."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from programs.lawterms import TRUSTED
from tests.docs.pages import DOCS, PAGES, ROOT, anchors, name_of, prose

LONGEST = {"README.md": 120, "decisions.md": 240, "operating.md": 230, "api.md": 220}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
READS_ENVIRONMENT = {"required", "secret", "encryption_key", "database", "hosts", "broker", "words"}
NOT_OURS = {"PATH", "PIP_INDEX_URL"}


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    targets = [target for target in LINK.findall(prose(document)) if "://" not in target]
    broken = []
    for target in targets:
        path, _mark, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_pages_stay_short(document: Path) -> None:
    lines = document.read_text().splitlines()
    assert len(lines) <= LONGEST.get(document.name, 400)


def test_the_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"\./run ([a-z-]+)", "\n".join(page.read_text() for page in PAGES)))
    usage = set(re.findall(r"^\./run ([a-z-]+)", _usage(), flags=re.MULTILINE))
    assert usage <= set(re.findall(r"\./run ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert named <= usage


def _usage() -> str:
    """The help text of ./run, read without importing the tooling."""
    tree = ast.parse((ROOT / "dev" / "__main__.py").read_text())
    (text,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "USAGE"
    ]
    assert isinstance(text, ast.Constant) and isinstance(text.value, str)
    return text.value


def test_management_commands_the_pages_name_exist() -> None:
    from django.core.management import get_commands

    code = re.compile(r"`[^`\n]+`|^    (?:\./run|docker|manage) .+$", re.MULTILINE)
    spans = [span for page in PAGES for span in code.findall(page.read_text())]
    named = set(re.findall(r"\bmanage(?:\.py)? ([a-z_]{4,})\b", "\n".join(spans)))
    assert {"create_account", "issue_token", "verify"} <= named
    assert named - set(get_commands()) - {"shell"} == set()


def test_the_demo_accounts_are_those_of_the_code() -> None:
    section = (ROOT / "README.md").read_text().partition("## Demo accounts")[2].partition("\n## ")[0]
    assert f"`{DEMO_PASSWORD}`" in section
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named == {account.username for account in DEMO_ACCOUNTS}


def test_the_operators_page_names_every_variable_the_code_reads() -> None:
    page = (DOCS / "operating.md").read_text()
    assert {name for name in _variables() if f"`{name}`" not in page} == set()


def _variables() -> set[str]:
    found: set[str] = set()
    for folder in ("khuyencong", "dev", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                found |= _read_by(node)
    for file in ("docker-compose.yml", "run"):
        text = (ROOT / file).read_text()
        found |= set(re.findall(r"\$\{(\w+)[:}]", text))
    return found - NOT_OURS


def _read_by(node: ast.AST) -> set[str]:
    """Names given to ``os.environ`` in any of its forms, or to the helpers of the settings."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="get" | "setdefault"), args=[name, *_]):
            named = ast.unparse(owner) == "os.environ"
        case ast.Subscript(value=owner, slice=name):
            named = ast.unparse(owner) == "os.environ"
        case ast.Call(func=ast.Name(id=helper), args=[name, *_]):
            named = helper in READS_ENVIRONMENT
        case _:
            return set()
    if named and isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.isupper():
        return {name.value}
    return set()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["local"]
    for group in project["dependency-groups"].values():
        wanted += group
    names = {re.split(r"[\[<>=~!]", requirement)[0] for requirement in wanted}
    section = (DOCS / "decisions.md").read_text().partition("## Dependencies")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == names


def test_every_unverified_rule_is_listed() -> None:
    section = (DOCS / "unverified.md").read_text()
    for file in sorted((ROOT / "programs" / "data").glob("*.json")):
        rows = [line for line in section.splitlines() if f"`{file.name}`" in line]
        open_rows = [
            row
            for row in json.loads(file.read_text())["rows"]
            if row.get("confidence", "seen") not in TRUSTED
        ]
        assert {row["confidence"] for row in open_rows} == {line.split("|")[3].strip() for line in rows}, (
            file.name
        )
        for row in open_rows:
            name = row.get("activity") or row.get("activity_code") or row.get("code")
            assert name is None or any(f"`{name}`" in line for line in rows), f"{file.name} {name}"


def test_no_page_speaks_of_the_place_it_was_written_in() -> None:
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(?:work|tmp|root|home)/", page.read_text()), name_of(page)
