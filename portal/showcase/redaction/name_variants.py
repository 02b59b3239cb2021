"""Every way in which the name on file may be written down."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import permutations

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.folding import fold
from portal.showcase.redaction.phrases import Words, cut, everyday

PARTICLES = lexicon.terms("name_variants_particles")
_SHORT_PARTICLES = {
    ("van", "den"): ("vd", "vanden", "v d"),
    ("van", "der"): ("vd", "vander", "vdr", "v d"),
    ("van", "de"): ("vd", "vande", "v d"),
    ("van",): ("v",),
    ("de",): ("d",),
    ("vanden",): ("vd", "van den"),
    ("vander",): ("vd", "van der"),
    ("vande",): ("vd", "van de"),
}
_GLUED = ("vanden", "vander", "vande", "van", "de", "el", "al", "ben", "bel", "ait", "abou", "n", "o")
_SPOKEN = {
    "b": ("be", "bi"),
    "d": ("de", "di", "dee"),
    "g": ("ge", "gi", "dji"),
    "j": ("ji", "jay", "jee", "zji", "gi"),
    "k": ("ka", "kay"),
    "l": ("el",),
    "m": ("em",),
    "p": ("pe", "pi", "pee", "py"),
    "t": ("te", "ti", "tee"),
    "v": ("ve", "vi", "vee"),
}
"""How a letter is said."""
_ENDINGS = (
    "ke",
    "ken",
    "ske",
    "tje",
    "je",
    "ske",
    "kje",
    "eke",
    "etje",
    "ie",
    "y",
    "i",
    "ou",
    "o",
    "inho",
    "ka",
    "ko",
    "chka",
    "tsjka",
    "inka",
    "ette",
    "ou",
    "kes",
    "sje",
    "eken",
    "ito",
    "a",
    "tje",
)


@cache
def _homely() -> dict[str, frozenset[str]]:
    """For each first name the forms that stand for it."""
    forms: dict[str, set[str]] = {}
    for group in lexicon.groups("hypocorisms"):
        plain = {fold(word) for word in group}
        for word in plain:
            forms.setdefault(word, set()).update(plain)
    return {word: frozenset(others) for word, others in forms.items()}


def surname_forms(last_name: str) -> set[Words]:
    """With its particles, without, glued together and shortened."""
    words = cut(last_name)
    if not words:
        return set()
    core = _core(words)
    forms = {words, ("".join(words),), *_apart(words)}
    forms |= {(*short, *core) for short in _shortened(words[: len(words) - len(core)])}
    forms |= {("".join(form),) for form in set(forms) if len(form) > 1}
    if len("".join(core)) >= 3:
        forms.add(core)
        forms.update((word,) for word in core if len(word) >= 4)
    return forms


def _core(words: Words) -> Words:
    """What is left of a family name without its particles; at least its last word."""
    kept = tuple(word for word in words if word not in PARTICLES)
    return kept or words[-1:]


def _shortened(particles: Words) -> Iterator[Words]:
    for short in _SHORT_PARTICLES.get(particles, ()):
        yield tuple(short.split())
    if particles in {("el",), ("al",)}:
        yield from (("el",), ("al",), ("l",))


def _apart(words: Words) -> Iterator[Words]:
    """A name that begins with a particle may also be written apart."""
    first = words[0]
    for particle in _GLUED:
        rest = first.removeprefix(particle)
        if rest != first and len(rest) >= 3 and len(words) == 1:
            yield (particle, rest)
            if particle.startswith("van"):
                yield ("van", particle[3:], rest) if particle != "van" else ("van", rest)


def first_name_forms(first_name: str) -> set[Words]:
    """The whole first name and each of its parts."""
    words = cut(first_name)
    parts = {(word,) for word in words if len(word) >= 2 and word not in PARTICLES}
    return {form for form in ({words, ("".join(words),)} | parts) if "".join(form)}


def nickname_forms(first_name: str, nicknames: Iterable[str]) -> set[Words]:
    """The nicknames on file and the homely forms of the first name."""
    forms = {words for name in nicknames if (words := cut(name))}
    for name in (first_name, *nicknames):
        words = cut(name)
        for word in {"".join(words), fold(name).strip(), *words}:
            others = _homely().get(word, frozenset())
            forms.update(
                cut(other + small)
                for other in others
                for small in ("", "ke", "ken", "je")
                if len(other) > 2 or not small
            )
            forms.update((word + ending,) for ending in _ENDINGS if len(word) >= 3)
            forms.update((word, ending) for ending in ("tje", "ke", "je", "tjes") if len(word) >= 2)
    forms.update(_spoken_letters(cut(first_name)))
    return forms - first_name_forms(first_name)


def _spoken_letters(words: Words) -> Iterator[Words]:
    """Jean-Pierre is called J.P., and that is written Jipé."""
    if len(words) == 2 and all(word[0] in _SPOKEN for word in words):
        firsts, lasts = (_SPOKEN[word[0]] for word in words)
        yield from ((one + other,) for one in firsts for other in lasts if len(one + other) > 3)


def full_forms(firsts: set[Words], lasts: set[Words]) -> Iterator[Words]:
    """First and family name together, in both orders, and glued as in an account name."""
    for first in firsts:
        for last in lasts:
            for one, other in permutations((first, last)):
                yield one + other
                yield ("".join(one + other),)
            yield (first[0][0] + "".join(last),)
            yield ("".join(last) + first[0][0],)


def clear(form: Words) -> bool:
    """A form that is no plain word counts however it is written."""
    if len(form) > 1:
        long = [word for word in form if len(word) > 3 and word not in PARTICLES]
        return len(long) > 1 or any(word not in everyday() for word in long)
    return len(form[0]) > 3 and form[0] not in everyday()


def possessive(form: Words) -> Words:
    """Jans boek, Mohamed's werk."""
    return (*form[:-1], form[-1] + "s")
