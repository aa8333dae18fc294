"""``/kieu-dang/`` shows what the screens are built from, and leaves nothing out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test.signals import template_rendered

from accounts.roles import Role
from tests import cast
from tests.pages import text_of

pytestmark = pytest.mark.django_db

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
FRAME = {"head.html", "htmx.html", "sprite.html", "mark.html"}
"""What stands around every page, this one too."""
ELSEWHERE = {"first_steps.html", "filter_field.html", "paper.html"}
"""Shown by their pages alone: the queue's card around ``guide.html``, one field of a register's filter, and
official papers, which have a stylesheet of their own."""


def test_every_component_is_on_the_page_of_pieces() -> None:
    rendered: set[str] = set()

    def note(template: Any, **_rest: Any) -> None:
        rendered.add(str(template.name))

    template_rendered.connect(note)
    try:
        text_of(cast.person("quan.tri", "Quản Trị Thử", Role.ADMIN, cast.cuc()), "/kieu-dang/")
    finally:
        template_rendered.disconnect(note)
    shown = {Path(name).name for name in rendered if name.startswith("components/")}
    pieces = {path.name for path in COMPONENTS.glob("[a-z]*.html")}
    assert pieces - shown - FRAME - ELSEWHERE == set()
