"""The order in which money is given: flagship projects before all, then area, then sector.

Nghị định 45/2012/NĐ-CP, Điều 6; Thông tư 46/2012/TT-BCT, Điều 6; Thông tư 36/2013/TT-BCT, Điều 7. Which
predicates count on a day is data (``PriorityRule``). Pure: the grounds of a place in the list are given with
it, so that anyone can check them, and the same facts under the same law give the same order again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from programs.lawbook import Basis
from programs.lawterms import PriorityGroup

CLEANER_SOURCE = "46/2012/TT-BCT, Điều 6"
CLEANER_PRODUCTION = "N3.6"

_LAST = 99
"""The place of an area behind every area of the law."""

WEIGHED = ("code", "group", "position", "sector_code", "workers_from")
"""What of a predicate decides about a place."""

Key = tuple[int, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A ground of priority as it holds on a day. ``position`` is the strict order of the areas."""

    code: str
    name: str
    group: str
    position: int
    sector_code: str = ""
    workers_from: int | None = None
    basis: Basis = field(default_factory=Basis)

    @property
    def rule(self) -> str:
        """Identity and version: "priority:export:2013-02-10"."""
        return f"priority:{self.code}:{self.basis.version}"

    def to_json(self) -> dict[str, Any]:
        """What it weighs, and which version it is, as a decision keeps it."""
        told = {name: getattr(self, name) for name in WEIGHED if getattr(self, name)}
        return {"rule": self.rule, **told}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Predicate:
        """For working out a place again; its name and basis are not kept."""
        told = {name: data[name] for name in WEIGHED if name in data}
        return Predicate(**{"name": data["code"], "position": 0, **told})


@dataclass(frozen=True, slots=True)
class RankFacts:
    """What a project's place depends on.

    ``evidence`` maps a predicate to what shows it: an accepted claim, or the list of communes. ``refused``
    maps one that is claimed but does not count to the reason.
    """

    code: str
    kind: str = "SINGLE"
    sector: str | None = None
    activity: str | None = None
    workers: int | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a decision keeps it."""
        plain = ("code", "kind", "sector", "activity", "workers")
        return {name: getattr(self, name) for name in plain} | {
            "evidence": dict(self.evidence), "refused": dict(self.refused)
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for a place in the list, satisfied or not; ``evidence`` shows it, or says why not."""

    predicate: str
    label: str
    satisfied: bool
    evidence: str
    source: str
    trusted: bool = True


def is_cleaner_production(facts: RankFacts) -> bool:
    """Cleaner production is ordered by effect and urgency, outside the ranking. TT 46/2012, Điều 6."""
    return (facts.activity or "").startswith(CLEANER_PRODUCTION)


def rank_key(facts: RankFacts, law: Sequence[Predicate]) -> Key:
    """Sort key, smallest first; total and repeatable, the project code decides what is left.

    Cleaner production comes after the ranked projects: people place it by its effect.
    """
    met = [predicate for predicate in law if shows(facts, predicate)]
    if any(predicate.group == PriorityGroup.FLAGSHIP for predicate in met):
        tier = 0
    elif is_cleaner_production(facts):
        return (2, 0, 0, 0, facts.code)
    else:
        tier = 1
    area = min((each.position for each in met if each.group == PriorityGroup.AREA), default=_LAST)
    first, second = (_count(met, group) for group in (PriorityGroup.FIRST, PriorityGroup.SECOND))
    group = 0 if first else 1 if second else 2
    return (tier, area, group, -(first or second), facts.code)


def _count(met: Iterable[Predicate], group: PriorityGroup) -> int:
    return sum(1 for predicate in met if predicate.group == group)


def shows(facts: RankFacts, predicate: Predicate) -> str:
    """What shows the predicate; "" where nothing does, so that nothing counts unproved. Where the register
    knows the workers, it decides."""
    if predicate.group == PriorityGroup.FLAGSHIP:
        return _("Loại đề án trong hồ sơ") if facts.kind == "FLAGSHIP" else ""
    if predicate.workers_from is not None and facts.workers is not None:
        enough = facts.workers >= predicate.workers_from
        return _("%(workers)s lao động") % {"workers": facts.workers} if enough else ""
    if said := facts.evidence.get(predicate.code):
        return said
    if predicate.sector_code and facts.sector == predicate.sector_code:
        return _("Ngành nghề %(sector)s) trong hồ sơ") % {"sector": facts.sector}
    return ""


def grounds(facts: RankFacts, law: Sequence[Predicate]) -> list[Ground]:
    """Why a project ranks where it does: every predicate that counts, met or not, in order of weight."""
    found = [_ground(facts, predicate) for predicate in law]
    flagship = [ground for ground in found if ground.predicate == PriorityGroup.FLAGSHIP]
    if not is_cleaner_production(facts) or any(ground.satisfied for ground in flagship):
        return found
    outside = _("Sản xuất sạch hơn: xếp theo hiệu quả và mức cấp thiết, ngoài thứ tự địa bàn, ngành nghề")
    return [*flagship, Ground("cleaner_production", outside, True, facts.activity or "", CLEANER_SOURCE)]


def _ground(facts: RankFacts, predicate: Predicate) -> Ground:
    evidence = shows(facts, predicate)
    said = evidence or facts.refused.get(predicate.code) or _unknown(facts, predicate)
    basis = predicate.basis
    return Ground(
        predicate.code, predicate.name, bool(evidence), said, basis.source or "", trusted=basis.trusted
    )


def _unknown(facts: RankFacts, predicate: Predicate) -> str:
    """Said where neither the dossier nor the register holds what the predicate is judged by."""
    known = (
        predicate.group == PriorityGroup.FLAGSHIP
        or (predicate.workers_from is not None and facts.workers is not None)
        or (predicate.sector_code and facts.sector is not None)
    )
    return "" if known else _("chưa có dữ liệu để xét")


def ahead(one: RankFacts, other: RankFacts, law: Sequence[Predicate]) -> str:
    """Why ``one`` stands before ``other``: the first step of the order in which they differ."""
    mine, theirs = rank_key(one, law), rank_key(other, law)
    step = next((n for n, pair in enumerate(zip(mine, theirs, strict=True)) if pair[0] != pair[1]), 4)
    said = {"one": _standing(one, law, step), "other": _standing(other, law, step)}
    match step:
        case 0:
            return _("%(one)s xếp trước %(other)s.") % said
        case 1:
            return _("Địa bàn được ưu tiên hơn: %(one)s, trước %(other)s.") % said
        case 2:
            return _("Cùng địa bàn; ngành nghề được ưu tiên hơn: %(one)s, trước %(other)s.") % said
        case 3:
            return _("Cùng địa bàn, cùng nhóm ngành nghề; đạt %(one)s căn cứ, hơn %(other)s.") % said
    return _("Căn cứ ngang nhau; xếp theo mã đề án.")


def _standing(facts: RankFacts, law: Sequence[Predicate], step: int) -> str:
    key = rank_key(facts, law)
    match step:
        case 0:
            return (_("đề án điểm"), _("đề án trong thứ tự ưu tiên"), _("sản xuất sạch hơn"))[key[0]]
        case 1:
            areas = [each for each in law if each.group == PriorityGroup.AREA and each.position == key[1]]
            return f"“{areas[0].name}”" if areas else _("ngoài địa bàn ưu tiên")
        case 2:
            return (_("nhóm b"), _("nhóm a"), _("ngoài ngành nghề ưu tiên"))[key[2]]
    return str(-key[3])
