"""Registering at the desk: for whoever stands there, or for whom somebody came."""

from typing import Any

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from kit.rows import insert_unless_there
from participants.actions.registering import register
from participants.models import Person, Proxy, Registration, Source


@transaction.atomic
def register_at_desk(*, proxy: tuple[str, str] | None, by: User, **form: Any) -> Registration:
    """`register` by an officer, with who came in the resident's place. Sent twice, it stays one entry."""
    registration = register(by=by, source=Source.ASSISTED, **form)
    if proxy is not None:
        relation, full_name = proxy
        insert_unless_there(Proxy(registration=registration, relation=relation, full_name=full_name))
    return registration


@transaction.atomic
def use_file(*, person: Person, by: User) -> Person:
    """The officer fills a form from the file card; the trail tells whose."""
    record(action="person.file_used", by=by, target=person, subject=person, agency=person.agency)
    return person
