"""The order in which money is given: area first, then sector, flagship projects before all.

Nghị định 45/2012/NĐ-CP, Điều 6; Thông tư 46/2012/TT-BCT, Điều 6; Thông tư 36/2013/TT-BCT, Điều 7.
Pure: the grounds of a place in the list are given with it, so that anyone can check them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AREA_SOURCE = "46/2012/TT-BCT, Điều 6"
PRIORITY_SOURCE = "45/2012/NĐ-CP, Điều 6"
FLAGSHIP_SOURCE = "36/2013/TT-BCT, Điều 7"

AREAS: tuple[tuple[str, str | Promise], ...] = (
    ("a", _("Vùng cao, hải đảo, biên giới, vùng đồng bào dân tộc thiểu số")),
    ("b", _("Huyện nghèo")),
    ("c", _("Xã trong kế hoạch nông thôn mới của năm")),
    ("d", _("Địa bàn kinh tế - xã hội khó khăn, đặc biệt khó khăn")),
)
"""Strict order of priority areas."""

LABOUR_INTENSIVE_FROM = 50
"""Workers from which a project counts as labour-intensive. TT 46/2012, Điều 6."""

FIRST_GROUP: tuple[tuple[str, str | Promise], ...] = (
    ("typical_product", _("Sản phẩm công nghiệp nông thôn tiêu biểu còn hiệu lực chứng nhận")),
    ("key_product", _("Sản phẩm chủ lực, mũi nhọn")),
    ("export", _("Sản xuất hàng xuất khẩu (có hợp đồng)")),
    ("local_material", _("Trên 50% giá trị nguyên liệu trong tỉnh")),
    ("labour_intensive", _("Sử dụng từ 50 lao động")),
)
"""Group b of the law, ranked before group a."""

SECOND_GROUP: tuple[tuple[str, str | Promise], ...] = (
    ("mechanical", _("Cơ khí")),
    ("agro_chemicals", _("Hóa chất phục vụ nông nghiệp")),
    ("agro_processing", _("Chế biến nông - lâm - thủy sản")),
    ("supporting_industry", _("Công nghiệp hỗ trợ (sản phẩm trong danh mục)")),
)
"""Group a of the law."""

_SECTOR_PREDICATE = {"a": "agro_processing", "c": "agro_chemicals", "d": "mechanical"}
"""What a sector alone shows; the evidence is then the sector chosen in the dossier."""

_LAST = len(AREAS)


@dataclass(frozen=True, slots=True)
class RankFacts:
    """What a project's place depends on.

    ``area`` is the letter of the priority area, "" for none. ``evidence`` maps a predicate of the two
    groups to what shows it (a file, a list, a figure). ``experience`` counts the implementer's finished
    projects and only breaks ties.
    """

    code: str
    kind: str = "SINGLE"
    area: str = ""
    new_rural: bool = False
    sector: str | None = None
    activity: str | None = None
    workers: int | None = None
    experience: int = 0
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for a place in the list, satisfied or not; ``evidence`` shows it, or says why not."""

    predicate: str
    label: str
    satisfied: bool
    evidence: str
    source: str


def is_cleaner_production(facts: RankFacts) -> bool:
    """Cleaner production is ordered by effect and urgency, outside the ranking. TT 46/2012, Điều 6."""
    return (facts.activity or "").startswith("N3.6")


def rank_key(facts: RankFacts) -> tuple[int, int, int, int, int, str]:
    """Sort key, smallest first; total and repeatable, the project code decides what is left.

    Cleaner production comes after the ranked projects: people place it by its effect.
    """
    if facts.kind == "FLAGSHIP":
        tier = 0
    elif is_cleaner_production(facts):
        return (2, 0, 0, 0, -facts.experience, facts.code)
    else:
        tier = 1
    first, second = _met(facts, FIRST_GROUP), _met(facts, SECOND_GROUP)
    group = 0 if first else 1 if second else 2
    return (tier, area_order(facts), group, -(first or second), -facts.experience, facts.code)


def area_order(facts: RankFacts) -> int:
    """The place of the best priority area the project lies in; the last one for none."""
    letters = {facts.area, "c" if facts.new_rural else ""}
    return min((order for order, (letter, _label) in enumerate(AREAS) if letter in letters), default=_LAST)


def grounds(facts: RankFacts) -> list[Ground]:
    """Why a project ranks where it does: every predicate that counts, met or not, in order of weight."""
    flagship = facts.kind == "FLAGSHIP"
    found = [Ground("flagship", str(_("Đề án điểm")), flagship, "", FLAGSHIP_SOURCE)]
    if is_cleaner_production(facts) and not flagship:
        outside = _("Sản xuất sạch hơn: xếp theo hiệu quả và mức cấp thiết, ngoài thứ tự địa bàn, ngành nghề")
        return [*found, Ground("cleaner_production", str(outside), True, facts.activity or "", AREA_SOURCE)]
    for letter, label in AREAS:
        met = facts.area == letter or (letter == "c" and facts.new_rural)
        found.append(Ground(f"area_{letter}", str(label), met, "", AREA_SOURCE))
    for predicate, label in (*FIRST_GROUP, *SECOND_GROUP):
        evidence = _evidence(facts, predicate)
        said = evidence or ("" if _is_known(facts, predicate) else str(_("chưa có dữ liệu để xét")))
        found.append(Ground(predicate, str(label), bool(evidence), said, PRIORITY_SOURCE))
    return found


def _is_known(facts: RankFacts, predicate: str) -> bool:
    """Whether the dossier holds what the predicate is judged by; nobody has claimed or denied the others."""
    if predicate == "labour_intensive":
        return facts.workers is not None
    return facts.sector is not None and predicate in _SECTOR_PREDICATE.values()


def _met(facts: RankFacts, group: tuple[tuple[str, str | Promise], ...]) -> int:
    return sum(1 for predicate, _label in group if _evidence(facts, predicate))


def _evidence(facts: RankFacts, predicate: str) -> str:
    """What shows the predicate; "" where nothing does, so that nothing counts unproved."""
    if predicate in facts.evidence:
        return facts.evidence[predicate]
    if predicate == "labour_intensive" and (facts.workers or 0) >= LABOUR_INTENSIVE_FROM:
        return str(_("%(workers)s lao động") % {"workers": facts.workers})
    if facts.sector and _SECTOR_PREDICATE.get(facts.sector) == predicate:
        return str(_("Ngành nghề %(sector)s) trong hồ sơ") % {"sector": facts.sector})
    return ""
