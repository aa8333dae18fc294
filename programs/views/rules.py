"""One rule and its versions; proposing a new one, with what it would change; the second person's answer."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import signed_in
from accounts.models import User
from accounts.policy import decide, require
from programs import rules
from programs.documents import told_of
from programs.errors import RuleConflict
from programs.lawterms import RuleCode
from programs.models import RuleProposal
from programs.rule_effects import effects_of
from programs.rule_forms import RuleForm, form_of
from programs.rulekinds import BY_CODE, BY_SLUG, RuleKind
from programs.rules import Wish, levels_of, wish_of
from programs.rulewords import Names, differences, shown
from programs.views.files import served
from programs.views.shared import Refusals, put_refusal, tell_refusal
from vietnam.models import AdminUnit, LegalDocument


def _kind(slug: str) -> RuleKind:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def _rule(slug: str, pk: int) -> tuple[RuleKind, Any]:
    kind = _kind(slug)
    rows = kind.model._default_manager.select_related(*kind.related)
    return kind, get_object_or_404(rows, pk=pk)


def _home(kind: RuleKind, row: Any) -> AdminUnit | None:
    """Whose rule it is: a province's own, else the nation's."""
    home: AdminUnit | None = row.province if kind.provincial else None
    return home


@login_required
@require_safe
def rule_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All versions of the rule this row belongs to, newest first, each with what it changed."""
    user = signed_in(request)
    require(user, "accounts.use_portal")
    known, row = _rule(kind, pk)
    context = {
        "kind": known,
        "may_propose": decide(user, "programs.propose_rule", _home(known, row)),
        **_versions(known, row, user),
    }
    return render(request, "programs/rule_detail.html", context)


