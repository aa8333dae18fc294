"""Which activity a title speaks of: an ordered table of explicit rules, the first that fits decides. Pure.

It proposes and an officer disposes: where the words do not tell, the answer is None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from vietnam.text import fold

_ABBREVIATIONS: Final = (
    (re.compile(r"\bsxsh\b"), "san xuat sach hon"),
    (re.compile(r"\bmmtb\b"), "may moc thiet bi"),
    (re.compile(r"\bccn\b"), "cum cong nghiep"),
    (re.compile(r"\bcnnt\b"), "cong nghiep nong thon"),
    (re.compile(r"\btmdt\b"), "thuong mai dien tu"),
    (re.compile(r"\bmhtd(?:kt)?\b"), "mo hinh trinh dien ky thuat"),
    (re.compile(r"\bkhkt\b"), "khoa hoc ky thuat"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """``words`` must be found and ``unless`` must not, in the folded title."""

    code: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def fits(self, folded: str) -> bool:
        return bool(self.words.search(folded)) and not (self.unless and self.unless.search(folded))


def _rule(code: str, words: str, unless: str = "") -> Rule:
    return Rule(code, re.compile(words), re.compile(unless) if unless else None)


# Short names of countries are left out: Lào Cai, Nga Sơn, Đức Thọ, Mỹ Đình are at home.
_ABROAD: Final = (
    r"\bnuoc ngoai\b|\btai (?:nhat ban|han quoc|trung quoc|thai lan|nuoc lao|chdcnd lao|campuchia|an do"
    r"|hoa ky|lien bang nga"
    r"|singapore|malaysia|indonesia|dai loan|chau au|chau a|dubai|anh quoc|ha lan|cong hoa phap|australia)\b"
    r"|\btai (?:duc|phap|my|nga|lao|uc)(?=$|[,.;()])"
)
_MACHINES: Final = (
    r"\bmay moc\b|\bthiet bi\b|\bung dung may\b|\bdau tu may\b|\b(?:mua|trang bi|ung dung|dau tu)(?: cac)?"
    r"(?: he thong| cum)? may\b"
    r"|\bmay .{1,40}\btien tien\b"
)
_CLUSTER: Final = r"\bcum cong nghiep\b"
_POLLUTION: Final = (
    r"\bo nhiem\b|\bxu ly (?:nuoc thai|chat thai|khi thai|bui|moi truong|rac|khoi)\b|\bhe thong xu ly\b"
)
# What a title speaks of stands before the goods: "máy móc thiết bị … | trong sản xuất bao bì".
_GOODS: Final = re.compile(r"\b(?:san xuat|che bien|gia cong)\b(?! sach hon| va tieu dung)")
_SUPPORT: Final = (
    r"^(?:de an nhom\W+)?"
    r"(?:(?:ho tro|dau tu|ung dung|trang bi|mua sam|mua|doi moi|cac|mot so|he thong|cum)\W+)+"
)
_FAIR: Final = r"\bhoi cho\b|\btrien lam\b|\bgian hang\b"
_TRAINING: Final = (
    r"\btap huan\b|\bhoi thao\b|\bhoi nghi\b|\bdien dan\b|\btoa dam\b|\bkhoi su\b|\bboi duong\b"
    r"|\blop quan ly\b"
)
_SYSTEM: Final = (
    r"\bcan bo (?:lam )?(?:cong tac )?khuyen cong\b|\bnghiep vu khuyen cong\b|\bcong tac vien\b|\bmang "
    r"luoi khuyen cong\b"
    r"|\bnang cao nang luc.*\b(?:to chuc thuc hien|he thong|trung tam|hoat dong) .*khuyen cong\b"
    r"|\bnang luc (?:quan ly|to chuc).*khuyen cong\b|\bco so du lieu\b|\b(?:trang thiet bi|phuong "
    r"tien) .*khuyen cong\b"
    r"|\bxay dung (?:chuong trinh|ke hoach|quy che) khuyen cong\b"
    r"|\bhoi nghi (?:tong ket|so ket|giao ban|trien khai)\b.*khuyen cong\b|\btong ket cong tac khuyen cong\b"
)

HEAD_RULES: Final[tuple[Rule, ...]] = (
    _rule("N3.5", _SUPPORT + r"day chuyen\b"),
    _rule(
        "N3.3",
        _SUPPORT + r"(?:may|thiet bi|trang thiet bi|cong nghe (?:tien tien|moi|hien dai))\b",
        rf"{_POLLUTION}|\bday chuyen\b|\bmo hinh trinh dien\b|\bchuyen giao\b|\bchuyen doi so\b|\btrung bay\b"
        r"|\bkhuyen cong\b|\bmay tinh\b",
    ),
)
"""Read on what stands before the goods alone, so that no product's name decides."""

