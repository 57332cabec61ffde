/* Running a query where it is described, or one of the reader's own: values, editor, answer.
 * Nothing is sent anywhere: the engine and the graph are files of this site, fetched on request. */
(() => {
  "use strict";
  const { client, faultList, make, place, offsetOf, summary, table } = guidegraph.query;

  /** @typedef {{name: string, type: string, default: ?string, description: string,
   *             example: ?string}} Parameter */
  /** @typedef {{name: string, title: string, topic: string, text: string,
   *             parameters: Parameter[]}} Query */

  const EMPTY = { name: "your query", title: "", topic: "", text: "", parameters: [] };
  const SAMPLE = "SELECT ?thing ?label WHERE {\n  ?thing a gg:Recommendation ; rdfs:label ?label\n}";
  const ENDS = "The query ends too early.";
  const EXACT = "The file holds every value exactly as it is. A spreadsheet takes a cell that begins "
    + "with =, +, - or @ for a formula: import the columns as text.";

  const panel = document.getElementById("asking");
  const told = document.getElementById("asking-data");
  if (!panel || !told) return;
  const data = JSON.parse(told.textContent ?? "{}");
  /** @type {Query[]} */
  const queries = data.queries;
  /** @type {Query} */
  let query = data.menu ? EMPTY : queries[0];

  // --- what stands on the page ------------------------------------------------------------------

  /** @type {(words: string, act: () => void, style?: string) => HTMLButtonElement} */
  function button(words, act, style = "") {
    const made = make("button", style, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  const form = make("form", "query-form");
  const values = make("fieldset", "values");
  const editor = make("textarea", "editor");
  editor.id = "asking-text";
  editor.spellcheck = false;
  editor.setAttribute("autocapitalize", "off");
  editor.setAttribute("autocomplete", "off");
  editor.setAttribute("aria-describedby", "asking-keys");
  const keys = make("p", "note", "Ctrl+Enter (⌘+Enter) runs it. Prefixes need not be declared.");
  keys.id = "asking-keys";
  const seconds = make("input");
  seconds.type = "number";
  seconds.min = "1";
  seconds.max = "600";
  seconds.value = String(data.seconds);
  seconds.id = "asking-seconds";
  const run = make("button", "", "Run");
  run.type = "submit";
  const cancel = button("Cancel", () => client.cancel(), "quiet");
  cancel.disabled = true;
  const undo = button("Back to the published text", () => choose(query), "quiet");
  const status = make("p", "query-status");
  status.setAttribute("role", "status");
  const clock = make("span", "clock");
  const answer = make("div", "query-answer");

  /** @type {(words: string, to: string) => HTMLLabelElement} */
  function label(words, to) {
    const made = make("label", "", words);
    made.htmlFor = to;
    return made;
  }

  /** A menu with a button that does something with what is chosen.
   * @param {string} id @param {string} words @param {string} doing
   * @param {[string, [string, string][]][]} groups @param {(value: string) => void} act */
  function menu(id, words, doing, groups, act) {
    const select = make("select");
    select.id = id;
    for (const [title, entries] of groups) {
      const group = make("optgroup");
      group.label = title;
      for (const [value, shown] of entries) {
        const option = make("option", "", shown);
        option.value = value;
        group.append(option);
      }
      select.append(group);
    }
    const go = button(doing, () => act(select.value), "quiet");
    return make("div", "line", label(words, id), select, go);
  }

  /** The queries by topic, as the gallery lists them. */
  function named() {
    /** @type {Map<string, [string, string][]>} */
    const topics = new Map();
    queries.forEach((each, at) => {
      topics.set(each.topic, [...(topics.get(each.topic) ?? []), [String(at), each.title]]);
    });
    return menu("asking-query", "Begin with a query", "Put it into the editor", [...topics],
      (at) => { choose(queries[Number(at)]); editor.focus(); });
  }

  /** Names of the vocabulary, put in where the caret stands. */
  function vocabulary() {
    return menu("asking-name", "Name", "Insert", data.names.map(
      ([title, found]) => [title, found.map((each) => [each, each])],
    ), (name) => {
      editor.setRangeText(`${name} `, editor.selectionStart, editor.selectionEnd, "end");
      editor.focus();
    });
  }

  // --- values -----------------------------------------------------------------------------------

  /** @type {(name: string) => HTMLInputElement | HTMLSelectElement | null} */
  const field = (name) => values.querySelector(`[name="${CSS.escape(name)}"]`);

  /** A field for a parameter, and what it is for. @param {Parameter} parameter */
  function entry(parameter) {
    const id = `asking-value-${parameter.name}`;
    const isChoice = parameter.type === "boolean";
    const input = make(isChoice ? "select" : "input");
    input.id = id;
    input.name = parameter.name;
    const any = parameter.default === "*";
    const needed = parameter.default === null;
    if (isChoice) {
      const none = any ? "any" : `default (${parameter.default ?? "none"})`;
      for (const [value, words] of [["", none], ["true", "true"], ["false", "false"]]) {
        const option = make("option", "", words);
        option.value = value;
        input.append(option);
      }
    } else {
      input.type = parameter.type === "date" ? "date" : "text";
      if (["integer", "decimal"].includes(parameter.type)) {
        input.inputMode = parameter.type === "integer" ? "numeric" : "decimal";
      }
      input.autocomplete = "off";
      input.spellcheck = false;
      if (parameter.default && !any) input.value = parameter.default;
      else if (parameter.example) input.placeholder = `for example ${parameter.example}`;
      if (["iri", "code"].includes(parameter.type)) input.setAttribute("list", `${id}-names`);
    }
    input.required = needed;
    const hint = make("span", "note", `${parameter.description || parameter.name} `
      + `(${guidegraph.query.FORMS[parameter.type]}; ${needed ? "needed" : "may stay empty"})`);
    hint.id = `${id}-hint`;
    input.setAttribute("aria-describedby", hint.id);
    const names = make("datalist");
    names.id = `${id}-names`;
    names.dataset.type = parameter.type;
    return make("div", "entry", label(parameter.name, id), input, hint, names);
  }

  /** Offer the names there are, once they are known. */
  async function offer() {
    try {
      await client.names();
    } catch {
      return;
    }
    for (const each of values.querySelectorAll("datalist:empty")) {
      each.append(...guidegraph.query.offered(each.dataset.type).map((name) => {
        const option = make("option", "", guidegraph.names.links[`d:${name}`]?.[1] ?? "");
        option.value = name;
        return option;
      }));
    }
  }

  /** What was filled in; a field left empty means the default. */
  function given() {
    const found = {};
    for (const each of query.parameters) {
      const value = field(each.name)?.value ?? "";
      if (value !== "") found[each.name] = value.trim() || value;
    }
    return found;
  }

  /** Put a query and its values into the form. @param {Query} chosen */
  function choose(chosen) {
    query = chosen;
    editor.value = chosen.text;
    editor.rows = Math.min(Math.max(chosen.text.split("\n").length + 1, 8), 30);
    values.replaceChildren(make("legend", "", "Values"), ...chosen.parameters.map(entry));
    values.hidden = !chosen.parameters.length;
    if (chosen.parameters.some((each) => each.example)) {
      values.append(button("Fill in the example", () => {
        for (const each of chosen.parameters) {
          const input = field(each.name);
          if (input && each.example) input.value = each.example;
        }
      }, "quiet"));
    }
    undo.hidden = !chosen.text;
    answer.replaceChildren();
    status.textContent = "";
  }

  // --- running ----------------------------------------------------------------------------------

  /** Show faults; nothing else of an earlier answer stays. @param {any[]} found */
  function refuse(found) {
    for (const each of query.parameters) {
      const wrong = found.some((fault) => fault.parameter === each.name);
      field(each.name)?.setAttribute("aria-invalid", String(wrong));
    }
    status.textContent = "The query was not run.";
    answer.replaceChildren(faultList(found, go));
  }

  /** Go to the place of a fault. @param {any} fault */
  function go(fault) {
    if (fault.parameter) {
      field(fault.parameter)?.focus();
      return;
    }
    const at = offsetOf(editor.value, fault.line, fault.column);
    editor.focus();
    editor.setSelectionRange(at, Math.min(at + 1, editor.value.length));
  }

  /** What the engine says of a query, in words. @param {any} said @returns {any} */
  function explained(said) {
    const text = editor.value;
    if (said.stage === "read" && said.line !== null) {
      const lines = text.split("\n");
      const line = Math.min(Math.max(said.line, 1), lines.length);
      const last = lines[lines.length - 1].trimEnd();
      const ends = said.line > lines.length
        || (said.line === lines.length && said.column > [...last].length);
      const expected = [...new Set([...said.told.matchAll(/"([^"\s\p{L}\p{N}_\\]+)"/gu)]
        .map((each) => each[1]))].sort(guidegraph.query.byCodePoint);
      return {
        code: "Q001",
        message: ends ? ENDS : "The query cannot be understood from here on.",
        why: expected.length
          ? `Here could stand: ${expected.join("  ")}`
          : "The words here do not fit together.",
        help: "Look at this place and at what comes just before it.",
        line,
        column: said.column,
      };
    }
    if (said.stage === "bind") {
      return {
        code: "Q006",
        message: "A parameter is also given a value inside the query, or stands where it cannot be "
          + "bound.",
        why: "A parameter has its value before the query begins, in every group that speaks of it.",
        help: "Give the variable of BIND or `AS` another name; write out the template of CONSTRUCT.",
      };
    }
    const called = /function (<[^>]+>)/.exec(said.told);
    return {
      code: "Q012",
      message: called
        ? `The query uses a function that does not exist: ${called[1]}.`
        : "The query cannot be carried out.",
      why: called ? "Only the functions of SPARQL 1.1 are there." : said.told,
      help: called ? "Use one of the functions of SPARQL 1.1." : "Change the query.",
      ...(called ? place(text, Math.max(text.indexOf(called[1]), 0)) : {}),
    };
  }

  /** The answer as a file. */
  async function save() {
    const text = await client.csv();
    if (text === null) {
      status.textContent = "The answer is no longer there: run the query again.";
      return;
    }
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const link = make("a");
    link.href = address;
    link.download = `${query.name.replace(/[^\w.-]+/g, "-")}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  /** @param {any} said @param {number} limit */
  function show(said, limit) {
    if (said.kind === "cancelled") {
      status.textContent = "Cancelled.";
    } else if (said.kind === "late") {
      refuse([{
        code: "Q011",
        message: `The query was stopped: it had no answer after ${limit} s.`,
        why: "Patterns that share no variable are combined each with each, which grows without end.",
        help: "Connect the patterns by a variable, add a LIMIT, or allow more time.",
      }]);
      status.textContent = "Stopped.";
    } else if (said.kind === "fault") {
      refuse([explained(said)]);
    } else {
      status.textContent = summary(said);
      const csv = button("Download as CSV", save, "quiet");
      answer.replaceChildren(
        ...(said.form === "ask" || !said.total ? [] : [table(said, "Answer")]), csv,
        make("p", "note", EXACT),
      );
    }
  }

  /** Everything that can be said before anything runs. @returns {{question?: any, found: any[]}} */
  function prepared() {
    const { faults, bind, formOf, isOrdered, tokens, withParameters } = guidegraph.query;
    const text = editor.value;
    const found = faults(text);
    const bound = bind(query.name, query.parameters, given());
    if (found.length || bound.faults.length) return { found: [...found, ...bound.faults] };
    const words = tokens(text);
    const question = {
      text,
      bound: withParameters(text, words, bound.values.map((each) => each.name)),
      values: bound.values,
      form: formOf(words),
      ordered: isOrdered(words),
      shown: data.shown,
      graph: guidegraph.query.GRAPH,
      says: guidegraph.query.SAYS,
      named: guidegraph.query.NAMED,
    };
    return { question, found: [] };
  }

  /** Run what stands in the editor. */
  async function start() {
    if (run.disabled) return;
    run.disabled = true;
    cancel.disabled = false;
    answer.replaceChildren();
    const limit = Math.min(Math.max(Number(seconds.value) || data.seconds, 1), 600);
    seconds.value = String(limit);
    let ticking;
    try {
      status.textContent = "Looking at the query …";
      await client.names();
      const { question, found } = prepared();
      refuse(found);
      if (!question) return;
      const said = await client.ask(question, limit, () => {
        status.textContent = "Running …";
        const from = performance.now();
        ticking = setInterval(() => {
          clock.textContent = `${Math.floor((performance.now() - from) / 1000)} s of ${limit} s`;
        }, 500);
      }, (words) => { status.textContent = words; });
      show(said, limit);
    } catch (fault) {
      refuse([{
        message: "The query engine could not be started.",
        why: fault instanceof Error ? fault.message : String(fault),
        help: "The answer that was prepared beforehand stands on the query's page.",
      }]);
    } finally {
      clearInterval(ticking);
      clock.textContent = "";
      run.disabled = false;
      cancel.disabled = true;
    }
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); start(); });
  form.addEventListener("focusin", offer, { once: true });
  form.noValidate = true;
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      start();
    }
  });
  if (data.menu) form.append(named());
  form.append(values, label("Query", editor.id), editor, keys);
  if (data.menu) form.append(vocabulary());
  form.append(make("div", "line", run, cancel, label("Time limit in seconds", seconds.id), seconds, undo));
  form.append(make("div", "line", status, clock));
  choose(query);
  if (data.menu) editor.placeholder = SAMPLE;
  panel.append(form, answer);
})();
