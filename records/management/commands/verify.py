"""Runs the registered invariants over live data: nightly, and after every restore."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from records import context
from records.invariants import OWN

Invariant = Callable[[], Iterable[object]]


class Command(BaseCommand):
    help = "Checks that the data keeps the promises made about it; exit status 1 when it does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only", action="append", default=[], metavar="NAME", help="dotted name of one invariant"
        )
        parser.add_argument("--show", type=int, default=20, help="faults shown for each invariant (20)")

    def handle(self, *args: Any, only: list[str], show: int, **options: Any) -> None:
        names = only or [*OWN, *getattr(settings, "INVARIANTS", ())]
        broken = [name for name in names if not self._holds(name, show)]
        if broken:
            raise CommandError(
                f"{len(broken)} of {len(names)} invariants broken: {', '.join(broken)}", returncode=1
            )
        self.stdout.write(f"{len(names)} invariants hold")

    def _holds(self, name: str, show: int) -> bool:
        started = time.monotonic()
        invariant: Invariant = import_string(name)
        with context.whole_country():
            faults = iter(invariant())
            shown = list(islice(faults, show))
            more = sum(1 for _fault in faults)
        verdict = "BROKEN" if shown else "ok"
        self.stdout.write(f"{verdict:6} {name} ({time.monotonic() - started:.2f} s)")
        for fault in shown:
            self.stdout.write(f"       - {fault}")
        if more:
            self.stdout.write(f"       … and {more} more")
        return not shown