RULES: Final[tuple[Rule, ...]] = (
    _rule("N6", r"^(?:hoat dong )?(?:thong tin|tuyen truyen|truyen thong)\b"),
    _rule(
        "N1",
        r"^(?:(?:ho tro|to chuc|cac|lop) )*(?:dao tao|truyen|day)(?:,? truyen)? nghe\b|\bnang cao tay nghe\b",
    ),
    _rule("N9.9", r"\bchi (?:phi )?quan ly\b|\bquan ly (?:chuong trinh|de an)\b|\bchi phi quan ly\b"),
    _rule("N8", r"\bhop tac quoc te\b"),
    _rule("N7.5", rf"\bco so du lieu\b.*{_CLUSTER}"),
    _rule(
        "N9",
        _SYSTEM
        + r"|\b(?:kiem tra|giam sat|theo doi|danh gia).*\b(?:de an|chuong trinh|cong tac) khuyen cong\b",
    ),
    # fairs before the typical products they show
    _rule("N4.4", rf"(?=.*(?:{_FAIR}))(?:.*(?:{_ABROAD}))"),
    _rule("N4.2", r"^(?:ho tro )?(?:to chuc|dang cai|phoi hop to chuc)(?: cac)? (?:hoi cho|trien lam)\b"),
    _rule(
        "N4.3",
        rf"(?=.*(?:{_FAIR})).*(?:\btham gia\b|\btham du\b|\bho tro (?:cac )?(?:co so|doanh nghiep|don vi)\b"
        rf"|\bthue gian hang\b"
        r"|\bgian hang chung\b|\bgian hang trung bay\b)",
    ),
    _rule(
        "N4.2",
        r"\b(?:to chuc|dang cai|phoi hop to chuc)\b.*(?:\bhoi cho\b|\btrien lam\b)|^(?:hoi cho|trien lam)\b",
    ),
    _rule("N4.1a-nation", r"\bto chuc\b.*\bbinh chon\b.*\b(?:cap|toan) quoc(?: gia)?\b"),
    _rule("N4.1a-region", r"\bto chuc\b.*\bbinh chon\b.*\bkhu vuc\b"),
    _rule(
        "N4.1b-nation", r"\b(?:thuong|trao thuong|khen thuong)\b.*\bsan pham\b.*\btieu bieu\b.*\bquoc gia\b"
    ),
    _rule(
        "N4.1b-region", r"\b(?:thuong|trao thuong|khen thuong)\b.*\bsan pham\b.*\btieu bieu\b.*\bkhu vuc\b"
    ),
    _rule(
        "N4.1",
        r"\bbinh chon\b|\b(?:ton vinh|chung nhan|thuong|trao).*\bsan pham cong nghiep nong thon tieu bieu\b",
    ),
    _rule(
        "N4.6",
        r"\bphong trung bay\b|\bshowroom\b|\bdiem (?:gioi thieu|trung bay|ban)\b.*\bsan pham\b|\bsan "
        r"(?:giao dich )?thuong mai dien tu\b"
        r"|\bcua hang gioi thieu\b|\btrung bay,? gioi thieu san pham\b",
    ),
    # clusters and pollution before machines: "thiết bị xử lý nước thải"
    _rule("N7.8", r"\bdi doi\b|\blai (?:suat|vay)\b"),
    _rule("N7.3", rf"\bquy hoach\b.*{_CLUSTER}|{_CLUSTER}.*\bquy hoach\b|\bquy hoach chi tiet\b"),
    _rule("N7.6", rf"(?=.*{_CLUSTER}).*(?:{_POLLUTION})", r"\btai (?:co so|doanh nghiep)\b"),
    _rule(
        "N7.4",
        rf"(?=.*{_CLUSTER}).*(?:\bket cau ha tang\b|\bha tang\b|\bsan lap\b|\bduong (?:giao thong|noi bo)\b"
        rf"|\bcap nuoc\b|\bthoat nuoc\b)",
    ),
    _rule("N7.5", rf"(?=.*{_CLUSTER}).*(?:\bthu hut\b|\bxuc tien dau tu\b|\bkeu goi\b|\bquang ba\b)"),
    _rule("N7.2", r"\bcum lien ket\b|\blien ket doanh nghiep cong nghiep\b"),
    _rule("N7.1", r"\bthanh lap (?:cac )?(?:hoi|hiep hoi|chi hoi)\b"),
    _rule("N7.7", _POLLUTION, r"\b(?:tap huan|hoi thao|dao tao|tuyen truyen)\b|\bmo hinh trinh dien\b"),
    # brands and packaging before the goods they name
    _rule(
        "N4.5",
        r"^(?:ho tro )?(?:tu van )?(?:xay dung|dang ky|phat trien)(?:,? (?:va )?(?:dang ky|bao ho))*"
        r" (?:nhan hieu|thuong hieu)\b",
    ),
    _rule(
        "N5",
        r"\b(?:thiet ke|cai tien|tu van)\b.*\b(?:mau ma|bao bi|nhan mac|kieu dang)\b|\bbao bi dong goi\b",
    ),
    _rule(
        "N4.5",
        r"\b(?:nhan hieu|thuong hieu|chi dan dia ly|bao ho|so huu (?:tri tue|cong nghiep)|logo)\b",
        r"\b(?:tap huan|hoi thao|dao tao)\b",
    ),
    _rule("N5", r"\btu van\b|\bmarketing\b|\blap du an dau tu\b", r"\btap huan\b|\bhoi thao\b"),
    # people: crafts, managers, study tours
    _rule("N2.2", rf"(?=.*(?:{_ABROAD})).*(?:\btham quan\b|\bkhao sat\b|\bhoc tap\b|\bhoc hoi\b)"),
    _rule("N2.1", r"\bkhoi su\b|\btham quan\b|\bkhao sat,? hoc tap\b|\bhoc tap kinh nghiem\b"),
    _rule("N10", r"\bchuyen doi so\b"),
    _rule("N11", r"\bsan xuat va tieu dung ben vung\b|\btieu dung ben vung\b"),
    _rule(
        "N2.1",
        _TRAINING
        + r"|\bnang cao (?:nang luc quan ly|nhan thuc|kien thuc|trinh do quan ly)\b"
        + r"|\bdao tao (?:quan ly|quan tri|ky nang)\b",
        r"\bket noi (?:giao thuong|cung cau|tieu thu)\b|\bthong tin tuyen truyen\b",
    ),
    _rule(
        "N1",
        r"\b(?:dao tao|truyen|day|hoc|boi duong)(?: va [a-z]+)? nghe\b|\bnang cao tay nghe\b|\blop nghe\b"
        r"|\btho gioi\b"
        r"|\bdao tao\b.*\blao dong\b|\bnghe .* cho [0-9]+ (?:lao dong|hoc vien|nguoi)\b",
    ),
    _rule("N2.3", r"\bthanh lap (?:moi )?(?:[0-9]+ )?(?:doanh nghiep|cong ty)\b|\bkhoi nghiep\b"),
    # technology: models before the machines in them
    _rule("N3.6", r"\bsan xuat sach hon\b", r"\btuyen truyen\b|\btruyen thong\b"),
    _rule(
        "N3.2",
        r"\bmo hinh\b.*(?:\bnhan rong\b|\bdang hoat dong\b|\bhoat dong (?:co )?hieu qua\b)|\bnhan "
        r"rong\b.*\bmo hinh\b"
        r"|\bmo hinh (?:trinh dien )?cua co so\b",
    ),
    _rule(
        "N3.1", r"\bmo hinh trinh dien\b|\btrinh dien ky thuat\b|\bmo hinh (?:ky thuat|san xuat)\b.*\bmoi\b"
    ),
    _rule("N3.4", r"\bchuyen giao\b|\btien bo khoa hoc ky thuat\b"),
    _rule("N3.5", r"\bday chuyen\b", rf"(?:{_MACHINES}).*\bday chuyen\b|\btrong day chuyen\b"),
    _rule("N3.3", _MACHINES, r"\bmay tinh\b|\btrung tam khuyen cong\b"),
    # words at the end: media and markets are named in many titles
    _rule(
        "N2.4",
        r"\b(?:mo rong|phat trien|tim kiem) thi truong\b|\bxuc tien (?:thuong mai|xuat khau)\b|\btiep thi "
        r"truc tuyen\b"
        r"|\b(?:ho tro|day manh) xuat khau\b"
        r"|\bket noi (?:giao thuong|cung cau|tieu thu)\b|\btieu thu san pham\b|\bwebsite\b.*\b(?:co so"
        r"|doanh nghiep|htx)\b",
    ),
    _rule(
        "N6",
        r"\btuyen truyen\b|\btruyen thong\b|\bthong tin\b|\bxuat ban\b|\bban tin\b|\bphong su\b"
        r"|\bchuyen (?:muc|trang|de)\b|\ban pham\b|\btrang thong tin\b"
        r"|\bwebsite\b|\bphim\b|\bto roi\b|\bdac san\b|\btruyen hinh\b",
        r"\bcong nghe thong tin\b",
    ),
)

