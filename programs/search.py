"""One question over everything a person may look up: projects, registers, law and places.

Each kind of thing is one function here: it finds its rows among what the person may see, says them as
``Hit``s and puts the likeliest first. A kind that comes later adds its function to ``KINDS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from beneficiaries.models import Establishment
from clusters.models import Cluster
from programs.models import ActivityKind, Project
from vietnam.models import AdminUnit, LegalDocument, Level
from vietnam.templatetags.vn import vn_date
from vietnam.text import clean, fold, squeeze
from vietnam.units import UnitHit, search_hits

CANDIDATES = 200
"""Of how many hits the likeliest are chosen; of more, the first in the list's own order."""
COUNTED = 50
"""People read "50+" beyond this."""
SHORT_FORM = 5
"""Letters of "TH", "38" or "TPHCM": a unit found by them has another name."""
CODE = re.compile(r"KC(?:QG|DP)-\d{4}-\d{2}-\d{4,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: the words folded, each of them to be found somewhere in a row."""

    text: str
    phrase: str
    words: list[str]

    @classmethod
    def of(cls, text: str) -> Query:
        return cls(clean(text), fold(text), fold(text).split())

    def rank(self, folded: str) -> int:
        """0 where the name begins with what was typed, then containing it, then holding every word."""
        if self.phrase in folded:
            return 0 if folded.startswith(self.phrase) else 1
        return 2 if self.holds(folded) else 3

    def holds(self, folded: str) -> bool:
        return all(word in folded for word in self.words)

    def names(self, hit: Hit) -> bool:
        """Whether what was typed is most of the hit's name, without the place after its comma."""
        name = fold(hit.title.partition(",")[0].partition(" (")[0])
        return self.phrase in name and 2 * len(self.phrase) >= len(name)


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, likeliest first; ``list_url`` leads to all of them where there is a list."""

    key: str
    label: str | Promise
    icon: str
    found: list[Hit]
    list_url: str = ""
    hits: list[Hit] = field(default_factory=list)

    @property
    def count(self) -> str:
        return f"{COUNTED}+" if len(self.found) > COUNTED else str(len(self.found))


Finder = Callable[[User, Query], list[Hit]]


def project_hit(project: Project) -> Hit:
    note = f"{project.code} · {project.province.bare_name} · {project.get_state_display()}"
    return Hit(project.title, reverse("programs:project_detail", args=[project.code]), note)


def establishment_hit(item: Establishment) -> Hit:
    parts = [item.commune.name if item.commune else "", item.province.bare_name, item.shown_tax_code]
    url = reverse("programs:establishment_detail", args=[item.uuid])
    return Hit(item.name, url, " · ".join(filter(None, parts)))


def cluster_hit(cluster: Cluster) -> Hit:
    parts = [cluster.commune.name if cluster.commune else "", cluster.province.bare_name]
    url = reverse("clusters:cluster_detail", args=[cluster.uuid])
    return Hit(cluster.name, url, " · ".join([*filter(None, parts), str(cluster.get_phase_display())]))


def _projects(user: User, query: Query) -> list[Hit]:
    rows = Project.objects.visible_to(user).matching(query.text).select_related("province")
    found = rows.order_by("-updated_at", "-id")[:CANDIDATES]
    return [project_hit(row) for row in sorted(found, key=lambda row: query.rank(row.title_folded))]


def _establishments(user: User, query: Query) -> list[Hit]:
    rows = Establishment.objects.visible_to(user).matching(query.text)
    found = rows.select_related("province", "commune").order_by("name_sort", "id")[:CANDIDATES]
    return [establishment_hit(row) for row in sorted(found, key=lambda row: query.rank(row.name_folded))]


def _clusters(user: User, query: Query) -> list[Hit]:
    rows = Cluster.objects.visible_to(user).matching(query.text)
    found = rows.select_related("province", "commune").order_by("name_sort", "id")[:CANDIDATES]
    return [cluster_hit(row) for row in sorted(found, key=lambda row: query.rank(row.name_folded))]


def _documents(user: User, query: Query) -> list[Hit]:
    """Public, and few: compared in Python, because "nđ-cp" must find "NĐ-CP"."""
    today = timezone.localdate()
    named = [(fold(f"{row.get_kind_display()} {row.number}"), row) for row in LegalDocument.objects.all()]
    held = [(name, row) for name, row in named if query.holds(f"{name} {row.folded}")]
    held.sort(key=lambda each: (_nearness(query, *each), bool(each[1].valid and today not in each[1].valid)))
    found = [row for _name, row in held]
    return [
        Hit(
            f"{row.get_kind_display()} {row.number}",
            reverse("programs:document_detail", args=[row.pk]),
            " · ".join(filter(None, [row.title, document_validity(row)])),
        )
        for row in found
    ]


def _nearness(query: Query, name: str, document: LegalDocument) -> int:
    """By number alone or with its kind before it: people write both."""
    return min(query.rank(name), query.rank(fold(document.number)))


def document_validity(document: LegalDocument) -> str:
    """Whether a document is in force today, in words; empty where its days are not known."""
    today = timezone.localdate()
    if document.valid is None:
        return ""
    if document.valid.lower and today < document.valid.lower:
        return _("có hiệu lực từ %(day)s") % {"day": vn_date(document.valid.lower)}
    if document.valid.upper and today >= document.valid.upper:
        return _("hết hiệu lực từ %(day)s") % {"day": vn_date(document.valid.upper)}
    return _("còn hiệu lực")


def _activities(user: User, query: Query) -> list[Hit]:
    kinds = ActivityKind.objects.filter(valid__contains=timezone.localdate())
    names = [(kind, fold(f"{kind.code} {kind.short_name} {kind.name}")) for kind in kinds]
    found = sorted(
        ((kind, name) for kind, name in names if query.holds(name)), key=lambda pair: query.rank(pair[1])
    )
    url = reverse("programs:norm_list")
    return [Hit(str(kind), f"{url}?{urlencode({'noi-dung': kind.code})}", kind.name) for kind, _name in found]


def _units(user: User, query: Query) -> list[Hit]:
    """Places, former ones with what they belong to now; each leads to the projects there, and one that was
    split to its own page, where all its parts stand."""
    hits = search_hits(query.text, limit=COUNTED + 1)
    return [_unit_hit(hit) for hit in hits if _means(query, hit)]


def _means(query: Query, hit: UnitHit) -> bool:
    """Not merely similar: every word is in the full name, or a short form stands for it."""
    return query.holds(fold(hit.label)) or len(squeeze(query.text)) <= SHORT_FORM


def _unit_hit(hit: UnitHit) -> Hit:
    if len(hit.now) > 1 or hit.unit.level == Level.DISTRICT:
        day = f"?{urlencode({'ngay': vn_date(hit.unit.ended_on)})}" if hit.unit.ended_on else ""
        return Hit(hit.label, reverse("programs:unit_detail", args=[hit.unit.code]) + day)
    now: AdminUnit = hit.now[0] if hit.now else hit.unit
    level = {Level.PROVINCE: "province", Level.COMMUNE: "commune"}.get(Level(now.level), "")
    query = f"?{urlencode({level: now.code})}" if level else ""
    return Hit(hit.label, reverse("programs:project_list") + query)


KINDS: tuple[tuple[str, str | Promise, str, Finder, str], ...] = (
    ("projects", gettext_lazy("Đề án"), "doc", _projects, "programs:project_list"),
    (
        "establishments",
        gettext_lazy("Cơ sở CNNT"),
        "store",
        _establishments,
        "beneficiaries:establishment_list",
    ),
    ("clusters", gettext_lazy("Cụm công nghiệp"), "factory", _clusters, "clusters:cluster_list"),
    ("documents", gettext_lazy("Văn bản pháp luật"), "law", _documents, ""),
    ("activities", gettext_lazy("Nội dung và định mức"), "money", _activities, ""),
    ("units", gettext_lazy("Đơn vị hành chính"), "pin", _units, ""),
)
"""Key, label, icon, finder, and the list that takes the same words as ``q``."""


def find(user: User, text: str, *, shown: int, brief: bool = False) -> list[Group]:
    """The kinds that have hits, ``shown`` of each; unless ``brief``, all of those no list has the rest of.

    Kinds whose first hit is hardly named more than what was typed come first: who types "thanh hóa" means
    the province before a project that has it somewhere in its title.
    """
    query = Query.of(text)
    if not query.words:
        return []
    groups = []
    for key, label, icon, finder, listing in KINDS:
        if found := finder(user, query):
            url = f"{reverse(listing)}?{urlencode({'q': query.text})}" if listing else ""
            more = len(found) > shown
            hits = found[: shown if url or brief else COUNTED]
            groups.append(Group(key, label, icon, found, url if more else "", hits))
    return sorted(groups, key=lambda group: not query.names(group.found[0]))


def project_with_code(user: User, text: str) -> Project | None:
    """The project whose whole code was typed or pasted, if this person may see it."""
    code = clean(text)
    if not CODE.fullmatch(code):
        return None
    return Project.objects.visible_to(user).filter(code=code.upper()).first()


def opened(user: User, keys: Iterable[tuple[str, str]]) -> list[Hit]:
    """What these (route name, code or uuid) are now, in their order, as far as the person may see it."""
    keys = list(keys)

    def named(route: str) -> list[str]:
        return [value for name, value in keys if name == route]

    found: dict[tuple[str, str], Hit] = {}
    projects = Project.objects.visible_to(user).filter(code__in=named("programs:project_detail"))
    for project in projects.select_related("province"):
        found["programs:project_detail", project.code] = project_hit(project)
    firms = Establishment.objects.visible_to(user).filter(uuid__in=named("programs:establishment_detail"))
    for firm in firms.select_related("province", "commune"):
        found["programs:establishment_detail", str(firm.uuid)] = establishment_hit(firm)
    clusters = Cluster.objects.visible_to(user).filter(uuid__in=named("clusters:cluster_detail"))
    for cluster in clusters.select_related("province", "commune"):
        found["clusters:cluster_detail", str(cluster.uuid)] = cluster_hit(cluster)
    return [found[key] for key in keys if key in found]
