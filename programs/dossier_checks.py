"""Checks of what a dossier says besides its money: content, place, time, papers, excluded cases.

Pure; see :mod:`programs.checks`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from programs.lawbook import Activity, Basis, Exclusion, LawBook
from programs.lifecycle import State
from programs.norm_checks import source_name
from programs.verdicts import (
    Asking,
    PastSupport,
    ProjectFacts,
    Verdict,
    WardTest,
    finding,
    incomplete,
    trieu,
)
from vietnam.text import clean, fold, same_text

COUNTERPART_PAPER = "COUNTERPART_COMMITMENT"
NO_OTHER_PAPER = "NO_OTHER_STATE_MONEY"


def content_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """Activity, sector and beneficiary are named, and the activity is one the law knows on that day."""
    found = []
    activity = law.activity(facts.activity) if facts.activity else None
    if not facts.activity:
        found.append(
            incomplete("missing_activity", _("Chưa chọn nội dung hoạt động khuyến công."), "activity")
        )
    elif activity is None:
        message = _("Nội dung %(code)s chưa có hoặc đã hết hiệu lực vào ngày %(day)s.") % {
            "code": facts.activity,
            "day": law.on.strftime("%d/%m/%Y"),
        }
        found.append(incomplete("missing_activity", message, "activity", inputs={"activity": facts.activity}))
    elif activity.needs_sector and not facts.sector:
        found.append(_missing_sector(activity))
    if facts.kind != "GROUP" and not facts.unit_count:
        found.append(incomplete("missing_beneficiary", _("Chưa ghi đơn vị thụ hưởng."), "beneficiaries"))
    return found


def _missing_sector(activity: Activity) -> Verdict:
    message = _("Chưa chọn ngành nghề; nội dung “%(name)s” chỉ hỗ trợ các ngành trong danh mục.") % {
        "name": activity.short_name
    }
    return incomplete("missing_sector", message, "sector", inputs={"activity": activity.code})


def place_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """The production site is known and may be supported; a commune nobody has listed is only noted.

    Group projects choose their places later (Thông tư 36/2013/TT-BCT, Điều 23).
    """
    activity = law.activity(facts.activity) if facts.activity else None
    if facts.kind == "GROUP":
        return []
    if not facts.commune_known:
        needs = activity is None or activity.needs_place
        return (
            [incomplete("unknown_place", _("Chưa xác định xã, phường nơi thực hiện."), "commune")]
            if needs
            else []
        )
    if activity is None or not activity.area_bound or facts.sector == "g":
        return []
    if facts.area is None and facts.ward is not None:
        return [_ward_verdict(facts.ward)]
    if facts.area is None:
        message = _("Chưa có dữ liệu cho biết xã, phường này có thuộc địa bàn được hỗ trợ hay không.")
        return [Verdict("area_unknown", "note", message, "commune", rule="area:1")]
    if facts.area.eligible:
        message = _("Nơi sản xuất thuộc địa bàn được hỗ trợ%(law)s.") % {
            "law": _in_brackets(facts.area.basis)
        }
        return [replace(_listed("area_eligible", message, facts.area.basis), severity="ok", blocks_from=None)]
    message = _("Nơi sản xuất không thuộc địa bàn được hỗ trợ%(law)s.") % {
        "law": _in_brackets(facts.area.basis)
    }
    return [_listed("area_not_eligible", message, facts.area.basis)]


def _listed(code: str, message: str, basis: Basis) -> Verdict:
    return finding(code, message, "commune", basis, rule="area:1", blocks_from=State.PASSED_PROV.value)


def _ward_verdict(test: WardTest) -> Verdict:
    """A ward that was a commune: told with its grounds. It never blocks, for nobody has listed the classes of
    cities, by which other wards are eligible too. Thông tư 46/2012/TT-BCT, Điều 3."""
    made = test.conversion
    said = {
        "ward": made.ward,
        "communes": ", ".join(made.communes),
        "others": ", ".join(made.others),
        "day": f"{made.on:%d/%m/%Y}",
        "counted_to": f"{test.counted_to:%d/%m/%Y}",
        "years": test.years,
        "law": _in_brackets(test.basis),
    }
    origin = _("%(ward)s chuyển từ %(communes)s ngày %(day)s") % said
    if made.others:
        origin = _("%(ward)s gồm phần chuyển từ %(communes)s ngày %(day)s (phần khác: %(others)s)") % said
    if test.within:
        rest = _(
            "tính đến %(counted_to)s chưa quá %(years)d năm, nên phần xã cũ còn thuộc địa bàn được hỗ trợ"
        )
    else:
        rest = _(
            "tính đến %(counted_to)s đã quá %(years)d năm; chỉ còn được hỗ trợ nếu thuộc diện khác, hệ thống"
            " chưa có dữ liệu loại đô thị"
        )
    inputs: dict[str, int | str] = {
        "converted_on": made.on.isoformat(),
        "counted_to": test.counted_to.isoformat(),
        "years": test.years,
    }
    message = f"{origin}; {rest % said}{_in_brackets(test.basis)}."
    found = finding("area_ward", message, "commune", test.basis, rule=test.rule, inputs=inputs)
    return replace(found, severity="note") if test.within else found


def schedule_verdicts(facts: ProjectFacts) -> list[Verdict]:
    """Work lies in the plan year; a flagship project may run on (Thông tư 36/2013/TT-BCT, Điều 11)."""
    if facts.starts_on is None and facts.ends_on is None:
        message = _("Chưa ghi thời gian thực hiện.")
        return [Verdict("missing_schedule", "warning", message, "starts_on", rule="missing_schedule:1")]
    found = []
    basis = Basis(document="36/2013/TT-BCT", clause="Điều 11", confidence="memory")
    days = [("starts_on", _("Ngày bắt đầu"), facts.starts_on)]
    if facts.kind != "FLAGSHIP":
        days.append(("ends_on", _("Ngày kết thúc"), facts.ends_on))
    for field, label, day in days:
        if day is not None and day.year != facts.plan_year:
            message = _(
                "%(label)s %(day)s ngoài năm kế hoạch %(year)s; kéo dài sang năm khác do Bộ quyết định."
            ) % {
                "label": label,
                "day": day.strftime("%d/%m/%Y"),
                "year": facts.plan_year,
            }
            inputs: dict[str, int | str] = {"day": day.isoformat(), "plan_year": facts.plan_year}
            found.append(
                finding("schedule_outside_year", message, field, basis, rule="schedule:1", inputs=inputs)
            )
    return found


def text_verdicts(facts: ProjectFacts) -> list[Verdict]:
    """The dossier's obligatory parts that nobody has written; no source says that they block a step."""
    basis = Basis(document="36/2013/TT-BCT", clause="Điều 5", confidence="seen")
    return [
        finding(
            "missing_text",
            _("Chưa viết phần “%(name)s”.") % {"name": name},
            field,
            basis,
            rule="missing_text:1",
        )
        for field, name in facts.unwritten
    ]


