"""An authorised exception: by whom, with what, for which dossier, and never for arithmetic."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import Delegation, User
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from programs.dossier import override
from programs.drafting import DraftValues, LineValues, save_draft
from programs.errors import IllegalMove, Incomplete
from programs.facts import verdicts_of
from programs.lifecycle import Source, State
from programs.models import CheckOverride, Participation, Project, Transition
from programs.verdicts import Severity, Verdict
from records.models import AuditEntry
from tests import cast
from tests.factories import MILLION, make_project, take
from tests.pages import signed_in

pytestmark = pytest.mark.django_db

OVER_CAP = {Source.KCQG: 350 * MILLION, Source.OWN: 700 * MILLION}


@pytest.fixture
def under_review(thanh_hoa_centre: User, thanh_hoa_officer: User) -> Project:
    """Asks 350 million where the norm allows 300; at the Sở's table."""
    project = make_project(thanh_hoa_centre, amounts=OVER_CAP)
    take("submit", project, thanh_hoa_centre)
    return take("receive", project, thanh_hoa_officer)


def objection(project: Project, code: str) -> str:
    """The fingerprint of this check's objection; the code itself where it has none."""
    found = [verdict for verdict in verdicts_of(Project.objects.get(pk=project.pk)) if verdict.code == code]
    return found[0].fingerprint if found else code


def excuse(project: Project, actor: User, code: str = "norm_cap") -> CheckOverride:
    with act_as(actor):
        return override(
            project,
            objection(project, code),
            reason="Tỉnh bổ sung nội dung.",
            document_number="05/NQ-TN",
            actor=actor,
        )


def test_an_exception_lets_the_project_pass_and_says_so(
    under_review: Project, thanh_hoa_leader: User
) -> None:
    with pytest.raises(Incomplete):
        take("pass", under_review, thanh_hoa_leader)
    made = excuse(under_review, thanh_hoa_leader)
    take("pass", under_review, thanh_hoa_leader)
    assert (made.reason, made.document_number, made.actor) == (
        "Tỉnh bổ sung nội dung.",
        "05/NQ-TN",
        thanh_hoa_leader,
    )
    with act_as(thanh_hoa_leader):
        step = Transition.objects.get(project=under_review, action="pass")
        [kept] = [verdict for verdict in step.verdicts if verdict["code"] == "norm_cap"]
        assert (kept["severity"], kept["blocks_from"]) == ("warning", State.PASSED_MIN)
        assert kept["inputs"]["amount_vnd"] == 350 * MILLION
        entry = AuditEntry.objects.get(action="programs.override_check", object_id=str(under_review.pk))
        assert entry.reason == "Tỉnh bổ sung nội dung."
        assert entry.after is not None
        assert (entry.after["check"], entry.after["document"]) == ("norm_cap", "05/NQ-TN")
        assert entry.after["inputs"] == kept["inputs"]


def test_the_sos_exception_for_national_money_does_not_bind_the_cuc(
    under_review: Project,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_officer: User,
    cuc_leader: User,
) -> None:
    excuse(under_review, thanh_hoa_leader)
    take("pass", under_review, thanh_hoa_leader)
    take("register", under_review, thanh_hoa_officer)
    take("receive", under_review, cuc_officer)
    with pytest.raises(Incomplete) as refused:
        take("pass", under_review, cuc_leader)
    assert [verdict.code for verdict in refused.value.verdicts] == ["norm_cap"]
    excuse(under_review, cuc_leader)
    assert take("pass", under_review, cuc_leader).state == State.PASSED_MIN


