"""Vocabulary for plans and projects: chainable adjectives, no request, no I/O."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.roles import Role
from accounts.scope import scope_of
from programs.desks import desk_of
from programs.dossierterms import TEXT_SECTIONS
from programs.lifecycle import CUC, EDITABLE, OPEN, SO, Purse, State
from programs.moneyterms import RequestState
from programs.reviewterms import Audience
from vietnam.models import AdminUnit
from vietnam.text import fold

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import (
        CarryOver,
        CheckOverride,
        CriterionMark,
        PaymentRequest,
        Project,
        RegistrationWindow,
        Remark,
        RuleProposal,
        Tranche,
        YearPlan,
    )


def plans_visible(user: User, prefix: str = "") -> Q:
    """National plans are for every signed-in office to read; local ones for their province."""
    scope = scope_of(user)
    if not scope.province_ids:  # a post without a territory (the administrator's) is no office
        return Q(pk__in=[])
    return Q(**{f"{prefix}purse": Purse.KCQG}) | Q(**{f"{prefix}province__in": scope.province_ids})


class YearPlanQuerySet(models.QuerySet["YearPlan"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plans_visible(user))


class TrancheQuerySet(models.QuerySet["Tranche"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plans_visible(user, "plan__"))


class RegistrationWindowQuerySet(models.QuerySet["RegistrationWindow"]):
    def in_force(self) -> Self:
        """The last word of each office on each year, purse and place."""
        key = ("gate", "purse", "year", "province_id")
        return self.order_by(*key, "-number").distinct(*key)


class RuleProposalQuerySet(models.QuerySet["RuleProposal"]):
    def visible_to(self, user: User) -> Self:
        """The nation's for its offices and the administrator, a province's for its own officers too."""
        scope = scope_of(user)
        seen = Q(province__in=scope.whole_province_ids)
        if scope.national or Role.ADMIN in scope.roles:
            seen |= Q(province__isnull=True)
        return self.filter(seen)

    def waiting(self) -> Self:
        return self.filter(outcome="")


class CarryOverQuerySet(models.QuerySet["CarryOver"]):
    def visible_to(self, user: User) -> Self:
        """Entries about the provinces of which this person sees everything."""
        return self.filter(province__in=scope_of(user).whole_province_ids)

    def waiting(self) -> Self:
        return self.filter(outcome="")

    def decided(self) -> Self:
        return self.exclude(outcome="")

    def told(self) -> Self:
        """With all that a page of an entry, or a line of the list, names."""
        return self.select_related(
            "plan", "province", "office", "entered_by", "entered_for", "decided_by", "decided_for", "project"
        )


class CheckOverrideQuerySet(models.QuerySet["CheckOverride"]):
    def standing(self) -> Self:
        """Exceptions given since the dossier was last open for changes."""
        steps = apps.get_model("programs", "Transition")._default_manager
        reopened = steps.filter(
            project=OuterRef("project"), version__gt=OuterRef("version"), target__in=EDITABLE
        )
        return self.filter(~Exists(reopened))


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, user: User) -> Self:
        """Remarks for everybody who sees the dossier, and those of one's own office."""
        scope = scope_of(user)
        offices = {pk for post in scope.posts for pk in post.organisation_ids}
        projects = apps.get_model("programs", "Project")._default_manager.visible_to(user)
        return self.filter(Q(audience=Audience.DOSSIER) | Q(office__in=offices), project__in=projects)


