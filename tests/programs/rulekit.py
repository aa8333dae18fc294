"""Helpers of the tests about editing the law: a new version proposed by one, verified by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from accounts.scope import act_as
from programs import rules
from programs.documents import propose_document
from programs.lifecycle import Purse
from programs.models import RuleProposal, SupportNorm
from programs.rulekinds import BY_CODE, RuleKind
from tests import cast
from vietnam.models import AdminUnit, LegalDocument

NORM: RuleKind = BY_CODE["norm"]
M = 1_000_000


def norm(activity: str = "N3.3", day: dt.date = dt.date(2026, 11, 1)) -> SupportNorm:
    return SupportNorm.objects.get(purse=Purse.KCQG, activity_code=activity, valid__contains=day)


def proposed(
    actor: User,
    since: dt.date,
    last: dt.date | None = None,
    *,
    of: Any = None,
    ends: bool = False,
    **changes: Any,
) -> RuleProposal:
    """A new version of the machinery norm (or of ``of``), said to be read in the circular of today."""
    row = of if of is not None else norm(day=since)
    kind = next(kind for kind in BY_CODE.values() if kind.model is type(row))
    for name, value in {"confidence": "seen", **changes}.items():
        setattr(row, name, value)
    with act_as(actor):
        asked = rules.wish(kind, row, since, last, ends=ends)
        home = row.province if kind.provincial else None
        return rules.propose(asked, reason="Đối chiếu thông tư mới (thử).", province=home, actor=actor)


def verified(proposal: RuleProposal, actor: User) -> RuleProposal:
    with act_as(actor):
        return rules.verify(proposal, note="Đã đối chiếu.", actor=actor)


def local_norm(actor: User, name: str = "Thanh Hóa", cap_vnd: int = 80 * M) -> RuleProposal:
    """A province's first norm of its own."""
    row = SupportNorm(
        purse=Purse.KCDP, province=cast.province(name), activity_code="N3.3", unit="establishment", pct=50,
        cap_vnd=cap_vnd, clause="Điều 2", note="",
    )  # fmt: skip
    return proposed(actor, dt.date(2026, 12, 1), of=row)


def scan(name: str = "van-ban.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def proposed_document(
    actor: User,
    number: str,
    *,
    province: AdminUnit | None = None,
    relations: Sequence[tuple[str, int]] = (),
    **changes: Any,
) -> RuleProposal:
    """A document that does not exist, put forward for the register with its scan."""
    said = {
        "title": "Quy định thử về khuyến công", "kind": "TT", "issuer": "Cơ quan Thử",
        "issued_on": dt.date(2026, 10, 1), "valid": DateRange(dt.date(2026, 12, 1), None),
        "confidence": "seen",
    }  # fmt: skip
    document = LegalDocument(number=number, **(said | changes))
    with act_as(actor):
        return propose_document(
            document, relations=relations, scan=scan(), reason="Thử.", province=province, actor=actor
        )
