"""The command line of ``./run``."""

from __future__ import annotations

import os
import sys

from dev.processes import Stop
from dev.say import Refusal

USAGE = """\
./run                 opens the portal on http://127.0.0.1:8000 (PORT changes it)
./run manage …        a management command in the same environment
./run test [pytest …] all tests; with arguments, those tests
./run check           style, types, import contracts, migrations, templates, locked dependencies
./run screens         pictures of the main screens into docs/screens (maintainers)
./run bench ui        how quickly the screens come on a slow line and an old PC
./run bench first-use how many actions a first project takes, beside the same in the office's own files
./run status          what runs from this folder, and its memory
./run lock            writes the requirement files again (maintainers)
./run messages        gathers the interface's sentences for their English (maintainers)"""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    # Each part is imported when asked for: a broken tool must not keep the portal from starting.
    match command:
        case "serve":
            from dev.serve import serve

            return serve()
        case "manage":
            from dev.serve import manage

            return manage(rest)
        case "test":
            from dev.tests import test

            return test(rest)
        case "check":
            from dev.check import check

            return check()
        case "service-stage":
            from dev.stage import service_stage

            return service_stage(rest)
        case "screens":
            from dev.screens import screens

            return screens()
        case "bench" if rest in (["ui"], ["first-use"]):
            from dev.screens import on_fresh_portal

            return on_fresh_portal(f"benchmarks.{rest[0].replace('-', '_')}", [])
        case "status":
            from dev.status import status

            return status()
        case "lock" | "messages":
            return _maintain(command)
    print(USAGE, file=sys.stderr)
    return 0 if command in ("help", "-h", "--help") else 2


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
