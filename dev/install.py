"""The project's own Python environment, from hash-locked requirements and nothing else."""

from __future__ import annotations

import configparser
import hashlib
import html.parser
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

from dev.places import IS_ROOT, PYTHON, ROOT, VENV
from dev.say import Refusal, line, step

REQUIREMENTS = ROOT / "requirements"
# Each set holds the ones before it, so the environment only ever grows.
SETS = ("runtime", "local", "test", "check")


def ensure(wanted: str) -> None:
    """Makes ``.venv`` hold the set ``wanted``; does nothing when its stamp says it already does."""
    stamp = VENV / "khuyencong.stamp"
    if PYTHON.exists() and stamp.exists():
        known = stamp.read_text().split("\n")
        if any(f"{name} {_digest(name)}" in known for name in SETS[SETS.index(wanted) :]):
            return
    if not os.access(ROOT, os.W_OK):
        raise Refusal(f"The project folder {ROOT} is not writable: clone it into a folder of your own.")
    if not _works():
        _make()
    _pip_install(wanted)
    stamp.write_text("\n".join(f"{name} {_digest(name)}" for name in SETS[: SETS.index(wanted) + 1]))


def _digest(name: str) -> str:
    # The place counts: an environment that was moved has scripts pointing to where it was.
    place = f"{VENV} {PYTHON.resolve()}"
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes() + os.fsencode(place)).hexdigest()


def _works() -> bool:
    if not PYTHON.exists():
        return False
    ask = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"
    done = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    version, _, prefix = done.stdout.strip().partition(" ")
    # A Python that was replaced by a newer one no longer sees what was installed for the old.
    return prefix == str(VENV) and (VENV / "lib" / f"python{version}" / "site-packages").is_dir()


def _make() -> None:
    step("making the Python environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    # Debian and Ubuntu ship venv without ensurepip until python3-venv is installed.
    shutil.rmtree(VENV, ignore_errors=True)
    bare = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", VENV], capture_output=True, text=True, check=False
    )
    if bare.returncode:
        raise Refusal(
            f"Python cannot make an environment: sudo apt install python3-venv ({_last(bare.stderr)})"
        )


def installer() -> list[str]:
    """A pip that installs into ``.venv``: its own, the system's, a wheel on the disk, or a fetched one."""
    inside = [str(PYTHON), "-m", "pip"]
    if _answers([*inside, "--version"]):
        return inside
    outside = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if _answers([*outside, "--version"]):
        return outside
    kept = sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"), reverse=True)
    if wheel := kept[0] if kept else _fetched_pip():
        return [str(PYTHON), f"{wheel}/pip"]
    if IS_ROOT and shutil.which("apt-get"):
        step("installing python3-venv with apt")
        subprocess.run(["apt-get", "update", "-q"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run(["apt-get", "install", "-qy", "python3-venv"], stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(VENV, ignore_errors=True)
        if _answers([sys.executable, "-m", "venv", str(VENV)]):
            return inside
    raise Refusal("Python's installer pip is missing: sudo apt install python3-venv, then ./run again.")


def _answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _fetched_pip() -> Path | None:
    """The locked pip wheel from the package index this machine is configured for, if any."""
    locked = (REQUIREMENTS / "pip.txt").read_text()
    hashes = set(re.findall(r"sha256:([0-9a-f]{64})", locked))
    index = os.environ.get("PIP_INDEX_URL") or _configured_index()
    if not index:
        return None
    page_url = index.rstrip("/") + "/pip/"
    try:
        with urllib.request.urlopen(page_url, timeout=20) as answer:  # noqa: S310  # the machine's own setting
            page = _Links(answer.read().decode())
        for href in page.links:
            if href.split("#")[0].endswith("-none-any.whl") and href.rpartition("sha256=")[2] in hashes:
                address = urllib.parse.urljoin(page_url, href.split("#")[0])
                with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
                    body = answer.read()
                if hashlib.sha256(body).hexdigest() in hashes:
                    wheel = VENV / address.rsplit("/", 1)[1]
                    wheel.write_bytes(body)
                    return wheel
    except OSError:
        return None
    return None


class _Links(html.parser.HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _configured_index() -> str | None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read([Path("/etc/pip.conf"), Path.home() / ".pip/pip.conf", Path.home() / ".config/pip/pip.conf"])
    return parser.get("global", "index-url", fallback=None)


def _pip_install(wanted: str) -> None:
    """Runs pip and turns its talk into one progress line every few seconds."""
    lock = REQUIREMENTS / f"{wanted}.txt"
    total = sum(1 for text in lock.read_text().splitlines() if re.match(r"[a-z0-9]", text, re.IGNORECASE))
    step(f"installing {total} packages ({wanted}), each checked against its locked hash")
    command = [
        *installer(), "install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-compile",
        "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r", str(lock),
    ]  # fmt: skip
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PYTHONUNBUFFERED": "1"}
    said = time.monotonic()
    seen = 0
    tail: list[str] = []
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as pip:
        assert pip.stdout is not None
        for text in pip.stdout:
            tail = [*tail[-30:], text.rstrip()]
            seen += text.startswith(("Collecting ", "Requirement already satisfied"))
            if text.startswith("Installing collected"):
                step(f"  {seen} of {total} fetched; unpacking")
            elif time.monotonic() - said > 3:
                said = time.monotonic()
                step(f"  {seen} of {total} fetched")
    if pip.returncode:
        for text in tail[-12:]:
            line(f"    {text}")
        raise Refusal(
            "The packages could not be installed: is the package index reachable from here (see above)?"
        )


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
