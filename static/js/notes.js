// The notes of an interview stay in the memory of this page until the server has them: nothing is written to a store of the
// browser, because a phone is lost more easily than a server. Without this script the form posts by itself.

const PAUSE = 1500; // milliseconds without a key
const FIRST = 2000; // milliseconds until the next try, doubled each time
const LONGEST = 60000;
const PATIENCE = 4000; // milliseconds that another press waits for the notes to leave

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const words = (text) => text.split(/\s+/).filter(Boolean).length;

class Notes {
  constructor(form) {
    this.form = form;
    this.area = form.elements.words;
    this.version = Number(form.elements.version.value);
    // What the server has; what was typed before this ran, or brought back after signing in, is not sent yet.
    this.sent = "unsent" in form.dataset ? "" : this.area.defaultValue;
    this.pending = null;
    this.theirs = null;
    this.locked = false;
    this.wait = FIRST;
    this.timer = 0;
    this.sending = null;
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("blur", () => this.send());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.wait = FIRST;
      this.send(true);
    });
    form.querySelector("[data-clash]").addEventListener("click", (event) => {
      const choice = event.target.closest?.("[data-choose]")?.dataset.choose;
      if (choice) this.choose(choice);
    });
    if (this.unsent) this.later(PAUSE);
  }

  get unsent() {
    return this.area.value !== this.sent || this.pending !== null;
  }

  typed() {
    if (this.state === "kept" || this.state === "refused") this.show("");
    this.later(Math.max(PAUSE, this.failed ? this.wait : 0));
    if (this.failed) this.show(this.state);
  }

  get failed() {
    return this.state === "waiting" || this.state === "locked";
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  /* Somebody asks, or the line is back: without waiting any longer. */
  now() {
    this.wait = FIRST;
    return this.send();
  }

  send(asked = false) {
    this.sending ??= this.#send(asked).finally(() => (this.sending = null));
    return this.sending;
  }

  async #send(asked) {
    clearTimeout(this.timer);
    if (this.theirs !== null) return;
    if (!this.unsent && !asked) {
      if (this.state !== "kept") this.show("");
      return;
    }
    // The same text with the same key until there is an answer: when only the answer was lost, it is kept once.
    this.pending ??= { words: this.area.value, version: this.version, key: newKey() };
    try {
      if (this.locked && !(await this.unlocked())) return this.fail("locked");
      await this.answer(await this.post(), true);
    } catch {
      this.fail("waiting");
    }
  }

  post() {
    const body = new FormData();
    body.set("csrf_token", this.form.elements.csrf_token.value);
    body.set("once", this.pending.key);
    body.set("version", this.pending.version);
    body.set("words", this.pending.words);
    return fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
  }

  /* Whether the same person is signed in (again), and a fresh token for every form of the page. */
  async unlocked() {
    const answer = await fetch(this.form.dataset.stateUrl, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    const found = answer.ok ? await answer.json() : {};
    if (!found.csrf_token) return false;
    document.querySelectorAll("input[name=csrf_token]").forEach((field) => (field.value = found.csrf_token));
    this.locked = false;
    return true;
  }

  async answer(answer, again) {
    if (answer.ok) return this.kept(await answer.json());
    if (answer.status === 409) return this.clash(await answer.json());
    if (answer.status === 422) return this.refused(await answer.json());
    if (answer.status >= 500 || answer.status === 429) return this.fail("waiting");
    // A redirect to the sign-in, a stale token, or somebody else at this computer.
    if (again && (await this.unlocked())) return this.answer(await this.post(), false);
    this.locked = true;
    return this.fail("locked");
  }

  kept(found) {
    this.version = found.version;
    this.sent = this.pending.words;
    this.pending = null;
    this.wait = FIRST;
    this.form.querySelector("[data-at]").textContent = found.at;
    if (this.unsent) return this.later(PAUSE);
    this.show("kept");
  }

  refused(found) {
    this.pending = null;
    this.form.querySelector("[data-why]").textContent = found.sentences.join(" ");
    this.show("refused");
  }

  fail(how) {
    this.show(how);
    this.later(this.wait);
    this.wait = Math.min(LONGEST, this.wait * 2);
  }

  clash(found) {
    this.pending = null;
    this.theirs = found;
    this.show("");
    const box = this.form.querySelector("[data-clash]");
    box.querySelector("[data-theirs]").textContent = found.words;
    box.hidden = false;
    box.focus();
  }

  choose(choice) {
    const { words: theirs, version } = this.theirs;
    if (choice === "both") this.area.value = `${this.area.value}\n\n${theirs}`;
    if (choice === "theirs") this.area.value = theirs;
    this.theirs = null;
    this.version = version;
    this.sent = theirs;
    this.form.querySelector("[data-clash]").hidden = true;
    this.area.focus();
    if (this.unsent) this.now();
    else this.show("");
  }

  show(state) {
    this.state = state;
    const text = this.area.value;
    const waiting = words(text.startsWith(this.sent) ? text.slice(this.sent.length) : text);
    this.form.querySelectorAll("[data-note]").forEach((line) => {
      const count = line.querySelector("[data-many]");
      if (count) count.textContent = waiting === 1 ? count.dataset.one : count.dataset.many.replace("#", waiting);
      line.hidden = line.dataset.note !== state;
    });
  }
}

const all = [...document.querySelectorAll("form[data-notes]")].map((form) => new Notes(form));
const anyUnsent = () => all.some((notes) => notes.unsent);
const everyNow = () => Promise.all(all.filter((notes) => notes.unsent).map((notes) => notes.now()));

window.addEventListener("online", everyNow);
window.addEventListener("focus", everyNow);
document.addEventListener("visibilitychange", () => everyNow());

/* The browser asks before words are lost. */
window.addEventListener("beforeunload", (event) => {
  if (anyUnsent()) event.preventDefault();
});

/* Another button of the page lets the notes leave first; pressed once more it goes on without them, and the browser asks. */
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (form.matches("[data-notes]") || !anyUnsent() || "anyway" in form.dataset) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await Promise.race([everyNow(), new Promise((go) => setTimeout(go, PATIENCE))]);
    if (anyUnsent()) form.dataset.anyway = "";
    else form.requestSubmit(event.submitter);
  },
  true,
);
