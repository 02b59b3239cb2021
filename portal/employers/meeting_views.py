"""Where a company and a candidate can meet."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.employers import meeting as meetings
from portal.employers import policy, queries
from portal.employers.blueprint import employers
from portal.foundation import fields
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import _


@employers.route("/company/meeting", methods=["GET", "POST"])
@opens_to(policy.employer)
def meeting() -> str | Response:
    """At the company always; at the candidate's place and by video where it agrees."""
    employer = queries.employer_of(viewer())
    rows = meetings.vacancies(viewer())
    form = meetings.MeetingForm.from_request(
        inside=[one.key for one in rows if one.interview_inside], video=[one.key for one in rows if one.interview_video]
    )
    for field in (form.inside, form.video):
        fields.offer(field, [(one.key, one.title) for one in rows])
    if form.accepted():
        answer = form.answer()
        meetings.agree(rows, inside=answer.inside, video=answer.video)
        return form.go(url_for(".meeting"), _("Kept. From now on moments are looked for there too."))
    return render_template("employers/meeting.html", employer=employer, form=form, any=bool(rows))
