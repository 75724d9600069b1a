// Reading an answer aloud; one at a time. Where the browser cannot speak there is no button.

const READ = "朗读";
const STOP = "停止";
const CANNOT = "这台设备读不出来";
const STARTS_WITHIN = 6000;

const synth = window.speechSynthesis && window.SpeechSynthesisUtterance ? window.speechSynthesis : null;
let current = null;
let parts = []; // also keeps them from being collected, which would end them in Chrome
let timer = 0;

function stop(label) {
  clearTimeout(timer);
  if (current) current.textContent = label || READ;
  current = null;
  parts = [];
  synth.cancel();
}

/** Short parts, because some browsers fall silent after some fifteen seconds of one utterance. */
function cut(text) {
  const words = text.replace(/https?:\/\/[!-~]+/g, "网址");
  return words.match(/[^\n。;\uff1b\uff01\uff1f]+[。;\uff1b\uff01\uff1f]?/g) || [];
}

function utter(text) {
  const part = new window.SpeechSynthesisUtterance(text);
  const voice = synth.getVoices().find((one) => /^(zh|cmn)[-_](Hans[-_])?CN/i.test(one.lang));
  part.lang = "zh-CN";
  part.rate = 0.9;
  if (voice) part.voice = voice;
  part.onstart = () => clearTimeout(timer);
  part.onerror = () => {
    if (parts.indexOf(part) >= 0) stop(CANNOT);
  };
  part.onend = () => {
    if (parts.length && part === parts[parts.length - 1]) stop();
  };
  return part;
}

function start(button, text) {
  stop();
  parts = cut(text).filter((words) => words.trim()).map(utter);
  if (!parts.length) return;
  current = button;
  button.textContent = STOP;
  timer = setTimeout(() => stop(CANNOT), STARTS_WITHIN);
  parts.forEach((part) => synth.speak(part));
}

/** A button that reads `text` aloud, or null where nothing can. */
export function speakButton(text) {
  if (!synth) return null;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "speak";
  button.textContent = READ;
  button.addEventListener("click", () => {
    if (current === button) stop();
    else start(button, text);
  });
  return button;
}

if (synth) window.addEventListener("pagehide", () => stop());
