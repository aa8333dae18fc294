"""``close_account USERNAME --reason …``: somebody leaves; posts, keys and sign-in end, history stays."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import ApiToken, Membership, User, today
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
            posts = _end_posts(user)
            keys = ApiToken.objects.usable(timezone.now()).filter(user=user).update(revoked_at=timezone.now())
            user.is_active = False
            user.save(update_fields=["is_active", "sort_name"])
            after = {"user": user.username, "posts_ended": posts, "keys_revoked": keys}
            audit.record("accounts.close", user, actor=None, after=after, reason=options["reason"])
        self.stdout.write(f"Đã đóng {user.username}: thôi {posts} vị trí, thu hồi {keys} khóa API.")


def _end_posts(user: User) -> int:
    """Yesterday is a post's last day; one that began no earlier than today never was."""
    held = [
        p for p in Membership.objects.filter(user=user) if p.valid.upper is None or p.valid.upper > today()
    ]
    for post in held:
        if post.valid.lower is not None and post.valid.lower >= today():
            post.delete()
        else:
            post.valid = DateRange(post.valid.lower, today())
            post.save(update_fields=["valid"])
    return len(held)
