"""Reads an nginx configuration far enough to test what it promises, where nginx itself is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\s+|#[^\n]*|(?P<quoted>'[^']*'|\"[^\"]*\")|(?P<mark>[{};])|(?P<word>[^\s{};'\"]+)")


@dataclass
class Directive:
    name: str
    arguments: list[str]
    block: list[Directive] = field(default_factory=list)
    has_block: bool = False

    def all(self, name: str) -> list[Directive]:
        """Directives called ``name`` anywhere below."""
        found = [each for each in self.block if each.name == name]
        return found + [deep for each in self.block for deep in each.all(name)]

    def value(self, name: str) -> str:
        return " ".join(self.all(name)[0].arguments)


# Where nginx allows each directive the file uses, and how many words it takes (nginx.org/en/docs/dirindex).
_HERE = ("http", "server", "location")
_KNOWN: dict[str, tuple[tuple[str, ...], int, int]] = {
    "worker_processes": (("",), 1, 1),
    "error_log": (("", *_HERE), 1, 2),
    "events": (("",), 0, 0),
    "worker_connections": (("events",), 1, 1),
    "http": (("",), 0, 0),
    "server": (("http",), 0, 0),
    "location": (("server", "location"), 1, 2),
    "listen": (("server",), 1, 9),
    "return": (("server", "location"), 1, 2),
    "set": (("server", "location"), 2, 2),
    "resolver": (_HERE, 1, 9),
    "map": (("http",), 2, 2),
    "log_format": (("http",), 2, 99),
    "access_log": (_HERE, 1, 9),
    "error_page": (_HERE, 2, 9),
    "add_header": (_HERE, 2, 3),
    "default_type": (_HERE, 1, 1),
    "charset": (_HERE, 1, 1),
    "server_tokens": (_HERE, 1, 1),
    "limit_req_zone": (("http",), 3, 4),
    "limit_conn_zone": (("http",), 2, 2),
    "limit_req": (_HERE, 1, 3),
    "limit_conn": (_HERE, 2, 2),
    "limit_req_status": (_HERE, 1, 1),
    "limit_conn_status": (_HERE, 1, 1),
    "large_client_header_buffers": (("http", "server"), 2, 2),
    "client_header_timeout": (("http", "server"), 1, 1),
    "client_max_body_size": (_HERE, 1, 1),
    "client_body_timeout": (_HERE, 1, 1),
    "send_timeout": (_HERE, 1, 1),
    "keepalive_timeout": (_HERE, 1, 2),
    "reset_timedout_connection": (_HERE, 1, 1),
    "proxy_pass": (("location",), 1, 1),
    "proxy_http_version": (_HERE, 1, 1),
    "proxy_set_header": (_HERE, 2, 2),
    "proxy_request_buffering": (_HERE, 1, 1),
    "proxy_buffering": (_HERE, 1, 1),
    "proxy_connect_timeout": (_HERE, 1, 1),
    "proxy_send_timeout": (_HERE, 1, 1),
    "proxy_read_timeout": (_HERE, 1, 1),
    **{f"{kind}_temp_path": (_HERE, 1, 4) for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")},
    "ssl_certificate": (("http", "server"), 1, 1),
    "ssl_certificate_key": (("http", "server"), 1, 1),
    "ssl_protocols": (("http", "server"), 1, 6),
    "ssl_session_cache": (("http", "server"), 1, 2),
    "ssl_session_tickets": (("http", "server"), 1, 1),
}


def misplaced(directive: Directive) -> list[str]:
    """Directives nginx does not know, does not allow in their block, or that have too few or many words."""
    found: list[str] = []
    if directive.name == "map":  # its words are values and patterns, each with what it becomes
        return [f"{each.name} in map" for each in directive.block if len(each.arguments) != 1]
    for each in directive.block:
        places, least, most = _KNOWN.get(each.name, ((), 0, 0))
        if directive.name not in places or not least <= len(each.arguments) <= most:
            found.append(f"{each.name} in {directive.name or 'the file'}: {' '.join(each.arguments)}")
        found += misplaced(each)
    return found


def parse(text: str) -> Directive:
    """Raises ``ValueError`` on unbalanced braces or an unfinished directive."""
    root = Directive("", [], has_block=True)
    stack, words, position = [root], list[str](), 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"unreadable at {text[position : position + 20]!r}")
        position = match.end()
        if word := match["quoted"] or match["word"]:
            words.append(word.strip("'\""))
        elif match["mark"] in (";", "{"):
            if not words:
                raise ValueError("a directive without a name")
            directive = Directive(words[0], words[1:], has_block=match["mark"] == "{")
            stack[-1].block.append(directive)
            if directive.has_block:
                stack.append(directive)
            words = []
        elif match["mark"] == "}":
            if words or len(stack) == 1:
                raise ValueError("an unfinished directive or one brace too many")
            stack.pop()
    if words or len(stack) != 1:
        raise ValueError("a brace or a semicolon is missing at the end")
    return root
