"""People of an office: who joins, changes post and leaves, and a password given out without e-mail.

Every verb takes the administrator who acts and raises ``PermissionRefused``, or ``ValidationError`` with the
sentence at its field.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Delegation, Membership, Organisation, User, today
from accounts.policy import Colleague, require
from accounts.querysets import MembershipQuerySet
from accounts.roles import Role
from accounts.scope import scope_of
from records import audit, outbox
from vietnam.periods import period
from vietnam.text import same_text

ONE_TIME_FOR = dt.timedelta(days=3)
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters that are not mistaken for one another when read out or copied by hand."""
GROUPS, LETTERS = 4, 5
CONTACT = ("full_name", "phone", "email")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes to the office, as the form has them."""

    username: str
    full_name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    """``last`` is the last day; without one the post lasts."""

    role: str
    first: dt.date
    last: dt.date | None = None
    title: str = ""

    @property
    def valid(self) -> object:
        return period(self.first, self.last + dt.timedelta(days=1) if self.last else None)


@transaction.atomic
def join(office: Organisation, person: Person, post: NewPost, *, actor: User) -> tuple[User, str]:
    """Somebody comes with a first post, and with a one-time password; "" where the account is in use already.

    An account of another office is known by user name and full name, and the system's administrator alone
    brings it here; one that was closed is opened again.
    """
    known = User.objects.select_for_update().filter(username=person.username).first()
    user = known or User(username=person.username)
    if known:
        _require_same(known, person, office, actor)
    require(actor, "accounts.give_post", Colleague(office, user, post.role))
    if known and known.is_active:
        _begin(user, office, post, actor)
        return user, ""
    user.full_name, user.phone, user.email = person.full_name, person.phone, person.email
    user.is_active = True
    password = _set_one_time(user)
    user.full_clean()
    user.save()
    audit.record("accounts.open", user, actor=actor, after={"user": user.username, "office": office.name})
    _begin(user, office, post, actor)
    return user, password


def _require_same(known: User, person: Person, office: Organisation, actor: User) -> None:
    if not scope_of(actor).posts_as({Role.ADMIN}):
        was_here = known.memberships.filter(organisation=office).exists()
        if known.is_active or not was_here:
            said = _("Tên đăng nhập này đã có. Nếu đúng là người đó chuyển đến, hãy nhờ quản trị hệ thống.")
            raise ValidationError({"username": said})
    if not same_text(known.full_name, person.full_name):
        said = _("Tên đăng nhập này của người khác; hãy chọn tên khác, hoặc ghi đúng họ tên của người đó.")
        raise ValidationError({"username": said})


@transaction.atomic
def give_post(
    user: User, office: Organisation, post: NewPost, *, actor: User, instead_of: Membership | None = None
) -> Membership:
    """A further post, or one instead of another, which ends the day before."""
    require(actor, "accounts.give_post", Colleague(office, user, post.role))
    if not user.is_active:
        raise ValidationError(_("Tài khoản đã đóng; hãy dùng “Thêm người” với đúng tên đăng nhập để mở lại."))
    if instead_of is not None:
        held = _still_to_end(instead_of, "instead_of")
        if held.first_day and held.first_day <= today() and post.first <= held.first_day:
            raise ValidationError({"first": _("Vị trí mới phải bắt đầu sau ngày đầu của vị trí được thay.")})
        end_posts([held], post.first)
    return _begin(user, office, post, actor)


@transaction.atomic
def end_post(post: Membership, last: dt.date, *, actor: User) -> None:
    """The post ends with this day; one that had not begun is gone."""
    require(actor, "accounts.run_person", Colleague(post.organisation, post.user))
    held = _still_to_end(post, "last")
    if held.first_day and last < held.first_day <= today():
        raise ValidationError({"last": _("Ngày cuối không được trước ngày đầu của vị trí đã bắt đầu.")})
    ended = {"role": post.role, "office": post.organisation.name, "last": last.isoformat()}
    end_posts([held], last + dt.timedelta(days=1))
    audit.record("accounts.end_post", post.user, actor=actor, after=ended)


def _still_to_end(post: Membership, field: str) -> Membership:
    """The post as it stands now, locked. What was held until a past day was held until that day."""
    held = Membership.objects.select_for_update().filter(pk=post.pk).first()
    if held is None or held.is_over:
        raise ValidationError({field: _("Vị trí này đã kết thúc, không kết thúc lần nữa.")})
    return held


@transaction.atomic
def leave(user: User, office: Organisation, reason: str, *, actor: User) -> bool:
    """Somebody leaves the office from today on; True where the account closes with it, having no other post.

    Authority lent by and to them here ends too.
    """
    require(actor, "accounts.run_person", Colleague(office, user))
    locked = User.objects.select_for_update().get(pk=user.pk)
    posts = lasting_posts(locked).filter(organisation=office)
    closes = not lasting_posts(locked).exclude(organisation=office).exists()
    loans = Delegation.objects.filter(membership__organisation=office)
    for lent in loans.filter(Q(delegate=locked) | Q(membership__user=locked)):
        end_loan(lent, today(), closes=closes and lent.delegate_id == locked.pk)
    ended = end_posts(posts, today(), closes=closes)
    if closes:
        close(locked)
    after = {"user": user.username, "office": office.name, "posts_ended": ended, "closed": closes}
    audit.record("accounts.leave", user, actor=actor, after=after, reason=reason)
    return closes


@transaction.atomic
def set_contact(user: User, office: Organisation, contact: Mapping[str, str], *, actor: User) -> None:
    """The person's name and how to reach them. Of another address for letters, which opens the account to
    whoever reads there, the person hears in the portal."""
    require(actor, "accounts.set_contact", Colleague(office, user))
    before = {name: getattr(user, name) for name in CONTACT}
    for name in CONTACT:
        setattr(user, name, contact[name])
    user.save(update_fields=[*CONTACT, "sort_name"])
    audit.record("accounts.set_contact", user, actor=actor, before=before, after=dict(contact))
    if before["email"] != contact["email"]:
        outbox.post("email.changed", {"user": user.pk, "by": actor.pk})


@transaction.atomic
def reset_password(user: User, office: Organisation, *, actor: User) -> str:
    """A one-time password instead of a forgotten one. Every session of the person ends."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    require(actor, "accounts.reset_password", Colleague(office, locked))
    if not locked.is_active:
        raise ValidationError(_("Tài khoản đã đóng; hãy dùng “Thêm người” với đúng tên đăng nhập để mở lại."))
    password = _set_one_time(locked)
    locked.save()
    audit.record("accounts.reset_password", locked, actor=actor, after={"office": office.name})
    outbox.post("password.reset", {"user": locked.pk, "by": actor.pk, "office": office.pk})
    return password


