"""``create_account USERNAME …``: a person with a post in an office; for somebody known, a further post."""

from __future__ import annotations

import getpass
import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Membership, Organisation, OrganisationKind, User, today
from accounts.roles import Role
from records import audit
from vietnam.models import AdminUnit, successor_province
from vietnam.text import same_text
from vietnam.units import find_province

USUAL_KIND = {
    Role.IMPL: OrganisationKind.TTKC,
    Role.SO_OFFICER: OrganisationKind.SO,
    Role.SO_LEADER: OrganisationKind.SO,
    Role.UBND_VIEW: OrganisationKind.UBND,
    Role.REGION: OrganisationKind.REGION,
    Role.CUC_OFFICER: OrganisationKind.CUC,
    Role.CUC_LEADER: OrganisationKind.CUC,
    Role.MIN_APPROVER: OrganisationKind.MINISTRY,
    Role.FIN: OrganisationKind.MINISTRY,
    Role.AUDITOR: OrganisationKind.AUDIT,
    Role.API_CLIENT: OrganisationKind.PARTNER,
    Role.ADMIN: OrganisationKind.OTHER,
}
"""The kind of a new office when ``--kind`` does not say it."""


class Command(BaseCommand):
    help = "Tạo tài khoản và vị trí công tác; tài khoản đã có thì chỉ thêm vị trí, mật khẩu giữ nguyên."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="họ và tên; bắt buộc với tài khoản mới")
        parser.add_argument("--role", required=True, choices=Role.values, help="vai trò")
        parser.add_argument("--office", required=True, help="tên cơ quan, đơn vị")
        # Never implied: a partner of the whole country sees the whole country.
        parser.add_argument("--province", required=True, help="tên tỉnh, thành phố, hoặc “Toàn quốc”")
        parser.add_argument("--new-office", action="store_true", help="lập cơ quan này nếu chưa có")
        parser.add_argument("--kind", choices=OrganisationKind.values, help="loại của cơ quan mới")
        parser.add_argument("--title", default="", help="chức vụ")
        parser.add_argument("--email", default="")
        parser.add_argument("--ask-password", action="store_true", help="hỏi mật khẩu thay vì tự đặt")

    def handle(self, *args: Any, **options: Any) -> None:
        province = _province(options["province"])
        with transaction.atomic():
            office = _office(province, options)
            user = User.objects.filter(username=options["username"]).first()
            if user and not user.is_active:
                raise CommandError(f"Tài khoản {user.username} đã đóng: hãy dùng tên khác.")
            password = None if user else _password(options)
            user = user or _new_user(options, password)
            self._give_post(user, office, options)
        self.stderr.write(
            f"{user.full_name} ({user.username}): {Role(options['role']).label}, {office.name}."
        )
        if password and not options["ask_password"]:
            self.stderr.write("Mật khẩu đầu tiên, chỉ hiện lần này:")
            self.stdout.write(password)

    def _give_post(self, user: User, office: Organisation, options: dict[str, Any]) -> None:
        if (
            Membership.objects.on(today())
            .filter(user=user, organisation=office, role=options["role"])
            .exists()
        ):
            raise CommandError(f"{user.username} đang giữ vị trí này.")
        Membership.objects.create(
            user=user,
            organisation=office,
            role=options["role"],
            title=options["title"],
            valid=DateRange(today(), None),
        )
        after = {"user": user.username, "role": options["role"], "office": office.name}
        audit.record("accounts.give_post", user, actor=None, after=after)


def _province(text: str) -> AdminUnit:
    nation = AdminUnit.nation()
    found = nation if same_text(text, nation.name) else find_province(text)
    if found is None:
        raise CommandError(f"Không có tỉnh, thành phố nào tên “{text}”; cấp quốc gia ghi “{nation.name}”.")
    if not found.exists_on(today()):
        now = successor_province(found)
        raise CommandError(f"{found.name} nay thuộc {now.name_in_text if now else 'tỉnh khác'}.")
    return found


def _office(province: AdminUnit, options: dict[str, Any]) -> Organisation:
    """The office of today by name; made only when asked, so that a slip of spelling makes no second one."""
    if not (name := options["office"].strip()):
        raise CommandError("Cần tên cơ quan: --office “…”.")
    known = list(Organisation.objects.on(today()).filter(province=province).order_by("name"))
    for office in known:
        if same_text(office.name, name) or same_text(office.short_name, name):
            return office
    if not options["new_office"]:
        there = "; ".join(office.name for office in known) or "chưa có cơ quan nào"
        raise CommandError(
            f"{province.name} không có cơ quan “{name}” (hiện có: {there}). Thêm --new-office để lập mới."
        )
    kind = options["kind"] or USUAL_KIND[Role(options["role"])]
    return Organisation.objects.create(
        name=name, kind=kind, province=province, valid=DateRange(today(), None)
    )


def _new_user(options: dict[str, Any], password: str | None) -> User:
    if not options["name"].strip():
        raise CommandError("Tài khoản mới cần --name “Họ và tên”.")
    user = User(username=options["username"], full_name=options["name"], email=options["email"])
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise CommandError("\n".join(error.messages)) from error
    user.save()
    return user


def _password(options: dict[str, Any]) -> str | None:
    """A random one, or the one typed twice; none for a partner, who comes with a key (``issue_token``).

    Raises ``CommandError`` for one too easy to guess.
    """
    if options["role"] == Role.API_CLIENT:
        return None
    if not options["ask_password"]:
        return secrets.token_urlsafe(18)
    typed = getpass.getpass("Mật khẩu: ")
    if typed != getpass.getpass("Ghi lại mật khẩu: "):
        raise CommandError("Hai lần ghi không giống nhau.")
    try:
        validate_password(typed, User(username=options["username"], full_name=options["name"]))
    except ValidationError as error:
        raise CommandError("\n".join(error.messages)) from error
    return typed
