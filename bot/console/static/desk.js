// Keeps the desk and the wall true: what a colleague does shows at once, and a page that hears nothing any more says so.

const root = document.querySelector("[data-stream]");
const lost = document.getElementById("lost");
const voice = document.getElementById("voice");
const AGAIN = 5000;
let source = null;
let asking = false;
let again = false;

function follow() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource(root.dataset.stream);
  source.addEventListener("change", refresh);
  source.addEventListener("signed-out", () => {
    say("out");
    source.close();
    setTimeout(follow, AGAIN);
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN);
    refresh();
  });
}

function say(what) {
  lost.hidden = !what;
  const words = what ? lost.dataset[what] : "";
  if (lost.textContent !== words) lost.textContent = words;
}

// Whoever has a finger on a button finishes that first.
async function refresh() {
  again = asking;
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(root.dataset.now);
    if ([401, 404].includes(answer.status)) say("out");
    else if (answer.ok && !answer.redirected) {
      patch(new DOMParser().parseFromString(await answer.text(), "text/html"));
      say("");
    } else say("net");
  } catch {
    say("net");
  }
  asking = false;
  if (again) await refresh();
}

function patch(page) {
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = document.getElementById(fresh.id);
    if (Number(fresh.dataset.called) > Number(old.dataset.called)) call(old, fresh.dataset);
    if (old.innerHTML === fresh.innerHTML || isTyping(old)) continue;
    if (old.matches(":active")) {
      setTimeout(refresh, 500);
      continue;
    }
    for (const details of old.querySelectorAll("details[open][id]")) {
      fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
    }
    const focused = old.contains(document.activeElement) && document.activeElement.closest("[data-key]")?.dataset.key;
    const before = number(old);
    old.replaceChildren(...fresh.childNodes);
    if (number(old) !== before) document.querySelector("p.notice[role=status]")?.remove(); // it was about who stood here
    if (focused) old.querySelector(`[data-key="${CSS.escape(focused)}"] button`)?.focus();
  }
}

function number(part) {
  return part.querySelector("p.large")?.textContent;
}

// Called, or called again: seen and heard. That the newest is done is no call of the one before.
function call(part, { called, words }) {
  part.dataset.called = called;
  part.classList.remove("calling");
  part.getBoundingClientRect(); // so that the same animation begins anew
  part.classList.add("calling");
  announce(words);
}

function isTyping(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden]), select");
}

// A tone, and the number read out where the machine has a Chinese voice of its own: nothing leaves it.
function announce(words) {
  if (voice?.getAttribute("aria-pressed") !== "true") return;
  const audio = new AudioContext();
  for (const [at, pitch] of [[0, 880], [0.35, 660]]) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.3);
    if (at) tone.addEventListener("ended", () => audio.close());
  }
  const own = globalThis.speechSynthesis?.getVoices().find((one) => one.localService && one.lang.startsWith("zh"));
  if (!own) return;
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.voice = own;
  spoken.lang = own.lang;
  spoken.rate = 0.8;
  speechSynthesis.speak(spoken);
}

voice?.addEventListener("click", () => {
  const on = voice.getAttribute("aria-pressed") !== "true";
  voice.setAttribute("aria-pressed", String(on));
  voice.textContent = on ? "关掉提示音" : "打开提示音";
  announce("提示音打开了。");
});

// A code that was refused is written over by the next scan.
document.activeElement?.matches("input[name=words]") && document.activeElement.select();

// A hidden page gives its connection back, for a browser has only six.
document.addEventListener("visibilitychange", () => {
  follow();
  if (!document.hidden) refresh();
});
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && follow());

follow();
