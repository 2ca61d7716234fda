// The speed of the product on the same runtime, in the same run, as what it is compared with: `npm run bench`.
//   pages | credentials | gateway   that part only
//   --write      also writes docs/BENCH.md; a part that was not measured stays as it is there
//   --rounds N   how often everything is measured; the median counts (3, of credentials and gateway 5)

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { credentials } from './credentials.mjs';
import { gateway } from './gateway.mjs';
import { pages } from './pages.mjs';
import { ROOT } from './servers.mjs';

const FILE = path.join(ROOT, 'docs/BENCH.md');
const PARTS = {
  pages: { title: 'Sessions and lists', measure: pages, rounds: 3 },
  credentials: { title: 'Apps and tokens', measure: credentials, rounds: 5 },
  gateway: { title: 'Gateways', measure: gateway, rounds: 5 },
};

const { values: args, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((word) => !(word in PARTS));
if (unknown.length) throw new Error(`the parts are ${Object.keys(PARTS).join(', ')}, not ${unknown.join(', ')}`);

/** The parts of the file as it is, by title. */
function written() {
  const text = fs.existsSync(FILE) ? fs.readFileSync(FILE, 'utf8') : '';
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trim()]));
}

const kept = written();
for (const [name, part] of Object.entries(PARTS)) {
  if (positionals.length && !positionals.includes(name)) continue;
  const rounds = Number(args.rounds ?? part.rounds);
  const { tables, words = '', broken, good } = await part.measure(rounds);
  const cpu = os.cpus();
  const [, five] = os.loadavg();
  const machine = `${cpu.length} × ${cpu[0]?.model.trim() ?? 'unknown'}, Node.js ${process.versions.node}, load of 5 minutes ${five.toFixed(1)}; medians of ${rounds} rounds`;
  process.stdout.write(`\n${part.title}\n${tables.map(({ text }) => text).join('\n\n')}\n  (${machine})\n`);
  if (words) process.stdout.write(`  ${words}\n`);
  for (const line of broken) process.stdout.write(`  ✗ ${line}\n`);
  if (broken.length === 0) process.stdout.write(`  ✓ ${good}\n`);
  if (broken.length) process.exitCode = 1;
  kept.set(part.title, [...tables.map(({ markdown }) => markdown), words, `${machine}.`].filter(Boolean).join('\n\n'));
}
if (args.write) {
  const head = '# Speed\nWritten by `npm run bench -- --write`. [How to read it](CONTRIBUTING.md#reading-the-bench).\n';
  const parts = Object.values(PARTS).filter(({ title }) => kept.has(title));
  fs.writeFileSync(FILE, `${head}\n${parts.map(({ title }) => `## ${title}\n${kept.get(title)}\n`).join('\n')}`);
}
