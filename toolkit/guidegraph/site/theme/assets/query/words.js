/* The words of a SPARQL query, each with its place, and what may have been meant by an unknown one.
 * The forms of words are those of the toolkit (guidegraph.names.grammar). */
(() => {
  "use strict";

  /**
   * A word of a query; start and end are offsets in its text.
   * @typedef {{kind: string, text: string, start: number, end: number}} Token
   */
  /**
   * A fault of a query: what is wrong, where, why, and what to do.
   * @typedef {{code: string, message: string, why: string, help: string,
   *            line: number, column: number}} Fault
   */

  const OPERANDS = ["iri", "name", "blank", "variable", "string", "language", "number"];
  const CLOSING = new Map([[")", "("], ["}", "{"], ["]", "["]]);
  const OPENING = [...CLOSING.values()];

  /** The text cannot be divided into words. */
  class Malformed extends Error {
    /** @param {number} offset @param {string} message @param {string} advice */
    constructor(offset, message, advice) {
      super(message);
      this.offset = offset;
      this.advice = advice;
    }
  }

  /** @type {(token: Token | null | undefined, sign: string) => boolean} */
  const isSign = (token, sign) => token?.kind === "sign" && token.text === sign;

  /** @type {(token: Token | null | undefined, ...words: string[]) => boolean} */
  const isWord = (token, ...words) =>
    token?.kind === "word" && words.includes(token.text.toUpperCase());

  /** Line and column (from 1) of an offset; a column is a character, however it is stored.
   * @param {string} text @param {number} offset @returns {{line: number, column: number}} */
  function place(text, offset) {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: [...before[before.length - 1]].length + 1 };
  }

  /** The offset of a line and column.
   * @param {string} text @param {number} line @param {number} column @returns {number} */
  function offsetOf(text, line, column) {
    const lines = text.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    return before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  }

  /** The words of a query without white space and comments; throws Malformed.
   * @param {string} text @returns {Token[]} */
  function tokens(text) {
    const forms = guidegraph.names.grammar;
    const form = new RegExp(forms.map(([kind, each]) => `(?<${kind}>${each})`).join("|"), "suy");
    /** @type {Token[]} */
    const found = [];
    /** @type {string[]} */
    const open = [];
    while (form.lastIndex < text.length) {
      const start = form.lastIndex;
      const match = form.exec(text);
      if (match === null || !match.groups) throw strange(text, start);
      const groups = match.groups;
      const kind = forms.map((each) => each[0]).find((each) => groups[each] !== undefined) ?? "";
      if (kind === "space" || kind === "comment") continue;
      const token = { kind, text: match[0], start, end: form.lastIndex };
      refuseAmbiguous(token, found[found.length - 1], open[open.length - 1] === "(");
      if (kind === "sign" && OPENING.includes(token.text)) open.push(token.text);
      else if (kind === "sign" && CLOSING.has(token.text)) open.pop();
      found.push(token);
    }
    checkBrackets(found);
    return found;
  }

  /** Refuse `(?a <b> ...`: an engine may see a comparison where we see an address.
   * @param {Token} token @param {Token | undefined} before @param {boolean} inParentheses */
  function refuseAmbiguous(token, before, inParentheses) {
    const afterOperand = before !== undefined
      && (OPERANDS.includes(before.kind) || isSign(before, ")") || isWord(before, "TRUE", "FALSE"));
    if (token.kind !== "iri" || !inParentheses || !afterOperand) return;
    if (/^<[A-Za-z][A-Za-z0-9+.\-]*:\/\//.test(token.text)) return;
    throw new Malformed(
      token.start,
      `\`${token.text}\` can be read as an address or as a comparison.`,
      "Put spaces around `<` and `>` to compare; write an address with a prefix.",
    );
  }

  /** Every bracket has its partner. @param {Token[]} found */
  function checkBrackets(found) {
    const open = [];
    for (const token of found) {
      if (token.kind !== "sign") continue;
      if (OPENING.includes(token.text)) {
        open.push(token);
      } else if (CLOSING.has(token.text)) {
        const partner = CLOSING.get(token.text);
        if (!open.length) {
          throw new Malformed(
            token.start,
            `This \`${token.text}\` closes nothing.`,
            `Remove it, or write the \`${partner}\` it belongs to.`,
          );
        }
        if (open[open.length - 1].text !== partner) break;
        open.pop();
      }
    }
    const last = open.pop();
    if (last) {
      throw new Malformed(
        last.start,
        `This \`${last.text}\` is never closed.`,
        "Write the closing bracket where its part of the query ends.",
      );
    }
  }

  /** What to say about a place at which no word of a query begins.
   * @param {string} text @param {number} offset @returns {Malformed} */
  function strange(text, offset) {
    const sign = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    if (sign === '"' || sign === "'") {
      return new Malformed(
        offset, "This text in quotes is never closed.", `Write the closing ${sign} mark.`,
      );
    }
    if (["\\u", "\\U"].includes(text.slice(offset, offset + 2))) {
      return new Malformed(
        offset,
        "Characters may not be hidden behind their numbers outside strings and addresses.",
        "Write the character itself.",
      );
    }
    const number = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return new Malformed(
      offset,
      `\`${sign}\` (U+${number}) has no meaning here.`,
      "Remove it, or put it in quotes if it is part of a text.",
    );
  }

  /** Order by code points, as everywhere in the toolkit. @type {(a: string, b: string) => number} */
  function byCodePoint(a, b) {
    const [left, right] = [[...a], [...b]];
    const shared = Math.min(left.length, right.length);
    for (let at = 0; at < shared; at += 1) {
      const apart = (left[at].codePointAt(0) ?? 0) - (right[at].codePointAt(0) ?? 0);
      if (apart) return apart;
    }
    return left.length - right.length;
  }

  /** How alike two words are (0 to 1): twice what they share, by all they have.
   * @param {string[]} a @param {string[]} b @returns {number} */
  function likeness(a, b) {
    return a.length + b.length ? (2 * shared(a, b)) / (a.length + b.length) : 1;
  }

  /** How many letters stand in stretches that both words have: the longest, then on either side.
   * @param {string[]} a @param {string[]} b @returns {number} */
  function shared(a, b) {
    let [size, atA, atB] = [0, 0, 0];
    let before = new Map();
    a.forEach((letter, i) => {
      const now = new Map();
      b.forEach((other, j) => {
        if (letter !== other) return;
        const run = (before.get(j - 1) ?? 0) + 1;
        now.set(j, run);
        if (run > size) [size, atA, atB] = [run, i - run + 1, j - run + 1];
      });
      before = now;
    });
    if (!size) return 0;
    return size + shared(a.slice(0, atA), b.slice(0, atB))
      + shared(a.slice(atA + size), b.slice(atB + size));
  }

  /** Up to three known names that look like this one, the likest first; capitals do not count.
   * @param {string} name @param {Iterable<string>} known @returns {string[]} */
  function alike(name, known) {
    const folded = new Map([...known].sort(byCodePoint).reverse().map((e) => [e.toLowerCase(), e]));
    const wanted = [...name.trim().toLowerCase()];
    return [...folded.keys()]
      .filter((each) => 2 * Math.min(each.length, wanted.length) / (each.length + wanted.length)
        >= 0.6)
      .map((each) => /** @type {[number, string]} */ ([likeness([...each], wanted), each]))
      .filter(([how]) => how >= 0.6)
      .sort((a, b) => b[0] - a[0] || byCodePoint(b[1], a[1]))
      .slice(0, 3)
      .map(([, each]) => folded.get(each) ?? each);
  }

  globalThis.guidegraph ??= {};
  guidegraph.query = {
    ...guidegraph.query, Malformed, alike, byCodePoint, isSign, isWord, offsetOf, place, tokens,
  };
})();
