"""Loads programmes and law (activities, norms, sectors, papers, dates, clocks, exclusions, grounds of
priority, and the templates of dossiers) of programs/data, and the days off of vietnam/data.

Run as the owner role, after ``load_documents``. May be run again: nothing changes then. A row of the same
key and first day is updated and printed; rows verified in the portal, and versions that ended there, are left
as they are, and no version is put in where the portal has one; rows missing from the files stay.
"""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from programs.lawterms import Outcome, RuleConfidence
from programs.models import (
    ActivityGroup,
    ActivityKind,
    AdvanceRate,
    ChangeAuthority,
    DossierTemplate,
    ExclusionRule,
    OfficialForm,
    PlanMilestone,
    PriorityRule,
    ProgramGroup,
    Programme,
    RequiredPaper,
    RuleProposal,
    Sector,
    StageClock,
    SupportNorm,
    WardRule,
)
from programs.rulekinds import KINDS
from vietnam.loaders.documents import read_calendar
from vietnam.models import AdminUnit, CalendarDay, LegalDocument

DATA = Path(__file__).resolve().parents[2] / "data"

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's block of rows and the model it fills; ``key`` with the first day of ``valid`` names a row."""

    file: str
    model: type[models.Model]
    key: tuple[str, ...]
    block: str = "rows"


TABLES = (
    Table("programmes.json", Programme, ("purse", "province_id")),
    Table("activities.json", ActivityKind, ("code",)),
    Table("program_groups.json", ProgramGroup, ("period", "number"), "groups"),
    Table("program_groups.json", ActivityGroup, ("period", "activity_code")),
    Table("norms.json", SupportNorm, ("purse", "province_id", "activity_code")),
    Table("sectors.json", Sector, ("code",)),
    Table("papers.json", RequiredPaper, ("code", "purse", "activity_code")),
    Table("forms.json", OfficialForm, ("code",)),
    Table("changes.json", ChangeAuthority, ("purse", "change", "project_kind")),
    Table("advances.json", AdvanceRate, ("purse", "activity_code")),
    Table("templates.json", DossierTemplate, ("activity_code",)),
    Table("milestones.json", PlanMilestone, ("purse", "milestone", "plan_year", "province_id")),
    Table("clocks.json", StageClock, ("purse", "state")),
    Table("exclusions.json", ExclusionRule, ("code",)),
    Table("priorities.json", PriorityRule, ("code",)),
    Table("wards.json", WardRule, ("code",)),
)

CALENDAR = Table("", CalendarDay, ("date",))
"""Its rows come from the country's own data; here, because people edit them as they edit the law."""

RENAMED = {
    "parent": "parent_code",
    "activity": "activity_code",
    "vsic": "vsic_divisions",
    "sector": "sector_code",
}
"""Names in the files that are shorter than the columns."""


class Command(BaseCommand):
    help = "Loads programmes, activities, norms, papers and dates from programs/data (may be run again)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, default=DATA, help="folder of the JSON files")

    def handle(self, *args: Any, **options: Any) -> None:
        say: Callable[[str], Any] = self.stdout.write
        created = changed = 0
        with transaction.atomic():
            reader = Reader(options["data"])
            filled = [(table, reader.rows(table)) for table in TABLES]
            for table, rows in [*filled, (CALENDAR, read_calendar())]:
                new, altered = store(table, rows, say)
                created, changed = created + new, changed + altered
        say(f"law: {created} new, {changed} changed")


class Reader:
    """Turns rows of the files into column values; raises CommandError naming what is not loaded yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = {document.number: document.pk for document in LegalDocument.objects.all()}

    def rows(self, table: Table) -> Iterator[Values]:
        path = self.folder / table.file
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        for row in content[table.block]:
            yield self._values(row)

    def _values(self, row: Values) -> Values:
        values: Values = {}
        for name, value in row.items():
            if name in ("valid_from", "valid_to"):
                continue
            if name == "document":
                values["source_document_id"] = self._document(value)
            elif name == "province":
                values["province_id"] = self._province(value, row["valid_from"])
            elif name == "group" and "period" in row:
                values["group_id"] = self._group(row["period"], value)
            elif name == "uplift_max":
                values[name] = None if value is None else Decimal(str(value))
            else:
                values[RENAMED.get(name, name)] = value
        if "valid_from" in row:
            values["valid"] = _range(row["valid_from"], row["valid_to"])
        return values

    def _document(self, number: str | None) -> int | None:
        if number is None:
            return None
        if number not in self.documents:
            raise CommandError(f"legal document {number} is not loaded: run load_documents first")
        return self.documents[number]

    def _province(self, code: str | None, on: str) -> int | None:
        if code is None:
            return None
        unit = AdminUnit.objects.filter(
            level="province", code=code, valid__contains=dt.date.fromisoformat(on)
        )
        found = unit.values_list("pk", flat=True).first()
        if found is None:
            raise CommandError(f"province {code} of {on} is not loaded: run load_units first")
        return found

    def _group(self, period: str, number: int) -> int:
        return ProgramGroup.objects.get(period=period, number=number).pk


def _range(first: str, last: str | None) -> DateRange:
    """Days from ``first`` to ``last`` inclusive, as the files say it; open without ``last``."""
    after = dt.date.fromisoformat(last) + dt.timedelta(days=1) if last else None
    return DateRange(dt.date.fromisoformat(first), after)


def store(table: Table, rows: Iterable[Values], say: Callable[[str], Any]) -> tuple[int, int]:
    """Write the rows that are new or differ; gives how many of each. Changes go first: a version that now
    ends earlier makes room for its successor."""
    manager = table.model._default_manager
    held = {_name(table, _current(thing)): thing for thing in manager.all()}
    portals = edited(table.model)
    named = {_name(table, _current(thing))[:-1] for thing in held.values() if thing.pk in portals}
    fresh: list[Values] = []
    changed = 0
    for values in rows:
        thing = held.get(_name(table, values))
        if thing is None and _name(table, values)[:-1] in named:
            say(f"kept (edited in the portal): {_shown(table, values)}")
        elif thing is None:
            fresh.append(values)
        else:
            changed += _update(table, thing, values, say, thing.pk in portals)
    for values in fresh:
        manager.create(**values)
    return len(fresh), changed


def edited(model: type[models.Model]) -> set[int]:
    """Ids of the versions that people have ended or made in the portal."""
    codes = [kind.code for kind in KINDS if kind.model is model]
    done = RuleProposal.objects.filter(kind__in=codes, outcome=Outcome.VERIFIED)
    return {pk for pair in done.values_list("old_id", "new_id") for pk in pair if pk is not None}


def _shown(table: Table, values: Values) -> str:
    return f"{table.model.__name__} {' '.join(str(part) for part in _name(table, values) if part)}"


def _update(
    table: Table, thing: models.Model, values: Values, say: Callable[[str], Any], by_people: bool
) -> bool:
    now = _current(thing)
    differing = {name: value for name, value in values.items() if now[name] != value}
    if not differing:
        return False
    shown = _shown(table, values)
    if by_people:
        say(f"kept (edited in the portal): {shown}")
        return False
    if now.get("confidence") == RuleConfidence.VERIFIED:
        say(f"kept (verified by an administrator): {shown}")
        return False
    for name, value in differing.items():
        say(f"changed: {shown}: {name} {now[name]} -> {value}")
        setattr(thing, name, value)
    thing.save()
    return True


def _current(thing: models.Model) -> Values:
    return {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def _name(table: Table, values: Values) -> tuple[Any, ...]:
    valid = values.get("valid")
    return (*(values.get(part) for part in table.key), valid.lower if valid else None)
