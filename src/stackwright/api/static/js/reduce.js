// Events of a run -> what to show. Pure: the same events always give the same view.

export const PHASES = {
  planning: "Planning",
  backend: "Writing the backend",
  frontend: "Writing the pages",
  integration: "Starting and checking",
};
const QUIET_TOOLS = new Set(["update_plan", "check_app", "set_wishes", "change_wish"]);
const MAX_STEPS = 400;

export const emptyTurn = {
  runId: null, message: "", attachments: [], status: "queued", position: 0, phase: null, plan: [], steps: [],
  said: [], sentence: "", writing: null, note: "", checks: [], wishes: [], notUnderstood: [], report: null, previewUrl: null,
  version: null, changed: 0, cost: 0, repairCost: 0, question: null, problem: "", startedAt: null, endedAt: null,
};

export function reduce(turn, event) {
  const next = reducers[event.type]?.(turn, event) ?? turn;
  return next.runId === event.run_id ? next : { ...next, runId: event.run_id };
}

const reducers = {
  user_message: (turn, e) =>
    turn.message && turn.message !== e.text
      ? { ...turn, question: null }
      : { ...turn, message: e.text, attachments: e.attachments ?? [], question: null },
  run_queued: (turn, e) => ({ ...turn, status: "queued", position: e.position }),
  agent_start: (turn, e) => ({ ...turn, status: "running", startedAt: e.timestamp, note: "" }),
  agent_resumed: (turn) => ({ ...turn, status: "running", note: "Going on after an interruption." }),
  agent_thinking: (turn, e) =>
    e.kind === "thinking"
      ? { ...turn, note: "Thinking…" }
      : { ...turn, sentence: turn.sentence + e.token, note: "" },
  message_reset: (turn) => ({ ...turn, sentence: "", writing: null }),
  tool_args_delta: (turn, e) => {
    const json = (turn.writing?.id === e.tool_id ? turn.writing.json : "") + e.delta;
    const path = /"path"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(json.slice(0, 4000))?.[1] ?? null;
    return { ...turn, writing: { id: e.tool_id, tool: e.tool_name, json: json.slice(0, 4000), path } };
  },
  tool_refused: (turn, e) =>
    turn.writing?.id === e.tool_id ? { ...turn, writing: null } : turn,
  tool_start: (turn, e) => {
    const settled = settle(turn);
    if (QUIET_TOOLS.has(e.tool_name)) return settled;
    const step = {
      id: e.tool_id, label: describe(e.tool_name, e.tool_args), state: "active", files: [],
      phase: settled.phase, ms: null, detail: "",
    };
    return { ...settled, steps: [...settled.steps, step].slice(-MAX_STEPS) };
  },
  tool_complete: (turn, e) =>
    withStep(turn, e.tool_id, (step) => ({
      ...step,
      state: e.outcome === "ok" ? "done" : e.outcome === "failed" ? "failed" : "cancelled",
      ms: e.duration_ms,
      detail: e.outcome === "failed" ? e.output_preview : "",
    })),
  file_changed: (turn, e) => {
    const file = { path: e.path, change: e.change, added: e.added, removed: e.removed };
    const active = turn.steps.findLast((step) => step.state === "active") ?? turn.steps.at(-1);
    const counted = { ...turn, changed: turn.changed + 1 };
    if (!active) return counted;
    return withStep(counted, active.id, (step) => ({ ...step, files: [...step.files, file] }));
  },
  plan_updated: (turn, e) => ({ ...turn, plan: e.steps }),
  phase_changed: (turn, e) => ({ ...settle(turn), phase: e.phase }),
  state: (turn, e) => ({ ...turn, note: e.detail || e.state.replaceAll("_", " ") }),
  usage: (turn, e) => ({
    ...turn,
    cost: turn.cost + (e.cost_usd ?? 0),
    repairCost: turn.repairCost + (e.purpose === "repair" ? (e.cost_usd ?? 0) : 0),
  }),
  budget_warning: (turn, e) => ({ ...turn, note: e.message }),
  preview_ready: (turn, e) => ({ ...turn, previewUrl: e.url }),
  preview_error: (turn, e) => ({ ...turn, note: `The app failed: ${e.message}` }),
  check_started: (turn, e) => ({
    ...settle(turn),
    checks: [...without(turn.checks, e.name), { name: e.name, state: "active", detail: "" }],
  }),
  check_result: (turn, e) => ({
    ...turn,
    checks: replaced(turn.checks, {
      name: e.name, state: e.ok ? "done" : "failed", seconds: e.seconds, detail: e.detail,
    }),
  }),
  wishes_set: (turn, e) => ({ ...turn, wishes: e.wishes, notUnderstood: e.not_understood }),
  wish_changed: (turn, e) => ({
    ...turn, wishes: turn.wishes.map((one) => (one.id === e.wish.id ? e.wish : one)),
  }),
  verification_report: (turn, e) => ({
    ...turn, report: e, wishes: e.wishes, notUnderstood: e.not_understood,
  }),
  version_created: (turn, e) => ({ ...turn, version: e.version }),
  user_input_required: (turn, e) => ({ ...settle(turn), status: "waiting_input", question: e }),
  agent_complete: (turn, e) => ({
    ...ended(turn, e, e.status), previewUrl: e.preview_url ?? turn.previewUrl,
  }),
  agent_cancelled: (turn, e) => ended(turn, e, "cancelled"),
  error: (turn, e) => ({ ...ended(turn, e, "failed"), problem: e.message }),
};

