"""Pronouns and endings that show a gender in one sentence and nothing in another.

Dutch "zijn" is also the verb to be, "haar" is also hair and "ze" also means they; French "il"
opens "il faut", and a feminine ending may belong to the team or to the experience.
"""

import re
from collections.abc import Iterator
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.phrases import Sentence, Word


def find_gender(text: Sentence, lang: str) -> Iterator[Hit]:
    """Only in the language of the text: the same letters are other words elsewhere."""
    if lang == "fr":
        yield from _french(text)
    elif lang != "en":
        yield from _dutch(text)


@cache
def _list(use: str) -> frozenset[str]:
    words = lexicon.table("agreement")["nl"][use].split(",")
    return frozenset(word.strip() for word in words)


_BOTH = r"\s?(?:/|of|ou|or|en|et|and)\s?"
_OTHER_AFTER = re.compile(rf"{_BOTH}(?:(?:de|het|een|la|le|une?|an?)\s)?(?P<other>[\w-]+)")
_OTHER_BEFORE = re.compile(rf"(?<!\w)(?P<other>[\w-]+){_BOTH}(?:(?:de|het|een|la|le|une?|an?)\s)?$")


def in_both_forms(lower: str, start: int, end: int) -> bool:
    """ "serveur ou serveuse", "hij of zij": both genders together say none."""
    word = lower[start:end]
    others = (_OTHER_AFTER.match(lower, end), _OTHER_BEFORE.search(lower, max(0, start - 30), start))
    return any(other and _same_in_other_gender(word, other["other"]) for other in others)


def _same_in_other_gender(word: str, other: str) -> bool:
    if word == other:
        return False
    pairs = lexicon.terms("gender_pairs")
    return f"{word}-{other}" in pairs or f"{other}-{word}" in pairs or (len(word) > 5 and word[:4] == other[:4])


def _dutch(text: Sentence) -> Iterator[Hit]:
    hair = any(word.lower in _list("hair") for word in text.words)
    for index, word in enumerate(text.words):
        ze = word.lower in {"ze", "zij"} and _is_she(text, index)
        haar = word.lower == "haar" and not hair
        if ze or haar or (word.lower == "zijn" and _is_his(text, index)):
            yield _hit(word)


def _hit(word: Word) -> Hit:
    return Hit(word.start, word.end, "gender", "gender")


def _is_she(text: Sentence, index: int) -> bool:
    """One person is meant when she is the subject of a verb in the singular, not what somebody cuts or stacks."""
    zij = text.words[index].lower == "zij"
    if not zij and not _clause_begins(text, index):
        return _inverted(text, index)
    for word in text.after(index, 8):
        if word in _list("plural") or (word.endswith("en") and len(word) > 4 and word in text.after(index)):
            return False
        if word in _list("singular") or _third_person(word):
            return True
    return zij


def _clause_begins(text: Sentence, index: int) -> bool:
    """At the start, after a comma or after a word that opens a clause."""
    if text.words[index].opens or index == 0:
        return True
    gap = text.reading.text[text.words[index - 1].end : text.words[index].start]
    return "," in gap or text.before(index)[0] in _list("opens_clause")


def _inverted(text: Sentence, index: int) -> bool:
    """ "Daarna werkt ze": the verb stands before, and something else before the verb."""
    verb = text.before(index)[0]
    if verb in _list("auxiliary"):
        return True
    singular = verb in _list("singular") or _third_person(verb)
    gap = text.reading.text[text.words[index - 2].end : text.words[index - 1].start] if index > 1 else ","
    return singular and "," not in gap and text.before(index, 2)[0] not in {"en", "of", verb}


def _third_person(word: str) -> bool:
    return word.endswith("t") and len(word) > 3 and word not in _list("no_verb")


def _is_his(text: Sentence, index: int) -> bool:
    """After a preposition or a verb and before a noun it is a possessive."""
    after = text.after(index)
    if not after or after[0] in _list("not_after_his") or _participle(after[0]) or _ends_here(text, index):
        return False
    before = text.before(index)
    if not before or text.words[index].opens:
        return True
    if before[0] in _list("not_before_his"):
        return False
    return before[0] in _list("before_his") or _third_person(before[0])


