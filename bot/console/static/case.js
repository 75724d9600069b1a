// The place to answer: keys, canned replies, entries that fit, and a warning before typed words are left behind.

const words = document.getElementById("text");
const note = document.getElementById("note-text");
const timeline = document.getElementById("timeline");
let leaving = false;

// The last words are what matters; a picture that loads late must not push them out of sight.
let atEnd = true;
const toEnd = () => {
  if (atEnd) timeline.scrollTop = timeline.scrollHeight;
};
let before = 0;
timeline.addEventListener("scroll", () => {
  const close = timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 80;
  atEnd = close || (atEnd && timeline.scrollTop >= before); // only a hand scrolls up
  before = timeline.scrollTop;
});
timeline.addEventListener("load", toEnd, true);
toEnd();

words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    event.preventDefault();
    words.form.requestSubmit(document.getElementById("send"));
  }
});

function insert(text) {
  const before = words.value.slice(0, words.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  words.setRangeText(gap + text, words.selectionStart, words.selectionEnd, "end");
  words.focus();
}

document.getElementById("insert-canned")?.addEventListener("click", () => {
  const text = document.getElementById("canned").value;
  if (text) insert(text);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) insert(button.dataset.insert);
});

const suggestions = document.getElementById("suggestions");
const response = await fetch(suggestions.dataset.load).catch(() => null); // without them one can still answer
if (response?.ok) {
  const found = await response.text();
  suggestions.querySelector("div").innerHTML = found;
  suggestions.hidden = !found.trim();
}

// Another button of this page loads it anew: what is typed and not sent by it comes back then.
const kept = `case-${document.querySelector("[data-case]").dataset.case}`;
for (const [id, value] of JSON.parse(sessionStorage.getItem(kept) ?? "[]")) {
  const field = document.getElementById(id);
  if (!field.value) field.value = value;
}
sessionStorage.removeItem(kept);
document.addEventListener("submit", (event) => {
  if (!event.target.closest(".case")) return;
  const left = [words, note].filter((field) => field.form !== event.target && field.value);
  sessionStorage.setItem(kept, JSON.stringify(left.map((field) => [field.id, field.value])));
  leaving = true;
});
addEventListener("pageshow", () => {
  leaving = false;
});
addEventListener("beforeunload", (event) => {
  const typed = words.value !== words.defaultValue || note.value !== note.defaultValue;
  if (typed && !leaving) event.preventDefault();
});
