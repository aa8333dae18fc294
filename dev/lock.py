"""``./run lock``: writes the hash-locked requirement files (maintainers; needs uv in the environment)."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib

from dev.install import REQUIREMENTS, SETS
from dev.places import ROOT
from dev.say import Refusal, step

EXTRAS: dict[str, list[str]] = {
    "runtime": [],
    "local": ["--extra", "local"],
    "test": ["--extra", "local", "--group", "test"],
    "check": ["--extra", "local", "--group", "test", "--group", "check"],
}


def source_digest() -> str:
    """Of everything in pyproject.toml that decides a lock: a lock carries it, so a stale one is found."""
    with (ROOT / "pyproject.toml").open("rb") as handle:
        project = tomllib.load(handle)
    parts = [
        project["project"]["requires-python"],
        sorted(project["project"]["dependencies"]),
        sorted(project["project"]["optional-dependencies"].items()),
        sorted(project["dependency-groups"].items()),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def write() -> None:
    """Locks the largest set first; the others are held to its versions, so that each holds the last."""
    REQUIREMENTS.mkdir(exist_ok=True)
    for name in reversed(SETS):
        target = REQUIREMENTS / f"{name}.txt"
        command = [
            "uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--no-header",
            "--no-annotate", "--python-version", "3.11", "--quiet", *EXTRAS[name],
        ]  # fmt: skip
        if name != SETS[-1]:
            command += ["--constraint", str(REQUIREMENTS / f"{SETS[-1]}.txt")]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            raise Refusal(f"uv could not lock {name}: {result.stderr.strip()}")
        target.write_text(
            f"# made by ./run lock from pyproject.toml sha256:{source_digest()}\n{result.stdout}"
        )
        step(f"wrote requirements/{name}.txt")


def problems() -> list[str]:
    """What is wrong with the lock files; empty when they are complete, current and name no index."""
    found = []
    for name in SETS:
        text = (REQUIREMENTS / f"{name}.txt").read_text()
        if f"sha256:{source_digest()}" not in text.split("\n")[0]:
            found.append(f"requirements/{name}.txt is older than pyproject.toml: run ./run lock")
        if re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text):
            found.append(f"requirements/{name}.txt names an address: locks must work with any index")
        body = re.sub(r"\\\n", " ", text)
        for requirement in body.splitlines()[1:]:
            if requirement.strip() and not re.match(
                r"[\w.\[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement
            ):
                found.append(
                    f"requirements/{name}.txt: no exact version with a hash: {requirement.split(' ')[0]}"
                )
    return found
