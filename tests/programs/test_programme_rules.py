"""Programmes of several years edited by two people: a year plan belongs to that of its 1 January."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs import rules
from programs.errors import MissingDetail
from programs.lifecycle import Purse, Source
from programs.models import Programme, RuleProposal, YearPlan
from programs.programmes import programme_of
from programs.rule_effects import effects_of
from tests import cast
from tests.factories import MILLION, make_project
from tests.pages import signed_in
from tests.programs.rulekit import norm, proposed, verified
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2027, 1, 1), dt.date(2030, 12, 31)
NAME = "Chương trình khuyến công thử giai đoạn 2027–2030"


def local(name: str = "Thanh Hóa", **changes: Any) -> Programme:
    said = {"purse": Purse.KCDP, "province": cast.province(name), "name": NAME, "clause": "Điều 1 (thử)"}
    return Programme(**(said | changes))


def named(purse: str, year: int, unit: AdminUnit) -> str | None:
    found = programme_of(purse, year, unit.pk)
    return found.name if found else None


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "valid_from": "01/01/2027", "valid_to": "31/12/2030", "name": NAME, "clause": "Điều 1 (thử)",
        "source_document": norm().source_document_id, "confidence": "seen", "reason": "Nghị quyết thử.",
    } | changes  # fmt: skip


def test_a_province_has_a_programme_of_its_own_from_its_first_day_on(
    thanh_hoa_officer: User, thanh_hoa_leader: User, nghe_an_leader: User
) -> None:
    home, elsewhere = cast.province("Thanh Hóa"), cast.province("Nghệ An")
    proposal = proposed(thanh_hoa_officer, FIRST, LAST, of=local())
    with pytest.raises(PermissionRefused):
        verified(proposal, nghe_an_leader)
    done = verified(proposal, thanh_hoa_leader)
    assert [named("KCDP", year, home) for year in (2026, 2027, 2030, 2031)] == [None, NAME, NAME, None]
    assert named("KCDP", 2027, elsewhere) is None
    assert named("KCQG", 2027, home) == "Chương trình khuyến công quốc gia giai đoạn 2026–2030"
    made = Programme.objects.get(pk=done.new_id or 0)
    assert (made.code, made.confidence) == ("kcdp-38-2027-2030", "verified")


def test_the_next_national_programme_begins_where_the_last_ends(cuc_officer: User, cuc_leader: User) -> None:
    now = Programme.objects.get(code="kcqg-2026-2030")
    proposal = proposed(cuc_officer, dt.date(2031, 1, 1), dt.date(2035, 12, 31), of=now, name="Kỳ sau (thử)")
    verified(proposal, cuc_leader)
    nation = AdminUnit.nation()
    assert [named("KCQG", year, nation) for year in (2030, 2031)] == [now.__class__.objects.get(
        code="kcqg-2026-2030"
    ).name, "Kỳ sau (thử)"]  # fmt: skip
    assert Programme.objects.filter(code="kcqg-2031-2035").exists()


def test_a_programme_that_names_no_last_day_is_refused(cuc_officer: User) -> None:
    now = Programme.objects.get(code="kcqg-2026-2030")
    with pytest.raises(MissingDetail, match="ngày cuối của giai đoạn") as refused:
        proposed(cuc_officer, dt.date(2031, 1, 1), of=now)
    assert refused.value.field == "valid_to"


@pytest.mark.owner_role
def test_the_database_refuses_two_programmes_at_once_and_one_of_nobody() -> None:
    days = DateRange(dt.date(2029, 1, 1), dt.date(2034, 1, 1))
    with pytest.raises(IntegrityError, match="programme_versions_apart"), transaction.atomic():
        Programme.objects.create(code="x", name="Thử", purse="KCQG", valid=days)
    with pytest.raises(IntegrityError, match="programme_of_nation_or_province"), transaction.atomic():
        Programme.objects.create(code="y", name="Thử", purse="KCDP", valid=days)


def test_the_preview_names_open_projects_whose_year_would_belong_to_it(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    money = {Source.KCDP: 100 * MILLION, Source.OWN: 300 * MILLION}
    ours = make_project(thanh_hoa_centre, purse=Purse.KCDP, amounts=money)
    make_project(thanh_hoa_centre, purse=Purse.KCDP, amounts=money, year=2026, starts_on=None, ends_on=None)
    make_project(thanh_hoa_centre)
    proposal = proposed(thanh_hoa_officer, FIRST, LAST, of=local())
    with act_as(thanh_hoa_officer):
        effects = effects_of(rules.wish_of(proposal), thanh_hoa_officer)
    [told] = effects.retold
    assert (told.project.code, told.lines, effects.judged) == (ours.code, [(False, NAME)], 1)
    page = signed_in(thanh_hoa_leader).get(f"/quy-dinh/de-xuat/{proposal.uuid}/").content.decode()
    assert "1 thuộc chương trình khác" in page and ours.code in page
    verified(proposal, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        plan = YearPlan.objects.get(purse=Purse.KCDP, year=2027)
    page = signed_in(thanh_hoa_leader).get(f"/ke-hoach/{plan.uuid}/").content.decode()
    assert NAME in page


def test_the_form_of_a_province_and_of_the_nation(thanh_hoa_officer: User, cuc_officer: User) -> None:
    signed_in(thanh_hoa_officer).post("/quy-dinh/chuong-trinh/moi/", sent(action="propose"))
    with act_as(thanh_hoa_officer):
        proposal = RuleProposal.objects.get()
        assert (proposal.values["purse"], proposal.values["code"]) == ("KCDP", "kcdp-38-2027-2030")
    client = signed_in(cuc_officer)
    answer = client.post("/quy-dinh/chuong-trinh/moi/", sent(action="propose", valid_from="01/01/2031"))
    assert answer.context["form"].errors["valid_to"] == ["Ngày kết thúc phải từ ngày bắt đầu trở đi."]
    answer = client.post(
        "/quy-dinh/chuong-trinh/moi/", sent(action="propose", valid_from="01/01/2031", valid_to="")
    )
    assert "valid_to" in answer.context["form"].errors
    client.post(
        "/quy-dinh/chuong-trinh/moi/",
        sent(action="propose", valid_from="01/01/2031", valid_to="31/12/2035"),
    )
    with act_as(cuc_officer):
        national = RuleProposal.objects.get(province__isnull=True)
        assert (national.values["purse"], national.values["code"]) == ("KCQG", "kcqg-2031-2035")


@pytest.mark.owner_role
def test_the_loader_leaves_a_programme_that_people_changed(cuc_officer: User, cuc_leader: User) -> None:
    from tests.programs.test_load_law import load

    now = Programme.objects.get(code="kcqg-2026-2030")
    verified(proposed(cuc_officer, dt.date(2028, 1, 1), of=now, name="Đổi tên (thử)"), cuc_leader)
    said = load()
    assert [line for line in said if line.startswith("kept")] == [
        "kept (edited in the portal): Programme KCQG 2026-01-01",
    ]
    assert named("KCQG", 2028, AdminUnit.nation()) == "Đổi tên (thử)"
