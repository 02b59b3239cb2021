"""Interests in every state, and interviews: held with their decision, coming with everybody's time held, called off."""

from datetime import date, time, timedelta

from portal.accounts.models import Person
from portal.agenda.messages import new_uid
from portal.agenda.models import Hold, HoldKind
from portal.agenda.windows import Span, workdays_after, workdays_before
from portal.cli.demo import interests, talks
from portal.cli.demo.interests import interest_of
from portal.cli.demo.market import Choice, Market, garage
from portal.cli.demo.stories import PLACED, Stage, Story
from portal.cli.demo.world import DAY, Company, World, working, write_cells
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.states import InterviewState, PermissionState, Presence
from portal.showcase.models import Interest
from portal.showcase.states import InterestState

T, N, P = InterviewState, InterestState, PermissionState
LENGTH, ROAD = timedelta(minutes=60), timedelta(minutes=45)
HOURS = ((9, 30), (10, 0), (11, 0), (13, 30), (14, 0), (10, 30), (9, 0), (14, 30))
# What those who are in talks wait for, in this order.
SUBSTATES = (
    ["to_request", "requested_permission", "requested_permission", "to_request"] + ["confirmed"] * 8
    + ["requested", "needs_worker", "pending", "pending", "pending", "offer", "offer", "second_talk", "trial", "trial"]
)  # fmt: skip


def write(world: World) -> None:
    market = Market(world)
    world.market = market
    _before_a_start(world, market)
    _in_talks(world, market)
    _earlier_noes(world, market)
    interests.asked(world, market)
    _called_off(world, market)
    interests.openings(world, market)
    db.session.flush()
    talks.settle(world)


def _before_a_start(world: World, market: Market) -> None:
    for story in world.stories:
        if story.stage in PLACED:
            choice = market.before(story)
            interest = interest_of(world, story, choice, N.INTERVIEW, story.days["interest"])
            interview = meet(world, story, choice, interest, story.days["held"], T.HELD)
            world.talks.append(talks.Talk(story, interview, "accepted", story.days["decided"]))


def _in_talks(world: World, market: Market) -> None:
    """Everybody who is in talks, in each of the states that a talk can be in."""
    stories = [story for story in world.stories if story.stage == Stage.INTERVIEWING]
    stories.sort(key=lambda story: (not (story.permission_needed and story.lead_days), story.number))
    listed = iter([story for story in stories if market.at(story, garage(world), only_look=True)][:2])
    first, second = next(listed, None), next(listed, None)
    rest = [story for story in stories if story not in (first, second)]
    plan = [(first, "confirmed"), (second, "pending")]
    order = list(SUBSTATES)
    for story, how in plan:
        if story is not None:
            order.remove(how)
            _begin_talk(world, market, story, how, market.at(story, garage(world)))
    for story, how in zip(rest, order, strict=True):
        _begin_talk(world, market, story, how, market.now(story))


def _begin_talk(world: World, market: Market, story: Story, how: str, choice: Choice | None) -> None:
    choice = choice or market.before(story)
    interest = interest_of(world, story, choice, N.INTERVIEW, world.ago(world.rng.randint(12, 24)))
    _talk(world, story, choice, interest, how)


def _talk(world: World, story: Story, choice: Choice, interest: Interest, how: str) -> None:
    if how in {"pending", "offer", "second_talk", "trial"}:
        held = working(world.ago(world.rng.randint(1, 4) if how == "pending" else world.rng.randint(5, 9)), back=True)
        interview = meet(world, story, choice, interest, held, T.HELD)
        world.talks.append(talks.Talk(story, interview, how, min(held + 2 * DAY, world.today)))
        return
    state = {"confirmed": T.CONFIRMED, "requested": T.REQUESTED, "needs_worker": T.NEEDS_WORKER}.get(
        how, T.AWAITING_PERMISSION
    )
    first = workdays_after(world.today, world.rng.randint(1, 9))
    if state == T.AWAITING_PERMISSION:
        first = workdays_after(world.today, story.lead_days + 1)
    asked = {"to_request": P.TO_REQUEST, "requested_permission": P.REQUESTED}.get(how)
    if story.permission_needed and asked is None:
        asked = P.GRANTED if how in {"confirmed", "needs_worker"} else P.TO_REQUEST
        state = T.AWAITING_PERMISSION if asked == P.TO_REQUEST else state
    interview = meet(world, story, choice, interest, first, state, asked or P.NOT_NEEDED)
    world.talks.append(talks.Talk(story, interview, how, None))


def _earlier_noes(world: World, market: Market) -> None:
    """A talk earlier in the search that led to a no, with its reasons, from either side."""
    searching = [s for s in world.stories if s.stage == Stage.SEARCHING and s.days["published"] <= world.ago(36)]
    for nth, story in enumerate(searching[:20]):
        held = working(story.days["published"] + DAY * world.rng.randint(22, 28), back=True)
        choice = market.before(story)
        interest = interest_of(world, story, choice, N.LAPSED, held - DAY * world.rng.randint(13, 18))
        interview = meet(world, story, choice, interest, held, T.HELD)
        decided = min(held + DAY * world.rng.randint(1, 5), world.today)
        world.talks.append(talks.Talk(story, interview, "declined" if nth % 6 == 5 else "rejected", decided))


