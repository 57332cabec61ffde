/* The engine in its worker: fetched when somebody asks, ended when they cancel or time is over. */
(() => {
  "use strict";

  const FILES = { engine: "oxigraph.js", graph: "graph.js", names: "names.js" };
  /** @type {Map<string, Promise<void>>} */
  const fetching = new Map();
  /** @type {Promise<WebAssembly.Module> | null} */
  let compiling = null;
  /** @type {Promise<Worker> | null} */
  let starting = null;
  /** @type {Worker | null} */
  let worker = null;
  /** What waits for an answer. @type {Map<number, (said: any) => void>} */
  const waiting = new Map();
  let count = 0;
  /** Counts the workers there have been. */
  let generation = 0;

  /** Fetch one of our own files, once. @param {string} file @returns {Promise<void>} */
  function fetched(file) {
    const found = fetching.get(file);
    if (found) return found;
    const made = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${document.documentElement.dataset.root}/assets/${file}`;
      script.addEventListener("load", () => resolve(undefined));
      script.addEventListener("error", () => {
        fetching.delete(file);
        script.remove();
        reject(new Error(`The file assets/${file} of this site cannot be read.`));
      });
      document.head.append(script);
    });
    fetching.set(file, made);
    return made;
  }

  /** The names of the guideline and the words of the language. @returns {Promise<void>} */
  const names = () => fetched(FILES.names);

  /** @returns {Promise<WebAssembly.Module>} */
  function compiled() {
    compiling ??= (async () => {
      await fetched(FILES.engine);
      const text = atob(guidegraph.engine.program);
      const bytes = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
      guidegraph.engine.program = "";
      return WebAssembly.compile(bytes);
    })();
    compiling.catch(() => { compiling = null; });
    return compiling;
  }

  /** A worker that has read the graph. @param {(words: string) => void} tell */
  function ready(tell) {
    if (starting) return starting;
    const made = start(tell, generation);
    starting = made;
    made.catch(() => { if (starting === made) end(); });
    return made;
  }

  /** Start a worker; given up when it was ended meanwhile.
   * @param {(words: string) => void} tell @param {number} mine @returns {Promise<Worker>} */
  async function start(tell, mine) {
    tell("Fetching the engine and the graph …");
    await Promise.all([fetched(FILES.graph), names()]);
    const program = await compiled();
    if (mine !== generation) throw new Error("The engine was stopped.");
    tell("Reading the graph …");
    const { script, worker: ours } = guidegraph.engine;
    const address = URL.createObjectURL(
      new Blob([script, "\n", ours], { type: "text/javascript" }),
    );
    const made = new Worker(address);
    worker = made;
    made.addEventListener("message", (event) => {
      const { id, ...said } = event.data;
      waiting.get(id)?.(said);
      waiting.delete(id);
    });
    made.addEventListener("error", (event) => stop({
      kind: "fault", stage: "run", told: event.message || "The engine stopped.", broken: true,
    }));
    const said = await send(made, {
      kind: "open", program, texts: guidegraph.graph.texts, prefixes: guidegraph.names.prefixes,
    });
    URL.revokeObjectURL(address);
    if (said.kind !== "ready") throw new Error(said.told ?? "The engine was stopped.");
    return made;
  }

  /** @param {Worker} to @param {object} told @returns {Promise<any>} */
  function send(to, told) {
    count += 1;
    const id = count;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      to.postMessage({ id, ...told });
    });
  }

  /** End the worker; the next question gets another. */
  function end() {
    worker?.terminate();
    worker = null;
    starting = null;
    generation += 1;
  }

  /** End the worker, and say so to whoever waits. @param {object} said */
  function stop(said) {
    end();
    const told = [...waiting.values()];
    waiting.clear();
    told.forEach((each) => each(said));
  }

  /** Ask; what comes back is an answer, a fault, `{kind: "late"}` or `{kind: "cancelled"}`.
   * @param {object} question @param {number} seconds @param {() => void} begun
   * @param {(words: string) => void} tell @returns {Promise<any>} */
  async function ask(question, seconds, begun, tell) {
    /** @type {Promise<any>} */
    const cancelled = new Promise((resolve) => {
      cancelling = () => {
        stop({ kind: "cancelled" });
        resolve({ kind: "cancelled" });
      };
    });
    const to = await Promise.race([ready(tell), cancelled]);
    if (to.kind === "cancelled") return to;
    begun();
    const clock = setTimeout(() => stop({ kind: "late" }), seconds * 1000);
    const from = performance.now();
    const said = await send(to, { kind: "ask", ...question });
    clearTimeout(clock);
    cancelling = () => {};
    if (said.broken) end();
    return { ...said, milliseconds: performance.now() - from };
  }

  /** What cancelling means at the moment. */
  let cancelling = () => {};

  /** The last answer as CSV; null if it is gone. @returns {Promise<string | null>} */
  async function csv() {
    if (!worker) return null;
    const said = await send(worker, { kind: "csv" });
    return said.kind === "csv" ? said.text : null;
  }

  guidegraph.query.client = { ask, cancel: () => cancelling(), csv, names };
})();
