"""What each writing route is sent: valid in itself, so that the answer is about the person."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.facts import verdicts_of
from programs.models import Project
from records.context import whole_country
from tests.matrix.facts import Row
from tests.matrix.world import World

Data = dict[str, Any]
NOTE = "Lý do thử."


def nothing(world: World, row: Row | None) -> Data:
    return {}


def preference(world: World, row: Row | None) -> Data:
    return {"money_unit": "dong", "next": "/"}


def notice_ways(world: World, row: Row | None) -> Data:
    return {"bell": ["remark.made"], "digest": ["work.waiting"]}


def wrong_password(world: World, row: Row | None) -> Data:
    """The people of this world have no password, so nobody's is right."""
    new = "một câu dễ nhớ để thử"
    return {"old_password": "không ai biết", "new_password1": new, "new_password2": new}


def saved_view(world: World, row: Row | None) -> Data:
    return {"listing": "de-an", "name": "Bộ lọc mới", "query": "purse=KCQG", "next": "/de-an/"}


def unshare(world: World, row: Row | None) -> Data:
    return {"action": "unshare", "next": "/de-an/"}


def new_office(world: World, row: Row | None) -> Data:
    return {
        "name": "Trung tâm Khuyến công mới",
        "kind": "TTKC",
        "province": world.people["impl"].province_id,
        "first": "01/01/2026",
    }


def office(world: World, row: Row) -> Data:
    return {"name": row["name"], "first": "01/01/2020", "head_symbol": "THỬ"}


def register(world: World, row: Row) -> Data:
    return {"kind": "OUTGOING", "year": "2031", "begins_at": "1"}


def number_9(world: World, row: Row) -> Data:
    return {"begins_at": "9"}


def seal(world: World, row: Row) -> Data:
    return {"kind": "SIGNATURE", "number": "01", "source": "Văn bản thử", "first": "01/01/2026"}


def receipt_number(world: World, row: Row) -> Data:
    return {"paper": "RECEIPT"}


def head(world: World, row: Row) -> Data:
    return {"head_symbol": "THỬ"}


ROLE_OF = {"SO": "SO_LEADER", "TTKC": "IMPL"}


def newcomer(world: World, row: Row) -> Data:
    role = ROLE_OF.get(row["kind"], "IMPL")
    return {"full_name": "Người Mới Thử", "username": "nguoi.moi", "role": role, "first": "01/01/2026"}


def contact(world: World, row: Row) -> Data:
    return {"full_name": "Người Thử Đổi Tên", "phone": "000 000"}


def post(world: World, row: Row) -> Data:
    """A role of the office again, long ago, when nobody held it."""
    return {"role": ROLE_OF.get(row["kind"], "IMPL"), "first": "01/01/2010", "last": "31/12/2010"}


def last_day(world: World, row: Row) -> Data:
    return {"last": "31/12/2030"}


def loan(world: World, row: Row | None) -> Data:
    """To the Sở's officer, in a month that nobody has yet."""
    officer = world.people["so_officer"].user
    assert officer is not None
    decision = {"form": "KT", "number": "08/QĐ-THỬ", "decided_on": "01/01/2026"}
    return {"delegate": officer.pk, **decision, "first": "01/01/2090", "last": "31/01/2090"}


def reason(world: World, row: Row) -> Data:
    return {"reason": NOTE}


def new_project(world: World, row: Row | None) -> Data:
    return {"title": "Đề án mới", "purse": "KCQG", "year": 2027}


def copy_for_2028(world: World, row: Row) -> Data:
    return {"year": 2028}


def general_section(world: World, row: Row) -> Data:
    return {"title": "Tên mới", "kind": row["kind"], "version": row["version"]}


def text_section(world: World, row: Row) -> Data:
    return {"necessity": "Lý do mới.", "version": row["version"]}


def autosave(world: World, row: Row) -> Data:
    return {"section": "noi-dung", **text_section(world, row)}


