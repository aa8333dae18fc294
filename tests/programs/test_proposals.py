"""Inside an office: the officer proposes, the leader takes the step or returns the proposal with a reason."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs.errors import IllegalMove, MissingDetail, StaleVersion
from programs.lifecycle import State
from programs.models import Project, Remark
from programs.proposals import propose, send_back, standing_proposals
from programs.remarks import answer, threads_of
from programs.reviewterms import Audience, Turn
from records import outbox
from records.context import whole_country
from records.models import InboxItem
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
NOTE = "Hồ sơ đủ, mức hỗ trợ đúng định mức; còn băn khoăn về vốn đối ứng."


@pytest.fixture
def reviewed(thanh_hoa_centre: User, thanh_hoa_officer: User) -> Project:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    return take("receive", project, thanh_hoa_officer)


@pytest.fixture
def proposed(reviewed: Project, thanh_hoa_officer: User, thanh_hoa_leader: User) -> Remark:
    with act_as(thanh_hoa_officer):
        return propose(reviewed, "pass", actor=thanh_hoa_officer, note=NOTE)


def test_the_leader_finds_the_proposal_beside_the_step_it_proposes(
    proposed: Remark, reviewed: Project, thanh_hoa_leader: User
) -> None:
    outbox.dispatch()
    with whole_country():
        assert "đề xuất với" in InboxItem.objects.get(user=thanh_hoa_leader).title
    page = text_of(thanh_hoa_leader, f"/de-an/{reviewed.code}/tham-dinh/")
    assert NOTE in page and "Trần Thị Nhận" in page and "Trả lại đề xuất" in page
    assert 'value="pass" checked' in page


def test_it_changes_no_state_and_ends_with_the_leaders_step(
    proposed: Remark, reviewed: Project, thanh_hoa_leader: User
) -> None:
    with whole_country():
        reviewed.refresh_from_db()
    assert reviewed.state == State.REVIEW_PROV
    take("pass", reviewed, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        assert standing_proposals(thanh_hoa_leader, reviewed) == []


def test_the_leader_returns_it_with_a_reason_and_the_officer_may_propose_again(
    proposed: Remark, reviewed: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    address = f"/de-an/{reviewed.code}/de-xuat/{proposed.uuid}/tra-lai/"
    client = signed_in(thanh_hoa_leader)
    assert "Hãy ghi lý do trả lại" in client.post(address, {"reason": " "}, follow=True).content.decode()
    client.post(address, {"reason": "Làm rõ vốn đối ứng."})
    outbox.dispatch()
    with whole_country():
        assert InboxItem.objects.get(user=thanh_hoa_officer).body == "Làm rõ vốn đối ứng."
    with act_as(thanh_hoa_officer):
        assert standing_proposals(thanh_hoa_officer, reviewed) == []
        propose(reviewed, "reject", actor=thanh_hoa_officer, note="Đã làm rõ.")


def test_it_never_leaves_the_office(
    proposed: Remark, reviewed: Project, thanh_hoa_centre: User, cuc_leader: User, thanh_hoa_chair: User
) -> None:
    """Neither by the pages nor by the database, whatever the query."""
    for reader in (thanh_hoa_centre, thanh_hoa_chair):
        for page in (f"/de-an/{reviewed.code}/", f"/de-an/{reviewed.code}/tham-dinh/"):
            assert NOTE not in text_of(reader, page)
    for reader in (thanh_hoa_centre, thanh_hoa_chair, cuc_leader):
        with act_as(reader):
            assert not Remark.objects.filter(pk=proposed.pk).exists()
    with whole_country():
        shown = {**vars(proposed), "id": None, "audience": Audience.DOSSIER}
        shown.pop("_state")
        with pytest.raises(IntegrityError, match="proposals_stay_in_the_office"):
            Remark.objects.create(**{k: v for k, v in shown.items() if k not in {"uuid", "_project_cache"}})


def test_who_may_not_propose_is_told_why(
    reviewed: Project, thanh_hoa_officer: User, thanh_hoa_leader: User, thanh_hoa_centre: User
) -> None:
    for stranger in (thanh_hoa_leader, thanh_hoa_centre):
        with pytest.raises(PermissionRefused), act_as(stranger):
            propose(reviewed, "pass", actor=stranger, note=NOTE)
    with act_as(thanh_hoa_officer):
        with pytest.raises(IllegalMove):
            propose(reviewed, "stop", actor=thanh_hoa_officer, note=NOTE)
        with pytest.raises(MissingDetail):
            propose(reviewed, "pass", actor=thanh_hoa_officer, note=" ")
        with pytest.raises(StaleVersion):
            propose(reviewed, "pass", actor=thanh_hoa_officer, note=NOTE, expected_version=1)
        propose(reviewed, "pass", actor=thanh_hoa_officer, note=NOTE)
        with pytest.raises(IllegalMove, match="đang chờ lãnh đạo"):
            propose(reviewed, "pass", actor=thanh_hoa_officer, note=NOTE)


def test_only_the_leader_at_this_desk_returns_it(
    proposed: Remark, thanh_hoa_officer: User, nghe_an_leader: User
) -> None:
    colleague = cast.person("th.hai", "Vũ Thị Hai", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    for actor in (colleague, thanh_hoa_officer, nghe_an_leader):
        with pytest.raises(PermissionRefused), act_as(actor):
            send_back(proposed, actor=actor, reason="không")


def test_the_officer_proposes_on_the_page(
    reviewed: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    client = signed_in(thanh_hoa_officer)
    assert "Trình lãnh đạo" in client.get(f"/de-an/{reviewed.code}/tham-dinh/").content.decode()
    sent = {"action": "pass", "note": NOTE, "version": reviewed.version}
    answer = client.post(f"/de-an/{reviewed.code}/de-xuat/", sent, follow=True)
    assert "Đã trình lãnh đạo." in answer.content.decode() and NOTE in answer.content.decode()


def test_colleagues_neither_settle_nor_reopen_it_and_the_leader_only_with_a_reason(
    proposed: Remark, reviewed: Project, thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    colleague = cast.person("th.hai", "Vũ Thị Hai", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    for actor in (colleague, thanh_hoa_leader):
        for turn in (Turn.RESOLVED, Turn.REOPENED):
            with pytest.raises(PermissionRefused, match="người đề xuất rút lại"), act_as(actor):
                answer(proposed, actor=actor, turn=turn)
    with act_as(colleague):
        answer(proposed, actor=colleague, text="Tôi cũng nghĩ vậy.")
        assert [thread.open for thread in threads_of(colleague, reviewed)] == [True]
    with act_as(thanh_hoa_officer):
        answer(proposed, actor=thanh_hoa_officer, turn=Turn.RESOLVED)
        assert standing_proposals(thanh_hoa_officer, reviewed) == []


def test_a_proposal_keeps_its_name_when_the_dossier_has_gone_on(
    proposed: Remark, reviewed: Project, thanh_hoa_leader: User
) -> None:
    with act_as(thanh_hoa_leader):
        [before] = [str(thread.label) for thread in threads_of(thanh_hoa_leader, reviewed)]
    take("pass", reviewed, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        [after] = [
            str(thread.label)
            for thread in threads_of(thanh_hoa_leader, Project.objects.get(pk=reviewed.pk))
            if thread.root.proposes
        ]
    assert after == before and "pass" not in after
