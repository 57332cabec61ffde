// What every page of the editor needs: asking the server, saying what happened, showing it anew.
"use strict";

const editor = (() => {
  const meta = (name) => document.querySelector(`meta[name="guidegraph-${name}"]`);
  const token = meta("token").content;
  let revision = meta("revision").content;
  let queue = Promise.resolve();
  let waiting = 0;
  const watchers = [];

  const one = (name) => document.getElementById(name);
  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  /** Say something to whoever listens rather than looks. */
  function say(words) {
    const place = one("spoken");
    place.textContent = "";
    window.setTimeout(() => { place.textContent = words; }, 60);
  }

  /** Say something that must not be missed, at the top of the page. */
  function notice(words, act = "", label = "") {
    const place = one("notice");
    place.replaceChildren();
    place.hidden = !words;
    if (!words) return;
    place.append(Object.assign(document.createElement("span"), { textContent: words }));
    if (act) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      button.dataset.act = act;
      place.append(" ", button);
    }
  }

  class Refused extends Error {
    constructor(status, told) {
      super(told.findings?.[0]?.message || "The editor refused this.");
      this.status = status;
      this.told = told;
    }
  }

  /** One call of the server; throws `Refused` with what is wrong, or a TypeError if nobody answers. */
  async function post(address, body = {}, signal = undefined) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Guidegraph-Token": token },
      body: JSON.stringify({ ...body, revision, habits: habits() }),
      signal,
    });
    let told = {};
    try { told = await answer.json(); } catch { told = {}; }
    if (!answer.ok) throw new Refused(answer.status, told);
    return told;
  }

  /** A call that changes something: one after the other, each on what the one before left. */
  function change(address, body = {}) {
    waiting += 1;
    const made = queue.then(async () => {
      const told = await post(address, typeof body === "function" ? body() : body);
      took(told);
      return told;
    });
    queue = made.catch(() => {}).finally(() => { waiting -= 1; });
    return made;
  }

  /** What the server says of the draft as a whole. */
  function took(told) {
    if (told.revision) revision = told.revision;
    if (told.undo !== undefined) counted(told.undo, told.canUndo, told.redo);
  }

  function counted(unsaved, undo, redo) {
    const place = one("unsaved");
    place.dataset.count = unsaved;
    place.textContent = unsaved ? plural(unsaved, "unsaved change") : "No unsaved changes";
    for (const [act, can] of [["undo", undo], ["redo", redo]]) {
      document.querySelectorAll(`[data-act="${act}"]`).forEach((each) => {
        if (can) each.removeAttribute("aria-disabled");
        else each.setAttribute("aria-disabled", "true");
      });
    }
  }

  function habits() {
    try { return { decimal: localStorage.getItem("guidegraph-decimal") || "" }; } catch { return {}; }
  }

  // ---- showing anew ----------------------------------------------------------------------------

  const isBusy = (place) => place.dataset.dirty !== undefined
    || (place.contains(document.activeElement) && place.querySelector('[aria-expanded="true"]'));
  let asking = null;

  /** Show the page as it is now: only what differs is replaced, never what somebody is typing. */
  async function fresh() {
    asking?.abort();
    const asked = asking = new AbortController();
    let text;
    try {
      const answer = await fetch(location.href, { signal: asked.signal, headers: { Accept: "text/html" } });
      text = await answer.text();
      if (!answer.ok && answer.status !== 404) return;
    } catch { return; }
    const page = new DOMParser().parseFromString(text, "text/html");
    const main = page.getElementById("content");
    if (!main || asked.signal.aborted) return;
    revision = page.querySelector('meta[name="guidegraph-revision"]').content;
    document.title = page.title;
    const can = (act) => !page.querySelector(`header [data-act="${act}"]`).hasAttribute("aria-disabled");
    counted(Number(page.getElementById("unsaved").dataset.count), can("undo"), can("redo"));
    put(one("content"), main);
  }

  /** Where the focus may be: what is new has other names by the time it is shown again. */
  const stops = (place) => [...place.querySelectorAll("input, select, textarea, button, summary, a[href]")];

  function put(old, main) {
    const names = (root) => [...root.querySelectorAll("[data-fresh]")].map((each) => each.id).join();
    const focus = document.activeElement?.id;
    const held = document.activeElement?.closest?.("[data-fresh]");
    const place = held ? stops(held).indexOf(document.activeElement) : -1;
    if (names(old) !== names(main)) {
      const kept = new Map([...old.querySelectorAll("[data-dirty]")].map((each) => [each.id, each]));
      const open = new Set([...old.querySelectorAll("details[open] > summary")].map((each) => each.textContent));
      main.querySelectorAll("details > summary").forEach((each) => { each.parentElement.open = open.has(each.textContent); });
      kept.forEach((each, id) => main.querySelector(`#${CSS.escape(id)}`)?.replaceWith(each));
      old.replaceChildren(...main.childNodes);
    } else {
      old.querySelectorAll("[data-fresh]").forEach((each) => {
        const now = main.querySelector(`#${CSS.escape(each.id)}`);
        if (!now || isBusy(each) || each.outerHTML === now.outerHTML) return;
        each.replaceWith(now);
      });
    }
    if (focus && document.activeElement?.id !== focus) one(focus)?.focus({ preventScroll: true });
    const again = place >= 0 && document.activeElement === document.body && one(held.id);
    if (again) stops(again)[place]?.focus({ preventScroll: true });
  }

  /** After something was changed: the page and whatever else watches. */
  function changed() {
    fresh();
    watchers.forEach((each) => each());
  }

  /** Words of a finding: what stands between backticks is set apart. */
  function apart(words) {
    return words.split("`").map((each, place) => (
      place % 2 ? Object.assign(document.createElement("code"), { textContent: each }) : each
    ));
  }

  /** What to do, as it is done here: numbers are not typed on a command line. */
  const here = (help) => help.replace(/Where all numbers are typed in one way.*$/, "If you always write decimals with the same sign, say so under Help.");

  /** What is wrong, as lines under a field or a form. */
  function tell(place, findings) {
    place.replaceChildren(...findings.map((each) => {
      const line = document.createElement("p");
      line.className = each.severity;
      const mark = Object.assign(document.createElement("span"), {
        className: "mark", textContent: { error: "✕", warning: "!", note: "i" }[each.severity] || "i",
      });
      mark.setAttribute("aria-hidden", "true");
      line.append(mark, " ", ...apart(`${each.message} ${here(each.help || "")}`), " ");
      if (each.code) {
        line.append(Object.assign(document.createElement("a"), {
          href: `/help?code=${encodeURIComponent(each.code)}`, textContent: each.code,
        }));
      }
      return line;
    }));
  }

  /** What to show where a call failed. */
  function failed(fault) {
    if (fault instanceof Refused && fault.told.findings?.length) return fault.told.findings;
    const gone = "The editor does not answer. What you typed is still here; look whether the program is running, and try again.";
    return [{ severity: "error", message: fault instanceof Refused ? fault.message : gone }];
  }

  /** A page that shows an older state: show the new one, keep what is being typed. */
  async function outdated() {
    await fresh();
    notice("Something was changed in another window. You see it now; what you were typing is kept and not recorded yet.");
  }

  return {
    post, change, changed, fresh, say, notice, tell, failed, outdated, Refused, one, plural,
    watch: (each) => watchers.push(each),
    settled: () => queue,
    get waiting() { return waiting; },
  };
})();

// A link is followed when what was typed before is recorded.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !editor.waiting || event.ctrlKey || event.metaKey || event.button) return;
  event.preventDefault();
  editor.settled().then(() => { location.href = link.href; });
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("main [data-dirty]")) event.preventDefault();
});
