"""Signs the audit chains' heads; the printed root belongs in the daily report and off this machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records import anchors


class Command(BaseCommand):
    help = "Signs what the audit chains gained since the last anchor, or checks all anchors (--check)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="verify instead of signing")
        parser.add_argument("--root", default="", help="with --check: a root that was kept elsewhere")

    def handle(self, *args: Any, check: bool, root: str, **options: Any) -> None:
        if check:
            if faults := anchors.verify_anchors(root):
                raise CommandError("\n".join(faults), returncode=1)
            self.stdout.write("anchors hold")
            return
        anchor = anchors.take_anchor()
        if anchor is None:
            self.stdout.write("nothing new to sign")
        else:
            self.stdout.write(f"{anchor.day} {len(anchor.heads)} heads, root {anchor.heads_root}")
