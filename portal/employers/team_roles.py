"""What a colleague may do in a company's team: asked where somebody is invited, joins or gets another role."""

from wtforms import Field

from portal.accounts.roles import Role
from portal.foundation import fields
from portal.foundation.words import lazy

ROLES = {
    Role.EMPLOYER_CONTACT: lazy("Read profiles and come to interviews"),
    Role.EMPLOYER_ADMIN: lazy("That, and write vacancies and look after the team"),
}


def role_field() -> Field:
    return fields.one_of(lazy("What may this colleague do?"), [(role.value, words) for role, words in ROLES.items()])
