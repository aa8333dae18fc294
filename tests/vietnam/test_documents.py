import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from vietnam.loaders.documents import read_documents
from vietnam.models import Confidence, LegalDocument

pytestmark = pytest.mark.django_db


def document(number: str) -> LegalDocument:
    return LegalDocument.objects.get(number=number)


def test_the_law_in_force_depends_on_the_day() -> None:
    def in_force(day: dt.date) -> set[str]:
        return set(LegalDocument.objects.on(day).values_list("number", flat=True))

    assert "26/2014/TTLT-BTC-BCT" in in_force(dt.date(2018, 5, 10))
    assert "28/2018/TT-BTC" not in in_force(dt.date(2018, 5, 10))
    assert "26/2014/TTLT-BTC-BCT" not in in_force(dt.date(2018, 5, 11))
    assert "28/2018/TT-BTC" in in_force(dt.date(2018, 5, 11))


def test_a_replaced_document_names_the_one_in_its_place() -> None:
    assert document("26/2014/TTLT-BTC-BCT").replaced_by == document("28/2018/TT-BTC")
    amended = document("45/2012/NĐ-CP").reverse_relations.filter(kind="amends")
    assert [relation.document.number for relation in amended] == ["235/2025/NĐ-CP"]


def test_what_nobody_checked_stays_marked() -> None:
    assert not document("17/2018/TT-BCT").is_verified
    assert document("303/2026/NĐ-CP").confidence == Confidence.SINGLE
    assert document("45/2012/NĐ-CP").is_verified


def test_every_entry_has_a_known_kind_confidence_and_order_of_dates() -> None:
    for entry in read_documents():
        loaded = document(entry["number"])
        loaded.full_clean(exclude=["valid"])
        days = [day for day in (entry["in_force_from"], entry["no_longer_from"]) if day]
        assert days == sorted(days), entry["number"]
        if entry["issued_on"] and entry["in_force_from"]:
            assert entry["issued_on"] <= entry["in_force_from"], entry["number"]


@pytest.mark.owner_role
def test_loading_again_keeps_what_an_administrator_verified() -> None:
    checked = document("17/2018/TT-BCT")
    checked.confidence, checked.title = Confidence.SEEN, "Tên đúng theo bản gốc"
    checked.save()
    LegalDocument.objects.filter(number="45/2012/NĐ-CP").update(title="x")
    out = StringIO()
    call_command("load_documents", stdout=out)
    assert "0 new, 1 changed" in out.getvalue()
    assert document("17/2018/TT-BCT").title == "Tên đúng theo bản gốc"
    assert document("45/2012/NĐ-CP").title == "Về khuyến công"
