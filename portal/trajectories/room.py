"""The room's one blueprint; its pages stand in several files."""

from flask import Blueprint

trajectories = Blueprint("trajectories", __name__)
