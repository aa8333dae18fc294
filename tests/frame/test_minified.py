"""The stylesheet and the scripts a server sends are the sources, joined and without what only people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from khuyencong import minified

SOURCES = Path(settings.BASE_DIR) / "static" / "kc"
STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "khuyencong.minified.MinifiedStaticFilesStorage"}}


def test_every_layer_file_is_in_the_one_stylesheet() -> None:
    imports = minified.IMPORT.findall((SOURCES / "kc.css").read_text())
    assert sorted(imports) == sorted(f"css/{path.name}" for path in (SOURCES / "css").glob("*.css"))


def test_a_server_sends_one_stylesheet_within_twelve_kilobytes(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=STORAGES):
        call_command("collectstatic", verbosity=0, interactive=False)
    (sent,) = (tmp_path / "kc").glob("kc.*.css")
    text = sent.read_text()
    assert "@import" not in text
    assert "/*" not in text
    rules = [
        rule for path in (SOURCES / "css").glob("*.css") for rule in re.findall("{[^{}]*}", path.read_text())
    ]
    assert len(re.findall("{[^{}]*}", text)) == len(rules)
    assert sent.with_suffix(".css.gz").stat().st_size <= 12_000
    (script,) = (tmp_path / "kc" / "js").glob("page.*.js")
    assert script.stat().st_size < (SOURCES / "js" / "page.js").stat().st_size


def test_the_style_needs_nothing_newer_than_chrome_109_and_no_way_of_holding_a_phone() -> None:
    """Windows 7 and 8.1 have no later one: https://developer.mozilla.org, browser compatibility tables."""
    newer = re.compile(
        r"^\s*&|color-mix\(|light-dark\(|:popover-open|subgrid|anchor\(|:user-(?:in)?valid|@starting-style"
        r"|field-sizing|@scope|@property|orientation:",
        re.MULTILINE,
    )
    asked_first = re.compile(r"@supports [^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
    styles = {path.name: asked_first.sub("", path.read_text()) for path in (SOURCES / "css").glob("*.css")}
    found = {name: newer.findall(style) for name, style in styles.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_a_missing_layer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minified, "_source", lambda name: _only_kc_css(name))
    with pytest.raises(FileNotFoundError, match="kc/css/lost.css"):
        minified.stylesheet("kc/kc.css")


def _only_kc_css(name: str) -> str:
    if name != "kc/kc.css":
        raise FileNotFoundError(name)
    return '@import url("css/lost.css");'