def _versions(kind: RuleKind, row: Any, user: User) -> dict[str, Any]:
    names = Names.on(timezone.localdate())
    rows = list(kind.versions(row))
    told = [
        (shown(kind, new, names), differences(kind, old, new, names))
        for new, old in zip(rows, [None, *rows[:-1]], strict=True)
    ]
    waiting = RuleProposal.objects.visible_to(user).waiting()
    return {
        "rule": shown(kind, row, names),
        "versions": told[::-1],
        "current": next((each for each in rows if timezone.localdate() in each.valid), None),
        "last": rows[-1],
        "waiting": waiting.filter(kind=kind.code, old_id__in=[each.pk for each in rows]),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rule_change(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A new version of this rule: first seen with its effects, then put forward."""
    known, row = _rule(kind, pk)
    home = _home(known, row)
    require(signed_in(request), "programs.propose_rule", home)
    return _edited(request, form_of(known, request.POST or None, old=row, home=home), home)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rule_create(request: HttpRequest, kind: str) -> HttpResponse:
    """A rule there has not been: a norm of an activity, a province's own date."""
    user, known = signed_in(request), _kind(kind)
    home = next((each for each in levels_of(user) if each is None or known.provincial), None)
    require(user, "programs.propose_rule", home)
    return _edited(request, form_of(known, request.POST or None, home=home), home)


def _edited(request: HttpRequest, form: RuleForm, home: AdminUnit | None) -> HttpResponse:
    asked = form.wish() if form.is_bound and form.is_valid() else None
    if asked is not None and request.POST.get("action") == "propose":
        try:
            proposal = rules.propose(
                asked, reason=form.cleaned_data["reason"], province=home, actor=signed_in(request)
            )
        except Refusals as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("Đã gửi đề xuất; bản mới có hiệu lực khi người thứ hai xác nhận."))
            return redirect("programs:proposal_detail", uuid=proposal.uuid)
    context: dict[str, Any] = {"kind": form.kind, "form": form, "home": home}
    names = Names.on(timezone.localdate())
    if form.old is not None:
        context["rule"] = shown(form.kind, form.old, names)
    if asked is not None:
        context |= _foreseen(asked, signed_in(request), names)
    return render(request, "programs/rule_form.html", context, status=422 if form.errors else 200)


def _foreseen(asked: Wish, user: User, names: Names) -> dict[str, Any]:
    """What a preview shows: the differences from the version in force, and the projects judged otherwise."""
    return {
        "asked": asked,
        "changes": differences(asked.kind, asked.old, asked.row, names),
        "effects": effects_of(asked, user),
        "kind": asked.kind,
        "version": shown(asked.kind, asked.row, names) if asked.row is not None else None,
        "not_yet": _not_yet(asked),
    }


def _not_yet(asked: Wish) -> LegalDocument | None:
    """The document the version rests on, where that is in force only later. No bar: some are applied back."""
    document: LegalDocument | None = getattr(asked.row, "source_document", None)
    starts = document.valid.lower if document is not None and document.valid else None
    return document if starts is not None and asked.since < starts else None


@login_required
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was decided lately."""
    user = signed_in(request)
    require(user, "accounts.use_portal")
    rows = RuleProposal.objects.visible_to(user).select_related("proposed_by", "decided_by", "province")
    context = {
        "waiting": list(rows.waiting()[:100]),
        "decided": list(rows.exclude(outcome="").order_by("-decided_at")[:50]),
        "kinds": [kind for kind in BY_SLUG.values() if None in levels_of(user) or kind.provincial],
        "keeps": levels_of(user),
    }
    return render(request, "programs/proposal_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """What is proposed, what it changes, and the answer: verify, refuse, withdraw."""
    user = signed_in(request)
    people = ("proposed_by", "proposed_for", "decided_by", "decided_for", "province", "file")
    rows = RuleProposal.objects.visible_to(user).select_related(*people)
    proposal = get_object_or_404(rows, uuid=uuid)
    if request.method == "POST":
        return _answered(request, proposal)
    context: dict[str, Any] = {
        "proposal": proposal,
        "may_verify": decide(user, "programs.verify_rule", proposal),
        "may_withdraw": decide(user, "programs.withdraw_rule", proposal),
    }
    context |= told_of(proposal) if proposal.kind == RuleCode.DOCUMENT else _told(proposal, user)
    return render(request, "programs/proposal_detail.html", context)


@login_required
@require_safe
def proposal_file(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse | FileResponse:
    """The scan that came with a proposed document, for whoever compares it."""
    rows = RuleProposal.objects.visible_to(signed_in(request)).filter(file__isnull=False)
    proposal = get_object_or_404(rows.select_related("file"), uuid=uuid)
    if proposal.file is None:
        raise Http404
    return served(proposal.file, proposal.file.name)


def _told(proposal: RuleProposal, user: User) -> dict[str, Any]:
    names = Names.on(timezone.localdate())
    try:
        asked = wish_of(proposal)
    except RuleConflict as error:
        return {"kind": BY_CODE[proposal.kind], "conflict": str(error)}
    if proposal.is_open:
        return _foreseen(asked, user, names)
    return {
        "kind": asked.kind,
        "asked": asked,
        "version": shown(asked.kind, asked.row, names) if asked.row is not None else None,
        "rule_id": proposal.new_id or proposal.old_id,
    }


ANSWERS: dict[str, Callable[..., RuleProposal]] = {
    "verify": rules.verify,
    "refuse": rules.refuse,
    "withdraw": rules.withdraw,
}


def _answered(request: HttpRequest, proposal: RuleProposal) -> HttpResponse:
    answer = ANSWERS.get(request.POST.get("action", ""))
    try:
        if answer is None:
            raise RuleConflict(_("Hãy chọn xác nhận, không đồng ý hoặc rút."))
        answer(proposal, note=request.POST.get("note", "").strip(), actor=signed_in(request))
        messages.success(request, _("Đã ghi nhận."))
    except Refusals as error:
        tell_refusal(request, error)
    return redirect("programs:proposal_detail", uuid=proposal.uuid)