def counterpart_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """The beneficiary commits the rest of the money; a group project's beneficiaries are not chosen yet."""
    paper = law.paper(COUNTERPART_PAPER)
    committed = facts.counterpart_commitment or COUNTERPART_PAPER in facts.papers
    if paper is None or committed or facts.kind == "GROUP" or facts.counterpart_vnd <= 0:
        return []
    message = _("Chưa có cam kết bố trí %(money)s đồng vốn đối ứng%(law)s.") % {
        "money": trieu(facts.counterpart_vnd),
        "law": _in_brackets(paper.basis),
    }
    return [
        finding(
            "missing_counterpart_commitment",
            message,
            "counterpart_committed",
            paper.basis,
            rule=f"paper:{law.purse}:{paper.code}:{paper.basis.version}",
            inputs={"counterpart_vnd": facts.counterpart_vnd},
            blocks_from=paper.required_from_state,
        )
    ]


def paper_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """Papers the dossier still lacks, one verdict each."""
    skipped = {COUNTERPART_PAPER, NO_OTHER_PAPER} if facts.kind == "GROUP" else set()
    if facts.counterpart_vnd <= 0 or not facts.counterpart_commitment:
        skipped.add(COUNTERPART_PAPER)  # not needed, or already said by counterpart_verdicts
    return [
        finding(
            "missing_paper",
            _("Thiếu giấy tờ: %(name)s%(law)s.") % {"name": paper.name, "law": _in_brackets(paper.basis)},
            "attachments",
            paper.basis,
            rule=f"paper:{law.purse}:{paper.code}:{paper.basis.version}",
            inputs={"paper": paper.code},
            blocks_from=paper.required_from_state,
        )
        for paper in law.required_papers(facts.activity)
        if paper.code not in facts.papers | skipped
    ]