def withdrawal(world: World, row: Row) -> Data:
    return {"action": "withdraw", "version": row["version"], "note": NOTE}


def mixed_sources(row: Row) -> str:
    """The fingerprint of an objection that may be lifted; a wrong one where the checks have none."""
    with whole_country():
        verdicts = verdicts_of(Project.objects.get(pk=row["id"]))
    found = (verdict.fingerprint for verdict in verdicts if verdict.code == "mixed_state_sources")
    return next(found, "0" * 64)


def proposal(world: World, row: Row) -> Data:
    return {"action": "pass", "note": NOTE, "version": row["version"]}


def sheet(world: World, row: Row) -> Data:
    return {"version": row["version"], "grade-need": "PASS", "note-need": NOTE}


def empty_council(world: World, row: Row) -> Data:
    return {"version": row["version"]}


def remark(world: World, row: Row) -> Data:
    return {"anchor": "necessity", "audience": "OFFICE", "text": NOTE}


def answer(world: World, row: Row) -> Data:
    return {"text": NOTE}


def verification(world: World, row: Row) -> Data:
    return {"action": "verify", "note": NOTE}


def unnamed_document(world: World, row: Row | None) -> Data:
    return {"number": "", "reason": NOTE}


def scan(world: World, row: Row) -> Data:
    return {"file": SimpleUploadedFile("van-ban.pdf", b"%PDF-1.4\n%second\n%%EOF\n")}


def new_version(world: World, row: Row) -> Data:
    """A form with its day still missing: seen whole, answered 422 at the field."""
    return {"action": "preview", "pct": 40, "reason": NOTE}


def ruling(world: World, row: Row) -> Data:
    """On the ground of priority that every project of this world claims."""
    return {"predicate": "export", "accepted": "0", "reason": NOTE, "version": row["version"]}


def override(world: World, row: Row) -> Data:
    return {
        "fingerprint": mixed_sources(row),
        "version": row["version"],
        "reason": NOTE,
        "document_number": "05/CV-THỬ",
    }


def paper_file(world: World, row: Row) -> Data:
    return {"file": SimpleUploadedFile("giay.pdf", b"%PDF-1.4\n%%EOF\n"), "paper_code": ""}


def ticked(row: Row) -> str:
    """A box of a list, ticked: the project and the version its row showed."""
    return f"{row['code']}:{row['version']}"


def bulk_abroad(world: World, row: Row | None) -> Data:
    """Codes that most may not see, for a step that hardly anybody may take."""
    return {"action": "record_appraisal", "confirmed": "1", "code": [ticked(world.project("there DRAFT"))]}


def ceiling(world: World, row: Row) -> Data:
    return {"amount_vnd": "200.000.000.000", "document_number": "06/CV-THỬ", "seen_vnd": row["ceiling_vnd"]}


def window(world: World, row: Row | None) -> Data:
    """Days for the next plan year in the province that is "here"."""
    return {
        "kind": "SO-KCDP", "year": "2028", "place": world.project("here DRAFT")["province_id"],
        "opens_on": "01/03/2027", "closes_on": "01/05/2027", "reason": "", "document_number": "",
        "seen_number": "0",
    }  # fmt: skip


def pause(world: World, row: Row) -> Data:
    return {"reason": NOTE}


def correction(world: World, row: Row) -> Data:
    return {
        "field": "partner_name", "before": "", "after": "Đơn vị phối hợp thử", "reason": NOTE,
        "document_number": "08/CV-THỬ",
    }  # fmt: skip


def carry_day(world: World, row: Row | None) -> Data:
    """Earlier than what each office has said."""
    return {"day": "02/01/2025", "document_number": "09/TB-THỬ", "reason": NOTE}


def empty_entry(world: World, row: Row | None) -> Data:
    """Read, told what is missing, and kept by nobody."""
    rows = {f"{name}-{part}_FORMS": 0 for name in ("advances", "firms") for part in ("TOTAL", "INITIAL")}
    return {"title": "", **rows}


