"""The launcher's own promises that need no running portal."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import install, lock, places, processes, services
from dev.say import Refusal
from tests.frame.production import ROOT

LAUNCHER = [sys.executable, "-B", "-m", "dev"]


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [*LAUNCHER, *arguments],
        env={**kept, "KC_DATA_DIR": str(folder), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_busy_port_is_said_in_one_line(tmp_path: Path, busy_port: int) -> None:
    done = _run(tmp_path / "data", PORT=str(busy_port))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Port {busy_port} is taken" in done.stderr


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    assert "PORT must be a number" in _run(tmp_path / "data", PORT=port).stderr


@pytest.mark.parametrize(
    ("given", "missing"), [("DATABASE_URL", "DATABASE_OWNER_URL"), ("DATABASE_OWNER_URL", "DATABASE_URL")]
)
@pytest.mark.parametrize("command", ["manage", "test"])
def test_half_a_database_configuration_is_refused_in_one_line(
    tmp_path: Path, command: str, given: str, missing: str
) -> None:
    done = _run(tmp_path / "data", command, **{given: "postgres://a:b@127.0.0.1:1/c"})
    assert done.returncode == 1
    assert done.stderr.strip().count("\n") == 0
    assert f"without {missing}" in done.stderr


def test_an_unknown_command_shows_the_known_ones(tmp_path: Path) -> None:
    done = _run(tmp_path / "data", "fly")
    assert done.returncode == 2
    assert "./run manage" in done.stderr


def test_an_administrators_address_alone_gives_both_roles_names_of_this_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_ADMIN_URL", "postgres://boss:x@db.local:5433/postgres?sslmode=require")
    found = services.external_database({"app": "a/b", "owner": "o"})
    assert found["DATABASE_URL"].startswith("postgres://kc_app_")
    assert ":a%2Fb@db.local:5433/khuyencong_" in found["DATABASE_URL"]
    assert found["DATABASE_OWNER_URL"].startswith("postgres://kc_owner_")
    assert found["DATABASE_OWNER_URL"].endswith("?sslmode=require")


def test_secrets_are_made_once_and_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = places.secret_values(tmp_path)
    assert places.secret_values(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)


def test_a_data_folder_behind_a_link_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KC_DATA_DIR", raising=False)
    monkeypatch.setattr(places, "IS_ROOT", True)
    monkeypatch.setattr(places, "PERSISTENT_TEMPORARY", tmp_path)
    folder = places.data_folder()
    assert folder.parent == tmp_path
    for child in folder.iterdir():
        child.rmdir()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="belongs to somebody else"):
        places.data_folder()


def test_a_process_file_from_before_a_reboot_harms_no_stranger(tmp_path: Path) -> None:
    file = tmp_path / "web.json"
    file.write_text(json.dumps({"pid": os.getpid(), "started": "1"}))
    assert processes.recorded_pid(file) == 0
    processes.end_leftovers(tmp_path, ["web"])
    assert not file.exists()


def test_what_a_killed_launcher_left_is_ended(tmp_path: Path) -> None:
    left = subprocess.Popen(["sleep", "300"], start_new_session=True)
    record = {"pid": left.pid, "started": processes.start_time(left.pid)}
    (tmp_path / "worker.json").write_text(json.dumps(record))
    processes.end_leftovers(tmp_path, ["worker"])
    assert left.wait(5) == -signal.SIGTERM


def test_children_die_with_a_launcher_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time, os; from pathlib import Path; from dev.processes import Child\n"
        "folder = Path(sys.argv[1])\n"
        "Child('child', ['sleep', '300'], run=folder, log=folder / 'log', environment=os.environ)\n"
        "print('up', flush=True); time.sleep(300)\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=ROOT, stdout=subprocess.PIPE)
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == b"up\n"
    launcher.stdout.close()
    child = processes.recorded_pid(tmp_path / "child.json")
    assert child
    launcher.kill()
    launcher.wait()
    deadline = time.monotonic() + 5
    while processes.start_time(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes.start_time(child)


def test_a_second_command_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        processes.exclusive(path, "the first", when_busy="busy: {holder}"),
        pytest.raises(Refusal, match="busy: the first"),
        processes.exclusive(path, "the second", when_busy="busy: {holder}"),
    ):
        raise AssertionError("unreachable")
    with processes.exclusive(path, "the third", when_busy="busy"):
        pass


def test_locks_are_current_hashed_and_name_no_index() -> None:
    assert lock.problems() == []


def test_each_lock_holds_the_ones_before_it() -> None:
    def pins(name: str) -> set[str]:
        lines = (install.REQUIREMENTS / f"{name}.txt").read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line}

    for smaller, larger in zip(install.SETS, install.SETS[1:], strict=False):
        assert pins(smaller) <= pins(larger)


def test_the_launcher_needs_only_the_standard_library() -> None:
    """What runs before anything is installed may not import what is installed."""
    code = "import dev.__main__, dev.serve, dev.tests, dev.check, dev.stage, dev.status, dev.lock"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_entry_script_is_plain_sh() -> None:
    for name in ("run", ".ci/run", "deploy/make-env", "deploy/postgres-init.sh"):
        assert subprocess.run(["sh", "-n", ROOT / name], check=False).returncode == 0, name
        assert os.access(ROOT / name, os.X_OK), name
