/* Answers on the page: a table whose names lead to their pages, or what is wrong with the query. */
(() => {
  "use strict";

  /** An element with a class and what is in it.
   * @param {string} name @param {string} style @param {...(Node | string)} inside */
  function make(name, style = "", ...inside) {
    const element = document.createElement(name);
    if (style) element.className = style;
    element.append(...inside);
    return element;
  }

  /** A number with its thousands apart. @type {(count: number) => string} */
  const readable = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

  /** @type {(count: number, noun: string) => string} */
  const plural = (count, noun) => `${readable(count)} ${noun}${count === 1 ? "" : "s"}`;

  /** The answer in words. @param {any} said @returns {string} */
  function summary(said) {
    const time = `${(said.milliseconds / 1000).toFixed(2)} s`;
    if (said.form === "ask") return `The answer is ${said.truth ? "yes" : "no"} (${time}).`;
    const shown = said.rows.length;
    const noun = said.form === "graph" ? "statement" : "row";
    const part = shown < said.total
      ? ` The first ${readable(shown)} are shown; the CSV file has all.`
      : "";
    return `${plural(said.total, noun)} in ${time}.${part}`;
  }

  /** The rows as a table. @param {any} said @param {string} caption @returns {HTMLElement} */
  function table(said, caption) {
    const head = make("tr");
    for (const name of said.columns) {
      const cell = make("th", "", name.replaceAll("_", " "));
      cell.setAttribute("scope", "col");
      head.append(cell);
    }
    const body = make("tbody");
    for (const row of said.rows) {
      const line = make("tr");
      row.forEach((each, at) => {
        const cell = make("td", "", ...shown(each));
        cell.setAttribute("data-label", said.columns[at].replaceAll("_", " "));
        cell.dir = "auto";
        if (each?.language) cell.lang = each.language;
        line.append(cell);
      });
      body.append(line);
    }
    const whole = make("table", "rows", make("caption", "", caption), make("thead", "", head), body);
    const scroll = make("div", "scroll", whole);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", caption);
    scroll.tabIndex = 0;
    return scroll;
  }

  /** What a cell shows. @param {any} cell @returns {(Node | string)[]} */
  function shown(cell) {
    if (cell === null) return [];
    if (cell.kind !== "iri") return [cell.display];
    const known = guidegraph.names.links[cell.display];
    if (known) {
      const [address, label] = known;
      const words = make(address ? "a" : "span", "", label);
      if (address) words.href = `${document.documentElement.dataset.root}/${address}`;
      return [words, " ", make("code", "name", cell.display)];
    }
    const code = make("code", "", cell.display);
    if (!leads(cell.value)) return [code];
    const out = make("a", "", code);
    out.href = cell.value;
    out.rel = "noopener noreferrer external";
    return [out];
  }

  /** Whether an IRI becomes a link: as on all pages, a web address that names no user.
   * @param {string} iri @returns {boolean} */
  function leads(iri) {
    try {
      return /^https?:\/\//.test(iri) && !new URL(iri).username;
    } catch {
      return false;
    }
  }

  /** Words in which what stands between backticks is code. @param {string} text */
  function withCode(text) {
    return text.split("`").map((each, at) => (at % 2 ? make("code", "", each) : each));
  }

  /** What is wrong: each fault with why, what to do, and a way to its place.
   * @param {any[]} found @param {(fault: any) => void} go @returns {HTMLElement} */
  function faults(found, go) {
    const list = make("ul", "faults");
    for (const each of found) {
      const item = make("li", "", make("p", "strong", ...withCode(each.message)));
      item.append(make("p", "", ...withCode(`${each.why} ${each.help}`)));
      if (each.line || each.parameter) {
        const words = each.line
          ? `Go to line ${each.line}, column ${each.column}`
          : `Go to ${each.parameter}`;
        const button = make("button", "quiet", words);
        button.type = "button";
        button.addEventListener("click", () => go(each));
        item.append(button);
      }
      list.append(item);
    }
    return list;
  }

  Object.assign(guidegraph.query, { faultList: faults, make, readable, summary, table });
})();
