// Starts the console: the only script that the page names. The build bundles it with wasm-bindgen's glue and the
// loader of the chunks, and fills in the module's hashed name and, for each part of the console that is fetched when
// it is first wanted, the names of its chunks.
import start from "drawbridge-glue";
import { compile } from "drawbridge-chunks";

const parts = new Map(Object.entries(PARTS));

/** The part that an address wants first, whoever is signed in. */
function wanted({ pathname }) {
  if (/^\/t\/[^/]+\/settings\/audit/.test(pathname)) return "audit";
  if (/^\/t\/[^/]+\/settings\/webhooks/.test(pathname)) return "webhooks";
  if (/^\/t\/[^/]+\/settings\/apps-and-tokens/.test(pathname)) return "credentials";
  if (/^\/t\/[^/]+\/settings\/single-sign-on/.test(pathname)) return "sso";
  if (/^\/t\/[^/]+\/settings\/gateways/.test(pathname)) return "gateways";
  if (pathname.startsWith("/invitations/")) return "invitation";
  if (/^\/t\/[^/]+\/settings\/(users|groups)/.test(pathname)) return "people";
  if (/^\/t\/[^/]+\/(settings|account)/.test(pathname)) return "settings";
  if (/^\/t\/[^/]+\/automate\/connections\/./.test(pathname)) return "connection";
  if (/^\/t\/[^/]+\/automate\/connectors/.test(pathname)) return "connectors";
  return pathname.startsWith("/problems/") ? undefined : "list";
}

/** Who needs it and does not get it asks again and says so. */
function bring(part) {
  for (const href of parts.get(part) ?? []) compile(href).catch(() => {});
}

/** What the first page will read, asked for while the module is on its way: the answer and its text, once both are there. */
const foreseen = new Map();

function foresee(address) {
  const asked = fetch(address, { headers: { accept: "application/json" } });
  const answer = asked.then(async (answer) => {
    const came = [answer, await answer.text()];
    // An answer that is there is taken without a wait.
    if (foreseen.has(address)) foreseen.set(address, came);
    return came;
  }).catch(() => {});
  foreseen.set(address, answer);
  return answer;
}

/** The answer to a read that was foreseen, once. As soon as the console does something else, none counts any more. */
window.foreseen = (address) => {
  const answer = foreseen.get(address);
  if (!answer) foreseen.clear();
  foreseen.delete(address);
  return answer;
};

/** So much of the module may still be on its way when what comes after it is asked for: it comes when that does. */
const REST = 100_000;

/** The module's answer, and when nearly all of it is there: what is wanted next comes after it and not beside it. */
function module() {
  const answer = fetch(WASM_URL);
  const nearly = answer.then(async (answer) => {
    const reader = answer.clone().body.getReader();
    for (let left = WASM_SIZE - REST; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) break;
      left -= value.length;
    }
    reader.cancel();
  }).catch(() => {});
  return [answer, nearly];
}

const [main, nearly] = module();

/** What no first page shows has its looks in a sheet of its own. */
function dress() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = LATER_URL;
  document.head.append(link);
}

// What will be wanted first need not wait until the module has found that out.
const first = wanted(location);
if (first !== "list") dress();
if (first) {
  if (first !== "list") nearly.then(() => bring(first));
  foresee("/api/v1/session").then(async ([session, text]) => {
    if (session.status === 401) {
      foresee("/api/v1/setup");
      await nearly;
      if (first !== "invitation") bring("door");
    } else if (session.ok && first === "list") {
      const { role, tenant } = JSON.parse(text);
      // Where the console does something else first, nothing can be foreseen.
      const straight = location.pathname === "/" || location.pathname.startsWith(`/t/${tenant.slug}/`);
      if (straight && role !== "participant" && !location.search) {
        ["/api/v1/connections", "/api/v1/connectors"].forEach(foresee);
      }
      await nearly;
      bring("list");
    }
  }).catch(() => {});
}

/** Brings the other parts into the browser's cache, one after the other. */
async function bringTheRest() {
  const rest = new Set([...parts.values()].flat());
  try {
    for (const url of rest) {
      const there = performance.getEntriesByName(new URL(url, location).href).length > 0;
      if (!there) await (await fetch(url, { priority: "low" })).arrayBuffer();
    }
  } catch {
    // Whoever wants a part that is not there hears of it then.
  }
}

// The palette, from everywhere: its button is there once somebody is signed in.
addEventListener("keydown", (event) => {
  const button = document.querySelector(".topbar-search");
  if (!button || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (!event.repeat) button.click();
});

try {
  await start({ module_or_path: main });
  document.getElementById("boot")?.remove();
  if (first === "list") dress();
  // Nobody misses it at first; who does not get it is told by nobody, and reads anew by hand.
  setTimeout(() => import(LIVE_URL).catch(() => {}), 500);
  if (!navigator.connection?.saveData) setTimeout(bringTheRest, 3000);
} catch (error) {
  console.error(error);
  document.querySelector(".boot-wait")?.remove();
  document.getElementById("boot")?.removeAttribute("aria-busy");
  document.getElementById("boot-failed")?.removeAttribute("hidden");
}
