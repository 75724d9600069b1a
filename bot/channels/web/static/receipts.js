// Tell the server which messages have come, and which were on a screen that somebody could see, until it has heard it.

import * as api from "./api.js";

const GATHER = 100;
const RETRY = 5000;
const MOST = 500;

export function makeReceipts() {
  const waiting = new Set();
  const unread = new Set();
  let timer = 0;

  async function tell() {
    const read = document.visibilityState === "visible";
    const ids = Array.from(waiting).slice(0, MOST);
    timer = 0;
    try {
      await api.ack(ids, read);
      ids.forEach((id) => waiting.delete(id));
      if (!read) ids.forEach((id) => unread.add(id));
      if (waiting.size) soon();
    } catch (_) {
      timer = timer || setTimeout(tell, RETRY);
    }
  }

  function soon() {
    timer = timer || setTimeout(tell, GATHER);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !unread.size) return;
    unread.forEach((id) => waiting.add(id));
    unread.clear();
    soon();
  });

  return function shown(id) {
    waiting.add(id);
    soon();
  };
}
