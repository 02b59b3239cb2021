"""One short form for each kind of news: only what that kind needs, from closed lists where there is one."""

from datetime import date, timedelta
from typing import Any

from wtforms import Field

from portal.candidates.developments import News
from portal.foundation import clock
from portal.foundation.fields import Between, day, number, one_of, paragraph, select, several
from portal.foundation.forms import Form
from portal.foundation.options import Option, choices
from portal.foundation.words import lazy
from portal.programmes.models import Site

WHEN = Between(
    lambda: clock.today() - timedelta(days=366), lambda: clock.today() + timedelta(days=550),
    lazy("Choose a day at most a year back and a year and a half ahead."),
)  # fmt: skip
MOST = 500


class NewsForm(Form[News]):
    """Made by `form_for`; the fields of a proposal keep the names of what work must reckon with."""

    answers = News

    def news(self, proposes: list[str], sites: dict[str, Site]) -> News:
        """What was told, as the service takes it."""
        given = {f.name: f.data for f in self if f.data not in (None, "", [])}
        when = given.get("from_on")
        return News(
            note=given.get("note", ""), from_on=when if isinstance(when, date) else None,
            site=sites.get(given.get("site", "")), proposed={n: given[n] for n in proposes if n in given and n != "site"},
        )  # fmt: skip


def form_for(kind: Option, sites: dict[str, Site]) -> type[NewsForm]:
    """The form of one kind."""
    fields: dict[str, Field] = {name: _asked(name, sites) for name in kind.data["proposes"]}
    fields["from_on"] = day(lazy("From which day?"), required=False, within=WHEN)
    fields["note"] = paragraph(
        lazy("What should the team know?"), max=MOST, required=kind.data["note"], rows=3,
        hint=lazy("Only what the work asks. Never an offence, a sentence, a date of release or a national number."),
    )  # fmt: skip
    return type("KindForm", (NewsForm,), fields)


def _asked(name: str, sites: dict[str, Site]) -> Field:
    makers: dict[str, Any] = {
        "regime": lambda: one_of(lazy("Which regime?"), choices("candidates", "detention_regimes")),
        "days": lambda: several(
            lazy("On which days can this person work outside?"), choices("candidates", "weekdays"), required=True
        ),
        "longest_absence": lambda: select(
            lazy("Longest absence"), choices("candidates", "longest_absence"), required=False, empty=lazy("As it was")
        ),
        "lead_days": lambda: number(
            lazy("How many working days ahead must a permission be asked?"), most=60, required=False
        ),
        "site": lambda: select(
            lazy("To which place?"), [(key, site.label) for key, site in sites.items()], empty=lazy("Choose")
        ),
    }
    made: Field = makers[name]()
    return made
