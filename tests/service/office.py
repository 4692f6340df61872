"""Two organisations of people with accounts, and clients that are signed in as each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from starlette.testclient import TestClient

from service.db.tables import Account, Organisation, Person, Relation
from service.usecases.accounts import account_of
from service.usecases.identify import actor_of
from service.usecases.passwords import hash_password
from service.usecases.person_names import sort_key
from service.usecases.sign_in import begin_session
from service.web.deps import CSRF_HEADER

PASSWORD = "correct horse battery staple"  # noqa: S105
NAMES = {
    "admin": "Ada Byron",
    "hr": "Hannah Reeve",
    "lead": "Dana Moss",
    "boss": "林静",
    "ana": "Ana Ruiz",
    "li": "李雷",
    "zhang": "张三",
    "outsider": "Otto Fremd",
    "outsider_member": "Olga Fremd",
}
ROLES = {"admin": ["admin", "member"], "hr": ["hr", "member"], "outsider": ["admin", "hr", "member"]}
MANAGES = {"ana": "lead", "li": "lead", "zhang": "boss"}


@dataclass
class Office:
    """`ids`: of people by name. outsider is administrator of `elsewhere_id`, where outsider_member works."""

    app: object
    rapport: object
    organisation_id: str
    elsewhere_id: str
    ids: dict[str, str]

    def organisation_of(self, name):
        return self.elsewhere_id if name.startswith("outsider") else self.organisation_id

    def actor(self, name):
        with self.rapport.database.read(self.organisation_of(name)) as work:
            return actor_of(account_of(work, self.ids[name]), work.one(Person, self.ids[name]))

    def visitor(self):
        """A browser where nobody is signed in."""
        return TestClient(self.app, base_url=self.rapport.hosting.base_url)

    def sign_in(self, name):
        """A browser where that person is signed in; its requests carry the token of their page."""
        with self.rapport.database.write(self.organisation_of(name)) as work:
            secret = begin_session(work, account_of(work, self.ids[name]))
        return self.with_session(secret)

    def with_session(self, secret):
        client, cookies = self.visitor(), self.app.state.cookies
        client.cookies.set(cookies.name, cookies._session.sign(secret).decode())
        client.headers[CSRF_HEADER] = cookies.page_token(secret)
        return client

    def by_token(self, token):
        client = self.visitor()
        client.headers["Authorization"] = f"Bearer {token}"
        return client


@cache
def password_hash():
    return hash_password(PASSWORD)


def open_office(app, rapport):
    with rapport.database.write() as work:
        organisations = {}
        for key, name in (("here", "Acme"), ("elsewhere", "Other")):
            row = Organisation(name=name, created_at=work.now)
            work.session.add(row)
            work.session.flush()
            organisations[key] = row.id
        kept = password_hash()
        ids = {}
        for name, said in NAMES.items():
            where = organisations["elsewhere" if name.startswith("outsider") else "here"]
            person = Person(
                organisation_id=where,
                display_name=said,
                sort_key=sort_key(said),
                email=email(name),
                locale="en",
                created_at=work.now,
            )
            ids[name] = work.add(person).id
            account = Account(
                organisation_id=where,
                person_id=ids[name],
                email=email(name),
                password_hash=kept,
                roles=ROLES.get(name, ["member"]),
                created_at=work.now,
            )
            work.add(account)
        for employee, manager in MANAGES.items():
            relation = Relation(
                organisation_id=organisations["here"],
                kind="manager",
                manager_id=ids[manager],
                employee_id=ids[employee],
                from_day=work.now.date(),
            )
            work.add(relation)
    return Office(app, rapport, organisations["here"], organisations["elsewhere"], ids)


def email(name):
    return f"{name}@firm.example"
