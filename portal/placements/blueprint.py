"""The room's blueprint, for the modules that hang their pages on it."""

from flask import Blueprint

placements = Blueprint("placements", __name__, url_prefix="/placements")
