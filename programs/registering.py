"""The province's register of establishments, as dossiers and lists name its entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from beneficiaries.models import Establishment, LegalForm, ProductionSite
from records import personal
from vietnam import taxcode
from vietnam.models import AdminUnit
from vietnam.text import fold, same_text
from vietnam.units import province_family


@dataclass(frozen=True, slots=True)
class BeneficiaryValues:
    """An establishment as written on a form or list; the register finds or adds it."""

    name: str
    tax_code: str = ""
    legal_form: str = ""
    commune: AdminUnit | None = None
    address: str = ""


def site_for(establishment: Establishment, values: BeneficiaryValues) -> ProductionSite | None:
    """The place of production these values name, added when new; None where they name none."""
    if not values.address:
        return None
    same = (site for site in establishment.sites.all() if same_text(site.address, values.address))
    return next(same, None) or establishment.sites.create(commune=values.commune, address=values.address)


def find_establishment(province: AdminUnit, values: BeneficiaryValues) -> Establishment | None:
    """The register's entry these values mean: by tax code, else by name among entries without a code.

    A household's number shown masked ("079******345") means the entry it came from, by its name.
    """
    known = Establishment.objects.filter(province__in=province_family(province))
    if "*" in values.tax_code:
        return known.filter(personal_code_masked=values.tax_code, name_folded=fold(values.name)).first()
    if code := _lookup(values):
        return known.filter(tax_lookup=code).first()
    return known.filter(tax_lookup="", name_folded=fold(values.name)).first()


def establishments_for(wanted: Sequence[tuple[AdminUnit, BeneficiaryValues]]) -> list[Establishment]:
    """The entries these values mean in the registers of their provinces, added where new; many at once.

    Raises ``ValidationError`` for a masked number that means nobody.
    """
    codes = [_lookup(values) for _province, values in wanted]
    by_code: dict[str, list[Establishment]] = defaultdict(list)
    rows = Establishment.objects.filter(tax_lookup__in={code for code in codes if code})
    for row in rows.order_by("pk").prefetch_related("sites"):
        by_code[row.tax_lookup].append(row)
    families: dict[int, list[int]] = {}
    found = []
    for (province, values), code in zip(wanted, codes, strict=True):
        if province.pk not in families:
            families[province.pk] = province_family(province)
        match = next((row for row in by_code[code] if row.province_id in families[province.pk]), None)
        if not code:
            match = find_establishment(province, values)
        if match is None:
            match = _add(province, values)
            by_code[match.tax_lookup].append(match)
        found.append(match)
    return found


def _lookup(values: BeneficiaryValues) -> str:
    """The key a readable code is found by; empty without one."""
    if not values.tax_code or "*" in values.tax_code:
        return ""
    digits = taxcode.normalise(values.tax_code).digits
    return personal.lookup(digits) if digits else ""


def _add(province: AdminUnit, values: BeneficiaryValues) -> Establishment:
    if "*" in values.tax_code:
        raise ValidationError(
            {"beneficiaries": _("Hãy nhập đủ mã số thuế của %(name)s.") % {"name": values.name}}
        )
    fresh = Establishment(
        province=province,
        name=values.name,
        legal_form=values.legal_form or guess_legal_form(values.name),
        commune=values.commune,
        address=values.address,
    )
    fresh.set_tax_code(values.tax_code)
    fresh.save()
    fresh.sites.create(commune=values.commune, address=values.address)
    return fresh


LEGAL_FORM_WORDS: tuple[tuple[str, str], ...] = (
    ("ho kinh doanh", LegalForm.HOUSEHOLD),
    ("hkd", LegalForm.HOUSEHOLD),
    ("co so", LegalForm.HOUSEHOLD),
    ("hop tac xa", LegalForm.COOPERATIVE),
    ("htx", LegalForm.COOPERATIVE),
    ("to hop tac", LegalForm.COOPERATIVE_GROUP),
    ("cong ty", LegalForm.ENTERPRISE),
    ("doanh nghiep", LegalForm.ENTERPRISE),
    ("dntn", LegalForm.ENTERPRISE),
    ("trung tam", LegalForm.SERVICE),
)


def guess_legal_form(name: str) -> str:
    """Legal form a name speaks of; OTHER when it does not say."""
    folded = fold(name)
    return next((form for words, form in LEGAL_FORM_WORDS if folded.startswith(words)), LegalForm.OTHER)
