"""Claims of priority: nothing counts without evidence that a reviewer has accepted; the last word holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Delegation, User, today
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.claiming import predicates_on
from programs.drafting import DraftValues, save_draft
from programs.errors import IllegalMove, MissingDetail
from programs.facts import verdicts_of
from programs.judging import judge
from programs.models import (
    AreaEligibility,
    Attachment,
    ClaimRuling,
    PriorityClaim,
    PriorityRule,
    Project,
)
from programs.priority import ranked
from records.models import AuditEntry
from tests import cast
from tests.api.client import Api
from tests.factories import accept_claims, claim, make_project, take
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


def under_review(drafter: User, officer: User, *claims: Any, **changes: Any) -> Project:
    project = make_project(drafter, claims=list(claims), **changes)
    take("submit", project, drafter)
    return take("receive", project, officer)


def said(actor: User, project: Project) -> dict[str, str]:
    """Codes of the checks on claims, by their field."""
    with act_as(actor):
        found = verdicts_of(Project.objects.get(pk=project.pk))
    return {verdict.field: verdict.code for verdict in found if verdict.code.startswith("claim_")}


def met(actor: User, project: Project) -> list[str]:
    with act_as(actor):
        [row] = ranked([Project.objects.get(pk=project.pk)])
    return [ground.predicate for ground in row.grounds if ground.satisfied]


# --- the law of the day


@pytest.mark.parametrize(
    ("day", "has", "lacks"),
    [
        ((2012, 7, 4), set(), {"mechanical", "area_a", "flagship"}),
        ((2012, 7, 5), {"mechanical"}, {"area_a", "export", "flagship"}),
        ((2013, 2, 9), {"mechanical"}, {"area_a", "export"}),
        ((2013, 2, 10), {"mechanical", "area_a", "export", "labour_intensive"}, {"flagship"}),
        ((2014, 2, 9), {"area_a"}, {"flagship"}),
        ((2014, 2, 10), {"area_a", "flagship"}, set()),
    ],
)
def test_each_ground_counts_from_the_day_of_its_document(
    day: tuple[int, int, int], has: set[str], lacks: set[str]
) -> None:
    found = {predicate.code for predicate in predicates_on(dt.date(*day))}
    assert has <= found
    assert not lacks & found


@pytest.mark.parametrize(
    ("day", "trusted", "name"),
    [
        ((2025, 6, 30), True, "Huyện nghèo"),
        ((2025, 7, 1), False, "Huyện nghèo theo quyết định trước khi bỏ cấp huyện"),
    ],
)
def test_poor_districts_are_marked_unverified_once_there_are_none(
    day: tuple[int, int, int], trusted: bool, name: str
) -> None:
    [area] = [each for each in predicates_on(dt.date(*day)) if each.code == "area_b"]
    assert (area.basis.trusted, area.name) == (trusted, name)


@pytest.mark.owner_role
def test_a_ground_that_has_ended_by_the_plan_year_counts_no_more(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    first, second = (
        under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"), year=year) for year in (2026, 2027)
    )
    for project in (first, second):
        accept_claims(project, thanh_hoa_officer)
    PriorityRule.objects.filter(code="export").update(
        valid=DateRange(dt.date(2013, 2, 10), dt.date(2027, 1, 1))
    )
    assert "export" in met(thanh_hoa_officer, first)
    assert "export" not in met(thanh_hoa_officer, second)
    assert said(thanh_hoa_officer, second) == {"claims-1": "claim_not_in_law"}


# --- evidence


def test_a_claim_without_evidence_counts_for_nothing_and_says_so_at_its_row(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    bare = claim("export", document_number="", document_date=None, document_issuer="")
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("area_d"), bare)
    assert said(thanh_hoa_officer, project) == {
        "claims-1": "claim_waiting",
        "claims-2": "claim_without_evidence",
    }
    assert met(thanh_hoa_officer, project) == []
    with act_as(thanh_hoa_officer), pytest.raises(IllegalMove, match="chưa có minh chứng"):
        judge(project, "export", accepted=True, actor=thanh_hoa_officer)


def test_an_area_named_in_the_form_alone_does_not_count_either(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, priority_areas="b", new_rural=True)
    assert said(thanh_hoa_centre, project) == {
        "priority_areas": "claim_without_evidence", "new_rural": "claim_without_evidence"
    }  # fmt: skip
    assert met(thanh_hoa_centre, project) == []


def test_a_paper_of_the_dossier_is_evidence_and_of_another_dossier_is_refused(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project, other = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    bare = {"document_number": "", "document_date": None, "document_issuer": ""}
    with act_as(thanh_hoa_centre):
        mine, theirs = (Attachment.objects.filter(project=each).latest("pk") for each in (project, other))
        with transaction.atomic(), pytest.raises(DatabaseError, match="paper_of_other_dossier"):
            save_draft(
                project,
                DraftValues(claims=[claim("export", attachment=theirs.pk, **bare)]),
                actor=thanh_hoa_centre,
            )
    with act_as(thanh_hoa_centre):
        save_draft(
            project, DraftValues(claims=[claim("export", attachment=mine.pk, **bare)]), actor=thanh_hoa_centre
        )
    assert said(thanh_hoa_centre, project) == {"claims-1": "claim_waiting"}


def test_an_accepted_claim_counts_and_tells_who_found_it_so(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    with act_as(thanh_hoa_officer):
        judge(project, "export", accepted=True, actor=thanh_hoa_officer)
        entry = AuditEntry.objects.filter(action="programs.judge_claim").latest("pk")
        [row] = ranked([Project.objects.get(pk=project.pk)])
    assert entry.after and entry.after["predicate"] == "export"
    assert said(thanh_hoa_officer, project) == {"claims-1": "claim_accepted"}
    [ground] = [ground for ground in row.grounds if ground.satisfied]
    assert ground.evidence == "Nêu rõ trong văn bản. · 12/QĐ-THỬ, 05/01/2026, Cơ quan Thử Giả Định"
    assert ground.source == "46/2012/TT-BCT, Điều 6"


def test_the_last_word_holds_and_every_word_stays(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    with act_as(thanh_hoa_officer):
        judge(project, "export", accepted=True, actor=thanh_hoa_officer)
        with pytest.raises(MissingDetail, match="lý do"):
            judge(project, "export", accepted=False, reason=" ", actor=thanh_hoa_officer)
        judge(project, "export", accepted=False, reason="Hợp đồng đã hết hạn.", actor=thanh_hoa_officer)
        assert ClaimRuling.objects.filter(project=project).count() == 2
        for change in (ClaimRuling.objects.update, lambda **_: ClaimRuling.objects.all().delete()):
            with transaction.atomic(), pytest.raises(DatabaseError):
                change(accepted=True)
    assert said(thanh_hoa_officer, project) == {"claims-1": "claim_refused"}
    assert met(thanh_hoa_officer, project) == []


def test_evidence_that_has_been_changed_is_judged_anew(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"), claim("area_d"))
    accept_claims(project, thanh_hoa_officer)
    take("return", project, thanh_hoa_officer, note="Bổ sung hợp đồng.")
    changed = [claim("export", document_number="13/QĐ-THỬ"), claim("area_d")]
    with act_as(thanh_hoa_centre):
        save_draft(project, DraftValues(claims=changed), actor=thanh_hoa_centre)
    assert said(thanh_hoa_centre, project) == {"claims-1": "claim_waiting", "claims-2": "claim_accepted"}
    assert met(thanh_hoa_centre, project) == ["area_d"]


# --- what the portal knows by itself


@pytest.mark.parametrize(("workers", "counts"), [(49, False), (50, True)])
def test_the_register_decides_about_workers_and_nobody_is_asked(
    thanh_hoa_centre: User, thanh_hoa_officer: User, workers: int, counts: bool
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("labour_intensive"))
    with act_as(thanh_hoa_officer):
        Establishment.objects.filter(supports__project=project).update(employees=workers)
        with pytest.raises(IllegalMove, match="hệ thống xét"):
            judge(project, "labour_intensive", accepted=True, actor=thanh_hoa_officer)
    assert ("labour_intensive" in met(thanh_hoa_officer, project)) is counts


@pytest.mark.owner_role
@pytest.mark.parametrize(("since", "counts"), [((2027, 1, 1), True), ((2027, 1, 2), False)])
def test_the_list_of_communes_shows_an_area_from_its_day_on(
    thanh_hoa_centre: User, since: tuple[int, int, int], counts: bool
) -> None:
    project = make_project(thanh_hoa_centre)
    assert project.commune is not None
    AreaEligibility.objects.create(
        commune=project.commune, eligible=True, priority_areas=["a", "d"], basis="Danh mục thử",
        valid=DateRange(dt.date(*since), None),
    )  # fmt: skip
    assert met(thanh_hoa_centre, project) == (["area_a", "area_d"] if counts else [])


@pytest.mark.owner_role
def test_an_area_on_the_list_counts_and_the_dossier_says_so_whatever_it_claims(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    bare = claim("area_d", document_number="", document_date=None, document_issuer="")
    project = under_review(
        thanh_hoa_centre, thanh_hoa_officer, claim("area_b"), bare, priority_areas="a", new_rural=True
    )
    with act_as(thanh_hoa_officer):
        judge(
            project, "area_b", accepted=False, reason="Quyết định đã hết hiệu lực.", actor=thanh_hoa_officer
        )
    assert said(thanh_hoa_officer, project) == {
        "claims-1": "claim_refused", "claims-2": "claim_without_evidence",
        "priority_areas": "claim_without_evidence", "new_rural": "claim_without_evidence",
    }  # fmt: skip
    assert project.commune is not None
    AreaEligibility.objects.create(
        commune=project.commune, eligible=True, priority_areas=["a", "b", "d"], basis="Danh mục thử",
        valid=DateRange(dt.date(2027, 1, 1), None),
    )  # fmt: skip
    assert met(thanh_hoa_officer, project) == ["area_a", "area_b", "area_d"]
    assert said(thanh_hoa_officer, project) == {
        "claims-1": "claim_known", "claims-2": "claim_known", "priority_areas": "claim_known",
        "new_rural": "claim_without_evidence",
    }  # fmt: skip
    with act_as(thanh_hoa_officer), pytest.raises(IllegalMove, match="hệ thống xét"):
        judge(project, "area_b", accepted=True, actor=thanh_hoa_officer)


# --- who


def test_only_who_appraises_the_dossier_now_judges_its_claims(
    thanh_hoa_centre: User,
    thanh_hoa_officer: User,
    thanh_hoa_leader: User,
    nghe_an_officer: User,
    cuc_officer: User,
    partner: User,
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    for user in (thanh_hoa_centre, cuc_officer, partner):
        with act_as(user), pytest.raises(PermissionRefused):
            judge(project, "export", accepted=True, actor=user)
    with act_as(nghe_an_officer), pytest.raises(Project.DoesNotExist):
        judge(project, "export", accepted=True, actor=nghe_an_officer)
    with act_as(nghe_an_officer):
        assert not PriorityClaim.objects.filter(project=project).exists()
        assert not ClaimRuling.objects.filter(project=project).exists()
    take("pass", project, thanh_hoa_leader)
    with act_as(thanh_hoa_officer), pytest.raises(PermissionRefused):
        judge(project, "export", accepted=True, actor=thanh_hoa_officer)


def test_a_ruling_is_written_in_ones_own_name_alone(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    with act_as(thanh_hoa_officer), transaction.atomic(), pytest.raises(DatabaseError):
        ClaimRuling.objects.create(
            project=project, version=project.version, predicate="export", fingerprint="0" * 64, accepted=True,
            office_id=project.owner_id, actor=thanh_hoa_leader,
        )  # fmt: skip


def test_what_was_handed_in_is_closed_for_claims_too(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    with act_as(thanh_hoa_centre):
        for change in (
            lambda: PriorityClaim.objects.filter(project=project).update(statement="Khác"),
            lambda: PriorityClaim.objects.filter(project=project).delete(),
            lambda: PriorityClaim.objects.create(project=project, predicate="key_product"),
        ):
            with transaction.atomic(), pytest.raises(DatabaseError, match="dossier_closed"):
                change()


def test_a_partner_reads_claims_with_their_evidence_and_finding(
    thanh_hoa_centre: User, thanh_hoa_officer: User, partner: User
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"), claim("area_d"))
    with act_as(thanh_hoa_officer):
        judge(project, "export", accepted=False, reason="Hết hạn.", actor=thanh_hoa_officer)
    refused, waiting = Api(partner).get(f"/projects/{project.code}/").body["claims"]
    assert (refused["predicate"], refused["status"], refused["reason"]) == ("export", "refused", "Hết hạn.")
    assert refused["ruled_by"] == thanh_hoa_officer.full_name
    assert (refused["document_number"], refused["document_date"]) == ("12/QĐ-THỬ", "2026-01-05")
    assert (refused["source"], refused["confidence"]) == ("46/2012/TT-BCT, Điều 6", "seen")
    assert (waiting["status"], waiting["ruled_by"]) == ("waiting", None)


def test_a_ruling_brings_its_project_to_the_front_of_what_has_changed(
    thanh_hoa_centre: User, thanh_hoa_officer: User, partner: User
) -> None:
    judged = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    other = make_project(thanh_hoa_centre)
    take("submit", other, thanh_hoa_centre)

    def listed() -> list[tuple[str, int]]:
        found = Api(partner).get("/projects/").body["results"]
        return [(row["code"], row["version"]) for row in found]

    assert listed() == [(other.code, other.version), (judged.code, judged.version)]
    with act_as(thanh_hoa_officer):
        judge(judged, "export", accepted=True, actor=thanh_hoa_officer)
    assert listed() == [(judged.code, judged.version), (other.code, other.version)]


def test_with_a_lent_post_a_ruling_says_in_whose_name(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    deputy = cast.person("th.pho", "Vũ Thị Phó", Role.AUDITOR, cast.so_of("Thanh Hóa"))
    Delegation.objects.create(
        membership=thanh_hoa_leader.memberships.get(),
        delegate=deputy,
        decision_number="1",
        valid=(today(), None),
    )
    with act_as(deputy):
        judge(project, "export", accepted=True, actor=deputy)
        entry = AuditEntry.objects.get(action="programs.judge_claim")
    assert (entry.actor_id, entry.on_behalf_of_id) == (deputy.pk, thanh_hoa_leader.pk)


# --- the pages


def rows(*claims: dict[str, str]) -> dict[str, str]:
    data = {"claims-TOTAL_FORMS": str(len(claims)), "claims-INITIAL_FORMS": "0"}
    for number, row in enumerate(claims):
        data |= {f"claims-{number}-{name}": text for name, text in row.items()}
    return data


def general(project: Project) -> dict[str, str]:
    return {
        "version": str(project.version), "section": "thong-tin", "title": project.title, "kind": "SINGLE",
        "activity": str(project.activity_id), "sector": str(project.sector_id),
        "commune": str(project.commune_id), "place_text": project.commune.name if project.commune else "",
    }  # fmt: skip


WHOLE = {
    "predicate": "export", "statement": "Hợp đồng xuất khẩu ghế mây.", "document_number": "05/HĐ",
    "document_date": "03/02/2026", "document_issuer": "Công ty Thử Giả Định",
}  # fmt: skip


def test_the_form_keeps_claims_and_says_at_the_row_what_is_missing(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    client, url = signed_in(thanh_hoa_centre), f"/de-an/{project.code}/sua/thong-tin/"
    client.post(url, general(project) | rows(WHOLE, {"predicate": "area_d"}, {}))
    with act_as(thanh_hoa_centre):
        kept = list(PriorityClaim.objects.filter(project=project).values_list("predicate", "document_number"))
    assert kept == [("export", "05/HĐ"), ("area_d", "")]
    page = client.get(url).content.decode()
    assert "chưa có minh chứng nên không được tính khi xếp thứ tự ưu tiên" in page
    assert "46/2012/TT-BCT, Điều 6" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"predicate": ""}, "Hãy chọn diện ưu tiên"),
        ({"document_date": ""}, "Hãy ghi ngày của văn bản."),
        ({"document_issuer": ""}, "Hãy ghi cơ quan ban hành văn bản."),
        ({"document_number": ""}, "Hãy ghi số văn bản."),
        ({"document_date": "01/01/2999"}, "không được ở tương lai"),
    ],
)
def test_half_a_document_is_refused_at_its_field(
    thanh_hoa_centre: User, changes: dict[str, str], words: str
) -> None:
    project = make_project(thanh_hoa_centre)
    url = f"/de-an/{project.code}/sua/thong-tin/"
    answer = signed_in(thanh_hoa_centre).post(url, general(project) | rows(WHOLE | changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_ground_claimed_twice_is_refused(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    url = f"/de-an/{project.code}/sua/thong-tin/"
    answer = signed_in(thanh_hoa_centre).post(url, general(project) | rows(WHOLE, WHOLE))
    assert "đã ghi ở dòng trên" in answer.content.decode()


def test_a_form_sent_without_the_rows_leaves_the_claims_as_they_are(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, claims=[claim("export")])
    signed_in(thanh_hoa_centre).post(f"/de-an/{project.code}/sua/thong-tin/", general(project))
    with act_as(thanh_hoa_centre):
        assert PriorityClaim.objects.filter(project=project).count() == 1


def test_the_reviewer_judges_on_the_review_page_and_a_refusal_needs_its_reason(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = under_review(thanh_hoa_centre, thanh_hoa_officer, claim("export"))
    client, url = signed_in(thanh_hoa_officer), f"/de-an/{project.code}/uu-tien/"
    data = {"predicate": "export", "version": str(project.version), "accepted": "0", "reason": ""}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "Hãy ghi lý do không công nhận." in refused.content.decode()
    assert client.post(url, data | {"reason": "Hết hạn."}).status_code == 302
    page = client.get(f"/de-an/{project.code}/tham-dinh/").content.decode()
    assert "Lý do: Hết hạn." in page
    assert "Hết hạn." in signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/").content.decode()
    stale = client.post(url, data | {"accepted": "1", "version": "1"})
    assert stale.status_code == 422
    assert "người khác thay đổi" in stale.content.decode()
