/* Finding entries of the index by what somebody types: no page is touched here. */
(() => {
  "use strict";
  const guidegraph = (globalThis.guidegraph ??= {});

  /** Letters that are told apart in print, but typed without the difference. */
  const LETTERS = new Map(Object.entries({
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "μ": "u",
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
  }));
  const FOLDED = new RegExp(`[${[...LETTERS.keys()].join("")}]`, "gu");
  const RUN = /[\p{L}\p{N}\p{M}]+(?:[-\u2010\u2011/.:,'’_+^][\p{L}\p{N}\p{M}]+)*/gu;
  const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$|^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/;
  const NUMBER = /^\d+(?:[.,]\d+)*$/;
  const MEASURED = /^(\d+(?:[.,]\d+)*)(\p{L}.*)$/u;

  const LABEL = 0, NAME = 1, TEXT = 2;
  const EXACT = 0, PREFIX = 1, TYPO = 2;
  const SHORTEST = 5;

  /**
   * A text as it is compared: small letters without accents, spaces and signs of one kind.
   * @param {string} text
   * @returns {string}
   */
  function fold(text) {
    if (/^[ -~]*$/.test(text)) return text.toLowerCase().replace(/\bmcg\b/g, "ug").replace(/ +/g, " ").trim();
    return text
      .replace(/(\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))/g, "$1")
      .replace(/\d(?=[⁰¹²³⁴-⁹])/g, "$&^").normalize("NFKD").toLowerCase().replace(/\p{M}+/gu, "")
      .replace(FOLDED, (letter) => LETTERS.get(letter) ?? letter)
      .replace(/[\u2010\u2011]/g, "-").replace(/\bmcg\b/g, "ug").replace(/\s+/g, " ").trim();
  }

  /**
   * A number without separators of thousands and without zeros at its end: `2,000` is `2000`.
   * @param {string} run
   * @returns {string}
   */
  function number(run) {
    if (GROUPED.test(run)) {
      const last = Math.max(run.lastIndexOf(","), run.lastIndexOf("."));
      const mixed = run.includes(",") && run.includes(".");
      const whole = (mixed ? run.slice(0, last) : run).replace(/[.,]/g, "");
      return mixed ? trimmed(`${whole}.${run.slice(last + 1)}`) : whole;
    }
    return /^\d+[.,]\d+$/.test(run) ? trimmed(run.replace(",", ".")) : run;
  }

  /** @param {string} decimal @returns {string} */
  function trimmed(decimal) {
    return decimal.replace(/0+$/, "").replace(/\.$/, "");
  }

  /**
   * What a run of letters and digits is found by: itself, or all of its parts together.
   * @param {string} run folded
   * @returns {{whole: string[], parts: string[]}[]}
   */
  function terms(run) {
    if (NUMBER.test(run)) return [{ whole: [number(run)], parts: [] }];
    const measured = MEASURED.exec(run);
    if (measured) {
      const [, digits, unit] = measured;
      const split = [...terms(digits), ...terms(unit)];
      return unit.length === 1 && !run.includes("/") ? [{ whole: [run], parts: parts(split) }] : split;
    }
    const pieces = run.split(/[-/.:,'’_+^]/).filter(Boolean);
    if (pieces.length < 2) return [{ whole: [run], parts: [] }];
    if (pieces.every((each) => NUMBER.test(each))) return pieces.flatMap(terms);
    const joined = /[/.:,+^]/.test(run) ? [] : [pieces.join("")];
    return [{ whole: [run, ...joined], parts: parts(pieces.flatMap(terms)) }];
  }

  /** @param {{whole: string[], parts: string[]}[]} found @returns {string[]} */
  function parts(found) {
    return found.flatMap((each) => (each.parts.length ? each.parts : each.whole.slice(0, 1)));
  }

  /** The runs of a text. @param {string} text @returns {string[]} */
  const runs = (text) => fold(text).match(RUN) ?? [];

  /** What a run is found by, and what is left of it without signs; kept while an index is made. */
  const kept = new Map();
  const taken = (run) => {
    const held = kept.get(run);
    if (held) return held;
    const split = terms(run);
    const made = { words: split.flatMap((term) => [...term.whole, ...term.parts]), bare: parts(split).join("") };
    kept.set(run, made);
    return made;
  };

  /** A text without anything between its words: what is the same to somebody who types. */
  const squeezed = (text) => runs(text).map((run) => taken(run).bare).join("");

  /** Every word by which a text is found. @param {string} text @returns {Set<string>} */
  const words = (text) => new Set(runs(text).flatMap((run) => taken(run).words));

  /**
   * The index made ready: words in order, each with the entries and fields it stands in.
   * @param {{kinds: string[], chapters: string[], entries: any[][]}} index
   */
  function prepare(index) {
    const places = new Map();
    const names = new Map();
    const ends = new Map();
    const labels = [];
    const put = (text, entry, field) => {
      for (const word of words(text)) {
        const held = places.get(word);
        const packed = entry * 4 + field;
        if (!held) places.set(word, [packed]);
        else if (held[held.length - 1] >> 2 !== entry) held.push(packed);
      }
    };
    const name = (held, text, entry) => {
      const key = squeezed(text);
      if (held.has(key)) held.get(key).add(entry);
      else held.set(key, new Set([entry]));
    };
    index.entries.forEach(([, title, , kind, chapter, marks, others, figures, text], entry) => {
      const own = [title, ...others.filter((_, place) => place % 2)];
      labels.push([...own, `${index.kinds[kind]} ${title}`].map(squeezed));
      for (const each of [...own, index.kinds[kind], index.chapters[chapter]]) put(each, entry, LABEL);
      for (const each of marks) put(each, entry, NAME);
      put(figures, entry, NAME);
      put(text, entry, TEXT);
      for (const each of [title, ...marks]) name(names, each, entry);
      for (const each of marks) name(ends, each.replace(/^[^-:]*[-:]/, ""), entry);
    });
    kept.clear();
    return { index, places, names, ends, labels, sorted: [...places.keys()].sort(), work: 0 };
  }

  /** Whether a word begins with the query, give or take one letter. */
  function near(query, word) {
    let at = 0;
    while (at < query.length && query[at] === word[at]) at += 1;
    if (!at && query[1] !== word[1] && query[0] !== word[1] && query[1] !== word[0]) return false;
    const rest = query.slice(at + 1);
    return word.startsWith(rest, at + 1) || word.startsWith(query.slice(at), at + 1) ||
      word.startsWith(rest, at) ||
      (query[at] === word[at + 1] && query[at + 1] === word[at] && word.startsWith(query.slice(at + 2), at + 2));
  }

  /** Where the words that begin so start in the order of words. */
  function start(sorted, beginning) {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < beginning) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The words of an index that a word of a query stands for, each with how well it fits. */
  function* meant(ready, query, forgiving) {
    let found = false;
    for (let at = start(ready.sorted, query); ready.sorted[at]?.startsWith(query); at += 1) {
      ready.work += 1;
      found = true;
      yield [ready.sorted[at], ready.sorted[at] === query ? EXACT : PREFIX];
    }
    if ((found && !forgiving) || query.length < SHORTEST || /\d/.test(query)) return;
    ready.work += ready.sorted.length;
    for (const word of ready.sorted) {
      if (word.length >= query.length - 1 && !word.startsWith(query) && near(query, word)) yield [word, TYPO];
    }
  }

  /** The entries in which a word stands, each with its rank: field first, then how well it fits. */
  function standing(ready, query, forgiving) {
    const found = new Map();
    for (const [word, how] of meant(ready, query, forgiving)) {
      for (const packed of ready.places.get(word)) {
        ready.work += 1;
        const field = packed & 3, entry = packed >> 2;
        const rank = how === TYPO ? 12 + field : field * 4 + how;
        if (!(found.get(entry) <= rank)) found.set(entry, rank);
      }
    }
    return found;
  }

  /** The same for a term: as a whole, or else all of its parts. */
  function holding(ready, term, forgiving) {
    const found = new Map();
    for (const word of term.whole) {
      for (const [entry, rank] of standing(ready, word, forgiving)) {
        if (!(found.get(entry) <= rank)) found.set(entry, rank);
      }
    }
    if (term.parts.length < 2 || found.size) return found;
    const inParts = term.parts.map((word) => standing(ready, word, forgiving));
    for (const [entry, first] of inParts[0]) {
      if (found.has(entry) || !inParts.every((each) => each.has(entry))) continue;
      found.set(entry, Math.max(first, ...inParts.map((each) => each.get(entry))));
    }
    return found;
  }

  /**
   * How good a hit is, the best being 0: a name or title, the end of a name or another label, the
   * beginning of a label, words of it, names and figures, text, and with a letter wrong.
   */
  function tier(ready, entry, phrase, ranks) {
    if (ready.names.get(phrase)?.has(entry)) return 0;
    const worst = Math.max(...ranks);
    if (worst >= 12) return 6;
    if (ready.ends.get(phrase)?.has(entry) || ready.labels[entry].includes(phrase)) return 1;
    if (ready.labels[entry].some((label) => label.startsWith(phrase))) return 2;
    return 3 + (worst >> 2);
  }

  /**
   * What is found for a query, best first. `some` says that nothing has all of its words, and these
   * have most of them.
   * @param {ReturnType<typeof prepare>} ready
   * @param {string} query
   * @returns {{hits: {entry: number, tier: number}[], some: boolean, work: number}}
   */
  function find(ready, query) {
    ready.work = 0;
    const phrase = squeezed(query);
    const asked = runs(query).flatMap(terms).slice(0, 12);
    if (!asked.length) return { hits: [], some: false, work: 0 };
    for (const forgiving of [false, true]) {
      const held = asked.map((term) => holding(ready, term, forgiving));
      const least = held.reduce((a, b) => (b.size < a.size ? b : a));
      const all = [...least.keys()].filter((entry) => held.every((each) => each.has(entry)));
      if (all.length) return { hits: ranked(ready, all, held, phrase), some: false, work: ready.work };
      if (forgiving && asked.length > 1) return most(ready, held, phrase);
    }
    return { hits: [], some: false, work: ready.work };
  }

  /** The entries that have the most words, where none has all. */
  function most(ready, held, phrase) {
    const counts = new Map();
    for (const each of held) for (const entry of each.keys()) counts.set(entry, (counts.get(entry) ?? 0) + 1);
    const highest = Math.max(0, ...new Set(counts.values()));
    const found = [...counts.keys()].filter((entry) => counts.get(entry) === highest);
    return { hits: ranked(ready, found, held, phrase), some: true, work: ready.work };
  }

  /** In order: the tier, titles that are nearly finished, how many words fit only in part, pages before places, as on the site. */
  function ranked(ready, found, held, phrase) {
    const hits = found.map((entry) => {
      const ranks = held.map((each) => each.get(entry) ?? 12);
      const loose = ranks.reduce((sum, rank) => sum + (rank & 3), 0);
      const place = ready.index.entries[entry][0].includes("#") ? 1 : 0;
      const nearly = ready.labels[entry].some((label) => label.startsWith(phrase) && label.length <= 2 * phrase.length);
      return { entry, tier: tier(ready, entry, phrase, ranks), nearly: nearly ? 0 : 1, loose, place };
    });
    hits.sort((a, b) => a.tier - b.tier || a.nearly - b.nearly || a.loose - b.loose || a.place - b.place || a.entry - b.entry);
    return hits.map(({ entry, tier: at }) => ({ entry, tier: at }));
  }

  /**
   * A text in pieces, each with whether it is what was asked for.
   * @param {string} text
   * @param {string} query
   * @returns {[string, boolean][]}
   */
  function marked(text, query) {
    const asked = runs(query).flatMap(terms);
    const whole = asked.flatMap((term) => term.whole);
    const some = [...whole, ...asked.flatMap((term) => term.parts)];
    const pieces = [];
    let done = 0;
    const mark = (from, to) => {
      if (from > done) pieces.push([text.slice(done, from), false]);
      pieces.push([text.slice(from, to), true]);
      done = to;
    };
    for (const run of text.matchAll(RUN)) {
      const asWhole = terms(fold(run[0])).flatMap((term) => term.whole);
      if (asWhole.some((word) => fits(whole, word))) mark(run.index, run.index + run[0].length);
      else {
        for (const part of run[0].matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
          const from = run.index + part.index;
          if (fits(some, fold(part[0]))) mark(from, from + part[0].length);
        }
      }
    }
    if (done < text.length) pieces.push([text.slice(done), false]);
    return pieces;
  }

  /** Whether one of the words asked for begins a word, or nearly does. */
  function fits(asked, word) {
    return asked.some((each) => word.startsWith(each) ||
      (each.length >= SHORTEST && !/\d/.test(each) && word.length >= each.length - 1 && near(each, word)));
  }

  guidegraph.search = Object.assign(guidegraph.search ?? {}, { fold, words, prepare, find, marked });
})();
