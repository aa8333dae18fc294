"""Last year's project as this year's draft: what goes along, what is told, and that it is made once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import Error, connection, transaction

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.copying import CopyNotes, copy_notes, copy_project
from programs.drafting import BeneficiaryValues, DraftValues, save_draft
from programs.lifecycle import Purse, State
from programs.models import ActivityKind, Project, SupportNorm
from tests import cast
from tests.api.client import Api
from tests.factories import MILLION, advance_to, attach_papers, make_project, take
from tests.pages import cost_of, signed_in, text_of
from vietnam.models import AdminUnit, LegalDocument

pytestmark = pytest.mark.django_db


def copy(source: Project, actor: User, year: int = 2028) -> Project:
    with act_as(actor):
        return copy_project(Project.objects.get(pk=source.pk), actor=actor, year=year)


def notes(project: Project, user: User) -> CopyNotes | None:
    with act_as(user):
        return copy_notes(user, Project.objects.get(pk=project.pk))


def new_cap(activity: str, cap_vnd: int, first: dt.date) -> None:
    """A circular, made up, that changes the national cap of an activity from a day on."""
    norm = SupportNorm.objects.get(purse=Purse.KCQG, activity_code=activity, valid__contains=first)
    norm.valid = (norm.valid.lower, first)
    norm.save()
    document, _new = LegalDocument.objects.get_or_create(
        number="99/2027/TT-THU", defaults={"kind": "TT", "title": "Thông tư thử", "issuer": "Bộ thử"}
    )
    SupportNorm.objects.create(
        purse=Purse.KCQG, activity_code=activity, unit=norm.unit, pct=norm.pct, cap_vnd=cap_vnd,
        valid=(first, None), source_document=document, clause="khoản 4 Điều 8", confidence="verified",
    )  # fmt: skip


def test_a_copy_has_everything_but_code_dates_pledges_papers_and_decisions(thanh_hoa_centre: User) -> None:
    source = make_project(thanh_hoa_centre, necessity="Máy cũ.", partner_name="Hội nghề thử")
    advance_to(source, State.IN_PLAN, drafter=thanh_hoa_centre)
    made = copy(source, thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        source = Project.objects.get(pk=source.pk)
        for name in ("title", "purse", "kind", "activity", "sector", "commune", "necessity", "partner_name"):
            assert getattr(made, name) == getattr(source, name), name
        assert made.amounts() == source.amounts()
        for rows, column in (
            ("lines", "description"),
            ("schedule", "content"),
            ("beneficiaries", "establishment"),
        ):
            both = [list(getattr(each, rows).values_list(column, flat=True)) for each in (made, source)]
            assert both[0] == both[1] != [], rows
        assert made.copied_from_id == source.pk
        assert (made.state, made.year, made.tranche_id) == (State.DRAFT, 2028, None)
        assert made.code.startswith("KCQG-2028-38-")
        assert (made.starts_on, made.ends_on) == (None, None)
        assert not made.counterpart_committed
        assert not made.no_other_state_money
        assert made.schedule.get().starts_on is None
        assert not made.attachments.exists()
        assert not made.transitions.exists()


def test_a_household_is_copied_without_its_number_being_shown(thanh_hoa_centre: User) -> None:
    household = BeneficiaryValues("Hộ kinh doanh Thử Giả Định", "079099000016", address="Thôn Thử")
    source = make_project(thanh_hoa_centre, beneficiaries=[household])
    made = copy(source, thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        [kept] = made.beneficiaries.select_related("site")
        assert kept.establishment_id == source.beneficiaries.get().establishment_id
        assert kept.site is not None
        assert kept.site.address == "Thôn Thử"
        assert Establishment.objects.filter(name=household.name).count() == 1


def test_copying_belongs_to_those_who_see_the_source_and_draft(
    thanh_hoa_centre: User, nghe_an_centre: User, thanh_hoa_leader: User
) -> None:
    source = make_project(thanh_hoa_centre)
    url = f"/de-an/{source.code}/sao-chep/"
    assert signed_in(nghe_an_centre).get(url).status_code == 404
    assert signed_in(thanh_hoa_leader).post(url, {"year": 2028}).status_code == 403
    with pytest.raises(PermissionRefused):
        copy(source, thanh_hoa_leader)


def test_the_officer_of_the_so_copies_into_a_draft_of_the_so(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    made = copy(make_project(thanh_hoa_centre), thanh_hoa_officer)
    assert made.owner == cast.so_of("Thanh Hóa")


def test_a_double_click_makes_one_copy(thanh_hoa_centre: User) -> None:
    source = make_project(thanh_hoa_centre)
    client, form = signed_in(thanh_hoa_centre), {"year": 2028, "once": "ab" * 16}
    answers = [client.post(f"/de-an/{source.code}/sao-chep/", form) for _round in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with act_as(thanh_hoa_centre):
        assert Project.objects.filter(copied_from=source).count() == 1


def test_a_year_that_is_not_offered_is_refused_at_its_field(thanh_hoa_centre: User) -> None:
    source = make_project(thanh_hoa_centre)
    page = signed_in(thanh_hoa_centre).post(f"/de-an/{source.code}/sao-chep/", {"year": 2099})
    assert 'aria-invalid="true"' in page.content.decode()
    with act_as(thanh_hoa_centre):
        assert not Project.objects.filter(copied_from=source).exists()


def test_the_create_page_offers_ones_own_projects_and_leads_to_the_copy(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    mine, theirs = make_project(thanh_hoa_centre), make_project(thanh_hoa_officer)
    page = text_of(thanh_hoa_centre, "/de-an/tao/")
    assert mine.code in page
    assert theirs.code not in page
    answer = signed_in(thanh_hoa_centre).get("/de-an/tao/", {"tu": mine.code})
    assert answer.headers["Location"] == f"/de-an/{mine.code}/sao-chep/"
    assert signed_in(thanh_hoa_centre).get("/de-an/tao/", {"tu": theirs.code}).status_code == 404


@pytest.mark.owner_role
def test_the_draft_tells_which_norm_changed_between_the_two_years_until_it_is_handed_in(
    thanh_hoa_centre: User,
) -> None:
    source = make_project(thanh_hoa_centre)
    new_cap("N3.3", 350 * MILLION, dt.date(2027, 7, 1))
    made = copy(source, thanh_hoa_centre)
    told = notes(made, thanh_hoa_centre)
    assert told is not None
    [change] = told.law
    assert "300.000.000" in change.old
    assert "350.000.000" in change.new
    assert change.old_basis is not None
    assert change.new_basis is not None
    assert "28/2018/TT-BTC, khoản 4 Điều 8" in change.old_basis.name
    assert "99/2027/TT-THU, khoản 4 Điều 8" in change.new_basis.name
    pages = [f"/de-an/{made.code}/", f"/de-an/{made.code}/sua/"]
    for url in pages:
        assert f"Chép từ đề án {source.code} năm 2027" in text_of(thanh_hoa_centre, url)
        cost_of(thanh_hoa_centre, url)
    assert "350.000.000" in text_of(thanh_hoa_centre, pages[1])
    assert "Chép từ đề án" not in text_of(thanh_hoa_centre, f"/de-an/{source.code}/")
    fill_and_submit(made, thanh_hoa_centre)
    assert notes(made, thanh_hoa_centre) is None
    assert notes(take("recall", made, thanh_hoa_centre), thanh_hoa_centre) is None


def fill_and_submit(project: Project, actor: User) -> None:
    fields: dict[str, Any] = {
        "starts_on": dt.date(2028, 3, 1), "ends_on": dt.date(2028, 10, 30),
        "counterpart_committed": True, "no_other_state_money": True,
    }  # fmt: skip
    with act_as(actor):
        save_draft(project, DraftValues(fields), actor=actor)
        attach_papers(project, actor)
    take("submit", project, actor)


def test_what_did_not_change_is_said_too(thanh_hoa_centre: User) -> None:
    made = copy(make_project(thanh_hoa_centre), thanh_hoa_centre)
    told = notes(made, thanh_hoa_centre)
    assert told is not None
    assert told.law == []
    assert "không đổi giữa kế hoạch 2027 và 2028" in text_of(thanh_hoa_centre, f"/de-an/{made.code}/sua/")


def test_a_commune_that_ended_is_left_empty_and_named_with_its_successor(thanh_hoa_centre: User) -> None:
    old = AdminUnit.objects.on(dt.date(2025, 1, 1)).communes().filter(
        parent__parent__code="38", valid__endswith=dt.date(2025, 7, 1)
    ).first()  # fmt: skip
    assert old is not None
    source = make_project(thanh_hoa_centre, year=2025, commune=old)
    made = copy(source, thanh_hoa_centre, 2027)
    assert made.commune_id is None
    assert made.place_text == old.name
    told = notes(made, thanh_hoa_centre)
    assert told is not None
    assert [sentence for sentence in told.left_empty if old.name in sentence and "nay thuộc" in sentence]


@pytest.mark.owner_role
def test_an_activity_that_ended_is_left_empty_and_said_so(thanh_hoa_centre: User) -> None:
    source = make_project(thanh_hoa_centre)
    activity = ActivityKind.objects.get(code="N3.3", valid__contains=dt.date(2027, 1, 1))
    activity.valid = (activity.valid.lower, dt.date(2027, 7, 1))
    activity.save()
    made = copy(source, thanh_hoa_centre)
    assert made.activity_id is None
    told = notes(made, thanh_hoa_centre)
    assert told is not None
    assert any("N3.3" in sentence for sentence in told.left_empty)


def test_the_database_keeps_the_source_and_hides_what_the_writer_does_not_see(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    mine, theirs = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    made = copy(mine, thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        with pytest.raises(Error, match="project_identity_fixed"), transaction.atomic():
            Project.objects.filter(pk=made.pk).update(copied_from=None)
        row = Project.objects.get(pk=made.pk)
        row.pk, row.code, row.copied_from_id = None, "KCQG-2028-38-9999", theirs.pk
        row.uuid = uuid.uuid4()
        with pytest.raises(Error, match="copy_out_of_sight"), transaction.atomic():
            row.save(force_insert=True)
    assert not connection.needs_rollback


def test_the_api_copies_with_the_same_verb_and_takes_changes_along(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    source, theirs = make_project(thanh_hoa_centre), make_project(nghe_an_centre)
    api = Api(thanh_hoa_centre)
    body = {"year": 2028, "copied_from": source.code, "title": "Tên mới của bản sao"}
    made = api.post("/projects/", body)
    assert made.status == 201, made.body
    assert made.body["copied_from"] == source.code
    assert (made.body["title"], made.body["purse"], made.body["starts_on"]) == (body["title"], "KCQG", None)
    assert made.body["total_vnd"] == 600 * MILLION
    assert api.post("/projects/", {**body, "copied_from": theirs.code}).fields == ["copied_from"]
    assert api.post("/projects/", {**body, "purse": "KCDP"}).fields == ["purse"]
    assert sorted(api.post("/projects/", {"year": 2028}).fields) == ["purse", "title"]
