// A file inside a message: a picture, something to listen to, or a link to save it.

import { element } from "./text.js";

const NAMES = { photo: "照片", voice: "语音", video: "视频", document: "文件" };
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
  const link = element("a", "", `${NAMES[file.kind]} ${file.name}`);
  link.href = file.url;
  link.download = file.name;
  return link;
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
