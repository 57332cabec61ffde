/* What a query may not do, found before anything runs: reach for the network, or change data.
 * The words are those of the toolkit. */
(() => {
  "use strict";
  const { Malformed, alike, byCodePoint, isSign, isWord, place, tokens } = guidegraph.query;

  /** @typedef {{kind: string, text: string, start: number, end: number}} Token */
  /** @typedef {[Token, string, string, string, string]} Refusal place, code, message, why, help */

  /** Everything for which a query is refused as it stands.
   * @param {string} text @returns {import("./words").Fault[]} */
  function faults(text) {
    let words;
    try {
      words = tokens(text);
    } catch (fault) {
      if (!(fault instanceof Malformed)) throw fault;
      return [{
        code: "Q001",
        message: fault.message,
        why: "The query cannot be read beyond this place.",
        help: fault.advice,
        ...place(text, fault.offset),
      }];
    }
    let found = [...services(words), ...datasets(words), ...updates(words)];
    if (!found.length) found = [...unknownWords(words), ...form(words), ...unknownPrefixes(words)];
    return found.map(([token, code, message, why, help]) => (
      { code, message, why, help, ...place(text, token.start) }
    ));
  }

  /** SERVICE: also where it is written together with the word beside it.
   * @param {Token[]} words @returns {Refusal[]} */
  function services(words) {
    return words.filter((token, at) => {
      const hidden = token.kind === "name"
        && token.text.split(":")[0].toUpperCase().includes("SERVICE")
        && isSign(words[at + 1], "{") && !isWord(words[at - 1], "GRAPH");
      return hidden || (token.kind === "word" && token.text.toUpperCase().includes("SERVICE"));
    }).map((token) => [
      token,
      "Q002",
      "`SERVICE` would send parts of this query to another machine.",
      "Queries are answered from the guideline alone, without the network.",
      "Remove the SERVICE part, or add the data you need to the guideline folder.",
    ]);
  }

  /** FROM and FROM NAMED. @param {Token[]} words @returns {Refusal[]} */
  function datasets(words) {
    return words
      .filter((token) => token.kind === "word" && token.text.toUpperCase().includes("FROM"))
      .map((token) => [
        token,
        "Q003",
        "`FROM` names another set of data to ask.",
        "There is one set of data: the guideline and the ontology. Nothing is fetched.",
        "Remove the FROM part.",
      ]);
  }

  /** Every form of SPARQL Update. @param {Token[]} words @returns {Refusal[]} */
  function updates(words) {
    return words.flatMap((token) => {
      const name = token.kind === "word"
        && guidegraph.names.updates.find((each) => token.text.toUpperCase().startsWith(each));
      return name ? [/** @type {Refusal} */ ([
        token,
        "Q004",
        name === "LOAD"
          ? "`LOAD` fetches data from an address and changes what is stored."
          : `\`${name}\` changes data; a query may only read.`,
        "A guideline changes in its files, where every change can be reviewed.",
        "Edit the files of the guideline, then ask again.",
      ])] : [];
    });
  }

  /** Words that SPARQL does not have. @param {Token[]} words @returns {Refusal[]} */
  function unknownWords(words) {
    const known = new Set(guidegraph.names.keywords);
    return words
      .filter((token) => token.kind === "word" && token.text !== "a"
        && !known.has(token.text.toUpperCase()))
      .map((token) => {
        const [near] = alike(token.text, known);
        return [
          token,
          "Q001",
          `\`${token.text}\` is not a word of SPARQL 1.1.`,
          "A bare word is a keyword or a function; what you ask about has a prefix, a `?` or "
            + "quotation marks.",
          near
            ? `Did you mean \`${near}\`?`
            : `Write \`d:${token.text}\`, \`?${token.text}\` or \`"${token.text}"\`, as you mean it.`,
        ];
      });
  }

  /** A query has one of four forms, and each begins with its word.
   * @param {Token[]} words @returns {Refusal[]} */
  function form(words) {
    if (words.some((each) => isWord(each, ...guidegraph.names.forms))) return [];
    return [[
      words[0] ?? { kind: "", text: "", start: 0, end: 0 },
      "Q001",
      "This is not a query: it has none of SELECT, ASK, CONSTRUCT and DESCRIBE.",
      "These words say in which form you want the answer.",
      "Write for example: SELECT ?r ?label WHERE { ?r a gg:Recommendation ; rdfs:label ?label }",
    ]];
  }

  /** Each prefix that is neither declared nor known, at its first use.
   * @param {Token[]} words @returns {Refusal[]} */
  function unknownPrefixes(words) {
    const always = guidegraph.names.prefixes.map((each) => each[0]);
    const known = new Set(always);
    /** @type {Refusal[]} */
    const found = [];
    words.forEach((token, at) => {
      if (token.kind !== "name") return;
      const prefix = token.text.split(":")[0];
      if (!known.has(prefix) && !isWord(words[at - 1], "PREFIX")) {
        const [near] = alike(prefix, known);
        const listed = [...always].sort(byCodePoint).map((each) => `${each}:`).join(", ");
        found.push([
          token,
          "Q005",
          `The prefix \`${prefix}:\` is not declared.`,
          "A prefix stands for the beginning of an address; without it the name means nothing.",
          `${near ? `Did you mean \`${near}:\`? ` : ""}Declare it (PREFIX ${prefix}: <…>), `
            + `or use one of those that are always there: ${listed}.`,
        ]);
      }
      known.add(prefix);
    });
    return found;
  }

  Object.assign(guidegraph.query, { faults });
})();
