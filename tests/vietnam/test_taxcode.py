import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from vietnam.fields import whole_tax_code
from vietnam.taxcode import check_digit, mask, normalise

nine_digits = st.from_regex(r"[0-9]{9}", fullmatch=True)


def with_check(nine: str) -> str | None:
    digit = check_digit(nine)
    return None if digit is None else f"{nine}{digit}"


def test_a_published_code_passes_its_check_digit() -> None:
    code = normalise("0101248141")
    assert (code.kind, code.valid_check, code.formatted) == ("enterprise", True, "0101248141")


@given(nine_digits, st.integers(0, 9), st.integers(0, 9))
def test_a_wrong_single_digit_is_noticed(nine: str, position: int, digit: int) -> None:
    full = with_check(nine)
    if full is None or full[position] == str(digit):
        return
    assert not normalise(f"{full[:position]}{digit}{full[position + 1 :]}").valid_check


@given(st.from_regex(r"0[0-9]{8}", fullmatch=True))
def test_zeros_eaten_by_a_spreadsheet_are_put_back(nine: str) -> None:
    full = with_check(nine)
    if full is None or len(full.lstrip("0")) < 8:
        return
    code = normalise(str(int(full)))
    assert (code.digits, code.valid_check, code.restored) == (full, True, True)


@pytest.mark.parametrize(
    ("raw", "kind", "formatted"),
    [
        (" 0101 248 141 ", "enterprise", "0101248141"),
        ("MST: 0101248141", "enterprise", "0101248141"),
        ("'0101248141", "enterprise", "0101248141"),
        ("101248141.0", "enterprise", "0101248141"),
        ("0101248141-001", "branch", "0101248141-001"),
        ("0101248141001", "branch", "0101248141-001"),
        ("101248141-001", "branch", "0101248141-001"),
        ("038085012345", "personal", "038085012345"),
        ("38085012345", "personal", "038085012345"),
        ("chưa có", "unknown", "chưa có"),
        ("123", "unknown", "123"),
        ("", "unknown", ""),
    ],
)
def test_codes_are_recognised_however_they_were_typed(raw: str, kind: str, formatted: str) -> None:
    code = normalise(raw)
    assert (code.kind, code.formatted) == (kind, formatted)


@pytest.mark.parametrize("whole", ["0101248141", "0101248141-001", "0101248141001", "038085012345"])
def test_a_person_types_a_code_whole(whole: str) -> None:
    whole_tax_code(whole)


@pytest.mark.parametrize("part", ["abc", "٠١٢٣٤٥٦٧٨٩", "123", "101248141", "38085012345", ""])
def test_of_a_typed_code_no_zero_is_guessed(part: str) -> None:
    with pytest.raises(ValidationError):
        whole_tax_code(part)


def test_a_branch_numbered_000_and_an_unknown_birth_province_are_doubted() -> None:
    assert normalise("0101248141-001").valid_check
    assert not normalise("0101248141-000").valid_check
    assert normalise("038085012345").valid_check
    assert not normalise("999085012345").valid_check


def test_a_number_never_issued_has_no_check_digit() -> None:
    never = next(f"{n:09d}" for n in range(1000) if check_digit(f"{n:09d}") is None)
    assert not any(normalise(f"{never}{digit}").valid_check for digit in range(10))


def test_personal_numbers_are_masked_and_codes_of_enterprises_are_not() -> None:
    assert mask("079123456345") == "079******345"
    assert mask("38085012345") == "038******345"
    assert mask("0101248141") == "0101248141"


def test_personal_numbers_are_masked_inside_a_text_and_amounts_are_not() -> None:
    text = "CCCD 079 123 456 345, vốn 123.456.789.012 đồng"
    assert mask(text) == "CCCD 079******345, vốn 123.456.789.012 đồng"


@given(st.text())
def test_any_text_can_be_read_and_masked(text: str) -> None:
    assert normalise(text).kind in ("enterprise", "branch", "personal", "unknown")
    mask(text)
