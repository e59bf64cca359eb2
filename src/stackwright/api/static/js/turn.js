// One message and what came of it, drawn section by section; a section whose data is the same stays.

import { at } from "./api.js";
import { drawAttachments } from "./attachments.js";
import { h, icon } from "./dom.js";
import { isOver, now, PHASES, plain } from "./reduce.js";

const SHOWN_WHILE_WRITING = 5;

export class TurnView {
  constructor(project, actions) {
    this.project = project;
    this.actions = actions;
    this.drawn = new Map();
    this.sections = Object.fromEntries(
      ["asked", "wishes", "plan", "work", "live", "checks", "result", "question"].map((name) =>
        [name, h("div", { class: `turn-${name}` })]),
    );
    this.element = h("article", { class: "turn" }, Object.values(this.sections));
  }

  draw(turn) {
    this.#section("asked", [turn.message, turn.attachments], () =>
      turn.message ? [h("p", { class: "bubble" }, turn.message), drawAttachments(turn.attachments)].filter(Boolean) : null);
    this.#section("wishes", [turn.wishes, turn.notUnderstood], () => drawWishes(turn));
    this.#section("plan", [turn.plan], () => drawPlan(turn.plan));
    this.#section("work", [turn.steps, turn.said], () => drawWork(turn));
    this.#section("live", [now(turn), turn.sentence, turn.status], () => drawLive(turn));
    this.#section("checks", [turn.checks], () => drawChecks(turn.checks));
    this.#section("result", [turn.status, turn.report, turn.problem, turn.version], () =>
      this.#result(turn));
    this.#section("question", [turn.question, turn.status], () =>
      turn.question && turn.status === "waiting_input"
        ? drawQuestion(turn.question, this.actions.answer) : null);
  }

  #section(name, data, make) {
    const before = this.drawn.get(name);
    if (before && before.every((value, index) => value === data[index])) return;
    this.drawn.set(name, data);
    const open = new Set(
      [...this.sections[name].querySelectorAll("details[open]:not([data-auto])")].map((one) => one.dataset.key));
    const content = make();
    this.sections[name].replaceChildren(...(content ? [content].flat() : []));
    for (const details of this.sections[name].querySelectorAll("details"))
      if (open.has(details.dataset.key)) details.open = true;
  }

  #result(turn) {
    if (!isOver(turn)) return null;
    const shots = turn.report?.screenshots ?? [];
    return [drawVerdict(turn, this.actions), shots.length ? drawShots(shots, this.actions.enlarge) : null]
      .filter(Boolean);
  }
}

const WISHES = {
  open: ["todo", "not proven"],
  proven: ["done", "seen working"],
  failing: ["failed", "fails"],
  yours_to_judge: ["active", "yours to judge"],
  not_built: ["todo", "not built"],
};

function drawWishes({ wishes, notUnderstood }) {
  if (!wishes.length && !notUnderstood.length) return null;
  return h("section", { class: "card plan wishes", "aria-label": "Wishes" },
    h("h3", {}, "What you asked for"),
    h("ul", {},
      wishes.map((wish) => {
        const [state, word] = WISHES[wish.state] ?? WISHES.open;
        return h("li", { class: state }, mark(state),
          h("span", { class: "label" }, wish.text), h("span", { class: "word" }, word));
      }),
      notUnderstood.map((part) =>
        h("li", { class: "failed" }, mark("failed"),
          h("span", { class: "label" }, `“${part}”`), h("span", { class: "word" }, "not understood")))));
}

function drawPlan(plan) {
  if (!plan.length) return null;
  const done = plan.filter((step) => step.status === "done").length;
  return h("section", { class: "card plan", "aria-label": "Plan" },
    h("h3", {}, "Plan", h("span", { class: "count" }, `${done}/${plan.length}`)),
    h("ol", {}, plan.map((step) =>
      h("li", { class: step.status },
        mark(step.status === "pending" ? "todo" : step.status),
        h("span", {}, step.title)))));
}