class CriterionMarkQuerySet(models.QuerySet["CriterionMark"]):
    def standing(self, projects: Iterable[Project]) -> Self:
        """On these dossiers as they stand. The database shows those of the reader's own office alone."""
        now = Q(pk__in=[])
        for project in projects:
            now |= Q(project=project.pk, version=project.version)
        return self.filter(now)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> Self:
        """Whole provinces for the Sở and national roles; elsewhere what one's own office does."""
        scope = scope_of(user)
        if scope.national:
            return self.filter(province__in=scope.province_ids)
        own = Q(owner__in=scope.own_organisation_ids) | Q(implementer__in=scope.own_organisation_ids)
        if not scope.whole_province_ids:
            return self.filter(own, province__in=scope.province_ids)
        if not scope.own_organisation_ids:
            return self.filter(province__in=scope.whole_province_ids)
        return self.filter(
            Q(province__in=scope.whole_province_ids) | (own & Q(province__in=scope.province_ids))
        )

    def in_year(self, year: int) -> Self:
        return self.filter(year=year)

    def in_state(self, *states: State) -> Self:
        return self.filter(state__in=states)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, on: dt.date) -> Self:
        return self.filter(due_on__lt=on)

    def at_desk(self, kinds: Iterable[str]) -> Self:
        """Those that lie at an office of one of these kinds now; see ``desks.desk_of``."""
        wanted = Q(pk__in=[])
        for purse in Purse:
            states = [state for state in State if desk_of(state, purse) in set(kinds)]
            wanted |= Q(purse=purse, state__in=states)
        return self.filter(wanted)

    def matching(self, text: str) -> Self:
        """Every word in the folded title, a beneficiary's name or the place; or the start of a code."""
        found, folded = self, fold(text)
        for word in folded.split():
            places = AdminUnit.objects.with_word(word, folded).values("pk")
            named = apps.get_model("programs", "ProjectBeneficiary")._default_manager.filter(
                project=OuterRef("pk"), establishment__name_folded__contains=word
            )
            found = found.filter(
                Q(title_folded__contains=word)
                | Q(code__istartswith=word)
                | Q(commune__in=places)
                | Q(province__in=places)
                | Exists(named)
            )
        return found

    def for_list(self) -> Self:
        """What a row of the list shows, in one query beside the beneficiaries' names and the holders.

        The dossier's long texts stay in the database: a list never shows them.
        """
        held = apps.get_model("programs", "Holding")._default_manager.select_related("holder", "office")
        return (
            self._with_beneficiaries()
            .select_related("province", "activity", "owner", "created_by")
            .defer(*(name for name, _number, _label in TEXT_SECTIONS))
            .prefetch_related(Prefetch("holdings", queryset=held))
        )

    def for_annex(self) -> Self:
        """What a line of a decision's annex, or a project's standing in the order of priority, needs."""
        return self._with_beneficiaries().select_related("province", "activity", "sector", "owner", "commune")

    def _with_beneficiaries(self) -> Self:
        named = apps.get_model("programs", "ProjectBeneficiary")._default_manager.select_related(
            "establishment"
        )
        return self.prefetch_related(Prefetch("beneficiaries", queryset=named))


class PaymentRequestQuerySet(models.QuerySet["PaymentRequest"]):
    def visible_to(self, user: User) -> Self:
        """Requests about projects this person sees."""
        projects = apps.get_model("programs", "Project")._default_manager
        return self.filter(fund__project__in=projects.visible_to(user))

    def matching(self, text: str) -> Self:
        """Of projects whose code or title holds these words, as in their own list."""
        projects = apps.get_model("programs", "Project")._default_manager
        return self.filter(fund__project__in=projects.matching(text))

    def for_hand(self, user: User) -> Self:
        """Requests whose next hand may be this person's: to confirm, approve or pay."""
        asked, confirmed = RequestState.REQUESTED, RequestState.CONFIRMED
        to_approve = Q(state=confirmed) | Q(state=asked, needs_so=False)
        to_pay = Q(state=RequestState.APPROVED) & ~Q(approved_by=user)
        wanted = Q(pk__in=[])
        for post in scope_of(user).posts:
            national = Q(fund__source=Purse.KCQG)
            local = Q(fund__source=Purse.KCDP, fund__project__province__in=post.province_ids)
            if post.role == Role.SO_LEADER:
                wanted |= Q(state=asked, needs_so=True, fund__project__province__in=post.province_ids)
                wanted |= local & to_approve
            if post.role == Role.CUC_LEADER:
                wanted |= national & to_approve & ~Q(confirmed_by=user)
            if post.role in CUC:
                wanted |= national & to_pay
            if post.role in SO:
                wanted |= local & to_pay
        return self.filter(wanted).exclude(requested_by=user)

    def told(self) -> Self:
        """With all that a line of a list names or a rule asks about."""
        return self.select_related(
            "fund__project__province", "fund__project__owner", "fund__project__implementer", "requested_by",
            "requested_for", "confirmed_by", "approved_by", "closed_by", "file",
        )  # fmt: skip
