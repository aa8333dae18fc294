"""Nothing is written over, moved or decided by a form that does not say which version its sender saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.scope import act_as
from programs.facts import verdicts_of
from programs.lifecycle import State
from programs.models import CheckOverride, Project, Tranche, TrancheState
from tests.factories import MILLION, advance_to, make_project, open_tranche
from tests.pages import signed_in

pytestmark = pytest.mark.django_db

STALE = "người khác thay đổi"
UNREADABLE = [None, "", "²", "-1", "x", "9" * 30]
PAPER_FIELDS = {"paper_number": "001/QĐ-TN", "paper_date": "02/11/2026", "paper_signer": "Người Ký Thử"}


def with_version(data: Mapping[str, str], version: str | None) -> dict[str, str]:
    return {**data, **({} if version is None else {"version": version})}


def signed_paper(version: str | None) -> dict[str, Any]:
    scan = SimpleUploadedFile("ban-ky.pdf", b"%PDF-1.4\n%%EOF\n")
    return {**with_version(PAPER_FIELDS, version), "paper_file": scan}


@pytest.mark.parametrize("version", UNREADABLE)
def test_a_tranche_is_neither_decided_nor_assigned_unseen(
    thanh_hoa_centre: User, cuc_officer: User, min_approver: User, version: str | None
) -> None:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    page = f"/dot/{tranche.uuid}/"
    answer = signed_in(min_approver).post(f"{page}quyet-dinh/", signed_paper(version))
    assert (answer.status_code, STALE in answer.content.decode()) == (422, True)
    with act_as(min_approver):
        tranche.refresh_from_db()
    assert tranche.state == TrancheState.DRAFT
    seen = signed_paper(str(tranche.version))
    assert signed_in(min_approver).post(f"{page}quyet-dinh/", seen).status_code == 302
    answer = signed_in(cuc_officer).post(f"{page}giao/", signed_paper(version))
    assert (answer.status_code, STALE in answer.content.decode()) == (422, True)
    assert Tranche.objects.get(pk=tranche.pk).state == TrancheState.DECIDED


@pytest.mark.parametrize("version", UNREADABLE)
def test_a_draft_is_not_overwritten_unseen(thanh_hoa_centre: User, version: str | None) -> None:
    project = make_project(thanh_hoa_centre, necessity="Lời đã lưu.")
    client = signed_in(thanh_hoa_centre)
    data = with_version({"section": "noi-dung", "necessity": "Lời ghi đè."}, version)
    answer = client.post(f"/de-an/{project.code}/nhap/", data)
    assert (answer.status_code, answer.json()["current_version"]) == (409, project.version)
    assert STALE in answer.json()["error"]
    assert client.post(f"/de-an/{project.code}/sua/noi-dung/", data).status_code == 409
    with act_as(thanh_hoa_centre):
        assert Project.objects.get(pk=project.pk).necessity == "Lời đã lưu."


def test_a_step_for_many_moves_only_the_rows_that_were_seen_as_they_are(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    rows = [
        advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
        for _number in range(3)
    ]
    seen, changed, unseen = rows
    codes = [f"{seen.code}:{seen.version}", f"{changed.code}:{changed.version - 1}", unseen.code]
    asked = {"action": "pass", "code": codes}
    client = signed_in(thanh_hoa_leader)
    assert client.post("/chuyen-buoc-hang-loat/", asked).content.decode().count(STALE) == 2, "foreseen"
    answer = client.post("/chuyen-buoc-hang-loat/", {**asked, "confirmed": "1"})
    assert answer.content.decode().count(STALE) == 2
    with act_as(thanh_hoa_leader):
        states = [Project.objects.get(pk=row.pk).state for row in rows]
    assert states == [State.PASSED_PROV, State.REVIEW_PROV, State.REVIEW_PROV]


def test_each_list_with_boxes_says_which_version_a_row_shows(
    thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_officer: User
) -> None:
    under_review = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    chosen, waiting = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    tranche = open_tranche(chosen)
    advance_to(chosen, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    advance_to(waiting, State.PASSED_MIN, drafter=thanh_hoa_centre)
    for user, url, project in (
        (thanh_hoa_leader, "/", under_review),
        (cuc_officer, f"/dot/{tranche.uuid}/", chosen),
        (cuc_officer, f"/dot/{tranche.uuid}/", waiting),
    ):
        assert f'value="{project.code}:{project.version}"' in signed_in(user).get(url).content.decode()


def test_a_tranche_takes_in_and_lets_go_only_what_was_seen(thanh_hoa_centre: User, cuc_officer: User) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.PASSED_MIN, drafter=thanh_hoa_centre)
    page = f"/dot/{open_tranche(project).uuid}/"
    client = signed_in(cuc_officer)
    for action, state, moved in (
        ("dua-vao", State.PASSED_MIN, State.IN_PLAN),
        ("dua-ra", State.IN_PLAN, State.PASSED_MIN),
    ):
        answer = client.post(f"{page}{action}/", {"code": project.code}, follow=True)
        assert STALE in answer.content.decode()
        assert Project.objects.get(pk=project.pk).state == state
        project.refresh_from_db()
        client.post(f"{page}{action}/", {"code": f"{project.code}:{project.version}"})
        assert Project.objects.get(pk=project.pk).state == moved


def test_an_exception_is_given_for_the_dossier_that_was_seen(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    over = make_project(thanh_hoa_centre, amounts={"KCQG": 350 * MILLION, "OWN": 650 * MILLION})
    advance_to(over, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    client = signed_in(thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        mark = next(v.fingerprint for v in verdicts_of(over) if v.code == "norm_cap")
    data = {"fingerprint": mark, "reason": "Tỉnh bổ sung.", "document_number": "05/NQ-TN"}
    for version in (None, "²", str(over.version - 1)):
        answer = client.post(f"/de-an/{over.code}/ngoai-le/", with_version(data, version), follow=True)
        assert STALE in answer.content.decode()
    assert not CheckOverride.objects.filter(project=over).exists()
    page = client.get(f"/de-an/{over.code}/tham-dinh/").content.decode()
    assert f'name="version" value="{over.version}"' in page
    client.post(f"/de-an/{over.code}/ngoai-le/", with_version(data, str(over.version)))
    assert CheckOverride.objects.filter(project=over).count() == 1
