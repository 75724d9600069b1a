// Keeps an open page true: new words and cases appear by themselves, and a danger is seen on every page.

const POLL = 15000;
const shown = document.querySelector("[data-parts]");
const alarm = document.getElementById("alarm");
const title = document.title;
const events = "/console/stream" + (shown?.dataset.case ? `?case=${shown.dataset.case}` : "");
const sound = document.getElementById("sound");
let source = null;
let refreshing = false;
let again = false;

function follow() {
  source = new EventSource(events);
  source.addEventListener("change", (event) => changed(JSON.parse(event.data)));
  source.addEventListener("signed-out", signedOut);
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) {
      leave();
      setTimeout(() => document.hidden || source || comeBack(), 3000);
    }
  });
}

function leave() {
  source?.close();
  source = null;
}

async function comeBack() {
  await lookForDanger();
  if (document.getElementById("signed-out").hidden) follow();
}

// A hidden page gives its connection back, for a browser has only six, and looks now and then.
document.addEventListener("visibilitychange", () => {
  leave();
  if (!document.hidden) follow();
});
setInterval(() => document.hidden && lookForDanger(), POLL);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && follow());

async function changed(state) {
  document.title = state.waiting ? `(${state.waiting}) ${title}` : title;
  if (alarm.dataset.dangers !== String(state.dangers)) await lookForDanger();
  alarm.dataset.dangers = String(state.dangers);
  await refresh();
}

function signedOut() {
  leave();
  document.getElementById("signed-out").hidden = false;
}

async function lookForDanger() {
  let response;
  try {
    response = await fetch("/console/alarm");
  } catch {
    return; // the network is away; the next look comes
  }
  if (response.status === 401) signedOut();
  if (!response.ok || response.redirected) return;
  const words = await response.text();
  if (alarm.innerHTML !== words) alarm.innerHTML = words;
  alarm.hidden = !words.trim();
  if (!alarm.hidden) ring();
}

async function refresh() {
  if (!shown) return;
  again = refreshing;
  if (refreshing) return;
  refreshing = true;
  try {
    const response = await fetch(shown.dataset.parts + (document.hidden ? "" : "&seen=1"));
    if (response.ok) patch(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    again = false; // the stream comes back by itself, and then this is asked anew
  } finally {
    refreshing = false;
  }
  if (again) await refresh();
}

function patch(page) {
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    keepOpen(old, fresh);
    if (fresh.dataset.live === "items") patchItems(old, fresh);
    else if (old.innerHTML !== fresh.innerHTML) replace(old, fresh);
    old.hidden = fresh.hidden;
  }
}

function keepOpen(old, fresh) {
  for (const details of old.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
  }
}

function patchItems(old, fresh) {
  const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 80;
  const wanted = new Set(Array.from(fresh.children, (item) => item.id));
  for (const item of Array.from(old.children)) if (!wanted.has(item.id)) item.remove();
  let place = old.firstElementChild;
  for (const item of Array.from(fresh.children)) {
    const known = document.getElementById(item.id);
    if (known && known === place) place = place.nextElementSibling;
    else old.insertBefore(known ?? item, place);
    if (known && known.outerHTML !== item.outerHTML) known.replaceWith(item);
  }
  if (atEnd) old.scrollTop = old.scrollHeight;
}

// What is typed or chosen in a part stays, and so does the focus.
function replace(old, fresh) {
  const typed = Array.from(old.querySelectorAll("input:not([type=hidden]), textarea, select"), (field) => [field.id, field.value]);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceChildren(...fresh.childNodes);
  for (const [id, value] of typed) {
    const field = id && document.getElementById(id);
    if (field) field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus();
}

function soundIsOn() {
  return localStorage.getItem("console-sound") === "on";
}

function ring() {
  if (!soundIsOn()) return;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.frequency.value = 880;
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.6);
  tone.addEventListener("ended", () => audio.close());
}
setInterval(() => alarm.hidden || ring(), POLL);

if (sound) {
  const show = () => {
    sound.setAttribute("aria-pressed", String(soundIsOn()));
    sound.querySelector("span").textContent = soundIsOn() ? "开" : "关";
  };
  sound.hidden = false;
  show();
  sound.addEventListener("click", () => {
    localStorage.setItem("console-sound", soundIsOn() ? "off" : "on");
    show();
    ring();
  });
}

// A second click on the way does nothing: the first one is being taken.
document.addEventListener("submit", (event) => {
  if (!("once" in event.target.dataset)) return;
  if (event.target.dataset.once === "sent") event.preventDefault();
  event.target.dataset.once = "sent";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) form.dataset.once = "";
});

follow();
