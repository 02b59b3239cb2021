"""Each letter of the network says its matter in the reader's language, has one button, and names nobody who works somewhere."""

from typing import Any

import pytest

from portal.outbox.render import render

pytestmark = pytest.mark.usefixtures("app")
VALUES: dict[str, Any] = {
    "first_name": "An", "company": "Bakkerij Soetaert", "link": "https://doorstart.example/network", "paper": "https://doorstart.example/p",
    "version": 2, "changes": ["Nieuw: vervoer"], "level": "Actief", "day": "3 maart 2027", "way": "Zet een vacature open.",
}  # fmt: skip
SUBJECTS = {
    "become": ("Wil Bakkerij Soetaert ambassadeur worden?", "ambassadrice", "become an ambassador"),
    "sign_again": ("Het charter heeft een nieuwe tekst", "nouveau texte", "new text"),
    "level_ends": ("je niveau geldt tot 3 maart 2027", "valable jusqu'au 3 maart 2027", "stands until 3 maart 2027"),
    "back": ("Je pauze is voorbij", "pause est terminée", "pause is over"),
    "left": ("Bedankt, Bakkerij Soetaert", "Merci, Bakkerij Soetaert", "Thank you, Bakkerij Soetaert"),
    "approved": ("is nu ambassadeur", "maintenant ambassadrice", "is an ambassador now"),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_letter_speaks_three_languages(name: str) -> None:
    for code, said in zip(("nl", "fr", "en"), SUBJECTS[name], strict=True):
        letter = render(f"ambassadors/{name}", code, VALUES)
        assert said in letter.subject, (code, letter.subject)
        assert "An," in letter.text and f'lang="{code}"' in letter.html
        assert letter.html.count('class="mail-button"') == 1
