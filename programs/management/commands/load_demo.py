"""``load_demo``: fill an empty portal with a plainly fictitious demonstration.

Run as the owner role, after the other loaders: the open year's dates are reference data. May be run again:
nothing changes then.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from programs.demo import country, loading


class Command(BaseCommand):
    help = "Nạp dữ liệu thử nghiệm (hư cấu); không làm gì nếu đã có, không chạy trên hệ thống thật."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--country",
            action="store_true",
            help="Thêm các kế hoạch địa phương còn lại của cả nước (khoảng 4.000 đề án, mất vài phút).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.KC_ENV == "production":
            raise CommandError("Dữ liệu thử nghiệm không được nạp vào hệ thống thật (KC_ENV=production).")
        if options["country"]:
            if not loading.is_loaded():
                raise CommandError("Chưa có dữ liệu thử nghiệm: chạy load_demo trước.")
            os.nice(10)  # beside an open portal, whose people go first
            country.grow(self.stdout.write)
            return
        if loading.is_loaded():
            self.stdout.write("Dữ liệu thử nghiệm đã có, không nạp lại.")
            return
        loading.load(self.stdout.write)
        self.stdout.write("Khóa API cho đối tác: ./run manage issue_token doitac.api")
