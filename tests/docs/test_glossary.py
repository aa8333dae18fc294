"""The glossary knows every word the code speaks, so that nobody has to guess what an identifier means."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pghistory.models
import pytest
from django.apps import apps
from django.db.models import TextChoices

from accounts.models import OrganisationKind
from accounts.roles import Role
from beneficiaries.models import LegalForm
from programs.intake.appraise import SHOWN_CODES
from programs.intake.refusals import MESSAGES
from programs.lawterms import RuleConfidence
from programs.lifecycle import ACTIONS, Duty, Kind, Source, State
from programs.models import TrancheState
from records.leases import JobStatus
from reports.lifecycle import ReportKind, Stage
from tests.docs.pages import DOCS, ROOT

APPS = {"vietnam", "records", "accounts", "beneficiaries", "clusters", "programs", "reports", "khuyencong"}
VERDICT_MAKERS = {"Verdict", "finding", "incomplete", "_over", "_ok", "_listed", "_finding"}
CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def known(heading: str = "") -> set[str]:
    """Terms of the first column of the tables, written as code; those under one heading, or all."""
    text = (DOCS / "glossary.md").read_text()
    if heading:
        text = re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return {term for row in rows for term in re.findall(r"`([^`]+)`", row.split("|")[1])}


def models() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in APPS and not issubclass(model, pghistory.models.Event)
    }


def calls(pattern: str) -> Iterator[tuple[str, list[ast.expr]]]:
    for path in sorted((ROOT / "programs").glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node.func.id, node.args


def check_codes() -> set[str]:
    """The first argument of whatever makes a verdict."""
    return {
        _word(arguments[0]) for name, arguments in calls("*.py") if name in VERDICT_MAKERS and arguments
    } - {""}


def import_codes() -> set[str]:
    """Codes of problems of a row or sheet, of places, and of refusals with a message of their own."""
    found = set(MESSAGES)
    for name, arguments in calls("intake/*.py"):
        if name in {"row_problem", "Refused"} and arguments:
            found.add(_word(arguments[0]))
        if name == "SheetProblem" and len(arguments) > 2:
            found.add(_word(arguments[2]))
    for path in (ROOT / "programs" / "intake").glob("places.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and CODE.fullmatch(_word(node.elts[0])):
                found.add(_word(node.elts[0]))
    return found - {""}


def _word(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Money", Source),
        ("Roles", Role),
        ("Kinds of office", OrganisationKind),
        ("Legal forms", LegalForm),
        ("Kinds of project", Kind),
        ("Duties", Duty),
        ("States of a project", State),
        ("States of a tranche", TrancheState),
        ("Confidence", RuleConfidence),
        ("States of a job", JobStatus),
        ("Reports and their stages", ReportKind),
        ("Reports and their stages", Stage),
    ],
)
def test_every_word_of_a_list_is_explained(heading: str, words: type[TextChoices]) -> None:
    missing = set(words.values) - known(heading)
    assert not missing, f"add to docs/glossary.md, {heading}"


def test_every_model_is_explained() -> None:
    missing = models() - known()
    assert not missing, "add to docs/glossary.md"


def test_every_step_is_explained() -> None:
    assert set(ACTIONS) == known("Steps")


def test_every_check_is_explained() -> None:
    codes = check_codes()
    assert {"norm_cap", "sum_mismatch", "missing_paper", "area_unknown"} <= codes
    assert codes == known("Checks")


def test_every_import_code_is_explained() -> None:
    codes = import_codes()
    assert {"no_table", "duplicate_row", "hidden_sheet", "wrong_province", "other_province"} <= codes
    explained = known("Problems of rows and sheets") | known("Refusals of a file")
    assert explained == codes | SHOWN_CODES


def test_what_the_glossary_explains_exists() -> None:
    """A renamed word must not live on here."""
    code = "\n".join(path.read_text() for app in sorted(APPS) for path in sorted((ROOT / app).rglob("*.py")))
    words = set(re.findall(r"\w+", code))
    assert {term for term in known() if not set(re.findall(r"\w+", term)) <= words} == set()
