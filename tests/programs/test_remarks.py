"""Remarks on a dossier: who reads them, who settles them, where they come up again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs.errors import IllegalMove, MissingDetail
from programs.lifecycle import State
from programs.models import Project, Remark
from programs.remarks import answer, remark, threads_of
from programs.reviewterms import Audience, Turn
from records import outbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests.factories import advance_to, make_project, take
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    return advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)


def say(project: Project, actor: User, audience: str = Audience.DOSSIER, **words: object) -> Remark:
    with act_as(actor):
        return remark(project, actor=actor, audience=audience, **{"text": "Nêu rõ.", **words})  # type: ignore[arg-type]


def heard_by(user: User) -> set[str]:
    """What this person's own SQL finds, whatever the code asks for."""
    with act_as(user), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM programs_remark")
        return {text for (text,) in cursor.fetchall()}


def test_an_internal_remark_never_leaves_its_office(
    project: Project,
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    thanh_hoa_chair: User,
    nghe_an_officer: User,
    cuc_officer: User,
    auditor: User,
) -> None:
    say(project, thanh_hoa_officer, Audience.OFFICE, text="Nghi trùng hỗ trợ.")
    say(project, thanh_hoa_centre, Audience.OFFICE, text="Chờ báo giá.")
    say(project, thanh_hoa_officer, text="Bổ sung báo giá.")
    both = {"Bổ sung báo giá."}
    assert heard_by(thanh_hoa_leader) == both | {"Nghi trùng hỗ trợ."}
    assert heard_by(thanh_hoa_centre) == both | {"Chờ báo giá."}
    assert heard_by(thanh_hoa_chair) == heard_by(cuc_officer) == heard_by(auditor) == both
    assert heard_by(nghe_an_officer) == set()


def test_an_answer_speaks_to_those_who_hear_its_thread(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User, thanh_hoa_centre: User
) -> None:
    inside = say(project, thanh_hoa_officer, Audience.OFFICE)
    with act_as(thanh_hoa_leader):
        made = answer(inside, actor=thanh_hoa_leader, text="Đồng ý.")
    assert (made.audience, made.office_id) == (Audience.OFFICE, inside.office_id)
    assert heard_by(thanh_hoa_centre) == set()
    with act_as(thanh_hoa_officer), pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.create(
            project=project, thread=inside, office=inside.office, author=thanh_hoa_officer,
            audience=Audience.DOSSIER, text="Lộ ra.",
        )  # fmt: skip


def test_only_the_office_that_spoke_settles_its_remark(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User, thanh_hoa_centre: User
) -> None:
    made = say(project, thanh_hoa_officer)
    with act_as(thanh_hoa_centre):
        answer(made, actor=thanh_hoa_centre, text="Đã bổ sung.")
        with pytest.raises(PermissionRefused, match="Cơ quan đã nêu"):
            answer(made, actor=thanh_hoa_centre, turn=Turn.RESOLVED)
    with act_as(thanh_hoa_leader):
        answer(made, actor=thanh_hoa_leader, turn=Turn.RESOLVED)
        with pytest.raises(IllegalMove):
            answer(made, actor=thanh_hoa_leader, turn=Turn.RESOLVED)
        assert not threads_of(thanh_hoa_leader, project)[0].open
        answer(made, actor=thanh_hoa_leader, turn=Turn.REOPENED)
        assert threads_of(thanh_hoa_leader, project)[0].open


def test_a_remark_says_something_and_is_on_record(project: Project, thanh_hoa_officer: User) -> None:
    with act_as(thanh_hoa_officer), pytest.raises(MissingDetail):
        remark(project, actor=thanh_hoa_officer, text=" \n", audience=Audience.OFFICE)
    made = say(project, thanh_hoa_officer)
    with whole_country():
        entry = AuditEntry.objects.get(action="programs.remark")
        assert entry.after is not None and entry.after["remark"] == str(made.uuid)
        assert "Nêu rõ" not in str(entry.after), "the trail is read by more people than the remark"


