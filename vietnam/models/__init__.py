"""The models of the country; import them from here."""

from .calendar import CalendarDay, CalendarDayKind, days_of_year
from .confidence import Confidence
from .documents import DocumentKind, DocumentRelation, LegalDocument, RelationKind
from .regions import ProvinceRegion, RegionCode, RegionScheme
from .units import (
    AdminUnit,
    Level,
    SuccessionKind,
    UnitSuccession,
    province_family,
    province_on,
    split_units,
    successor_province,
    successors_on,
    territories,
    unit_family,
    whole_family,
)

__all__ = [
    "AdminUnit",
    "CalendarDay",
    "CalendarDayKind",
    "Confidence",
    "DocumentKind",
    "DocumentRelation",
    "LegalDocument",
    "Level",
    "ProvinceRegion",
    "RegionCode",
    "RegionScheme",
    "RelationKind",
    "SuccessionKind",
    "UnitSuccession",
    "days_of_year",
    "province_family",
    "province_on",
    "split_units",
    "successor_province",
    "successors_on",
    "territories",
    "unit_family",
    "whole_family",
]
