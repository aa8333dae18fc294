"""Any two submissions of a dossier side by side."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.scope import act_as
from programs.changes import versions_of
from programs.dossier import detach
from programs.drafting import DraftValues, LineValues, save_draft
from programs.lifecycle import Source
from programs.models import Project
from tests.factories import MILLION, make_project, take
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def sent_twice(centre: User, officer: User) -> Project:
    """Returned once; the second time with less money, another sentence and a paper fewer."""
    project = make_project(centre)
    take("submit", project, centre)
    take("return", project, officer, note="Giảm kinh phí, bổ sung thuyết minh.")
    amounts: dict[str, int] = {Source.KCQG: 200 * MILLION, Source.OWN: 400 * MILLION}
    with act_as(centre):
        line = LineValues("Mua máy", 600 * MILLION, amounts)
        changed = DraftValues({"necessity": "Máy cũ, hao phí nguyên liệu và điện."}, lines=[line])
        save_draft(project, changed, actor=centre)
        project.refresh_from_db()
        detach(project, project.attachments.latest("id"), actor=centre)
        project.refresh_from_db()
    take("submit", project, centre)
    return project


def test_the_two_latest_submissions_are_compared_at_first(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = sent_twice(thanh_hoa_centre, thanh_hoa_officer)
    page = text_of(thanh_hoa_officer, f"/de-an/{project.code}/so-sanh/")
    assert "<del>250\N{NO-BREAK SPACE}triệu đồng</del>" in page.replace("&nbsp;", "\N{NO-BREAK SPACE}")
    assert "giảm 50" in page and "tăng 50" in page
    assert "Máy cũ, hao phí nguyên <" in page, "the kept words stand unmarked"
    assert "Nội dung hoạt động" not in page, "only what changed is shown at first"
    everything = text_of(thanh_hoa_officer, f"/de-an/{project.code}/so-sanh/?xem=tat-ca")
    assert "Nội dung hoạt động" in everything and "Không đổi" in everything
    assert cost_of(thanh_hoa_officer, f"/de-an/{project.code}/so-sanh/") <= 20


def test_an_open_dossier_is_compared_with_what_was_sent(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = sent_twice(thanh_hoa_centre, thanh_hoa_officer)
    take("return", project, thanh_hoa_officer, note="Xem lại.")
    with act_as(thanh_hoa_centre):
        assert [version.key for version in versions_of(project)] == ["1", "2", "nay"]
    page = text_of(thanh_hoa_centre, f"/de-an/{project.code}/so-sanh/")
    assert "Hai bản giống nhau" in page
    page = text_of(thanh_hoa_centre, f"/de-an/{project.code}/so-sanh/?tu=1&den=nay")
    assert "không còn" in page, "the paper taken out"


def test_a_version_that_was_never_sent_is_not_found(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    project = sent_twice(thanh_hoa_centre, thanh_hoa_officer)
    client = signed_in(thanh_hoa_officer)
    for query in ("tu=3", "den=x", "tu=nay", "tu=1'"):
        assert client.get(f"/de-an/{project.code}/so-sanh/?{query}").status_code == 404, query


def test_one_submission_has_nothing_to_compare_with(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    page = text_of(thanh_hoa_officer, f"/de-an/{project.code}/so-sanh/")
    assert "Chưa có hai lần gửi để so sánh" in page
    assert "/so-sanh/" not in text_of(thanh_hoa_officer, f"/de-an/{project.code}/tham-dinh/")


def test_review_page_and_timeline_lead_to_the_comparison(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = sent_twice(thanh_hoa_centre, thanh_hoa_officer)
    review = text_of(thanh_hoa_officer, f"/de-an/{project.code}/tham-dinh/")
    assert review.index("Thay đổi kể từ lần gửi trước") < review.index("Tóm tắt hồ sơ")
    for page in (review, text_of(thanh_hoa_officer, f"/de-an/{project.code}/")):
        assert f"/de-an/{project.code}/so-sanh/?tu=1&amp;den=2" in page
