"""Reading the OLE container of ``.xls`` files: the names of its streams and the bytes of one.

Runs in the child process on hostile bytes, so every walk is bounded. Stdlib only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA  # this and above are marks, not sectors
_STREAM, _ROOT = 2, 5


class BrokenContainer(ValueError):
    """The bytes are not a whole OLE container."""


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: int
    start: int
    size: int


class Container:
    """The directory of an OLE file; ``read`` gives a stream's bytes."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or data[:8] != MAGIC:
            raise BrokenContainer("header")
        self._data = data
        shift, self._mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or self._mini_shift != 6:
            raise BrokenContainer("sector size")
        self._size = 1 << shift
        fat_count, directory, _signature, self._cutoff, mini_fat, mini_count = struct.unpack_from(
            "<IIIIII", data, 44
        )
        self._fat = self._read_fat(fat_count)
        self._mini_fat = self._numbers(self._chain(mini_fat, mini_count)) if mini_count else ()
        self.entries = self._read_directory(directory)
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        self._mini = self._chain(root.start)[: root.size] if root and root.size else b""

    @property
    def names(self) -> set[str]:
        return {entry.name for entry in self.entries}

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        block = self._data[start : start + self._size]
        if not block:
            raise BrokenContainer("sector out of the file")
        return block

    @staticmethod
    def _numbers(block: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])

    def _read_fat(self, count: int) -> tuple[int, ...]:
        most = len(self._data) // self._size + 1
        sectors = [n for n in self._numbers(self._data[76:512]) if n < _FREE]
        following, extra = struct.unpack_from("<II", self._data, 68)
        while following < _FREE and extra and len(sectors) <= most:
            numbers = self._numbers(self._sector(following))
            sectors += [n for n in numbers[:-1] if n < _FREE]
            following, extra = numbers[-1], extra - 1
        if not count or len(sectors) > most:
            raise BrokenContainer("allocation table")
        fat: list[int] = []
        for sector in sectors[:count]:
            fat.extend(self._numbers(self._sector(sector)))
        return tuple(fat)

    def _chain(self, start: int, limit: int | None = None) -> bytes:
        blocks: list[bytes] = []
        most = len(self._data) // self._size + 1 if limit is None else limit
        while start < _FREE:
            if start >= len(self._fat) or len(blocks) >= most:
                raise BrokenContainer("chain")
            blocks.append(self._sector(start))
            start = self._fat[start]
        return b"".join(blocks)

    def _read_directory(self, start: int) -> list[Entry]:
        block = self._chain(start)
        entries = []
        for at in range(0, len(block) - 127, 128):
            length, kind = struct.unpack_from("<HB", block, at + 64)
            if kind and 2 <= length <= 64:
                name = block[at : at + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", block, at + 116)
                entries.append(Entry(name, kind, first, size))
        return entries

    def read(self, name: str) -> bytes | None:
        """The bytes of the first stream of this name; None where there is none."""
        entry = next((e for e in self.entries if e.kind == _STREAM and e.name == name), None)
        if entry is None:
            return None
        if entry.size >= self._cutoff:
            return self._chain(entry.start)[: entry.size]
        blocks: list[bytes] = []
        at, step = entry.start, 1 << self._mini_shift
        while at < _FREE:
            if at >= len(self._mini_fat) or len(blocks) > len(self._mini_fat):
                raise BrokenContainer("short chain")
            blocks.append(self._mini[at * step : (at + 1) * step])
            at = self._mini_fat[at]
        return b"".join(blocks)[: entry.size]
