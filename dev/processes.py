"""Starting programs so that none outlives us, and finding those an earlier, killed run left behind."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from dev.say import Refusal

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def dies_with_parent(number: int) -> Callable[[], None]:
    """For ``preexec_fn``: the kernel sends ``number`` when the launcher is gone, even by kill -9.

    Linux only; elsewhere the process files below find what was left.
    """
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    parent = os.getpid()

    def prepare() -> None:
        if library is not None:
            library.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def start_time(pid: int) -> str:
    """A mark that tells a process from a later one with the same number; "" when it is gone."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if after_name[0] in "ZX" else after_name[19]
    except OSError:
        if Path("/proc/self").exists():
            return ""
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


class Child:
    """One program we started, with its process file and log."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        run: Path,
        log: Path,
        environment: Mapping[str, str],
        stop_signal: int = signal.SIGTERM,
        user: int | None = None,
        group: int | None = None,
        stdin: IO[bytes] | int = subprocess.DEVNULL,
        cwd: Path | None = None,
    ) -> None:
        self.name, self.stop_signal = name, stop_signal
        self.file = run / f"{name}.json"
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=cwd,
                user=user,
                group=group,
                extra_groups=[] if user is not None else None,
                # Its own session: Ctrl-C reaches the launcher alone, which stops all in order.
                start_new_session=True,
                preexec_fn=dies_with_parent(stop_signal),  # noqa: PLW1509
            )
        record = {"pid": self.process.pid, "started": start_time(self.process.pid)}
        self.file.write_text(json.dumps(record))

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def stop(self, patience: float) -> None:
        """Waits ``patience`` seconds for a polite end, then ends the whole process group."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.file.unlink(missing_ok=True)

    def last_words(self, count: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""


class Stop(BaseException):
    """A polite request to end: Ctrl-C, SIGTERM, or a closed terminal."""


def heed_signals() -> None:
    """Turns the first such request into ``Stop``; a second must not interrupt the orderly end."""

    def stop(number: int, frame: FrameType | None) -> None:
        for known in STOP_SIGNALS:
            signal.signal(known, signal.SIG_IGN)
        raise Stop

    for number in STOP_SIGNALS:
        signal.signal(number, stop)


def run_to_end(command: Sequence[str | Path], *, environment: Mapping[str, str], cwd: Path) -> int:
    """Runs a program in the foreground; it ends when we do. Returns its exit status."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env=dict(environment),
        cwd=cwd,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
    try:
        return process.wait()
    except BaseException:
        for ask in (process.terminate, process.kill):
            ask()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
                break
        raise


def end_leftovers(run: Path, names: list[str]) -> None:
    """Ends what a killed launcher left: only processes named in our files and started when they say."""
    for name in names:
        file = run / f"{name}.json"
        pid = recorded_pid(file)
        if pid:
            _end_group(pid)
        file.unlink(missing_ok=True)


def recorded_pid(file: Path) -> int:
    """The live process a file speaks of, or 0."""
    try:
        record = json.loads(file.read_text())
        pid, started = int(record["pid"]), str(record["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return pid if started and start_time(pid) == started else 0


def _end_group(pid: int) -> None:
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not start_time(pid):
                return
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def exclusive(path: Path, purpose: str, *, when_busy: str, wait: bool = False) -> Iterator[None]:
    """Holds ``path`` locked. The kernel frees it when we die, so a killed run blocks nobody.

    ``when_busy`` is the refusal; it may use ``{holder}``, which the holder wrote into the file.
    """
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.seek(0)
            message = when_busy.format(holder=handle.read().strip() or "another ./run")
            if not wait:
                raise Refusal(message) from error
            print(message, file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        handle.truncate()
        handle.write(purpose)
        handle.flush()
        try:
            yield
        finally:
            handle.seek(0)
            handle.truncate()