def test_whoever_reads_the_dossier_reads_who_gave_the_exception_why_and_by_which_document(
    under_review: Project, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    excuse(under_review, thanh_hoa_leader)
    for path in ("", "tham-dinh/"):
        page = signed_in(thanh_hoa_centre).get(f"/de-an/{under_review.code}/{path}").content.decode()
        assert f"{thanh_hoa_leader} chấp thuận ngoại lệ ngày" in page
        assert "theo văn bản 05/NQ-TN: “Tỉnh bổ sung nội dung.”" in page


def test_an_exception_holds_for_the_figures_it_was_given_for_and_in_every_language(
    under_review: Project, thanh_hoa_leader: User
) -> None:
    """A cap that another law moves is another objection, though the check has the same name."""
    excuse(under_review, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        [lifted] = [verdict for verdict in verdicts_of(under_review) if verdict.code == "norm_cap"]
        with translation.override("en"):
            marks = {verdict.fingerprint for verdict in verdicts_of(under_review)}
    assert lifted.fingerprint in marks
    assert replace(lifted, message="Said otherwise.").fingerprint == lifted.fingerprint
    other = replace(lifted, inputs=dict(lifted.inputs) | {"limit_vnd": 200 * MILLION})
    assert other.fingerprint != lifted.fingerprint


def test_an_exception_was_given_for_the_dossier_as_it_stood(
    under_review: Project, thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    """Sent back and asked for more, the dossier needs a new exception; the old one stays on record."""
    excuse(under_review, thanh_hoa_leader)
    take("return", under_review, thanh_hoa_officer, note="Tính lại giá máy.")
    line = LineValues("Mua máy", 2700 * MILLION, {Source.KCQG: 900 * MILLION, Source.OWN: 1800 * MILLION})
    with act_as(thanh_hoa_centre):
        save_draft(under_review, DraftValues(lines=[line]), actor=thanh_hoa_centre)
        under_review.refresh_from_db()
    take("submit", under_review, thanh_hoa_centre)
    take("receive", under_review, thanh_hoa_officer)
    with pytest.raises(Incomplete) as refused:
        take("pass", under_review, thanh_hoa_leader)
    assert [verdict.code for verdict in refused.value.verdicts] == ["norm_cap"]
    excuse(under_review, thanh_hoa_leader)
    take("pass", under_review, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        assert CheckOverride.objects.filter(project=under_review).count() == 2


@pytest.mark.parametrize("code", ["missing_sector", "norm_capp", "", "norm_percent"])
def test_there_is_no_exception_from_what_no_check_objects_to(
    under_review: Project, thanh_hoa_leader: User, code: str
) -> None:
    with pytest.raises(IllegalMove, match="không có vướng mắc"):
        excuse(under_review, thanh_hoa_leader, code)
    with act_as(thanh_hoa_leader):
        assert not CheckOverride.objects.filter(project=under_review).exists()


def test_a_wrong_sum_is_no_matter_of_authority_and_a_rule_kept_needs_none() -> None:
    def may(code: str, severity: Severity) -> bool:
        return Verdict(code, severity, "Câu thử.").may_be_lifted

    assert (may("norm_cap", "warning"), may("missing_paper", "error")) == (True, True)
    assert (may("sum_mismatch", "error"), may("state_over_total", "error")) == (False, False)
    assert (may("norm_cap", "ok"), may("norm_cap", "note")) == (False, False)


def test_only_findings_that_can_be_lifted_offer_it(under_review: Project, thanh_hoa_leader: User) -> None:
    page = signed_in(thanh_hoa_leader).get(f"/de-an/{under_review.code}/tham-dinh/").content.decode()
    with act_as(thanh_hoa_leader):
        assert f'name="fingerprint" value="{objection(under_review, "norm_cap")}"' in page


def test_an_exception_given_twice_is_given_once(under_review: Project, thanh_hoa_leader: User) -> None:
    assert excuse(under_review, thanh_hoa_leader) == excuse(under_review, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        assert AuditEntry.objects.filter(action="programs.override_check").count() == 1


def test_only_the_leader_who_appraises_may_make_one(
    under_review: Project,
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    cuc_leader: User,
    min_approver: User,
) -> None:
    for person in (thanh_hoa_centre, thanh_hoa_officer, min_approver):
        with pytest.raises(PermissionRefused):
            excuse(under_review, person)
    excuse(under_review, thanh_hoa_leader)
    take("pass", under_review, thanh_hoa_leader)
    for person in (thanh_hoa_leader, cuc_leader):
        with pytest.raises(PermissionRefused):
            excuse(under_review, person, "norm_percent")


def test_making_one_is_appraising(under_review: Project, thanh_hoa_leader: User) -> None:
    excuse(under_review, thanh_hoa_leader)
    with act_as(thanh_hoa_leader):
        assert Participation.objects.get(project=under_review, user=thanh_hoa_leader).duty == "APPRAISE"


def test_a_drafter_may_not_make_one_in_anothers_name(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    """Neither the borrower of a post nor its holder may have drafted."""
    project = make_project(thanh_hoa_centre, amounts=OVER_CAP)
    take("submit", project, thanh_hoa_centre)
    take("receive", project, thanh_hoa_officer)
    stranger = cast.person("th.pho", "Phó Giám Đốc Thử", Role.AUDITOR, cast.so_of("Thanh Hóa"))
    drafter_as_leader = cast.give_post(thanh_hoa_centre, Role.SO_LEADER, cast.so_of("Thanh Hóa"))
    for lent, borrower in (
        (thanh_hoa_leader.memberships.get(), thanh_hoa_centre),
        (drafter_as_leader, stranger),
    ):
        Delegation.objects.create(
            membership=lent, delegate=borrower, decision_number="01/QĐ-TN", valid=(dt.date(2020, 1, 1), None)
        )
        with pytest.raises(PermissionRefused, match="lập đề án"):
            excuse(project, User.objects.get(pk=borrower.pk))


@pytest.mark.parametrize("code", ["sum_mismatch", "missing_amount"])
def test_arithmetic_is_not_excused(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User, code: str
) -> None:
    amounts = {Source.KCQG: 0, Source.OWN: 100} if code == "missing_amount" else {Source.KCQG: 1}
    project = make_project(thanh_hoa_centre, amounts={Source.KCQG: 1, Source.OWN: 1})
    take("submit", project, thanh_hoa_centre)
    take("receive", project, thanh_hoa_officer)
    with pytest.raises(IllegalMove):
        excuse(project, thanh_hoa_leader, code)
    take("return", project, thanh_hoa_officer, note="Sửa dự toán.")
    with act_as(thanh_hoa_centre):
        line = LineValues("Mua máy", 100, {source: vnd for source, vnd in amounts.items() if vnd})
        save_draft(project, DraftValues(lines=[line]), actor=thanh_hoa_centre)
        project = Project.objects.get(pk=project.pk)
        CheckOverride.objects.create(
            project=project,
            state=State.REVIEW_MIN,
            code=code,
            fingerprint=objection(project, code),
            reason="Thử.",
            document_number="06/NQ-TN",
            actor=thanh_hoa_centre,
            version=project.version,
        )
        verdicts = verdicts_of(project)
    assert code in [verdict.code for verdict in verdicts if verdict.severity == "error"]
    with pytest.raises(Incomplete):
        take("submit", project, thanh_hoa_centre)


def test_an_exception_without_reason_or_document_is_refused_by_the_database(
    under_review: Project, thanh_hoa_leader: User
) -> None:
    for reason, number in (("", "05/NQ-TN"), ("Vì vậy.", "")):
        with act_as(thanh_hoa_leader), pytest.raises(IntegrityError), transaction.atomic():
            mark = objection(under_review, "norm_cap")
            override(under_review, mark, reason=reason, document_number=number, actor=thanh_hoa_leader)
    assert under_review.state == State.REVIEW_PROV
