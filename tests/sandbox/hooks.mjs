// Receivers of webhooks: an address for any name, which keeps what it is sent, verifies it as a receiver does, and
// fails where a switch says so.

import { Webhook } from 'standardwebhooks';
import { provoke } from './faults.mjs';
import { HttpError, readBody, sendJson } from './http.mjs';

const KEEP = 200;
const NAME = /^\/hooks\/([a-z0-9-]{1,60})$/;

/** The receivers of one sandbox. */
export class Hooks {
  /** @type {Map<string, {secrets: string[], messages: object[]}>} */
  #all = new Map();

  /** A receiver, made when it is first asked for. */
  at(name) {
    if (!this.#all.has(name)) this.#all.set(name, { secrets: [], messages: [] });
    return this.#all.get(name);
  }

  /** Forgets everything. */
  clear() {
    this.#all.clear();
  }
}

/**
 * Takes one message.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {import('./sandbox.mjs').Exchange} exchange
 */
export async function handleHook({ hooks, switches }, { req, res, url, entry }) {
  const name = NAME.exec(url.pathname)?.[1];
  if (!name) throw new HttpError(404, 'not_found', 'There is nothing at this address.');
  if (req.method !== 'POST') throw new HttpError(405, 'method_not_allowed', 'Use POST here.', { allow: 'POST' });
  const receiver = hooks.at(name);
  const body = (await readBody(req)).toString('utf8');
  const verified = receiver.secrets.map((secret) => verifies(secret, body, req.headers));
  receiver.messages.push({ headers: { ...req.headers }, body, verified });
  if (receiver.messages.length > KEEP) receiver.messages.shift();
  entry.target = 'hook';
  if (await provoke(switches, res, entry, { target: 'hook', path: url.pathname, method: req.method })) return;
  if (receiver.secrets.length && !verified.includes(true)) {
    throw new HttpError(401, 'bad_signature', 'The signature is not one of a secret that this receiver knows.');
  }
  sendJson(res, 200, { taken: req.headers['webhook-id'] ?? null });
}

function verifies(secret, body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
