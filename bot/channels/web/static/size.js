// The size of the text, chosen in the header and remembered.

import * as store from "./store.js";

export function setUpSizes(group) {
  const buttons = Array.from(group.querySelectorAll("button"));

  function choose(size) {
    document.documentElement.dataset.text = size;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.size === size));
    }
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      choose(button.dataset.size);
      store.set("size", button.dataset.size);
    });
  }
  const remembered = store.get("size");
  if (buttons.some((button) => button.dataset.size === remembered)) choose(remembered);
}
