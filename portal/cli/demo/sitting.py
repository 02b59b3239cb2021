"""The sit-days of the demo, from one rule for each place: what was, and what the portal would lay out for the weeks ahead."""

from collections import defaultdict
from datetime import date, time

from portal.agenda.models import SitDay, SitDayRule, SitDayRuleWorker
from portal.agenda.sit_day_layout import dates
from portal.agenda.sit_days import figure, spans
from portal.agenda.windows import Span
from portal.cli.demo.world import DAY, Place, World
from portal.foundation.database import db

SLOT_MINUTES = 45
# A colleague who sits beside the one whose place it is.
BESIDE = {"gent": ("stijn",)}


def _rule(world: World, place: Place) -> SitDayRule:
    """The rule of a place, older than the demo's year: what is read back from it are days that it would have made."""
    said = place.data["sit_day"]
    rule = SitDayRule(
        programme_id=place.programme.id, site_id=place.site.id, weekday=said["weekday"], every_weeks=said["every_weeks"],
        first_on=world.ago(420), starts=time.fromisoformat(said["from"]), slots=said["slots"], slot_minutes=SLOT_MINUTES,
        created_at=world.moment(world.ago(430)),
    )  # fmt: skip
    db.session.add(rule)
    db.session.flush()
    sit = [place.worker.id, *[world.staff[code].id for code in BESIDE.get(place.data["code"], ())]]
    db.session.add_all(SitDayRuleWorker(rule_id=rule.id, person_id=one) for one in sit)
    return rule


class SitDays:
    """The days on which somebody sat at a place, made as they are needed, and every one of the coming weeks."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.days: dict[tuple[str, date], SitDay] = {}
        self.used: dict[tuple[str, date], int] = defaultdict(int)
        self.rules = {code: _rule(world, place) for code, place in world.places.items()}
        for place in world.places.values():
            for day in self._regular(place, world.ago(28), world.ahead(7 * figure("horizon_weeks"))):
                self._at(place, day)
                if day >= world.today:
                    self._keep_free(place, day)

    def rows(self) -> list[SitDay]:
        return [*self.days.values(), *self._beside()]

    def _beside(self) -> list[SitDay]:
        """The colleagues who sit there too, on the days to come."""
        last, found = self.world.ahead(7 * figure("horizon_weeks")), []
        for code, staff in BESIDE.items():
            rule = self.rules[code]
            for day in self._regular(self.world.places[code], self.world.ahead(1), last):
                for one in (self.world.staff[name] for name in staff):
                    row = self._row(rule, one.id, day)
                    whole = spans(row)
                    self.world.diary.block([f"person:{one.id}"], Span(whole[0].start, whole[-1].end))
                    found.append(row)
        return found

    def before(self, place: Place, day: date) -> date:
        return day - DAY * ((day.weekday() - place.data["sit_day"]["weekday"]) % 7)

    def take(self, place: Place, day: date) -> tuple[SitDay, Span]:
        """A slot on that sit-day, or on one a week earlier when it is full."""
        while True:
            sit_day, key = self._at(place, day), (place.data["code"], day)
            if self.used[key] < sit_day.slots:
                self.used[key] += 1
                return sit_day, spans(sit_day)[self.used[key] - 1]
            day -= 7 * DAY

    def next(self, place: Place) -> tuple[SitDay, Span]:
        """A slot on the next sit-day with room, from tomorrow on."""
        for day in self._regular(place, self.world.ahead(1), self.world.ahead(45)):
            sit_day, key = self._at(place, day), (place.data["code"], day)
            if self.used[key] < sit_day.slots:
                self.used[key] += 1
                return sit_day, spans(sit_day)[self.used[key] - 1]
        raise LookupError(place.data["code"])

    def _regular(self, place: Place, first: date, last: date) -> list[date]:
        return dates(self.rules[place.data["code"]], first, last, {})

    def _at(self, place: Place, day: date) -> SitDay:
        key = (place.data["code"], day)
        if key not in self.days:
            rule = self.rules[place.data["code"]]
            self.days[key] = self._row(rule, place.worker.id, day)
        return self.days[key]

    def _row(self, rule: SitDayRule, worker_id: int, day: date) -> SitDay:
        return SitDay(
            programme_id=rule.programme_id, site_id=rule.site_id, worker_id=worker_id, day=day, rule_id=rule.id,
            starts=rule.starts, slots=rule.slots, slot_minutes=SLOT_MINUTES, pause_after=0, pause_minutes=0, off=False,
            created_at=self.world.moment(min(day - 30 * DAY, self.world.ago(20))),
        )  # fmt: skip

    def _keep_free(self, place: Place, day: date) -> None:
        """Nobody is asked to an interview while sitting elsewhere: the demo's own interviews keep clear of these hours."""
        whole = spans(self.days[place.data["code"], day])
        self.world.diary.block([f"person:{place.worker.id}"], Span(whole[0].start, whole[-1].end))
