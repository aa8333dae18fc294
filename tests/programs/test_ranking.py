"""Who is ranked before whom, and on what grounds."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.priority import ranked
from programs.ranking import RankFacts, grounds, rank_key
from tests.factories import make_project


def order(*projects: RankFacts) -> list[str]:
    return [project.code for project in sorted(projects, key=rank_key)]


def test_flagship_projects_go_before_all() -> None:
    assert order(RankFacts("A", area="a"), RankFacts("Z", kind="FLAGSHIP")) == ["Z", "A"]


def test_areas_keep_the_strict_order_of_the_law() -> None:
    projects = [
        RankFacts("none"), RankFacts("d", area="d"), RankFacts("c", new_rural=True),
        RankFacts("b", area="b"), RankFacts("a", area="a"),
    ]  # fmt: skip
    assert order(*projects) == ["a", "b", "c", "d", "none"]


def test_the_best_of_several_areas_counts() -> None:
    assert order(RankFacts("x", area="d", new_rural=True), RankFacts("y", area="d")) == ["x", "y"]


def test_area_weighs_more_than_sector() -> None:
    export = RankFacts("export", area="d", evidence={"export": "Hợp đồng 12/2026"})
    assert order(export, RankFacts("plain", area="a")) == ["plain", "export"]


def test_the_first_sector_group_goes_before_the_second_and_the_second_before_none() -> None:
    projects = [
        RankFacts("none", sector="b"),
        RankFacts("second", sector="a"),
        RankFacts("first", workers=50),
    ]
    assert order(*projects) == ["first", "second", "none"]


def test_forty_nine_workers_are_not_labour_intensive() -> None:
    assert order(RankFacts("b", workers=49), RankFacts("c", workers=50)) == ["c", "b"]


def test_experience_then_code_break_ties() -> None:
    assert order(RankFacts("c", experience=1), RankFacts("b"), RankFacts("a")) == ["c", "a", "b"]


def test_cleaner_production_stands_outside_the_ranking_and_says_so() -> None:
    cleaner = RankFacts("clean", area="a", activity="N3.6")
    assert order(cleaner, RankFacts("plain")) == ["plain", "clean"]
    assert [ground.predicate for ground in grounds(cleaner)] == ["flagship", "cleaner_production"]


def test_a_flagship_of_cleaner_production_is_a_flagship_first() -> None:
    flagship = RankFacts("clean", kind="FLAGSHIP", activity="N3.6")
    assert order(RankFacts("plain", area="a"), flagship) == ["clean", "plain"]


def test_grounds_name_what_shows_them_and_where_they_are_written() -> None:
    found = {
        ground.predicate: ground
        for ground in grounds(
            RankFacts("x", area="b", sector="d", workers=80, evidence={"export": "Hợp đồng 12/2026"})
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
    found = grounds(RankFacts("x", workers=12, evidence={"export": ""}))
    assert not any(ground.satisfied for ground in found)
    said = {ground.predicate: ground.evidence for ground in found}
    assert (said["export"], said["labour_intensive"]) == ("chưa có dữ liệu để xét", "")


@st.composite
def projects(draw: st.DrawFn) -> RankFacts:
    evidence: dict[str, Any] = draw(
        st.dictionaries(st.sampled_from(["export", "key_product", "supporting_industry"]), st.just("có"))
    )
    return RankFacts(
        code=draw(st.text("ABC", min_size=1, max_size=3)),
        kind=draw(st.sampled_from(["SINGLE", "GROUP", "FLAGSHIP"])),
        area=draw(st.sampled_from(["", "a", "b", "c", "d"])),
        new_rural=draw(st.booleans()),
        sector=draw(st.sampled_from([None, "a", "b", "d"])),
        activity=draw(st.sampled_from(["N3.3", "N3.6"])),
        experience=draw(st.integers(0, 3)),
        evidence=evidence,
    )


def before(one: RankFacts, other: RankFacts) -> bool:
    """The law's words, written again: flagship, then area, then sector group."""
    if (one.kind == "FLAGSHIP") != (other.kind == "FLAGSHIP"):
        return one.kind == "FLAGSHIP"
    if one.kind != "FLAGSHIP" and "N3.6" in (one.activity, other.activity):
        return one.activity != "N3.6" and other.activity == "N3.6"
    places = [
        min([{"a": 1, "b": 2, "c": 3, "d": 4, "": 5}[p.area], 3 if p.new_rural else 5]) for p in (one, other)
    ]
    if places[0] != places[1]:
        return places[0] < places[1]
    groups = []
    for project in (one, other):
        first = "export" in project.evidence or "key_product" in project.evidence
        second = "supporting_industry" in project.evidence or project.sector in ("a", "d")
        groups.append(1 if first else 2 if second else 3)
    return groups[0] < groups[1]


@given(st.lists(projects(), max_size=6, unique_by=lambda project: project.code))
def test_the_order_obeys_the_law_and_does_not_depend_on_the_order_of_arrival(found: list[RankFacts]) -> None:
    ranked = sorted(found, key=rank_key)
    arrived_otherwise = list(reversed(found))
    assert ranked == sorted(arrived_otherwise, key=rank_key)
    for one, other in itertools.combinations(ranked, 2):
        assert not before(other, one)


@pytest.mark.django_db
def test_the_registers_workers_count_in_a_projects_place(thanh_hoa_centre: User) -> None:
    few, many = make_project(thanh_hoa_centre), make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        for project, workers in ((few, 49), (many, 120)):
            Establishment.objects.filter(supports__project=project).update(employees=workers)
        first, second = ranked([few, many])
    assert (first.project, second.project) == (many, few)
    assert [ground.evidence for ground in first.grounds if ground.satisfied] == ["120 lao động"]
