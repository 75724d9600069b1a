// Tell the server which messages have been shown, a few at a time, until it has heard it.

import * as api from "./api.js";

const GATHER = 100;
const RETRY = 5000;

export function makeReceipts() {
  const waiting = new Set();
  let timer = 0;

  async function tell() {
    const ids = Array.from(waiting);
    timer = 0;
    try {
      await api.ack(ids);
      ids.forEach((id) => waiting.delete(id));
    } catch (_) {
      timer = timer || setTimeout(tell, RETRY);
    }
  }

  return function shown(id) {
    waiting.add(id);
    timer = timer || setTimeout(tell, GATHER);
  };
}
