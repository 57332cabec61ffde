// Undo and redo, dialogs, forms that send something, making a new thing, settling, keys.
"use strict";

(() => {
  const isText = (place) => place?.matches?.("input:not([type=button]), textarea, [data-dirty] select");

  async function step(which) {
    if (document.querySelector(`[data-act="${which}"][aria-disabled]`)) {
      editor.say(which === "undo" ? "There is nothing to undo." : "There is nothing to redo.");
      return;
    }
    try {
      const answer = await editor.change(`/api/${which}`);
      const said = which === "undo" ? "Undone" : "Done again";
      editor.say(answer.step.back ? `${answer.step.what}. The files change when you save.` : `${said}: ${answer.step.what}`);
      editor.changed();
    } catch (fault) {
      if (fault instanceof editor.Refused && fault.status === 409) { await editor.outdated(); return; }
      editor.notice(editor.failed(fault)[0].message);
    }
  }

  document.addEventListener("keydown", (event) => {
    const hold = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (hold && key === "s" && !event.shiftKey) {
      event.preventDefault();
      document.activeElement?.blur();
      editor.settled().then(() => { location.href = "/changes#save"; });
    } else if (!isText(event.target) && hold && (key === "z" || key === "y")) {
      event.preventDefault();
      step(key === "y" || event.shiftKey ? "redo" : "undo");
    } else if (!isText(event.target) && !hold && !event.altKey && event.key === "/") {
      event.preventDefault();
      editor.one("search").focus();
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act], [data-opens]");
    if (!button) return;
    if (button.dataset.opens) {
      const dialog = editor.one(button.dataset.opens);
      dialog.showModal();
      dialog.querySelector("input:not([type=hidden]), textarea, button")?.focus();
      return;
    }
    const act = button.dataset.act;
    if (act === "undo" || act === "redo") step(act);
    else if (act === "close") button.closest("dialog").close();
    else if (act === "create") create(button);
    else if (act === "settle") settle(button);
  });

  // ---- forms -----------------------------------------------------------------------------------

  const keep = (each) => { try { localStorage.setItem(`guidegraph-${each.dataset.keeps}`, each.value); } catch { /* not allowed */ } };
  document.querySelectorAll("[data-keeps]").forEach((each) => {
    try { each.value ||= localStorage.getItem(`guidegraph-${each.dataset.keeps}`) || ""; } catch { /* not allowed */ }
  });

  document.addEventListener("change", (event) => {
    if (event.target.dataset.keeps && !event.target.form) keep(event.target);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.posts) return;
    event.preventDefault();
    const body = {};
    for (const each of form.elements) {
      if (!each.name) continue;
      const chosen = each.dataset.iri && each.dataset.chosen === each.value;
      body[each.name] = chosen ? each.dataset.iri : each.value;
      if (each.dataset.keeps) keep(each);
    }
    const place = form.querySelector(".told");
    place.replaceChildren();
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    try {
      const answer = await editor.change(form.dataset.posts, body);
      const then = form.dataset.then;
      if (then === "saved") saved(answer);
      else if (then === "/thing?iri=") location.href = answer.address;
      else if (then) location.href = then;
      else {
        form.reset();
        form.closest("details").open = false;
        editor.say(`Recorded: ${answer.step.what}`);
        editor.changed();
      }
    } catch (fault) {
      if (fault instanceof editor.Refused && fault.status === 409 && fault.told.conflicts?.length) {
        location.href = "/merge";
        return;
      }
      editor.tell(place, editor.failed(fault));
      if (fault instanceof editor.Refused && fault.status === 409) await editor.fresh();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });

  function saved(answer) {
    const place = editor.one("saved");
    const line = (words) => place.append(Object.assign(document.createElement("p"), { textContent: words }));
    place.replaceChildren();
    line(`Saved: ${editor.plural(answer.saved.length, "file")} (${answer.saved.join(", ")}).`);
    if (answer.commit) line(`Committed to git${answer.branch ? ` on branch ${answer.branch}` : ""}: ${answer.commit.slice(0, 10)}. Nothing was pushed.`);
    (answer.findings || []).forEach((each) => line(`${each.message} ${each.help || ""}`));
    place.hidden = false;
    place.focus();
    editor.one("save-why").value = "";
    editor.changed();
  }

  // ---- new things, and settling ----------------------------------------------------------------

  async function create(button) {
    const whole = editor.one("creating");
    const place = editor.one("creating-told");
    if (button.getAttribute("aria-disabled")) return;
    const typed = {};
    whole.querySelectorAll(".field[data-path]").forEach((each) => {
      const found = rows.typed(each);
      if (found.length) typed[each.dataset.path] = [...(typed[each.dataset.path] || []), ...found];
    });
    const name = editor.one("new-name").value.trim();
    place.replaceChildren();
    button.setAttribute("aria-disabled", "true");
    try {
      const made = await editor.change("/api/create", { cls: whole.dataset.class, typed, ...(name ? { name } : {}) });
      const { at, as: path, count } = whole.dataset;
      if (at && path) {
        const kept = Array.from({ length: Number(count) }, (_, each) => ({ same: each }));
        await editor.change("/api/put", { subject: at, predicate: path, typed: [...kept, made.iri] });
      }
      whole.querySelectorAll("[data-dirty]").forEach((each) => { delete each.dataset.dirty; });
      location.href = at ? `/thing?iri=${encodeURIComponent(at)}` : made.address;
    } catch (fault) {
      if (fault instanceof editor.Refused && fault.status === 409) await revise();
      editor.tell(place, editor.failed(fault));
      place.scrollIntoView({ block: "nearest" });
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  /** The state of the draft as it is now, without touching what was typed here. */
  async function revise() { await editor.fresh(); }

  async function settle(button) {
    const { subject, predicate, choice } = button.dataset;
    try {
      const answer = await editor.change("/api/settle", { subject, predicate, choice });
      editor.say(choice === "yours" ? "Yours is kept." : "Theirs is taken.");
      if (answer.settled) location.href = "/changes";
      else location.reload();
    } catch (fault) {
      editor.notice(editor.failed(fault)[0].message);
    }
  }

  // A question that makes sense only after a certain answer.
  function asked() {
    document.querySelectorAll("[data-only-path]").forEach((each) => {
      const control = document.querySelector(`.field[data-path="${CSS.escape(each.dataset.onlyPath)}"] select`);
      each.hidden = !control || !control.value.endsWith(each.dataset.onlyCode);
    });
  }
  document.addEventListener("change", asked);
  asked();
  const position = editor.one("creating")?.dataset.position;
  const place = position && document.querySelector('.field[data-path$="/position"] input');
  if (place) place.value = position;
})();
