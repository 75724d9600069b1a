// An unsteady hand presses twice: the second press must not count, nor hit what has moved under the finger.

const APART = 700; // milliseconds
const NEAR = 40; // pixels

export function ignoreDoublePresses(area) {
  let last = { at: -APART };

  function again(press, target) {
    if (press.timeStamp - last.at > APART) return false;
    if (!press.detail) return target === last.target; // by keyboard, as when Enter is held down
    return Math.hypot(press.clientX - last.x, press.clientY - last.y) < NEAR;
  }

  area.addEventListener("click", (press) => {
    const target = press.target.closest(".choices button, .quick button, .state button");
    if (!target || !press.isTrusted) return;
    if (again(press, target)) press.stopPropagation();
    last = { at: press.timeStamp, x: press.clientX, y: press.clientY, target };
  }, true);
}
