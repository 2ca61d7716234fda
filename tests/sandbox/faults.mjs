// What a switch of the family "fault" puts in the place of an answer.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson } from './http.mjs';

const MIB = 1024 * 1024;
const WORDS = {
  400: ['invalid_request', 'The request is not acceptable.'],
  401: ['invalid_token', 'The access token is refused.'],
  403: ['forbidden', 'This person may not do that.'],
  404: ['not_found', 'There is no such thing.'],
  429: ['too_many_requests', 'Too many requests. Try again later.'],
  500: ['internal_error', 'Something broke at the sandbox.'],
  503: ['unavailable', 'The sandbox is being maintained.'],
};

/**
 * Looks for a fault for this call and, where there is one, answers in the place of the real thing.
 * @param {import('./switches.mjs').Switches} switches
 * @param {import('node:http').ServerResponse} res
 * @param {import('./log.mjs').Entry} entry
 * @param {object} call as {@link import('./switches.mjs').Switches.take} wants it
 * @returns {Promise<boolean>} whether the call has been dealt with
 */
export async function provoke(switches, res, entry, call) {
  // A delay alone lets the call go on, and other switches may still apply to it.
  const delay = switches.take('fault', call, (one) => one.kind === 'delay');
  if (delay) {
    entry.switch = delay.kind;
    await pause(res, delay.delayMs);
  }
  const fault = switches.take('fault', call, (one) => one.kind !== 'delay');
  if (!fault) return res.destroyed;
  entry.switch = fault.kind;
  if (fault.delayMs) await pause(res, fault.delayMs);
  // The library may have prepared headers for the answer that is now replaced.
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  if (!res.destroyed) await ANSWERS[fault.kind](res, fault);
  return true;
}

const ANSWERS = {
  status(res, fault) {
    const [error, description] = WORDS[fault.status] ?? ['error', `Status ${fault.status}, as a switch asks.`];
    const body = { error: fault.error ?? error, error_description: fault.description ?? description };
    const headers = {};
    if (fault.status === 401) headers['www-authenticate'] = challenge(body);
    if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
    sendJson(res, fault.status, body, headers);
  },
  expired_token(res) {
    const body = { error: 'invalid_token', error_description: 'The access token expired' };
    sendJson(res, 401, body, { 'www-authenticate': challenge(body) });
  },
  timeout() {
    // Nothing, on purpose: the socket stays open until the caller or the sandbox closes it.
  },
  close(res) {
    res.socket?.destroy();
  },
  ok_with_error_body(res, fault) {
    sendJson(res, 200, {
      error: fault.error ?? 'internal_error',
      error_description: fault.description ?? 'The call failed, although the status says otherwise.',
    });
  },
  malformed_json(res) {
    res.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "ada", "name": "Ada Lov');
  },
  not_json_content_type(res) {
    res
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end('<!doctype html><title>Sandbox CRM</title><p>A page where an answer should be.');
  },
  redirect(res, fault) {
    res.writeHead(fault.status ?? 302, { location: fault.location, 'content-length': '0' }).end();
  },
  async huge_body(res, fault) {
    res.writeHead(200, { 'content-type': 'application/json' });
    // A pipeline waits for the reader, which keeps the sandbox small whatever the size asked for.
    await pipeline(Readable.from(filler(fault.bytes ?? 64 * MIB)), res).catch(() => {});
  },
  async drip(res, fault) {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.write('{"drip":"');
    for (let left = fault.bytes ?? 60; left > 0 && !res.destroyed; left -= 1) {
      await pause(res, fault.intervalMs ?? 500);
      res.write('.');
    }
    res.end('"}');
  },
};

function* filler(bytes) {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  yield Buffer.from('{"items":["');
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
  yield Buffer.from('"]}');
}

/**
 * The challenge of RFC 6750 for a refusal.
 * @param {{error: string, error_description: string}} body
 * @param {string} [scope] what would be needed
 */
export function challenge(body, scope) {
  const quoted = (value) => `"${String(value).replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'")}"`;
  const parts = [`realm="Sandbox CRM"`, `error=${quoted(body.error)}`, `error_description=${quoted(body.error_description)}`];
  if (scope) parts.push(`scope=${quoted(scope)}`);
  return `Bearer ${parts.join(', ')}`;
}

/** Waits, but no longer than somebody is listening. */
async function pause(res, ms) {
  if (res.destroyed) return;
  const gone = new AbortController();
  const stop = () => gone.abort();
  res.once('close', stop);
  await sleep(ms, undefined, { signal: gone.signal }).catch(() => {});
  res.off('close', stop);
}
