from __future__ import annotations

import logging
import threading
import time

import pytest

from records import doorbell

RING = doorbell.ring  # the conftest replaces it with an ear


def wait_for(condition: threading.Event) -> None:
    assert condition.wait(10), "the doorbell's thread did not answer"


def test_a_black_holed_broker_does_not_delay_who_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hang(task: str, args: tuple[object, ...]) -> None:
        entered.set()
        leave.wait(10)

    monkeypatch.setattr(doorbell, "send", hang)
    started = time.monotonic()
    RING("tests.one")
    wait_for(entered)
    for number in range(1000):
        RING("tests.more", number)
    assert time.monotonic() - started < 5
    assert doorbell._waiting.qsize() <= 500
    with doorbell._waiting.mutex:
        doorbell._waiting.queue.clear()
    leave.set()


def test_a_dead_broker_is_logged_and_then_left_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[str] = []
    failed = threading.Event()

    def fail(task: str, args: tuple[object, ...]) -> None:
        tried.append(task)
        failed.set()
        raise OSError("connection refused")

    monkeypatch.setattr(doorbell, "send", fail)
    monkeypatch.setattr(doorbell, "QUIET_SECONDS", 0.3)
    with caplog.at_level(logging.WARNING, logger="records.doorbell"):
        RING("tests.dead")
        wait_for(failed)
        RING("tests.dead.again")
        time.sleep(0.5)
    assert tried == ["tests.dead"], "during the quiet time nothing is tried"

    def answer(task: str, args: tuple[object, ...]) -> None:
        tried.append(task)
        failed.set()

    monkeypatch.setattr(doorbell, "send", answer)
    failed.clear()
    RING("tests.alive")
    wait_for(failed)
    assert tried == ["tests.dead", "tests.alive"]


def test_equal_messages_still_waiting_are_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entered, leave, done = threading.Event(), threading.Event(), threading.Event()
    sent: list[str] = []

    def slow(task: str, args: tuple[object, ...]) -> None:
        sent.append(task)
        entered.set()
        leave.wait(10)
        if task == "tests.last":
            done.set()

    monkeypatch.setattr(doorbell, "send", slow)
    RING("tests.first")
    wait_for(entered)
    for _round in range(20):
        RING("tests.same")
    RING("tests.last")
    leave.set()
    wait_for(done)
    assert sent == ["tests.first", "tests.same", "tests.last"]
