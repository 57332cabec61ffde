/**
 * A patient in the address of a page: `simulator.html#patient=…`, `pathways/X.html#patient=…`.
 *
 *     guidegraph.fragment.write(document) -> "#patient=…"
 *     guidegraph.fragment.read(location.hash) -> document, or null where there is none
 *     guidegraph.fragment.isTooLong(document) -> whether no page reads it
 *
 * What follows the `#` is never sent to a server. Browsers cut off or refuse addresses of more than one
 * or two million characters; and what a page does for one patient should take a moment, not minutes.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const BEGIN = "#patient=";
  const LONGEST = 1_000_000;
  const RESULTS = 5_000;
  const NAMES = 500;

  /** @param {object} document @returns {string} */
  function write(document) {
    return BEGIN + encodeURIComponent(JSON.stringify(document));
  }

  /** Also one that is too long. @param {string} hash @returns {?object} */
  function readAny(hash) {
    if (!hash.startsWith(BEGIN)) return null;
    try {
      const found = JSON.parse(decodeURIComponent(hash.slice(BEGIN.length)));
      return isObject(found) && !Array.isArray(found) ? found : null;
    } catch {
      return null;
    }
  }

  /** @param {string} hash @returns {?object} */
  function read(hash) {
    const found = readAny(hash);
    return found && !isTooLong(found) ? found : null;
  }

  const isObject = (value) => value !== null && typeof value === "object";
  const sizes = (value) => (isObject(value) ? Object.values(value).map(resultsIn) : []);
  const resultsIn = (value) => (Array.isArray(value) ? value.length : 0);
  const namesIn = (value) => (isObject(value) ? Object.keys(value).length : 0);

  /** How many results a patient has. @param {object} document @returns {number} */
  const results = (document) => sizes(document.facts).reduce((sum, each) => sum + each, 0);

  /** @param {object} document @returns {boolean} */
  function isTooLong(document) {
    const names = [document, ...Object.values(document)].map(namesIn).reduce((sum, each) => sum + each, 0);
    return results(document) > RESULTS || names > NAMES || write(document).length > LONGEST;
  }

  guidegraph.fragment = { write, read, readAny, isTooLong, results, RESULTS, NAMES, LONGEST };
})();
