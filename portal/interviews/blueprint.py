"""The room's blueprint, apart, so that its pages can be kept in several modules."""

from flask import Blueprint

interviews = Blueprint("interviews", __name__)
