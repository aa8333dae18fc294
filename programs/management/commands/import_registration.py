"""Reads an office's registration workbook; shows what it found, and makes drafts of its good rows."""

from __future__ import annotations

import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs.intake import limits
from programs.intake.apply import Outcome, apply_import
from programs.intake.appraise import appraise, read_workbook
from programs.intake.listing import listing
from programs.intake.model import Workbook
from programs.intake.refusals import Refusal, Refused
from programs.intake.stage import appraise_for, stage_workbook, workbook_of
from records.files import FileRefused

REFUSED = 2
"""Exit status for a workbook that cannot be taken."""


class Command(BaseCommand):
    help = "Đọc biểu đăng ký đề án (.xlsx, .xls); tạo bản nháp từ các dòng không có lỗi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="tệp .xlsx hoặc .xls")
        parser.add_argument("--user", default="", help="tên đăng nhập của người nhập (người lập đề án)")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc và kiểm tra, không lưu gì")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["user"] and not options["dry_run"]:
            raise CommandError("Cần --user (người nhập) hoặc --dry-run (chỉ kiểm tra).")
        data = _read(Path(options["file"]))
        user = _find_user(options["user"]) if options["user"] else None
        with translation.override("vi"):
            try:
                workbook, outcome = self._work(data, Path(options["file"]).name, user, options["dry_run"])
            except Refused as refused:
                self._refuse(refused.refusal, options["as_json"])
            except FileRefused as refused:
                self._refuse(Refusal(refused.code, str(refused.message)), options["as_json"])
            else:
                self._show(workbook, outcome, options["as_json"])

    def _work(
        self, data: bytes, name: str, user: User | None, dry_run: bool
    ) -> tuple[Workbook, Outcome | None]:
        if user is None:
            return appraise(read_workbook(data)), None
        try:
            with act_as(user):
                if dry_run:
                    return appraise_for(read_workbook(data), actor=user), None
                staged = stage_workbook(io.BytesIO(data), name, actor=user)
                workbook = workbook_of(staged)
                return workbook, apply_import(staged, actor=user)
        except PermissionRefused as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error

    def _refuse(self, refusal: Refusal, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(refusal.to_json(), ensure_ascii=False, indent=1))
        else:
            self.stderr.write(refusal.message)
        sys.exit(REFUSED)

    def _show(self, workbook: Workbook, outcome: Outcome | None, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(workbook.to_json(), ensure_ascii=False, indent=1))
        else:
            for line in listing(workbook):
                self.stdout.write(line)
        for notice in workbook.notices:
            self.stderr.write(notice)
        if outcome is None:
            if not as_json:
                self.stdout.write("Chỉ kiểm tra: chưa lưu gì.")
            return
        self.stderr.write(outcome.sentence())
        for done in outcome.rows:
            if done.fate in ("locked", "refused"):
                self.stderr.write(f"Trang “{done.sheet}”, dòng {done.row} {done.code}: {done.reason}")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandError(f"Không mở được tệp {path}: {error.strerror}") from error


def _find_user(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"Không có người dùng “{username}”.")
    return user
