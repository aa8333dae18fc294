"""``./run messages``: gathers the interface's sentences into locale/en and compiles them (maintainers).

Vietnamese is the source language, so a sentence is its own key. Templates are turned into calls by Django's
own ``templatize``; Babel reads, merges and writes the catalogue, so that no gettext program is needed.

``locale/vi`` is written by hand: the sentences of Django and its REST framework, which speak English or poor
Vietnamese by themselves. It is only compiled here.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from typing import Any

from dev.places import ROOT
from dev.say import step

APPS = ("vietnam", "records", "accounts", "beneficiaries", "clusters", "programs", "reports", "khuyencong")
FOLDER = ROOT / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
FRAMEWORK = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CALL_IN_TEMPLATE = re.compile(
    r"""\b(?:n?gettext|_)\((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:,\s*)?)+"""
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
Message = str | tuple[str, str]


def sentences() -> dict[Message, list[str]]:
    """Every sentence of the interface with the files it stands in, in the order of the files."""
    found: dict[Message, list[str]] = {}
    for path, message in [*_of_python(), *_of_templates()]:
        places = found.setdefault(message, [])
        if path not in places:
            places.append(path)
    return found


def _of_python() -> Iterator[tuple[str, Message]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                for message in _calls(path.read_text(encoding="utf-8")):
                    yield str(path.relative_to(ROOT)), message


def _of_templates() -> Iterator[tuple[str, Message]]:
    from django.utils.translation.template import templatize

    for path in sorted((ROOT / "templates").rglob("*.html")):
        for call in CALL_IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            for message in _calls(call.rstrip(", ") + ")"):
                yield str(path.relative_to(ROOT)), message


def _calls(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
        words = [text for text in texts if isinstance(text, str)]
        if name in SINGULAR and words and words[0]:
            yield words[0]
        elif name in PLURAL and len(words) > 1:
            yield words[0], words[1]


def _catalogue() -> Any:
    from babel.messages.pofile import read_po

    if not PO.exists():
        from babel.messages.catalog import Catalog

        return Catalog(locale="en", project="khuyencong", fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def _framework() -> Any:
    from babel.messages.pofile import read_po

    with FRAMEWORK.open("rb") as file:
        return read_po(file, locale="vi")


def _compiled(catalogue: Any) -> bytes:
    from babel.messages.mofile import write_mo

    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def write() -> None:
    """The catalogue with today's sentences; new ones empty, gone ones dropped, none guessed."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    old = _catalogue()
    fresh = Catalog(
        locale="en",
        project="khuyencong",
        fuzzy=False,
        header_comment="# English of the portal.",
        last_translator="Khuyến Công",
        language_team="English",
        msgid_bugs_address="",
    )
    fresh.creation_date = fresh.revision_date = old.creation_date
    for message, places in sentences().items():
        key = message if isinstance(message, str) else message[0]
        known = old.get(key)
        fresh.add(message, _kept(message, known), locations=[(place, 0) for place in places])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, fresh, width=110, omit_header=False)
    MO.write_bytes(_compiled(fresh))
    FRAMEWORK.with_suffix(".mo").write_bytes(_compiled(_framework()))
    step(f"{PO.relative_to(ROOT)}: {len(fresh)} sentences, {len(problems())} problems")


def _kept(message: Message, known: Any) -> Any:
    """The English there is; a sentence that came to count things, or no longer does, keeps its first form."""
    if known is None:
        return None
    first = known.string if isinstance(known.string, str) else known.string[0]
    if isinstance(message, str):
        return first
    return known.string if isinstance(known.string, tuple) else (first, "")


def problems() -> list[str]:
    """What is not in good English yet: missing, gone, unfaithful to its placeholders, not compiled."""
    catalogue = _catalogue()
    wanted = {text if isinstance(text, str) else text[0] for text in sentences()}
    known = {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in catalogue if entry.id}
    found = [f"not in the catalogue: {text}" for text in sorted(wanted - known.keys())]
    found += [f"no longer said: {text}" for text in sorted(known.keys() - wanted)]
    for text in sorted(wanted & known.keys()):
        found += _faults(text, known[text].string)
    if not found and (not MO.exists() or MO.read_bytes() != _compiled(catalogue)):
        found.append("django.mo is older than django.po")
    said = _framework()
    told = [fault for entry in said if entry.id for fault in _faults(entry.id, entry.string)]
    compiled = FRAMEWORK.with_suffix(".mo")
    if not told and (not compiled.exists() or compiled.read_bytes() != _compiled(said)):
        told.append("django.mo is older than django.po")
    return [
        f"locale/{language}: {fault} (./run messages)"
        for language, faults in (("en", found), ("vi", told))
        for fault in faults
    ]


def _faults(text: str, string: Any) -> list[str]:
    translations = [string] if isinstance(string, str) else list(string)
    if not all(translations):
        return [f"not translated: {text}"]
    names = set(PLACEHOLDER.findall(text))
    return [
        f"other placeholders than its source: {text}"
        for translation in translations
        if set(PLACEHOLDER.findall(translation)) - names or (names - set(PLACEHOLDER.findall(translation)))
    ]


def main() -> int:
    """Runs in the project's environment: writes the catalogue, or with ``--check`` only judges it."""
    if "--check" not in sys.argv:
        write()
        return 0
    found = problems()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
