from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import ProgrammingError, connection, models, transaction
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organisation, OrganisationKind, SignInAttempt, User
from accounts.roles import Role
from records import context
from records.history import as_of, events_of
from tests.records.conftest import person, scope, set_scope
from vietnam.models import AdminUnit

ALWAYS = (dt.date(2020, 1, 1), None)


def office(name: str = "Trung tâm Thử") -> Organisation:
    return Organisation.objects.create(
        kind=OrganisationKind.TTKC, name=name, province=AdminUnit.nation(), valid=ALWAYS
    )


def recorded(model: type[models.Model] = Organisation) -> Any:
    return events_of(model)._default_manager


@pytest.mark.django_db
def test_insert_update_and_delete_leave_the_row_as_it_was() -> None:
    one = office()
    pk = one.pk
    Organisation.objects.filter(pk=pk).update(name="Tên mới")
    Organisation.objects.filter(pk=pk).update(name="Tên mới")
    Organisation.objects.filter(pk=pk).delete()
    events = recorded().filter(pgh_obj_id=pk).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "name")) == [
        ("insert", "Trung tâm Thử"),
        ("update", "Tên mới"),
        ("delete", "Tên mới"),
    ], "an update that changes nothing is no event"


@pytest.mark.django_db
def test_hand_written_sql_is_recorded_with_the_transactions_actor_and_request() -> None:
    one, actor = office(), person()
    with scope(actor=actor), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kc.request', 'yeu-cau-9', true)")
        cursor.execute("UPDATE accounts_organisation SET short_name = 'X' WHERE id = %s", [one.pk])
    event = recorded().filter(pgh_obj_id=one.pk).latest("pgh_id")
    assert (event.pgh_actor_id, event.pgh_request) == (actor.pk, "yeu-cau-9")


@pytest.mark.django_db
def test_work_of_nobody_has_no_actor() -> None:
    set_scope()
    one = office()
    event = recorded().get(pgh_obj_id=one.pk)
    assert event.pgh_actor_id is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE accounts_organisationevent SET name = 'x'", "permission denied"),
        ("DELETE FROM accounts_organisationevent", "permission denied"),
        ("TRUNCATE accounts_organisationevent", "permission denied"),
        (
            "INSERT INTO accounts_organisationevent SELECT * FROM accounts_organisationevent",
            "row-level security|generated",
        ),
    ],
)
def test_history_can_neither_be_changed_nor_invented(statement: str, message: str) -> None:
    office()
    with pytest.raises(ProgrammingError, match=message), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_invented_event_is_refused_by_the_policy() -> None:
    one = office()
    event = recorded().get(pgh_obj_id=one.pk)
    event.pk = None
    with pytest.raises(ProgrammingError, match="row-level security"):
        event.save(force_insert=True)


@pytest.mark.django_db
def test_a_model_without_history_is_named() -> None:
    with pytest.raises(LookupError, match="SignInAttempt"):
        events_of(SignInAttempt)


@pytest.mark.django_db
def test_history_of_accounts_and_keys_keeps_no_secret() -> None:
    one = person()
    User.objects.filter(pk=one.pk).update(password="bí mật", is_active=False)
    events = recorded(User).filter(pgh_obj_id=one.pk).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "is_active")) == [("insert", True), ("update", False)]
    columns = {field.name for model in (User, ApiToken) for field in events_of(model)._meta.get_fields()}
    assert not columns & {"password", "secret_hash"}


@pytest.mark.django_db
def test_a_sign_in_is_no_event_of_the_account() -> None:
    one = person()
    User.objects.filter(pk=one.pk).update(last_login=timezone.now())
    assert recorded(User).filter(pgh_obj_id=one.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_rows_can_be_read_as_they_were_at_any_moment() -> None:
    start = timezone.now()
    one, other = office("A"), office("B")
    made = timezone.now()
    with context.whole_country():
        Organisation.objects.filter(pk=one.pk).update(name="A2")
        Organisation.objects.filter(pk=one.pk).update(name="A3")
    changed = timezone.now()
    other_pk = other.pk
    other.delete()
    gone = timezone.now()

    def names(moment: dt.datetime) -> dict[int, str]:
        rows = as_of(Organisation, moment, pks=[one.pk, other_pk])
        return dict(rows.values_list("pgh_obj_id", "name"))

    assert names(start) == {}
    assert names(made) == {one.pk: "A", other_pk: "B"}
    assert names(changed) == {one.pk: "A3", other_pk: "B"}
    assert names(gone) == {one.pk: "A3"}
    assert as_of(Organisation, changed).filter(name="A3").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_moment_never_shows_half_of_a_transaction() -> None:
    with transaction.atomic():
        one = office("A")
        between = timezone.now()
        post = Membership.objects.create(user=person(), organisation=one, role=Role.IMPL, valid=ALWAYS)
    assert as_of(Organisation, between).exists()
    assert as_of(Membership, between, pks=[post.pk]).exists()
