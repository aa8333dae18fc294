"""What people hear of their own account: a password somebody else has set, a signature lent to them."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Delegation, Membership, User, today
from accounts.roles import LENDABLE_ROLES
from records import inbox
from records.models import OutboxMessage
from vietnam.templatetags.vn import vn_date

ACCOUNT: Final = "account.changed"
KINDS: Final = (
    inbox.Kind(
        ACCOUNT,
        gettext_lazy("Tài khoản của bạn được người khác thay đổi, hoặc bạn được ủy quyền ký"),
        kept=gettext_lazy("Luôn báo, để bạn biết ngay khi việc đó không phải do bạn nhờ."),
    ),
)


def password_reset(message: OutboxMessage) -> None:
    """Outbox handler of ``password.reset``: the person learns of it, whoever asked for it."""
    people = User.objects.in_bulk([message.payload["user"], message.payload["by"]])
    user, actor = people[message.payload["user"]], people[message.payload["by"]]
    with translation.override(user.language):
        title = _("%(who)s đã đặt lại mật khẩu của bạn") % {"who": actor}
        body = _("Nếu bạn không nhờ việc này, hãy báo ngay cho lãnh đạo cơ quan.")
        inbox.notify([user], ACCOUNT, title, body, reverse("accounts:account"))
    _tell_leaders(user, actor, message.payload.get("office"))


def _tell_leaders(user: User, actor: User, office: int | None) -> None:
    """Whose account signs there, or signs for somebody: the others who sign in that office learn of it."""
    posts = Membership.objects.on(today()).filter(organisation=office, role__in=LENDABLE_ROLES)
    lent = Delegation.objects.on(today()).filter(delegate=user, membership__organisation=office)
    if not (posts.filter(user=user).exists() or lent.exists()):
        return
    leaders = User.objects.filter(pk__in=posts.values("user")).exclude(pk__in=[user.pk, actor.pk])
    for leader in leaders:
        with translation.override(leader.language):
            words = {"who": actor, "whom": user}
            title = _("%(who)s đã đặt lại mật khẩu của %(whom)s, người ký văn bản của cơ quan") % words
            body = _("Nếu cơ quan không biết việc này, hãy hỏi ngay hai người đó.")
            inbox.notify([leader], ACCOUNT, title, body, reverse("accounts:account"))


def email_changed(message: OutboxMessage) -> None:
    """Outbox handler of ``email.changed``: a new password can be asked for by the new address."""
    people = User.objects.in_bulk([message.payload["user"], message.payload["by"]])
    user, actor = people[message.payload["user"]], people[message.payload["by"]]
    with translation.override(user.language):
        title = _("%(who)s đã đổi địa chỉ thư của bạn") % {"who": actor}
        body = _("Địa chỉ mới: %(email)s. Nếu không đúng, hãy báo ngay cho lãnh đạo cơ quan.")
        words = {"email": user.email or _("không có")}
        inbox.notify([user], ACCOUNT, title, body % words, reverse("accounts:account"))


def post_lent(message: OutboxMessage) -> None:
    """Outbox handler of ``post.lent``: both learn until when one signs for the other."""
    rows = Delegation.objects.select_related("membership__user", "delegate")
    lent = rows.filter(pk=message.payload["delegation"]).first()
    if lent is None:
        return  # taken back before it could be told
    holder = lent.membership.user
    words = {"form": f"{lent.form}.", "holder": holder, "delegate": lent.delegate}
    words |= {
        "number": lent.decision_number,
        "first": vn_date(lent.first_day),
        "last": vn_date(lent.last_day),
    }
    for reader in (lent.delegate, holder):
        with translation.override(reader.language):
            told = _("%(delegate)s được ký %(form)s thay bạn")
            title = (_("Bạn được ký %(form)s thay %(holder)s") if reader == lent.delegate else told) % words
            body = _("Theo %(number)s, từ ngày %(first)s đến hết ngày %(last)s.") % words
            inbox.notify([reader], ACCOUNT, title, body, reverse("accounts:account"))
