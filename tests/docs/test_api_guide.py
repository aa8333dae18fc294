"""The partners' guide is run as it stands, line by line, against a real server.

Its shell asks ``curl``; a small program of that name stands in, so that no machine needs one installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook

from accounts import tokens
from accounts.models import ApiScope, User
from accounts.scope import act_as
from programs.models import Project
from records.context import whole_country
from records.leases import JobStatus
from reports.models import Report
from reports.tasks import build_report
from tests.docs.pages import DOCS
from tests.factories import advance_to, make_project, open_tranche

CURL = r"""import os, sys, urllib.error, urllib.request
words, headers, method, body, target = sys.argv[1:], {}, "GET", None, ""
while words:
    word = words.pop(0)
    if word == "-X":
        method = words.pop(0)
    elif word == "-H":
        name, _colon, value = words.pop(0).partition(":")
        headers[name] = value.strip()
    elif word == "-d":
        body = words.pop(0).encode()
    elif word == "-o":
        target = words.pop(0)
    elif word not in ("-sS", "-i"):
        url = word
try:
    answer = urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method))
except urllib.error.HTTPError as refusal:
    answer = refusal
with open(os.environ["KC_GUIDE_LOG"], "a") as log:
    log.write(f"{answer.status}\n")
content = answer.read()
if target:
    with open(target, "wb") as file:
        file.write(content)
    sys.exit()
head = f"HTTP/1.1 {answer.status}\n{answer.headers}\n".replace("\n", "\r\n")
sys.stdout.write(head + content.decode() + "\n")
"""


def blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (DOCS / "api.md").read_text(), flags=re.DOTALL)


def guide(*about: str, without: tuple[str, ...] = ()) -> str:
    """The blocks that speak of something, after the one that defines the shell's words; or all others."""
    first, *rest = blocks()
    chosen = [b for b in rest if any(word in b for word in about)] if about else rest
    return "\n".join([first, *(b for b in chosen if not any(word in b for word in without))])


def expected(script: str) -> list[str]:
    """The status each call promises: the number in its comment, else a success."""
    calls = re.findall(r"\bapi (?:GET|POST|PATCH) .*?(?:# (\d{3})\b.*)?$", script, flags=re.MULTILINE)
    return [status or "2.." for status in calls]


@dataclass
class Shell:
    """Runs pieces of the guide in one script, as a reader would."""

    folder: Path
    base: str

    def run(self, script: str, *, key: str) -> tuple[list[str], str]:
        """Statuses in the order of the calls, and what was printed."""
        log, curl = self.folder / "statuses", self.folder / "curl"
        (self.folder / "curl.py").write_text(CURL)
        # By way of the shell: a path in a "#!" line may not hold spaces.
        curl.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{self.folder}/curl.py" "$@"\n')
        curl.chmod(0o755)
        log.write_text("")
        script = re.sub(r"^BASE=\S+", f"BASE={self.base}", script, flags=re.MULTILINE)
        script = re.sub(r"^KEY=kc_\S+", f"KEY={key}", script, flags=re.MULTILINE)
        path = f"{self.folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {"PATH": path, "KC_GUIDE_LOG": str(log), "PYTHONUTF8": "1"}
        done = subprocess.run(
            ["sh", "-eu", "-c", script],
            capture_output=True,
            text=True,
            env=environment,
            cwd=self.folder,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return log.read_text().split(), done.stdout


@pytest.fixture
def shell(live_server: Any, tmp_path: Path) -> Shell:
    return Shell(tmp_path, live_server.url)


def key_of(user: User) -> str:
    return tokens.issue(user, "hướng dẫn", scopes=[ApiScope.READ, ApiScope.WRITE])[1]


def test_reading_writing_steps_and_repeated_requests_answer_as_the_guide_says(
    shell: Shell, thanh_hoa_centre: User
) -> None:
    script = guide(without=("/tranches/", "/reports/"))
    statuses, printed = shell.run(script, key=key_of(thanh_hoa_centre))
    assert_kept(statuses, script)
    assert {"428", "412", "422"} <= set(statuses)
    assert printed.count("Idempotency-Replayed: true") == 1
    with act_as(thanh_hoa_centre):
        assert Project.objects.visible_to(thanh_hoa_centre).count() == 3


def test_a_tranche_is_decided_as_the_guide_says(
    shell: Shell, thanh_hoa_centre: User, min_approver: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, "IN_PLAN", drafter=thanh_hoa_centre, tranche=open_tranche(project))
    script = guide("/tranches/")
    statuses, printed = shell.run(script, key=key_of(min_approver))
    assert_kept(statuses, script)
    assert project.code in printed.rpartition("HTTP/1.1")[2]


@pytest.fixture
def working() -> Iterator[None]:
    """A worker: makes what is asked for until the test ends."""
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.wait(0.2):
                with whole_country():
                    waiting = list(
                        Report.objects.filter(status=JobStatus.PENDING).values_list("pk", flat=True)
                    )
                for pk in waiting:
                    build_report(pk)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_a_report_is_asked_for_and_fetched_as_the_guide_says(
    shell: Shell, thanh_hoa_centre: User, thanh_hoa_officer: User, working: None
) -> None:
    project = make_project(thanh_hoa_centre)
    statuses, printed = shell.run(guide("/reports/"), key=key_of(thanh_hoa_officer))
    assert set(statuses) == {"200", "201"}
    assert '"status":"done"' in printed
    sheet = load_workbook(shell.folder / "report.xlsx").worksheets[0]
    assert project.title in {str(cell.value) for row in sheet.iter_rows() for cell in row}


def assert_kept(statuses: list[str], script: str) -> None:
    wanted = expected(script)
    assert len(statuses) == len(wanted)
    assert all(re.fullmatch(want, got) for want, got in zip(wanted, statuses, strict=True)), statuses
