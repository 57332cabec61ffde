/* Values for the parameters of a query: what a reader types becomes a checked term, never text of
 * the query. Where the toolkit binds a value by a function, this binds it by a statement in a graph
 * of its own: every group that speaks of a parameter begins with a pattern that finds it there. */
(() => {
  "use strict";
  const { alike, byCodePoint, isSign, isWord } = guidegraph.query;

  /** @typedef {{kind: string, text: string, start: number, end: number}} Token */
  /** @typedef {{name: string, type: string, default: ?string, description: string}} Parameter */
  /** @typedef {{name: string, kind: "iri" | "literal", value: string, datatype?: string}} Value */

  const ANY = "*";
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const GRAPH = "urn:guidegraph:parameters";
  const SAYS = "urn:guidegraph:value";
  const NAMED = "urn:guidegraph:parameter:";
  const FORMS = {
    iri: "the local name of something in the guideline, or a full address",
    code: "a term of a code list",
    string: "any text",
    integer: "a whole number",
    decimal: "a decimal number",
    date: "a date",
    boolean: "true or false",
    lang: "the code of a language",
  };

  /** A value does not have the form of its type. */
  class Unfit extends Error {
    /** @param {string} message @param {string} advice */
    constructor(message, advice) {
      super(message);
      this.advice = advice;
    }
  }

  /** @type {(value: string, datatype: string) => {kind: "literal", value: string, datatype: string}} */
  const literal = (value, datatype) => ({ kind: "literal", value, datatype: XSD + datatype });

  /** A name that is described, in its namespace or in that of its prefix.
   * @param {string} value @param {string} namespace */
  function known(value, namespace) {
    const colon = value.lastIndexOf(":");
    const prefix = colon < 0 ? namespace : value.slice(0, colon);
    const local = value.slice(colon + 1);
    const prefixes = new Map(guidegraph.names.prefixes);
    const start = prefixes.get(prefix);
    if (start === undefined) {
      const [near] = alike(prefix, prefixes.keys());
      throw new Unfit(
        `the prefix \`${prefix}:\` is not known.`,
        near ? `Did you mean \`${near}:\`?` : "Write the local name or the full address.",
      );
    }
    const names = new Map(guidegraph.names.things).get(prefix) ?? [];
    if (!names.includes(local)) {
      const near = alike(local, names);
      throw new Unfit(
        `nothing is called \`${local}\`.`,
        near.length
          ? `Did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?`
          : "Look its name up on the pages of this site.",
      );
    }
    return { kind: "iri", value: start + local };
  }

  /** Whether year, month and day are a day. @param {string} value @returns {boolean} */
  function isDay(value) {
    const [year, month, day] = value.split("-").map(Number);
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return year > 0 && month > 0 && month < 13 && day > 0 && day <= days[month - 1];
  }

  /** @type {Record<string, (value: string) => object>} */
  const READERS = {
    iri: (value) => {
      const match = /^<?([A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\s<>"{}|^`\\]+)>?$/.exec(value);
      return match ? { kind: "iri", value: match[1] } : known(value, "d");
    },
    code: (value) => known(value, "code"),
    string: (value) => ({ kind: "literal", value }),
    integer: (value) => {
      if (/^[+-]?[0-9]+$/.test(value)) return literal(value, "integer");
      throw new Unfit(`\`${value}\` is not a whole number.`, "Write digits only, like 24.");
    },
    decimal: (value) => {
      if (/^[+-]?[0-9]+(\.[0-9]+)?$/.test(value)) return literal(value, "decimal");
      throw new Unfit(
        `\`${value}\` is not a decimal number.`,
        "Write digits with a point and no other sign, like 1000 or 0.5.",
      );
    },
    date: (value) => {
      const advice = "Write year, month and day, like 2026-01-31.";
      if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) {
        throw new Unfit(`\`${value}\` is not a date.`, advice);
      }
      if (!isDay(value)) throw new Unfit(`there is no day \`${value}\`.`, advice);
      return literal(value, "date");
    },
    boolean: (value) => {
      if (value === "true" || value === "false") return literal(value, "boolean");
      throw new Unfit(`\`${value}\` is neither true nor false.`, "Write true or false.");
    },
    lang: (value) => {
      if (/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(value)) return { kind: "literal", value };
      throw new Unfit(`\`${value}\` is not the code of a language.`, "Write one like en or nl.");
    },
  };

  /** A term for each parameter that has a value, and what is wrong with the others.
   * @param {string} query its name
   * @param {Parameter[]} parameters
   * @param {Record<string, string>} given
   * @returns {{values: Value[], faults: object[]}} */
  function bind(query, parameters, given) {
    const values = [];
    const faults = [];
    for (const each of parameters) {
      const form = FORMS[each.type];
      const value = given[each.name] ?? each.default;
      if (value === null) {
        const about = each.description ? ` (${each.description})` : "";
        faults.push({
          code: "Q009",
          message: `The query \`${query}\` needs a value for \`${each.name}\`${about}.`,
          why: "The parameter has no default.",
          help: `Fill in ${each.name} (${form}).`,
          parameter: each.name,
        });
      } else if (value !== ANY || each.default !== ANY) {
        try {
          values.push({ name: each.name, ...READERS[each.type](value) });
        } catch (fault) {
          if (!(fault instanceof Unfit)) throw fault;
          faults.push({
            code: "Q010",
            message: `The value of \`${each.name}\` does not fit: ${fault.message}`,
            why: `The parameter is ${form}.`,
            help: fault.advice,
            parameter: each.name,
          });
        }
      }
    }
    return { values, faults };
  }

  /** The query with every parameter found in each group that speaks of it (on the same line).
   * @param {string} text @param {Token[]} words @param {string[]} names @returns {string} */
  function withParameters(text, words, names) {
    const insertions = groups(words).flatMap(([opening, first, last]) => {
      const used = words.slice(first, last).filter((each) => each.kind === "variable")
        .map((each) => each.text.slice(1));
      const found = names.filter((each) => used.includes(each))
        .map((each) => ` GRAPH <${GRAPH}> { <${NAMED}${each}> <${SAYS}> ?${each} }`);
      return found.length ? [{ at: opening.end, text: found.join("") }] : [];
    });
    insertions.sort((a, b) => b.at - a.at);
    return insertions.reduce(
      (sum, each) => sum.slice(0, each.at) + each.text + sum.slice(each.at), text,
    );
  }

  /** Each group of patterns: its opening brace, and the stretch of words it must answer for. The
   * group of a query or subquery answers for that query's columns and order, too.
   * @param {Token[]} words @returns {[Token, number, number][]} */
  function groups(words) {
    const closing = partners(words);
    /** @type {[number, number, boolean][]} */
    const outer = [[0, words.length, true]];
    /** @type {[Token, number, number][]} */
    const found = [];
    words.forEach((token, at) => {
      if (!isSign(token, "{")) return;
      while (at >= outer[outer.length - 1][1]) outer.pop();
      const [first, last, isQuery] = outer[outer.length - 1];
      const end = closing.get(at) ?? words.length;
      const isSubquery = Boolean(words[at + 1]?.text.toUpperCase().startsWith("SELECT"));
      if (!isSubquery && !isData(words, at)) {
        found.push(isQuery ? [token, first, last] : [token, at, end]);
      }
      outer.push([at, end, isSubquery]);
    });
    return found;
  }

  /** The place of each opening brace and that of the brace which closes it.
   * @param {Token[]} words @returns {Map<number, number>} */
  function partners(words) {
    const found = new Map();
    const open = [];
    words.forEach((token, at) => {
      if (isSign(token, "{")) open.push(at);
      else if (isSign(token, "}")) found.set(open.pop(), at);
    });
    return found;
  }

  /** Whether a brace opens the data of VALUES or the template of CONSTRUCT.
   * @param {Token[]} words @param {number} at @returns {boolean} */
  function isData(words, at) {
    let back = at - 1;
    if (back >= 0 && words[back].text.toUpperCase().endsWith("CONSTRUCT")) return true;
    const passes = (token) => token.kind === "variable" || ["(", ")"].includes(token.text);
    while (back >= 0 && passes(words[back])) back -= 1;
    return back >= 0 && words[back].text.toUpperCase().endsWith("VALUES");
  }

  /** The form of a query, in capitals. @param {Token[]} words @returns {string} */
  function formOf(words) {
    const found = words.find((each) => isWord(each, ...guidegraph.names.forms));
    return found ? found.text.toUpperCase() : "";
  }

  /** Whether the outermost query says in which order its rows come.
   * @param {Token[]} words @returns {boolean} */
  function isOrdered(words) {
    let depth = 0;
    return words.some((token) => {
      depth += Number(isSign(token, "{")) - Number(isSign(token, "}"));
      return depth === 0 && token.kind === "word" && token.text.toUpperCase().includes("ORDER");
    });
  }

  /** The names that fit a parameter, sorted; empty where any value may fit.
   * @param {string} type @returns {string[]} */
  function offered(type) {
    const prefix = { iri: "d", code: "code" }[type];
    const names = new Map(guidegraph.names.things).get(prefix) ?? [];
    return prefix ? [...names].sort(byCodePoint) : [];
  }

  Object.assign(guidegraph.query, {
    FORMS, GRAPH, NAMED, SAYS, bind, formOf, isOrdered, offered, withParameters,
  });
})();
