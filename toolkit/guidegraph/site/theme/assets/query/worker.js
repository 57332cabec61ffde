/* The part of the worker that asks. It stands after the engine, in one script with it, and has no
 * network: what it may open is decided by the policy of the page that made it. */
(() => {
  "use strict";
  const { cell, inStableOrder, numbered, toCsv } = guidegraph.results;

  /** @type {Store | null} */
  let store = null;
  /** @type {[string, string][]} */
  let prefixes = [];
  /** @type {{columns: string[], rows: (object | null)[][]}} */
  let last = { columns: [], rows: [] };

  /** What an ask says: the query, the query with its parameters, and their values.
   * @typedef {{text: string, bound: string, form: string, ordered: boolean, shown: number,
   *            graph: string, says: string, named: string,
   *            values: {name: string, kind: string, value: string, datatype?: string}[]}} Ask */

  /** Read the graph. @param {{program: WebAssembly.Module, texts: string[],
   *   prefixes: [string, string][]}} told */
  function open(told) {
    initSync({ module: told.program });
    prefixes = told.prefixes;
    store = new Store();
    for (const each of told.texts) store.load(each, { format: "ttl" });
    return { kind: "ready", size: store.size };
  }

  /** @param {Ask} told */
  function ask(told) {
    const head = prefixes.map(([name, iri]) => `PREFIX ${name}: <${iri}>`).join(" ");
    const options = ["SELECT", "ASK"].includes(told.form) ? { results_format: "json" } : {};
    try {
      new Store().query(`${head}\n${told.text}`, options);
    } catch (fault) {
      return failed(fault, "read");
    }
    const quads = told.values.map((each) => quad(
      namedNode(told.named + each.name),
      namedNode(told.says),
      each.kind === "iri"
        ? namedNode(each.value)
        : literal(each.value, each.datatype ? namedNode(each.datatype) : undefined),
      namedNode(told.graph),
    ));
    quads.forEach((each) => store.add(each));
    try {
      return answer(told, store.query(`${head}\n${told.bound}`, options));
    } catch (fault) {
      return failed(fault, String(fault).includes("error at ") ? "bind" : "run");
    } finally {
      quads.forEach((each) => store.delete(each));
    }
  }

  /** @param {Ask} told @param {any} found */
  function answer(told, found) {
    if (told.form === "ASK") {
      const truth = JSON.parse(found).boolean;
      last = {
        columns: ["answer"],
        rows: [[{ kind: "literal", value: String(truth), display: String(truth) }]],
      };
      return { kind: "answer", form: "ask", truth, total: 1, ...last };
    }
    const isGraph = told.form !== "SELECT";
    let columns = ["subject", "predicate", "object"];
    let rows;
    if (isGraph) {
      const seen = new Map();
      for (const each of found) {
        seen.set(String(each), columns.map((name) => cell(described(each[name]), prefixes)));
      }
      rows = [...seen.values()];
    } else {
      const read = JSON.parse(found);
      columns = read.head.vars;
      rows = read.results.bindings.map((each) => columns.map((name) => cell(each[name], prefixes)));
    }
    last = { columns, rows: numbered(told.ordered ? rows : inStableOrder(rows)) };
    return {
      kind: "answer",
      form: isGraph ? "graph" : "select",
      columns,
      total: rows.length,
      rows: last.rows.slice(0, told.shown),
    };
  }

  /** A term of the engine as in SPARQL results JSON. @param {any} term */
  function described(term) {
    if (term.termType === "NamedNode") return { type: "uri", value: term.value };
    if (term.termType === "BlankNode") return { type: "bnode", value: term.value };
    if (term.termType !== "Literal") return { type: "literal", value: String(term) };
    return {
      type: "literal",
      value: term.value,
      "xml:lang": term.language,
      datatype: term.language ? undefined : term.datatype.value,
    };
  }

  /** What the engine says, and the place in the reader's text (ours stands one line above it).
   * @param {unknown} fault @param {"read" | "bind" | "run"} stage */
  function failed(fault, stage) {
    if (fault instanceof WebAssembly.RuntimeError) store = null;
    const told = fault instanceof Error ? fault.message : String(fault);
    const at = /error at (\d+):(\d+)/.exec(told);
    return {
      kind: "fault",
      stage,
      told,
      line: at ? Number(at[1]) - 1 : null,
      column: at ? Number(at[2]) : null,
      broken: store === null,
    };
  }

  /** @type {Record<string, (told: any) => object>} */
  const ANSWERS = { open, ask, csv: () => ({ kind: "csv", text: toCsv(last.columns, last.rows) }) };

  self.onmessage = (event) => {
    const { id, ...told } = event.data;
    let said;
    try {
      said = ANSWERS[told.kind](told);
    } catch (fault) {
      store = null;
      said = failed(fault, "run");
    }
    self.postMessage({ id, ...said });
  };
})();
