// Everything here is a comfort: each page works without it. No dependency, no state kept; one request is made, by the check
// of a sentence while it is written.

const RETRY_AFTER = 8000; // milliseconds: an answer that is a download never leaves the page, so the button has to come back

/* A form with data-once is sent once: a second click or Enter while the first is on its way is dropped. */
function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("once" in form.dataset)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Marked, not disabled: a disabled button would drop its own name and value, and the focus with it.
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), RETRY_AFTER);
});

/* Coming back with the browser's own button shows the page as it was left: let its forms work again. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach(release);
});

/* The error summary is the first thing to be heard. */
document.querySelector("[data-focus]")?.focus();

/* A link of the summary leads into its field, not just near it: also when the field is the first of a group. */
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest(".summary a[href^='#']") : null;
  if (!link) return;
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

/* Print buttons exist only where a script can press them. */
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

/* The folded menu closes on Escape and gives the focus back; a click beside it closes it too. */
const menu = document.querySelector("details.menu");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  if (menu?.open && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
});

/* A sheet on paper cannot unfold anything: open what is folded while printing, and fold it again. */
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open])")];
  unfolded.forEach((details) => (details.open = true));
});
window.addEventListener("afterprint", () => {
  unfolded.forEach((details) => (details.open = false));
});

/* Where the stylesheet cannot grow a text area with its text, a few lines do it. */
if (!CSS.supports("field-sizing", "content")) {
  const grow = (area) => {
    area.rows = Math.min(24, Math.max(Number(area.dataset.rows ??= String(area.rows)), area.value.split("\n").length + 1));
  };
  document.querySelectorAll("textarea").forEach((area) => {
    grow(area);
    area.addEventListener("input", () => grow(area));
  });
}

/* What the check finds in a sentence shows while it is written, as it would after saving. */
const PAUSE = 700; // milliseconds without a key

function checks(url, form, field, place) {
  let waiting = 0;
  let asking = null;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const sent = new FormData();
    sent.set("csrf_token", form.elements.csrf_token.value);
    sent.set("language", form.elements.language.value);
    sent.set("text", field.value);
    try {
      const answer = await fetch(url, { method: "POST", body: sent, redirect: "manual", signal: asking.signal });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // Without a connection the check waits for the button.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
}

document.querySelectorAll("[data-checks] [data-found]").forEach((place) => {
  const field = place.parentElement.querySelector("textarea, input[type=text]");
  if (field) checks(place.closest("[data-checks]").dataset.checks, place.closest("form"), field, place);
});
