// Where the question is written: Enter sends, Shift+Enter begins a line, the box grows with the words.

/** A keyboard on the screen would cover the answer. */
const onGlass = () => window.matchMedia("(pointer: coarse)").matches;

export function setUpComposer(form, words, say) {
  function grow() {
    words.style.height = "auto";
    const frame = words.offsetHeight - words.clientHeight;
    words.style.height = `${words.scrollHeight + frame}px`; // the style sheet stops it at five lines
  }

  function put(text) {
    words.value = text;
    grow();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (text) say(text);
    put("");
    if (onGlass()) words.blur();
    else words.focus();
  });
  words.addEventListener("keydown", (event) => {
    const choosingCharacters = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || choosingCharacters) return;
    event.preventDefault();
    form.querySelector("button").click();
  });
  words.addEventListener("input", grow);

  /** Give a refused text back to be shortened, unless something new is being written. */
  function giveBack(text) {
    if (!words.value) put(text);
  }
  return { giveBack, grow };
}
