"""The room's blueprint, apart, so that its pages can be kept in several modules."""

from flask import Blueprint

approaches = Blueprint("approaches", __name__)
