// What the parts of the bench have in common: medians, tables, the budgets, and what the Worker's own log says.

import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './servers.mjs';

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The median of one figure over the rounds. */
export const middle = ({ measured }, name, digits) => median(measured.map((one) => one[name])).toFixed(digits);

/**
 * How many round trips to the database each request of the job made, and how many rows were read, by the Worker's own
 * log from `from` on. The log comes a moment after the answers.
 */
export async function fromLog(log, from, job, count) {
  for (const deadline = Date.now() + 10_000; ; await new Promise(setImmediate)) {
    const lines = fs.readFileSync(log).subarray(from).toString().split('\n').slice(0, -1);
    const entries = lines.filter((line) => line.includes('"databaseRoundTrips"')).map((line) => JSON.parse(line));
    const found = entries.filter((one) => one.route === job.route && one.method === job.method);
    if (found.length >= count) return found.map((one) => ({ trips: one.databaseRoundTrips, rows: one.databaseRowsRead ?? 0 }));
    if (Date.now() > deadline) throw new Error(`${job.name}: ${count} requests, and ${found.length} lines in the log`);
  }
}

/** The numbers of one section of budgets.toml. */
export function budgets(section) {
  const text = fs.readFileSync(path.join(ROOT, 'budgets.toml'), 'utf8');
  const part = text.split(/^\[/m).find((one) => one.startsWith(`${section}]`)) ?? '';
  return Object.fromEntries([...part.matchAll(/^(\w+) *= *(\d+)/gm)].map(([, name, value]) => [name, Number(value)]));
}

/** Says on a terminal how far it is. */
export function say(words) {
  if (process.stderr.isTTY) process.stderr.write(`\r${`  ${words}`.padEnd(78)}\r`);
}

/** Rows of cells as text for people and as Markdown. */
export function table(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ');
  const markdown = [head, head.map((_, column) => (column ? '---:' : '---')), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return { text: [head, ...rows].map((row) => `  ${line(row).trimEnd()}`).join('\n'), markdown: markdown.join('\n') };
}
