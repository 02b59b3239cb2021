"""The README's pictures, from a demo of their own: `make screenshots`."""

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from portal.cli import demo_portal
from portal.config import ROOT
from tests.journeys.conftest import CHROMIUM, FLAGS

PICTURES = ROOT / "docs" / "images"
# What is shown: a file, whose page it is, and the way to it.
PAGES = (
    ("front", "", "/"),
    ("today", "lien.claes", "/"),
    ("profiles", "verlinden", "profiles"),
)


def main() -> None:
    app = demo_portal.build(Path(tempfile.mkdtemp(prefix="doorstart-pictures-")))
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
