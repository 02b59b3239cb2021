"""What an ambassador may show: the certificate, the badge with its verify page, and its place on the public wall."""

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.ambassadors import queries, recognition, words_queries
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.models import AmbassadorState, Level
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.ambassadors.words_forms import NamedForm
from portal.foundation import documents
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.addresses import address_of
from portal.foundation.errors import NotFound
from portal.foundation.words import LANGUAGES, _, language

# A day: a level rarely changes, and a page on somebody's site asks for it often.
KEEP = "public, max-age=86400"
ALONE = "default-src 'none'; style-src 'none'; sandbox"


@ambassadors.route("/network/recognition", methods=["GET", "POST"])
@opens_to(is_ambassador)
def recognised() -> str | Response:
    """The certificate, the badge for the company's own site, and the choice to be named in public."""
    mine = queries.ambassador_of(viewer(), AmbassadorState.ACTIVE, AmbassadorState.PAUSED)
    form = NamedForm.from_request(named=mine.named_publicly)
    if form.accepted():
        recognition.choose_named(mine, named=form.answer().named)
        return form.go(url_for(".recognised"), _("Your choice is kept."))
    code = request.args.get("badge", language())
    code = code if code in LANGUAGES else language()
    badge = address_of("ambassadors.badge", level=mine.level.value, code=code)
    alt = recognition.badge_alt(mine.level, code)
    return render_template(
        "ambassadors/recognised.html", mine=mine, form=form, active=mine.recruits, code=code, tongues=list(LANGUAGES.items()),
        snippet=_snippet(recognition.verify_url(mine), badge, alt), alt=alt,
        level=recognition.level_label(mine.level),
    )  # fmt: skip


def _snippet(link: str, picture: str, alt: str) -> str:
    """What a company puts on its own site: a link and a picture, no script and nothing that counts visitors."""
    return f'<a href="{link}"><img src="{picture}" width="240" height="80" alt="Doorstart. {alt}"></a>'


@ambassadors.get("/network/certificate.pdf")
@opens_to(is_ambassador)
def certificate() -> Response:
    """This year's certificate of an ambassador that is active today."""
    return documents.attachment(recognition.certificate(queries.ambassador_of(viewer())), "doorstart-ambassador")


@ambassadors.get("/badge/<level>-<code>.svg")
@opens_to(anyone)
def badge(level: str, code: str) -> Response:
    """The badge of a level: the same picture for everybody, kept by whoever shows it, so that it tells us nothing."""
    if level not in {one.value for one in Level} or code not in LANGUAGES:
        raise NotFound()
    word, words = recognition.badge_words(Level(level), code)
    picture = render_template("ambassadors/badge.svg", word=word, level=words, rank=list(Level).index(Level(level)) + 1)
    answer = FlaskResponse(picture, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = KEEP
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.add_etag()
    return answer.make_conditional(request)


@ambassadors.get("/verify/<key>")
@opens_to(anyone)
def verify(key: str) -> str:
    """Whether a badge is valid today; of a former ambassador nothing but that it is not."""
    return render_template("ambassadors/verify.html", found=recognition.behind(key))


@ambassadors.get("/companies-that-are-in")
@opens_to(anyone)
def wall() -> str:
    """The companies that chose to be seen, with the words that they agreed to."""
    return render_template("ambassadors/wall.html", lines=words_queries.wall(), may_sign_up=viewer().is_anonymous)
