"""What went wrong is told in plain Vietnamese, with what to do and the incident's code."""

from __future__ import annotations

import io
import logging
import logging.config
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from khuyencong.errors import server_error
from tests.api.client import Api
from tests.pages import signed_in

INCIDENT = "su-co-0001"


def page(client: Client, url: str, status: int, **post: Any) -> str:
    headers = {"X-Request-ID": INCIDENT}
    answer = client.post(url, post, headers=headers) if post else client.get(url, headers=headers)
    assert answer.status_code == status
    text = answer.content.decode()
    assert INCIDENT in text
    assert 'href="/"' in text
    return text


def test_not_found_says_nothing_about_tables(thanh_hoa_officer: User) -> None:
    text = page(signed_in(thanh_hoa_officer), "/de-an/KCQG-2027-99-0001/", 404)
    assert "Không tìm thấy trang" in text
    assert "matches the given query" not in text


@pytest.mark.parametrize("code", ["%00", "%ff", "KCQG%27--", "1.2"])
def test_an_address_that_can_be_no_project_is_not_found(thanh_hoa_officer: User, code: str) -> None:
    page(signed_in(thanh_hoa_officer), f"/de-an/{code}/", 404)


def test_not_allowed_gives_the_rules_reason(auditor: User) -> None:
    assert "Chỉ đơn vị thực hiện" in page(signed_in(auditor), "/nhap-bieu/", 403)


def test_a_form_without_its_token_explains_what_to_do(thanh_hoa_officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(thanh_hoa_officer)
    assert "Phiên làm việc đã hết" in page(client, "/tuy-chon/", 403, language="en")


def test_too_much_is_told_apart_from_nonsense(thanh_hoa_officer: User, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = signed_in(thanh_hoa_officer)
    answer = client.post("/tuy-chon/", "x=" + "y" * 2000, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.content.decode()
    foreign = client.get("/", headers={"Host": "xau.example"})
    assert foreign.status_code == 400
    assert "Yêu cầu không đọc được" in foreign.content.decode()


def test_a_fault_of_ours_is_a_page_that_asks_the_database_nothing(
    thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("mật khẩu là 123")

    monkeypatch.setattr("clusters.views.show_list", broken)
    client = Client(raise_request_exception=False)
    client.force_login(thanh_hoa_officer)
    text = page(client, "/cum-cong-nghiep/", 500)
    assert "Có lỗi ở máy chủ" in text
    assert "mật khẩu là 123" not in text
    request: Any = type("Request", (), {"path": "/"})()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert server_error(request).status_code == 500
    assert not queries.captured_queries


@pytest.mark.parametrize("formatter", ["short", "json"])
def test_the_incidents_code_finds_the_fault_in_the_log(
    thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch, formatter: str
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("clusters.views.show_list", broken)
    handler = logging.getLogger("django").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    configure = logging.config.DictConfigurator(settings.LOGGING).configure_formatter
    written = configure(settings.LOGGING["formatters"][formatter])
    before, log = (handler.formatter, handler.stream), io.StringIO()
    handler.setFormatter(written)
    handler.setStream(log)
    client = Client(raise_request_exception=False)
    client.force_login(thanh_hoa_officer)
    try:
        page(client, "/cum-cong-nghiep/", 500)
    finally:
        handler.setFormatter(before[0])
        handler.setStream(before[1])
    assert "ZeroDivisionError" in log.getvalue()
    [line] = [line for line in log.getvalue().splitlines() if "Internal Server Error" in line]
    assert INCIDENT in line


def test_a_fault_of_ours_in_the_api_is_a_problem_too(partner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("clusters.api.ClusterViewSet.get_queryset", broken)
    api = Api(partner)
    api.client = Client(raise_request_exception=False)
    answer = api.get("/clusters/")
    assert (answer.status, answer.body["code"], answer.body["status"]) == (500, "error", 500)
    assert answer.headers["Content-Type"] == "application/problem+json"
