"""The usual skeleton of an activity's dossier: offered where nothing stands, laid under what is typed."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from programs.dossierterms import TEXT_SECTIONS
from programs.draft_values import DraftValues, ResultValues
from programs.drafting import create_draft, save_draft
from programs.facts import verdicts_of
from programs.lifecycle import State
from programs.models import ActivityKind, DossierTemplate, Project
from programs.skeleton import BLANK, skeleton_for
from tests.factories import make_project
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db
OFFER = "Dùng khung mẫu"


def bare_draft(actor: User, code: str = "N3.3", year: int = 2027) -> Project:
    with act_as(actor):
        activity = ActivityKind.objects.filter(code=code).latest("id") if code else None
        fields: dict[str, Any] = {"title": "Hỗ trợ máy thử", "activity": activity}
        return create_draft(DraftValues(fields), actor=actor, purse="KCQG", year=year)


def send(actor: User, project: Project, section: str, **typed: Any) -> Project:
    """The section as typed, with the skeleton asked for; it comes back to the same section."""
    grids: dict[str, Any] = {}
    for prefix in ("schedule", "results", "lines"):
        rows = typed.pop(prefix, [])
        grids |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            grids |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    url = f"/de-an/{project.code}/sua/{section}/"
    answer = signed_in(actor).post(url, {"version": project.version, "skeleton": "1", **grids, **typed})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == url
    with act_as(actor):
        return Project.objects.get(pk=project.pk)


@pytest.mark.parametrize(
    ("code", "line", "prompt"),
    [
        ("N3.3", "Mua máy móc, thiết bị", "Máy móc, công nghệ đang dùng"),
        ("N3.1", "Hội nghị trình diễn, phổ biến mô hình", "Máy móc, công nghệ đang dùng"),
        ("N4.1a-region", "Giấy chứng nhận, lễ tôn vinh", "Hiện trạng (cơ sở, ngành nghề"),
        ("N4.2", "Thuê mặt bằng, gian hàng", "Hiện trạng (cơ sở, ngành nghề"),
    ],
)
def test_the_nearest_template_speaks_and_those_above_fill_in(
    thanh_hoa_centre: User, code: str, line: str, prompt: str
) -> None:
    project = bare_draft(thanh_hoa_centre, code)
    with act_as(thanh_hoa_centre):
        found = skeleton_for(Project.objects.get(pk=project.pk))
    assert line in found.lines
    assert prompt in found.texts["necessity"]
    assert set(found.texts) == {name for name, _number, _label in TEXT_SECTIONS}


def test_without_an_activity_there_are_the_general_prompts(thanh_hoa_centre: User) -> None:
    project = bare_draft(thanh_hoa_centre, "")
    with act_as(thanh_hoa_centre):
        found = skeleton_for(Project.objects.get(pk=project.pk))
    assert found.lines == []
    assert BLANK in found.texts["objectives"]


def test_one_click_fills_an_empty_section_and_stays_on_it(thanh_hoa_centre: User) -> None:
    project = bare_draft(thanh_hoa_centre)
    for section in ("noi-dung", "kinh-phi", "tien-do"):
        assert OFFER in text_of(thanh_hoa_centre, f"/de-an/{project.code}/sua/{section}/")
        cost_of(thanh_hoa_centre, f"/de-an/{project.code}/sua/{section}/")
        project = send(thanh_hoa_centre, project, section)
        assert OFFER not in text_of(thanh_hoa_centre, f"/de-an/{project.code}/sua/{section}/")
    with act_as(thanh_hoa_centre):
        assert project.lines.count() == 3
        assert project.schedule.count() == 4
        assert project.results.count() == 3
        assert project.total_vnd == 0


def test_nothing_typed_is_ever_overwritten(thanh_hoa_centre: User) -> None:
    project = send(thanh_hoa_centre, bare_draft(thanh_hoa_centre), "noi-dung", necessity="Của tôi.")
    assert project.necessity == "Của tôi."
    assert BLANK in project.objectives
    project = send(thanh_hoa_centre, project, "tien-do", schedule=[{"content": "Việc của tôi"}])
    with act_as(thanh_hoa_centre):
        assert [item.content for item in project.schedule.all()] == ["Việc của tôi"]
        assert project.results.count() == 3


def unwritten(project: Project, reader: User) -> set[str]:
    with act_as(reader):
        stored = Project.objects.get(pk=project.pk)
        return {verdict.field for verdict in verdicts_of(stored) if verdict.code == "missing_text"}


def test_a_prompt_left_as_it_is_does_not_count_as_written(thanh_hoa_centre: User) -> None:
    project = send(thanh_hoa_centre, bare_draft(thanh_hoa_centre), "noi-dung", necessity="Của tôi.")
    project = send(thanh_hoa_centre, project, "tien-do")
    open_parts = {"objectives", "scale", "content", "organisation", "effectiveness", "results"}
    assert unwritten(project, thanh_hoa_centre) == open_parts
    written = DraftValues(
        {"objectives": "Tăng công suất."}, results=[ResultValues("Công suất", "500", "tấn")]
    )
    with act_as(thanh_hoa_centre):
        save_draft(project, written, actor=thanh_hoa_centre)
    assert unwritten(project, thanh_hoa_centre) == open_parts - {"objectives", "results"}


def test_a_dossier_with_something_in_it_is_offered_nothing(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    for section in ("thong-tin", "thu-huong", "kinh-phi", "noi-dung", "tien-do"):
        assert OFFER not in text_of(thanh_hoa_centre, f"/de-an/{project.code}/sua/{section}/")
    assert project.state == State.DRAFT


def test_every_template_says_that_no_document_orders_it() -> None:
    assert set(DossierTemplate.objects.values_list("confidence", flat=True)) == {"proposal"}
    assert not DossierTemplate.objects.filter(source_document__isnull=False).exists()
    known = {name for name, _number, _label in TEXT_SECTIONS}
    for template in DossierTemplate.objects.all():
        assert set(template.texts) <= known
        assert all(BLANK in text for text in template.texts.values())
        assert all(len(row) == 2 for row in template.results)
