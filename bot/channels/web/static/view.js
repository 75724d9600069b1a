// The conversation on the page: one article for each message, never two for the same id.

import { codeNode, fileNode } from "./shown.js";
import { speakButton } from "./speech.js";
import { clock, element, write } from "./text.js";

const SENDING = "发送中…";
const SENT = "已送达";
const FAILED = "没发出去，点这里重发";

/** 0 and 9 stand in the bar below, always in sight: a message repeats them only when it offers nothing else. */
function notInTheBar(choices) {
  const others = choices.filter((choice) => choice.action !== "human" && choice.action !== "back");
  return others.length ? others : choices;
}

export function makeView(log, { chosen, resend }) {
  const nodes = new Map(); // message id -> article; the id of a replaced message leads to its replacement

  function time(at) {
    const node = element("time", "", clock(new Date(at), new Date()));
    node.dateTime = at;
    return node;
  }

  function choiceButton(choice) {
    const button = element("button");
    button.type = "button";
    if (choice.digit) button.append(element("b", "", choice.digit), " ");
    button.append(element("span", "", choice.label));
    button.addEventListener("click", () => chosen(choice));
    return button;
  }

  function bot(message) {
    const node = element("article", "bot");
    const words = element("div", "words");
    const choices = message.choices || [];
    const shown = notInTheBar(choices);
    node.tabIndex = -1;
    words.append(element("span", "unseen", "驿站说"));
    write(words, message.text);
    if (message.file) words.append(fileNode(message.file));
    if (message.qr) words.append(codeNode(message.qr));
    const options = choices.map((choice) => `${choice.digit || ""} ${choice.label}`);
    const below = element("div", "below");
    const speak = speakButton([message.text].concat(options).join("\n"));
    if (speak) below.append(speak);
    if (message.at) below.append(time(message.at));
    words.append(below);
    node.append(words);
    if (shown.length) {
      const group = element("div", "choices");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", "可以选");
      group.append(...shown.map(choiceButton));
      node.append(group);
    }
    return node;
  }

  function mine(message) {
    const node = element("article", "me");
    const words = element("div", "words");
    words.append(element("span", "unseen", "您说"));
    if (message.text) words.append(element("p", "", message.text));
    if (message.file) words.append(fileNode(message.file));
    const below = element("div", "below");
    const state = element("span", "state");
    state.tabIndex = -1;
    below.append(time(message.at), state);
    node.append(words, below);
    return node;
  }

  function place(node, after) {
    if (after === undefined) log.append(node);
    else if (after) after.after(node);
    else log.prepend(node);
    const isMine = (other) => other.classList.contains("me");
    const all = Array.from(log.children);
    const last = all.map(isMine).lastIndexOf(true);
    if (isMine(node)) all.slice(0, last).forEach((other) => other.classList.add("past"));
    else if (all.indexOf(node) < last) node.classList.add("past");
  }

  /** Put a bot message in the place of an earlier one, and the focus with it. */
  function swap(old, node) {
    const focused = old.contains(document.activeElement);
    old.replaceWith(node);
    nodes.forEach((value, key) => {
      if (value === old) nodes.set(key, node);
    });
    if (focused) (node.querySelector(".choices button") || node).focus();
  }

  /** Show a message once: at the end, or behind `after` (null: at the top). Gives its article and whether it is new. */
  function show(message, after) {
    const known = nodes.get(String(message.id));
    if (known) return { node: known, isNew: false };
    const node = message.from === "me" ? mine(message) : bot(message);
    const old = message.replaces && nodes.get(String(message.replaces));
    if (old) swap(old, node);
    else place(node, after);
    nodes.set(String(message.id), node);
    if (message.replaces) nodes.set(String(message.replaces), node);
    return { node, isNew: true };
  }

  /** Show a file of mine as the server has it. */
  function attach(id, file) {
    const node = nodes.get(id);
    const old = node && node.querySelector(".file");
    if (old) old.replaceWith(fileNode(file));
  }

  /** Write under one of my messages how far it got: "sending" (per cent), "sent", "failed" or "refused" (and why). */
  function mark(id, state, detail) {
    const node = nodes.get(id);
    const spot = node && node.querySelector(".state");
    if (spot && state === "sending" && detail) spot.textContent = `${SENDING}${detail}%`;
    if (!spot || spot.dataset.state === state) return;
    const focused = spot.contains(document.activeElement);
    spot.dataset.state = state;
    spot.textContent = "";
    if (state === "failed") {
      const button = element("button", "", FAILED);
      button.type = "button";
      button.addEventListener("click", () => resend(id));
      spot.append(button);
    } else {
      const said = { sending: SENDING, sent: SENT, refused: detail }[state];
      spot.append(state === "refused" ? element("span", "", said) : said);
    }
    if (focused) (spot.querySelector("button") || spot).focus();
  }

  return { show, mark, attach };
}
