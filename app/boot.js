// Starts the console: the only script that the page names. The build bundles it with wasm-bindgen's glue and the
// loader of the chunks, and fills in the module's hashed name and, for each part of the console that is fetched when
// it is first wanted, the names of its chunks.
import start from "drawbridge-glue";

const parts = new Map(Object.entries(PARTS));

/** The part that an address wants first, whoever is signed in. */
function wanted({ pathname }) {
  if (/^\/t\/[^/]+\/settings\/audit/.test(pathname)) return "audit";
  if (/^\/t\/[^/]+\/settings\/webhooks/.test(pathname)) return "webhooks";
  if (/^\/t\/[^/]+\/settings\/apps-and-tokens/.test(pathname)) return "credentials";
  if (/^\/t\/[^/]+\/settings\/single-sign-on/.test(pathname)) return "sso";
  if (pathname.startsWith("/invitations/")) return "invitation";
  if (/^\/t\/[^/]+\/settings\/(users|groups)/.test(pathname)) return "people";
  if (/^\/t\/[^/]+\/(settings|account)/.test(pathname)) return "settings";
  if (/^\/t\/[^/]+\/automate\/connections\/./.test(pathname)) return "connection";
  if (/^\/t\/[^/]+\/automate\/connectors/.test(pathname)) return "connectors";
  return pathname.startsWith("/problems/") ? undefined : "list";
}

/** Into the cache only. Who needs it and does not get it asks again and says so. */
function bring(part) {
  for (const href of parts.get(part) ?? []) {
    fetch(href).then((answer) => answer.arrayBuffer()).catch(() => {});
  }
}

/** What the first page will read, asked for while the module is on its way. */
const foreseen = new Map();

function foresee(address) {
  const answer = fetch(address, { headers: { accept: "application/json" } }).catch(() => {});
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

// What will be wanted first need not wait until the module has found that out.
const first = wanted(location);
if (first) {
  if (first !== "list") bring(first);
  foresee("/api/v1/session").then(async (session) => {
    if (session?.status === 401) {
      foresee("/api/v1/setup");
      if (first !== "invitation") bring("door");
    } else if (session?.ok && first === "list") {
      bring("list");
      const { role, tenant } = await session.clone().json();
      // Where the console does something else first, nothing can be foreseen.
      const straight = location.pathname === "/" || location.pathname.startsWith(`/t/${tenant.slug}/`);
      if (straight && role !== "participant" && !location.search) {
        ["/api/v1/connections", "/api/v1/connectors"].forEach(foresee);
      }
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
  await start({ module_or_path: WASM_URL });
  document.getElementById("boot")?.remove();
  // Nobody misses it at first; who does not get it is told by nobody, and reads anew by hand.
  setTimeout(() => import(LIVE_URL).catch(() => {}), 500);
  if (!navigator.connection?.saveData) setTimeout(bringTheRest, 3000);
} catch (error) {
  console.error(error);
  document.querySelector(".boot-wait")?.remove();
  document.getElementById("boot")?.removeAttribute("aria-busy");
  document.getElementById("boot-failed")?.removeAttribute("hidden");
}
