"""A clerical mistake put right: words alone, by the office that holds the dossier, and nothing forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError
from django.utils import timezone

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs import tranches
from programs.correcting import correct
from programs.errors import MissingDetail, StaleVersion
from programs.lifecycle import State
from programs.models import Correctable, Correction, Project, Tranche
from records.context import whole_country
from records.models import AuditEntry
from tests.factories import PAPER, advance_to, make_project, open_tranche
from tests.pages import signed_in

pytestmark = pytest.mark.django_db
WRONG, RIGHT = "Hỗ trợ máy dệt chiếu cối thử", "Hỗ trợ máy dệt chiếu cói thử"


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    found = make_project(thanh_hoa_centre, title=WRONG)
    advance_to(found, State.PASSED_PROV, drafter=thanh_hoa_centre)
    return found


def put_right(project: Project, actor: User, **more: Any) -> Correction:
    words = {"after": RIGHT, "reason": "lỗi đánh máy", "before": WRONG} | more
    with act_as(actor):
        return correct(project, more.pop("field", Correctable.TITLE), actor=actor, **words)


def fresh(project: Project) -> Project:
    with whole_country():
        return Project.objects.get(pk=project.pk)


def test_the_title_is_put_right_found_and_told_and_the_step_keeps_what_it_was_taken_on(
    project: Project, thanh_hoa_leader: User
) -> None:
    before = fresh(project)
    put_right(project, thanh_hoa_leader)
    after = fresh(project)
    assert (after.title, after.title_folded) == (RIGHT, "ho tro may det chieu coi thu")
    assert (after.state, after.version, after.total_vnd) == (before.state, before.version, before.total_vnd)
    with whole_country():
        assert after.transitions.order_by("version")[0].content["title"] == WRONG
        entry = AuditEntry.objects.get(object_id=str(project.pk), action="programs.correct")
    assert (entry.before, entry.reason) == ({"title": WRONG}, "lỗi đánh máy")
    shown = signed_in(thanh_hoa_leader).get(f"/de-an/{project.code}/").text
    assert f"<del>{WRONG}</del>" in shown and f"<ins>{RIGHT}</ins>" in shown


def test_what_is_missing_is_said_at_its_field(project: Project, thanh_hoa_leader: User) -> None:
    for field, words in (
        ("after", {"after": "  "}), ("after", {"after": WRONG}), ("after", {"after": "x" * 501}),
        ("reason", {"reason": ""}),
    ):  # fmt: skip
        with pytest.raises(MissingDetail) as caught:
            put_right(project, thanh_hoa_leader, **words)
        assert caught.value.field == field
    with pytest.raises(ValidationError):
        put_right(project, thanh_hoa_leader, after="Chủ hộ số 012345678901")
    assert fresh(project).title == WRONG


def test_what_somebody_else_has_put_right_meanwhile_is_not_overwritten(
    project: Project, thanh_hoa_leader: User
) -> None:
    put_right(project, thanh_hoa_leader)
    with pytest.raises(StaleVersion):
        put_right(project, thanh_hoa_leader, after="Khác")


def test_only_the_leader_of_the_office_that_holds_it(
    project: Project, thanh_hoa_centre: User, thanh_hoa_officer: User, cuc_leader: User, nghe_an_leader: User
) -> None:
    for stranger in (thanh_hoa_centre, thanh_hoa_officer, cuc_leader, nghe_an_leader):
        with pytest.raises((PermissionRefused, Project.DoesNotExist)):
            put_right(project, stranger)


def test_an_approved_title_needs_the_document_that_says_so(
    thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_leader: User, min_approver: User
) -> None:
    project = make_project(thanh_hoa_centre, title=WRONG)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(Tranche.objects.get(pk=tranche.pk), actor=min_approver, paper=PAPER)
    with pytest.raises(PermissionRefused):
        put_right(project, thanh_hoa_leader)
    with pytest.raises(MissingDetail, match="số văn bản"):
        put_right(project, cuc_leader)
    put_right(project, cuc_leader, document_number="12/CTĐP")
    assert fresh(project).title == RIGHT


def test_an_open_dossier_is_edited_and_not_corrected(thanh_hoa_centre: User, thanh_hoa_leader: User) -> None:
    draft = make_project(thanh_hoa_centre, title=WRONG)
    with pytest.raises(PermissionRefused, match="sửa thẳng"):
        put_right(draft, thanh_hoa_leader)
    with act_as(thanh_hoa_leader), pytest.raises(IntegrityError, match="correction_of_open"):
        by_hand(draft, thanh_hoa_leader)


def by_hand(project: Project, actor: User, **more: Any) -> None:
    words = {"field": "title", "before": WRONG, "after": RIGHT, "folded": "x", "reason": "x"} | more
    with transaction.atomic():
        Correction.objects.create(project=project, corrected_by=actor, at=timezone.now(), **words)


def test_hand_written_sql_reaches_words_alone_at_home_alone_and_leaves_its_row(
    project: Project, thanh_hoa_leader: User, nghe_an_leader: User
) -> None:
    with act_as(nghe_an_leader), pytest.raises(ProgrammingError, match="row-level security"):
        by_hand(project, nghe_an_leader)
    with act_as(thanh_hoa_leader):
        with pytest.raises(ProgrammingError, match="row-level security"):
            by_hand(project, nghe_an_leader)  # in another's name
        for field in ("state", "total_vnd", "year", "code"):
            with pytest.raises(IntegrityError, match="correction_stale"):
                by_hand(project, thanh_hoa_leader, field=field)
        with pytest.raises(IntegrityError, match="correction_stale"):
            by_hand(project, thanh_hoa_leader, before="Khác")
        with pytest.raises(IntegrityError, match="dossier_closed"), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(title=RIGHT)
        by_hand(project, thanh_hoa_leader)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM programs_correction")
    assert fresh(project).title == RIGHT


def test_the_page_keeps_what_was_typed(project: Project, thanh_hoa_leader: User) -> None:
    client = signed_in(thanh_hoa_leader)
    page = f"/de-an/{project.code}/dinh-chinh/"
    assert f'value="{WRONG}"' in client.get(page).text
    body = {"field": "title", "before": WRONG, "after": RIGHT, "reason": ""}
    refused = client.post(page, body)
    assert refused.status_code == 422 and "Hãy ghi lý do đính chính." in refused.text
    assert f'value="{RIGHT}"' in refused.text
    assert "Đã ghi đính chính." in client.post(page, body | {"reason": "lỗi đánh máy"}, follow=True).text
