// Starts the console: the only script that the page names. The build bundles it with wasm-bindgen's glue and the
// loader of the chunks, and fills in the module's hashed name and, for each part of the console that is fetched when
// it is first wanted, the names of its chunks.
import start from "drawbridge-glue";

const parts = new Map(Object.entries(PARTS));

/** The part that an address wants first. */
function wanted({ pathname }) {
  if (/^\/(sign-in(\/[^/]+)?|setup)\/?$/.test(pathname)) return "door";
  if (/^\/t\/[^/]+\/settings\/audit/.test(pathname)) return "audit";
  if (/^\/t\/[^/]+\/settings\/single-sign-on/.test(pathname)) return "sso";
  if (pathname.startsWith("/invitations/")) return "invitation";
  if (/^\/t\/[^/]+\/settings\/(users|groups)/.test(pathname)) return "people";
  if (/^\/t\/[^/]+\/(settings|account)/.test(pathname)) return "settings";
  if (/^\/t\/[^/]+\/automate\/connections\/./.test(pathname)) return "connection";
  if (/^\/t\/[^/]+\/automate\/connectors/.test(pathname)) return "connectors";
  return pathname.startsWith("/t/") ? "list" : undefined;
}

// What will be wanted first need not wait until the module has found that out.
for (const href of parts.get(wanted(location)) ?? []) {
  // Into the cache only. Who needs it and does not get it asks again and says so.
  fetch(href).then((answer) => answer.arrayBuffer()).catch(() => {});
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

try {
  await start({ module_or_path: WASM_URL });
  document.getElementById("boot")?.remove();
  if (!navigator.connection?.saveData) setTimeout(bringTheRest, 3000);
} catch (error) {
  console.error(error);
  document.querySelector(".boot-wait")?.remove();
  document.getElementById("boot")?.removeAttribute("aria-busy");
  document.getElementById("boot-failed")?.removeAttribute("hidden");
}
