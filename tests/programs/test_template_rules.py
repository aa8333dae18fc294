"""Dossier templates edited by two people: the version of the plan year's beginning is offered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from programs import rules
from programs.models import DossierTemplate, Project, RuleProposal
from programs.rule_effects import effects_of
from programs.skeleton import skeleton_for
from tests.pages import signed_in
from tests.programs.rulekit import proposed, verified
from tests.programs.test_skeleton import bare_draft

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 1, 1)


def template(code: str = "N3", day: dt.date = dt.date(2026, 11, 1)) -> DossierTemplate:
    return DossierTemplate.objects.get(activity_code=code, valid__contains=day)


def offered(actor: User, project: Project) -> list[str]:
    with act_as(actor):
        return skeleton_for(Project.objects.get(pk=project.pk)).lines


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "valid_from": "01/01/2027", "prompt_necessity": "- Vì sao: [...]",
        "lines": "Mua máy thử\n\nChạy thử\n",
        "schedule": "Mua máy\nNghiệm thu", "results": "Lao động tăng thêm | người\nSố máy",
        "confidence": "proposal", "reason": "Theo góp ý của các trung tâm (thử).",
    } | changes  # fmt: skip


def test_a_new_template_is_offered_from_the_plan_year_it_holds_on(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    before, after = (bare_draft(thanh_hoa_centre, year=year) for year in (2026, 2027))
    proposal = proposed(
        cuc_officer, DAY, of=template(), confidence="proposal", lines=["Mua máy thử", "Chạy thử"]
    )
    assert "Mua máy thử" not in offered(thanh_hoa_centre, after)
    done = verified(proposal, cuc_leader)
    assert offered(thanh_hoa_centre, after) == ["Mua máy thử", "Chạy thử"]
    assert "Mua máy thử" not in offered(thanh_hoa_centre, before)
    assert DossierTemplate.objects.get(pk=done.new_id or 0).confidence == "proposal"
    ended = template(day=dt.date(2026, 12, 31))
    assert (ended.pk, ended.valid.upper) == (done.old_id, DAY)


def test_the_preview_names_dossiers_whose_empty_parts_are_offered_something_else(
    thanh_hoa_centre: User, cuc_officer: User, cuc_leader: User
) -> None:
    bare = bare_draft(thanh_hoa_centre)
    other = bare_draft(thanh_hoa_centre, "N1")
    old_year = bare_draft(thanh_hoa_centre, year=2026)
    texts = template().texts | {"scale": "- Máy gì, mấy chiếc: […]"}
    proposal = proposed(cuc_officer, DAY, of=template(), confidence="proposal", texts=texts)
    with act_as(cuc_officer):
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
    [redrafted] = effects.retold
    assert (redrafted.project.code, effects.judged) == (bare.code, 1)
    assert [old for old, _words in redrafted.lines] == [True, False]
    page = signed_in(cuc_leader).get(f"/quy-dinh/de-xuat/{proposal.uuid}/").content.decode()
    assert "1 được gợi ý khác" in page and "Máy gì, mấy chiếc" in page
    assert other.code not in page and old_year.code not in page
    verified(proposal, cuc_leader)
    with act_as(thanh_hoa_centre):
        found = skeleton_for(Project.objects.get(pk=bare.pk)).texts["scale"]
    assert redrafted.lines[1][1].endswith(found)


def test_what_is_written_already_is_offered_nothing(thanh_hoa_centre: User, cuc_officer: User) -> None:
    bare = bare_draft(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        Project.objects.filter(pk=bare.pk).update(necessity="Đã viết.")
    texts = template().texts | {"scale": "- Máy gì: […]"}
    proposal = proposed(cuc_officer, DAY, of=template(), confidence="proposal", texts=texts)
    with act_as(cuc_officer):
        effects = effects_of(rules.wish_of(proposal), cuc_officer)
    assert (effects.judged, effects.retold) == (1, ())


def test_the_template_is_written_in_fields_for_people(cuc_officer: User, cuc_leader: User) -> None:
    client, row = signed_in(cuc_officer), template()
    page = client.get(f"/quy-dinh/khung-mau/{row.pk}/sua/").content.decode()
    said = client.get(f"/quy-dinh/khung-mau/{row.pk}/").content.decode()
    assert "Vận chuyển, lắp đặt, chạy thử" in said and "Doanh thu tăng thêm – triệu đồng/năm" in said
    assert "Lao động tăng thêm | người" in page and "Mua máy móc, thiết bị\nVận chuyển" in page
    client.post(f"/quy-dinh/khung-mau/{row.pk}/sua/", sent(action="propose"))
    with act_as(cuc_officer):
        proposal = RuleProposal.objects.get()
    done = verified(proposal, cuc_leader)
    new = DossierTemplate.objects.get(pk=done.new_id or 0)
    assert (new.activity_code, new.texts) == ("N3", {"necessity": "- Vì sao: […]"})
    assert (new.lines, new.schedule) == (["Mua máy thử", "Chạy thử"], ["Mua máy", "Nghiệm thu"])
    assert new.results == [["Lao động tăng thêm", "người"], ["Số máy", ""]]
    text = signed_in(cuc_leader).get(f"/quy-dinh/khung-mau/{new.pk}/").content.decode()
    assert "gợi ý 1 phần viết, 2 dòng dự toán, 2 công việc, 2 chỉ tiêu" in text and "chưa kiểm chứng" in text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"prompt_scale": "Không có chỗ điền"}, "prompt_scale", "để […]"),
        ({"lines": "x" * 501}, "lines", "dài quá 500 ký tự"),
        ({"schedule": "\n".join("abc" for _n in range(41))}, "schedule", "Nhiều nhất 40 mục"),
        ({"results": "| người"}, "results", "tên chỉ tiêu"),
        ({"results": f"Máy | {'x' * 51}"}, "results", "dài quá 50 ký tự"),
        ({"lines": "Trả ông 001234567890"}, "lines", "định danh"),
        (
            {"prompt_necessity": "", "lines": "", "schedule": "", "results": ""},
            "prompt_necessity", "chưa có gì",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(
    cuc_officer: User, changes: dict[str, Any], field: str, words: str
) -> None:
    path = f"/quy-dinh/khung-mau/{template().pk}/sua/"
    answer = signed_in(cuc_officer).post(path, sent(action="propose", **changes))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field] and words in " ".join(errors[field])


@pytest.mark.owner_role
def test_the_loader_leaves_templates_that_people_edited(cuc_officer: User, cuc_leader: User) -> None:
    from tests.programs.test_load_law import load

    proposal = proposed(cuc_officer, DAY, of=template(), confidence="proposal", lines=["Mua máy thử"])
    verified(proposal, cuc_leader)
    assert "kept (edited in the portal): DossierTemplate N3 2014-02-10" in load()
    assert template(day=DAY).lines == ["Mua máy thử"]
