"""Named events that a later room may listen to. A listener runs in the caller's transaction, so it may refuse it.

Only facts that several rooms care about stand here; a room calls an earlier room directly.
"""

from blinker import Namespace

_rooms = Namespace()

state_changed = _rooms.signal("state-changed")
"""sender: the row; old, new: states; reason: text. The journal writes it down."""

letter_given_up = _rooms.signal("letter-given-up")
"""sender: the letter that found no way in 72 hours. The tasks room gives it to a person."""

worker_left = _rooms.signal("worker-left")
"""sender: the person whose membership ends or who is deactivated. Interviews look for another companion."""

seat_ended = _rooms.signal("seat-ended")
"""sender: the person one of whose seats ends while the account stays. Who went along there no longer does."""

kept_from_company = _rooms.signal("kept-from-company")
"""sender: the showcase's row of a company that must not see somebody. What was planned with that company stops."""

company_registered = _rooms.signal("company-registered")
"""sender: the employer; invitation: the token it came with, or None. Ambassadors move their funnel."""

employer_verified = _rooms.signal("employer-verified")
"""sender: the employer."""

referral_accepted = _rooms.signal("referral-accepted")
"""sender: the candidate. Trajectories begin the twelve weeks."""

screening_done = _rooms.signal("screening-done")
"""sender: the screening. Trajectories note the day from which somebody counts."""

plan_agreed = _rooms.signal("plan-agreed")
"""sender: the plan. Trajectories count the person."""

way_reviewed = _rooms.signal("way-reviewed")
"""sender: the review of a way. The plan beside it is looked back on again on the day until which it was extended."""

consent_withdrawn = _rooms.signal("consent-withdrawn")
"""sender: the consent. Showcase withdraws, the outbox cancels queued letters, at the next request at the latest."""

interview_held = _rooms.signal("interview-held")
"""sender: the interview."""

placement_started = _rooms.signal("placement-started")
"""sender: the placement. Aftercare lays out its plan."""

placement_ended = _rooms.signal("placement-ended")
"""sender: the placement."""

start_corrected = _rooms.signal("start-corrected")
"""sender: the placement whose recorded first day was wrong; old: the day that was recorded. Aftercare moves its plan along."""

interest_accepted = _rooms.signal("interest-accepted")
"""sender: the interest to which the candidate said yes. Interviews open the task to plan."""

offer_accepted = _rooms.signal("offer-accepted")
"""sender: the interview whose offer (or trial) the candidate accepted. Placements open the task to prepare the start."""

proposal_answered = _rooms.signal("proposal-answered")
"""sender: the interest to which a company that a worker proposed somebody to said yes or no. Nobody asks it again."""

address_confirmed = _rooms.signal("address-confirmed")
"""sender: the person who confirmed the address by its letter. A company that signed up now waits for a worker."""

absence_entered = _rooms.signal("absence-entered")
"""sender: the absence. Interviews that it touches are flagged; the absence itself is never refused."""

absence_taken_back = _rooms.signal("absence-taken-back")
"""sender: the absence that is being removed. What it threatened may go on after all."""

place_left = _rooms.signal("place-left")
"""sender: the programme's place, with its site, that it stops working at. Whoever still meets people there refuses."""

sit_day_hours_gone = _rooms.signal("sit-day-hours-gone")
"""sender: the agenda's Gone (which rows' hours go away, and why). Screenings give the time back and are booked again."""

leave_rules_changed = _rooms.signal("leave-rules-changed")
"""sender: a regime's new rule, or the place whose own days changed. Cases reckon with it from now on."""

case_given = _rooms.signal("case-given")
"""sender: the candidate whose case another worker has from now on; old, new: the workers' numbers. Rooms that name a worker follow."""

employment_worded = _rooms.signal("employment-worded")
"""sender: the names of a form of employment (nl, fr, en), which companies will read. Whoever knows what they may not hold refuses."""

workplace_moves = _rooms.signal("workplace-moves")
"""sender: a company's place that gets another address. Whoever is expected at the old one refuses."""

vacancy_moved = _rooms.signal("vacancy-moved")
"""sender: the vacancy whose job is at another place now, maybe another client of its agency. Who agreed is asked anew."""

colleague_left = _rooms.signal("colleague-left")
"""sender: the company; person, successor: who leaves its team and who takes over. What was held goes to the successor."""

contact_left = _rooms.signal("contact-left")
"""sender: the person whose seat at a company an administrator ended, or whose account it closed; organisation_id: the company's.
Nobody was chosen to take over yet."""

vacancy_changed = _rooms.signal("vacancy-changed")
"""sender: the vacancy that changed while it stood; what: the names of what changed ("asked": a requirement was dropped)."""

second_step_demanded = _rooms.signal("second-step-demanded")
"""sender: the programme whose companies' contacts need a second step from now on. Who came in without one signs in again."""

letter_passed_on = _rooms.signal("letter-passed-on")
"""sender: the company; old, new: whose letter it was and the colleague who answers it; about: kind and number of its row."""
