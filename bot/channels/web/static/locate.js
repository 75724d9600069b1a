// Where somebody is, asked of the browser only when the button is pressed. Where it cannot tell there is no button.

const LOOKING = "正在找您的位置…";
const REFUSED = "没有得到位置。请在浏览器里允许用位置，或者直接写您在哪个乡镇或村。";
const NOT_FOUND = "没有找到位置。请再按一次，或者直接写您在哪个乡镇或村。";
const DENIED = 1;
const HOW = { timeout: 15000, maximumAge: 60000 };

export function setUpLocate(button, say, send) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  let asking = false;

  function found({ coords }) {
    asking = false;
    say("");
    send({ latitude: coords.latitude, longitude: coords.longitude });
  }

  function failed(fault) {
    asking = false;
    say(fault.code === DENIED ? REFUSED : NOT_FOUND);
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    if (asking) return;
    asking = true;
    say(LOOKING);
    navigator.geolocation.getCurrentPosition(found, failed, HOW);
  });
}
