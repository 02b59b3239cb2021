"""What the check says about a piece of text: where, of which kind, and why a person should look."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "name",
    "nickname",
    "initials",
    "birth_date",
    "age",
    "place",
    "address",
    "postcode",
    "national_number",
    "phone",
    "email",
    "url",
    "iban",
    "site",
    "employer",
    "school",
    "offence",
    "detention",
    "gender",
    "origin",
    "family",
    "religion",
    "health",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

REASONS: dict[str, str] = {
    "known_name": "This is the candidate's name, or a variant of it.",
    "known_nickname": "This is a nickname of the candidate.",
    "known_initials": "These are the candidate's initials.",
    "introduced_name": "A person's name seems to follow here.",
    "common_name": "This is a first name that many people bear.",
    "initials": "These look like a person's initials.",
    "known_birth_date": "This is the candidate's birth date or year.",
    "birth_date": "A birth date or year says how old somebody is.",
    "known_age": "This is the candidate's age.",
    "age": "An age is not needed to judge skills.",
    "known_place": "This place is in the candidate's file.",
    "place": "A place shows where somebody lives or comes from.",
    "known_address": "This is the candidate's address.",
    "address": "A street shows where somebody lives.",
    "known_postcode": "This is the candidate's postcode.",
    "postcode": "A postcode shows where somebody lives.",
    "known_national_number": "This is the candidate's national number.",
    "national_number": "This number identifies a person.",
    "known_phone": "This is the candidate's phone number.",
    "phone": "A phone number reaches a person outside the portal.",
    "known_email": "This is the candidate's e-mail address.",
    "email": "An e-mail address reaches a person outside the portal.",
    "url": "A link or account name leads to a person.",
    "iban": "An account number identifies a person.",
    "known_site": "This is the place where the candidate stays.",
    "site": "A prison or centre tells about the past.",
    "known_employer": "This employer is in the candidate's file.",
    "employer": "An employer's name can identify somebody.",
    "known_school": "This school is in the candidate's file.",
    "school": "A school's name can identify somebody.",
    "offence": "This points to an offence.",
    "detention": "This points to a sentence or to detention.",
    "gender": "This word shows a gender.",
    "origin": "This shows where somebody comes from.",
    "foreign_script": "Words in another script show where somebody comes from.",
    "family": "Family life is not needed to judge skills.",
    "religion": "This points to a belief.",
    "health": "This points to somebody's health.",
}

SUGGESTIONS: dict[str, str] = {
    "leave_out": "Leave this out.",
    "say_candidate": "Write “the candidate” or start with the verb.",
    "use_duration": "Write how long, not when.",
    "use_region": "Give the travel region in its own field.",
    "use_sector": "Name the sector and size, not the employer.",
    "use_level": "Name the level of the training, not the school.",
    "use_neutral_word": "Use a word that fits everybody.",
    "use_language_level": "Give the level that the job needs, in its own field.",
    "use_adaptation": "Describe the adaptation that helps at work.",
    "use_hours": "Give the hours and days that fit.",
}

_SUGGESTION_FOR: dict[Kind, str] = {
    "name": "say_candidate",
    "nickname": "say_candidate",
    "initials": "say_candidate",
    "birth_date": "use_duration",
    "place": "use_region",
    "address": "use_region",
    "postcode": "use_region",
    "employer": "use_sector",
    "school": "use_level",
    "gender": "use_neutral_word",
    "origin": "use_language_level",
    "family": "use_hours",
    "health": "use_adaptation",
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One stretch of text that must be looked at; offsets count characters of the text as given."""

    start: int
    end: int
    text: str
    kind: Kind
    why: str

    @property
    def reason(self) -> str:
        """The English sentence for `why`, which is also the message to translate."""
        return REASONS[self.why]

    @property
    def suggestion(self) -> str:
        """A code for what to write instead; `SUGGESTIONS` has its English sentence."""
        return _SUGGESTION_FOR.get(self.kind, "leave_out")


@dataclass(frozen=True, slots=True)
class Hit:
    """A match inside one reading of a text, before it is led back to the words as written."""

    start: int
    end: int
    kind: Kind
    why: str
