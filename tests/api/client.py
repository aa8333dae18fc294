"""A partner's program: speaks JSON with a bearer key, keeps nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts import tokens
from accounts.models import ApiScope, User

BASE = "/api/v1"


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def codes(self) -> list[str]:
        """Codes of the single errors of a problem."""
        return [error["code"] for error in self.body["errors"]]

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.body["errors"]]


class Api:
    """``Api(user).get("/projects/")``; ``Api(None)`` has no key."""

    def __init__(
        self, user: User | None, *, scopes: tuple[ApiScope, ...] = (ApiScope.READ, ApiScope.WRITE)
    ) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers: dict[str, str] = {}
        if user is not None:
            _token, text = tokens.issue(user, "kiểm thử", scopes=list(scopes))
            self.headers["Authorization"] = f"Bearer {text}"

    def get(self, path: str, **headers: str) -> Answer:
        return self._answer(self.client.get(self._url(path), headers={**self.headers, **headers}))

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send("patch", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = getattr(self.client, method)(
            self._url(path), content, content_type="application/json", headers={**self.headers, **named}
        )
        return self._answer(response)

    @staticmethod
    def _url(path: str) -> str:
        return path if path.startswith(("http", BASE)) else BASE + path

    @staticmethod
    def _answer(response: Any) -> Answer:
        kind = response.headers.get("Content-Type", "")
        body = json.loads(response.content) if "json" in kind else response.content.decode()
        return Answer(response.status_code, body, response.headers)
