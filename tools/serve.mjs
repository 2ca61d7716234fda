// Serves the console and the Worker on this machine, in workerd, as wrangler.toml describes them.
// One launcher for start, dev, tests and benches. When everything answers it prints one line of JSON:
//   {"listening":"http://localhost:8787","triggers":"http://127.0.0.1:1234","pid":1,"workerd":2,"ready":{"status":200,"body":{}}}
// SIGUSR2 loads the builds again and prints the line again; SIGTERM and SIGINT stop it. workerd that ends by itself is
// started again at once, by Miniflare.
// All of the Worker's log goes to stderr, one line each.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `node tools/serve.mjs [options]   (Node 22 or newer; node_modules/.bin/node is one)
  --port N          port on 127.0.0.1; 0 takes a free one            (8787)
  --state DIR       where D1, KV and Durable Objects persist         (.local/state)
  --worker DIR      build of the Worker                              (build/worker-sandbox)
  --console DIR     build of the console; "none" serves only the Worker (build/console)
  --env-file FILE   lines NAME=value, added to the Worker's variables (repeatable)
  --var NAME=VALUE  one variable; wins over the files and wrangler.toml (repeatable)
  --migrations DIR  "none" leaves the database as it is              (worker/migrations)
  --ready PATH      ask this path before saying ready; "none" skips  (/readyz)
  --triggers        GET /cdn-cgi/local/scheduled of the address "triggers" runs the daily job
  --schedules       the schedules of wrangler.toml run by the clock (UTC), and each once at the start
  --quiet           the Worker's log is dropped
  --by-turns        SIGUSR2 kills workerd, and the next one starts it again
  --stop-with-stdin stop when standard input ends (the parent went away)`;

const { values: args } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    state: { type: "string", default: ".local/state" },
    worker: { type: "string", default: "build/worker-sandbox" },
    console: { type: "string", default: "build/console" },
    "env-file": { type: "string", multiple: true, default: [] },
    var: { type: "string", multiple: true, default: [] },
    migrations: { type: "string", default: "worker/migrations" },
    ready: { type: "string", default: "/readyz" },
    triggers: { type: "boolean", default: false },
    schedules: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    "by-turns": { type: "boolean", default: false },
    "stop-with-stdin": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (args.help) {
  console.log(HELP);
  process.exit(0);
}

process.env.WRANGLER_SEND_METRICS = "false";
process.env.WRANGLER_LOG ??= "error";
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inRoot = (p) => path.resolve(root, p);
const { convertV4MiniflareOptions, Log, LogLevel, Miniflare } = await import("miniflare");
const wrangler = await import("wrangler");

/** What Miniflare itself has to say: never on stdout, which belongs to the ready line. */
class StderrLog extends Log {
  log(message) {
    process.stderr.write(`${message}\n`);
  }
}

/** NAME=value lines; `#` starts a comment, quotes round a value are taken off. */
function readEnvFile(file) {
  const found = {};
  for (const line of fs.readFileSync(file, "utf8").split(/\r?\n/)) {
    const match = /^\s*([A-Z0-9_]+)\s*=\s*(.*?)\s*$/i.exec(line);
    if (match) found[match[1]] = match[2].replace(/^(["'])(.*)\1$/, "$2");
  }
  return found;
}

function variables() {
  const found = {};
  for (const file of args["env-file"]) Object.assign(found, readEnvFile(path.resolve(file)));
  for (const pair of args.var) {
    const at = pair.indexOf("=");
    if (at < 1) throw new Error(`--var wants NAME=VALUE, not ${pair}`);
    found[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return found;
}

const NAME = "drawbridge";
const HOST = "127.0.0.1";

function moduleOf(directory, name, type) {
  const file = path.join(directory, name);
  return { type, path: file, contents: fs.readFileSync(file, type === "ESModule" ? "utf8" : undefined) };
}

/** What is surely the Worker's by `run_worker_first`: no rule that has files come first says otherwise. */
function workerFirst({ user_worker: worker = [], asset_worker: files = [] }) {
  const one = (rule) => rule.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const any = (rules) => `(?:${rules.map(one).join("|")})$`;
  return new RegExp(`^${files.length ? `(?!${any(files)})` : ""}${any(worker)}`);
}

/** The Worker with `tools/front.js` before it, and beside it the console's files. */
function withConsole(directory, build, worker, assets) {
  const first = `export const workerFirst = ${workerFirst(assets.routerConfig.static_routing ?? {})};`;
  const inBuild = (name, contents) => ({ type: "ESModule", path: path.join(build, name), contents });
  const front = fs.readFileSync(path.join(root, "tools/front.js"), "utf8");
  const rest = "export default { fetch: (request, { WORKER }) => WORKER.fetch(request) };";
  return [
    {
      ...worker,
      modules: [inBuild("front.js", front), inBuild("first.js", first), ...worker.modules],
      serviceBindings: { ...worker.serviceBindings, CONSOLE_FILES: "console" },
    },
    {
      name: "console",
      modules: [{ type: "ESModule", path: "console.js", contents: rest }],
      compatibilityDate: worker.compatibilityDate,
      serviceBindings: { WORKER: { name: NAME, entrypoint: "Worker" } },
      assets: { ...assets, directory },
    },
  ];
}

/** What wrangler.toml says, as Miniflare wants it. */
function described(overrides = {}) {
  return wrangler.unstable_getMiniflareWorkerOptions(inRoot("wrangler.toml"), undefined, { overrides }).workerOptions;
}

function options(port) {
  const build = inRoot(args.worker);
  const consoleDirectory = args.console === "none" ? undefined : inRoot(args.console);
  const overrides = consoleDirectory ? { assets: { directory: consoleDirectory } } : {};
  const { assets, modulesRules, ...rest } = described(overrides);
  const modules = fs
    .readdirSync(build)
    .filter((name) => name.endsWith(".js") || name.endsWith(".wasm"))
    .sort((a) => (a === "index.js" ? -1 : 1))
    .map((name) => moduleOf(build, name, name.endsWith(".js") ? "ESModule" : "CompiledWasm"));
  const worker = {
    ...rest,
    name: NAME,
    modulesRoot: build,
    modules,
    // Whoever calls is on this machine, unless a proxy before it says otherwise, as Cloudflare does.
    bindings: { ...rest.bindings, CLIENT_ADDRESS: HOST, ...variables() },
    // Past Miniflare's own Worker, which has its tools under the same address and costs as much as ours.
    unsafeDirectSockets: [{ host: HOST, port }],
  };
  return convertV4MiniflareOptions({
    host: HOST,
    cf: false,
    log: new StderrLog(LogLevel.WARN),
    handleStructuredLogs: ({ message }) => {
      if (!args.quiet) process.stderr.write(`${message}\n`);
    },
    resourcePersistencePath: inRoot(args.state),
    telemetry: { enabled: false },
    unsafeTriggerHandlers: args.triggers,
    workers: consoleDirectory ? withConsole(consoleDirectory, build, worker, assets) : [worker],
  });
}

/** Applies what is new in the migrations folder, each file in one transaction, noted where wrangler notes it. */
async function migrate(miniflare) {
  const directory = inRoot(args.migrations);
  if (args.migrations === "none" || !fs.existsSync(directory)) return [];
  const files = fs.readdirSync(directory).filter((name) => name.endsWith(".sql")).sort();
  if (files.length === 0) return [];
  const database = await miniflare.getD1Database("DB");
  await database
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  const fresh = files.filter((name) => !applied.has(name));
  for (const name of fresh) {
    const text = fs.readFileSync(path.join(directory, name), "utf8");
    const statements = wrangler.unstable_splitSqlQuery(text).map((sql) => database.prepare(sql));
    const note = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
    try {
      await database.batch([...statements, note]);
    } catch (error) {
      throw new Error(`migration ${name} failed, nothing of it was kept: ${error.message}`);
    }
  }
  return fresh;
}

/** The Worker's own word on whether it can work; tried again only while nothing answers at all. */
async function askReady(origin) {
  if (args.ready === "none") return undefined;
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      const answer = await fetch(new URL(args.ready, origin), { signal: AbortSignal.timeout(15_000) });
      const text = await answer.text();
      let body = text;
      try {
        body = JSON.parse(text);
      } catch {}
      return { status: answer.status, body };
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The process id of the workerd that this process started (on Linux; elsewhere unknown). */
function workerdPid() {
  try {
    const children = fs.readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(/\s+/);
    const named = (pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("workerd");
    return children.filter(Boolean).map(Number).filter(named).at(-1) ?? null;
  } catch {
    return null;
  }
}

let miniflare;
let stopping = false;
async function stop(code) {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(code), 5_000).unref();
  await miniflare?.dispose().catch(() => {});
  process.exit(code);
}
process.on("SIGTERM", () => stop(0));
process.on("SIGINT", () => stop(0));
if (args["stop-with-stdin"]) process.stdin.on("end", () => stop(0)).on("error", () => stop(0)).resume();

async function announce() {
  const triggers = (await miniflare.ready).origin;
  const { port } = await miniflare.unsafeGetDirectURL(NAME);
  const migrated = await migrate(miniflare);
  const listening = `http://localhost:${port}`;
  const ready = await askReady(`http://127.0.0.1:${port}`);
  process.stdout.write(
    `${JSON.stringify({ listening, triggers, pid: process.pid, workerd: workerdPid(), migrated, ready })}\n`,
  );
  return Number(port);
}

/**
 * Runs the Worker's schedules, as Cloudflare does; and each once at the start, since on a machine that is off at night
 * the daily one's time would never come. They do what is due, so that nothing is done twice.
 */
async function keepSchedules() {
  const { Cron } = await import("croner");
  const run = async (cron) => {
    try {
      const worker = await miniflare?.getWorker(NAME);
      const ended = await worker?.scheduled({ cron });
      if (ended && ended.outcome !== "ok") throw new Error(ended.outcome);
    } catch (error) {
      if (!stopping) process.stderr.write(`the schedule ${cron} could not run: ${error.message}\n`);
    }
  };
  const schedules = described().cronTriggers ?? [];
  for (const cron of schedules) new Cron(cron, { timezone: "UTC", protect: true }, () => run(cron));
  for (const cron of schedules) await run(cron);
}

try {
  miniflare = new Miniflare(options(Number(args.port)));
  const port = await announce();
  if (args.schedules) void keepSchedules();
  process.on("SIGUSR2", async () => {
    try {
      if (args["by-turns"] && miniflare) {
        const killed = miniflare;
        miniflare = undefined;
        await killed.dispose();
        return;
      }
      if (miniflare) await miniflare.setOptions(options(port));
      else miniflare = new Miniflare(options(port));
      await announce();
    } catch (error) {
      process.stderr.write(`could not load the new build: ${error.message}\n`);
    }
  });
} catch (error) {
  if (!stopping) {
    process.stderr.write(`${error.message}\n`);
    await stop(1);
  }
}
