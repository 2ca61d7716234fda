// What every npm script calls: looks whether this machine has what the build needs, then hands over to xtask.
// No dependencies, so that it works before anything is installed. Plain words when something is missing.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Whether a program answers at all; its first line of output if so. */
function ask(program, ...args) {
  const answer = spawnSync(program, args, { encoding: "utf8", cwd: root });
  return answer.status === 0 ? answer.stdout.split("\n")[0].trim() || program : undefined;
}

function missing() {
  const found = [];
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    found.push(`Node.js 20 or newer is needed, this is ${process.versions.node}: https://nodejs.org/en/download`);
  if (process.platform === "win32")
    found.push("Windows itself is not supported: use Windows Subsystem for Linux (https://aka.ms/wsl)");
  if (!ask("git", "--version")) found.push("git is missing: `apt-get install git`, or https://git-scm.com/downloads");
  if (!ask("npm", "--version")) found.push("npm is missing: it comes with Node.js, https://nodejs.org/en/download");
  if (!ask("rustup", "--version"))
    found.push("rustup is missing (a distribution's own Rust is not enough): https://rustup.rs, then open a new terminal");
  else if (!ask("cargo", "--version")) found.push(...toolchain());
  if (!ask("cc", "--version"))
    found.push("a C compiler is missing, Rust links with it: `apt-get install build-essential` (macOS: `xcode-select --install`)");
  return found;
}

/** rustup is there, but not the toolchain that rust-toolchain.toml names: fetch it, with its progress shown. */
function toolchain() {
  console.log("Installing the Rust toolchain that rust-toolchain.toml names…");
  const installed = spawnSync("rustup", ["toolchain", "install"], { cwd: root, stdio: "inherit" });
  if (installed.status === 0 && ask("cargo", "--version")) return [];
  return ["the Rust toolchain of rust-toolchain.toml could not be installed: run `rustup toolchain install` in this folder"];
}

const problems = missing();
if (problems.length > 0) {
  console.error("This machine is not ready yet:");
  for (const problem of problems) console.error(`  - ${problem}`);
  process.exit(1);
}

// Cargo is quiet about its own work; say what the first minute is for.
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
if (!fs.existsSync(path.join(target, "debug", "xtask")))
  console.log("Compiling the build tool (once, about a minute)…");

const child = spawn("cargo", ["run", "--quiet", "--package", "xtask", "--", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
});
// The tool stops what it started and then ends by itself; until then this process stays.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// npm killed outright cannot pass that on; do not stay behind.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill("SIGTERM");
}, 1000).unref();
child.on("error", (error) => {
  console.error(`cargo could not be started: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (os.constants.signals[signal] ?? 1)));
