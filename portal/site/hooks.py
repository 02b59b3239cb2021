"""What every page carries: the menu and, for an employer, the worker to call."""

from typing import Any

from flask import Flask

from portal.foundation.access import viewer
from portal.site import navigation, queries


def install(app: Flask) -> None:
    app.extensions["doorstart_operator"] = queries.operator_name
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    who = viewer()
    return {"navigation": navigation.menu(who), "support_contact": queries.frame(who).support}
