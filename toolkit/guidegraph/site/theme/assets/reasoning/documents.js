/**
 * A patient document as a tree of values with their places, and what is found wrong with it.
 *
 * Numbers are kept as text, so that nothing is rounded on the way. An object has lost how its
 * numbers were written; JSON text has not.
 *
 * @typedef {object} Node
 * @property {"mapping"|"sequence"|"string"|"number"|"boolean"|"null"} kind
 * @property {number} at  its place in the order of the document
 * @property {Array<string|number>} path
 * @property {string} [text]  of a single value, as written: `true`, `840`, `1.50`
 * @property {{key: string, value: Node, at: number, path: Array<string|number>}[]} [entries]
 * @property {Node[]} [items]
 */
globalThis.guidegraph ??= {};
guidegraph.documents = (() => {
  "use strict";
  const { shown } = guidegraph.words;
  const DEEPEST = 32;
  const WARNINGS = ["E113", "E120", "E121", "E122", "E123"];
  const NOTES = ["E119", "E124"];
  const RANKS = ["error", "warning", "note"];
  const REASONS = [
    "missing", "null", "conflict", "type", "number", "censored", "unit", "basis", "code", "time",
    "future", "implausible", "resolution", "expired",
  ];
  const HALF = /\p{Surrogate}/u;
  const HALVES = /\p{Surrogate}/gu;
  const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|-?[0-9][-+.0-9eE]*|true|false|null/g;

  /** Collects problems. `errors` counts those that are errors. */
  class Problems {
    constructor() {
      this.found = [];
      this.errors = 0;
    }

    /** @param {string} code @param {?{at: number, path: Array}} place @param {string} message */
    add(code, place, message, { why, help, input } = {}) {
      const severity = WARNINGS.includes(code) ? "warning" : NOTES.includes(code) ? "note" : "error";
      if (severity === "error") this.errors += 1;
      this.found.push({ code, severity, message, why, help, input, place });
    }

    /** Each once, in the order of the document; `path` says where. */
    inOrder() {
      const key = ({ code, severity, message, why, help, input, place }) =>
        JSON.stringify([code, severity, message, why, help, input, place?.at]);
      const each = [...new Map(this.found.map((one) => [key(one), one])).values()];
      const at = (one) => one.place?.at ?? -1;
      each.sort(
        (a, b) =>
          at(a) - at(b)
          || RANKS.indexOf(a.severity) - RANKS.indexOf(b.severity)
          || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
          || (a.message < b.message ? -1 : a.message > b.message ? 1 : 0),
      );
      return each.map(({ place, ...told }) => ({ ...stated(told), path: place?.path ?? [] }));
    }
  }

  /** Tells what is wrong with one input, and remembers why it is therefore unknown. */
  class Report {
    constructor(name, problems) {
      this.name = name;
      this.problems = problems;
      this.reasons = new Set();
    }

    fault(reason, code, place, message, more = {}) {
      this.problems.add(code, place, message, { ...more, input: this.name });
      this.reasons.add(reason);
    }

    /** What is worth knowing; said once, and the input stays known. */
    note(code, place, message, more) {
      const isSaid = this.problems.found.some((each) => each.code === code && each.message === message);
      if (!isSaid) this.problems.add(code, place, message, { ...more, input: this.name });
    }

    /** A report of its own for one part of the same input; `include` it when it is done. */
    part() {
      return new Report(this.name, this.problems);
    }

    include(part) {
      for (const each of part.reasons) this.reasons.add(each);
    }

    /** The reason to name; null if there is none. */
    get reason() {
      return REASONS.find((each) => this.reasons.has(each)) ?? null;
    }
  }

  /** The tree of a document (an object or JSON text); null with a problem if there is none. */
  function tree(document, problems) {
    const before = problems.errors;
    try {
      const root = typeof document === "string" ? ofText(document, problems) : ofValue(document, problems);
      return { root, isSound: problems.errors === before };
    } catch (stop) {
      if (!(stop instanceof TooDeep)) throw stop;
      problems.add("E003", null, `The document is nested more than ${DEEPEST} levels deep.`, {
        help: "A patient file has three levels: facts, a list of measurements, one measurement. Look "
          + "for brackets that are not closed.",
      });
      return { root: null, isSound: false };
    }
  }

  class TooDeep extends Error {}

  function ofValue(document, problems) {
    let count = 0;
    const next = () => (count += 1);

    function node(value, path) {
      const at = next();
      if (value === null || value === undefined) return { kind: "null", text: "null", at, path };
      if (typeof value === "boolean") return { kind: "boolean", text: String(value), at, path };
      if (typeof value === "number") return number(value, at, path);
      if (typeof value === "bigint") return { kind: "number", text: String(value), at, path };
      if (typeof value !== "object") return { kind: "string", text: whole(String(value), path, at), at, path };
      if (path.length >= DEEPEST) throw new TooDeep();
      if (Array.isArray(value)) {
        return { kind: "sequence", at, path, items: value.map((each, place) => node(each, [...path, place])) };
      }
      const entries = Object.keys(value)
        .filter((key) => value[key] !== undefined)
        .map((key) => {
          const inside = [...path, key];
          return { key: whole(key, inside, count), at: next(), path: inside, value: node(value[key], inside) };
        });
      return { kind: "mapping", at, path, entries };
    }

    function number(value, at, path) {
      if (Number.isFinite(value)) return { kind: "number", text: String(value), at, path };
      problems.add("E004", { at, path }, `This is not JSON: ${value} is not a number.`, {
        help: "Write null where a value is not known.",
      });
      return { kind: "null", text: "null", at, path };
    }

    /** Half of a surrogate pair is no text. */
    function whole(text, path, at) {
      if (!HALF.test(text)) return text;
      problems.add("E004", { at, path }, "This is not JSON: the text contains one half of a character.", {
        help: "Write the character itself instead of \\u and a number.",
      });
      return text.replace(HALVES, "\ufffd");
    }

    return node(document, []);
  }

  function ofText(source, problems) {
    const text = source.replace(/^\ufeff/, "");
    if (!/\S/.test(text)) {
      problems.add("E002", null, "The document is empty.", { help: 'Begin with {"facts": {}}.' });
      return null;
    }
    try {
      JSON.parse(text);
    } catch {
      problems.add("E004", null, "This is not JSON.", {
        help: "Look for a comma, bracket or quote that is missing or one too many.",
      });
      return null;
    }
    const tokens = text.match(TOKEN);
    const words = { true: "boolean", false: "boolean", null: "null" };
    let place = 0;
    const node = (path) => {
      const at = place;
      const token = tokens[place];
      place += 1;
      if (token === "{" || token === "[") {
        if (path.length >= DEEPEST) throw new TooDeep();
        return token === "{" ? mapping(at, path) : sequence(at, path);
      }
      if (token[0] === '"') return { kind: "string", text: unescaped(token, at, path), at, path };
      return { kind: words[token] ?? "number", text: token, at, path };
    };
    const mapping = (at, path) => {
      const entries = [];
      while (tokens[place] !== "}") {
        if (tokens[place] === ",") place += 1;
        const start = place;
        const key = unescaped(tokens[place], start, path);
        place += 2;
        entries.push({ key, at: start, path: [...path, key], value: node([...path, key]) });
      }
      place += 1;
      repeats(entries, problems);
      return { kind: "mapping", at, path, entries };
    };
    const sequence = (at, path) => {
      const items = [];
      while (tokens[place] !== "]") {
        if (tokens[place] === ",") place += 1;
        items.push(node([...path, items.length]));
      }
      place += 1;
      return { kind: "sequence", at, path, items };
    };
    const unescaped = (token, at, path) => {
      const words_ = JSON.parse(token);
      if (!HALF.test(words_)) return words_;
      problems.add("E004", { at, path }, "This is not JSON: the text contains one half of a character.", {
        help: "Write the character itself instead of \\u and a number.",
      });
      return words_.replace(HALVES, "\ufffd");
    };
    return node([]);
  }

  function repeats(entries, problems) {
    const names = new Set();
    for (const each of entries) {
      if (names.has(each.key)) {
        problems.add("E006", each, `The name ${shown(each.key)} stands twice in the same place of the file.`, {
          why: "Which of the two is meant cannot be known.",
          help: "Keep one of them. Several measurements belong into one list.",
        });
      }
      names.add(each.key);
    }
  }

  /** The value under a name of a mapping; undefined where the name does not occur. */
  const get = (node, key) => node.entries.find((each) => each.key === key)?.value;

  const isNull = (node) => node.kind === "null";
  const isScalar = (node) => node !== undefined && node.text !== undefined;

  /** The fields of an object that are there. */
  const stated = (fields) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

  return { Problems, Report, tree, get, isNull, isScalar, stated };
})();
