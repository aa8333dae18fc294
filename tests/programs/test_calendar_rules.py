"""Days off edited by two people: what counts is the version in force on the day, and deadlines follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as
from programs import rules
from programs.errors import MissingDetail
from programs.lifecycle import State
from programs.models import Project, RuleProposal
from programs.recompute import deadlines_changed
from programs.rule_effects import effects_of
from programs.rulekinds import BY_CODE
from records.context import whole_country
from records.models import AuditEntry, OutboxMessage
from tests import cast
from tests.factories import advance_to, make_project
from tests.programs.rulekit import norm, proposed, verified
from vietnam.models import CalendarDay, CalendarDayKind, days_of_year
from vietnam.workdays import load_calendar

pytestmark = pytest.mark.django_db


def next_workday(after: int = 2) -> dt.date:
    """A weekday in the middle of the clocks that start today."""
    return load_calendar().add(timezone.localdate(), after)


def holiday(day: dt.date, **changes: Any) -> CalendarDay:
    said = {"kind": CalendarDayKind.HOLIDAY, "name": "Nghỉ hoán đổi (thử)", "clause": "Thông báo thử"}
    return CalendarDay(date=day, **(said | changes))


def under_review(centre: User) -> Project:
    project = make_project(centre)
    advance_to(project, State.REVIEW_PROV, drafter=centre)
    with whole_country():
        return Project.objects.get(pk=project.pk)


def told_to_recompute() -> None:
    with whole_country():
        deadlines_changed(OutboxMessage.objects.filter(topic="deadlines.changed").latest("pk"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(day: dt.date, **changes: Any) -> dict[str, Any]:
    return {
        "date": f"{day:%d/%m/%Y}", "kind": "holiday", "name": "Nghỉ hoán đổi (thử)",
        "valid_from": f"{timezone.localdate():%d/%m/%Y}", "source_document": norm().source_document_id,
        "clause": "Thông báo thử", "confidence": "seen", "reason": "Thông báo mới.",
    } | changes  # fmt: skip


def test_a_new_day_off_counts_once_a_second_person_has_verified_it(
    cuc_officer: User, cuc_leader: User
) -> None:
    day = next_workday()
    proposal = proposed(cuc_officer, timezone.localdate(), of=holiday(day))
    assert load_calendar().is_working_day(day)
    assert proposal.valid_to == dt.date(day.year, 12, 31)
    done = verified(proposal, cuc_leader)
    assert not load_calendar().is_working_day(day)
    row = CalendarDay.objects.get(pk=done.new_id or 0)
    assert row.confidence == "verified" and day not in load_calendar().unverified


def test_deadlines_of_open_projects_move_as_the_preview_said(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    project, day = under_review(thanh_hoa_centre), next_workday()
    elsewhere = make_project(thanh_hoa_centre)
    proposal = proposed(cuc_officer, timezone.localdate(), of=holiday(day))
    with act_as(cuc_officer):
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
    [moved] = effects.moved
    assert (moved.project.code, moved.way, effects.judged) == (project.code, "later", 1)
    assert moved.before and moved.before.due_on == project.due_on
    verified(proposal, cuc_leader)
    told_to_recompute()
    with whole_country():
        after = Project.objects.get(pk=project.pk)
        assert Project.objects.get(pk=elsewhere.pk).due_on == elsewhere.due_on
    assert moved.after and (after.due_on, after.due_why) == (moved.after.due_on, moved.after.why)
    assert project.due_on and after.due_on == load_calendar().add(project.due_on, 1)
    assert after.version == project.version


def test_a_later_notice_takes_a_day_back_from_its_own_day_on(cuc_officer: User, cuc_leader: User) -> None:
    """The day before the change the older notice still counts for days before it, as it did."""
    day = dt.date(2027, 9, 1)
    first = dt.date(2027, 1, 1)
    verified(proposed(cuc_officer, first, of=holiday(day)), cuc_leader)
    held = CalendarDay.objects.get(date=day)
    with pytest.raises(MissingDetail, match="đã được kiểm chứng"):
        proposed(cuc_officer, first, of=held)
    change = dt.date(2027, 6, 1)
    with act_as(cuc_officer), pytest.raises(MissingDetail, match="không muộn hơn chính ngày 01/09/2027"):
        rules.wish(BY_CODE["calendar"], held, dt.date(2027, 9, 2), ends=True)
    verified(proposed(cuc_officer, change, of=held, ends=True), cuc_leader)
    assert load_calendar().is_working_day(day)
    old = CalendarDay.objects.get(date=day)
    assert (old.valid.lower, old.valid.upper) == (first, change)


def test_a_day_becomes_a_make_up_day_by_a_new_version(cuc_officer: User, cuc_leader: User) -> None:
    saturday = dt.date(2027, 5, 8)
    verified(proposed(cuc_officer, dt.date(2027, 1, 1), of=holiday(saturday)), cuc_leader)
    held = CalendarDay.objects.get(date=saturday)
    verified(proposed(cuc_officer, dt.date(2027, 3, 1), of=held, kind=CalendarDayKind.MAKEUP), cuc_leader)
    assert load_calendar().is_working_day(saturday)
    assert [row.kind for row in CalendarDay.objects.filter(date=saturday).order_by("valid")] == [
        "holiday", "makeup",
    ]  # fmt: skip


def test_a_version_that_would_not_be_in_force_on_its_day_is_refused(cuc_officer: User) -> None:
    new_year = CalendarDay.objects.get(date=dt.date(2027, 4, 30))
    with pytest.raises(MissingDetail, match="đã có bản từ 01/01/2027") as refused:
        proposed(cuc_officer, dt.date(2026, 12, 1), of=new_year, name="Tên khác")
    assert refused.value.field == "valid_from"
    with pytest.raises(MissingDetail, match="không muộn hơn chính ngày 04/09/2027"):
        proposed(cuc_officer, dt.date(2027, 9, 5), of=holiday(dt.date(2027, 9, 4)))


@pytest.mark.owner_role
def test_the_database_refuses_two_versions_of_a_day_at_once() -> None:
    CalendarDay.objects.create(
        date=dt.date(2027, 9, 1), kind="holiday", name="Thử", valid=days_of_year(2027), confidence="memory"
    )
    with pytest.raises(IntegrityError, match="calendar_versions_apart"), transaction.atomic():
        CalendarDay.objects.create(
            date=dt.date(2027, 9, 1), kind="makeup", name="Thử", valid=days_of_year(2027), confidence="seen"
        )
    with pytest.raises(IntegrityError, match="calendar_day_known_by_its_date"), transaction.atomic():
        CalendarDay.objects.create(
            date=dt.date(2027, 9, 4), kind="holiday", name="Thử", valid=days_of_year(2028)
        )


def test_a_running_portal_writes_the_calendar_in_no_other_way(cuc_leader: User) -> None:
    with act_as(cuc_leader), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        CalendarDay.objects.all().update(name="x")


def test_what_the_replaced_version_said_is_in_the_audit(cuc_officer: User, cuc_leader: User) -> None:
    """An unverified day is corrected in its place; what stood there is kept with the proposal's entry."""
    tet = CalendarDay.objects.get(date=dt.date(2027, 2, 5))
    assert tet.confidence == "weak memory"
    name = tet.name
    done = verified(proposed(cuc_officer, dt.date(2027, 1, 1), of=tet, name="Tết (thử)"), cuc_leader)
    assert (done.new_id, CalendarDay.objects.get(pk=tet.pk).name) == (tet.pk, "Tết (thử)")
    with whole_country():
        entry = AuditEntry.objects.get(action="programs.propose_rule")
    assert entry.before and entry.before["values"]["name"] == name