def _in_brackets(basis: Basis) -> str:
    if not basis.source:
        return ""
    return f" ({basis.name})" if basis.trusted else _(" (%(law)s; chưa kiểm chứng)") % {"law": basis.name}


def double_funding_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """Other support of the same tax code for the same content, in any purse, province and year.

    A sign, not a proof: an officer compares the items, so it never blocks.
    """
    paper = law.paper(NO_OTHER_PAPER)
    basis = paper.basis if paper else None
    found = []
    for past in sorted(facts.double_funding, key=lambda past: (-past.year, past.code)):
        if not _same_content(facts, past, law):
            continue
        message = _(
            "Cơ sở đã có đề án cùng nội dung: %(code)s “%(title)s” (%(purse)s năm %(year)s, %(province)s, "
            "%(money)s đồng). Hãy xác nhận không trùng hạng mục."
        ) % {
            "code": past.code,
            "title": past.title,
            "purse": source_name(past.purse).lower(),
            "year": past.year,
            "province": past.province_name,
            "money": trieu(past.state_vnd),
        }
        inputs: dict[str, int | str] = {"project": past.code, "year": past.year, "state_vnd": past.state_vnd}
        found.append(
            finding("double_funding", message, "beneficiaries", basis, rule="double_funding:1", inputs=inputs)
        )
    return found


def _same_content(facts: ProjectFacts, past: PastSupport, law: LawBook) -> bool:
    if same_text(facts.title, past.title):
        return True
    if not facts.activity or not past.activity_code:
        return False
    return past.activity_code in law.lineage(facts.activity) or facts.activity in law.lineage(
        past.activity_code
    )


def exclusion_verdicts(facts: ProjectFacts, law: LawBook) -> list[Verdict]:
    """Excluded cases. A sector and a legal form are statements and may block; words of a title are a hint and
    only warn."""
    activity = law.activity(facts.activity) if facts.activity else None
    found = []
    for rule in law.exclusions:
        if rule.lifting_paper in facts.papers:
            continue
        if verdict := _by_sector_or_title(rule, facts):
            found.append(verdict)
        if rule.legal_forms and activity is not None and activity.area_bound:
            found += [_by_form(rule, each) for each in facts.asking if _asks_in_vain(rule, each)]
    return found


def _by_sector_or_title(rule: Exclusion, facts: ProjectFacts) -> Verdict | None:
    by_sector = bool(rule.sector_code) and rule.sector_code == facts.sector
    word = _word_in_title(rule, facts.title)
    if not (by_sector or word):
        return None
    message = f"{rule.message}{_in_brackets(rule.basis)}."
    if rule.lifting_paper_name:
        message += " " + _("Hãy đính kèm: %(paper)s.") % {"paper": rule.lifting_paper_name}
    return finding(
        "excluded_case",
        message,
        "sector" if by_sector else "title",
        rule.basis,
        rule=f"exclusion:{rule.code}:{rule.basis.version}",
        inputs={"sector": facts.sector or "", "word": word},
        blocks_from=State.PASSED_PROV.value if by_sector else None,
    )


def _asks_in_vain(rule: Exclusion, asking: Asking) -> bool:
    """Of the excluded form; where the rule is about size, only an establishment known to be larger."""
    if asking.legal_form not in rule.legal_forms:
        return False
    return rule.workers_over is None or (asking.workers or 0) > rule.workers_over


def _by_form(rule: Exclusion, asking: Asking) -> Verdict:
    inputs: dict[str, int | str] = {"name": asking.name, "legal_form": asking.legal_form}
    if rule.workers_over is not None:
        inputs |= {"workers": asking.workers or 0, "workers_over": rule.workers_over}
    return finding(
        "excluded_case",
        f"{asking.name}: {rule.message}{_in_brackets(rule.basis)}.",
        "beneficiaries",
        rule.basis,
        rule=f"exclusion:{rule.code}:{rule.basis.version}",
        inputs=inputs,
        blocks_from=State.PASSED_PROV.value,
    )


def _word_in_title(rule: Exclusion, title: str) -> str:
    """The rule's word found in a title; marks count ("khai thác đá" is not "khai thác đa…") if it has any."""
    bare = clean(title).lower()
    unmarked = bare == fold(title)
    for word in rule.title_words:
        wanted = fold(word) if unmarked else word
        if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", bare):
            return word
    return ""
