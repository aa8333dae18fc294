"""What the words of a column heading mean. Pure: text in, role out.

Headings are compared folded, without punctuation and without their unit, so "Tổng kinh phí\\n(tr.đ)" and
"TONG KINH PHI" are the same.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from vietnam.text import fold


class Role(StrEnum):
    """What a column holds. Money roles end the list; ``STATE`` is support that names no purse."""

    NUMBER = "number"
    CODE = "code"
    TITLE = "title"
    IMPLEMENTER = "implementer"
    PARTNER = "partner"
    BENEFICIARY = "beneficiary"
    TAX_CODE = "tax_code"
    PLACE = "place"
    PROVINCE = "province"
    TIME = "time"
    START = "start"
    END = "end"
    CONTENT = "content"
    ACTIVITY = "activity"
    PRIORITY = "priority"
    PURSE = "purse"
    NOTE = "note"
    TOTAL = "total"
    KCQG = "kcqg"
    KCDP = "kcdp"
    OWN = "own"
    OTHER = "other"
    STATE = "state"


MONEY: Final = (Role.TOTAL, Role.KCQG, Role.KCDP, Role.OWN, Role.OTHER, Role.STATE)
SOURCES: Final = (Role.KCQG, Role.KCDP, Role.OWN, Role.OTHER)

_BRACKETS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")
_PURSE: Final = re.compile(
    r"^.\s*(?:nguon |von |kinh phi )?(?:kcqg|kcdp|khuyen cong (?:quoc gia|dia phuong))\s*.$"
)


def heading_words(text: str) -> str:
    """The folded words of a heading without punctuation and brackets, but for one that names a purse."""
    folded = fold(text)
    bare = _BRACKETS.sub(lambda found: found.group() if _PURSE.search(found.group()) else " ", folded)
    words = " ".join(re.findall(r"[a-z0-9%]+", bare)) or " ".join(re.findall(r"[a-z0-9%]+", folded))
    return re.sub(r"\b(?:don vi tinh|dvt)\b.*$", "", words).strip() or words


_PLAIN: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.NUMBER, r"(?:s?tt|so tt|so thu tu|thu tu|no)"),
        (
            Role.TAX_CODE,
            r"(?:ma so thue|mst|ma so (?:doanh nghiep|dn|htx|hkd)|ma thue)\b.*|so dinh danh.*|.*\bmst\b.*",
        ),
        (Role.CODE, r"(?:ma|ma so|so hieu)(?: so)? (?:de an|da|nhiem vu|du an)\b.*"),
        (Role.NOTE, r"(?:ghi chu|chu thich|luu y)\b.*"),
        (
            Role.START,
            r"(?:thoi gian |ngay |thang )?(?:bat dau|khoi cong|khoi dau)\b(?!.*(?:ket thuc|hoan thanh)).*"
            r"|tu (?:ngay|thang)",
        ),
        (Role.END, r"(?:thoi gian |ngay |thang )?(?:ket thuc|hoan thanh)\b.*|den (?:ngay|thang)"),
        (Role.TIME, r"(?:thoi gian|thoi han|tien do|ke hoach thuc hien|thoi diem)\b.*"),
        (Role.PARTNER, r"(?:ten )?(?:don vi|co quan|to chuc|ben) phoi hop\b.*"),
        (
            Role.IMPLEMENTER,
            r"(?:ten )?(?:don vi|co quan|to chuc|ben)(?: chu tri)?(?: to chuc)? (?:thuc hien|chu tri|trien "
            r"khai)\b(?!.*thu huong).*"
            r"|chu tri thuc hien|ben b",
        ),
        (
            Role.BENEFICIARY,
            r"(?:ten(?: va dia chi| dia chi)? )?"
            r"(?:(?:don vi|co so|doi tuong|to chuc|ca nhan|doanh nghiep|ben)(?: [a-z]+){0,4} )?"
            r"(?:thu huong|thu huong loi|huong loi|duoc ho tro|huong thu|nhan ho tro)\b.*"
            r"|(?:ten )?(?:co so|doanh nghiep|don vi)(?: cnnt| cong nghiep nong thon| san xuat| dang ky| "
            r"dn| htx| ho)*"
            r"|(?:ten )?(?:doanh nghiep|dn|co so|cong ty)\b(?: co so| doanh nghiep| hop tac xa| htx| ho kinh "
            r"doanh| hkd)+"
            r"|ten dn|chu dau tu",
        ),
        (Role.PROVINCE, r"tinh|tinh thanh(?: pho)?|thanh pho|tinh tp"),
        (
            Role.PLACE,
            r"(?:dia diem|dia chi|dia ban|noi thuc hien|noi san xuat|xa phuong|xa phuong thi tran|xa"
            r"|phuong xa"
            r"|ten xa|vi tri)\b(?!.*uu tien).*",
        ),
        (
            Role.PURSE,
            r"nguon(?: von| kinh phi| ngan sach)?(?: ho tro| khuyen cong)?|loai (?:von|kinh phi|nguon von)",
        ),
        (Role.PRIORITY, r"(?:muc |dien |thu tu )?uu tien\b.*|dia ban uu tien.*"),
        (
            Role.ACTIVITY,
            r"(?:noi dung|loai hinh|nhom|loai)(?: nhom)? (?:hoat dong|khuyen cong)\b.*|nhom (?:noi dung|de "
            r"an)",
        ),
        (
            Role.TITLE,
            r"(?:ten|danh muc)(?: [a-z]+)? (?:de an|nhiem vu|du an|da|chuong trinh|noi dung|hoat dong)\b.*"
            r"|(?:ten|danh muc)? ?(?:de an|nhiem vu|de an nhiem vu|nhiem vu de an|noi dung de an)(?: "
            r"khuyen cong)?\b.*",
        ),
        (Role.CONTENT, r"(?:noi dung|quy mo|muc tieu|hang muc|may moc|noi dung ho tro)\b.*"),
    )
)
_WEAK_TITLE: Final = re.compile(
    r"noi dung(?: thuc hien| cong viec| ho tro| chinh)?|ten|hang muc|danh muc|ten goi"
)
_IGNORED_MONEY: Final = re.compile(
    r"\b(?:ty le|%|luy ke|da cap|tam ung|giai ngan|nam truoc|so voi|thanh toan|quyet toan|doanh thu|don "
    r"gia)\b"
    r"|^%|%$"
)
_MONEY_PARENT: Final = re.compile(
    r"\b(?:kinh phi|von|nguon|trong do|chia ra|bao gom|du toan|tong|so tien|kp|ho tro|gom|chia theo)\b"
)
_MONEY_WORDS: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    (
        Role.OWN,
        re.compile(
            r"\bdoi ung\b|\bd u$|\btu co\b|\btu dau tu\b|\bdong gop\b"
            r"|^(?:dn|doanh nghiep|co so|don vi|htx)(?: thu huong| cnnt)? (?:dau tu|bo von|chi tra)$"
            r"|\bvon (?:cua )?(?:dn|doanh nghiep|co so|don vi|htx|chu dau tu|thu huong)\b"
            r"|\b(?:kinh phi|kp) (?:cua )?(?:dn|doanh nghiep|co so|don vi thu huong|don vi|thu huong)\b"
        ),
    ),
    (
        Role.OTHER,
        re.compile(
            r"\b(?:nguon|von|kinh phi|kp|nguon von) khac\b|^khac$|\blong ghep\b|\bxa hoi hoa\b|^huy dong\b"
        ),
    ),
    (
        Role.KCDP,
        re.compile(
            r"\b(?:kp)?kcdp\b|\bkhuyen cong (?:dia phuong|tinh|thanh pho)\b|\bkc (?:dp|dia phuong|tinh)\b"
            r"|\bnsdp\b|\bnst\b"
            r"|\bngan sach (?:dia phuong|tinh|thanh pho|xa|cap tinh|cap xa)\b|\bns (?:tinh|dia phuong|xa)\b"
        ),
    ),
    (
        Role.KCQG,
        re.compile(
            r"\b(?:kp)?kcqg\b|\bkhuyen cong (?:quoc gia|trung uong)\b|\bkc (?:qg|quoc gia)\b"
            r"|\bnstw\b|\bns tw\b"
            r"|\bngan sach (?:trung uong|tw)\b|\btrung uong\b"
        ),
    ),
)
_UNDER_MONEY: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    (Role.KCQG, re.compile(r"quoc gia|tw|qg")),
    (Role.KCDP, re.compile(r"dia phuong|dp|tinh|xa|cap tinh|cap xa|thanh pho")),
    (
        Role.OWN,
        re.compile(
            r"(?:(?:don vi|co so|doi tuong) )?thu huong(?: .*)?|don vi(?: khac)?|co so(?: cnnt.*)?|doanh "
            r"nghiep.*|dn|dn htx.*"
        ),
    ),
    (Role.OTHER, re.compile(r"khac|nguon khac.*")),
)
_SUM: Final = re.compile(r"(?:tong|cong|tong cong|tong so|tong von|so tien|tong kp)(?: .*)?")
_TOTAL: Final = re.compile(
    r"(?:tong(?: cong| so)? ?(?:kinh phi|von|kp|muc dau tu|du toan|nguon|nguon von|gia tri|chi phi|vdt|muc "
    r"von|dau tu)"
    r"|kinh phi(?: thuc hien| du kien| de an| dau tu)?|tong(?: cong| so)?|du toan(?: kinh phi)?|kp|tong "
    r"kinh phi)\b.*"
)
_SUPPORT: Final = re.compile(
    r"\b(?:khuyen cong|kc|ngan sach(?: nha nuoc)?|nsnn|nha nuoc|ho tro|de nghi ho tro|xin ho tro)\b"
)


def plain_role(words: str) -> Role | None:
    """The role of a column that holds no money."""
    return next((role for role, pattern in _PLAIN if pattern.fullmatch(words)), None)


def is_weak_title(words: str) -> bool:
    """A heading that names projects only where no better one does: "Nội dung"."""
    return bool(_WEAK_TITLE.fullmatch(words))


def money_role(levels: tuple[str, ...]) -> Role | None:
    """The role of a money column from its heading's levels, top first; None for no money or none of ours."""
    leaf, parents = levels[-1], " ".join(levels[:-1])
    if not leaf or _IGNORED_MONEY.search(leaf) or _IGNORED_MONEY.search(parents):
        return None
    for role, pattern in _MONEY_WORDS:
        if pattern.search(leaf):
            return role
    if _MONEY_PARENT.search(parents) or any(pattern.search(parents) for _role, pattern in _MONEY_WORDS):
        for role, pattern in _UNDER_MONEY:
            if pattern.fullmatch(leaf):
                return _under(parents, role)
    if _SUM.fullmatch(leaf) or _TOTAL.fullmatch(leaf):
        return _total_or_source(leaf, parents)
    if _SUPPORT.search(leaf) and re.search(
        r"\b(?:kinh phi|von|kp|ho tro|ngan sach|nsnn)\b", f"{parents} {leaf}"
    ):
        return Role.STATE
    return None


def _under(parents: str, role: Role) -> Role:
    """ "Tỉnh", "Xã" below "KCĐP" are local money, whatever they would be elsewhere."""
    named = next((found for found, pattern in _MONEY_WORDS if pattern.search(parents)), None)
    return named if named and role is not Role.OTHER else role


def _total_or_source(leaf: str, parents: str) -> Role | None:
    named = next((role for role, pattern in _MONEY_WORDS if pattern.search(parents)), None)
    if named:
        return named
    both = f"{parents} {leaf}".strip()
    if _SUPPORT.search(both) and not re.search(r"\btong (?:kinh phi|von|muc dau tu|du toan)\b", both):
        return Role.STATE
    return Role.TOTAL if _TOTAL.fullmatch(leaf) or _MONEY_PARENT.search(parents) else None


def is_sum(words: str) -> bool:
    """A column "Tổng số", "Cộng" beside its parts."""
    return bool(_SUM.fullmatch(words))
