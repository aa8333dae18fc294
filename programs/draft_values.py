"""What a dossier says, as plain values: what forms, the API, imports and the demonstration write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from programs.lifecycle import Source
from programs.registering import BeneficiaryValues
from records.models import StoredFile
from vietnam.money import MAX_VND, format_vnd


@dataclass(frozen=True, slots=True)
class LineValues:
    """A cost line, VND. ``amounts`` by source; ``itemised`` false for a list's single line."""

    description: str
    total_vnd: int
    amounts: dict[str, int]
    supported: bool = True
    itemised: bool = True
    unit: str = ""
    quantity: Decimal | None = None
    unit_price_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleValues:
    content: str
    doer: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ResultValues:
    indicator: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PaperValues:
    """A paper already in the store; ``code`` names which required one it is."""

    code: str
    file: StoredFile
    name: str


@dataclass(frozen=True, slots=True)
class ClaimValues:
    """A claimed ground of priority with its evidence; ``attachment``: a paper of the same dossier, by id."""

    predicate: str
    statement: str = ""
    document_number: str = ""
    document_date: dt.date | None = None
    document_issuer: str = ""
    attachment: int | None = None


@dataclass(slots=True)
class DraftValues:
    """What to write. ``fields`` are plain columns of ``Project`` (see ``WRITABLE``)."""

    fields: dict[str, Any] = field(default_factory=dict)
    beneficiaries: list[BeneficiaryValues] | None = None
    lines: list[LineValues] | None = None
    schedule: list[ScheduleValues] | None = None
    results: list[ResultValues] | None = None
    claims: list[ClaimValues] | None = None
    papers: list[PaperValues] = field(default_factory=list)
    """Papers to add; those already attached stay."""

    def refuse_too_much(self) -> None:
        """Raises ``ValidationError`` where the estimate adds up to more than any amount may be, VND."""
        lines = self.lines or []
        by_source = [sum(line.amounts.get(source, 0) for line in lines) for source in Source.values]
        if max(sum(line.total_vnd for line in lines), *by_source) > MAX_VND:
            raise ValidationError(
                {
                    "lines": _(
                        "Tổng dự toán vượt quá %(limit)s đồng; hãy kiểm tra lại số tiền và đơn vị tiền."
                    )
                    % {"limit": format_vnd(MAX_VND)}
                }
            )