def confirmation(world: World, row: Row) -> Data:
    return {"action": "confirm", "note": NOTE}


def no_codes(world: World, row: Row) -> Data:
    return {"code": []}


def paper(world: World, row: Row) -> Data:
    return {
        "paper_number": "07/QĐ-THỬ",
        "paper_date": "06/01/2026",
        "paper_signer": "Người Ký Thử",
        "paper_file": SimpleUploadedFile("ban-ky.pdf", b"%PDF-1.4\n%%EOF\n"),
        "version": row["version"],
    }


def contract(world: World, row: Row) -> Data:
    """For all that was approved."""
    granted = row["kcqg_vnd"] if row["purse"] == "KCQG" else row["kcdp_vnd"]
    return {**paper(world, row), "contract_vnd": f"{granted // 1_000_000} triệu"}


def annex(world: World, row: Row) -> Data:
    signed = {"number": "08/PL-THỬ", "signed_on": "06/11/2026", "signer": "Người Ký Thử"}
    return {**signed, "amount_vnd": "90 triệu", "reason": NOTE}


def money_request(world: World, row: Row) -> Data:
    return {"kind": "ADVANCE", "amount_vnd": "1 triệu", "reason": NOTE}


def refund(world: World, row: Row) -> Data:
    return {"amount_vnd": "1 triệu", **voucher()}


def voucher() -> Data:
    return {"voucher_number": "12", "voucher_on": "06/11/2026"}


def payment_answer(world: World, row: Row) -> Data:
    """The step its state waits for."""
    if row["state"] == "APPROVED":
        return {"action": "pay", **voucher()}
    return {"action": "confirm" if row["state"] == "REQUESTED" and row["needs_so"] else "approve"}


def seen_version(world: World, row: Row) -> Data:
    return {"version": row["version"]}


def unsigned_paper(world: World, row: Row | None) -> Data:
    return {"paper_number": ""}


def broken_book(world: World, row: Row | None) -> Data:
    return {"file": SimpleUploadedFile("bieu.xlsx", b"not a workbook")}


def addresses(world: World, row: Row | None) -> Data:
    return {"lines": "xã Thiệu Nguyên, huyện Thiệu Hóa, Thanh Hóa"}


def placement(world: World, row: Row) -> Data:
    """The first of the communes that took a part."""
    return {"unit": row["part_id"], "reason": NOTE}


def report_here(world: World, row: Row | None) -> Data:
    """A report on Thanh Hóa: for others, a foreign id in the body."""
    return {"kind": "registration_list", "year": 2027, "purse": "KCDP", "province": "38", "stage": "all"}


def dossier_here(world: World, row: Row | None) -> Data:
    """A dossier of Thanh Hóa: for others, a foreign code in the body."""
    return {"code": [ticked(world.project("here REVIEW_PROV"))]}


def changes(world: World, row: Row) -> Data:
    return {"necessity": "Lý do mới.", "version": row["version"]}


def withdraw_json(world: World, row: Row) -> Data:
    return withdrawal(world, row)


def paper_json() -> Data:
    return {"paper_number": "07/QĐ-THỬ", "paper_date": "2026-01-06", "paper_signer": "Người Ký Thử"}


def approval_json(world: World, row: Row) -> Data:
    return {"action": "approve", "version": row["version"], "data": paper_json()}


def step(world: World, row: Row, action: str, *, api: bool) -> Data:
    """A step with everything it may need: reason, paper, and a tranche of the project's own plan."""
    named = paper_json() if api else paper(world, row)
    if action == "plan":
        drafts = (
            t for t in world.rows["tranche"] if t["plan_id"] == row["plan_id"] and t["state"] == "DRAFT"
        )
        named["tranche"] = str(next(drafts)["uuid"])
    if action == "reject" and api:
        named["criteria"] = [{"criterion": "need", "grade": "FAIL"}]
    named.pop("version", None)
    common = {"action": action, "version": row["version"], "note": NOTE}
    return {**common, "data": named} if api else {**common, **named}
