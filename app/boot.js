// Starts the console: the only script that the page names. The build bundles it with wasm-bindgen's glue and
// fills in the module's hashed name.
import start from "drawbridge-glue";

try {
  await start({ module_or_path: WASM_URL });
  document.getElementById("boot")?.remove();
} catch (error) {
  console.error(error);
  document.querySelector(".boot-wait")?.remove();
  document.getElementById("boot")?.removeAttribute("aria-busy");
  document.getElementById("boot-failed")?.removeAttribute("hidden");
}
