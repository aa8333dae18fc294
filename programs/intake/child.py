"""The child process: ``python -m programs.intake.child read|annotate``, bytes in, one answer out.

It knows no database and no keys. Its limits are set before the first byte of the file is looked at, so a
hostile workbook costs this process its life and nobody else anything. No Django here: it starts fast.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import resource
import struct
import sys
from typing import Any

from programs.intake import limits
from programs.intake.marks import SheetMarks, Stop

READ, ANNOTATE = "read", "annotate"
_ZIP = b"PK\x03\x04"


def main(arguments: list[str]) -> int:
    """Writes JSON (read) or a length-led JSON word and the workbook (annotate) to standard output."""
    _confine()
    source = sys.stdin.buffer.read()
    try:
        if arguments == [ANNOTATE]:
            from programs.intake.annotating import annotated

            length = struct.unpack_from("<I", source)[0]
            notes = json.loads(source[4 : 4 + length])
            sys.stdout.buffer.write(annotated(source[4 + length :], notes))
            return 0
        answer = read(source)
    except Stop as stop:
        answer = {"refused": stop.code, "detail": stop.detail}
    except MemoryError:
        answer = {"refused": "too_complex", "detail": "memory"}
    except Exception as error:  # a parser may fail in any way on hostile bytes; the parent needs an answer
        answer = {"refused": "corrupt", "detail": type(error).__name__}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    return 0


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.MAX_ANSWER_BYTES, limits.MAX_ANSWER_BYTES))


def read(data: bytes) -> dict[str, Any]:
    """The sheets as JSON-ready values; raises :class:`Stop` for what may not be read."""
    if data.startswith(_ZIP):
        from programs.intake import ooxml

        marks = ooxml.examine(data).sheets
    else:
        from programs.intake import biff

        marks = biff.examine(data).sheets
    return {"sheets": _read_values(data, marks)}


def _read_values(data: bytes, marks: list[SheetMarks]) -> list[dict[str, Any]]:
    import io

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for number, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(number)
        mark = marks[number] if number < len(marks) else SheetMarks()
        sheets.append(
            {
                "name": about.name,
                "hidden": about.visible != SheetVisibleEnum.Visible,
                "rows": [_row(row) for row in sheet.to_python(skip_empty_area=False)],
                "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or []],
                "uncomputed": sorted(mark.uncomputed),
                "placeholders": sorted(mark.placeholders),
                "errors": [[*where, text] for where, text in sorted(mark.errors.items())],
            }
        )
    return sheets


def _row(values: list[Any]) -> list[Any]:
    cells = [_cell(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        if len(value) > limits.MAX_TEXT:
            raise Stop("corrupt", "text")
        return value or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
