"""The menu: each role's rooms, in the order of its day. The site room stands below all others, so it may know them all."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for

from portal.accounts.roles import EMPLOYERS, PARTNERS, STAFF, Role
from portal.foundation.access import Viewer
from portal.foundation.words import language, lazy


@dataclass(frozen=True)
class Entry:
    """A line of the menu: what it is called, where it leads, whose it is, and which room it stands for."""

    label: Any
    endpoint: str
    roles: tuple[str, ...]
    room: str


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    current: bool


TODAY = Entry(lazy("Today"), "site.home", (), "site")
PUBLIC = (
    Entry(lazy("For employers"), "site.for_employers", (), "site"),
    Entry(lazy("Ambassadors"), "site.ambassadors", (), "site"),
    Entry(lazy("Answers"), "answers.index", (), "answers"),
)
ENTRIES = (
    Entry(lazy("My people"), "candidates.index", (Role.PROJECT_WORKER,), "candidates"),
    Entry(lazy("People"), "candidates.index", (Role.COORDINATOR,), "candidates"),
    Entry(lazy("My referrals"), "candidates.referrals", PARTNERS, "candidates"),
    Entry(lazy("Vacancies"), "employers.vacancies", EMPLOYERS, "employers"),
    Entry(lazy("Interviews"), "interviews.index", (*STAFF, *EMPLOYERS), "interviews"),
    Entry(lazy("Aftercare"), "aftercare.index", (*STAFF, *EMPLOYERS), "aftercare"),
    Entry(lazy("Companies"), "employers.index", STAFF, "employers"),
    Entry(lazy("Visits"), "events.index", (*STAFF, *EMPLOYERS, Role.AMBASSADOR), "events"),
    Entry(lazy("Network"), "ambassadors.index", (*EMPLOYERS, Role.AMBASSADOR), "ambassadors"),
    Entry(lazy("Our ambassadors"), "ambassadors.all", (Role.COORDINATOR,), "ambassadors"),
    Entry(lazy("Figures"), "dashboard.index", (Role.COORDINATOR,), "dashboard"),
    Entry(lazy("Accounts"), "accounts.people", (Role.ADMINISTRATOR,), "accounts"),
)


_OF_A_VACANCY = {
    "ask", "cards", "choose", "interest", "mediate", "not_fitting", "open", "people_for", "pool", "profile", "undo_choice",
}  # fmt: skip


def menu(viewer: Viewer) -> tuple[Item, ...]:
    """What this viewer finds in the menu."""
    here = request.endpoint or ""
    return _menu(viewer.is_anonymous, viewer.roles, here, language(), request.script_root)


@lru_cache(maxsize=4096)
def _menu(visitor: bool, roles: frozenset[str], here: str, _tongue: str, _root: str) -> tuple[Item, ...]:
    """The same for everybody with these roles on this page, in this language: laid out once per process."""
    entries = PUBLIC if visitor else (TODAY, *[entry for entry in ENTRIES if not roles.isdisjoint(entry.roles)])
    there = current_app.view_functions
    return tuple(_item(entry, here) for entry in _unlike(entries) if entry.endpoint in there)


def _unlike(entries: tuple[Entry, ...]) -> list[Entry]:
    """One line per room's page, also for somebody with two roles."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        seen.setdefault(entry.endpoint, entry)
    return list(seen.values())


def _item(entry: Entry, here: str) -> Item:
    room = _stands_in(here)
    current = here == entry.endpoint or (entry.room not in {"site"} and room == entry.room)
    return Item(str(entry.label), url_for(entry.endpoint), current)


# Who looks after the library finds it beside the ambassadors, whose words stand in it.
_OF_THE_LIBRARY = {"manage", "new", "edit", "history"}
# Companies are called for a person; these two pages are about all of them.
_OF_A_COMPANY = {"all_calls", "company_calls"}


def _stands_in(here: str) -> str:
    """The room in whose line of the menu a page stands. Weeks, profiles and calls have none of their own."""
    room, _dot, page = here.partition(".")
    if room == "agenda":
        return "interviews"
    if room == "trajectories":
        return "candidates"
    if room == "answers" and page in _OF_THE_LIBRARY:
        return "ambassadors"
    if room == "approaches":
        return "employers" if page in _OF_A_COMPANY else "candidates"
    if room != "showcase":
        return room
    return "employers" if page in _OF_A_VACANCY else "candidates"
