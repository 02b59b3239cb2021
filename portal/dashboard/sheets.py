"""Each figure as a sentence, a table and its definition: the same on the page, in the workbook and in the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.dashboard import cohorts, figures, passing
from portal.dashboard.boards import Board
from portal.dashboard.cohorts import Reached
from portal.dashboard.definitions import DEFINITIONS, FIGURES, LEGS, SIDES, STAGES, VOICES
from portal.dashboard.eyes import HIDDEN, TEAM, Cell, Eyes, Share
from portal.dashboard.figures import percent
from portal.dashboard.passing import Way
from portal.dashboard.reasons import reason
from portal.foundation.words import _, month_year


@dataclass(frozen=True)
class Sheet:
    """One figure. `line` is a value with its target and what is expected by today; `bars` are drawn above the table.

    `cases`: the lists behind it, by the code of the figure, with what each is called."""

    code: str
    sentence: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    line: tuple[int, int, int] | None = None
    bars: Sequence[tuple[str, int]] = ()
    cases: tuple[str, ...] = ()
    wide: bool = False

    @property
    def title(self) -> str:
        return str(FIGURES[self.code])

    @property
    def definition(self) -> str:
        return str(DEFINITIONS[self.code])


def of_board(board: Board, eyes: Eyes = TEAM) -> list[Sheet]:
    return [
        _trajectories(board, eyes), _activation(board, eyes), _accompaniment(board, eyes), _aftercare(board, eyes),
        _lasting(board, eyes), _speed(board, eyes),
    ]  # fmt: skip


def _sentence(text: str, cells: Sequence[Cell]) -> str:
    """What a figure says; where a number of it is hidden, only that."""
    return _("Too few people to tell: numbers under five are hidden.") if HIDDEN in cells else text


def _trajectories(board: Board, eyes: Eyes) -> Sheet:
    number = eyes.count(board.trajectories)
    text = _(
        "%(number)s of %(target)s trajectories; %(expected)s expected by today.",
        number=board.trajectories, target=board.target, expected=board.expected,
    )  # fmt: skip
    shown = number is not HIDDEN
    return Sheet(
        "trajectories", _sentence(text, [number]), (_("What"), _("Number")),
        [(_("Trajectories"), number), (_("Target of this period"), board.target), (_("Expected by today"), board.expected)],
        line=(board.trajectories, board.target, board.expected) if shown else None, cases=("trajectories",),
    )  # fmt: skip


def _activation(board: Board, eyes: Eyes) -> Sheet:
    one = board.activation
    persons, broad, strict = eyes.chain([one.persons, one.broad, one.strict])
    text = _("Nobody counts in this period yet.") if not one.persons else _(
        "%(number)s of %(persons)s persons started with a paid contract: %(percent)s. The target is %(target)s%%.",
        number=one.strict, persons=one.persons, percent=Share(one.strict_percent), target=board.target_activation,
    )  # fmt: skip
    rows = [
        (_("Strict: paid contract"), strict, eyes.share(strict, persons, one.strict_percent)),
        (_("Broad: every form"), broad, eyes.share(broad, persons, one.broad_percent)),
        (_("Target (strict)"), "", Share(board.target_activation)),
    ]
    drawn = [
        (name, cell.percent) for name, _number, cell in rows if isinstance(cell, Share) and cell.percent is not None
    ]
    return Sheet(
        "activation", _sentence(text, [persons, strict]), (_("Reading"), _("Persons"), _("Share")), rows,
        bars=drawn if one.persons else (), cases=("activation",),
    )  # fmt: skip


def _accompaniment(board: Board, eyes: Eyes) -> Sheet:
    held, there = eyes.count(board.held), eyes.count(board.accompanied)
    text = _("No interview was held in this period yet.") if not board.held else _(
        "%(done)s of %(held)s interviews were held with a worker there: %(percent)s. The target is 100%%.",
        done=board.accompanied, held=board.held, percent=Share(board.accompaniment),
    )  # fmt: skip
    rows = [(_("Interviews held"), held, there, eyes.share(there, held, board.accompaniment))]
    columns = (_("What"), _("Held"), _("With a worker there"), _("Share"))
    return Sheet("accompaniment", _sentence(text, [held, there]), columns, rows, cases=("accompaniment",))


def _aftercare(board: Board, eyes: Eyes) -> Sheet:
    shown, totals = eyes.grid(
        [[one.due, one.on_time] for one in board.aftercare], [board.aftercare_due, board.aftercare_on_time]
    )
    text = _("No aftercare moment was due in this period yet.") if not board.aftercare_due else _(
        "%(done)s of %(due)s aftercare moments were done on time.", done=board.aftercare_on_time, due=board.aftercare_due
    )  # fmt: skip
    rows = [
        (str(VOICES[one.voice]), on_time, due, eyes.share(on_time, due, one.percent))
        for one, (due, on_time) in zip(board.aftercare, shown, strict=True)
    ]
    columns = (_("Party"), _("On time"), _("Due"), _("Share"))
    return Sheet("aftercare", _sentence(text, totals), columns, rows, cases=("aftercare",))


def _lasting(board: Board, eyes: Eyes) -> Sheet:
    first = board.weeks_13
    text = _("No start of this period is old enough yet.") if not first.starts else _(
        "%(number)s of %(starts)s starts still worked after 13 weeks: %(percent)s.",
        number=first.sustained, starts=first.starts, percent=Share(first.percent),
    )  # fmt: skip
    rows = [_lasted(_("13 weeks"), first, eyes), _lasted(_("26 weeks"), board.weeks_26, eyes)]
    columns = (_("After"), _("Starts old enough"), _("In work"), _("Unknown"), _("Share"))
    return Sheet("lasting", _sentence(text, rows[0]), columns, rows, cases=("weeks_13", "weeks_26"))


def _lasted(name: str, found: figures.Sustained, eyes: Eyes) -> tuple[Cell, ...]:
    starts, working = eyes.chain([found.starts, found.sustained])
    # What is neither in work nor unknown follows from the three: unknown is shown where that is no small number either.
    unknown = eyes.chain([found.starts - found.sustained, found.unknown])[1] if working is not HIDDEN else HIDDEN
    return name, starts, working, unknown, eyes.share(working, starts, found.percent)


def _speed(board: Board, eyes: Eyes) -> Sheet:
    rows = []
    for leg in board.speed:
        number = eyes.count(leg.number)
        days = HIDDEN if number is HIDDEN else leg.days if leg.days is not None else "–"
        rows.append((str(LEGS[leg.code]), days, number))
    first = board.speed[0]
    text = _("There is nothing to measure yet.") if first.days is None else _(
        "From referral to screening takes %(days)s days, as a median.", days=f"{first.days:g}"
    )  # fmt: skip
    return Sheet("speed", _sentence(text, rows[0]), (_("Step"), _("Median days"), _("Persons")), rows, cases=("speed",))


def of_cohort(people: Sequence[Reached], eyes: Eyes = TEAM) -> Sheet:
    months, totals = cohorts.by_month(people), cohorts.counts(people)
    grid, shown = eyes.grid(list(months.values()), totals)
    rows: list[Sequence[Cell]] = [
        (month_year(month), *cells) for month, cells in zip(months, grid, strict=True)
    ]  # fmt: skip
    rows.append((_("Together"), *shown))
    rows.append(
        (
            _("Of the referred"),
            *(eyes.share(cell, shown[0], percent(n, totals[0])) for cell, n in zip(shown, totals, strict=True)),
        )
    )
    text = _("Nobody was referred in this period yet.") if not people else _(
        "Of %(referred)s people who were referred, %(screened)s were screened, %(started)s started and %(lasted)s still worked after 26 weeks.",
        referred=totals[0], screened=totals[2], started=totals[5], lasted=totals[7],
    )  # fmt: skip
    columns = (_("Referred in"), *(str(label) for label in STAGES.values()))
    return Sheet("cohort", _sentence(text, shown), columns, rows, cases=("cohort",), wide=True)


def of_refusals(ways: Sequence[Way], eyes: Eyes = TEAM) -> Sheet:
    rows: list[Sequence[Cell]] = []
    for side in SIDES:
        for code, number in passing.reasons(ways, side, exactly=eyes.team):
            rows.append((str(SIDES[side]), reason(code), HIDDEN if number is None else number))
    often = next((row for row in rows if row[2] is not HIDDEN), None)
    text = _("Nobody said no in this period.") if not ways else _(
        "The reason that companies and candidates give most is: %(reason)s.", reason=max(rows, key=_often)[1]
    ) if often else _("Too few people to tell: numbers under five are hidden.")  # fmt: skip
    return Sheet("refusals", text, (_("Who said no"), _("Reason"), _("Times")), rows, cases=("refusals",))


def _often(row: Sequence[Any]) -> int:
    return row[2] if isinstance(row[2], int) else 0


def texts(sheet: Sheet) -> list[list[str]]:
    """The cells as words, for a page and a report."""
    return [[text(cell) for cell in row] for row in sheet.rows]


def text(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