def lasting_posts(user: User) -> MembershipQuerySet:
    """Posts held today or to come, in offices that have not ended."""
    return Membership.objects.lasting(today()).filter(user=user)


def close(user: User) -> int:
    """No sign-in, no session and no key any more; how many keys there were. What the person did stays."""
    keys = ApiToken.objects.usable(timezone.now()).filter(user=user).update(revoked_at=timezone.now())
    user.is_active = False
    user.set_unusable_password()  # else an old session would live again with the account
    user.one_time_until = None
    user.save()
    return keys


def end_posts(posts: Iterable[Membership], no_longer: dt.date, *, closes: bool = False) -> int:
    """These posts are not held from that day on; one that would begin later never was.

    ``closes``: the account closes too. Nobody can act in it any more, so a post begun today keeps its day,
    and what was done in it stays explained.
    """
    held = list(posts)
    for post in held:
        _end(post, no_longer, closes)
    return len(held)


def end_loan(lent: Delegation, no_longer: dt.date, *, closes: bool = False) -> None:
    """As ``end_posts``, for authority that was lent; ``closes``: the account it was lent to."""
    _end(lent, no_longer, closes)


def _end(row: Membership | Delegation, no_longer: dt.date, closes: bool) -> None:
    first = row.valid.lower
    if closes and first == no_longer == today():
        no_longer += dt.timedelta(days=1)
    if first is not None and first >= no_longer:
        row.delete()
    elif row.valid.upper is None or row.valid.upper > no_longer:
        row.valid = period(first, no_longer)
        row.save(update_fields=["valid"])


def _begin(user: User, office: Organisation, post: NewPost, actor: User) -> Membership:
    held = Membership.objects.filter(user=user, organisation=office, role=post.role)
    if held.filter(valid__overlap=post.valid).exists():
        raise ValidationError({"role": _("Người này đã giữ vai trò đó trong khoảng thời gian này.")})
    made = Membership.objects.create(
        user=user, organisation=office, role=post.role, title=post.title, valid=post.valid
    )
    after = {"user": user.username, "role": post.role, "office": office.name, "valid": str(post.valid)}
    audit.record("accounts.give_post", user, actor=actor, after=after)
    return made


def _set_one_time(user: User) -> str:
    """About 99 bits, so that its few days are the least of its limits."""
    groups = ("".join(secrets.choice(ALPHABET) for _letter in range(LETTERS)) for _group in range(GROUPS))
    password = "-".join(groups)
    user.set_password(password)
    user.one_time_until = timezone.now() + ONE_TIME_FOR
    return password
