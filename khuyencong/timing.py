"""How long the portal's own answers take, from the real requests of the last day.

A request costs one dictionary entry in its process; once a minute a thread adds them up in Redis, which may
lose them: they are a picture of the day and no record. Times are counted in steps, so a percentile is "at
most so many milliseconds", never a guess between.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import redis
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

log = logging.getLogger(__name__)

STEPS_MS: Final = (
    10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000
)  # fmt: skip
"""Upper ends of the steps; what took longer is in one more step without an end."""
HOURS: Final = 24
ENOUGH: Final = 100
"""Fewer answers say nothing about the slowest twentieth."""
FLUSH_S: Final = 60
UNCOUNTED: Final = frozenset({"healthz", "readyz"})
"""Asked by machines every few seconds; they would hide what people wait for."""

Place = tuple[int, str, int]
"""Hour since 1970, family, step."""

_lock = threading.Lock()
_counts: Counter[Place] = Counter()
_flushed_at = time.monotonic()


class TimingMiddleware:
    """Outermost, so that it measures all of the portal's own work; in web processes only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.KC_PROCESS != "web":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        if family := family_of(request):
            note(family, (time.perf_counter() - began) * 1000)
        return response


def family_of(request: HttpRequest) -> str:
    """The floor that answered and whether it wrote: "programs GET"; "" for what is not counted."""
    match = request.resolver_match
    if match is None or match.url_name in UNCOUNTED:
        return ""
    floor = "api" if request.path.startswith("/api/") else (match.app_names or ["khuyencong"])[0]
    return f"{floor} {'GET' if request.method in ('GET', 'HEAD') else 'POST'}"


def note(family: str, milliseconds: float) -> None:
    """Count one answer; now and then start the thread that adds up."""
    global _flushed_at
    step = next((n for n, most in enumerate(STEPS_MS) if milliseconds <= most), len(STEPS_MS))
    with _lock:
        _counts[(_hour(), family, step)] += 1
        due = time.monotonic() - _flushed_at > FLUSH_S
        if due:
            _flushed_at = time.monotonic()
    if due:
        threading.Thread(target=flush, name="timing", daemon=True).start()


def flush() -> None:
    """Add this process's counts to everybody's. Without a broker they wait here, for a day at most."""
    with _lock:
        taken = Counter({place: n for place, n in _counts.items() if place[0] > _hour() - HOURS})
        _counts.clear()
    if not taken:
        return
    try:
        pipe = _client().pipeline()
        for (hour, family, step), n in taken.items():
            pipe.hincrby(_key(hour), f"{family}|{step}", n)
        for hour in {place[0] for place in taken}:
            pipe.expire(_key(hour), dt.timedelta(hours=HOURS + 2))
        pipe.execute()
    except redis.RedisError as error:
        log.warning("answer times not added up: %s", error)
        with _lock:
            _counts.update(taken)


@dataclass(frozen=True, slots=True)
class Answers:
    """One family's answers. ``p95_ms`` is the upper end of the step nineteen of twenty answers stay within;
    None when too few were counted, or when that step has no end (``slow``)."""

    family: str
    count: int
    p95_ms: int | None
    slow: bool = False

    @property
    def is_enough(self) -> bool:
        return self.count >= ENOUGH


@dataclass(frozen=True, slots=True)
class Measured:
    """``since``: the hour of the oldest answer counted; None when there is none."""

    since: dt.datetime | None
    families: list[Answers]


def measured() -> Measured:
    """The last day, all web processes together. Raises ``redis.RedisError`` without a broker."""
    flush()
    hours = [_hour() - back for back in range(HOURS)]
    pipe = _client().pipeline()
    for hour in hours:
        pipe.hgetall(_key(hour))
    steps: dict[str, Counter[int]] = {}
    oldest: int | None = None
    for hour, found in zip(hours, pipe.execute(), strict=True):
        for family, step, n in _read(found):
            steps.setdefault(family, Counter())[step] += n
            oldest = hour
    since = dt.datetime.fromtimestamp(oldest * 3600, dt.UTC) if oldest else None
    return Measured(since, [answers(family, steps[family]) for family in sorted(steps)])


def answers(family: str, steps: Mapping[int, int]) -> Answers:
    """What the counts by step say about a family."""
    count = sum(steps.values())
    if count < ENOUGH:
        return Answers(family, count, None)
    seen = 0
    for step in sorted(steps):
        seen += steps[step]
        if seen * 100 >= count * 95:
            break
    return Answers(family, count, STEPS_MS[step] if step < len(STEPS_MS) else None, step == len(STEPS_MS))


def _read(found: Mapping[bytes, bytes]) -> Iterable[tuple[str, int, int]]:
    for name, n in found.items():
        family, _bar, step = name.decode().partition("|")
        yield family, int(step), int(n)


def _hour() -> int:
    return int(timezone.now().timestamp()) // 3600


def _key(hour: int) -> str:
    return f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}times:{hour}"


def _client() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
