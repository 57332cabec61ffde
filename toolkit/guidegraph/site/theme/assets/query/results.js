/* Answers in the worker: cells, a stable order, and CSV, all as the toolkit makes them. */
globalThis.guidegraph ??= {};
guidegraph.results = (() => {
  "use strict";

  /** @typedef {{kind: "iri" | "literal" | "blank", value: string, display: string,
   *             datatype?: string, language?: string}} Cell */
  /** @typedef {(Cell | null)[]} Row */

  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const NUMBERS = [`${XSD}integer`, `${XSD}decimal`];

  /** Blank nodes with names that are the same on every run: counted as they appear.
   * @param {Row[]} rows @returns {Row[]} */
  function numbered(rows) {
    const names = new Map();
    return rows.map((row) => row.map((each) => {
      if (each?.kind !== "blank") return each;
      if (!names.has(each.value)) names.set(each.value, `b${names.size + 1}`);
      const value = names.get(each.value);
      return { kind: "blank", value, display: `_:${value}` };
    }));
  }

  /** How an IRI is shown: by its prefixed name where that is valid.
   * @param {string} iri @param {[string, string][]} prefixes @returns {string} */
  function short(iri, prefixes) {
    for (const [name, namespace] of prefixes) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\p{L}\p{N}_][\p{L}\p{N}_.\-]*$/u.test(local)) {
        return `${name}:${local}`;
      }
    }
    return `<${iri}>`;
  }

  /** A value of SPARQL results JSON as a cell.
   * @param {{type: string, value: string, datatype?: string, "xml:lang"?: string} | undefined} term
   * @param {[string, string][]} prefixes @returns {Cell | null} */
  function cell(term, prefixes) {
    if (term === undefined) return null;
    if (term.type === "uri") {
      return { kind: "iri", value: term.value, display: short(term.value, prefixes) };
    }
    if (term.type === "bnode") {
      return { kind: "blank", value: term.value, display: `_:${term.value}` };
    }
    /** @type {Cell} */
    const found = { kind: "literal", value: String(term.value), display: String(term.value) };
    if (term["xml:lang"]) found.language = term["xml:lang"];
    else if (term.datatype && term.datatype !== `${XSD}string`) found.datatype = term.datatype;
    return found;
  }

  /** Order by code points. @type {(a: string, b: string) => number} */
  function byCodePoint(a, b) {
    const shared = Math.min(a.length, b.length);
    for (let at = 0; at < shared; at += 1) {
      if (a[at] !== b[at]) {
        return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
      }
    }
    return a.length - b.length;
  }

  /** An exact number as a whole number and how many digits of it follow the point. @param {string} text @returns {[bigint, number]} */
  function exact(text) {
    const [whole, part = ""] = text.replace(/^\+/, "").split(".");
    return [BigInt(`${whole}${part}`), part.length];
  }

  /** @type {(a: [bigint, number], b: [bigint, number]) => number} */
  function byNumber([a, scaleA], [b, scaleB]) {
    const scale = Math.max(scaleA, scaleB);
    const [left, right] = [a * 10n ** BigInt(scale - scaleA), b * 10n ** BigInt(scale - scaleB)];
    return left < right ? -1 : Number(left > right);
  }

  /** Where a cell stands: nothing, then numbers, then words, then blank nodes.
   * @param {Cell | null} found
   * @returns {{rank: number, number?: [bigint, number], words?: string[]}} */
  function order(found) {
    if (found === null) return { rank: -1 };
    if (found.datatype && NUMBERS.includes(found.datatype) && /^[+-]?\d+(\.\d+)?$/.test(found.value)) {
      return { rank: 0, number: exact(found.value) };
    }
    if (found.kind === "blank") return { rank: 2 };
    const words = found.display.split(/(\p{Nd}+)/u)
      .map((each) => (/^\p{Nd}+$/u.test(each) ? each.padStart(12, "0") : each.toLowerCase()));
    return { rank: 1, words };
  }

  /** @type {(a: ReturnType<typeof order>, b: ReturnType<typeof order>) => number} */
  function byOrder(a, b) {
    if (a.rank !== b.rank) return a.rank - b.rank;
    if (a.number && b.number) return byNumber(a.number, b.number);
    const [left, right] = [a.words ?? [], b.words ?? []];
    for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
      const apart = byCodePoint(left[at], right[at]);
      if (apart) return apart;
    }
    return left.length - right.length;
  }

  /** @type {(a: Cell | null, b: Cell | null) => number} */
  function byValue(a, b) {
    const told = /** @param {Cell | null} each */ (each) =>
      (each === null || each.kind === "blank" ? ["", ""] : [each.value, each.language ?? ""]);
    const [left, right] = [told(a), told(b)];
    return byCodePoint(left[0], right[0]) || byCodePoint(left[1], right[1]);
  }

  /** Rows sorted by what they show, so that equal questions get equal answers.
   * @param {Row[]} rows @returns {Row[]} */
  function inStableOrder(rows) {
    const keyed = rows.map((row) => ({ row, key: row.map(order) }));
    keyed.sort((a, b) => {
      for (let at = 0; at < a.key.length; at += 1) {
        const apart = byOrder(a.key[at], b.key[at]);
        if (apart) return apart;
      }
      for (let at = 0; at < a.row.length; at += 1) {
        const apart = byValue(a.row[at], b.row[at]);
        if (apart) return apart;
      }
      return 0;
    });
    return keyed.map((each) => each.row);
  }

  /** SPARQL 1.1 Query Results CSV (RFC 4180): complete values, exactly as they are.
   * @param {string[]} columns @param {Row[]} rows @returns {string} */
  function toCsv(columns, rows) {
    const lines = [columns, ...rows.map((row) => row.map((each) => each?.value ?? ""))];
    return lines.map((line) => `${written(line)}\r\n`).join("");
  }

  /** A line; an empty value that stands alone has quotes, or there would be no line.
   * @param {string[]} line @returns {string} */
  function written(line) {
    return line.length === 1 && line[0] === "" ? '""' : line.map(quoted).join(",");
  }

  /** @param {string} value @returns {string} */
  function quoted(value) {
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }

  return { cell, inStableOrder, numbered, toCsv };
})();