@pytest.mark.owner_role
def test_the_loader_leaves_days_that_people_edited(cuc_officer: User, cuc_leader: User) -> None:
    from tests.programs.test_load_law import load

    unsure = CalendarDay.objects.get(date=dt.date(2027, 2, 5))
    verified(
        proposed(cuc_officer, dt.date(2027, 1, 1), of=unsure, confidence="memory", name="Tết (thử)"),
        cuc_leader,
    )
    verified(
        proposed(cuc_officer, dt.date(2027, 3, 1), of=CalendarDay.objects.get(date="2027-05-03"), ends=True),
        cuc_leader,
    )
    said = load()
    assert [line for line in said if line.startswith("kept")] == [
        "kept (edited in the portal): CalendarDay 2027-02-05 2027-01-01",
        "kept (edited in the portal): CalendarDay 2027-05-03 2027-01-01",
    ]
    assert said[-1] == "law: 0 new, 0 changed"
    assert load_calendar().is_working_day(dt.date(2027, 5, 3))
    assert CalendarDay.objects.get(pk=unsure.pk).name == "Tết (thử)"


# --- pages


def test_the_page_of_the_law_of_a_day_lists_its_years_days_off(thanh_hoa_centre: User) -> None:
    page = signed_in(thanh_hoa_centre).get("/quy-dinh/?loai=ngay-nghi&ngay=01/06/2026")
    titles = [row.rule.title for row in page.context["rows"]]
    assert "02/09/2026: Quốc khánh" in titles and not any("/2025:" in title for title in titles)
    assert "Làm bù" in page.content.decode()