function drawWork(turn) {
  const parts = [];
  let phase = null;
  let list = null;
  turn.steps.forEach((step, index) => {
    for (const said of turn.said.filter((one) => one.after === index)) {
      parts.push(h("p", { class: "said" }, said.text));
      list = null;
    }
    if (step.phase !== phase) {
      phase = step.phase;
      list = null;
      if (phase) parts.push(h("h3", { class: "phase" }, PHASES[phase] ?? phase));
    }
    if (!list) {
      list = h("ul", { class: "steps" });
      parts.push(list);
    }
    list.append(drawStep(step));
  });
  const last = turn.said.filter((one) => one.after >= turn.steps.length);
  parts.push(...last.map((said) => h("p", { class: "said" }, said.text)));
  return parts;
}

function drawStep(step) {
  const time = step.ms > 500 ? h("time", {}, seconds(step.ms / 1000)) : null;
  const head = [mark(step.state), h("span", { class: "label" }, step.label), time];
  if (!step.files.length && !step.detail) return h("li", { class: step.state }, h("div", { class: "row" }, head));
  const added = step.files.reduce((sum, file) => sum + file.added, 0);
  const counts = step.files.length
    ? h("span", { class: "count" }, `${step.files.length} file${step.files.length > 1 ? "s" : ""} +${added}`)
    : null;
  head.splice(2, 0, counts);
  const shown = step.state === "active" ? step.files.slice(-SHOWN_WHILE_WRITING) : step.files;
  return h("li", { class: step.state },
    h("details", { "data-key": step.id, "data-auto": step.state === "active", open: step.state === "active" },
      h("summary", { class: "row" }, head, h("span", { class: "chevron" }, icon("chevron", 14))),
      step.detail ? h("pre", { class: "detail" }, step.detail) : null,
      step.files.length ? h("ul", { class: "files" }, shown.map(drawFile)) : null));
}

function drawFile(file) {
  return h("li", { class: file.change },
    h("code", {}, file.path),
    h("span", { class: "plus" }, file.added ? `+${file.added}` : ""),
    h("span", { class: "minus" }, file.removed ? `-${file.removed}` : ""));
}

function drawLive(turn) {
  if (isOver(turn)) return null;
  return [
    turn.sentence ? h("p", { class: "said now" }, turn.sentence) : null,
    turn.status === "waiting_input" ? null
      : h("p", { class: "doing" }, h("span", { class: "pulse" }), h("span", {}, now(turn))),
  ].filter(Boolean);
}

function drawChecks(checks) {
  if (!checks.length) return null;
  const done = checks.filter((check) => check.state === "done").length;
  return h("section", { class: "card checks", "aria-label": "Checks" },
    h("h3", {}, "Proof", h("span", { class: "count" }, `${done}/${checks.length} passed`)),
    h("ul", {}, checks.map((check) => {
      const row = [
        mark(check.state),
        h("span", { class: "label" }, plain(check.name)),
        check.seconds === undefined ? null : h("time", {}, seconds(check.seconds)),
      ];
      if (!check.detail) return h("li", { class: check.state }, h("div", { class: "row" }, row));
      return h("li", { class: check.state },
        h("details", { "data-key": check.name, open: check.state === "failed" },
          h("summary", { class: "row" }, row, h("span", { class: "chevron" }, icon("chevron", 14))),
          h("pre", { class: "detail" }, check.detail)));
    })));
}

const VERDICTS = {
  verified: ["good", "shield", "Verified", ""],
  partly: ["fair", "warn", "Runs, but not verified", "Say what to repair, or “continue”."],
  unverified: ["fair", "warn", "Not verified", "What was built did not pass its checks. Say what to repair, or “continue”."],
  answered: ["calm", "chat", "Nothing was changed", ""],
  cancelled: ["calm", "stop", "Stopped", "What was written so far is kept."],
  failed: ["bad", "warn", "The run failed", ""],
};

