// My messages on their way out: kept until the server has them, sent in order, always with the same id.
// One stored key for each message, so that two open pages do not overwrite one another.

import * as api from "./api.js";
import * as store from "./store.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
const KEY = "out.";

export function uuid() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function read(key) {
  try {
    return JSON.parse(store.get(key));
  } catch (_) {
    return null;
  }
}

/** Unsent messages, oldest first. */
export function pending() {
  const items = store.keys(KEY).map(read).filter((item) => item && item.id && item.text);
  return items.sort((one, other) => one.order - other.order);
}

/** Make a queue; `changed(item, state, detail)` hears "sent" (reply ids), "refused" (why) and "failed". */
export function makeQueue(changed) {
  let busy = false;
  let again = false;
  let wait = 0;
  let timer = 0;
  let last = 0;

  function add(text, action, place) {
    last = Math.max(Date.now(), last + 1);
    const item = { id: uuid(), text, action, place, order: last, at: new Date(last).toISOString() };
    store.set(KEY + item.id, JSON.stringify(item));
    return item;
  }

  function drop(id) {
    store.remove(KEY + id);
  }

  /** Send what waits, once; tell whether all of it went. */
  async function round() {
    const items = pending();
    let all = true;
    for (let n = 0; n < items.length; n += 1) {
      try {
        const answer = await api.send(items[n]);
        drop(items[n].id);
        if (answer.error) changed(items[n], "refused", answer.error);
        else changed(items[n], "sent", answer.replies || []);
      } catch (fault) {
        all = false;
        if (!fault.status) { // no network: the rest would fail as well
          items.slice(n).forEach((item) => changed(item, "failed"));
          break;
        }
        changed(items[n], "failed");
      }
    }
    return all;
  }

  async function flush() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    clearTimeout(timer);
    let all = true;
    do {
      again = false;
      all = await round();
    } while (again);
    busy = false;
    wait = all ? 0 : Math.min(wait * 2 || FIRST_WAIT, LONGEST_WAIT);
    if (!all) timer = setTimeout(flush, wait);
  }

  /** Try at once, without waiting out the back-off. */
  function hurry() {
    wait = 0;
    return flush();
  }

  return { add, drop, hurry };
}
