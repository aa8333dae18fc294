"""``load_demo``: fill an empty portal with a plainly fictitious demonstration.

Run as the owner role, after the other loaders: the open year's dates are reference data. May be run again:
nothing changes then.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programs.demo import loading


class Command(BaseCommand):
    help = "Nạp dữ liệu thử nghiệm (hư cấu); không làm gì nếu đã có, không chạy trên hệ thống thật."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.KC_ENV == "production":
            raise CommandError("Dữ liệu thử nghiệm không được nạp vào hệ thống thật (KC_ENV=production).")
        if loading.is_loaded():
            self.stdout.write("Dữ liệu thử nghiệm đã có, không nạp lại.")
            return
        loading.load(self.stdout.write)
        self.stdout.write("Khóa API cho đối tác: ./run manage issue_token doitac.api")
