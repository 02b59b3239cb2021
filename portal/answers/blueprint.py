"""The room's one blueprint, apart so that its views can stand in several files."""

from flask import Blueprint

bp = Blueprint("answers", __name__)
