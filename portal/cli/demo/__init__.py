"""The demo year: a believable portal, written once, relative to today. Everybody and every company in it is invented."""

import gc
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from portal.cli.demo import (
    aftercare,
    ambassadors,
    asked,
    calendars,
    calls,
    cases,
    companies,
    days,
    developments,
    events,
    figures,
    history,
    hours,
    joining,
    leave_asked,
    letters,
    meetings,
    moments,
    networks,
    outcomes,
    papers,
    peers,
    profiles,
    second,
    since,
    starts,
    stories,
    team,
    vacancies,
    vacancy_life,
    waiting,
    weeks,
    wishes,
)
from portal.cli.demo.world import World
from portal.foundation import acting
from portal.foundation.database import db

# In the order of the house: each part stands on what the parts before it wrote.
PARTS: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("the operator, its programmes, sites and team", team.write),
    ("who signs in how", second.write),
    ("companies and their contacts", companies.write),
    ("vacancies", vacancies.write),
    ("the ways of 160 people", stories.write),
    ("referrals, screenings, plans", cases.write),
    ("profiles", profiles.write),
    ("interests and interviews", meetings.write),
    ("questions about profiles, decisions about lists", asked.write),
    ("starts", starts.write),
    ("aftercare", aftercare.write),
    ("ambassadors and their peers", ambassadors.write),
    ("codes for a fair, a pause, pioneers", networks.write),
    ("what companies ask and tell one another", peers.write),
    ("what waits for whom", waiting.write),
    ("a trial that somebody agreed to", outcomes.try_one),
    ("when companies would like to meet", moments.write),
    ("what partners let us know", developments.write),
    ("papers that end, and days that are possible", papers.write),
    ("other calendars", calendars.write),
    ("hours by province, and from where workers leave", hours.write),
    ("companies that were called", calls.write),
    ("what companies asked of us, and the clients of agencies", wishes.write),
    ("the public register, and a colleague who asks to join", joining.write),
    ("visits and meetings", events.write),
    ("what was written down on the day", days.write),
    ("leave that was asked, and what a house wrote", leave_asked.write),
    ("the twelve weeks: what waits, deviates and was looked back on", weeks.write),
    ("since when it waits", since.write),
    ("months that are closed", figures.write),
    ("the journal", history.write),
    ("letters", letters.settle),
    ("jobs for everybody, and a letter of the week", vacancy_life.write),
)


def write(say: Callable[[str], Any]) -> None:
    """Fill an empty portal, in one transaction: whoever stops it half-way finds it empty."""
    world = World()
    with acting.as_(None), _undisturbed():
        for title, part in PARTS:
            say(title)
            part(world)
            db.session.flush()
        db.session.commit()
        vacancy_life.count()


@contextmanager
def _undisturbed() -> Any:
    """Tens of thousands of rows that all stay: looking for garbage among them takes longer than writing them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
