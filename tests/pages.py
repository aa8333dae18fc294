"""A signed-in browser without a browser, and what a page costs."""

from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

MOST_QUERIES = 40
"""No page may need more; most need far fewer."""
BOUNDED_BY_NATURE = {
    "one establishment, by its index": r'"programs_projectbeneficiary"."establishment_id" = \d+',
    "one tranche, by its index": r'"programs_project"."tranche_id" (= \d+|IN \()',
    "the country's units, a table of fixed size": r'FROM "vietnam_(adminunit|unitsuccession)"$',
    "two plan years, by the index of their plans": r'"programs_yearplan"."year" (IN \(\d+, \d+\)|= \d+)',
}
"""Reasons why an exact count may be asked for on load, each with how its queries are known."""
HTMX = {"HX-Request": "true"}
BACK_BUTTON = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(user: User, url: str) -> str:
    """The page's HTML; anything but 200 fails."""
    answer = signed_in(user).get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    return answer.content.decode()


def counts_without_bound(query: str) -> bool:
    """COUNT(*), COUNT("id") and their like, over what may grow for ever, with no LIMIT."""
    if not re.search(r"\bCOUNT\(", query, re.IGNORECASE) or re.search(r"\bLIMIT \d", query):
        return False
    return not any(re.search(pattern, query) for pattern in BOUNDED_BY_NATURE.values())


def cost_of(user: User, url: str) -> int:
    """How many queries the page needs once what a process keeps is warm; none may count a whole list."""
    client = signed_in(user)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(url)
    assert answer.status_code == 200, url
    counting = [query["sql"] for query in queries if counts_without_bound(query["sql"])]
    assert not counting, counting
    assert len(queries) <= MOST_QUERIES, f"{url}: {len(queries)} queries"
    return len(queries)
