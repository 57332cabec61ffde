/* The search field on every page. The index is loaded when the field is first used. */
(() => {
  "use strict";
  const guidegraph = (globalThis.guidegraph ??= {});
  const search = (guidegraph.search ??= {});
  const ROOT = `${document.documentElement.dataset.root || "."}/`;
  const SHOWN = 8;
  const KEY = "guidegraph.search.key";
  const KIND = 3, CHAPTER = 4, NAMES = 5, LABELS = 6, FIGURES = 7, TEXT = 8;

  /**
   * An element with words and attributes; every word becomes a text node.
   * @param {string} tag
   * @param {Record<string, string>} attributes
   * @param {(Node | string)[]} inside
   * @returns {HTMLElement}
   */
  function element(tag, attributes = {}, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  }

  /** @param {string} name @returns {Promise<void>} */
  function script(name) {
    return new Promise((resolve, reject) => {
      const made = document.createElement("script");
      made.src = `${ROOT}assets/${name}`;
      made.addEventListener("load", () => resolve());
      made.addEventListener("error", () => reject(new Error(name)));
      document.head.append(made);
    });
  }

  let loading = null;

  /** The index, ready to be asked; loaded once. */
  function load() {
    loading ??= Promise.all([script("search/matching.js"), script("search-index.js")]).then(() => {
      const ready = search.prepare(guidegraph.searchIndex);
      search.ask = (query) => search.find(ready, query);
      return ready;
    });
    loading.catch(() => { loading = null; });
    return loading;
  }

  /** A text with the words asked for in `mark` elements. */
  function marked(text, query) {
    return search.marked(text, query).map(([piece, is]) => (is ? element("mark", {}, piece) : piece));
  }

  /**
   * What is shown of an entry: its title, kind and chapter, and the first thing that explains why
   * it was found.
   */
  function told(entry, query) {
    const { kinds, chapters } = guidegraph.searchIndex;
    const title = element("span", { class: "found-title", dir: "auto" }, ...marked(entry[1], query));
    if (entry[2]) title.lang = entry[2];
    const about = kinds[entry[KIND]] === "Chapter" ? ["Chapter"] : [kinds[entry[KIND]], chapters[entry[CHAPTER]]];
    const lines = [title, " ", element("span", { class: "found-kind" }, about.join(" · "))];
    for (const [language, text] of reasons(entry, query)) {
      const line = element("span", { class: "found-text", dir: "auto" }, ...marked(text, query));
      if (language) line.lang = language;
      lines.push(" ", line);
    }
    return lines;
  }

  /** The other label, the name and the figures that were asked for, and the text: two at most. */
  function reasons(entry, query) {
    const is = (text) => text && search.marked(text, query).some(([, found]) => found);
    const found = [];
    for (let at = 0; at < entry[LABELS].length; at += 2) {
      if (is(entry[LABELS][at + 1])) found.push([entry[LABELS][at], entry[LABELS][at + 1]]);
    }
    const title = search.fold(entry[1]);
    const name = entry[NAMES].find((each) => search.fold(each) !== title && is(each));
    if (name) found.push(["", name]);
    if (is(entry[FIGURES])) found.push(["", entry[FIGURES]]);
    if (entry[TEXT] && found.length < 2) found.push(["", entry[TEXT]]);
    return found.slice(0, 2);
  }

  /** How many there are, in words. */
  function counted(found) {
    const many = found.hits.length === 1 ? "1 result" : `${found.hits.length.toLocaleString("en")} results`;
    return found.some ? `Nothing has all of these words; ${many} with some.` : found.hits.length ? many : "Nothing found.";
  }

  const address = (entry) => ROOT + entry[0];
  const page = (query) => `${ROOT}search.html#q=${encodeURIComponent(query)}`;

  /** The field with its list, in the place of the link that stands there without a script. */
  function field(place) {
    const list = element("div", { class: "found", role: "listbox", id: "site-search-list", "aria-label": "Results" });
    const status = element("span", { class: "unseen", role: "status" });
    const input = element("input", {
      type: "search", id: "site-search", role: "combobox", placeholder: "Search",
      "aria-label": "Search", "aria-expanded": "false", "aria-controls": "site-search-list",
      "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
    });
    list.hidden = true;
    if (hasKey()) input.setAttribute("aria-keyshortcuts", "/");
    place.replaceChildren(input, list, status);

    let active = -1;
    const options = () => [...list.children];
    const open = (is) => {
      list.hidden = !is;
      input.setAttribute("aria-expanded", String(is));
      if (!is) choose(-1);
    };
    const choose = (at) => {
      options().forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
      active = at;
      const chosen = options()[at];
      if (chosen) {
        input.setAttribute("aria-activedescendant", chosen.id);
        chosen.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    };
    const option = (href, at, ...inside) =>
      element("a", { role: "option", id: `site-search-${at}`, "aria-selected": "false", tabindex: "-1", href }, ...inside);

    const show = () => {
      const query = input.value.trim();
      if (!query) {
        status.textContent = "";
        list.replaceChildren();
        open(false);
        return;
      }
      const found = search.ask(query);
      const { entries } = guidegraph.searchIndex;
      const shown = found.hits.slice(0, SHOWN).map((hit) => entries[hit.entry]);
      const made = shown.map((entry, at) => option(address(entry), at, ...told(entry, query)));
      if (found.hits.length) {
        const many = found.hits.length === 1 ? "Show it on a page of its own" : `All ${counted({ hits: found.hits })}`;
        made.push(option(page(query), made.length, many));
      }
      list.replaceChildren(...made);
      list.classList.toggle("some", found.some);
      status.textContent = counted(found);
      status.classList.toggle("unseen", found.hits.length > 0 && !found.some);
      choose(-1);
      open(made.length > 0);
    };
    const ask = () => load().then(show, () => {
      status.textContent = "The search could not be loaded.";
      status.classList.remove("unseen");
    });
    const leave = () => {
      open(false);
      status.classList.add("unseen");
    };

    input.addEventListener("focus", () => { load().catch(() => {}); });
    input.addEventListener("input", ask);
    input.addEventListener("keydown", (event) => {
      const last = options().length - 1;
      if (event.isComposing) return;
      if (event.key === "Escape") {
        if (!list.hidden) leave();
        else input.value = "";
      } else if (event.key === "Enter") {
        const chosen = options()[active];
        if (chosen) go(chosen.href);
        else if (input.value.trim()) go(page(input.value.trim()));
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          if (input.value.trim()) ask();
        } else if (event.key === "ArrowDown") choose(active >= last ? -1 : active + 1);
        else choose(active < 0 ? last : active - 1);
      } else return;
      event.preventDefault();
    });
    const go = (href) => {
      leave();
      location.assign(href);
    };
    list.addEventListener("pointerdown", (event) => { if (event.button === 0) event.preventDefault(); });
    list.addEventListener("click", leave);
    place.addEventListener("focusout", (event) => { if (!place.contains(event.relatedTarget)) leave(); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !hasKey()) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  /** Whether the key `/` leads to the field: some people need it for their own voice or hands. */
  function hasKey() {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  }

  /** @param {boolean} is */
  function keepKey(is) {
    try {
      if (is) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, "off");
    } catch { /* A browser that keeps nothing keeps the key. */ }
  }

  Object.assign(search, { load, element, told, counted, address, hasKey, keepKey });
  const place = document.querySelector(".search");
  if (place) field(place);
})();
