// Tailwind's loader for Turbopack without its two races: next.js#93052, tailwindcss#20307 (mended upstream in
// the PostCSS plugin only; seen with 4.3.3 on Next 16.4.6). Use `@tailwindcss/turbopack` itself once both are mended.
//
// 1. Turbopack often runs the loader with the text from before an edit and the file's time from after it. The
//    loader renews its compiler only when the time has changed, so the run with the right text emits the old CSS.
//    Here each text has a compiler of its own.
// 2. An edit of a page that lands while the loader compiles is never seen. Here the loader compiles again until
//    nothing changed meanwhile, and it looks once more shortly after it returned.
const fs = require("node:fs");
const path = require("node:path");
const tailwind = require("@tailwindcss/turbopack");

const MAX_ROUNDS = 5;
const CLOCK_TICK_MS = 10; // file times come from a coarser clock than Date.now()
const LOOK_AGAIN_MS = 200;
const COMPILERS_PER_FILE = 4;
const NUDGE = path.join(__dirname, ".next", "cache", "tailwind-nudge");
const isDevelopment = process.env.NODE_ENV !== "production";

const compilers = new Map(); // CSS file -> its last text and the number of that text's compiler
const newestRuns = new Map(); // CSS file -> the run that began last

/** The name under which the loader keeps the compiler of this text; the oldest one's is used again. */
function compilerName(file, text) {
  const last = compilers.get(file);
  if (last?.text !== text) {
    const number = last ? (last.number + 1) % COMPILERS_PER_FILE : 0;
    compilers.set(file, { text, number });
  }
  return `${file}?${compilers.get(file).number}`;
}

/** The CSS of the text. Everything it was made from is added to `sources`. */
function compile(loader, text, sources) {
  return new Promise((resolve, reject) => {
    const own = Object.create(loader, {
      resource: { value: compilerName(loader.resourcePath, text) },
      async: { value: () => (error, css) => (error ? reject(error) : resolve(css)) },
      addDependency: {
        value(file) {
          sources.add(file).add(path.dirname(file)); // a new file changes its folder
          loader.addDependency(file);
        },
      },
      addContextDependency: {
        value(folder) {
          sources.add(folder);
          loader.addContextDependency(folder);
        },
      },
    });
    Promise.resolve(tailwind.call(own, text)).catch(reject);
  });
}

function haveChanged(sources, since) {
  return [...sources].some((source) => (fs.statSync(source, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= since);
}

async function compileUntilCalm(loader, text, sources) {
  for (let round = 1; ; round += 1) {
    const started = Date.now() - CLOCK_TICK_MS;
    const css = await compile(loader, text, sources);
    if (!isDevelopment || round === MAX_ROUNDS || !haveChanged(sources, started)) return { css, started };
  }
}

/** Let Turbopack run this file's loader again if a source changed before Turbopack watched it. */
function lookAgainLater(loader, run, sources, started) {
  if (!fs.existsSync(NUDGE)) {
    fs.mkdirSync(path.dirname(NUDGE), { recursive: true });
    fs.writeFileSync(NUDGE, "");
  }
  loader.addDependency(NUDGE);
  setTimeout(() => {
    const isNewest = newestRuns.get(loader.resourcePath) === run;
    if (isNewest && haveChanged(sources, started)) fs.writeFile(NUDGE, String(Date.now()), () => {});
  }, LOOK_AGAIN_MS).unref();
}

module.exports = async function tailwindLoader(text) {
  const done = this.async();
  const run = {};
  newestRuns.set(this.resourcePath, run);
  try {
    const sources = new Set();
    const { css, started } = await compileUntilCalm(this, text, sources);
    if (isDevelopment && sources.size > 0) lookAgainLater(this, run, sources, started);
    done(null, css);
  } catch (error) {
    done(error);
  }
};
