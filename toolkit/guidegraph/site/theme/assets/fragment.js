/**
 * A patient in the address of a page: `simulator.html#patient=…`, `pathways/X.html#patient=…`.
 *
 *     guidegraph.fragment.write(document) -> "#patient=…"
 *     guidegraph.fragment.read(location.hash) -> document, or null where there is none
 *
 * What follows the `#` is never sent to a server.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const BEGIN = "#patient=";
  const LONGEST = 200_000;

  /** @param {object} document @returns {string} */
  function write(document) {
    return BEGIN + encodeURIComponent(JSON.stringify(document));
  }

  /** @param {string} hash @returns {?object} */
  function read(hash) {
    if (!hash.startsWith(BEGIN) || hash.length > LONGEST) return null;
    try {
      const found = JSON.parse(decodeURIComponent(hash.slice(BEGIN.length)));
      return found !== null && typeof found === "object" && !Array.isArray(found) ? found : null;
    } catch {
      return null;
    }
  }

  guidegraph.fragment = { write, read };
})();
