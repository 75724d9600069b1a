// A file inside a message: a picture, something to listen to, or a link to save it; and a QR code to show at the door.

import { element } from "./text.js";

const NAMES = { photo: "照片", voice: "语音", video: "视频", document: "文件" };
const ENTRIES = { calendar: "加到手机日历", "calendar-off": "从手机日历里去掉" };
const PICTURE = /\.(jpe?g|png|gif|webp)$/i;
const NOT_TAKEN = "没有收下";

function picture(file) {
  const link = element("a", "picture");
  const image = element("img");
  image.src = file.url;
  image.alt = `${NAMES.photo} ${file.name}`;
  link.href = file.url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(image, element("span", "unseen", "（在新页面打开）"));
  return link;
}

function sound(file) {
  const player = element("audio");
  player.src = file.url;
  player.controls = true;
  player.preload = "metadata";
  player.setAttribute("aria-label", NAMES.voice);
  return player;
}

function save(file) {
  const entry = ENTRIES[file.kind];
  const link = element("a", "", entry || `${NAMES[file.kind]} ${file.name}`);
  link.href = file.url;
  if (!entry) link.download = file.name; // a telephone opens its calendar instead
  return link;
}

/** Show a QR code; for whoever cannot see it, what it says. */
export function codeNode(code) {
  const image = element("img", "code");
  image.src = code.url;
  image.alt = `二维码 ${code.text}`;
  image.width = image.height = 200;
  return image;
}

/** Show a file; without an address it is on its way or was refused. */
export function fileNode(file) {
  const box = element("p", "file");
  if (!file.url) box.append(`${NAMES[file.kind]} ${file.name}${file.refused ? ` ${NOT_TAKEN}` : ""}`);
  else if (file.kind === "photo" && PICTURE.test(file.name)) box.append(picture(file));
  else if (file.kind === "voice") box.append(sound(file));
  else box.append(save(file));
  return box;
}
