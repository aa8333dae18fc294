"""Where things live: the project, its data folder, its secrets."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import stat
from pathlib import Path

from dev.say import Refusal

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
PERSISTENT_TEMPORARY = Path("/var/tmp")  # noqa: S108  # checked for owner and links below
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def data_folder() -> Path:
    """Made on first use. For root it lies outside the project: PostgreSQL refuses to run as root,
    and the account it runs under cannot reach into /root."""
    if configured := os.environ.get("KC_DATA_DIR"):
        folder = Path(configured).resolve()
    elif IS_ROOT:
        folder = PERSISTENT_TEMPORARY / f"khuyencong-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]}"
    else:
        folder = ROOT / "var"
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"Cannot make the data folder {folder} ({error.strerror}): name one in KC_DATA_DIR."
        ) from error
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
        raise Refusal(f"The data folder {folder} belongs to somebody else: name another in KC_DATA_DIR.")
    if IS_ROOT:
        folder.chmod(0o711)
    for name in ("run", "log", "media"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    return folder


def secret_values(folder: Path) -> dict[str, str]:
    """Passwords and keys of this installation: made once, readable by their owner only."""
    path = folder / "secrets.json"
    known: dict[str, str] = {}
    if path.exists():
        known = json.loads(path.read_text())
    wanted = {
        name: secrets.token_urlsafe(36)
        for name in ("SECRET_KEY", "KC_PII_HMAC_KEY", "KC_AUDIT_KEY", "superuser", "owner", "app", "broker")
    }
    wanted["KC_PII_KEY"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    missing = {name: value for name, value in wanted.items() if name not in known}
    if missing:
        known |= missing
        temporary = path.with_suffix(".new")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(known, handle, indent=1)
        temporary.replace(path)
    return known
