"""Small real PDF files for the demonstration's dossiers; equal content is stored once and shared."""

from __future__ import annotations

import io
from functools import cached_property

from programs.drafting import PaperValues
from records.files import store
from records.models import StoredFile

NAMES = {
    "OFFICIAL_LETTER": "Công văn đề nghị.pdf",
    "PROPOSAL": "Thuyết minh đề án.pdf",
    "COUNTERPART_COMMITMENT": "Cam kết vốn đối ứng.pdf",
    "NO_OTHER_STATE_MONEY": "Cam kết không nhận vốn nhà nước khác.pdf",
    "": "Báo giá thiết bị.pdf",
}
"""File names by the paper's code; the last is a paper nobody asks for."""

TITLES = {
    "OFFICIAL_LETTER": "CONG VAN DE NGHI",
    "PROPOSAL": "DE AN KHUYEN CONG",
    "COUNTERPART_COMMITMENT": "CAM KET BO TRI VON DOI UNG",
    "NO_OTHER_STATE_MONEY": "CAM KET KHONG NHAN VON NHA NUOC KHAC",
    "": "BAO GIA THIET BI",
    "APPRAISAL": "PHIEU THAM DINH",
    "DECISION": "QUYET DINH PHE DUYET KE HOACH",
    "NOTICE": "THONG BAO GIAO KE HOACH",
    "CONTRACT": "HOP DONG THUC HIEN DE AN",
    "STOP": "QUYET DINH NGUNG TRIEN KHAI",
}
"""First line of each file, without marks: the letters that every PDF reader has."""


class Papers:
    """The demonstration's files, put into the store when first asked for."""

    def __init__(self) -> None:
        self._kept: dict[str, StoredFile] = {}

    def file(self, code: str) -> StoredFile:
        if code not in self._kept:
            name = NAMES.get(code, f"{TITLES[code].capitalize()}.pdf")
            content = pdf([TITLES[code], "Du lieu thu nghiem, khong co gia tri phap ly."])
            self._kept[code] = store(io.BytesIO(content), name)
        return self._kept[code]

    @cached_property
    def dossier(self) -> list[PaperValues]:
        """Every paper a submission asks for, and a quotation."""
        return [PaperValues(code, self.file(code), name) for code, name in NAMES.items()]


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF with these lines (ASCII, without brackets)."""
    text = "BT /F1 14 Tf 72 770 Td 22 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = "%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    return (
        f"{body}xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
