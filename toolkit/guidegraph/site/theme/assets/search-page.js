/* The page with all results: by kind, with an address that can be passed on (`#q=heparin`). */
(() => {
  "use strict";
  const { search } = globalThis.guidegraph;
  const { element } = search;
  const STEP = 50;
  const PAUSE = 150;
  const KIND = 3;

  const place = document.getElementById("search-results");
  if (!place) return;

  const input = element("input", { type: "search", id: "search-words", autocomplete: "off", spellcheck: "false" });
  const kinds = element("select", { id: "search-kind" });
  const status = element("p", { class: "note", role: "status" });
  const list = element("ol", { class: "results" });
  const more = element("button", { type: "button", class: "more" }, "Show more");
  const key = element("input", { type: "checkbox", id: "search-key" });
  key.checked = search.hasKey();
  place.replaceChildren(
    element("p", { class: "asking" },
      element("label", { for: "search-words" }, "Words, numbers or codes"), input,
      element("label", { for: "search-kind" }, "Kind"), kinds),
    status, list, more,
    element("p", { class: "note" }, key, " ",
      element("label", { for: "search-key" }, "The key / leads to the search field on every page")),
  );

  /** What the address asks for. @returns {{q: string, kind: string}} */
  function asked() {
    const told = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
    return { q: told.get("q") ?? "", kind: told.get("kind") ?? "" };
  }

  /** Put what is asked into the address, without a step in the history. */
  function keep() {
    const kind = kinds.value ? `&kind=${encodeURIComponent(kinds.value)}` : "";
    const wanted = `#q=${encodeURIComponent(input.value.trim())}${kind}`;
    if (location.hash !== wanted) location.replace(wanted);
    else show();
  }

  let shown = [];

  /** Show what the address asks for. */
  function show() {
    const { q, kind } = asked();
    if (input.value.trim() !== q) input.value = q;
    const { entries, kinds: names } = globalThis.guidegraph.searchIndex;
    const found = search.ask(q);
    const counts = new Map();
    for (const hit of found.hits) {
      const name = names[entries[hit.entry][KIND]];
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const known = [...counts].sort((a, b) => a[0].localeCompare(b[0], "en"));
    kinds.replaceChildren(
      element("option", { value: "" }, `All (${found.hits.length})`),
      ...known.map(([name, many]) => element("option", { value: name }, `${name} (${many})`)),
    );
    if (kind && !counts.has(kind)) kinds.append(element("option", { value: kind }, `${kind} (0)`));
    kinds.value = kind;
    shown = found.hits.map((hit) => entries[hit.entry]).filter((entry) => !kind || names[entry[KIND]] === kind);
    list.replaceChildren();
    status.textContent = q ? search.counted({ hits: shown, some: found.some }) : "";
    add(q);
  }

  /** The next results; the first of them. */
  function add(query) {
    const from = list.children.length;
    const made = shown.slice(from, from + STEP).map((entry) =>
      element("li", {}, element("a", { href: search.address(entry) }, ...search.told(entry, query))));
    list.append(...made);
    more.hidden = list.children.length >= shown.length;
    return made[0];
  }

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  kinds.addEventListener("change", keep);
  more.addEventListener("click", () => add(asked().q)?.querySelector("a").focus());
  key.addEventListener("change", () => search.keepKey(key.checked));
  globalThis.addEventListener("hashchange", () => search.load().then(show));
  search.load().then(show, () => { status.textContent = "The search could not be loaded."; });
  if (!asked().q) input.focus();
})();
