"""The project form as a list of sections: what each shows, saves and counts as done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.forms import BaseForm, BaseFormSet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from programs import beneficiary_forms as rows_
from programs import draft_forms as forms_
from programs.checks import Verdict
from programs.claim_forms import claim_rows, claims_from
from programs.dossierterms import TEXT_SECTIONS
from programs.drafting import DraftValues, LineValues
from programs.lifecycle import Kind, Source
from programs.models import BudgetLine, Project
from programs.reading import Reading
from programs.skeleton import is_written
from vietnam.money import Unit

Data = Mapping[str, Any] | None
Forms = dict[str, "BaseForm | BaseFormSet[Any]"]
Progress = Literal["empty", "partial", "done"]


@dataclass(slots=True)
class Bound:
    """A section's forms, by name, and how they become values once valid."""

    forms: Forms
    to_values: Callable[[Forms], DraftValues]

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in self.forms.values()]  # each, so that all errors show
        return all(checked)

    def values(self) -> DraftValues:
        return self.to_values(self.forms)

    def each(self) -> Iterable[BaseForm]:
        """The forms one by one, rows of formsets included."""
        for form in self.forms.values():
            yield from form.forms if isinstance(form, BaseFormSet) else [form]


@dataclass(frozen=True, slots=True)
class InPart:
    """What may be kept of a section whose other rows wait: ``values``, the rows that only need the person's
    word, and how many wait in all."""

    values: DraftValues
    unconfirmed: Sequence[BaseForm]
    count: int


def _whole(forms: Forms) -> InPart | None:
    return None


@dataclass(frozen=True, slots=True)
class Section:
    """``fields`` are the anchors of the checks that belong here.

    ``in_part`` says what may be kept behind the person's back while some rows wait; None when nothing waits
    or nothing may be parted.
    """

    slug: str
    label: str | Promise
    fields: frozenset[str]
    bind: Callable[[Project, Data, Unit], Bound] = field(repr=False)
    progress: Callable[[Project, Reading], Progress] = field(repr=False)
    in_part: Callable[[Forms], InPart | None] = field(default=_whole, repr=False)

    @property
    def template(self) -> str:
        return f"programs/section_{self.slug.replace('-', '_')}.html"


# --- 1. general


def _general(project: Project, data: Data, unit: Unit) -> Bound:
    form = forms_.GeneralForm(data, project=project)
    if data is not None and "claims-TOTAL_FORMS" not in data:
        return Bound({"general": form}, lambda f: form.values())  # sent without the rows: they stay
    claims = claim_rows(project, data)

    def values(forms: Forms) -> DraftValues:
        found = form.values()
        found.claims = claims_from(claims)
        return found

    return Bound({"general": form, "claims": claims}, values)


def _share(*filled: object) -> Progress:
    count = sum(1 for value in filled if value)
    return "empty" if not count else "done" if count == len(filled) else "partial"


# --- 2. beneficiaries


def _beneficiaries(project: Project, data: Data, unit: Unit) -> Bound:
    initial = [
        {
            "name": row.establishment.name,
            "tax_code": row.establishment.shown_tax_code,
            "address": row.site.address if row.site else row.establishment.address,
        }
        for row in project.beneficiaries.select_related("establishment", "site").order_by("id")
    ]
    formset = rows_.BeneficiaryFormSet(
        data, initial=initial, prefix="beneficiaries", form_kwargs={"project": project}
    )
    if initial and project.kind == Kind.SINGLE:
        formset.extra = 0
    return Bound(
        {"beneficiaries": formset},
        lambda f: DraftValues(beneficiaries=rows_.beneficiaries_from(_formset(f, "beneficiaries"))),
    )


def _formset(forms: Forms, name: str) -> BaseFormSet[Any]:
    formset = forms[name]
    assert isinstance(formset, BaseFormSet)
    return formset


def _beneficiaries_now(forms: Forms) -> InPart | None:
    """The rows that can be kept at once; the others wait for the person."""
    formset = _formset(forms, "beneficiaries")
    if not formset.is_valid() and formset.non_form_errors():
        return None
    if not (left_out := rows_.waiting(formset)):
        return None
    return InPart(
        DraftValues(beneficiaries=rows_.beneficiaries_without(left_out, formset)),
        [form for form in left_out if not form.errors],
        len(left_out),
    )


# --- 3. budget

COMMITMENTS = ("starts_on", "ends_on", "counterpart_committed", "no_other_state_money")


def _budget(project: Project, data: Data, unit: Unit) -> Bound:
    stored = list(project.lines.prefetch_related("amounts"))
    lines = forms_.LineFormSet(
        data, initial=[_line_shown(line) for line in stored], prefix="lines", form_kwargs={"unit": unit}
    )
    dates = forms_.DatesForm(data, initial={name: getattr(project, name) for name in COMMITMENTS})
    return Bound(
        {"dates": dates, "lines": lines},
        lambda f: DraftValues(
            fields=dict(dates.cleaned_data), lines=_with_details(forms_.lines_from(lines), stored)
        ),
    )


