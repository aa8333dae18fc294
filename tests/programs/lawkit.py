"""A small law written down by hand, and facts to hold against it; nothing here reads the product's data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from programs.checks import LineFacts, ProjectFacts, Verdict
from programs.lawbook import Activity, Basis, Exclusion, LawBook, Norm, Paper
from programs.verdicts import Area

M = 1_000_000
OLD = ("26/2014/TTLT-BTC-BCT", dt.date(2014, 4, 8))
NEW = ("28/2018/TT-BTC", dt.date(2018, 5, 11))

# activity, percent, cap in triệu, what the cap is for, how sure
HAND_TABLE: dict[str, list[tuple[str, int | None, int | None, str, str]]] = {
    "old": [
        ("N2.3", None, 10, "enterprise", "seen"),
        ("N3.1", 30, 500, "model", "seen"),
        ("N3.2", None, 100, "model", "seen"),
        ("N3.3", 50, 200, "establishment", "seen"),
        ("N3.4", 50, 200, "establishment", "seen"),
        ("N4.2", 100, None, "fair", "seen"),
        ("N4.5", 50, 35, "brand", "seen"),
        ("N5", 50, 35, "establishment", "seen"),
        ("N7.1-region", 30, 70, "association", "seen"),
        ("N7.3", 50, 500, "CCN", "seen"),
        ("N7.4", None, 3000, "CCN", "seen"),
        ("N7.7", 30, 300, "establishment", "seen"),
        ("N7.8", 50, 500, "establishment", "seen"),
    ],
    "new": [
        ("N2.3", None, 10, "enterprise", "memory"),
        ("N3.1", 30, 1000, "model", "seen"),
        ("N3.2", None, 100, "model", "memory"),
        ("N3.3", 50, 300, "establishment", "seen"),
        ("N3.4", 50, 300, "establishment", "seen"),
        ("N3.5", 50, 450, "establishment", "seen"),
        ("N3.6", 30, 500, "model", "weak memory"),
        ("N4.2", 100, None, "fair", "memory"),
        ("N4.5", 50, 35, "brand", "memory"),
        ("N5", 50, 35, "establishment", "memory"),
        ("N7.1-region", 30, 70, "association", "weak memory"),
        ("N7.3", 50, 500, "CCN", "memory"),
        ("N7.4", None, 6000, "CCN", "seen"),
        ("N7.7", 30, 300, "establishment", "memory"),
        ("N7.8", 50, 500, "establishment", "seen"),
    ],
}

PARENTS = {"N7.1-region": "N7.1", "N7.1": "N7"}
NEEDS = {"N3.1", "N3.2", "N3.3", "N3.4", "N3.5", "N4.5", "N5", "N7.7"}
KNOWN = ["N1", "N3", "N4", "N6", "N7", "N7.1"]


def book(
    on: dt.date = dt.date(2027, 1, 1), purse: str = "KCQG", *, local: tuple[Norm, ...] = (), **extra: Any
) -> LawBook:
    """The hand-written law of a day."""
    period, (document, since) = ("old", OLD) if on < NEW[1] else ("new", NEW)
    norms = {
        ("KCQG", code): Norm(
            "KCQG",
            "",
            code,
            unit,
            pct,
            cap * M if cap else None,
            None,
            Basis(document, "khoản 4 Điều 8", sure, since),
        )
        for code, pct, cap, unit, sure in HAND_TABLE[period]
    }
    norms |= {("KCDP", norm.activity_code): norm for norm in local}
    codes = {*KNOWN, *(code for rows in HAND_TABLE.values() for code, *_rest in rows)}
    return LawBook(
        on=on,
        purse=purse,
        activities={code: activity(code) for code in sorted(codes)},
        norms=norms,
        papers=extra.pop("papers", papers("memory")),
        exclusions=extra.pop("exclusions", EXCLUSIONS),
        **extra,
    )


def activity(code: str) -> Activity:
    parent = PARENTS.get(code, code.split(".")[0] if "." in code else "")
    needs = code in NEEDS
    return Activity(code, code, code, code, parent, "SELECTION", needs, needs, needs, Basis())


def papers(confidence: str) -> tuple[tuple[str, Paper], ...]:
    basis = Basis("28/2018/TT-BTC", "", confidence, NEW[1])
    names = {
        "OFFICIAL_LETTER": "Công văn đề nghị",
        "PROPOSAL": "Đề án",
        "COUNTERPART_COMMITMENT": "Cam kết vốn đối ứng",
        "NO_OTHER_STATE_MONEY": "Cam kết không nhận vốn khác",
    }
    return tuple(("", Paper(code, name, "SUBMITTED_PROV", basis)) for code, name in names.items())


ALL_PAPERS = frozenset(paper.code for _activity, paper in papers("memory"))

_TT46 = Basis("46/2012/TT-BCT", "Điều 4, Điều 5", "seen", dt.date(2013, 2, 10))
EXCLUSIONS = (
    Exclusion(
        "mining",
        "Khoáng sản chỉ ở địa bàn khó khăn",
        "e",
        ("khai thác đá",),
        "DIFFICULT_AREA",
        "Giấy tờ địa bàn",
        _TT46,
    ),
    Exclusion(
        "brick", "Gạch đất sét nung không được hỗ trợ", "", ("gạch nung", "gạch đất sét nung"), "", "", _TT46
    ),
)


def facts(
    activity: str | None = "N3.3", total: int = 600 * M, kcqg: int = 300 * M, **changes: Any
) -> ProjectFacts:
    """A sound single project of 2027 asking ``kcqg`` of ``total``; the rest is the beneficiary's."""
    amounts = {"KCQG": kcqg, "KCDP": 0, "OWN": total - kcqg, "OTHER": 0} | changes.pop("amounts", {})
    sound: dict[str, Any] = {
        "purse": "KCQG",
        "plan_year": 2027,
        "kind": "SINGLE",
        "activity": activity,
        "sector": "b",
        "title": "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất đồ gỗ",
        "amounts": amounts,
        "declared_total_vnd": total,
        "unit_count": 1,
        "commune_known": True,
        "area": Area(True, Basis("05/2025/QĐ-TN", "Điều 1", "verified")),
        "counterpart_commitment": True,
        "papers": ALL_PAPERS,
        "starts_on": dt.date(2027, 3, 1),
        "ends_on": dt.date(2027, 11, 30),
    }
    return ProjectFacts(**(sound | changes))


def line(number: int, total: int, kcqg: int = 0, kcdp: int = 0, supported: bool = True) -> LineFacts:
    amounts = {"KCQG": kcqg, "KCDP": kcdp, "OWN": total - kcqg - kcdp, "OTHER": 0}
    return LineFacts(number, f"Máy {number}", total, amounts, supported)


def codes(verdicts: list[Verdict], *severities: str) -> list[str]:
    """Codes of the verdicts that say something is amiss (or of the given severities)."""
    wanted = severities or ("warning", "error")
    return [verdict.code for verdict in verdicts if verdict.severity in wanted]
