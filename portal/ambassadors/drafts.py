"""Good starts of an invitation (drafts.toml), in the language of the letter and not of whoever writes it."""

from portal.foundation.options import load, options
from portal.foundation.words import pick


def text(code: str, language: str) -> str:
    """The draft of a code, or the first one, in a language."""
    known = options("ambassadors", "drafts", "drafts")
    chosen = known.get(code) or next(iter(known.values()))
    return str(pick(chosen.data["text"], language))


def untouched(words: str) -> bool:
    """Whether nobody wrote anything of its own over a draft yet."""
    return any(words.strip() in one["text"].values() for one in load("ambassadors", "drafts")["drafts"])
