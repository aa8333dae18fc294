"""Who is ranked before whom, and on what grounds."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.lawbook import Basis
from programs.priority import ranked
from programs.ranking import Predicate, RankFacts, ahead, grounds, rank_key
from tests.factories import make_project

# code, group, place among the areas, sector, workers: the law of TT 46/2012, Điều 6, written again by hand
HAND: list[tuple[str, str, int, str, int | None]] = [
    ("flagship", "flagship", 0, "", None),
    ("area_a", "area", 1, "", None), ("area_b", "area", 2, "", None),
    ("area_c", "area", 3, "", None), ("area_d", "area", 4, "", None),
    ("typical_product", "first", 11, "", None), ("key_product", "first", 12, "", None),
    ("export", "first", 13, "", None), ("labour_intensive", "first", 15, "", 50),
    ("mechanical", "second", 21, "d", None), ("agro_processing", "second", 23, "a", None),
    ("supporting_industry", "second", 24, "", None),
]  # fmt: skip
BASIS = Basis("46/2012/TT-BCT", "Điều 6", "seen")
LAW = [
    Predicate(code, code, group, place, sector, least, BASIS) for code, group, place, sector, least in HAND
]


def project(code: str, area: str = "", *, new_rural: bool = False, **more: Any) -> RankFacts:
    """A project whose areas somebody has accepted."""
    areas = {f"area_{letter}": "QĐ 01" for letter in (area, "c" if new_rural else "") if letter}
    return RankFacts(code, evidence=areas | more.pop("evidence", {}), **more)


def order(*projects: RankFacts) -> list[str]:
    return [project.code for project in sorted(projects, key=lambda facts: rank_key(facts, LAW))]


def test_flagship_projects_go_before_all() -> None:
    assert order(project("A", area="a"), project("Z", kind="FLAGSHIP")) == ["Z", "A"]


def test_areas_keep_the_strict_order_of_the_law() -> None:
    projects = [
        project("none"), project("d", area="d"), project("c", new_rural=True),
        project("b", area="b"), project("a", area="a"),
    ]  # fmt: skip
    assert order(*projects) == ["a", "b", "c", "d", "none"]


def test_the_best_of_several_areas_counts() -> None:
    assert order(project("x", area="d", new_rural=True), project("y", area="d")) == ["x", "y"]


def test_area_weighs_more_than_sector() -> None:
    export = project("export", area="d", evidence={"export": "Hợp đồng 12/2026"})
    assert order(export, project("plain", area="a")) == ["plain", "export"]


def test_the_first_sector_group_goes_before_the_second_and_the_second_before_none() -> None:
    projects = [
        project("none", sector="b"),
        project("second", sector="a"),
        project("first", workers=50),
    ]
    assert order(*projects) == ["first", "second", "none"]


def test_forty_nine_workers_are_not_labour_intensive() -> None:
    assert order(project("b", workers=49), project("c", workers=50)) == ["c", "b"]


def test_the_code_breaks_ties() -> None:
    assert order(project("c"), project("b"), project("a")) == ["a", "b", "c"]


def test_cleaner_production_stands_outside_the_ranking_and_says_so() -> None:
    cleaner = project("clean", area="a", activity="N3.6")
    assert order(cleaner, project("plain")) == ["plain", "clean"]
    assert [ground.predicate for ground in grounds(cleaner, LAW)] == ["flagship", "cleaner_production"]


def test_a_flagship_of_cleaner_production_is_a_flagship_first() -> None:
    flagship = project("clean", kind="FLAGSHIP", activity="N3.6")
    assert order(project("plain", area="a"), flagship) == ["clean", "plain"]


def test_grounds_name_what_shows_them_and_where_they_are_written() -> None:
    found = {
        ground.predicate: ground
        for ground in grounds(
            project("x", area="b", sector="d", workers=80, evidence={"export": "Hợp đồng 12/2026"}), LAW
        )
    }
    assert [name for name, ground in found.items() if ground.satisfied] == [
        "area_b", "export", "labour_intensive", "mechanical",
    ]  # fmt: skip
    assert found["export"].evidence == "Hợp đồng 12/2026"
    assert found["labour_intensive"].evidence == "80 lao động"
    assert found["area_b"].source == "46/2012/TT-BCT, Điều 6"
    assert not found["typical_product"].satisfied


def test_nothing_counts_without_evidence() -> None:
    found = grounds(project("x", workers=12, evidence={"export": ""}), LAW)
    assert not any(ground.satisfied for ground in found)
    said = {ground.predicate: ground.evidence for ground in found}
    assert (said["export"], said["labour_intensive"]) == ("chưa có dữ liệu để xét", "")


@dataclass(frozen=True)
class Drawn:
    facts: RankFacts
    area: int


@st.composite
def projects(draw: st.DrawFn) -> Drawn:
    evidence: dict[str, Any] = draw(
        st.dictionaries(st.sampled_from(["export", "key_product", "supporting_industry"]), st.just("có"))
    )
    area, new_rural = draw(st.sampled_from(["", "a", "b", "c", "d"])), draw(st.booleans())
    facts = project(
        draw(st.text("ABC", min_size=1, max_size=3)),
        area,
        new_rural=new_rural,
        kind=draw(st.sampled_from(["SINGLE", "GROUP", "FLAGSHIP"])),
        sector=draw(st.sampled_from([None, "a", "b", "d"])),
        activity=draw(st.sampled_from(["N3.3", "N3.6"])),
        evidence=evidence,
    )
    best = min([{"a": 1, "b": 2, "c": 3, "d": 4, "": 5}[area], 3 if new_rural else 5])
    return Drawn(facts, best)


def before(one: Drawn, other: Drawn) -> bool:
    """The law's words, written again: flagship, then area, then sector group."""
    if (one.facts.kind == "FLAGSHIP") != (other.facts.kind == "FLAGSHIP"):
        return one.facts.kind == "FLAGSHIP"
    if one.facts.kind != "FLAGSHIP" and "N3.6" in (one.facts.activity, other.facts.activity):
        return one.facts.activity != "N3.6" and other.facts.activity == "N3.6"
    if one.area != other.area:
        return one.area < other.area
    groups = []
    for facts in (one.facts, other.facts):
        first = "export" in facts.evidence or "key_product" in facts.evidence
        second = "supporting_industry" in facts.evidence or facts.sector in ("a", "d")
        groups.append(1 if first else 2 if second else 3)
    return groups[0] < groups[1]