def _participle(word: str) -> bool:
    return bool(re.fullmatch(r"(?:ge|be|ver|ont|her)\w{3,}(?:t|d|en)", word))


def _ends_here(text: Sentence, index: int) -> bool:
    """A full stop or a comma follows."""
    return text.reading.text[text.words[index].end : text.words[index].end + 1] in {".", ",", ";", "!", "?", ":"}


@cache
def _he() -> re.Pattern[str]:
    impersonal = lexicon.expressions(lexicon.table("agreement")["fr"]["impersonal"])[0]
    return re.compile(rf"(?<!\w)(?<!s')il(?!\w)(?!\s{impersonal}(?!\w))|(?<=s')il(?!\w)(?!\s{impersonal}(?!\w))")


@cache
def _feminine() -> tuple[re.Pattern[str], ...]:
    """After "je suis", at the head of a sentence without a subject, and in the chain that follows."""
    lists = {use: words.strip() for use, words in lexicon.table("agreement")["fr"].items()}
    some = "|".join(word for word in lists["adjectives"].split("|") if " feminine" not in word)
    only_am = set(lists["only_after_am"].split("|"))
    heads = "|".join(word for word in some.split("|") if word not in only_am)
    adverbs = rf"(?:(?:{lists['adverbs']})\s)*"
    am = r"(?:(?:je|me)\s)?(?:suis|serai|serais|reste|sens|montre|etais)|j'ai(?:\stoujours)?\sete|j'etais|elle\s(?:est|reste|etait)|candidate\s(?:est|reste)?"
    head = r"(?:^|[.!?;:\n]\s*)(?:a\sete\s|est\s|s'est\s|sera\s|reste\s|se\smontre\s)?"
    very = r"(?:tres|toujours|plutot|vraiment|extremement|particulierement|hyper|super|fort|assez|bien|jamais)"
    no_noun = rf"(?!(?:{lists['nouns']})(?!\w))"
    after = r"(?=\s(?:par|de|d'|depuis|en|et|pour|a|au|aux|comme|chez|sur|dans)(?!\w)|\s?,)"
    aside = r"(?![^.,]*,\s(?:la|le|les|l'|une?|cette|ce|notre|nos|chaque|deux|trois)(?:\s|(?<=')))"
    return (
        re.compile(
            rf"(?:^|[.!?;:\n]\s*){very}\s(?P<word>{no_noun}\w{{3,}}(?:ee|[lnrstd]ie|[dtnl]ue|euse|trice|ante|ente|ienne|ive)){after}{aside}"
        ),
        re.compile(rf"(?:^|[.!?;\n]\s*)(?P<word>{no_noun}\w{{3,}}ee){after}{aside}"),
        re.compile(rf"(?<!\w)(?:{am})\s{adverbs}(?P<word>{some})(?!\w)"),
        re.compile(rf"{head}{adverbs}(?P<word>{heads})(?!\w)(?!\s(?:equipe|personne|par)){aside}"),
        re.compile(
            rf"(?<!\w)(?:{some}|\w+(?:able|ible|ique|aire|me))(?:,\s|\set\s|,\set\s){adverbs}(?P<word>{heads})(?!\w)"
        ),
    )


def _french(text: Sentence) -> Iterator[Hit]:
    for match in _he().finditer(text.reading.lower):
        yield Hit(*match.span(), "gender", "gender")
    for place, expression in enumerate(_feminine()):
        for match in expression.finditer(text.reading.lower):
            if place < 4 or _about_a_person(text.reading.lower[: match.start()]):
                yield Hit(*match.span("word"), "gender", "gender")


def _about_a_person(before: str) -> bool:
    """A chain belongs to the person when no noun with an article stands before it."""
    return not re.search(r"(?<!\w)(?:une|la|l'|cette|sa|ma|leur|votre|notre|des|les)(?:\s|(?<='))\w+\s?$", before)
