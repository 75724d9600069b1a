// The bot's messages coming in: a stream, and where that does not work, asking every three seconds.

import * as api from "./api.js";

const RETRY = 1000;
const OPENS_WITHIN = 10000;
const LIVES_AT_LEAST = 10000;
const FAILS_COUNT_FOR = 30000;
const FAILS = 2;
const ASK_EVERY = 3000;
const LONG_AWAY = 20000;
const TRY_STREAM_EVERY = 100; // askings: five minutes

/** Listen; `heard(message)` for each message, `up()` and `down()` as the connection comes and goes. */
export function listen({ heard, up, down }) {
  let source = null;
  let asking = null;
  let fails = [];
  let timer = 0;

  function close() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  function connect() {
    close();
    if (!window.EventSource) {
      ask();
      return;
    }
    const mine = new window.EventSource("/chat/stream");
    let opened = 0;
    source = mine;

    function lost() {
      if (source !== mine) return;
      close();
      const now = Date.now();
      fails = fails.filter((at) => now - at < FAILS_COUNT_FOR);
      if (now - opened < LIVES_AT_LEAST || !opened) fails.push(now);
      if (!asking) down();
      if (fails.length >= FAILS) ask();
      else timer = setTimeout(connect, RETRY);
    }

    mine.onopen = () => {
      clearTimeout(timer);
      opened = Date.now();
      asking = null;
      up();
    };
    mine.onmessage = (event) => heard(JSON.parse(event.data));
    mine.onerror = lost;
    timer = setTimeout(lost, OPENS_WITHIN);
  }

  async function ask() {
    if (asking) return;
    const mine = {};
    let fine = true;
    asking = mine;
    for (let n = 1; asking === mine; n += 1) {
      try {
        (await api.messages()).forEach(heard);
        if (asking !== mine) return;
        up();
        if (!fine || n % TRY_STREAM_EVERY === 0) restart(); // the network is back: perhaps the stream is, too
        fine = true;
      } catch (_) {
        fine = false;
        if (asking === mine) down();
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
  }

  function restart() {
    fails = [];
    connect();
  }

  /** The stream looks open but a reply did not come (a proxy may hold it back): ask instead. */
  function doubt() {
    if (!source || asking) return;
    close();
    ask();
  }

  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > LONG_AWAY) restart(); // a phone that slept may hold a dead stream
  });
  window.addEventListener("pageshow", (event) => event.persisted && restart());
  window.addEventListener("online", restart);
  window.addEventListener("offline", down);
  connect();
  return { doubt, restart };
}
