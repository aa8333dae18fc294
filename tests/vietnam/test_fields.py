import datetime as dt
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from hypothesis import given
from hypothesis import strategies as st

from vietnam.fields import (
    CleanCharField,
    CleanTextField,
    FoldedField,
    SortKeyField,
    VnDateField,
    VndField,
    VndFormField,
    no_personal_number,
    parse_vn_date,
    vnd_check,
)
from vietnam.models import LegalDocument
from vietnam.money import MAX_VND
from vietnam.text import clean, fold, person_sort_key, sort_key


class Grant(models.Model):
    """A model of this test only; it has no table."""

    name = CleanCharField(max_length=40)
    text = CleanTextField(blank=True)
    folded = FoldedField(source="name")
    order = SortKeyField(source="name", person=True)
    amount_vnd = VndField(null=True, blank=True)
    own_vnd = VndField(default=0)

    class Meta:
        app_label = "tests"  # not installed: no other test sees the model
        managed = False
        constraints = [vnd_check("amount_vnd", "own_vnd")]


def field_of(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


class GrantForm(forms.ModelForm[Grant]):
    class Meta:
        model = Grant
        fields = ["name", "text", "amount_vnd", "own_vnd"]


@pytest.mark.django_db
def test_forms_store_tidy_text_and_amounts_in_dong() -> None:
    form = GrantForm(
        {"name": " Cư  M’gar ", "text": " a \r\n b ", "amount_vnd": "1,2 tỷ", "own_vnd": "300.000"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "name": "Cư M'gar", "text": "a\nb", "amount_vnd": 1_200_000_000, "own_vnd": 300_000,
    }  # fmt: skip


@pytest.mark.django_db
def test_an_empty_amount_is_none_and_a_required_one_is_asked_for() -> None:
    form = GrantForm({"name": "A", "amount_vnd": "", "own_vnd": ""})
    assert not form.is_valid()
    assert form.cleaned_data["amount_vnd"] is None
    assert "own_vnd" in form.errors


@pytest.mark.django_db
def test_text_is_tidied_on_every_way_into_the_database() -> None:
    document = LegalDocument(number=" 1/2026/QĐ-X ", title="a  b", kind="QD", issuer="X", confidence="memory")
    assert field_of(LegalDocument, "number").get_prep_value(" 1/2026/QĐ-X ") == "1/2026/QĐ-X"
    for field in ("number", "title"):
        field_of(LegalDocument, field).pre_save(document, True)
    assert (document.number, document.title) == ("1/2026/QĐ-X", "a b")


def test_derived_keys_follow_their_source_at_every_save() -> None:
    grant = Grant(name="Nguyễn Văn Ân")
    for field in ("folded", "order"):
        field_of(Grant, field).pre_save(grant, True)
    assert grant.folded == fold("Nguyễn Văn Ân")
    assert grant.order == person_sort_key("Nguyễn Văn Ân") != sort_key("Nguyễn Văn Ân")


def test_derived_fields_survive_migrations() -> None:
    for name in ("folded", "order"):
        field = field_of(Grant, name)
        _, path, args, kwargs = field.deconstruct()
        again = type(field)(*args, **kwargs)
        assert (again.source, again.editable, again.deconstruct()[1:]) == (
            "name",
            False,
            (path, args, kwargs),
        )


PERSONAL = ("079203012345", "CCCD 079203012345.", "079 203 012 345", "079.203.012.345", "(079203 012345)")
HARMLESS = (
    "300.000.000.000", "300000000000", "0912 345 678", "9900000019-001", "0100000019001", "KCQG-2027-38-0012",
    "0912345678, 0987654321", "12/QĐ-079203012345", "01/01/2027", "ab079203012345",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("number", PERSONAL)
@pytest.mark.parametrize("column", ["name", "text"])
def test_a_personal_number_is_refused_by_form_model_and_every_write(column: str, number: str) -> None:
    texts = {"name": "A", column: f"Bà Thử {number}"}
    form = GrantForm(texts | {"own_vnd": "0"})
    assert form.errors.get_json_data().keys() == {column}
    assert "hãy ghi ở ô mã số thuế" in str(form.errors)
    grant = Grant(**texts)
    with pytest.raises(ValidationError) as refused:
        grant.full_clean(exclude=["amount_vnd"])
    assert set(refused.value.message_dict) == {column}
    with pytest.raises(ValidationError) as refused:
        field_of(Grant, column).pre_save(grant, True)
    assert refused.value.error_dict[column][0].code == "personal_number"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_are_no_personal_numbers(text: str) -> None:
    no_personal_number(text)
    assert field_of(Grant, "name").pre_save(Grant(name=text), True) == clean(text)


@pytest.mark.parametrize("amount", [-1, MAX_VND + 1])
def test_amounts_out_of_bounds_are_refused_by_the_model(amount: int) -> None:
    with pytest.raises(ValidationError):
        Grant(name="A", own_vnd=amount).full_clean(exclude=["text", "amount_vnd"])


@pytest.mark.django_db
def test_the_check_constraint_names_the_table_and_bounds_every_column() -> None:
    (constraint,) = Grant._meta.constraints
    assert constraint.name == "tests_grant_vnd"
    constraint.validate(Grant, Grant(name="A", amount_vnd=None, own_vnd=MAX_VND))
    for bad in (-1, MAX_VND + 1):
        with pytest.raises(ValidationError):
            constraint.validate(Grant, Grant(name="A", amount_vnd=bad, own_vnd=0))


def test_the_amount_field_shows_dots_and_keeps_what_could_not_be_read() -> None:
    field = VndFormField(unit="trieu")
    assert field.prepare_value(1_250_500_000) == "1.250,5"
    assert field.prepare_value("1.5") == "1.5"
    with pytest.raises(ValidationError, match="nhiều cách"):
        field.clean("1.5")
    with pytest.raises(ValidationError, match="vượt quá 1.000.000 đồng"):
        VndFormField(max_vnd=1_000_000).clean("1.000.001")


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [(1_500_000, "1.500.000", False), (1_500_000, "1.500.001", True), (None, "", False), (1, "x", True)],
)
def test_an_amount_written_in_another_way_is_no_change(initial: Any, data: str, changed: bool) -> None:
    assert VndFormField(required=False).has_changed(initial, data) is changed


@pytest.mark.parametrize(
    "text", ["1/3/27", "01-03-2027", "010327", "01032027", "2027-03-01", "1.3.2027", " 01 / 03 / 2027 "]
)
def test_dates_are_read_day_first(text: str) -> None:
    assert parse_vn_date(text) == dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    "text", ["31/02/2027", "13/13/2027", "2027/03/01x", "1/3", "hôm nay", "3/2027", "0/1/27"]
)
def test_impossible_dates_are_refused_in_vietnamese(text: str) -> None:
    with pytest.raises(ValidationError, match="Ngày không hợp lệ"):
        VnDateField().clean(text)


def test_two_digit_years_turn_at_70() -> None:
    assert parse_vn_date("1/1/69").year == 2069
    assert parse_vn_date("1/1/70").year == 1970


@given(st.dates(dt.date(1000, 1, 1)))
def test_a_shown_date_is_read_back(day: dt.date) -> None:
    class DayForm(forms.Form):
        day = VnDateField()

    html = str(DayForm(initial={"day": day})["day"])
    typed = html.split('value="')[1].split('"')[0]
    form = DayForm({"day": typed})
    assert form.is_valid() and form.cleaned_data["day"] == day


def test_an_empty_optional_date_is_none() -> None:
    assert VnDateField(required=False).clean("") is None


@pytest.mark.owner_role
@pytest.mark.django_db
def test_documents_of_two_provinces_may_share_a_number_but_not_of_one_issuer() -> None:
    fields = {"title": "Quy định", "kind": "QD", "confidence": "memory"}
    LegalDocument.objects.create(number="7/2026/QĐ-UBND", issuer="UBND tỉnh A", **fields)
    LegalDocument.objects.create(number="7/2026/QĐ-UBND", issuer="UBND tỉnh B", **fields)
    with pytest.raises(IntegrityError):
        LegalDocument.objects.create(number="7/2026/QĐ-UBND", issuer="UBND  tỉnh A", **fields)