# Names of groups, used where the title itself does not tell. Several kinds in one name tell nothing.
GROUP_RULES: Final[tuple[Rule, ...]] = (
    _rule("N1", r"\bdao tao nghe\b|\btruyen nghe\b"),
    _rule("N3.3", r"\bung dung may moc\b|\bmay moc,? thiet bi\b"),
    _rule("N3.5", r"\bday chuyen\b"),
    _rule("N3.1", r"\bmo hinh trinh dien\b"),
    _rule("N3.4", r"\bchuyen giao\b"),
    _rule("N3.6", r"\bsan xuat sach hon\b"),
    _rule("N4.1", r"\bbinh chon\b"),
    _rule("N4.3", r"\btham gia hoi cho\b"),
    _rule("N4.2", r"\bto chuc hoi cho\b"),
    _rule("N4.5", r"\bthuong hieu\b|\bnhan hieu\b"),
    _rule("N4.6", r"\bphong trung bay\b"),
    _rule("N5", r"\btu van\b"),
    _rule("N6", r"\bthong tin\b|\btuyen truyen\b|\btruyen thong\b"),
    _rule("N7.1", r"\bhiep hoi\b"),
    _rule("N7.3", r"\bquy hoach\b"),
    _rule("N7.4", r"\bha tang\b"),
    _rule("N7.7", r"\bo nhiem\b"),
    _rule("N7.8", r"\bdi doi\b"),
    _rule("N8", r"\bhop tac quoc te\b"),
    _rule("N7.5", rf"\bco so du lieu\b.*{_CLUSTER}"),
    _rule("N9.9", r"\bchi phi quan ly\b|\bquan ly chuong trinh\b"),
    _rule("N10", r"\bchuyen doi so\b"),
)


