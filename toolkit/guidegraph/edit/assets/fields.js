// Fields: checked while somebody types, recorded when they are left, put back with Escape.
"use strict";

(() => {
  const PAUSE = 350;
  const timers = new WeakMap();
  const checks = new WeakMap();
  const before = new WeakMap();
  let pointed = false;

  const fieldOf = (place) => place.closest?.(".field[data-path]");
  const isNew = (field) => field.dataset.new !== undefined;
  const told = (field) => editor.one(`${field.id}-told`);
  const isLive = (field) => Boolean(field.dataset.subject) && !isNew(field);

  /** Still in the field; its links lead out of it. */
  const isInside = (field, place) => Boolean(place) && field.contains(place) && place.tagName !== "A";

  document.addEventListener("pointerdown", () => { pointed = true; }, true);
  document.addEventListener("keydown", () => { pointed = false; }, true);

  document.addEventListener("focusin", (event) => {
    const field = fieldOf(event.target);
    if (field && !before.has(field)) before.set(field, field.innerHTML);
  });

  document.addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    if (!before.has(field)) before.set(field, field.innerHTML);
    marked(field);
    if (!isLive(field)) return;
    window.clearTimeout(timers.get(field));
    timers.set(field, window.setTimeout(() => check(field), PAUSE));
  });

  document.addEventListener("change", (event) => {
    const field = fieldOf(event.target);
    if (field && isLive(field) && pointed && event.target.tagName === "SELECT" && !field.classList.contains("parts")) commit(field);
  });

  document.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (!field || !isLive(field) || !document.hasFocus()) return;
    if (isInside(field, event.relatedTarget)) return;
    window.setTimeout(() => { if (!isInside(field, document.activeElement)) commit(field); }, 0);
  });

  document.addEventListener("keydown", (event) => {
    const field = fieldOf(event.target);
    if (!field || event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape" && field.dataset.dirty !== undefined) {
      event.preventDefault();
      restore(field, event.target.id);
    } else if (event.key === "Enter" && isLive(field)) {
      const area = event.target.tagName === "TEXTAREA" && event.target.dataset.line === undefined;
      if (event.target.tagName === "BUTTON" || event.target.tagName === "A" || (area && !event.ctrlKey && !event.metaKey)) return;
      event.preventDefault();
      commit(field);
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-act]");
    const field = button && fieldOf(button);
    if (!field || !["add", "remove", "up", "down"].includes(button.dataset.act)) return;
    if (!before.has(field)) before.set(field, field.innerHTML);
    arrange(field, button);
  });

  function marked(field) {
    if (rows.isTouched(field)) field.dataset.dirty = "";
    else delete field.dataset.dirty;
  }

  function arrange(field, button) {
    if (button.dataset.act === "add") {
      const holder = button.parentElement;
      const row = rows.blank(field, holder, button.dataset.blank);
      holder.querySelector(":scope > .values").append(row);
      holder.classList.add("many");
      (rows.controls(row)[0] || row.querySelector(".add"))?.focus();
      return;
    }
    const row = button.closest(".value");
    const list = row.parentElement;
    const beside = button.dataset.act === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (button.dataset.act === "remove") {
      const holder = list.parentElement;
      row.remove();
      if (!rows.own(holder).length) holder.querySelector(":scope > .add")?.focus();
      else (beside || rows.own(holder).at(-1)).querySelector(':scope > .arrange [data-act="remove"]')?.focus();
    } else if (beside) {
      if (button.dataset.act === "up") list.insertBefore(row, beside);
      else list.insertBefore(beside, row);
      button.focus();
    } else return;
    marked(field);
    if (isLive(field)) commit(field);
  }

  const asked = (field) => ({
    subject: field.dataset.subject, predicate: field.dataset.path, typed: rows.typed(field),
  });

  function show(field, findings) {
    const place = told(field);
    if (!place) return;
    editor.tell(place, findings);
    const bad = findings.some((each) => each.severity === "error");
    field.querySelectorAll("input, select, textarea").forEach((each) => {
      if (bad) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    });
  }

  async function check(field) {
    checks.get(field)?.abort();
    if (field.dataset.dirty === undefined || editor.waiting) return;
    const asking = new AbortController();
    checks.set(field, asking);
    try {
      const answer = await editor.post("/api/check", asked(field), asking.signal);
      if (!asking.signal.aborted && field.dataset.dirty !== undefined) show(field, answer.findings);
    } catch (fault) {
      if (fault instanceof editor.Refused && fault.status !== 409 && !asking.signal.aborted) show(field, editor.failed(fault));
    }
  }

  async function commit(field) {
    window.clearTimeout(timers.get(field));
    checks.get(field)?.abort();
    if (!field.isConnected || field.dataset.sending !== undefined) return;
    if (!rows.isTouched(field)) { delete field.dataset.dirty; before.delete(field); return; }
    field.dataset.sending = "";
    const label = field.dataset.label;
    const sent = JSON.stringify(rows.typed(field));
    try {
      const answer = await editor.change("/api/put", () => asked(field));
      if (JSON.stringify(rows.typed(field)) === sent) {
        delete field.dataset.dirty;
        before.delete(field);
      }
      editor.notice("");
      field.classList.add("recorded");
      editor.say(answer.step ? `Recorded: ${answer.step.what}` : `${label}: nothing changed.`);
      delete field.dataset.sending;
      editor.changed();
    } catch (fault) {
      delete field.dataset.sending;
      if (fault instanceof editor.Refused && fault.status === 409) {
        if (fault.told.conflicts?.length) location.href = "/merge";
        else await editor.outdated();
        return;
      }
      const findings = editor.failed(fault);
      show(field, findings);
      editor.say(`${label}: not recorded. ${findings[0].message}`);
    }
  }

  function restore(field, focus) {
    window.clearTimeout(timers.get(field));
    checks.get(field)?.abort();
    field.innerHTML = before.get(field) ?? field.innerHTML;
    field.querySelectorAll('[role="combobox"]').forEach((each) => each.setAttribute("aria-expanded", "false"));
    field.querySelectorAll('[role="listbox"]').forEach((each) => { each.hidden = true; each.replaceChildren(); });
    before.delete(field);
    delete field.dataset.dirty;
    (editor.one(focus) || field.querySelector("input, select, textarea"))?.focus();
    editor.say(`${field.dataset.label}: put back.`);
  }

  window.fieldsOf = { commit, asked };
})();
