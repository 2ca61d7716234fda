// Runs batches on a database of the local runtime, through D1 itself: what the Worker's own adapter speaks to.
//   node tests/support/d1.mjs STATE_DIR
// Each line of standard input is a JSON list of {sql, values}; each line of the answer is {"results": […]} with the
// rows of every statement, or {"error": "…"}.
import { createInterface } from 'node:readline';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';

process.env.WRANGLER_SEND_METRICS = 'false';
const root = new URL('../..', import.meta.url).pathname;
const { workerOptions } = unstable_getMiniflareWorkerOptions(`${root}wrangler.toml`);
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    log: new Log(LogLevel.ERROR),
    resourcePersistencePath: process.argv[2],
    telemetry: { enabled: false },
    workers: [
      {
        name: 'd1',
        modules: true,
        script: 'export default { fetch: () => new Response("") }',
        compatibilityDate: workerOptions.compatibilityDate,
        d1Databases: workerOptions.d1Databases,
      },
    ],
  }),
);
const database = await miniflare.getD1Database('DB');

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    const statements = JSON.parse(line).map(({ sql, values }) => database.prepare(sql).bind(...values));
    const answers = await database.batch(statements);
    said = { results: answers.map((answer) => answer.results ?? []) };
  } catch (error) {
    said = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await miniflare.dispose();