def test_the_form_shows_which_deadlines_move_and_the_second_person_sees_the_same(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    project, day = under_review(thanh_hoa_centre), next_workday()
    client = signed_in(cuc_officer)
    page = client.post("/quy-dinh/ngay-nghi/moi/", sent(day, action="preview"))
    assert page.status_code == 200
    text = page.content.decode()
    assert project.due_on and f"Hạn {project.due_on:%d/%m/%Y}. 10 ngày" in text and "1 hạn muộn hơn" in text
    path = client.post("/quy-dinh/ngay-nghi/moi/", sent(day, action="propose"))["Location"]
    assert f"Hạn {project.due_on:%d/%m/%Y}. 10 ngày" in signed_in(cuc_leader).get(path).content.decode()
    assert signed_in(cuc_leader).post(path, {"action": "verify"}).status_code == 302
    row = CalendarDay.objects.get(date=day)
    text = signed_in(thanh_hoa_centre).get(f"/quy-dinh/ngay-nghi/{row.pk}/").content.decode()
    assert "đang áp dụng" in text and "Thông báo thử" in text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"kind": "makeup"}, "kind", "thứ Bảy hoặc Chủ nhật"),
        ({"date": "31/02/2027"}, "date", "Ngày không hợp lệ"),
        ({"date": "01/06/2207"}, "date", "xem lại năm"),
        ({"valid_from": "01/12/2028"}, "valid_from", "không muộn hơn chính ngày"),
        ({"clause": ""}, "clause", "điều, khoản"),
        ({"source_document": ""}, "source_document", "văn bản"),
        ({"confidence": "proposal"}, "confidence", ""),
        ({"name": ""}, "name", ""),
    ],
)
def test_bad_input_is_told_at_its_field(
    cuc_officer: User, changes: dict[str, Any], field: str, words: str
) -> None:
    form = sent(dt.date(2027, 6, 1), action="propose", **changes)
    answer = signed_in(cuc_officer).post("/quy-dinh/ngay-nghi/moi/", form)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field] and words in " ".join(errors[field])
    with act_as(cuc_officer):
        assert not RuleProposal.objects.exists()


def test_who_sees_no_project_is_told_so_and_who_does(thanh_hoa_centre: User, cuc_officer: User) -> None:
    admin = cast.person("admin.calendar", "Quản Trị Thử", Role.ADMIN, cast.ministry())
    under_review(thanh_hoa_centre)
    form = sent(next_workday(), action="preview")
    told = "không được xem đề án nào"
    assert told in signed_in(admin).post("/quy-dinh/ngay-nghi/moi/", form).content.decode()
    assert told not in signed_in(cuc_officer).post("/quy-dinh/ngay-nghi/moi/", form).content.decode()
