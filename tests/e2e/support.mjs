// What every journey stands on: the whole product with a state of its own, a browser, and what no page may do.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { startSandbox } from '../sandbox/sandbox.mjs';
import { Api } from './api.mjs';

const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
/** Where the builds are; `npm test` makes them. */
export const BUILD = path.resolve(ROOT, process.env.BUILD ?? 'build');
/** Pictures of what failed, and of everything by photograph.mjs; not in the repository. */
export const RESULTS = path.join(ROOT, 'test-results');
export const SETUP_CODE = 'QUIET-HARBOUR-LIGHT';
/** How long anything may take before it counts as missing: machines that share their processors stand still for seconds. */
const PATIENCE = 30_000;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
];

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The launcher, until it says that it is ready. */
async function serve({ port, state, sandboxOrigin, log, console: consoleBuild = 'console' }) {
  const variables = {
    MASTER_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    SETUP_CODE,
    SANDBOX_ORIGIN: sandboxOrigin,
    PUBLIC_ORIGIN: `http://localhost:${port}`,
  };
  const child = spawn(
    process.execPath,
    [
      'tools/serve.mjs',
      '--stop-with-stdin',
      ...['--port', String(port), '--state', state],
      ...['--console', path.join(BUILD, consoleBuild), '--worker', path.join(BUILD, 'worker-sandbox')],
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ],
    { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  createInterface(child.stderr).on('line', (line) => log.push(line));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise((resolve) => createInterface(child.stdout).once('line', resolve));
  const said = await Promise.race([ready, ended.then(() => undefined)]);
  if (!said || JSON.parse(said).ready?.status !== 200) {
    child.kill();
    throw new Error(`Drawbridge did not start: ${said ?? ''}\n${log.slice(-15).join('\n')}`);
  }
  return {
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * The whole product on free ports, with the sandbox provider beside it and a new state.
 * @param {{setUp?: boolean, console?: string}} [options] `setUp`: with a tenant and its Global administrator;
 *   `console`: another build of it
 */
export async function startProduct({ setUp = true, console: consoleBuild } = {}) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const state = mkdtempSync(path.join(tmpdir(), 'drawbridge-e2e-'));
  const sandbox = await startSandbox({ callbacks: [`${origin}/oauth/callback`] });
  const log = [];
  const start = () => serve({ port, state, sandboxOrigin: sandbox.origin, log, console: consoleBuild });
  let server = await start();
  const product = {
    origin,
    sandbox,
    /** What the Worker logged, a line each. */
    log,
    /** The session of the first tenant's Global administrator, once it is set up. */
    api: undefined,
    /** Where a page of the first tenant is. */
    at: (page) => `${origin}/t/${product.api.who.tenant.slug}/${page}`,
    /** Stops the Worker and starts it again on the same state; in between something may be done to the state. */
    async restart(between = () => {}) {
      await server.stop();
      await between(state);
      server = await start();
    },
    async stop() {
      await server.stop();
      await sandbox.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
  try {
    if (setUp) product.api = await Api.setUp(origin, SETUP_CODE);
  } catch (error) {
    await product.stop();
    throw error;
  }
  return product;
}

/** A browser. */
export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
}

/**
 * Product and browser for all tests of a file; they are there once the first test begins.
 * @param {Parameters<typeof startProduct>[0] & {prepare?: (product: object) => Promise<void>}} [options] `prepare`:
 *   what else has to be there
 * @returns {{product: Awaited<ReturnType<typeof startProduct>>, browser: import('playwright-core').Browser}}
 */
export function stage({ prepare = () => {}, ...options } = {}) {
  const on = {};
  before(
    async () => {
      on.browser = await startBrowser();
      on.product = await startProduct(options);
      await prepare(on.product);
    },
    { timeout: 120_000 },
  );
  after(() => Promise.all([on.browser?.close(), on.product?.stop()]));
  return on;
}

/** What the browser itself says of an answer that is part of a journey: the page shows it in words. */
function isRefusal(message) {
  // The server is stopped, or the session has ended: the page says so after a while.
  if (/^WebSocket connection to '[^']*\/api\/v1\/live' failed/.test(message.text())) return true;
  const said = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
  return said && /\/(api\/v1|oauth)\//.test(message.location().url);
}

/**
 * A browser of somebody's own, with nothing in it. When the test ends it is closed, and the test fails if a page complained:
 * an error or a warning in its console (a broken Content-Security-Policy is one), or an exception.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').Browser} browser
 * @param {object} [options] of the context, and:
 * @param {object} [options.signedIn] a product whose administrator is signed in
 * @param {RegExp} [options.expected] complaints that belong to the journey
 * @returns {Promise<import('playwright-core').Page>}
 */
export async function visit(t, browser, { signedIn, expected, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const complaints = [];
  const complain = (text) => {
    if (!expected?.test(text)) complaints.push(text);
  };
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isRefusal(message)) {
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => complain(`exception: ${error.error().stack}`));
  t.after(async () => {
    if (!t.passed) await photograph(context, t.name);
    await context.close();
    assert.deepEqual(complaints, [], 'no page complains');
  });
  if (signedIn) await context.addCookies([signedIn.api.cookie]);
  return context.newPage();
}

/** Pictures of what was open when a test failed. */
async function photograph(context, name) {
  mkdirSync(RESULTS, { recursive: true });
  const base = path.join(RESULTS, name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80));
  for (const [at, page] of context.pages().entries()) {
    await page.screenshot({ path: `${base}-${at + 1}.png`, timeout: 5_000 }).catch(() => {});
  }
}

/**
 * Nobody is kept out of a page: axe-core finds nothing, in light and in dark.
 * @param {import('playwright-core').Page} page
 * @param {string} what the state of the page, for the message
 */
export async function assertAccessible(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    // Colours that are on their way to the other scheme are of neither.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)));
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // Only colours differ in the dark.
    if (colorScheme === 'dark') axe.withRules(['color-contrast']);
    else axe.options({ rules: { 'target-size': { enabled: true } } });
    const { violations } = await axe.analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}\n  ${node.target.join(' ')}\n  ${node.html.slice(0, 200)}\n  ${node.failureSummary}`),
    );
    assert.equal(found.join('\n'), '', `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/**
 * Nothing has to be scrolled sideways, once a new size has settled.
 * @param {import('playwright-core').Page} page
 * @param {string} what
 */
export async function assertFits(page, what) {
  await eventually(async () => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${what} is ${wide} px too wide`);
  });
}

/**
 * Asks again until what is asked holds.
 * @param {() => Promise<void> | void} check throws while it does not
 */
export async function eventually(check) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
