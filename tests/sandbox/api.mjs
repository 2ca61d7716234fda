// The contacts API. `/api` takes OAuth access tokens; `/generic`, `/generic/basic` and
// `/generic/bearer` serve the same things behind an API key, a password and a fixed token.

import { createHash, randomUUID } from 'node:crypto';
import { TAGS } from './contacts.mjs';
import { challenge, provoke } from './faults.mjs';
import { HttpError, readJson, sendJson } from './http.mjs';
import { PASSWORD, PEOPLE, apiKeyOf, bearerOf, personById } from './people.mjs';

const CALLS_AN_HOUR = 5000;
const HOUR_MS = 3_600_000;
const WAYS = [
  ['/generic/basic', basic],
  ['/generic/bearer', fixedBearer],
  ['/generic', apiKey],
  ['/api', accessToken],
];

/**
 * Answers one call of the API.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {import('./sandbox.mjs').Exchange} exchange
 */
export async function handleApi(sandbox, { req, res, url, entry }) {
  const [prefix, authenticate] = WAYS.find(([start]) => url.pathname.startsWith(`${start}/`)) ?? [];
  const path = url.pathname.slice(prefix?.length ?? 0);
  let caller;
  let refusal;
  try {
    caller = await authenticate?.(req, url, sandbox);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // Kept for later: a switch must be able to answer a refused call as well.
    refusal = error;
  }
  entry.target = 'api';
  entry.clientId = caller?.clientId ?? null;
  entry.accountId = caller?.id ?? null;
  const call = {
    target: 'api',
    path: url.pathname,
    method: req.method,
    clientId: entry.clientId,
    accountId: entry.accountId,
  };
  if (await provoke(sandbox.switches, res, entry, call)) return;

  let answer;
  try {
    if (refusal) throw refusal;
    if (!caller) throw new HttpError(404, 'not_found', 'There is nothing at this address.');
    answer = await route(sandbox, caller, req, url, path);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    answer = { status: error.status, body: error.body, headers: error.headers };
  }
  // "after" is the lost answer: the work is done and the caller never hears of it.
  if (await provoke(sandbox.switches, res, entry, { ...call, when: 'after' })) return;
  sendJson(res, answer.status, answer.body, { ...limits(sandbox, caller), ...answer.headers });
}

async function route(sandbox, caller, req, url, path) {
  const [, collection, id, ...rest] = path.split('/');
  let at = rest.length ? '' : `${collection}${id === undefined ? '' : '/id'}`;
  if (collection === 'echo') at = 'echo';
  const contacts = sandbox.contacts;
  const read = () => demand(caller, 'contacts:read');
  const write = () => demand(caller, 'contacts:write');
  const routes = {
    me: { GET: () => ({ id: caller.id, name: caller.name, email: caller.email }) },
    contacts: {
      GET: () => (read(), contacts.page(caller.id, url.searchParams)),
      POST: async () => (write(), contacts.create(caller.id, await readJson(req))),
    },
    'contacts/id': {
      GET: () => (read(), contacts.get(caller.id, id)),
      PATCH: async () => (write(), contacts.change(caller.id, id, await readJson(req))),
      DELETE: () => (write(), contacts.remove(caller.id, id)),
    },
    'lookups/id': id === 'tags' ? { GET: () => (read(), { items: TAGS }) } : undefined,
    echo: Object.fromEntries(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [method, () => echo(req, url)]),
    ),
  };
  const methods = Object.hasOwn(routes, at) ? routes[at] : undefined;
  if (!methods) throw new HttpError(404, 'not_found', 'There is nothing at this address.');
  const run = Object.hasOwn(methods, req.method) ? methods[req.method] : undefined;
  if (!run) {
    const allow = Object.keys(methods).join(', ');
    throw new HttpError(405, 'method_not_allowed', `Use ${allow} here.`, { allow });
  }
  const body = await run();
  if (body === undefined) return { status: 204 };
  if (at !== 'contacts' || req.method !== 'POST') return { status: 200, body };
  return { status: 201, body, headers: { location: `${url.pathname}/${body.id}` } };
}

/** Tells the caller what arrived, for tests of what is passed through and what is stripped. */
async function echo(req, url) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  const query = [...url.searchParams].filter(([name]) => name !== 'api_key');
  const secret = ['authorization', 'cookie', 'x-api-key'];
  const headers = Object.entries(req.headers).filter(([name]) => !secret.includes(name));
  return {
    method: req.method,
    path: url.pathname,
    query,
    headers: Object.fromEntries(headers),
    bytes,
    sha256: hash.digest('hex'),
  };
}

function demand(caller, scope) {
  if (caller.scopes === undefined || caller.scopes.includes(scope)) return;
  const body = { error: 'insufficient_scope', error_description: `This needs the scope ${scope}.` };
  const error = new HttpError(403, body.error, body.error_description, {
    'www-authenticate': challenge(body, scope),
  });
  error.body.scope = scope;
  throw error;
}

async function accessToken(req, _url, { provider }) {
  const [, value] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  if (!value) {
    throw new HttpError(401, 'unauthorized', 'Send an access token in the Authorization header.', {
      'www-authenticate': 'Bearer realm="Sandbox CRM"',
    });
  }
  const token = await provider.AccessToken.find(value);
  const person = personById(token?.accountId);
  if (token && person) {
    return { ...person, clientId: token.clientId, scopes: [...token.scopes] };
  }
  const machine = await provider.ClientCredentials.find(value);
  if (machine) {
    return {
      id: `client:${machine.clientId}`,
      name: `${machine.clientId} (application)`,
      email: null,
      clientId: machine.clientId,
      scopes: [...machine.scopes],
    };
  }
  const body = { error: 'invalid_token', error_description: 'The access token is unknown, expired or revoked' };
  throw new HttpError(401, body.error, body.error_description, { 'www-authenticate': challenge(body) });
}

function apiKey(req, url) {
  const key = req.headers['x-api-key'] ?? url.searchParams.get('api_key');
  const person = PEOPLE.find((one) => apiKeyOf(one.id) === key);
  if (person) return person;
  throw new HttpError(
    401,
    key ? 'invalid_api_key' : 'unauthorized',
    key ? 'The API key is not valid.' : 'Send an API key in the X-Api-Key header or as ?api_key=.',
  );
}

function basic(req) {
  const [, encoded] = /^Basic +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  const person = personById(user);
  if (person && password === PASSWORD) return person;
  throw new HttpError(401, 'unauthorized', 'The user name or the password is not valid.', {
    'www-authenticate': 'Basic realm="Sandbox CRM", charset="UTF-8"',
  });
}

function fixedBearer(req) {
  const [, value] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  const person = PEOPLE.find((one) => bearerOf(one.id) === value);
  if (person) return person;
  const body = { error: 'invalid_token', error_description: 'The token is not valid' };
  throw new HttpError(401, body.error, body.error_description, { 'www-authenticate': challenge(body) });
}

/** The headers that tell a caller about limits, as many services send them. */
function limits(sandbox, caller) {
  const headers = { 'x-request-id': randomUUID() };
  if (!caller) return headers;
  const hour = Math.floor(Date.now() / HOUR_MS);
  const used = sandbox.usage.get(caller.id);
  const count = used?.hour === hour ? used.count + 1 : 1;
  sandbox.usage.set(caller.id, { hour, count });
  return {
    ...headers,
    'x-ratelimit-limit': String(CALLS_AN_HOUR),
    'x-ratelimit-remaining': String(Math.max(0, CALLS_AN_HOUR - count)),
    'x-ratelimit-reset': String(((hour + 1) * HOUR_MS) / 1000),
  };
}
