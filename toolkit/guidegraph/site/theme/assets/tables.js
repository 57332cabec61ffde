/* Tables that can be sorted by their headings, and filtered where they are long. */
(() => {
  "use strict";
  const { order, has } = globalThis.guidegraph.tables;
  const SORTED = 4;
  const FILTERED = 8;
  const language = document.documentElement.lang || "en";
  /** What is done before printing, and undone after it. @type {[() => void, () => void][]} */
  const clean = [];

  /**
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

  /** What a cell says, its signs for the eye left out. */
  function said(cell) {
    if (!cell) return "";
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("[aria-hidden='true']").forEach((each) => each.remove());
    return copy.textContent.trim();
  }

  /** One table with more rows than can be taken in at a glance. */
  function prepare(scroll, table, number) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const caption = table.caption?.textContent ?? "";
    const tools = element("div", { class: "table-tools" });
    const status = element("span", { class: "table-told", role: "status" });
    const state = { column: -1, falling: false };

    const put = (column, falling) => {
      const is = column >= 0;
      state.column = column;
      state.falling = falling;
      const placed = is ? order(rows.map((row) => said(row.cells[column])), falling, language) : rows.keys();
      body.append(...[...placed].map((place) => rows[place]));
      heads.forEach((head, at) => {
        if (at === column) head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      select.value = is ? `${column} ${falling}` : "";
    };

    const select = element("select", { id: `table-sort-${number}` }, element("option", { value: "" }, "Original order"));
    heads.forEach((head, column) => {
      const name = head.textContent.trim();
      if (!name) return;
      select.append(
        element("option", { value: `${column} false` }, `${name}, rising`),
        element("option", { value: `${column} true` }, `${name}, falling`),
      );
      const button = element("button", { type: "button", class: "sort" }, ...head.childNodes);
      button.append(element("span", { class: "sort-sign", "aria-hidden": "true" }));
      head.replaceChildren(button);
      unbuttoned(head, button);
      button.addEventListener("click", () => {
        if (state.column !== column) put(column, false);
        else if (!state.falling) put(column, true);
        else put(-1, false);
      });
    });
    select.addEventListener("change", () => {
      const [column, falling] = select.value.split(" ");
      put(column ? Number(column) : -1, falling === "true");
    });
    tools.append(element("span", { class: "table-sort" },
      element("label", { for: select.id }, "Sorted by"), " ", select));

    if (rows.length > FILTERED) {
      const input = element("input", { type: "search", id: `table-filter-${number}`, autocomplete: "off", spellcheck: "false" });
      tools.prepend(element("span", { class: "table-filter" },
        element("label", { for: input.id }, "Filter"), " ", input), status);
      const texts = rows.map((row) => [...row.cells].map(said).join(" "));
      const filter = (count = true) => {
        const asked = input.value.trim();
        const target = aimed();
        let held = 0;
        rows.forEach((row, place) => {
          const is = !asked || has(texts[place], asked);
          if (is) held += 1;
          row.hidden = !is && row !== target;
        });
        if (count) status.textContent = asked ? `${held} of ${rows.length} rows` : "";
      };
      input.addEventListener("input", () => filter());
      input.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !input.value) return;
        input.value = "";
        filter();
        event.preventDefault();
      });
      globalThis.addEventListener("hashchange", () => {
        filter(false);
        aimed()?.scrollIntoView({ block: "nearest" });
      });
      clean.push([() => rows.forEach((row) => { row.hidden = false; }), () => filter(false)]);
    }
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", caption ? `Order and filter of: ${caption}` : "Order and filter");
    if (rows.length <= FILTERED) tools.classList.add("short");
    scroll.before(tools);

    /** The row that the address points to: it is never hidden. */
    function aimed() {
      return rows.find((row) => row.matches(":target") || row.querySelector(":target"));
    }
  }

  /** Browsers repeat a heading on every sheet only if there is no button in it. */
  function unbuttoned(head, button) {
    const bare = () => head.replaceChildren(...button.childNodes);
    const again = () => {
      button.append(...head.childNodes);
      head.replaceChildren(button);
    };
    clean.push([bare, again]);
  }

  let number = 0;
  for (const scroll of document.querySelectorAll("main .scroll")) {
    const table = scroll.querySelector(":scope > table");
    const rows = table?.tBodies[0]?.rows.length ?? 0;
    if (table?.tHead && rows > SORTED) prepare(scroll, table, (number += 1));
  }
  /** On a narrow screen the headings are only heard, so that nobody gets to a button unseen. */
  const narrow = globalThis.matchMedia("screen and (max-width: 52rem)");
  const able = () => document.querySelectorAll("thead .sort").forEach((each) => { each.disabled = narrow.matches; });
  narrow.addEventListener("change", able);
  able();
  globalThis.addEventListener("beforeprint", () => clean.forEach(([all]) => all()));
  globalThis.addEventListener("afterprint", () => clean.forEach(([, again]) => again()));
})();
