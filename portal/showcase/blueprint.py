"""The one blueprint of this room: its views stand in two files, by who looks."""

from flask import Blueprint

showcase = Blueprint("showcase", __name__)
