"""The register of legal documents: relations, rules that rest on them, scans; new ones by two people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policy as door
from accounts.models import User
from programs.errors import MissingDetail
from programs.lawterms import RuleCode, document_name
from programs.models import DocumentFile, RuleProposal
from programs.rulekinds import KINDS, OWN_COLUMNS, RuleKind
from programs.rules import keep
from programs.rulewords import Difference, Names, Shown, label_of, shown, value_words
from records import audit
from records.files import store
from records.models import StoredFile
from vietnam.models import AdminUnit, LegalDocument, RelationKind
from vietnam.templatetags.vn import vn_date
from vietnam.text import fold

CITED = 200
"""Most rules of one kind named on a document's page."""

PASSIVE = {
    RelationKind.AMENDS: gettext_lazy("được sửa đổi, bổ sung bởi"),
    RelationKind.REPLACES: gettext_lazy("được thay thế bởi"),
    RelationKind.GUIDES: gettext_lazy("được hướng dẫn bởi"),
    RelationKind.CONSOLIDATES: gettext_lazy("được hợp nhất trong"),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """How this document stands to another."""

    label: str
    other: LegalDocument


def relations_of(document: LegalDocument) -> list[Relation]:
    """What it does to others first, then what others do to it."""
    own = document.relations.select_related("target").order_by("kind", "target__number")
    found = [Relation(str(each.get_kind_display()), each.target) for each in own]
    for each in document.reverse_relations.select_related("document").order_by("kind", "document__number"):
        found.append(Relation(str(PASSIVE[RelationKind(each.kind)]), each.document))
    if document.replaced_by and document.replaced_by not in [each.other for each in found]:
        found.append(Relation(str(PASSIVE[RelationKind.REPLACES]), document.replaced_by))
    return found


def cited_by(document: LegalDocument, names: Names) -> list[tuple[RuleKind, list[Shown]]]:
    """The rules that name it as their source, all versions, by kind."""
    found = []
    for kind in KINDS:
        rows: QuerySet[Any] = kind.model._default_manager.filter(source_document=document)
        named = [shown(kind, row, names) for row in rows.select_related(*kind.related)[:CITED]]
        if named:
            found.append((kind, named))
    return found


def propose_document(
    document: LegalDocument,
    *,
    relations: Sequence[tuple[str, int]],
    scan: Any,
    reason: str,
    province: AdminUnit | None,
    actor: User,
) -> RuleProposal:
    """Put a document forward. Raises ``PermissionRefused``, ``MissingDetail`` or ``FileRefused``."""
    permission = door.require(actor, "programs.propose_rule", province)
    if LegalDocument.objects.filter(number=document.number, issuer=document.issuer).exists():
        raise MissingDetail("number", _("Văn bản có số này của cơ quan này đã có trong sổ."))
    document.folded = fold(document.title)
    columns = {
        field.attname: getattr(document, field.attname)
        for field in LegalDocument._meta.concrete_fields
        if field.name not in OWN_COLUMNS
    }
    since, until = (document.valid.lower, document.valid.upper) if document.valid else (None, None)
    span = f"[{since or ''},{until or ''})" if since or until else None
    with transaction.atomic():
        proposal = RuleProposal.objects.create(
            kind=RuleCode.DOCUMENT,
            title=document_name(document.number),
            province=province,
            values=columns | {"valid": span, "relations": [list(each) for each in relations]},
            valid_from=since,
            valid_to=until - dt.timedelta(days=1) if until else None,
            reason=reason,
            file=store(scan, scan.name or "") if scan else None,
            proposed_by=actor,
            proposed_for_id=permission.on_behalf_of_id,
        )
        keep(proposal, "programs.propose_document", actor, permission.lender)
    return proposal


def add_file(document: LegalDocument, upload: Any, *, actor: User) -> DocumentFile:
    """Keep a scan, the same content once. Raises ``PermissionRefused`` or ``FileRefused``."""
    door.require(actor, "programs.propose_rule", None)
    stored: StoredFile = store(upload, upload.name or "")
    added, new = DocumentFile.objects.get_or_create(
        document=document, file=stored, defaults={"name": upload.name or stored.name, "added_by": actor}
    )
    if new:
        audit.record("programs.add_document_file", document, actor=actor, after={"file": stored.sha256})
    return added


def told_of(proposal: RuleProposal) -> dict[str, Any]:
    """What a proposed document is, for the second person to compare with the paper."""
    values = dict(proposal.values)
    targets = LegalDocument.objects.in_bulk([pk for _kind, pk in values.pop("relations")])
    document = LegalDocument(**{name: value for name, value in values.items() if name != "valid"})
    names = ("kind", "number", "title", "issuer", "issued_on", "confidence", "note")
    said = [Difference(label_of(document, name), "", _said(document, name)) for name in names]
    until = proposal.valid_to
    days = [Difference(_("Hiệu lực từ ngày"), "", vn_date(proposal.valid_from))]
    days += [Difference(_("Đến hết ngày"), "", vn_date(until))] if until else []
    ties = [
        Difference(str(RelationKind(kind).label), "", targets[pk].number)
        for kind, pk in proposal.values["relations"]
        if pk in targets
    ]
    return {"document_says": [each for each in (*said, *days, *ties) if each.after]}


def _said(document: LegalDocument, name: str) -> str:
    if name == "issued_on":
        return vn_date(dt.date.fromisoformat(str(document.issued_on))) if document.issued_on else ""
    return value_words(document, name, Names())