def _line_shown(line: BudgetLine) -> dict[str, Any]:
    columns = {source: name for name, source in forms_.LineForm.MONEY}
    amounts = {columns[Source(amount.source)]: amount.amount_vnd for amount in line.amounts.all()}
    return {
        "description": line.description,
        "total": line.total_vnd or None,
        "supported": line.supported,
        **amounts,
    }


def _with_details(lines: list[LineValues], stored: list[BudgetLine]) -> list[LineValues]:
    """What the grid does not show stays with the line: how it came, its price while the cost is the same."""
    known = {line.description: line for line in stored}
    kept = []
    for line in lines:
        before = known.pop(line.description, None)
        if before is not None:
            line = replace(line, itemised=before.itemised, unit=before.unit)
            if before.total_vnd == line.total_vnd:
                line = replace(line, quantity=before.quantity, unit_price_vnd=before.unit_price_vnd)
        kept.append(line)
    return kept


# --- 4. and 5. texts, schedule, results


def _texts(project: Project, data: Data, unit: Unit) -> Bound:
    form = forms_.TextForm(data, project=project)
    return Bound({"texts": form}, lambda f: DraftValues(fields=dict(form.cleaned_data)))


def _schedule(project: Project, data: Data, unit: Unit) -> Bound:
    items = list(project.schedule.values("content", "doer", "starts_on", "ends_on"))
    results = list(project.results.values("indicator", "value", "unit"))
    schedule = forms_.ScheduleFormSet(data, initial=items, prefix="schedule")
    expected = forms_.ResultFormSet(data, initial=results, prefix="results")
    return Bound(
        {"schedule": schedule, "results": expected},
        lambda f: DraftValues(schedule=forms_.schedule_from(schedule), results=forms_.results_from(expected)),
    )


def _nothing(project: Project, data: Data, unit: Unit) -> Bound:
    return Bound({}, lambda f: DraftValues())


SECTIONS: tuple[Section, ...] = (
    Section(
        "thong-tin",
        gettext_lazy("Thông tin chung"),
        frozenset(
            {
                *("title", "activity", "sector", "commune", "place_text", "kind", "priority_areas"),
                *("new_rural", "implementer_name", "partner_name", "claims"),
            }
        ),
        _general,
        lambda p, rows: _share(p.activity_id, p.place_text),
    ),
    Section(
        "thu-huong",
        gettext_lazy("Cơ sở thụ hưởng"),
        frozenset({"beneficiaries", "beneficiary"}),
        _beneficiaries,
        lambda p, rows: "done" if p.kind == Kind.GROUP or rows.beneficiaries else "empty",
        _beneficiaries_now,
    ),
    Section(
        "kinh-phi",
        gettext_lazy("Kinh phí thực hiện"),
        frozenset(
            {"lines", "amounts", "total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd", *COMMITMENTS}
        ),
        _budget,
        lambda p, rows: "done" if p.total_vnd > 0 else "partial" if p.starts_on else "empty",
    ),
    Section(
        "noi-dung",
        gettext_lazy("Thuyết minh"),
        frozenset(name for name, _n, _l in TEXT_SECTIONS),
        _texts,
        lambda p, rows: _share(*(is_written(getattr(p, name)) for name, _n, _l in TEXT_SECTIONS)),
    ),
    Section(
        "tien-do",
        gettext_lazy("Tiến độ và kết quả"),
        frozenset({"schedule", "results"}),
        _schedule,
        lambda p, rows: _share(rows.schedule, rows.results),
    ),
    Section(
        "tai-lieu",
        gettext_lazy("Tài liệu kèm theo"),
        frozenset({"papers", "attachments"}),
        _nothing,
        lambda p, rows: "done" if rows.papers else "empty",
    ),
    Section("kiem-tra", gettext_lazy("Kiểm tra và nộp"), frozenset(), _nothing, lambda p, rows: "empty"),
)
BY_SLUG = {section.slug: section for section in SECTIONS}
FIRST, LAST = SECTIONS[0], SECTIONS[-1]


def section_of(verdict: Verdict) -> Section | None:
    """Where the finding is mended."""
    base = verdict.field.split("-")[0]
    return next(
        (section for section in SECTIONS if verdict.field in section.fields or base in section.fields), None
    )


def neighbour(section: Section, step: int) -> Section | None:
    """The section ``step`` places further on, if there is one."""
    index = SECTIONS.index(section) + step
    return SECTIONS[index] if 0 <= index < len(SECTIONS) else None
