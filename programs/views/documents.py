"""The register of legal documents."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import signed_in
from accounts.policy import decide, require
from programs.document_forms import NEWEST, DocumentForm, SearchForm
from programs.documents import add_file, cited_by, propose_document, relations_of
from programs.models import DocumentFile
from programs.rules import levels_of
from programs.rulewords import Names
from programs.search import document_validity
from programs.views.files import served
from programs.views.shared import Refusals, put_refusal
from records.files import FileRefused
from vietnam.models import LegalDocument
from vietnam.text import fold


@login_required
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Few enough for one page; compared in Python, because "nđ-cp" must find "NĐ-CP"."""
    user = signed_in(request)
    require(user, "accounts.use_portal")
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "kind": ""}
    rows = LegalDocument.objects.select_related("replaced_by").order_by(*NEWEST)
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    words = fold(asked["q"]).split()
    found = [row for row in rows if all(word in f"{fold(row.number)} {row.folded}" for word in words)]
    context = {
        "form": form,
        "documents": [(row, document_validity(row)) for row in found],
        "keeps": levels_of(user),
    }
    return render(request, "programs/document_list.html", context)


@login_required
@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    require(user, "accounts.use_portal")
    document = get_object_or_404(LegalDocument.objects.select_related("replaced_by"), pk=pk)
    context = {
        "document": document,
        "validity": document_validity(document),
        "relations": relations_of(document),
        "cited": cited_by(document, Names.on(timezone.localdate())),
        "files": document.files.select_related("file", "added_by"),
        "may_add": decide(user, "programs.propose_rule", None),
    }
    return render(request, "programs/document_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_create(request: HttpRequest) -> HttpResponse:
    """A document for the register; it is entered when a second person has verified it."""
    user = signed_in(request)
    home = next(iter(levels_of(user)), None)
    require(user, "programs.propose_rule", home)
    form = DocumentForm(request.POST or None, request.FILES or None, home=home)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = propose_document(
                form.document(), relations=form.relations(), scan=form.cleaned_data["scan"],
                reason=form.cleaned_data["reason"], province=home, actor=user,
            )  # fmt: skip
        except FileRefused as error:
            form.add_error("scan", str(error))
        except Refusals as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("Đã gửi; văn bản vào sổ khi người thứ hai xác nhận."))
            return redirect("programs:proposal_detail", uuid=proposal.uuid)
    context = {"form": form, "home": home}
    return render(request, "programs/document_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def document_file_add(request: HttpRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(LegalDocument, pk=pk)
    try:
        for upload in request.FILES.getlist("file"):
            add_file(document, upload, actor=signed_in(request))
        messages.success(request, _("Đã thêm tệp."))
    except FileRefused as error:
        messages.error(request, str(error))
    return redirect("programs:document_detail", pk=pk)


@login_required
@require_safe
def document_file(request: HttpRequest, pk: int, uuid: uuids.UUID) -> HttpResponse | FileResponse:
    """The text of the law itself: the same for everybody signed in."""
    require(signed_in(request), "accounts.use_portal")
    item = get_object_or_404(DocumentFile.objects.filter(document=pk).select_related("file"), uuid=uuid)
    return served(item.file, item.name)
