"""The room's one blueprint; its pages stand in two files, companies in `views` and vacancies in `vacancy_views`."""

from flask import Blueprint

employers = Blueprint("employers", "portal.employers.views")
