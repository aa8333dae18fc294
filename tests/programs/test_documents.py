"""The register of legal documents: new ones by two people, their relations, scans and what rests on them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs.documents import add_file, relations_of
from programs.errors import MissingDetail, RuleConflict
from programs.lawbook import LawBook
from programs.models import DocumentFile, RuleProposal
from tests import cast
from tests.programs.rulekit import M, proposed, proposed_document, scan, verified
from vietnam.models import LegalDocument

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 1)


def circular() -> LegalDocument:
    return LegalDocument.objects.get(number="28/2018/TT-BTC")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_document_enters_the_register_when_a_second_person_has_verified_it(
    cuc_officer: User, cuc_leader: User
) -> None:
    proposal = proposed_document(cuc_officer, "01/2027/TT-THỬ", relations=[("replaces", circular().pk)])
    assert not LegalDocument.objects.filter(number="01/2027/TT-THỬ").exists()
    done = verified(proposal, cuc_leader)
    new = LegalDocument.objects.get(pk=done.new_id or 0)
    assert (new.number, new.valid.lower, new.folded) == ("01/2027/TT-THỬ", DAY, "quy dinh thu ve khuyen cong")
    assert DocumentFile.objects.get(document=new).name == "van-ban.pdf"
    old = circular()
    assert (old.replaced_by, old.valid.upper) == (new, DAY)
    assert [(each.label, each.other) for each in relations_of(new)] == [("thay thế", old)]
    assert ("được thay thế bởi", new) in [(each.label, each.other) for each in relations_of(old)]


def test_an_amended_document_stays_in_force(cuc_officer: User, cuc_leader: User) -> None:
    verified(
        proposed_document(cuc_officer, "01/2027/TT-THỬ", relations=[("amends", circular().pk)]), cuc_leader
    )
    assert circular().valid.upper is None
    assert "được sửa đổi, bổ sung bởi" in [each.label for each in relations_of(circular())]


def test_a_new_norm_names_the_new_document(cuc_officer: User, cuc_leader: User) -> None:
    done = verified(proposed_document(cuc_officer, "01/2027/TT-THỬ"), cuc_leader)
    new = LegalDocument.objects.get(pk=done.new_id or 0)
    verified(proposed(cuc_officer, DAY, source_document=new, clause="Điều 3", cap_vnd=400 * M), cuc_leader)
    norm = LawBook.load(DAY, "KCQG", None).norm("N3.3")
    assert norm and norm.basis.source == "01/2027/TT-THỬ, Điều 3"
    page = signed_in(cuc_leader).get(f"/quy-dinh/van-ban/{new.pk}/").content.decode()
    assert "Quy định dựa vào văn bản này" in page and "Điều 3" in page


def test_the_same_number_of_the_same_issuer_is_entered_once(cuc_officer: User, cuc_leader: User) -> None:
    first, second = (proposed_document(cuc_officer, "01/2027/TT-THỬ") for _time in range(2))
    verified(first, cuc_leader)
    with pytest.raises(RuleConflict, match="đã có trong sổ"):
        verified(second, cuc_leader)
    with pytest.raises(MissingDetail):
        proposed_document(cuc_officer, "01/2027/TT-THỬ")


def test_a_provinces_paper_changes_no_document_of_others(
    thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    home = cast.province("Thanh Hóa")
    plain = proposed_document(thanh_hoa_officer, "02/2027/NQ-THỬ", province=home)
    bold = proposed_document(
        thanh_hoa_officer, "03/2027/NQ-THỬ", province=home, relations=[("replaces", circular().pk)]
    )
    verified(plain, thanh_hoa_leader)
    with pytest.raises(RuleConflict, match="cơ quan khác"):
        verified(bold, thanh_hoa_leader)
    assert circular().replaced_by is None


def test_scans_are_kept_by_the_nations_keepers_and_read_by_everybody(
    cuc_officer: User, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    with act_as(cuc_officer):
        item = add_file(circular(), scan(), actor=cuc_officer)
        assert add_file(circular(), scan("lan-hai.pdf"), actor=cuc_officer) == item
    with act_as(thanh_hoa_leader), pytest.raises(PermissionRefused):
        add_file(circular(), scan(), actor=thanh_hoa_leader)
    answer = signed_in(thanh_hoa_centre).get(f"/quy-dinh/van-ban/{circular().pk}/tep/{item.uuid}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    with act_as(thanh_hoa_centre), pytest.raises(DatabaseError, match="row-level"), transaction.atomic():
        DocumentFile.objects.create(
            document=LegalDocument.objects.exclude(pk=circular().pk)[0],
            file=item.file, name="lạ.pdf", added_by=thanh_hoa_centre,
        )  # fmt: skip


def test_the_form_tells_what_is_wrong_at_its_field(cuc_officer: User) -> None:
    sent = {"number": "01/2027/TT-THỬ", "issued_on": "05/12/2026", "valid_from": "01/12/2026"}
    answer = signed_in(cuc_officer).post("/quy-dinh/van-ban/moi/", sent)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors["valid_from"] == ["Ngày hiệu lực không được trước ngày ban hành."]
    assert {"title", "issuer", "reason"} <= set(form.errors)
    assert 'value="01/2027/TT-THỬ"' in answer.content.decode()


def test_the_whole_form_makes_a_proposal(cuc_officer: User) -> None:
    sent = {
        "number": "01/2027/TT-THỬ", "title": "Thử", "kind": "TT", "issuer": "Cơ quan Thử",
        "issued_on": "1/10/2026", "valid_from": "1/12/2026", "confidence": "seen", "reason": "Mới.",
        "replaces": [circular().pk], "scan": scan(),
    }  # fmt: skip
    client = signed_in(cuc_officer)
    answer = client.post("/quy-dinh/van-ban/moi/", sent)
    with act_as(cuc_officer):
        proposal = RuleProposal.objects.get()
    assert answer["Location"] == f"/quy-dinh/de-xuat/{proposal.uuid}/"
    page = client.get(answer["Location"]).content.decode()
    assert "28/2018/TT-BTC" in page and "van-ban.pdf" in page


@pytest.mark.owner_role
def test_the_documents_loader_leaves_what_the_portal_ended(cuc_officer: User, cuc_leader: User) -> None:
    verified(
        proposed_document(cuc_officer, "01/2027/TT-THỬ", relations=[("replaces", circular().pk)]), cuc_leader
    )
    call_command("load_documents")
    assert circular().valid.upper == DAY
