"""Registers of three offices that must not see one another's numbers, and their seals."""

from __future__ import annotations

import datetime as dt

from accounts.models import Organisation, PaperKind, PaperRegister, RegisterKind, Seal, today
from accounts.roles import Role
from accounts.scope import act_as
from programs.models import Project
from programs.numbering import number_paper
from records import context
from tests import cast, factories
from tests.matrix.people import HERE, THERE

RECEIVED = {
    "here local PASSED_PROV": (Role.SO_OFFICER, HERE),
    "there REVIEW_PROV": (Role.SO_OFFICER, THERE),
    "here REVIEW_MIN": (Role.CUC_OFFICER, "cuc"),
}


def build(labels: dict[str, str]) -> None:
    """Each office's first receipt has a number; ``labels`` by code. Registers of outgoing papers are new."""
    offices = [cast.so_of(HERE), cast.so_of(THERE), cast.cuc()]
    with context.whole_country():
        Organisation.objects.update(head_symbol="THỬ")
        for office in offices:
            for kind in RegisterKind:
                PaperRegister.objects.create(office=office, kind=kind, year=today().year)
            Seal.objects.create(
                office=office,
                kind="STAMP",
                number="01",
                source="Văn bản thử",
                valid=(dt.date(2020, 1, 1), None),
            )
    codes = {label: code for code, label in labels.items()}
    for label, (role, unit) in RECEIVED.items():
        helper = factories.helper_person(role, unit)
        with act_as(helper):
            number_paper(Project.objects.get(code=codes[label]), PaperKind.RECEIPT, actor=helper)
