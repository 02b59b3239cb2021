"""Parts of a page that are the same for many: laid out once per process, and kept.

Only what its arguments, the language and the mount point decide may be kept: never a token, a nonce or a name of a person.
"""

from collections.abc import Hashable, MutableMapping
from functools import lru_cache
from typing import Any

import flask
from flask import get_template_attribute, has_request_context, request
from flask.templating import Environment
from markupsafe import Markup

from portal.foundation.words import language


def kept(template: str, macro: str, *given: Hashable) -> Markup:
    """What a macro of a template makes of these values."""
    return _kept(template, macro, language(), request.script_root, given)


@lru_cache(maxsize=4096)
def _kept(template: str, macro: str, _tongue: str, _root: str, given: tuple[Hashable, ...]) -> Markup:
    return Markup(get_template_attribute(template, macro)(*given))  # nosec B704: a macro has escaped what it was given


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's, for templates: the address of a page without values is built once per process."""
    if values or endpoint.startswith(".") or not has_request_context():
        return flask.url_for(endpoint, **values)
    return _address(endpoint, request.script_root)


@lru_cache(maxsize=1024)
def _address(endpoint: str, _root: str) -> str:
    return flask.url_for(endpoint)


class Templates(Environment):
    """Flask's templates, with one plain dict of globals for all: a chain of them is searched name by name, per import and page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
