"""What a profile will show, and how many people share it: seen by the worker and the candidate before anybody else."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.candidates.handles import Handle
from portal.candidates.profiles import job_part
from portal.showcase import queries
from portal.showcase.blind import BlindProfile, Card, Work, card, content, field_words, profile, same_work, ways
from portal.showcase.models import Profile
from portal.showcase.recoding import Coarser, Ways, class_sizes, coarser, recode


@dataclass(frozen=True)
class Preview:
    """The page of stage 1, the card of stage 0, and who shares them in the pool of the programme.

    `card`: none while fewer than k people are out; `shared_card`, `shared_work`: people with the same, this one included.
    """

    row: Profile
    blind: BlindProfile
    card: Card | None
    k: int
    pool: int
    shared_card: int
    shared_work: int
    coarser: tuple["Coarse", ...]


@dataclass(frozen=True)
class Coarse:
    """A fact that the card tells less finely than it is known, and how many people of the same card share the finer word."""

    name: str
    says: str
    finer: str
    sharing: int


def of(case: Handle) -> Preview | None:
    """The preview of a case's profile; None before it is written or the screening is done."""
    part, found = job_part(case.id), queries.beside(case)
    if part is None or found is None:
        return None
    work = Work.of(part)
    words = queries.words(work)
    pool = {**found.others, found.profile.id: work}
    people = [Ways(number, ways(one)) for number, one in pool.items()]
    told = recode(people, found.k)
    own = told.get(found.profile.id)
    return Preview(
        row=found.profile,
        blind=profile(content(work, found.sentences, found.profile.language), words),
        card=card(own, words.sectors) if own is not None else None,
        k=found.k,
        pool=len(pool),
        shared_card=class_sizes(told)[found.profile.id] if own is not None else 0,
        shared_work=sum(same_work(one) == same_work(work) for one in pool.values()),
        coarser=tuple(_coarse(one, words.sectors) for one in coarser(people, told, found.profile.id)),
    )


def _coarse(one: Coarser, sectors: Mapping[str, str]) -> Coarse:
    name, says, finer = field_words(one.field, sectors, one.says, one.finer)
    return Coarse(name, says, finer, one.sharing)
