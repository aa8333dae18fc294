"""``close_account USERNAME --reason …``: somebody leaves; posts, keys and sign-in end, history stays."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Membership, User, today
from accounts.staff import close, end_posts
from records import audit


class Command(BaseCommand):
    help = "Đóng tài khoản: thôi các vị trí từ hôm nay, thu hồi khóa API, không đăng nhập được nữa."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="lý do, ví dụ số quyết định điều chuyển")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(username=options["username"]).first()
            if user is None or not user.is_active:
                raise CommandError(f"Không có tài khoản đang hoạt động tên “{options['username']}”.")
            posts = end_posts(Membership.objects.lasting(today()).filter(user=user), today(), closes=True)
            keys = close(user)
            after = {"user": user.username, "posts_ended": posts, "keys_revoked": keys}
            audit.record("accounts.close", user, actor=None, after=after, reason=options["reason"])
        self.stdout.write(f"Đã đóng {user.username}: thôi {posts} vị trí, thu hồi {keys} khóa API.")
