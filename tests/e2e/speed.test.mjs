// How soon the first page stands, on a slow line with a slow processor. budgets.toml has the numbers.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { heading } from './steps.mjs';
import { stage, visit } from './support.mjs';

/** What else the machine does can only make a page slower: the best of so many loads counts. */
const TRIES = 5;
const on = stage();

/** The numbers of one table of budgets.toml. */
function budget(table) {
  const text = readFileSync(new URL('../../budgets.toml', import.meta.url), 'utf8');
  const lines = text.split(`[${table}]`)[1].split('\n[')[0];
  return Object.fromEntries([...lines.matchAll(/^(\w+) = ([\d.]+)/gm)].map(([, name, value]) => [name, Number(value)]));
}

/** Packs what it passes on, as Cloudflare does in front of a deployment and the local runtime does not. */
async function packing(origin) {
  const packed = new Map();
  const server = createServer((incoming, outgoing) => {
    const { url, method, headers } = incoming;
    const target = request(new URL(url, origin), { method, headers: { ...headers, 'accept-encoding': 'identity' } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        // Files are packed once and well; answers are made anew each time.
        const isFile = url.startsWith('/assets/');
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: isFile ? 11 : 4 } };
        const body = packed.get(url) ?? brotliCompressSync(Buffer.concat(chunks), quality);
        if (isFile) packed.set(url, body);
        const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers;
        const send = { ...kept, 'content-encoding': 'br', 'content-length': body.length };
        outgoing.writeHead(answer.statusCode, send).end(body);
      });
    });
    // A page that is closed leaves requests behind.
    target.on('error', () => outgoing.destroy());
    incoming.on('error', () => target.destroy());
    incoming.pipe(target);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

const SLOW = budget('largest_contentful_paint');

/** Loads a page in a new browser on the slow line; when it painted what, in milliseconds. */
async function load(t, address, title, signedIn) {
  const page = await visit(t, on.browser, { signedIn });
  const session = await page.context().newCDPSession(page);
  const throughput = (SLOW.line_mbit_per_s * 1_000_000) / 8;
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: SLOW.line_latency_ms,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW.processor_slowdown });
  await page.addInitScript(() => {
    window.paints = [];
    const observer = new PerformanceObserver((list) => window.paints.push(...list.getEntries()));
    observer.observe({ type: 'largest-contentful-paint', buffered: true });
  });
  await page.goto(address, { timeout: 60_000 });
  await heading(page, title).waitFor({ timeout: 60_000 });
  const paints = await page.evaluate(async () => {
    const stands = performance.now();
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (let at = 0; at < 3; at += 1) await frame();
    const [first] = performance.getEntriesByName('first-contentful-paint');
    return { first: first.startTime, largest: window.paints.at(-1).startTime, stands };
  });
  await page.context().close();
  return Object.fromEntries(Object.entries(paints).map(([name, ms]) => [name, Math.round(ms)]));
}

test('the first page stands in time', async (t) => {
  const proxy = await packing(on.product.origin);
  t.after(proxy.close);
  let best = { largest: Infinity };
  for (let tries = 0; tries < TRIES && best.largest > SLOW.max_ms; tries += 1) {
    const paints = await load(t, proxy.origin, 'Sign in');
    if (paints.largest < best.largest) best = paints;
  }
  const figure = `largest contentful paint ${best.largest} ms (at most ${SLOW.max_ms} ms), first ${best.first} ms`;
  t.diagnostic(`sign-in page: ${figure}; its form stands after ${best.stands} ms`);
  const { pathname } = new URL(on.product.at('automate/connections'));
  const list = await load(t, proxy.origin + pathname, 'Connections', on.product);
  t.diagnostic(`list of connections, signed in: largest contentful paint ${list.largest} ms, its heading stands after ${list.stands} ms`);
  assert.ok(best.largest <= SLOW.max_ms, figure);
});