function drawVerdict(turn, actions) {
  const [tone, sign, title, text] = VERDICTS[turn.status] ?? VERDICTS.unverified;
  const seen = turn.report?.status === turn.status ? turn.report.sentence : "";
  const said = turn.problem || [seen, text].filter(Boolean).join(" ");
  const facts = [
    turn.report ? `${turn.report.checks.filter((c) => c.ok).length} of ${turn.report.checks.length} checks` : null,
    turn.startedAt && turn.endedAt ? seconds((new Date(turn.endedAt) - new Date(turn.startedAt)) / 1000) : null,
    turn.version ? `version ${turn.version}` : null,
    turn.cost ? `${dollars(turn.cost)}${turn.repairCost ? `, of it ${dollars(turn.repairCost)} for repairs` : ""}` : null,
  ].filter(Boolean);
  return h("section", { class: `card verdict ${tone}`, "aria-label": "Result" },
    h("div", { class: "sign" }, icon(sign, 22)),
    h("div", {},
      h("h3", {}, title),
      said ? h("p", {}, said) : null,
      facts.length ? h("p", { class: "facts" }, facts.join(" · ")) : null),
    turn.status === "failed" && turn.message
      ? h("button", { class: "plain", onclick: () => actions.retry(turn.message) }, "Try again") : null);
}

function drawShots(shots, enlarge) {
  return h("section", { class: "shots", "aria-label": "Screenshots" },
    shots.map((shot) =>
      h("button", { class: "shot", title: `Enlarge ${shot.route}`, onclick: () => enlarge(shot) },
        h("img", { src: shot.url, alt: `Screenshot of ${shot.route}`, loading: "lazy", width: shot.width, height: shot.height }),
        h("span", {}, shot.route))));
}

function drawQuestion(question, answer) {
  const fields = question.fields.length
    ? question.fields : [{ name: "answer", label: "Your answer", kind: "text", choices: [] }];
  const form = h("form", { class: "card question" },
    h("h3", {}, question.question), fields.map(drawField),
    h("button", { class: "primary", type: "submit" }, "Answer"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form);
    answer(question.run_id, Object.fromEntries(fields.map((field) =>
      [field.name, field.kind === "multi_choice" ? data.getAll(field.name) : (data.get(field.name) ?? "")])));
  });
  return form;
}

function drawField(field) {
  if (field.kind === "text")
    return h("label", {}, field.label, h("input", { name: field.name, required: true, autocomplete: "off" }));
  const type = field.kind === "choice" ? "radio" : "checkbox";
  return h("fieldset", {}, h("legend", {}, field.label),
    field.choices.map((choice) =>
      h("label", { class: "choice" },
        h("input", { type, name: field.name, value: choice, required: type === "radio" }), choice)));
}

export function drawOld(project, asked, answered) {
  return h("article", { class: "turn old" },
    h("p", { class: "bubble" }, asked.content),
    drawAttachments(asked.attachments),
    answered?.content ? h("p", { class: "said" }, answered.content) : null,
    answered?.status ? h("p", { class: `stamp ${answered.status}` }, VERDICTS[answered.status]?.[2] ?? answered.status) : null);
}

export function downloadLink(project) {
  return h("a", { class: "tool", href: `${at(project)}/download`, title: "Download the code (zip)", "aria-label": "Download the code" }, icon("download"));
}

function mark(state) {
  const names = { done: "Done", failed: "Failed", active: "In progress", cancelled: "Stopped", todo: "To do" };
  const sign = h("span", { class: `mark ${state}`, role: "img", "aria-label": names[state] ?? state });
  if (state === "done") sign.append(icon("check", 13));
  if (state === "failed") sign.append(icon("cross", 13));
  return sign;
}

const dollars = (value) => `$${value < 0.1 ? value.toFixed(3) : value.toFixed(2)}`;
const seconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
