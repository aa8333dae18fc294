"""Good rows become drafts of the importer; twice is once; nothing is deleted, nothing submitted touched."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OrganisationKind, User
from accounts.policy import PermissionRefused, decide
from accounts.roles import Role
from accounts.scope import act_as
from programs import drafting
from programs.intake.apply import Outcome, apply_import, outcome_of
from programs.intake.preview import preview_of
from programs.lifecycle import Duty, Kind, Source, State
from programs.models import Participation, Project
from records.models import AuditEntry, StagedImport, StagedImportStatus
from tests import cast
from tests.factories import MILLION
from tests.programs.intake.books import Entry, machine
from tests.programs.intake.desk import apply, mend, project, projects, send, upload
from tests.programs.intake.test_matching import submitted
from tests.records.conftest import at_once
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db


def test_a_good_row_becomes_a_draft_with_everything_it_says(thanh_hoa_centre: User) -> None:
    outcome = send(thanh_hoa_centre, machine())
    draft = project(thanh_hoa_centre)
    assert outcome.codes == [draft.code]
    assert (draft.state, draft.year, draft.purse, draft.kind) == (State.DRAFT, 2027, "KCQG", Kind.SINGLE)
    assert draft.title == machine().title
    assert (draft.total_vnd, draft.kcqg_vnd, draft.own_vnd) == (600 * MILLION, 250 * MILLION, 350 * MILLION)
    assert (draft.starts_on, draft.ends_on) == (dt.date(2027, 3, 1), dt.date(2027, 10, 31))
    assert draft.activity is not None
    assert draft.activity.code == "N3.3"
    assert draft.commune is not None
    assert draft.commune.name == "Xã Thọ Xuân"
    assert draft.implementer == draft.owner
    with act_as(thanh_hoa_centre):
        firm = draft.beneficiaries.get().establishment
        assert (firm.name, firm.tax_code) == ("Công ty TNHH Thử Giả Định", "9928000104")
        assert draft.lines.get().itemised is False


def test_the_importer_is_the_drafter_and_may_not_appraise(thanh_hoa_officer: User) -> None:
    send(thanh_hoa_officer, machine())
    draft = project(thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        part = Participation.objects.get(project=draft)
        assert (part.user, part.duty) == (thanh_hoa_officer, Duty.DRAFT)
    cast.give_post(thanh_hoa_officer, Role.SO_LEADER, draft.owner)
    both = User.objects.get(pk=thanh_hoa_officer.pk)
    with act_as(both):
        decision = decide(both, "programs.record_appraisal_project", draft)
    assert not decision.allowed
    assert "tham gia lập" in str(decision.reason)


def test_rows_in_error_stay_out_and_are_named(thanh_hoa_centre: User) -> None:
    bad = [machine("bàn", own=300, tax_code="9928000217"), machine("tủ", beneficiary="", tax_code=None)]
    outcome = send(thanh_hoa_centre, machine(), *bad)
    assert outcome.counts == {"created": 1, "updated": 0, "same": 0, "skipped": 2}
    assert [(done.row, done.fate) for done in outcome.rows] == [(11, "created"), (12, "error"), (13, "error")]
    assert "khác tổng kinh phí" in outcome.rows[1].reason
    assert "đơn vị thụ hưởng" in outcome.rows[2].reason
    assert len(projects(thanh_hoa_centre)) == 1


def test_warnings_do_not_keep_a_row_out(thanh_hoa_centre: User) -> None:
    entry = machine(total=2400, kcqg=350, own=2050, tax_code="9928000105", place="Xã Bịa Đặt")
    assert send(thanh_hoa_centre, entry).counts["created"] == 1
    draft = project(thanh_hoa_centre)
    assert (draft.place_text, draft.commune) == ("Xã Bịa Đặt", None)


def test_a_group_project_has_no_beneficiary_yet(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, Entry("Chế biến nông sản", beneficiary="Sở lựa chọn sau", tax_code=None))
    draft = project(thanh_hoa_centre)
    assert draft.kind == Kind.GROUP
    with act_as(thanh_hoa_centre):
        assert not draft.beneficiaries.exists()


def test_a_regional_centre_may_bring_a_list_of_any_province(db: None) -> None:
    office = cast.office(OrganisationKind.REGION, "Trung tâm Khuyến công vùng Giả Định", AdminUnit.nation())
    region = cast.person("vung.thu", "Bùi Thị Vùng", Role.REGION, office)
    assert send(region, machine()).counts["created"] == 1
    assert send(region, machine()).counts["same"] == 1
    assert project(region).owner == office


def test_applying_twice_changes_nothing(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), machine("bàn", own=300))
    first = apply(staged, thanh_hoa_centre)
    before = [(p.pk, p.version, p.updated_at) for p in projects(thanh_hoa_centre)]
    again = apply(staged, thanh_hoa_centre)
    assert (again.repeated, again.rows) == (True, first.rows)
    assert "không có gì thay đổi" in again.sentence()
    assert [(p.pk, p.version, p.updated_at) for p in projects(thanh_hoa_centre)] == before
    with act_as(thanh_hoa_centre):
        assert AuditEntry.objects.filter(action="programs.import_registration").count() == 1


def test_the_same_workbook_sent_again_changes_nothing(thanh_hoa_centre: User) -> None:
    entries = [machine(), machine("bàn", tax_code="9928000217")]
    send(thanh_hoa_centre, *entries)
    before = [(p.pk, p.version, p.updated_at) for p in projects(thanh_hoa_centre)]
    assert send(thanh_hoa_centre, *entries).counts == {"created": 0, "updated": 0, "same": 2, "skipped": 0}
    assert [(p.pk, p.version, p.updated_at) for p in projects(thanh_hoa_centre)] == before


def test_changed_money_updates_the_draft_and_the_absent_stays(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217"))
    outcome = send(thanh_hoa_centre, machine(total=700, own=450))
    assert outcome.counts == {"created": 0, "updated": 1, "same": 0, "skipped": 0}
    changed, absent = projects(thanh_hoa_centre)
    assert (changed.total_vnd, changed.amounts()[Source.OWN]) == (700 * MILLION, 450 * MILLION)
    assert changed.version == 2
    assert (absent.state, absent.version) == (State.DRAFT, 1)
    assert outcome.rows[0].code == changed.code


def test_a_submitted_dossier_is_left_alone_with_the_reason(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    before = submitted(thanh_hoa_centre)
    outcome = send(thanh_hoa_centre, machine(total=700, own=450))
    (done,) = outcome.rows
    assert (done.fate, done.code) == ("locked", before.code)
    assert "đã nộp" in done.reason
    after = project(thanh_hoa_centre)
    assert (after.version, after.total_vnd) == (before.version, before.total_vnd)


def test_a_row_the_dossier_refuses_is_named_and_the_rest_is_written(
    thanh_hoa_centre: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_the_first(project: Project, fields: dict[str, Any]) -> None:
        if fields["title"].endswith("đồ gỗ"):
            raise ValidationError("Không ghi được dòng này.")
        write(project, fields)

    write = drafting.__dict__["_write_fields"]
    monkeypatch.setattr(drafting, "_write_fields", refuse_the_first)
    outcome = send(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217"))
    assert [(done.fate, done.reason) for done in outcome.rows] == [
        ("refused", "Không ghi được dòng này."),
        ("created", ""),
    ]


def test_without_a_plan_year_nothing_is_written(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(time="Quý II"), year=None)
    assert staged.year is None
    with pytest.raises(ValidationError, match="Chưa rõ năm"):
        apply(staged, thanh_hoa_centre)
    mend(staged, thanh_hoa_centre, year="2027")
    assert apply(staged, thanh_hoa_centre).counts["created"] == 1


def test_a_year_no_plan_can_have_is_refused_in_words(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(time="Năm 2011"), year=2011)
    with pytest.raises(ValidationError, match="2011"):
        apply(staged, thanh_hoa_centre)
    mend(staged, thanh_hoa_centre, year="2027")
    assert apply(staged, thanh_hoa_centre).counts["created"] == 1


def test_what_was_not_seen_is_not_applied(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine())
    mend(staged, thanh_hoa_centre, row_0_beneficiary="HTX Khác Giả Định")
    with pytest.raises(ValidationError, match="cửa sổ khác"):
        apply(staged, thanh_hoa_centre, version="1")
    assert projects(thanh_hoa_centre) == []


def test_whoever_lost_the_right_meanwhile_applies_nothing(thanh_hoa_centre: User, cuc_officer: User) -> None:
    staged = upload(thanh_hoa_centre)
    with pytest.raises(PermissionRefused):
        apply(staged, cuc_officer)


def test_the_audit_names_the_file_and_the_codes(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    outcome = apply(staged, thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        entry = AuditEntry.objects.get(action="programs.import_registration")
    assert entry.actor_id == thanh_hoa_centre.pk
    assert entry.after is not None
    assert (entry.after["file"], entry.after["codes"]) == (staged.file.sha256, outcome.codes)
    assert outcome_of(staged).rows == outcome.rows
    assert staged.status == StagedImportStatus.APPLIED
    assert staged.applied_at is not None


def test_many_drafts_cost_little_more_than_few(thanh_hoa_centre: User) -> None:
    def cost(count: int) -> int:
        staged = upload(thanh_hoa_centre, *[machine(f"món {count} {n}") for n in range(count)])
        with act_as(thanh_hoa_centre), CaptureQueriesContext(connection) as queries:
            assert apply_import(staged, thanh_hoa_centre).counts["created"] == count
        return len(queries)

    assert cost(12) - cost(2) <= 10 * 3


def test_a_preview_costs_the_same_for_any_number_of_rows(thanh_hoa_centre: User) -> None:
    def cost(count: int) -> int:
        entries = [machine(f"món {n}", beneficiary=f"HTX Số {n}", tax_code=None) for n in range(count)]
        send(thanh_hoa_centre, *entries)
        changed = [
            machine(f"món {n}", beneficiary=f"HTX Số {n}", tax_code=None, total=700, own=450)
            for n in range(count)
        ]
        staged = upload(thanh_hoa_centre, *changed)
        with act_as(thanh_hoa_centre), CaptureQueriesContext(connection) as queries:
            preview = preview_of(staged, actor=thanh_hoa_centre)
        assert preview.counts["changed"] == count
        return len(queries)

    assert cost(2) == cost(8)


@pytest.mark.django_db(transaction=True)
def test_one_list_applied_by_two_clicks_at_once_is_written_once(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217"))
    first, second = at_once([partial(click, staged.pk, thanh_hoa_centre.pk)] * 2)
    assert sorted([first.repeated, second.repeated]) == [False, True]
    assert len(projects(thanh_hoa_centre)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_copies_of_one_list_applied_at_once_make_no_twins(thanh_hoa_centre: User) -> None:
    entries = [machine(), machine("bàn", tax_code="9928000217")]
    copies = [upload(thanh_hoa_centre, *entries) for _copy in range(3)]
    outcomes = at_once([partial(click, copy.pk, thanh_hoa_centre.pk) for copy in copies])
    assert sorted(outcome.counts["created"] for outcome in outcomes) == [0, 0, 2]
    assert len(projects(thanh_hoa_centre)) == 2


def click(staged_id: int, user_id: int) -> Outcome:
    user = User.objects.get(pk=user_id)
    with act_as(user):
        return apply_import(StagedImport.objects.get(pk=staged_id), user)
