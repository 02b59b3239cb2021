"""The rules behind the sit-days: every week or every other one, who is there, and the dates that fall out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from flask import render_template, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.roles import STAFF
from portal.agenda import sit_day_rules
from portal.agenda.models import SitDayException, SitDayRule
from portal.candidates.policy import staff
from portal.candidates.room import candidates
from portal.candidates.sit_day_forms import NewRuleForm, RuleAnswer, RuleForm
from portal.candidates.sit_day_views import must_work_at, workers_of
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _, time_short
from portal.programmes.queries import meeting_places


@dataclass(frozen=True)
class Told:
    """A rule as a sentence."""

    rule: SitDayRule

    @property
    def sentence(self) -> str:
        day = format_date(_a_day_of(self.rule), format="EEEE", rebase=False)
        hour = time_short(self.rule.starts)
        if self.rule.every_weeks == 1:
            return _("Every %(weekday)s at %(hour)s", weekday=day, hour=hour)
        return _("Every other %(weekday)s at %(hour)s", weekday=day, hour=hour)

    @property
    def who(self) -> str:
        return ", ".join(one.first_name for one in self.rule.workers)


def _a_day_of(rule: SitDayRule) -> date:
    return date(2026, 6, 1 + rule.weekday)  # 1 June 2026 is a Monday: only the weekday is read.


@candidates.get("/sit-days/rules")
@opens_to(staff)
def sit_day_rules_list() -> str:
    """Which sit-days come back, by place."""
    found = [Told(one) for one in sit_day_rules.of(viewer().programmes(*STAFF))]
    return render_template("candidates/sit_day_rules.html", rules=found)


@candidates.route("/sit-days/rules/new", methods=["GET", "POST"])
@opens_to(staff)
def new_sit_day_rule() -> str | Response:
    """A sit-day that comes back: its first eight weeks are there at once."""
    programmes = viewer().programmes(*STAFF)
    places = {f"{one.programme.key}.{one.site.key}": one for one in meeting_places(programmes)}
    team = workers_of(programmes)
    form = NewRuleForm.from_request(
        first_on=clock.today(), every_weeks="1", starts=time(9), slots=4, slot_minutes="60", pause_minutes="0",
        workers=[one.key for one in team if one.id == viewer().me],
    )  # fmt: skip
    offer(form.site, [(key, one.site.label) for key, one in places.items()], _("Choose"))
    offer(form.workers, [(one.key, one.name) for one in team])
    if form.accepted():
        answer = form.answer()
        place = places[answer.site]  # type: ignore[attr-defined]
        must_work_at(place, [one for one in team if one.key in answer.workers], "workers")
        sit_day_rules.make(place.programme_id, place.site_id, _wish(answer, team))
        return form.go(url_for(".sit_days", day=answer.first_on.isoformat()), _("The sit-days are laid out."))
    return render_template("candidates/sit_day_rule_form.html", form=form, told=None, exceptions=())


@candidates.route("/sit-days/rules/<key>", methods=["GET", "POST"])
@opens_to(staff)
def sit_day_rule(key: str) -> str | Response:
    """Change or end a rule: from tomorrow on, and never without saying what happens to the talks that are planned."""
    rule = _rule(key)
    team = _team(rule)
    form = RuleForm.from_request(
        first_on=rule.first_on, every_weeks=str(rule.every_weeks), last_on=rule.last_on, starts=rule.starts,
        workers=[one.key for one in rule.workers], slots=rule.slots, slot_minutes=str(rule.slot_minutes),
        pause_minutes=str(rule.pause_minutes), pause_after=rule.pause_after or None, on_holidays=rule.on_holidays,
    )  # fmt: skip
    offer(form.workers, [(one.key, one.name) for one in team])
    if form.accepted():
        answer = form.answer()
        sit_day_rules.change(rule, _wish(answer, team), sure=answer.sure)
        return form.go(url_for(".sit_day_rules_list"), _("Kept: the sit-days from tomorrow on follow it."))
    return render_template(
        "candidates/sit_day_rule_form.html", form=form, told=Told(rule), exceptions=sit_day_rules.exceptions_of(rule)
    )


@candidates.post("/sit-days/rules/<key>/exceptions/<day>/end")
@opens_to(staff)
def sit_day_goes_on(key: str, day: str) -> Response:
    """A date that was left out goes on after all."""
    rule = _rule(key)
    press = Press.from_request()
    if press.accepted():
        sit_day_rules.go_on_after_all(_exception(rule, day))
        return press.go(url_for(".sit_day_rule", key=key), _("This date goes on after all."))
    return see_other(url_for(".sit_day_rule", key=key))


def _rule(key: str) -> SitDayRule:
    found = sit_day_rules.one(viewer().programmes(*STAFF), key)
    if found is None:
        raise NotFound()
    return found


def _exception(rule: SitDayRule, day: str) -> SitDayException:
    found = next((one for one in sit_day_rules.exceptions_of(rule) if one.day.isoformat() == day), None)
    if found is None:
        raise NotFound()
    return found


def _team(rule: SitDayRule) -> Sequence[Person]:
    """The workers of the rule's programme, and whoever still stands in the rule."""
    team = {one.id: one for one in workers_of((rule.programme_id,))}
    return list((team | {one.id: one for one in rule.workers}).values())


def _wish(answer: RuleAnswer, team: Sequence[Person]) -> sit_day_rules.Wish:
    pause = int(answer.pause_minutes)
    return sit_day_rules.Wish(
        weekday=answer.first_on.weekday(), every_weeks=int(answer.every_weeks), first_on=answer.first_on,
        last_on=answer.last_on, starts=answer.starts, slots=answer.slots, slot_minutes=int(answer.slot_minutes),
        pause_after=(answer.pause_after or answer.slots // 2) if pause else 0, pause_minutes=pause,
        on_holidays=answer.on_holidays, worker_ids=tuple(one.id for one in team if one.key in answer.workers),
    )  # fmt: skip
