"""The room's blueprint, for the modules that hang their pages on it."""

from flask import Blueprint

programmes = Blueprint("programmes", __name__)