@given(st.lists(projects(), max_size=6, unique_by=lambda drawn: drawn.facts.code))
def test_the_order_obeys_the_law_and_does_not_depend_on_the_order_of_arrival(found: list[Drawn]) -> None:
    def key(drawn: Drawn) -> Any:
        return rank_key(drawn.facts, LAW)

    ranked = sorted(found, key=key)
    arrived_otherwise = list(reversed(found))
    assert ranked == sorted(arrived_otherwise, key=key)
    for one, other in itertools.combinations(ranked, 2):
        assert not before(other, one)


@given(st.lists(projects(), min_size=2, max_size=4, unique_by=lambda drawn: drawn.facts.code))
def test_a_place_kept_as_json_is_worked_out_again_to_the_same(found: list[Drawn]) -> None:
    for drawn in found:
        again = RankFacts(**json.loads(json.dumps(drawn.facts.to_json())))
        assert rank_key(again, LAW) == rank_key(drawn.facts, LAW)
        assert grounds(again, LAW) == grounds(drawn.facts, LAW)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (project("x", kind="FLAGSHIP"), project("y", "a"),
         "đề án điểm xếp trước đề án trong thứ tự ưu tiên."),
        (project("x", "b"), project("y", "d"), "Địa bàn được ưu tiên hơn: “area_b”, trước “area_d”."),
        (project("x", "d"), project("y"),
         "Địa bàn được ưu tiên hơn: “area_d”, trước ngoài địa bàn ưu tiên."),
        (project("x", workers=60), project("y", sector="a"),
         "Cùng địa bàn; ngành nghề được ưu tiên hơn: nhóm b, trước nhóm a."),
        (project("x", workers=60, evidence={"export": "HĐ"}), project("y", workers=60),
         "Cùng địa bàn, cùng nhóm ngành nghề; đạt 2 căn cứ, hơn 1."),
        (project("x"), project("y"), "Căn cứ ngang nhau; xếp theo mã đề án."),
    ],
)  # fmt: skip
def test_why_one_stands_before_the_next_is_said_in_a_sentence(
    one: RankFacts, other: RankFacts, why: str
) -> None:
    assert ahead(one, other, LAW) == why


def test_where_the_register_knows_the_workers_it_decides_against_a_claim() -> None:
    claimed = {"labour_intensive": "Bảng lương"}
    assert order(project("a", workers=49, evidence=claimed), project("b", workers=50)) == ["b", "a"]
    assert order(project("b", evidence=claimed), project("a", sector="a")) == ["b", "a"]


@pytest.mark.django_db
def test_the_registers_workers_count_in_a_projects_place(thanh_hoa_centre: User) -> None:
    few, many = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        for project, workers in ((few, 49), (many, 120)):
            Establishment.objects.filter(supports__project=project).update(employees=workers)
        first, second = ranked([few, many])
    assert (first.project, second.project) == (many, few)
    assert [ground.evidence for ground in first.grounds if ground.satisfied] == ["120 lao động"]
