"use strict";
/* Beside a page of the site: says what is going on, and shows the page anew when it is another. */
(() => {
  const script = document.currentScript;
  const { path, mark } = script.dataset;
  const EVERY = 700;

  const bar = document.createElement("aside");
  bar.className = "live-bar";
  bar.setAttribute("aria-label", "Live site");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const edit = document.createElement("a");
  edit.textContent = "Edit this";
  edit.href = "/";
  bar.append(said, edit);
  document.body.append(bar);

  const words = (told) => {
    if (told.fault) return told.fault;
    if (told.doing && !told.mark) return `${told.doing} …`;
    if (told.alone) return "As saved; proofs and counts are those of the last whole build. " + (told.doing ? `${told.doing} …` : "");
    return "As saved.";
  };

  let waiting = false;
  async function ask() {
    if (waiting || document.hidden) return;
    waiting = true;
    try {
      const answer = await fetch(`/site-state?path=${path}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (told.mark && told.mark !== mark) {
        location.reload();
        return;
      }
      const now = words(told);
      if (said.textContent !== now) said.textContent = now;
      edit.href = told.edit;
    } catch {
      said.textContent = "The server has ended.";
    } finally {
      waiting = false;
    }
  }
  ask();
  setInterval(ask, EVERY);
})();
