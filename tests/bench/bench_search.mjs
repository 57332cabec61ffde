// How long the search takes over 5,000 made-up entries: node tests/bench/bench_search.mjs [index]
// With the path of a site's assets/search-index.js it measures that index instead.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const assets = new URL("../../toolkit/guidegraph/site/theme/assets/", import.meta.url);
vm.runInThisContext(readFileSync(new URL("search/matching.js", assets), "utf8"));
const { search } = globalThis.guidegraph;

const SYLLABLES = "ha pe ri no tro ci dim mer lu gli ste va ko bra sin tex um orf".split(" ");
let seed = 11;

/** The next number of a fixed sequence, below a limit. */
const next = (limit) => {
  seed = (seed * 48271) % 2147483647;
  return seed % limit;
};
const word = () => Array.from({ length: 2 + next(3) }, () => SYLLABLES[next(SYLLABLES.length)]).join("");
const WORDS = Array.from({ length: 12000 }, word);
const sentence = (many) => Array.from({ length: many }, () => WORDS[next(WORDS.length)]).join(" ");
const made = () => ({
  kinds: ["Claim", "Threshold"],
  chapters: ["Claims"],
  entries: Array.from({ length: 5000 }, (_, at) => [
    `claims/${at}.html`, sentence(6), "", at % 2, 0, [`EX-CLM-${at}`], ["nl", sentence(5)],
    `${next(9)},${100 + next(900)} mg/L`, sentence(30),
  ]),
});

if (process.argv[2]) vm.runInThisContext(readFileSync(process.argv[2], "utf8"));
const index = process.argv[2] ? globalThis.guidegraph.searchIndex : made();
const begun = performance.now();
const ready = search.prepare(index);
console.log(`${index.entries.length} entries, ${ready.sorted.length} words: ${(performance.now() - begun).toFixed(0)} ms to prepare`);
for (const query of ["h", "haperi", "haperi noha", "heperi", "EX-CLM-4711", "2,000 mg/L", "haperi noha xyzzy"]) {
  const times = Array.from({ length: 21 }, () => {
    const start = performance.now();
    search.find(ready, query);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const found = search.find(ready, query);
  console.log(`${query.padEnd(20)} ${times[10].toFixed(1).padStart(6)} ms ${String(found.hits.length).padStart(6)} found ${String(found.work).padStart(8)} looked at`);
}
