/* What the cells of a table are compared by: no page is touched here. */
(() => {
  "use strict";
  const guidegraph = (globalThis.guidegraph ??= {});

  const NUMBER = /^[^\p{L}\p{N}]*?([-\u2212]?\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|[-\u2212]?\d+(?:\.\d+)?)/u;
  const NUMBERED = /^\d+\p{L}*\s*[:)]|^\d+\p{L}/u;
  const LONGEST = 60;
  const DATE = /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/;
  const FIGURE = String.raw`[<>≤≥≈~±+\-\u2212\u2010-\u2015\s]*\d[\d.,\u00a0\u202f]*`;
  const UNIT = new RegExp(`^${FIGURE}(?:\\s*(?:to|of|and|vs\\.?|\\u2013|-)\\s*${FIGURE})*\\s*([^\\s\\d(),;·]+)?`, "u");

  /** Units that are one another's multiples: the factor to the first of their family. */
  const FAMILIES = [
    { "ng/L": 1, "pg/mL": 1, "µg/L": 1e3, "ug/L": 1e3, "ng/mL": 1e3, "µg/mL": 1e6, "ug/mL": 1e6, "mg/L": 1e6, "mg/dL": 1e7, "g/L": 1e9, "g/dL": 1e10 },
    { s: 1, min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600, d: 86400, day: 86400, days: 86400, week: 604800, weeks: 604800 },
    { bytes: 1, byte: 1, kB: 1e3, MB: 1e6 },
  ];
  const UNITS = new Map(FAMILIES.flatMap((each, family) => Object.entries(each).map(([unit, factor]) => [unit, { family: `${family}`, factor }])));

  /**
   * The first number of a printed figure, without separators of thousands; null if it has none.
   * @param {string} text
   * @returns {number | null}
   */
  function number(text) {
    const found = NUMBER.exec(text.trim());
    return found ? Number(found[1].replace(/[,\u00a0\u202f]/g, "").replace("\u2212", "-")) : null;
  }

  /**
   * A figure as printed: its number in the smallest unit of its family, and that family.
   * @param {string} text
   * @returns {{value: number, family: string} | null}
   */
  function figure(text) {
    const value = number(text);
    if (value === null) return null;
    const unit = (UNIT.exec(text.trim().replace(/\u03bc/g, "µ"))?.[1] ?? "").replace(/[.:]$/, "");
    const known = UNITS.get(unit);
    return known ? { value: value * known.factor, family: known.family } : { value, family: unit };
  }

  /** Whether a cell is a figure, and not words that begin with a number: `4a: low D-dimer`. */
  const isFigure = (text) => text.length <= LONGEST && !NUMBERED.test(text) && number(text) !== null;

  /**
   * What a column holds: dates, figures (but for a few cells) or words.
   * @param {string[]} texts
   * @returns {"date" | "figure" | "text"}
   */
  function form(texts) {
    const told = texts.map((each) => each.trim()).filter(says);
    if (!told.length) return "text";
    if (told.every((each) => DATE.test(each)) && told.some((each) => each.includes("-"))) return "date";
    const figures = told.filter(isFigure).length;
    return figures * 10 >= told.length * 7 ? "figure" : "text";
  }

  /** Whether a cell says anything. */
  const says = (text) => !/^[\s–—-]*$/.test(text);

  /**
   * The order of the rows by one column: places in the original order. Equal rows keep their
   * places, and cells that say nothing come last in both directions.
   * @param {string[]} texts one for each row
   * @param {boolean} falling
   * @param {string} language
   * @returns {number[]}
   */
  function order(texts, falling, language) {
    const kind = form(texts);
    const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
    const keys = texts.map((text) => ({ text: text.trim(), figure: kind === "figure" ? figure(text) : null }));
    const rank = (key) => (!says(key.text) ? 2 : kind === "figure" && !key.figure ? 1 : 0);
    const compare = (a, b) => {
      if (!says(a.text)) return 0;
      if (kind === "date") return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
      if (a.figure && b.figure) {
        return collator.compare(a.figure.family, b.figure.family) || a.figure.value - b.figure.value;
      }
      return collator.compare(a.text, b.text);
    };
    return texts.map((_, place) => place).sort((a, b) =>
      rank(keys[a]) - rank(keys[b]) || (falling ? -1 : 1) * compare(keys[a], keys[b]) || a - b);
  }

  /**
   * A text as it is compared by a filter: small letters, no accents, numbers without separators.
   * @param {string} text
   * @returns {string}
   */
  function plain(text) {
    return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/\u03bc/g, "u")
      .replace(/(\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))/g, "$1").replace(/\s+/g, " ").trim();
  }

  /**
   * Whether a row has every word of a filter.
   * @param {string} row
   * @param {string} asked
   * @returns {boolean}
   */
  function has(row, asked) {
    const words = plain(asked).split(" ").filter(Boolean);
    const text = plain(row);
    return words.every((word) => text.includes(word));
  }

  guidegraph.tables = { number, figure, form, order, plain, has };
})();
