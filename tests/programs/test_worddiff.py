"""Texts compared word by word: nothing lost, nothing invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from programs.worddiff import word_changes

WORDS = ["máy", "cũ", "mới", "hao", "phí", "nguyên", "liệu", ",", ".\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join)


def test_only_the_changed_words_are_marked() -> None:
    pieces = word_changes("Máy cũ, hao phí nguyên liệu.", "Máy cũ, hao phí nguyên liệu và điện.")
    assert [(piece.fate, piece.text.strip()) for piece in pieces] == [
        ("kept", "Máy cũ, hao phí nguyên"),
        ("gone", "liệu."),
        ("new", "liệu và điện."),
    ]


def test_texts_with_little_in_common_are_shown_whole() -> None:
    assert word_changes("Máy cũ, hao phí nguyên liệu.", "Cơ sở mở rộng nhà xưởng") == []


def test_words_far_from_a_change_may_be_left_out() -> None:
    long = " ".join(f"từ{n}" for n in range(100))
    kept, gone, new = word_changes(f"{long} cuối", f"{long} sau")
    assert (gone.words, new.words) == ("cuối", "sau")
    assert kept.tail.split() == [f"từ{n}" for n in range(88, 100)]
    assert len(kept.middle.split()) == 88


@given(before=TEXTS, after=TEXTS)
def test_each_side_can_be_read_from_the_pieces(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    if pieces:
        for lost, text in (("new", before), ("gone", after)):
            shown = "".join(piece.text for piece in pieces if piece.fate != lost)
            assert shown.split() == text.split()
