"""Stylesheets and scripts as a server sends them: imports put in place, comments and spaces left out.

Where files are not collected (``runserver``) the browser gets them as they were written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rcssmin
import rjsmin
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN = "kc/"
IMPORT = re.compile(r'@import url\("([^"]+)"\);')


def stylesheet(name: str) -> str:
    """A stylesheet's text with its imports in their place. Raises ``FileNotFoundError``."""
    folder = posixpath.dirname(name)
    whole = IMPORT.sub(lambda found: stylesheet(posixpath.join(folder, found[1])), _source(name))
    return str(rcssmin.cssmin(whole))


def script(name: str) -> str:
    """A script's text. Raises ``FileNotFoundError``."""
    return str(rjsmin.jsmin(_source(name)))


def _source(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(_("Không tìm thấy tệp %(path)s.") % {"path": name})
    return Path(path).read_text(encoding="utf-8")


class MinifiedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Minifies our own files before they get the hash of their contents and their compressed twins."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool]]:
        for name in () if dry_run else paths:
            make = {".css": stylesheet, ".js": script}.get(Path(name).suffix)
            if make and name.startswith(OWN):
                Path(self.path(name)).write_text(make(name), encoding="utf-8")
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
