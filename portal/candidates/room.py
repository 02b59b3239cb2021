"""The one blueprint of the room: its views stand in a few files, by the part of the case that they show."""

from flask import Blueprint

candidates = Blueprint("candidates", __name__)
