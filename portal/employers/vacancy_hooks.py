"""What vacancies do by themselves, and what they bring to the week's letter."""

from portal.accounts import links
from portal.employers import digest_lines, public_vacancies, vacancies, vacancy_expiry, vacancy_reach
from portal.foundation import indexed, jobs
from portal.foundation.database import db
from portal.outbox.service import check_before_sending
from portal.tasks import digest

links.opens(vacancy_expiry.PURPOSE, "employers.vacancy_by_link")
check_before_sending(vacancy_expiry.LETTER)(vacancy_expiry.still_asked)
indexed.page("employers.jobs")
indexed.page("employers.job", public_vacancies.addresses)
digest.brings("vacancies", digest_lines.ending)
digest.acts("vacancy", digest_lines.press)
digest.calls(digest_lines.call)
digest.stays_silent(digest_lines.resting)


def _expire() -> None:
    vacancies.expire_old()
    vacancy_expiry.ask_in_time()
    db.session.commit()


def _count_anew() -> None:
    vacancy_reach.count_anew()
    db.session.commit()


jobs.each_night["employers.expire"] = _expire
jobs.each_night["employers.reach"] = _count_anew
