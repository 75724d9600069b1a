// Choosing photos and files: a button, and whatever is pasted.

const PHOTO = /^image\//;

/** What a photo is called that has no name of its own, as from a camera or the clipboard. */
const UNNAMED = "照片";

export function setUpAttach(button, input, words, send) {
  function sendAll(files) {
    Array.from(files).forEach((file) => {
      send(file, file.name || UNNAMED, PHOTO.test(file.type) ? "photo" : "document");
    });
  }

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    sendAll(input.files);
    input.value = ""; // the same file may be chosen again
    button.focus();
  });
  words.addEventListener("paste", (event) => {
    const files = event.clipboardData ? event.clipboardData.files : [];
    if (!files.length) return;
    event.preventDefault();
    sendAll(files);
  });
}
