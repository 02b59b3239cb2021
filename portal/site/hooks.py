"""What every page carries: the menu and, for an employer, the worker to call."""

from typing import Any

from flask import Flask

from portal.answers import editions, library
from portal.foundation import host, indexed
from portal.foundation.access import viewer
from portal.site import indexing, navigation, queries

for _page in (
    "home",
    "for_employers",
    "ambassadors",
    "figures",
    "visits",
    "told",
    "contact",
    "privacy",
    "accessibility",
):
    indexed.page(f"site.{_page}")
for _page in ("answers.index", "employers.sign_up", "ambassadors.wall"):
    indexed.page(_page)
indexed.page("answers.show", lambda: [{"slug": one.slug} for one in library.answers()])


def install(app: Flask) -> None:
    host.named_by(app, queries.operator_name)
    editions.comes_with(lambda: queries.frame(viewer()))
    app.context_processor(_frame)
    app.context_processor(indexing.of_this_page)
    app.after_request(indexing.mark)


def _frame() -> dict[str, Any]:
    who = viewer()
    return {"navigation": navigation.menu(who), "support_contact": queries.frame(who).support}
