"""The proxy takes slow, oversized and too many requests upon itself.

nginx itself is asked by the service stage of continuous integration (``nginx -t``, dev/stage.py); here a
table of its directives stands in for it.
"""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from khuyencong.api.problem import CONTENT_TYPE, Problem
from tests.frame.nginx_file import Directive, misplaced, parse
from tests.frame.production import ROOT

FILE = ROOT / "deploy" / "nginx.conf"


@pytest.fixture(scope="module")
def proxy() -> Directive:
    return parse(FILE.read_text())


def test_the_file_reads_as_an_nginx_configuration(proxy: Directive) -> None:
    assert [each.name for each in proxy.block if each.has_block] == ["events", "http"]
    blocks = {"events", "http", "map", "server", "location"}
    assert all(each.has_block == (each.name in blocks) for each in _everything(proxy))


@pytest.mark.parametrize("broken", ["http { ", "http { } }", "worker_processes auto", "{ }"])
def test_the_reader_refuses_broken_files(broken: str) -> None:
    with pytest.raises(ValueError, match=r"brace|semicolon|without a name"):
        parse(broken)


def test_every_directive_is_known_and_stands_where_nginx_allows_it(proxy: Directive) -> None:
    assert misplaced(proxy) == []


@pytest.mark.parametrize(
    "broken",
    [
        "client_max_body_size 25m;",
        "http { worker_processes auto; }",
        "http { server { limit_req_zone $binary_remote_addr zone=a:1m rate=1r/s; } }",
        "http { server { listn 80; } }",
        "http { server { location / { ssl_protocols TLSv1.3; } } }",
        "http { client_body_timeout 10s 5s; }",
        "http { server { listen; } }",
        "http { map $uri $shown { default; } }",
    ],
)
def test_a_directive_that_is_misspelt_out_of_place_or_short_of_words_is_found(broken: str) -> None:
    assert len(misplaced(parse(broken))) == 1


def test_what_the_file_refers_to_is_defined_in_it(proxy: Directive) -> None:
    zones = {
        word.partition("=")[2].partition(":")[0]
        for each in _everything(proxy)
        for word in each.arguments
        if each.name.endswith("_zone") and word.startswith("zone=")
    }
    for each in proxy.all("limit_req"):
        assert each.arguments[0].removeprefix("zone=") in zones
    for each in proxy.all("limit_conn"):
        assert each.arguments[0] in zones
    places = {each.arguments[0] for each in proxy.all("location")}
    assert {each.arguments[-1] for each in proxy.all("error_page")} <= places
    formats = {each.arguments[0] for each in proxy.all("log_format")}
    assert {each.arguments[1] for each in proxy.all("access_log")} <= formats


def test_a_flood_is_told_to_programs_as_the_api_tells_every_refusal(proxy: Directive) -> None:
    assert proxy.value("limit_req_status") == proxy.value("limit_conn_status") == "429"
    interface = next(each for each in proxy.all("location") if each.arguments == ["/api/"])
    place = _place(proxy, interface.value("error_page").removeprefix("429 "))
    assert place.value("default_type") == CONTENT_TYPE
    status, text = place.all("return")[0].arguments
    body = json.loads(text)
    expected = Problem(429, "throttled", body["detail"]).body()
    assert body == {**expected, "request_id": "$request_id"}
    assert status == "429"


def test_a_flood_is_told_to_people_in_vietnamese(proxy: Directive) -> None:
    secure = proxy.all("server")[1]
    everywhere = next(each for each in secure.block if each.name == "error_page")
    place = _place(proxy, everywhere.arguments[-1])
    status, text = place.all("return")[0].arguments
    assert status == "429"
    assert "Bạn thao tác quá nhanh" in text
    assert "$request_id" in text
    assert '<html lang="vi">' in text


def test_whoever_is_turned_away_learns_when_to_come_back(proxy: Directive) -> None:
    for page in proxy.all("error_page"):
        headers = {
            each.arguments[0]: each.arguments[1:]
            for each in _place(proxy, page.arguments[-1]).all("add_header")
        }
        assert headers == {"Retry-After": ["10", "always"], "X-Request-ID": ["$request_id", "always"]}


def test_neither_log_holds_the_key_of_a_persons_calendar(proxy: Directive) -> None:
    feed, other = "/lich/k3y-0f-4-p3rs0n.ics", "/lich/dia-chi/"
    assert reverse("programs:feed", args=["k3y-0f-4-p3rs0n"]) == feed
    [written] = proxy.all("map")
    assert written.arguments == ["$uri", "$shown_path"]
    patterns = {each.name: each.arguments[0] for each in written.block}
    assert patterns.pop("default") == "$uri"
    [(pattern, shown)] = patterns.items()
    assert re.search(pattern.removeprefix("~"), feed) and not re.search(pattern.removeprefix("~"), other)
    assert shown == "/lich/***.ics"
    line = proxy.value("log_format")
    assert "$shown_path" in line and not re.search(r"\$(uri|request|request_uri|document_uri)\b", line)
    place = next(each for each in proxy.all("location") if each.arguments == ["~", pattern.removeprefix("~")])
    assert place.value("error_log").startswith("/dev/null")
    assert place.value("proxy_pass") == "$portal"


def test_bodies_are_bounded_and_slow_clients_are_dropped(proxy: Directive) -> None:
    assert proxy.value("client_max_body_size") == "25m"
    for name in ("client_body_timeout", "client_header_timeout"):
        assert proxy.value(name) == "10s"
    assert proxy.value("proxy_request_buffering") == proxy.value("proxy_buffering") == "on"
    assert proxy.all("limit_req")
    assert proxy.all("limit_conn")


def test_the_proxy_overwrites_what_the_portal_believes(proxy: Directive) -> None:
    headers = {each.arguments[0]: each.arguments[1] for each in proxy.all("proxy_set_header")}
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Request-ID"] == "$request_id"
    # nginx drops inherited headers in a block that sets one of its own.
    assert not any(each.all("proxy_set_header") for each in proxy.all("location"))


def test_plain_http_only_redirects_and_readiness_stays_inside(proxy: Directive) -> None:
    plain, secure = proxy.all("server")
    assert plain.value("return").startswith("301 https://")
    assert not plain.all("proxy_pass")
    assert secure.value("ssl_protocols") == "TLSv1.2 TLSv1.3"
    hidden = next(each for each in secure.all("location") if each.arguments == ["=", "/readyz"])
    assert hidden.value("return") == "404"


def _everything(directive: Directive) -> list[Directive]:
    return [deep for each in directive.block for deep in (each, *_everything(each))]


def _place(proxy: Directive, name: str) -> Directive:
    return next(each for each in proxy.all("location") if each.arguments == [name])