def folded_words(text: str) -> str:
    """The text as the rules read it: folded, usual abbreviations written out."""
    folded = fold(text)
    for pattern, words in _ABBREVIATIONS:
        folded = pattern.sub(words, folded)
    return folded


def propose(
    title: str, groups: Iterable[str] = (), *, known: Callable[[str], bool] = lambda code: True
) -> str | None:
    """The activity's code for a title, else for the group it stands in, innermost first; None when unsure.

    ``known`` tells which codes the catalogue has on the plan year's first day; a third-level code that it
    lacks gives its parent.
    """
    folded = folded_words(title)
    head = _GOODS.split(folded)[0]
    for rule, words in (*((rule, head) for rule in HEAD_RULES), *((rule, folded) for rule in RULES)):
        if rule.fits(words) and (code := _in_catalogue(rule.code, known)):
            return code
    for group in groups:
        named = folded_words(group)
        codes = {rule.code for rule in GROUP_RULES if rule.fits(named)}
        if len(codes) == 1 and (code := _in_catalogue(codes.pop(), known)):
            return code
    return None


def _in_catalogue(code: str, known: Callable[[str], bool]) -> str | None:
    if known(code):
        return code
    parent = re.sub(r"[ab]?-(?:region|nation)$", "", code)
    return parent if parent != code and known(parent) else None
