// Photos, files and recordings on their way out: one upload at a time, always with the same id, with how far it got.

import { uuid } from "./queue.js";

const PATIENCE = 600000;
const LONGEST_WAIT = 60000;
const FIRST_WAIT = 2000;
const REFUSED = [400, 413, 415];
const NOT_TAKEN = "这个文件没能收下。";

/** Say so before anything is sent: it may be somebody's whole month of mobile data. */
export const tooLarge = (bytes) => `文件太大了，最多 ${Math.floor(bytes / 1048576)} MB。请压缩一下，或分成几个再发。`;

/** Upload once; gives the server's answer, or null when there was none. */
function upload(item, progress) {
  return new Promise((resolve) => {
    const form = new FormData();
    form.append("id", item.id); // before the file: it is read as it comes
    form.append("file", item.blob, item.file.name);
    const request = new XMLHttpRequest(); // fetch tells no progress
    request.open("POST", "/chat/files");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(Math.floor((event.loaded / event.total) * 100));
    };
    request.timeout = PATIENCE;
    request.onloadend = () => {
      if (request.status === 403) fetch("/", { cache: "no-store" }); // renews the cookie
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch (_) {
        // No answer of ours, or none at all.
      }
      resolve(request.status ? { status: request.status, body } : null);
    };
    request.send(form);
  });
}

/** Make a sender; `changed(item, state, detail)` hears "sending" (per cent), "sent" (answer), "refused" and "failed". */
export function makeSender(changed) {
  const waiting = [];
  let busy = false;
  let wait = 0;
  let timer = 0;

  function make(blob, name, kind) {
    return { id: uuid(), blob, file: { name, kind }, at: new Date().toISOString() };
  }

  function add(item) {
    waiting.push(item);
    hurry();
  }

  /** Send the first that waits; tell whether it is dealt with. */
  async function next() {
    const item = waiting[0];
    changed(item, "sending", 0);
    const answer = await upload(item, (percent) => changed(item, "sending", percent));
    const taken = answer && answer.status >= 200 && answer.status < 300;
    const refused = answer && REFUSED.indexOf(answer.status) >= 0;
    if (!taken && !refused) return false;
    waiting.shift();
    if (taken) changed(item, "sent", answer.body);
    else changed(item, "refused", answer.body.error || NOT_TAKEN);
    return true;
  }

  async function flush() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let fine = true;
    while (fine && waiting.length) fine = await next();
    busy = false;
    wait = fine ? 0 : Math.min(wait * 2 || FIRST_WAIT, LONGEST_WAIT);
    if (fine) return;
    waiting.forEach((item) => changed(item, "failed"));
    timer = setTimeout(flush, wait);
  }

  function hurry() {
    wait = 0;
    return flush();
  }

  window.addEventListener("beforeunload", (event) => {
    if (waiting.length) event.preventDefault(); // a file cannot be kept for the next time as words are
  });
  return { make, add, hurry };
}
