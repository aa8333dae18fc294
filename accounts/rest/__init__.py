"""What the API of every app shares: whose request it is, which version was seen, doing a request once.

Addresses, pages and the form of errors are composed above, in ``khuyencong.api``.
"""

from accounts.rest.fields import CodeAndName, IsoDateField, StrictSerializer, TaxCodeField, VndField
from accounts.rest.versions import VersionedBody, etag, seen_version
from accounts.rest.views import UUID_PATTERN, ApiDetailViewSet, ApiViewSet
from accounts.rest.writing import writes

__all__ = [
    "UUID_PATTERN",
    "ApiDetailViewSet",
    "ApiViewSet",
    "CodeAndName",
    "IsoDateField",
    "StrictSerializer",
    "TaxCodeField",
    "VersionedBody",
    "VndField",
    "etag",
    "seen_version",
    "writes",
]