export const isOver = (turn) =>
  !["queued", "running", "waiting_input"].includes(turn.status);

// One sentence on what happens right now.
export function now(turn) {
  if (turn.status === "queued")
    return turn.position ? "Waiting for the message before this one…" : "Waiting for a worker…";
  if (turn.status === "waiting_input") return "Waiting for your answer";
  if (turn.writing) return turn.writing.path ? `Writing ${turn.writing.path}` : "Writing…";
  const check = turn.checks.findLast((one) => one.state === "active");
  if (check) return `Checking: ${plain(check.name)}`;
  const step = turn.steps.findLast((one) => one.state === "active");
  if (step) return step.files.length ? `Writing ${step.files.at(-1).path}` : step.label;
  return turn.note || (turn.phase ? `${PHASES[turn.phase]}…` : "Thinking…");
}

const CHECKS = {
  "python-parses": "The backend's code parses",
  "python-lint": "The backend's code is clean",
  "backend-imports": "The backend loads",
  services: "Database, backend and pages start",
  api: "The API creates, reads, changes and deletes",
  "contract-tests": "The app's own tests pass",
  "client-in-step": "Pages and API agree",
  "frontend-types": "Types agree",
  "frontend-lint": "The pages' code is clean",
  pages: "Every page works in a browser",
};

// The name of a check or a tool in words.
export const plain = (name) => CHECKS[name] ?? name.replaceAll(/[-_]/g, " ");

function settle(turn) {
  const sentence = turn.sentence.trim();
  if (!sentence && !turn.writing) return turn;
  const said = sentence ? [...turn.said, { text: sentence, after: turn.steps.length }] : turn.said;
  return { ...turn, said, sentence: "", writing: null };
}

function ended(turn, event, status) {
  const steps = turn.steps.map((step) =>
    step.state === "active" ? { ...step, state: "cancelled" } : step);
  const checks = turn.checks.filter((check) => check.state !== "active");
  return { ...settle(turn), steps, checks, status, note: "", endedAt: event.timestamp };
}

function withStep(turn, id, change) {
  return { ...turn, steps: turn.steps.map((step) => (step.id === id ? change(step) : step)) };
}

const without = (checks, name) => checks.filter((check) => check.name !== name);

function replaced(checks, check) {
  const known = checks.some((one) => one.name === check.name);
  return known ? checks.map((one) => (one.name === check.name ? check : one)) : [...checks, check];
}

const short = (text, length = 70) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

const count = (things, noun) => `${things.length} ${noun}${things.length === 1 ? "" : "s"}`;

function describe(tool, args) {
  const name = describers[tool];
  try {
    return name ? name(args) : plain(tool);
  } catch {
    return plain(tool);
  }
}

const describers = {
  read_file: (a) => `Read ${a.path}`,
  batch_read_files: (a) => `Read ${count(a.paths, "file")}`,
  write_file: (a) => `Write ${a.path}`,
  batch_write_files: (a) => `Write ${count(a.files, "file")}`,
  edit_file: (a) => `Edit ${a.path}`,
  smart_edit_file: (a) => `Edit ${a.path}`,
  delete_file: (a) => `Delete ${a.path}`,
  list_files: (a) => `Look into ${a.folder || "the project"}`,
  search_code: (a) => `Search for ${short(a.pattern, 40)}`,
  scaffold_app: (a) =>
    `Lay out the app${a.spec?.entities ? `: ${a.spec.entities.map((e) => e.name).join(", ")}` : ""}`,
  scaffold_resource: (a) => `Add ${a.entity?.name ?? "a resource"}`,
  run_command: (a) => `Run ${short(a.command)}`,
  run_service: (a) => `Start ${a.name}`,
  stop_service: (a) => `Stop ${a.name}`,
  read_logs: (a) => `Read the log of ${a.name}`,
  http_request: (a) => `Ask the app: ${a.method ?? "GET"} ${short(a.path, 50)}`,
  list_processes: () => "Look at what runs",
  search_web: (a) => `Search the web: ${short(a.query ?? "", 50)}`,
  screenshot: (a) => `Look at ${a.route}`,
  ask_user_tool: () => "Ask you something",
};
