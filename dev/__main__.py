"""The command line of ``./run``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from dev.processes import Stop
from dev.say import Refusal

USAGE = """\
./run                 opens the portal on http://127.0.0.1:8000 (PORT changes it)
./run manage …        a management command in the same environment
./run test [pytest …] all tests; with arguments, those tests
./run evidence NAME   the proofs of trust at full size: fast, nightly or T1 … T21; figures in docs/evidence
./run check           style, types, import contracts, migrations, templates, locked dependencies
./run screens         pictures of the main screens into docs/screens (maintainers)
./run bench ui        how quickly the screens come on a slow line and an old PC
./run bench first-use how many actions a first project takes, beside the same in the office's own files
./run status          what runs from this folder, and its memory
./run lock            writes the requirement files again (maintainers)
./run messages        gathers the interface's sentences for their English (maintainers)"""


TAKES_WORDS = {"manage": "dev.serve", "test": "dev.tests", "service-stage": "dev.stage"}
ALONE = {"serve": "dev.serve", "check": "dev.check", "screens": "dev.screens", "status": "dev.status"}
"""Commands and the modules whose function of that name they are; imported when asked for, because a broken
tool must not keep the portal from starting."""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    if command in TAKES_WORDS:
        return int(_function(TAKES_WORDS[command], command)(rest))
    if command in ALONE:
        return int(_function(ALONE[command], command)())
    match command:
        case "evidence" if len(rest) == 1:
            return int(_function("dev.evidence", command)(rest[0]))
        case "bench" if rest in (["ui"], ["first-use"]):
            module = f"benchmarks.{rest[0].replace('-', '_')}"
            return int(_function("dev.screens", "on_fresh_portal")(module, []))
        case "lock" | "messages":
            return _maintain(command)
    print(USAGE, file=sys.stderr)
    return 0 if command in ("help", "-h", "--help") else 2


def _function(module: str, command: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(module), command.replace("-", "_"))
    return found


def _maintain(command: str) -> int:
    """For maintainers, with the tools of ``./run check`` at hand."""
    from dev import install, lock, places
    from dev.processes import run_to_end

    install.ensure("check")
    if command == "messages":
        return run_to_end([places.PYTHON, "-m", "dev.messages"], environment=os.environ, cwd=places.ROOT)
    os.environ["PATH"] = f"{places.VENV / 'bin'}:{os.environ.get('PATH', '')}"
    lock.write()
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        print(f"./run: {refusal}", file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, Stop):
        sys.exit(130)
