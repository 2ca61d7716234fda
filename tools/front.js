// Stands before the Worker in workerd on this machine, in the Worker's own isolate. Cloudflare decides by
// `run_worker_first` of wrangler.toml what goes to the Worker and what to the console's files; Miniflare does the same by
// three Workers of its own, and each call would pay for them. What is surely the Worker's goes to it at once here; all
// else takes Miniflare's way.
import Worker from "./index.js";
import { workerFirst } from "./first.js";

export * from "./index.js";
/** The Worker itself, for what Miniflare's router sends to it. */
export { Worker };

/** As it was asked from outside: whoever ends TLS in front of this machine says so (as Miniflare has it). */
function asked(request) {
  const secure = request.headers.get("x-forwarded-proto") === "https" && request.url.startsWith("http:");
  return secure ? new Request(`https:${request.url.slice("http:".length)}`, request) : request;
}

export default {
  fetch(incoming, env, context) {
    const request = asked(incoming);
    // By the path as it is meant, with its dots resolved, as the router has it.
    return workerFirst.test(new URL(request.url).pathname)
      ? new Worker(context, env).fetch(request)
      : env.CONSOLE_FILES.fetch(request);
  },
  scheduled: (event, env, context) => new Worker(context, env).scheduled(event),
};
