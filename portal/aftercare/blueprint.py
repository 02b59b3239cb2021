"""The room's blueprint, for the modules that hang their pages on it."""

from flask import Blueprint

aftercare = Blueprint("aftercare", __name__)