@pytest.mark.parametrize("change", ["UPDATE programs_remark SET text = 'x'", "DELETE FROM programs_remark"])
def test_nobody_changes_what_was_said(project: Project, thanh_hoa_officer: User, change: str) -> None:
    say(project, thanh_hoa_officer)
    with (
        act_as(thanh_hoa_officer),
        pytest.raises(Exception, match="denied|append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_people_who_neither_draft_nor_appraise_only_read(project: Project, thanh_hoa_chair: User) -> None:
    with pytest.raises(PermissionRefused):
        say(project, thanh_hoa_chair)
    assert "Ghi nhận xét" not in text_of(thanh_hoa_chair, f"/de-an/{project.code}/tham-dinh/")


def told(user: User) -> list[tuple[str, str]]:
    while outbox.dispatch():
        pass
    with act_as(user):
        rows = InboxItem.objects.filter(user=user, kind="remark.made")
        return list(rows.order_by("id").values_list("body", "url"))


def test_those_mentioned_and_those_who_spoke_are_told(
    project: Project,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    thanh_hoa_centre: User,
    nghe_an_officer: User,
) -> None:
    for deaf in (thanh_hoa_centre, nghe_an_officer):
        names = [thanh_hoa_leader.pk, deaf.pk]
        with pytest.raises(MissingDetail, match=f"không nhắc được: {deaf}") as refusal:
            say(project, thanh_hoa_officer, Audience.OFFICE, text="Nhờ xem.", mentioned=names)
        assert refusal.value.field == "mentioned"
    inside = say(
        project, thanh_hoa_officer, Audience.OFFICE, text="Nhờ xem.", mentioned=[thanh_hoa_leader.pk]
    )
    address = f"/de-an/{project.code}/nhan-xet/{inside.uuid}/"
    assert told(thanh_hoa_leader) == [("Nhờ xem.", address)]
    assert told(thanh_hoa_centre) == told(nghe_an_officer) == told(thanh_hoa_officer) == []
    with act_as(thanh_hoa_leader):
        answer(inside, actor=thanh_hoa_leader, text="Đã xem.")
    assert [body for body, _url in told(thanh_hoa_officer)] == ["Đã xem."]
    goes_to = signed_in(thanh_hoa_leader).get(address).headers["Location"]
    assert goes_to == f"/de-an/{project.code}/tham-dinh/#nx-{inside.uuid}"


def test_open_remarks_stand_at_their_field_and_on_the_form(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User, thanh_hoa_centre: User
) -> None:
    say(project, thanh_hoa_officer, text="Nêu số liệu hao phí.", anchor="necessity")
    inside = say(project, thanh_hoa_officer, Audience.OFFICE, text="Cẩn thận trùng.", anchor="necessity")
    review = text_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    field = review[review.index("2. Sự cần thiết") : review.index("Tài liệu kèm theo</h2>")]
    assert "Nêu số liệu hao phí." in field and "Cẩn thận trùng." in field
    assert cost_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/") <= 40
    with act_as(thanh_hoa_leader):
        answer(inside, actor=thanh_hoa_leader, turn=Turn.RESOLVED)
    take("return", project, thanh_hoa_leader, note="Bổ sung.")
    form = text_of(thanh_hoa_centre, f"/de-an/{project.code}/sua/noi-dung/")
    assert "Nêu số liệu hao phí." in form and "Cẩn thận trùng." not in form
    assert "Nêu số liệu hao phí." not in text_of(thanh_hoa_centre, f"/de-an/{project.code}/sua/kinh-phi/")


def test_a_request_for_changes_quotes_the_remarks_ticked(
    project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    told_all = say(project, thanh_hoa_officer, text="Nêu số liệu hao phí.", anchor="necessity")
    left_out = say(project, thanh_hoa_officer, text="Tách phần nhà xưởng.", anchor="lines")
    inside = say(project, thanh_hoa_officer, Audience.OFFICE, text="Nghi trùng hỗ trợ.")
    page = text_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    assert f'name="quote" value="{left_out.uuid}"' in page
    assert f'name="quote" value="{inside.uuid}"' not in page
    sent = {
        "action": "return",
        "version": project.version,
        "note": "",
        "quote": [str(told_all.uuid), str(inside.uuid)],
    }
    answered = signed_in(thanh_hoa_leader).post(f"/de-an/{project.code}/chuyen-buoc/", sent)
    assert answered.status_code == 302
    with act_as(thanh_hoa_leader):
        note = project.transitions.get(action="return").note
    assert note == "– Sự cần thiết và căn cứ: Nêu số liệu hao phí."
