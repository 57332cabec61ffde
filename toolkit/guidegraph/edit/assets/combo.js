// A field that names a thing: type some of its name, go through the list with the arrow keys.
"use strict";

(() => {
  const PAUSE = 140;
  let asking = null;
  let timer = 0;

  const isCombo = (place) => place?.getAttribute?.("role") === "combobox";
  const listOf = (input) => editor.one(input.getAttribute("aria-controls"));
  const options = (input) => [...listOf(input).querySelectorAll('[role="option"]')];
  const active = (input) => editor.one(input.getAttribute("aria-activedescendant") || "");

  function close(input) {
    window.clearTimeout(timer);
    asking?.abort();
    const list = listOf(input);
    if (!list) return;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** The list stands beside its field, whatever scrolls around it. */
  function place(input) {
    const list = listOf(input);
    if (!list || list.hidden) return;
    const box = input.getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 420), window.innerWidth - 16);
    const isAbove = box.bottom + 200 > window.innerHeight && box.top > window.innerHeight / 2;
    list.style.width = `${width}px`;
    list.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
    list.style.top = isAbove ? "auto" : `${box.bottom + 2}px`;
    list.style.bottom = isAbove ? `${window.innerHeight - box.top + 2}px` : "auto";
    list.style.maxHeight = `${Math.min(320, isAbove ? box.top - 8 : window.innerHeight - box.bottom - 8)}px`;
  }

  function moved() { if (isCombo(document.activeElement)) place(document.activeElement); }
  window.addEventListener("scroll", moved, true);
  window.addEventListener("resize", moved);

  function mark(input, option) {
    options(input).forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  async function open(input, words) {
    asking?.abort();
    const asked = asking = new AbortController();
    const address = `/options?of=${encodeURIComponent(input.dataset.of || "")}&q=${encodeURIComponent(words)}`;
    let told;
    try { told = await (await fetch(address, { signal: asked.signal })).json(); } catch { return; }
    if (asked.signal.aborted || document.activeElement !== input) return;
    const list = listOf(input);
    list.replaceChildren(...told.found.map((each, place) => {
      const option = document.createElement("span");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.iri = each.iri;
      option.dataset.label = each.label;
      const label = Object.assign(document.createElement("bdi"), { textContent: each.label });
      const name = Object.assign(document.createElement("span"), {
        className: "quiet", textContent: ` ${[each.kind, each.local].filter(Boolean).join(", ")}`,
      });
      option.append(label, name);
      return option;
    }));
    list.hidden = !told.found.length;
    place(input);
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    editor.say(told.found.length ? `${editor.plural(told.found.length, "choice")}${told.more ? ", and more" : ""}.` : "Nothing of this name.");
  }

  function choose(input, option) {
    input.value = option.dataset.label;
    input.dataset.iri = option.dataset.iri;
    input.dataset.chosen = option.dataset.label;
    close(input);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close(input);
  }

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!isCombo(input) || !event.isTrusted) return;
    delete input.dataset.chosen;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => open(input, input.value), PAUSE);
  });

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!isCombo(input)) return;
    const found = options(input);
    const here = found.indexOf(active(input));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!found.length) { open(input, input.value === input.defaultValue ? "" : input.value); return; }
      const next = event.key === "ArrowDown" ? here + 1 : here <= 0 ? found.length - 1 : here - 1;
      mark(input, found[next % found.length]);
    } else if (event.key === "Enter" && here >= 0) {
      event.preventDefault();
      choose(input, found[here]);
    } else if (event.key === "Escape" && !listOf(input).hidden) {
      event.preventDefault();
      close(input);
    } else if (event.key === "Tab") {
      if (here >= 0) choose(input, found[here]);
      else close(input);
    }
  }, true);

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.('.list [role="option"]');
    if (!option) return;
    event.preventDefault();
    const list = option.closest('[role="listbox"]');
    const input = document.querySelector(`[aria-controls="${CSS.escape(list.id)}"]`);
    choose(input, option);
    const field = input.closest(".field[data-path]");
    if (field?.dataset.subject && field.dataset.new === undefined) window.fieldsOf.commit(field);
  });

  document.addEventListener("focusout", (event) => { if (isCombo(event.target)) close(event.target); });
})();
