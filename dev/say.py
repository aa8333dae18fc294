"""What the tooling tells the person at the terminal, and the one way it gives up."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

STARTED = time.monotonic()


class Refusal(Exception):
    """A plain reason to stop; shown in one line, without a traceback."""


class Voice:
    """Progress lines. ``./run manage`` moves them to standard error, so that its output stays clean."""

    stream: TextIO = sys.stdout

    def line(self, text: str) -> None:
        # A closed pipe must not leave a database running: losing a progress line is harmless.
        with suppress_broken_pipe():
            print(text, file=self.stream, flush=True)

    def step(self, text: str) -> None:
        self.line(f"[{time.monotonic() - STARTED:5.1f} s] {text}")


@contextmanager
def suppress_broken_pipe() -> Iterator[None]:
    try:
        yield
    except (BrokenPipeError, ValueError, OSError):
        return


VOICE = Voice()
step = VOICE.step
line = VOICE.line
