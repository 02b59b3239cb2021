"""Catalogues, one folder per room: texts in code and templates are English, and each room keeps their Dutch and French.

`flask messages update` finds what is new and drops what is gone; `missing` prints what has no text yet; `fill` takes
texts as JSON; `compile` makes what the portal reads; `check` is what `make check` runs.
"""

import io
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup

from portal import ROOMS
from portal.config import ROOT
from portal.foundation.words import held_together

group = AppGroup("messages", help="The texts of the portal in three languages.")
LANGUAGES = ("nl", "fr", "en")
KEYWORDS: Any = {"_": None, "_n": (1, 2), "lazy": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
SHARED = ("layout", "components")
NOT_SHOWN = ("style_sample.py",)


def _places(room: str) -> Iterator[Path]:
    yield ROOT / "portal" / room
    yield ROOT / "templates" / room
    yield ROOT / "templates" / "mail" / room
    if room == "foundation":
        yield from (ROOT / "templates" / name for name in SHARED)


@cache
def _extracted(room: str) -> Catalog:
    """What a room says, with the place of each text."""
    catalog = Catalog(charset="utf-8")
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    options = {"**.html": {"trimmed": "false", "silent": "false", "newstyle_gettext": "true"}}
    for place in _places(room):
        if not place.is_dir():
            continue
        found = extract_from_dir(str(place), methods, options, KEYWORDS)
        for name, _line, text, comments, context in found:
            if name not in NOT_SHOWN:
                where = (place / name).relative_to(ROOT).as_posix()
                catalog.add(text, None, [(where, 0)], auto_comments=comments, context=context)
    if room == "foundation":
        _letter_frame(catalog)
    return catalog


def _letter_frame(catalog: Catalog) -> None:
    from babel.messages.extract import extract

    path = ROOT / "templates" / "mail" / "letter.html"
    with path.open("rb") as file:
        for _line, text, _comments, context in extract("jinja2", file, KEYWORDS, options={"newstyle_gettext": "true"}):
            catalog.add(text, None, [(path.relative_to(ROOT).as_posix(), 0)], context=context)


def _file(room: str, language: str) -> Path:
    return ROOT / "portal" / room / "translations" / language / "LC_MESSAGES" / "messages.po"


def _kept(room: str, language: str) -> Catalog:
    path = _file(room, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    return _read(path, path.stat().st_mtime_ns, language)


@cache
def _read(path: Path, _changed: int, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _write(catalog: Catalog, room: str, language: str) -> None:
    path = _file(room, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalog, width=118, no_location=True, omit_header=False, sort_output=True, ignore_obsolete=True)
    # Dates in a header would make every run a change.
    lines = [
        line
        for line in out.getvalue().decode().splitlines()
        if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated-By'))
    ]
    text = "\n".join(lines).rstrip() + "\n"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _fresh(room: str, language: str) -> Catalog:
    """The room's catalogue with exactly the texts that it says now; English says what the source says."""
    kept, catalog = _kept(room, language), Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in _extracted(room):
        if not message.id:
            continue
        before = kept.get(message.id, message.context)
        text = before.string if before is not None and _full(before) else _said_elsewhere(language, message)
        if language == "en":
            text = message.id
        catalog.add(message.id, text or None, context=message.context)
    return catalog


def _said_elsewhere(language: str, message: Message) -> Any:
    """One text is said one way in the whole house: take it from the first room that has it."""
    for room in ROOMS:
        found = _kept(room, language).get(message.id, message.context)
        if found is not None and _full(found):
            return found.string
    return ""


def _full(message: Message) -> bool:
    texts = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(texts) and all(texts)


@group.command()
@click.argument("rooms", nargs=-1)
def update(rooms: tuple[str, ...]) -> None:
    """Bring the catalogues up to what the rooms say (of all rooms, or of those named)."""
    for room in rooms or ROOMS:
        for language in LANGUAGES:
            fresh = _fresh(room, language)
            if len(fresh) or _file(room, language).exists():
                _write(fresh, room, language)


def missing_in(room: str) -> dict[str, list[str]]:
    """The texts of a room without a translation, with the languages that lack them."""
    lacking: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for message in _fresh(room, language):
            if message.id and not _full(message):
                key = message.id[0] if isinstance(message.id, list | tuple) else message.id
                lacking.setdefault(str(key), []).append(language)
    return lacking


@group.command()
@click.argument("rooms", nargs=-1)
def missing(rooms: tuple[str, ...]) -> None:
    """Print, as JSON, the texts that lack a language."""
    click.echo(
        json.dumps(
            {room: found for room in rooms or ROOMS if (found := missing_in(room))}, ensure_ascii=False, indent=1
        )
    )


@group.command()
@click.argument("room")
def fill(room: str) -> None:
    """Take {"English": {"nl": "…", "fr": "…"}} on standard input (a list of two for plurals) into a room's catalogues."""
    given = json.load(sys.stdin)
    for language in LANGUAGES:
        catalog = _fresh(room, language)
        for message in list(catalog):
            key = message.id[0] if isinstance(message.id, list | tuple) else message.id
            text = given.get(key, {}).get(language) if message.id else None
            if text:
                message.string = tuple(text) if isinstance(text, list) else text
        _write(catalog, room, language)


def _typeset(room: str, language: str) -> Catalog:
    """What the portal reads: people type plain spaces, and French needs hard ones before its tall marks."""
    if language != "fr":
        return _kept(room, language)
    catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in _kept(room, language):
        if message.id:
            said: Any = message.string
            text = held_together(said) if isinstance(said, str) else tuple(held_together(one) for one in said)
            catalog.add(message.id, text, context=message.context)
    return catalog


def compile_all() -> None:
    """Make what the portal reads from what people write; only what is newer."""
    for room in ROOMS:
        for language in LANGUAGES:
            po = _file(room, language)
            mo = po.with_suffix(".mo")
            if po.exists() and (not mo.exists() or mo.stat().st_mtime_ns <= po.stat().st_mtime_ns):
                half = mo.with_suffix(f".{id(po)}.part")
                with half.open("wb") as out:
                    write_mo(out, _typeset(room, language))
                half.replace(mo)


@group.command("compile")
def compile_command() -> None:
    """Make the compiled catalogues."""
    compile_all()


def problems() -> list[str]:
    """What is wrong with the catalogues: missing texts, stale ones, lost placeholders, one text said two ways."""
    found: list[str] = []
    said: dict[tuple[str, Any], tuple[str, Any]] = {}
    for room in ROOMS:
        found += [f"{room}: {text!r} has no {', '.join(langs)} text" for text, langs in missing_in(room).items()]
        for language in LANGUAGES:
            kept = _kept(room, language)
            wanted = {(m.id if isinstance(m.id, str) else tuple(m.id)) for m in _extracted(room) if m.id}
            for message in kept:
                if not message.id:
                    continue
                key = message.id if isinstance(message.id, str) else tuple(message.id)
                if key not in wanted:
                    found.append(f"{room}/{language}: nobody says {key!r} any more")
                found += [f"{room}/{language}: {key!r}: {error}" for error in message.check()]
                other = said.setdefault((language, key), (room, message.string))
                if other[1] != message.string:
                    found.append(f"{language}: {key!r} differs in {other[0]} and {room}")
    return found


@group.command()
def check() -> None:
    """Fail when a text is missing, stale, broken, or said in two ways."""
    found = problems()
    for line in found:
        click.echo(line, err=True)
    if found:
        raise SystemExit(f"{len(found)} problems: run `flask messages update`, then `missing` and `fill`")
