"""What an ambassador keeps or takes along on paper: the charter with its signature, and the card of a fair's link."""

from portal.ambassadors import fairs
from portal.ambassadors.charter import Charter
from portal.ambassadors.models import FairLink, Signature
from portal.foundation import documents
from portal.foundation.host import operator_name
from portal.foundation.words import _, date_medium, speaking

FILE_NAMES = {"nl": "charter", "fr": "charte", "en": "charter"}
CARD_NAMES = {"nl": "kaartje", "fr": "carte", "en": "card"}
# A card for a pocket, and one to stand on a table.
SIZES = ("a6", "a4")


def charter_pdf(text: Charter, signature: Signature | None, company: str) -> bytes:
    """The whole text with the name and the day under it, or with room for them, in the language of the text."""
    with speaking(text.language):
        facts = [(_("Company"), company), (_("Version"), str(text.version))]
        if signature is not None:
            facts += [(_("Signed by"), signature.signed_name), (_("Date"), date_medium(signature.signed_on))]
        data = {
            "top": operator_name(), "foot": _("%(title)s, version %(number)s", title=text.title, number=text.version),
            "intro": text.intro, "closing": text.closing, "facts": facts, "signed": signature is not None,
            "signature_label": _("Signature"), "lines": [_("Name"), _("Date and signature")],
            "mark": _("Fingerprint of the text: %(hash)s", hash=signature.text_hash) if signature else "",
            "commitments": [{"title": one.title, "text": one.text} for one in text.commitments],
        }  # fmt: skip
        return documents.pdf("ambassadors/charter.typ", data, language=text.language, title=text.title)


def card_pdf(fair: FairLink, url: str, size: str) -> bytes:
    """The code with the ambassador's own words, as a card of a quarter of a sheet or as a whole sheet."""
    ambassador, company = fair.ambassador, fair.ambassador.employer.organisation.name
    with speaking(fair.language):
        who = _("%(name)s of %(company)s", name=ambassador.person.name, company=company) if fair.shows_name else company
        data = {
            "paper": size, "words": fair.words, "who": who, "code": fairs.picture(url), "url": url,
            "alt": _("A code that opens the invitation of %(company)s", company=company),
            "steps": [_("Scan the code."), _("Sign up your company in five minutes."), _("We call you. You are tied to nothing.")],
            "until": _("Open until %(day)s", day=date_medium(fair.expires_on)), "foot": _("Doorstart, a project of %(operator)s", operator=operator_name()),
        }  # fmt: skip
        title = _("Finding people together")
        return documents.pdf("ambassadors/card.typ", data, language=fair.language, title=title)
