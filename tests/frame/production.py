"""A production environment as ``deploy/make-env`` and ``docker-compose.yml`` would give it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connections

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPYCACHEPREFIX")


def runtime_url() -> str:
    """The test database as the runtime role."""
    found = connections["default"].settings_dict
    password = quote(str(found["PASSWORD"]), safe="")
    return f"postgres://{found['USER']}:{password}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def secrets() -> dict[str, str]:
    """What deploy/make-env prints, run for real."""
    done = subprocess.run(
        ["sh", str(ROOT / "deploy" / "make-env"), "portal.kc.test"],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def environment(**changes: str) -> dict[str, str]:
    """A whole production environment; ``NAME=""`` removes a variable."""
    values = {name: os.environ[name] for name in KEPT if name in os.environ}
    values |= {
        **secrets(),
        "KC_ENV": "production",
        "DATABASE_URL": "postgres://kc_app:word-of-tests@127.0.0.1:1/none",
        "REDIS_URL": "redis://:word-of-tests@127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "khuyencong.settings",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    values |= changes
    return {name: value for name, value in values.items() if value}


def python(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(**changes),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
