"""Vietnamese text as people and programs write it."""

import unicodedata

from hypothesis import strategies as st

_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", v + tone) for v in _VOWELS for tone in _TONES] + list(
    "bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX"
)
letters = st.sampled_from(LETTERS)
words = st.text(letters, min_size=1, max_size=7)
names = st.lists(
    st.one_of(words, st.sampled_from(["1", "2", "10", "09", "-", "M'gar"])), min_size=1, max_size=5
).map(" ".join)
# What fields receive: both Unicode forms, odd spaces, dashes, apostrophes, invisible characters, controls.
_noise = st.sampled_from(list(" \u00a0\u200b\u2009\t\n\ufeff’‘'–—-.,()0123456789\x07\u202e"))
messy = st.builds(
    lambda form, parts: unicodedata.normalize(form, "".join(parts)),
    st.sampled_from(["NFC", "NFD"]),
    st.lists(st.one_of(letters, _noise), max_size=40),
)
