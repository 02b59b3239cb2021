"""One guard, closed by default: every view declares who enters with `@opens_to(policy)`.

A view without a declaration cannot be reached at all, and the portal refuses to start with one (house.md 7).
Which rows a viewer then finds is decided by the scoped queries of each room: a stranger's row is a 404.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, g, request
from flask_login import current_user
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, Unauthorized
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response

from portal.foundation import acting, refusals
from portal.foundation.database import reads_only

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Seat:
    """One dated membership of a viewer: a role, in an organisation or in a programme."""

    role: str
    organisation_id: int | None = None
    programme_id: int | None = None


@dataclass(frozen=True)
class Half:
    """Whose password was right and whose second step was not taken yet. `enrols`: has none yet, and may choose one."""

    person_id: int
    sign_in_id: int
    enrols: bool


@dataclass(frozen=True)
class Viewer:
    """Whoever looks at a page. A visitor has no id and no seats; who is half-way in is a visitor to every page but the second step."""

    person_id: int | None = None
    name: str = ""
    first_name: str = ""
    language: str = ""
    sign_in_id: int | None = None
    token: str = ""
    seats: tuple[Seat, ...] = ()
    is_active: bool = True
    role_label: Any = ""
    half: Half | None = None
    # Who hosts the portal, where it was read along with the seats.
    house: str = ""

    @property
    def is_authenticated(self) -> bool:
        return self.person_id is not None

    @property
    def is_anonymous(self) -> bool:
        return self.person_id is None

    def get_id(self) -> str:
        return self.token

    @property
    def me(self) -> int:
        """The person's id, where a policy has already made sure that somebody is signed in."""
        if self.person_id is None:
            raise Unauthorized()
        return self.person_id

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(seat.role for seat in self.seats)

    @property
    def role(self) -> str:
        """The first of the viewer's roles: what the journal writes beside the name."""
        return self.seats[0].role if self.seats else ("person" if self.person_id else "visitor")

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def programmes(self, *roles: str) -> tuple[int, ...]:
        """The programmes in which the viewer holds one of these roles."""
        return tuple(s.programme_id for s in self.seats if s.role in roles and s.programme_id is not None)

    def organisations(self, *roles: str) -> tuple[int, ...]:
        """The organisations in which the viewer holds one of these roles."""
        return tuple(s.organisation_id for s in self.seats if s.role in roles and s.organisation_id is not None)


NOBODY = Viewer()


def viewer() -> Viewer:
    """Who looks at this page, typed."""
    return cast(Viewer, current_user._get_current_object())


@dataclass(frozen=True)
class Policy:
    """A named predicate on the viewer. `name` is the word in docs/access.md."""

    name: str
    test: Callable[[Viewer], bool] = field(compare=False)

    def allows(self, who: Viewer) -> bool:
        return self.test(who)


def role_policy(name: str, *roles: str) -> Policy:
    """Open to whoever holds one of these roles."""
    return Policy(name, lambda who: who.has(*roles))


anyone = Policy("anyone", lambda who: True)
signed_in = Policy("signed in", lambda who: who.is_authenticated)
halfway = Policy("signed in, or after the password", lambda who: who.is_authenticated or who.half is not None)
enrolling = Policy(
    "signed in, or after the password while there is no second step",
    lambda who: who.is_authenticated or (who.half is not None and who.half.enrols),
)
in_demo = Policy("anyone, in demo mode", lambda who: bool(_app().extensions["doorstart"].demo))


def opens_to(policy: Policy) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare who enters a view; the view's refused rules come back to its own page (foundation.refusals)."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R:
            return cast(R, refusals.answering(lambda: view(*args, **kwargs)))

        entered.opens_to = policy  # type: ignore[attr-defined]
        return entered

    return declare


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    return getattr(app.view_functions.get(endpoint), "opens_to", None)


class RowNumber(IntegerConverter):
    """A number in an address that the database can hold; a longer one is the address of nothing."""

    regex = r"[0-9]{1,9}"


def guard() -> Response | None:
    """Before each request: nobody passes whom the view's policy does not name."""
    reads_only(request.method in {"GET", "HEAD", "OPTIONS"})
    # No keyboard makes this character and a database refuses it: an address that holds it is nobody's.
    if "\0" in request.path or any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest()
    g.setdefault("own_language", None)
    if request.endpoint is None:
        return None
    who = viewer()
    g.own_language = who.language or None
    acting.become(acting.Actor(who.half.person_id if who.half else who.person_id, who.role))
    policy = policy_of(_app(), request.endpoint)
    if policy is None:
        raise NotFound()
    if policy.allows(who):
        return None
    if who.is_anonymous:
        raise Unauthorized()
    raise Forbidden()


def _app() -> Flask:
    from flask import current_app

    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]


def undeclared(app: Flask, known: Iterable[str] = ()) -> list[str]:
    """The endpoints that nobody may enter because nobody said who may."""
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if policy_of(app, rule.endpoint) is None and rule.endpoint not in set(known)
    )


def open_package_files(app: Flask) -> None:
    """Static files, ours and the packages', are public: give their views the policy that says so."""
    for endpoint, view in list(app.view_functions.items()):
        if endpoint == "static" or endpoint.endswith(".static"):
            app.view_functions[endpoint] = opens_to(anyone)(cast(Callable[..., Any], view))
