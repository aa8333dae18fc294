"""Who handles a file in an office: received with a receipt, given by the leader, handed over in bulk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError

from accounts import staff
from accounts.models import Delegation, Organisation, OrganisationKind, User, today
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs.errors import MissingDetail
from programs.handing import assign, candidates
from programs.lifecycle import State
from programs.models import Holding, Project
from records import outbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(thanh_hoa_centre: User, thanh_hoa_officer: User) -> Project:
    """Received at the Sở by its officer."""
    thanh_hoa_officer.phone = "0900 111 222"
    thanh_hoa_officer.save()
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    return take("receive", project, thanh_hoa_officer)


@pytest.fixture
def colleague(db: None) -> User:
    return cast.person("th.hai", "Vũ Thị Hai", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))


def holder_of(project: Project) -> str:
    with whole_country():
        held = Project.objects.get(pk=project.pk).held
    return str(held.person) if held else ""


def test_a_draft_is_with_whoever_began_it_and_with_nobody_until_the_office_receives_it(
    thanh_hoa_centre: User,
) -> None:
    project = make_project(thanh_hoa_centre)
    assert holder_of(project) == "Lê Văn Lập"
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    assert holder_of(project) == ""


def test_whoever_receives_it_handles_it_and_every_page_says_since_when_and_the_telephone(
    received: Project, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    pages = (f"/de-an/{received.code}/", "/de-an/")
    for reader, pages_of in ((thanh_hoa_centre, pages), (thanh_hoa_leader, (*pages, "/"))):
        for page in pages_of:
            text = text_of(reader, page)
            assert "Trần Thị Nhận" in text and "0900 111 222" in text, page
    cost_of(thanh_hoa_leader, "/de-an/")


def test_the_drafters_print_a_receipt_that_names_the_papers_and_the_day(
    received: Project, thanh_hoa_centre: User
) -> None:
    page = text_of(thanh_hoa_centre, f"/de-an/{received.code}/giay-tiep-nhan/")
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in page and "SỞ CÔNG THƯƠNG THANH HÓA" in page
    assert "Trần Thị Nhận, điện thoại 0900 111 222" in page and received.code in page
    assert "chưa có văn bản nào quy định mẫu" in page
    answer = signed_in(thanh_hoa_centre).get(f"/de-an/{received.code}/giay-tiep-nhan/?dang=pdf")
    assert answer.content.startswith(b"%PDF-")


def test_there_is_no_receipt_before_the_reception(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    assert signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/giay-tiep-nhan/").status_code == 404


def test_the_leader_gives_the_file_to_an_officer_who_is_told(
    received: Project, thanh_hoa_leader: User, colleague: User
) -> None:
    answer = signed_in(thanh_hoa_leader).post(
        f"/de-an/{received.code}/phan-cong/",
        {"holder": colleague.pk, "reason": "Gấp, trước thứ Sáu"},
        follow=True,
    )
    assert "Vũ Thị Hai xử lý hồ sơ này." in answer.content.decode()
    assert holder_of(received) == "Vũ Thị Hai"
    outbox.dispatch()
    with whole_country():
        told = InboxItem.objects.get(user=colleague)
        assert AuditEntry.objects.filter(action="programs.assign_file", actor=thanh_hoa_leader).exists()
    assert "Phạm Văn Ký giao bạn" in told.title and told.body == "Gấp, trước thứ Sáu"


def test_an_officer_gives_files_to_nobody_nor_does_another_office(
    received: Project, thanh_hoa_officer: User, thanh_hoa_centre: User, colleague: User, cuc_leader: User
) -> None:
    for actor in (thanh_hoa_officer, thanh_hoa_centre, cuc_leader):
        with pytest.raises(PermissionRefused), act_as(actor):
            assign(received, colleague, actor=actor)


def test_whoever_drafted_it_or_works_elsewhere_does_not_get_it(
    received: Project, thanh_hoa_leader: User, thanh_hoa_centre: User, nghe_an_officer: User
) -> None:
    cast.give_post(thanh_hoa_centre, Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    with act_as(thanh_hoa_leader):
        assert thanh_hoa_centre not in candidates(thanh_hoa_leader, received)
        for stranger in (thanh_hoa_centre, nghe_an_officer):
            with pytest.raises(MissingDetail):
                assign(received, stranger, actor=thanh_hoa_leader)


def test_a_leavers_files_are_handed_over_in_bulk_with_a_reason(
    received: Project,
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    colleague: User,
) -> None:
    other = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, hồ sơ của người khác")
    advance_to(other, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    keeper = cast.person("th.keeper", "Lê Thị Giữ", Role.OFFICE_ADMIN, cast.so_of("Thanh Hóa"))
    staff.leave(thanh_hoa_officer, cast.so_of("Thanh Hóa"), "nghỉ hưu", actor=keeper)
    client, address = signed_in(thanh_hoa_leader), f"/ban-giao/?tu={thanh_hoa_officer.pk}"
    page = client.get(address).content.decode()
    assert received.code in page and other.code not in page and "Đã thôi việc" in page
    assert "đã thôi việc" in text_of(thanh_hoa_leader, f"/de-an/{received.code}/")
    ticked = f"{received.code}:{received.version}"
    answer = client.post(address, {"code": [ticked], "holder": colleague.pk})
    assert answer.status_code == 422 and "Hãy ghi lý do bàn giao." in answer.content.decode()
    client.post(address, {"code": [ticked], "holder": colleague.pk, "reason": "Người cũ nghỉ hưu"})
    assert holder_of(received) == "Vũ Thị Hai" and holder_of(other) != "Vũ Thị Hai"
    assert received.code not in client.get(address).content.decode()


def test_files_nobody_has_yet_are_given_out_in_bulk(
    thanh_hoa_centre: User, thanh_hoa_leader: User, colleague: User
) -> None:
    waiting = make_project(thanh_hoa_centre)
    advance_to(waiting, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    client = signed_in(thanh_hoa_leader)
    assert waiting.code in client.get("/ban-giao/?tu=chua").content.decode()
    sent = {"code": [f"{waiting.code}:{waiting.version}"], "holder": colleague.pk, "reason": "Chia việc"}
    client.post("/ban-giao/?tu=chua", sent)
    assert holder_of(waiting) == "Vũ Thị Hai"


def test_a_stranger_is_nobody_to_take_files_from(thanh_hoa_leader: User, nghe_an_officer: User) -> None:
    assert signed_in(thanh_hoa_leader).get(f"/ban-giao/?tu={nghe_an_officer.pk}").status_code == 404


def test_the_database_takes_no_holding_from_another_office_and_changes_none(
    received: Project, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    row = {"project": received, "office": cast.so_of("Thanh Hóa"), "holder": thanh_hoa_centre}
    with pytest.raises(ProgrammingError, match="row-level security"), act_as(thanh_hoa_centre):
        Holding.objects.create(**row, given_by=thanh_hoa_centre)
    with pytest.raises(ProgrammingError), act_as(thanh_hoa_leader):
        Holding.objects.filter(project=received).update(holder=thanh_hoa_centre)


def test_a_successor_gives_out_the_drafts_it_has_inherited(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    old = project.owner
    heir = cast.office(OrganisationKind.TTKC, "Trung tâm Khuyến công kế thừa thử", old.province)
    Organisation.objects.filter(pk=old.pk).update(successor=heir, valid=(dt.date(2020, 1, 1), today()))
    giver = cast.person("ke.thua", "Đinh Thị Thừa", Role.IMPL, heir)
    taker = cast.person("ke.thua2", "Hồ Văn Nhận", Role.IMPL, heir)
    with act_as(giver):
        assign(project, taker, actor=giver)
    assert holder_of(project) == "Hồ Văn Nhận"


def test_what_is_given_out_with_a_lent_authority_names_the_lender_in_the_audit(
    received: Project, thanh_hoa_leader: User, colleague: User
) -> None:
    deputy = cast.person("th.pho", "Vũ Thị Phó", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    Delegation.objects.create(
        membership=thanh_hoa_leader.memberships.get(),
        delegate=deputy,
        decision_number="1",
        valid=(today(), None),
    )
    with act_as(deputy):
        assign(received, colleague, actor=deputy)
    with whole_country():
        entry = AuditEntry.objects.get(action="programs.assign_file")
    assert (entry.actor_id, entry.on_behalf_of_id) == (deputy.pk, thanh_hoa_leader.pk)
