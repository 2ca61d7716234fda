// The sandbox provider: one HTTP server with an authorization server, a contacts API and switches.
// For development and tests only; nothing that is shipped imports it.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { handleApi } from './api.mjs';
import { Contacts } from './contacts.mjs';
import { handleControl, reset } from './control.mjs';
import { Hooks, handleHook } from './hooks.mjs';
import { HttpError, isLoopbackHost, sendHtml, sendJson } from './http.mjs';
import { handleInteraction } from './interactions.mjs';
import { Log } from './log.mjs';
import { homePage } from './pages.mjs';
import { DEFAULT_CALLBACK } from './people.mjs';
import { createProvider, handleOAuth, registerClient, registerOwnClients } from './provider.mjs';
import { Store } from './store.mjs';
import { Switches } from './switches.mjs';

/**
 * What the parts of one sandbox share.
 * @typedef {{origin: string, callbacks: string[], store: Store, switches: Switches, log: Log,
 *   contacts: Contacts, hooks: Hooks, names: Map<string, string[]>, usage: Map<string, {hour: number, count: number}>,
 *   provider: import('oidc-provider').Provider,
 *   callback: (req: object, res: import('node:http').ServerResponse) => Promise<void>}} Sandbox
 */

/**
 * One request on its way through.
 * @typedef {{req: import('node:http').IncomingMessage, res: import('node:http').ServerResponse,
 *   url: URL, entry: import('./log.mjs').Entry}} Exchange
 */

const STYLE = readFileSync(new URL('./style.css', import.meta.url));

/**
 * Starts a sandbox on this machine's loopback addresses.
 * @param {object} [options]
 * @param {number} [options.port] 0 takes a free one
 * @param {string[]} [options.callbacks] redirect URIs of the two clients that exist from the start
 * @param {string} [options.stateFile] keeps sign-ins, grants and clients over restarts; without it
 *   everything is in memory
 * @param {(line: string) => void} [options.report] told about every request and about crashes
 */
export async function startSandbox({ port = 0, callbacks = [DEFAULT_CALLBACK], stateFile, report = () => {} } = {}) {
  /** @type {Sandbox | undefined} */
  let sandbox;
  const listener = (req, res) => {
    handle(sandbox, req, res, report).catch((error) => {
      report(`${req.method} ${req.url?.split('?')[0]} failed: ${error.stack}`);
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { error: 'sandbox_fault', error_description: 'The sandbox itself is at fault.' });
    });
  };
  const store = new Store(stateFile);
  const servers = await listen(listener, port);
  const origin = `http://localhost:${servers[0].address().port}`;
  const switches = new Switches(store);
  const provider = createProvider({ origin, store, switches });
  provider.on('server_error', (_ctx, error) => report(`authorization server: ${error.stack}`));
  sandbox = {
    origin,
    callbacks,
    store,
    switches,
    provider,
    callback: provider.callback(),
    log: new Log(),
    contacts: new Contacts(),
    hooks: new Hooks(),
    usage: new Map(),
    names: new Map(),
  };
  registerOwnClients(sandbox, callbacks);

  return {
    origin,
    /** For tests in the same process; other processes use the addresses below `/sandbox`. */
    state: {
      switches,
      log: sandbox.log,
      hooks: sandbox.hooks,
      registerClient: (client) => registerClient(sandbox, client),
      reset: (options = {}) => reset(sandbox, options.all),
    },
    /** Stops at once: open connections, also the ones a switch keeps waiting, are cut. */
    async close() {
      store.flush();
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise((resolve) => server.close(resolve));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
    /** Writes the state file now, for a process that is about to end. */
    flush: () => store.flush(),
  };
}

async function handle(sandbox, req, res, report) {
  if (!sandbox) return sendJson(res, 503, { error: 'starting', error_description: 'The sandbox is starting.' });
  if (!isLoopbackHost(req.headers.host)) {
    return sendJson(res, 421, { error: 'misdirected', error_description: 'The sandbox only answers to localhost.' });
  }
  const url = URL.parse(req.url, `http://${req.headers.host}`);
  if (!url) return sendJson(res, 400, { error: 'invalid_request', error_description: 'The address is not one.' });
  const path = url.pathname;
  const part = Object.entries(PARTS).find(([start]) => path === start || path.startsWith(`${start}/`))?.[1];
  if (part === handleControl || !part) {
    res.on('finish', () => report(`${req.method} ${path} ${res.statusCode}`));
    return answer(() => (part ?? handleRest)(sandbox, { req, res, url }), res);
  }
  const entry = sandbox.log.start(req, res, path);
  res.on('close', () => report(`${entry.method} ${entry.path} ${entry.status ?? '-'} ${entry.switch ?? ''}`.trim()));
  return answer(() => part(sandbox, { req, res, url, entry }), res);
}

const PARTS = {
  '/oauth': handleOAuth,
  '/.well-known': handleOAuth,
  '/interaction': handleInteraction,
  '/api': handleApi,
  '/generic': handleApi,
  '/hooks': handleHook,
  '/sandbox': handleControl,
};

function handleRest({ origin, names }, { req, res, url }) {
  if (req.method === 'GET' || req.method === 'HEAD') {
    if (url.pathname === '/') return sendHtml(res, 200, homePage(origin));
    if (url.pathname === '/healthz') return sendJson(res, 200, { ok: true });
    if (url.pathname === '/dns-query') return sendJson(res, 200, resolved(names, url.searchParams.get('name') ?? ''));
    if (url.pathname === '/favicon.ico') return void res.writeHead(204).end();
    if (url.pathname === '/style.css') {
      return void res.writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }).end(STYLE);
    }
  }
  throw new HttpError(404, 'not_found', 'There is nothing at this address.');
}

/** What DNS over HTTPS answers of a name's TXT records: those that were set below `/sandbox/dns`. */
function resolved(names, name) {
  const texts = names.get(name);
  if (!texts) return { Status: 3 };
  return { Status: 0, Answer: texts.map((text) => ({ name, type: 16, TTL: 60, data: JSON.stringify(text) })) };
}

async function answer(run, res) {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    sendJson(res, error.status, error.body, error.headers);
  }
}

/**
 * Listens on both loopback addresses, because "localhost" means either, depending on who asks.
 * @returns {Promise<import('node:http').Server[]>}
 */
async function listen(listener, port) {
  const first = await open(listener, port, '127.0.0.1');
  try {
    return [first, await open(listener, first.address().port, '::1')];
  } catch (error) {
    // A machine without IPv6 is fine; one where somebody else has the port is not, for some callers
    // would reach the stranger.
    if (error.code !== 'EADDRINUSE') return [first];
    await new Promise((resolve) => first.close(resolve));
    if (port === 0) return listen(listener, port);
    throw error;
  }
}

function open(listener, port, host) {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
