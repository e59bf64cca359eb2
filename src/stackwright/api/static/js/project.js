// A project: the conversation on the left, the app on the right.

import { at, attach, getJson, postJson, Refused, send } from "./api.js";
import { composer } from "./composer.js";
import { announce, h, icon } from "./dom.js";
import { Preview } from "./preview.js";
import { emptyTurn, isOver, now, reduce } from "./reduce.js";
import { downloadLink, drawOld, TurnView } from "./turn.js";

const PAGE = 1000;

export function project(id, firstMessage) {
  const view = new ProjectView(id);
  if (firstMessage) {
    view.user = firstMessage.user;
    view.send(firstMessage.text, firstMessage.attachments);
  }
  else view.reopen();
  return { element: view.element, close: () => view.close() };
}

class ProjectView {
  constructor(id) {
    this.id = id;
    this.user = null;
    this.leaving = new AbortController();
    this.watching = 0;
    this.preview = new Preview();
    this.box = composer({
      placeholder: "Change something…",
      label: "Message", onSend: (text, attachments) => this.send(text, attachments), onStop: () => this.stop(),
    });
    this.title = h("h1", {}, id);
    this.thread = h("div", { class: "thread" });
    this.banner = h("p", { class: "banner", role: "alert", hidden: true });
    this.picture = h("dialog", { class: "picture", "aria-label": "Screenshot", onclick: () => this.picture.close() });
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": "Show" },
      [["chat", "Conversation"], ["app", "App"]].map(([key, name], index) =>
        h("button", { type: "button", "data-tab": key, "aria-pressed": index === 0 ? "true" : "false", onclick: () => this.#show(key) }, name)));
    this.element = h("div", { class: "workbench", "data-tab": "chat" },
      this.tabs,
      h("section", { class: "talk", "aria-label": "Conversation" },
        h("div", { class: "talk-head" }, h("a", { class: "tool", href: "#/", title: "All projects", "aria-label": "All projects" }, icon("chevron")), this.title, downloadLink(id)),
        this.thread, this.banner, this.box.element),
      this.preview.element, this.picture);
  }

  close() {
    this.leaving.abort();
  }

  async send(text, attachments = []) {
    if (this.title.textContent === this.id) this.title.textContent = text;
    this.#complain("");
    const watch = this.#watch({ ...emptyTurn, message: text });
    await this.#following(() => send(this.id, text, attachments, { ...watch, user: this.user ?? undefined }), watch);
  }

  async reopen() {
    try {
      const [state, history] = await Promise.all([
        getJson(`${at(this.id)}/state`), getJson(`${at(this.id)}/history?limit=100`)]);
      this.user = state.user_id;
      this.title.textContent = state.name;
      const runs = [...new Set(history.messages.map((message) => message.run_id))];
      const last = state.current_run?.id ?? runs.at(-1);
      for (const run of runs.filter((run) => run !== last)) this.#old(history.messages, run);
      if (state.last_report && state.last_report.status !== "unverified") this.preview.show(state.preview_url);
      if (last) await this.#replay(last);
    } catch (error) {
      this.#complain(error instanceof Refused && error.status === 404
        ? "There is no such project here. Start one from the first page." : error.message);
    }
  }

  #old(messages, run) {
    const mine = messages.filter((message) => message.run_id === run);
    const asked = mine.find((message) => message.role === "user");
    const answered = mine.findLast((message) => message.role === "assistant");
    if (asked) this.thread.append(drawOld(this.id, asked, answered));
  }

  async #replay(run) {
    const watch = this.#watch(emptyTurn);
    let after = 0;
    while (after !== null) {
      const page = await getJson(`${at(this.id)}/runs/${encodeURIComponent(run)}/events?after=${after}&limit=${PAGE}`);
      for (const event of page.events) watch.onEvent(event);
      after = page.next;
      watch.place = page.events.length ? `${run}:${page.events.at(-1).seq}` : watch.place;
    }
    if (isOver(watch.turn)) this.#ended();
    else await this.#following(() => attach(this.id, watch.place, watch), watch);
  }

  #watch(turn) {
    const drawing = new TurnView(this.id, {
      retry: (text) => this.send(text),
      enlarge: (shot) => this.#enlarge(shot),
      answer: (run, answers) => this.#answer(run, answers),
    });
    const follows = this.#isAtEnd() || this.thread.childElementCount === 0;
    this.thread.append(drawing.element);
    const watch = { turn, place: null, signal: this.leaving.signal, isDue: false };
    const draw = () => {
      watch.isDue = false;
      const atEnd = this.#isAtEnd();
      drawing.draw(watch.turn);
      if (atEnd) this.thread.scrollTop = this.thread.scrollHeight;
      this.#drawApp(watch.turn);
    };
    watch.onEvent = (event) => {
      watch.turn = reduce(watch.turn, event);
      if (!watch.isDue) {
        watch.isDue = true;
        requestAnimationFrame(draw);
      }
    };
    watch.onConnection = (isThere) =>
      this.#complain(isThere ? "" : "The connection is lost. Trying again… The run goes on meanwhile.");
    drawing.draw(turn);
    if (follows) this.thread.scrollTop = this.thread.scrollHeight;
    return watch;
  }

  async #following(start, watch) {
    this.current = watch;
    this.watching += 1;
    this.box.setRunning(true);
    try {
      await start();
    } catch (error) {
      this.#complain(error.message);
      watch.onEvent({ type: "error", message: error.message, timestamp: null, run_id: watch.turn.runId });
    } finally {
      this.watching -= 1;
      if (this.watching === 0 && !this.leaving.signal.aborted) this.#ended();
    }
    if (watch.turn.changed > 0) this.preview.reload();
  }

  #drawApp(turn) {
    if (turn.previewUrl) this.preview.show(turn.previewUrl);
    if (isOver(turn)) {
      announce(turn.status === "verified" ? "Verified." : `Ended: ${turn.status}.`);
      this.preview.wait("No app to show yet", "Describe what you want in a message.");
    } else {
      announce(now(turn));
      this.preview.wait("Building your app", now(turn));
    }
  }

  #ended() {
    this.box.setRunning(false);
  }

  async stop() {
    const run = this.current?.turn.runId;
    if (!run) return;
    try {
      await postJson(`${at(this.id)}/runs/${encodeURIComponent(run)}/cancel`);
    } catch (error) {
      this.#complain(error.message);
    }
  }

  async #answer(run, answers) {
    try {
      await postJson(`${at(this.id)}/runs/${encodeURIComponent(run)}/answer`, { answers });
    } catch (error) {
      this.#complain(error.message);
    }
  }

  #enlarge(shot) {
    this.picture.replaceChildren(
      h("img", { src: shot.url, alt: `Screenshot of ${shot.route}` }), h("p", {}, shot.route));
    this.picture.showModal();
  }

  #show(tab) {
    this.element.dataset.tab = tab;
    for (const button of this.tabs.children)
      button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  }

  #isAtEnd() {
    return this.thread.scrollHeight - this.thread.scrollTop - this.thread.clientHeight < 80;
  }

  #complain(text) {
    this.banner.textContent = text;
    this.banner.hidden = !text;
  }
}