def _called_off(world: World, market: Market) -> None:
    searching = [s for s in world.stories if s.stage == Stage.SEARCHING][-3:]
    for story, reason in zip(searching, ("employer_unavailable", "illness", "vacancy_filled"), strict=True):
        choice = market.before(story)
        day = working(world.ago(world.rng.randint(6, 20)), back=True)
        interest = interest_of(world, story, choice, N.LAPSED, day - 12 * DAY)
        interview = meet(world, story, choice, interest, day, T.CANCELLED)
        interview.cancelled_because = reason


# --- One interview ---


def meet(
    world: World, story: Story, choice: Choice, interest: Interest, day: date, state: InterviewState,
    asked: PermissionState | None = None,
) -> Interview:  # fmt: skip
    """An interview on or near a day, at an hour at which worker, candidate and contact are free."""
    worker, contact = story.place.worker, choice.vacancy.contact_id
    at = _free(world, choice.company, worker, story, contact, day)
    interview = Interview(
        interest_id=interest.id, candidate_id=story.id, employer_id=choice.vacancy.employer_id, vacancy_id=choice.vacancy.id,
        contact_id=contact, worker_id=worker.id, companion_id=None if state == T.NEEDS_WORKER else worker.id, state=T.REQUESTED,
        workplace_id=choice.vacancy.workplace_id, starts_at=at.start, ends_at=at.end, uid=new_uid(),
        sequence=1 if state in {T.CONFIRMED, T.HELD, T.NEEDS_WORKER} else 0, created_at=interest.answered_at or interest.created_at,
    )  # fmt: skip
    db.session.add(interview)
    db.session.flush()
    _hold(world, interview, story, choice, at, state)
    interview.state = state
    if asked is None:
        asked = P.GRANTED if story.permission_needed and state == T.HELD else P.NOT_NEEDED
    db.session.add(_permission(world, interview, story, asked))
    return interview


def _free(world: World, company: Company, worker: Person, story: Story, contact: int, day: date) -> Span:
    """An hour that day, or on the next working day: nobody sits in two places, in the demo either."""
    past = day <= world.today
    while True:
        if day.weekday() != company.closed or past:
            for hour, minute in world.some(HOURS, len(HOURS)):
                start = clock.at(day, time(hour, minute))
                on_the_road = Span(start - ROAD, start + LENGTH + ROAD)
                talk = Span(start, start + LENGTH)
                busy = [f"person:{worker.id}", f"candidate:{story.id}"]
                free = world.diary.free(busy, on_the_road) and world.diary.free([f"person:{contact}"], talk)
                if free and (talk.end < world.now) == past:
                    return talk
        day = working(day - DAY, back=True) if past else workdays_after(day, 1)


def _hold(world: World, interview: Interview, story: Story, choice: Choice, at: Span, state: InterviewState) -> None:
    """Everybody's time, travel included for who travels; a talk that was called off gave it back."""
    if state == T.CANCELLED:
        return
    road, postcode = Span(at.start - ROAD, at.end + ROAD), choice.company.workplace.postcode
    travelling = [f"candidate:{story.id}"] + ([] if state == T.NEEDS_WORKER else [f"person:{interview.companion_id}"])
    holds: list[Hold] = world.diary.hold(HoldKind.INTERVIEW, interview, travelling, at, road, postcode)
    holds += world.diary.hold(HoldKind.INTERVIEW, interview, [f"person:{interview.contact_id}"], at, at, postcode)
    db.session.flush()
    write_cells(holds)
    mine = next((hold for hold in holds if hold.party == f"person:{interview.companion_id}"), None)
    interview.companion_hold_id = mine.id if mine is not None else None
    presence = Presence.PRESENT if state == T.HELD else Presence.EXPECTED
    invited = 1 if state in {T.HELD, T.CONFIRMED} else 0
    db.session.add_all(
        Participant(
            interview_id=interview.id, party=hold.party, presence=presence,
            invited_sequence=invited if hold.party.startswith("person") else 0,
        )
        for hold in holds
    )  # fmt: skip


def _permission(world: World, interview: Interview, story: Story, asked: PermissionState) -> Permission:
    start, end = interview.starts_at, interview.ends_at
    assert start is not None and end is not None
    granted, day = asked == P.GRANTED, start.date()
    return Permission(
        interview_id=interview.id, candidate_id=story.id, state=asked, lead_days=None if asked == P.NOT_NEEDED else story.lead_days,
        file_by=None if asked == P.NOT_NEEDED else max(workdays_before(day, story.lead_days), world.today if asked == P.TO_REQUEST else date.min),
        requested_on=min(workdays_before(day, story.lead_days + 1), world.today) if asked in {P.REQUESTED, P.GRANTED} else None,
        decided_on=min(workdays_before(day, 3), world.today) if granted else None,
        covers_from=start - timedelta(hours=2) if granted else None, covers_until=end + timedelta(hours=2) if granted else None,
    )  # fmt: skip
