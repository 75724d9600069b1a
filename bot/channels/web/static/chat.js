// The page put together: what is typed or pressed goes out, what comes in is shown.

import * as api from "./api.js";
import { setUpAttach } from "./attach.js";
import { setUpComposer } from "./composer.js";
import { makeSender, tooLarge } from "./files.js";
import { setUpLocate } from "./locate.js";
import { makeQueue, pending } from "./queue.js";
import { makeReceipts } from "./receipts.js";
import { follow } from "./scroll.js";
import { setUpSizes } from "./size.js";
import { listen } from "./stream.js";
import { ignoreDoublePresses } from "./taps.js";
import { makeView } from "./view.js";
import { setUpVoice } from "./voice.js";

const DOWN_AFTER = 1200;
const REPLY_WITHIN = 6000;
const DOWN = "网络断了，正在重连…";
const MY_PLACE = "我的位置";

const part = (id) => document.getElementById(id);
const log = part("log");
const seen = new Set();
const receipt = makeReceipts();
let stream = null;
let recalled = false;
let largestFile = Infinity;
let downTimer = 0;

setUpSizes(part("sizes"));
ignoreDoublePresses(document.querySelector("main"));
const scroll = follow(part("head"), part("foot"), log, part("newer"));
const view = makeView(log, { chosen: (choice) => say(choice.label, choice.action), resend });
const composer = setUpComposer(part("composer"), part("words"), say);
const queue = makeQueue((item, state, detail) => {
  view.mark(item.id, state, detail);
  if (state === "sent") setTimeout(() => expect(detail), REPLY_WITHIN);
  if (state === "failed" && stream) stream.restart(); // a dead network does not always break an open stream
  if (state === "refused" && !item.action && !item.place) composer.giveBack(item.text);
});

const sender = makeSender((item, state, detail) => {
  view.mark(item.id, state, detail);
  if (state !== "sent") return;
  view.attach(item.id, detail.file);
  setTimeout(() => expect(detail.replies), REPLY_WITHIN);
});

function sendFile(blob, name, kind) {
  const item = sender.make(blob, name, kind);
  view.show({ from: "me", id: item.id, file: item.file, at: item.at });
  scroll.toEnd();
  if (blob.size > largestFile) view.mark(item.id, "refused", tooLarge(largestFile));
  else sender.add(item);
}

function say(text, action, place) {
  showMine(queue.add(text, action, place));
  scroll.toEnd();
  queue.hurry();
}

function showMine(item) {
  view.show({ from: "me", id: item.id, text: item.text, at: item.at });
  view.mark(item.id, "sending");
}

function resend(id) {
  view.mark(id, "sending");
  queue.hurry();
  sender.hurry();
}

function expect(ids) {
  if (stream && ids.some((id) => !seen.has(id))) stream.doubt();
}

function heard(message) {
  const { node, isNew } = view.show(message);
  if (isNew) scroll.arrived(node);
  seen.add(message.id);
  receipt(message.id);
}

/** Fetch what was said before and put in, in its place, what is missing here. */
async function recall() {
  const { greeting, messages, largest_file: largest } = await api.history();
  let after = null;
  largestFile = largest;
  if (!recalled) log.setAttribute("aria-live", "off"); // old words are not read out
  if (greeting) after = view.show({ id: "greeting", text: greeting.text, choices: greeting.choices }, after).node;
  for (const message of messages) {
    const { node, isNew } = view.show(message, after);
    after = node;
    if (message.from === "me") {
      queue.drop(message.id);
      view.mark(message.id, "sent");
    } else {
      seen.add(message.id);
      if (message.unread) receipt(message.id);
      if (isNew && recalled) scroll.arrived(node);
    }
  }
  if (recalled) return;
  recalled = true;
  part("opening").hidden = true;
  if (log.lastElementChild) scroll.reveal(log.lastElementChild);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 1000);
}

function up() {
  clearTimeout(downTimer);
  downTimer = 0;
  if (!part("down").textContent) return;
  part("down").textContent = "";
  queue.hurry();
  sender.hurry();
  recall().catch(() => {}); // the stream brings what is new; this only fills gaps
}

function down() {
  downTimer = downTimer || setTimeout(() => { part("down").textContent = DOWN; }, DOWN_AFTER);
}

async function begin() {
  pending().forEach(showMine);
  queue.hurry();
  for (let wait = 1000; !recalled; wait = Math.min(wait * 2, 15000)) {
    await recall().catch((fault) => {
      if (fault.sentence) part("opening").textContent = fault.sentence;
      else down();
      return new Promise((resolve) => setTimeout(resolve, wait));
    });
  }
  stream = listen({ heard, up, down });
}

part("quick").addEventListener("click", (press) => {
  const button = press.target.closest("button");
  if (button && button.dataset.action) say(button.dataset.label, button.dataset.action);
});
window.addEventListener("online", () => {
  queue.hurry();
  sender.hurry();
});
setUpAttach(part("attach"), part("files"), part("words"), sendFile);
const tell = (text) => { part("down").textContent = text; };
setUpLocate(part("locate"), tell, (place) => say(MY_PLACE, undefined, place));
setUpVoice(part("speak"), part("unspeak"), tell, sendFile);
begin();
