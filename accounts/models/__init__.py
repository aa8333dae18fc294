"""The models of people, offices and what offices keep; import them from here."""

from accounts.models.papers import IssuedNumber, PaperKind, PaperRegister, RegisterKind, Seal, SealKind
from accounts.models.people import (
    ROLES_OF_KIND,
    ApiScope,
    ApiToken,
    Dated,
    Delegation,
    LentAs,
    Membership,
    Organisation,
    OrganisationKind,
    SavedView,
    SignInAttempt,
    User,
    today,
)

__all__ = [
    "ROLES_OF_KIND",
    "ApiScope",
    "ApiToken",
    "Dated",
    "Delegation",
    "IssuedNumber",
    "LentAs",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "PaperKind",
    "PaperRegister",
    "RegisterKind",
    "SavedView",
    "Seal",
    "SealKind",
    "SignInAttempt",
    "User",
    "today",
]
