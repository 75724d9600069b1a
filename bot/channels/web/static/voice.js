// Speaking instead of writing: press to begin, press to send. Where the browser cannot record there is no button.

const SPEAK = "说话";
const LONGEST = 180; // seconds
const NAME = "语音";
const NO_MICROPHONE = "用不了麦克风。请在浏览器里允许使用麦克风，或者打字。";

const can = () => Boolean(window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

export function setUpVoice(button, cancel, say, send) {
  if (!can()) return;
  let recorder = null;
  let parts = [];
  let timer = 0;
  let begun = 0;
  let asking = false;

  function show() {
    const seconds = Math.floor((Date.now() - begun) / 1000);
    button.textContent = `发送语音 ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= LONGEST) stop(true);
  }

  function rest() {
    clearInterval(timer);
    recorder = null;
    button.textContent = SPEAK;
    button.classList.remove("recording");
    cancel.hidden = true;
  }

  function stop(keep) {
    const mine = recorder;
    if (!mine) return;
    mine.onstop = () => {
      mine.stream.getTracks().forEach((track) => track.stop());
      const blob = new Blob(parts, { type: mine.mimeType });
      if (keep && blob.size) send(blob, NAME, "voice");
    };
    if (document.activeElement === cancel) button.focus();
    rest();
    mine.stop();
  }

  async function start() {
    asking = true;
    say("");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      parts = [];
      recorder = new window.MediaRecorder(stream);
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.start();
    } catch (_) {
      say(NO_MICROPHONE);
      return;
    } finally {
      asking = false;
    }
    begun = Date.now();
    cancel.hidden = false;
    button.classList.add("recording");
    show();
    timer = setInterval(show, 500);
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    if (recorder) stop(true);
    else if (!asking) start();
  });
  cancel.addEventListener("click", () => stop(false));
  window.addEventListener("pagehide", () => stop(false));
}
