"""``./run check``: everything that can be said about the code without running it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from dev import install, lock
from dev.places import PYTHON, ROOT, VENV
from dev.say import line, step

# Nothing here talks to a database; the address only has to be well formed.
NOWHERE = "127.0.0.1:1/none"
AUDIT_PATIENCE_S = 15
Result = tuple[bool, str]


def check() -> int:
    install.ensure("check")
    checks: list[tuple[str, Callable[[], Result]]] = [
        ("types (mypy --strict)", lambda: _tool("mypy", ".")),
        ("style (ruff)", lambda: _tool("ruff", "check", ".")),
        ("format (ruff)", lambda: _tool("ruff", "format", "--check", ".")),
        ("import contracts", lambda: _tool("lint-imports", "--config", "pyproject.toml", "--no-cache")),
        ("migrations complete", lambda: _manage("makemigrations", "--check", "--dry-run")),
        ("system check", lambda: _manage("check", "--fail-level", "WARNING")),
        ("templates (djlint)", _templates),
        ("English catalogue", lambda: _run([str(PYTHON), "-m", "dev.messages", "--check"])),
        ("locked dependencies", _locks),
        ("known vulnerabilities (pip-audit)", _audit),
    ]
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, (good, text, seconds) in zip(
            (name for name, _ in checks), pool.map(_timed, (run for _, run in checks)), strict=True
        ):
            not_run = good and text.startswith("NOT RUN")
            word = "FAILED" if not good else "-" if not_run else "ok"
            line(f"{word:7} {name} {seconds:.1f} s")
            if not_run or not good:
                line("\n".join(f"    {part}" for part in text.rstrip().splitlines()))
            failed += not good
    step("check passed" if not failed else f"CHECK FAILED: {failed}")
    return 1 if failed else 0


def _timed(run: Callable[[], Result]) -> tuple[bool, str, float]:
    started = time.monotonic()
    good, text = run()
    return good, text, time.monotonic() - started


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', '')}",
        "KC_ENV": "test",
        "DATABASE_URL": f"postgres://kc_app:x@{NOWHERE}",
        "DATABASE_OWNER_URL": f"postgres://kc_owner:x@{NOWHERE}",
        "DJANGO_SETTINGS_MODULE": "khuyencong.settings",
        # makemigrations warns that it could not compare with a database; that is intended here.
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
        "PYTHONUTF8": "1",
    }


def _run(command: list[str], *, timeout: float | None = None) -> Result:
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=timeout, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def _tool(name: str, *arguments: str) -> Result:
    return _run([str(VENV / "bin" / name), *arguments])


def _manage(*arguments: str) -> Result:
    return _run([str(PYTHON), "manage.py", *arguments])


def _templates() -> Result:
    folders = [path for path in (ROOT / "templates", *sorted(ROOT.glob("*/templates"))) if path.is_dir()]
    if not folders:
        return True, ""
    return _tool("djlint", *(str(path.relative_to(ROOT)) for path in folders), "--lint", "--quiet")


def _locks() -> Result:
    problems = lock.problems()
    good, text = _run([*install.installer(), "check"])
    return good and not problems, "\n".join(problems) + ("" if good else "\n" + text)


def _audit() -> Result:
    """Asks about one package first: without its service the tool would wait for each in turn."""
    command = [
        str(VENV / "bin" / "pip-audit"),
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "off",
    ]
    try:
        reachable, text = _run(
            [*command, "--timeout", "5", "-r", str(install.REQUIREMENTS / "pip.txt")],
            timeout=AUDIT_PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        reachable, text = False, "no answer"
    if not reachable and "vulnerabilit" not in text.lower():
        return True, "NOT RUN: the vulnerability service cannot be reached from here"
    try:
        return _run([*command, "-r", str(install.REQUIREMENTS / "check.txt")], timeout=300)
    except subprocess.TimeoutExpired:
        return True, "NOT RUN: the vulnerability service did not answer for every package"
