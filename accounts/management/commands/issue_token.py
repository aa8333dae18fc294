"""``issue_token USERNAME --name "…"``: make a key for a partner system and show it, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import tokens
from accounts.models import ApiScope, User
from records import audit

MOST_DAYS = 730


class Command(BaseCommand):
    help = "Cấp khóa truy cập API cho một tài khoản; khóa chỉ hiện một lần, trên đầu ra chuẩn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="API", help="tên gợi nhớ, ví dụ hệ thống sẽ dùng khóa")
        parser.add_argument(
            "--scope", action="append", choices=ApiScope.values, help="read, write (ghi nhiều lần)"
        )
        parser.add_argument("--days", type=int, default=365, help=f"số ngày có hiệu lực, tối đa {MOST_DAYS}")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days từ 1 đến {MOST_DAYS}.")
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"Không có tài khoản đang hoạt động tên “{options['username']}”.")
        scopes = [ApiScope(scope) for scope in dict.fromkeys(options["scope"] or [ApiScope.READ])]
        with transaction.atomic():
            token, text = tokens.issue(user, options["name"], scopes=scopes, days=options["days"])
            audit.record(
                "accounts.issue_token",
                token,
                actor=None,
                after={
                    "user": user.username,
                    "scopes": list(token.scopes),
                    "expires": token.expires_at.isoformat(),
                },
            )
        self.stderr.write(
            f"Khóa của {user.username}, hết hạn {token.expires_at:%d/%m/%Y}. "
            "Hãy cất giữ ngay: khóa không hiện lại."
        )
        self.stdout.write(text)
