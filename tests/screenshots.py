"""The README's pictures, from a demo of their own: `make screenshots`."""

import tempfile
import threading
from pathlib import Path

import flask_migrate
from cryptography.fernet import Fernet
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from portal import create_app
from portal.cli import seed
from portal.config import ROOT, Settings
from portal.foundation import schema
from portal.foundation.database import db
from tests.journeys.conftest import CHROMIUM, FLAGS

PICTURES = ROOT / "docs" / "images"
# What is shown: a file, whose page it is, and the way to it.
PAGES = (
    ("front", "", "/"),
    ("today", "lien.claes", "/"),
    ("profiles", "verlinden", "profiles"),
)


def main() -> None:
    instance = Path(tempfile.mkdtemp(prefix="doorstart-pictures-"))
    settings = Settings(
        mode="demo", instance=instance, secret_key="pictures " * 5, encryption_keys=(Fernet.generate_key().decode(),),
        index_key="pictures " * 5,
    )  # fmt: skip
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(directory=str(schema.MIGRATIONS))
        seed.once()
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, who, way in PAGES:
            page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="nl-BE")
            here = f"http://127.0.0.1:{server.server_port}"
            if who:
                page.goto(f"{here}/demo")
                page.locator(f"form:has(input[name=email][value*='{who}']) button").first.click()
            if way == "profiles":
                page.goto(f"{here}/vacancies")
                page.locator("main a[href*='/vacancies/']").first.click()
                page.locator("main a[href*='/profiles']").first.click()
            else:
                page.goto(f"{here}{way}")
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
