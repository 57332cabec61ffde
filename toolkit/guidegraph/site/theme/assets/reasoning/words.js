/**
 * Numbers, units, times and names in words, as everywhere else in the guideline's reports.
 *
 * @typedef {import("./exact.js").Fraction} Fraction
 */
globalThis.guidegraph ??= {};
guidegraph.words = (() => {
  "use strict";
  const { compare, fraction, plain } = guidegraph.exact;
  const ONE = fraction(1n);
  const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
  const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const raise = (digits) => digits.replace(/\d/g, (digit) => RAISED[digit]);

  /** Text without the white space at its ends. @param {string} text */
  const strip = (text) => text.replace(ENDS, "");

  /** A number for people: `1,000`, `0.5`, `−4`. @param {Fraction} value */
  function readable(value) {
    const grouped = (digits) => String(BigInt(digits)).replace(/\B(?=(\d{3})+$)/g, ",");
    return plain(value).replace(/(?<![.\d])\d+/g, grouped).replace("-", "−");
  }

  /** A UCUM code as people write it: `µg/L` for `ug/L`. @param {?string} [code] */
  function unitLabel(code) {
    const usual = guidegraph.described.words.units;
    if (code === undefined || code === null) return "";
    if (Object.hasOwn(usual, code)) return usual[code];
    return code
      .replace(/\[iu\]/gi, "IU")
      .replace(/[{}]/g, "")
      .replaceAll("_", " ")
      .replace(/^10[*^](\d+)/, (_, power) => `× 10${raise(power)}`)
      .replace(/(?<=m)[23](?![\p{L}\p{N}_])/gu, raise)
      .replace(/(?<![A-Za-z[])u(?=(?:g|L|mol|m|s|U|IU|kat)(?![\p{L}\p{N}_]))/gu, "µ");
  }

  /** A number with its unit: `1,000 µg/L`, `1 year`, `93%`. */
  function amount(value, unit) {
    let label = unitLabel(unit);
    const isOne = compare(value, ONE) === 0;
    if (isOne && ["a", "mo", "wk", "d"].includes(unit)) label = label.replace(/s$/, "");
    const gap = !label || label === "%" || label.startsWith("/") ? "" : " ";
    return readable(value) + gap + label;
  }

  /** A length of time: `36 h`, `12 h 1 min`. @param {number} minutes */
  function duration(minutes) {
    const size = Math.abs(minutes);
    const [hours, rest] = [Math.floor(size / 60), size % 60];
    const parts = hours ? [`${readable(fraction(BigInt(hours)))} h`] : [];
    if (rest || !hours) parts.push(`${rest} min`);
    return parts.join(" ");
  }

  /** A minute as people say it: `36 h after admission`. */
  function moment(minute, anchor) {
    if (minute === 0) return `at ${anchor}`;
    return `${duration(minute)} ${minute > 0 ? "after" : "before"} ${anchor}`;
  }

  /** What a number may be: `10 or more and less than 200`. */
  function span(low, high, closedLow = true, closedHigh = true) {
    const parts = [];
    if (low) parts.push(closedLow ? `${plain(low)} or more` : `more than ${plain(low)}`);
    if (high) parts.push(closedHigh ? `${plain(high)} or less` : `less than ${plain(high)}`);
    return parts.join(" and ");
  }

  /** Text of a document as it can be shown: short, one line, no control characters. */
  function shown(text) {
    const printable = [...text].map((each) => (/[\p{C}\p{Z}]/u.test(each) && each !== " " ? "\ufffd" : each));
    const short = printable.length > 60 ? [...printable.slice(0, 59), "…"] : printable;
    return "`" + short.join("") + "`";
  }

  /** A question with the likest known name; or else `otherwise`, or the names there are. */
  function didYouMean(name, known, otherwise = "") {
    const names = [...known].sort(byCodePoint);
    const [near] = alike(name, names);
    if (near !== undefined) return `Did you mean \`${near}\`?`;
    if (otherwise) return otherwise;
    const listed = names.slice(0, 12).map((each) => `\`${each}\``).join(", ");
    return names.length ? `There are: ${listed}${names.length > 12 ? ", …" : ""}.` : "There are none.";
  }

  /** Up to three known names that look like this one, the likest first; capitals do not count. */
  function alike(name, known) {
    const folded = new Map();
    for (const each of [...known].sort(byCodePoint).reverse()) folded.set(each.toLowerCase(), each);
    const wanted = [...strip(name).toLowerCase()];
    const scored = [...folded.keys()].map((each) => ({ each, likeness: likeness([...each], wanted) }));
    return scored
      .filter(({ likeness: score }) => score >= 0.6)
      .sort((a, b) => b.likeness - a.likeness || byCodePoint(b.each, a.each))
      .slice(0, 3)
      .map(({ each }) => folded.get(each));
  }

  /** How like two texts are: 2 × what matches / all there is (Ratcliff and Obershelp). */
  function likeness(one, other) {
    const total = one.length + other.length;
    return total ? (2 * matching(one, other, 0, one.length, 0, other.length)) / total : 1;
  }

  /** How many characters match: the longest common run, then on either side of it. */
  function matching(one, other, from, to, start, end) {
    let [best, at, place] = [0, from, start];
    let before = new Map();
    for (let i = from; i < to; i += 1) {
      const here = new Map();
      for (let j = start; j < end; j += 1) {
        if (one[i] !== other[j]) continue;
        const length = (before.get(j - 1) ?? 0) + 1;
        here.set(j, length);
        if (length > best) [best, at, place] = [length, i - length + 1, j - length + 1];
      }
      before = here;
    }
    if (!best) return 0;
    const left = matching(one, other, from, at, start, place);
    return best + left + matching(one, other, at + best, to, place + best, end);
  }

  function byCodePoint(one, other) {
    const [a, b] = [[...one], [...other]];
    for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
      const apart = a[place].codePointAt(0) - b[place].codePointAt(0);
      if (apart) return apart;
    }
    return a.length - b.length;
  }

  return { SPACE, strip, readable, unitLabel, amount, duration, moment, span, shown, didYouMean, alike };
})();
