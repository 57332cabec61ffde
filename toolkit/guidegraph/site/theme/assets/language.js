/*
 * The words of the guideline in the language that the reader chose. They stand on the page in every
 * language already; only one of them is shown. The choice is remembered in this browser and nowhere
 * else, and where a browser keeps nothing it holds for the page.
 */
(() => {
  "use strict";

  const KEY = "guidegraph-language";
  const chooser = document.querySelector(".languages");
  if (!(chooser instanceof HTMLElement)) return;
  const buttons = [...chooser.querySelectorAll("button[data-choose]")].filter(
    (each) => each instanceof HTMLButtonElement,
  );
  const known = buttons.map((each) => each.dataset.choose ?? "");

  /**
   * The language that was chosen before; none where this browser keeps nothing.
   * @returns {string | null}
   */
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  /**
   * Keep a choice for the next page.
   * @param {string} language
   */
  const remember = (language) => {
    try {
      localStorage.setItem(KEY, language);
    } catch {
      // Nothing is kept: the choice holds for this page.
    }
  };

  /**
   * Show the words in one language; those that are not there in it stay in their own.
   * @param {string} language
   */
  const show = (language) => {
    document.documentElement.dataset.language = language;
    for (const group of document.querySelectorAll(".said")) {
      const words = [...group.children].filter((each) => each instanceof HTMLElement);
      const chosen = words.find((each) => each.lang === language) ?? words[0];
      for (const each of words) each.hidden = each !== chosen;
    }
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.choose === language));
    }
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const language = button.dataset.choose ?? "";
      remember(language);
      show(language);
    });
  }
  chooser.hidden = false;
  const before = remembered();
  if (before && known.includes(before) && before !== known[0]) show(before);
})();
