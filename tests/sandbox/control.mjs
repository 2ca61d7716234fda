// The control plane below /sandbox: switches, clients, the log, and a page for developers.

import { HttpError, isLoopbackAddress, readForm, readJson, seeOther, sendHtml, sendJson } from './http.mjs';
import { switchesPage } from './pages.mjs';
import { registerClient, registerOwnClients } from './provider.mjs';

const CLIENT_FIELDS = ['clientId', 'clientName', 'clientSecret', 'redirectUris', 'authMethod', 'grantTypes', 'idTokenAlg'];

/** The buttons of the developers' page. */
export const PRESETS = {
  deny: { label: 'Deny consent', help: 'the next person to sign in refuses', switch: { kind: 'deny' } },
  other: { label: 'Another identity', help: 'somebody else signs in than was chosen', switch: { kind: 'other_identity' } },
  wrongIssuer: { label: 'Wrong issuer', help: 'the authorization answer names another issuer', switch: { kind: 'token_extra', iss: 'https://issuer.example' } },
  expired: { label: 'Expire access tokens', help: 'at once; a refresh brings good ones', switch: { kind: 'expired_token' }, now: true },
  revoked: { label: 'Revoke all grants', help: 'at once; refresh answers invalid_grant', switch: { kind: 'revoked_grant' }, now: true },
  rotated: { label: 'Rotate refresh tokens elsewhere', help: 'at once; the ones held are used up', switch: { kind: 'rotated_refresh_token' }, now: true },
  shortLife: { label: 'Short life', help: 'access tokens of 30 seconds', switch: { kind: 'access_token_ttl', seconds: 30 } },
  tokenDown: { label: 'Token endpoint down', help: '503', switch: { kind: 'status', target: 'token', status: 503 } },
  unauthorized: { label: '401', help: 'API', switch: { kind: 'status', status: 401 } },
  forbidden: { label: '403', help: 'API', switch: { kind: 'status', status: 403 } },
  limited: { label: '429', help: 'API, Retry-After 5', switch: { kind: 'status', status: 429, retryAfter: 5 } },
  broken: { label: '500', help: 'API', switch: { kind: 'status', status: 500 } },
  timeout: { label: 'Time-out', help: 'API never answers', switch: { kind: 'timeout' } },
  close: { label: 'Closed connection', help: 'API', switch: { kind: 'close' } },
  okError: { label: '200 with an error', help: 'API', switch: { kind: 'ok_with_error_body' } },
  malformed: { label: 'Malformed JSON', help: 'API', switch: { kind: 'malformed_json' } },
  html: { label: 'A page instead of JSON', help: 'API', switch: { kind: 'not_json_content_type' } },
  huge: { label: 'Huge body', help: 'API, 64 MiB', switch: { kind: 'huge_body' } },
  drip: { label: 'Slow body', help: 'API, half a minute', switch: { kind: 'drip' } },
};

/**
 * Answers one request at `/sandbox` or below.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {import('./sandbox.mjs').Exchange} exchange
 */
export async function handleControl(sandbox, { req, res, url }) {
  guard(sandbox, req);
  const { switches, log, store } = sandbox;
  const [, , area, rawId] = url.pathname.split('/');
  const id = rawId && decode(rawId);
  const query = Object.fromEntries(url.searchParams);
  const at = `${req.method} ${area ?? ''}${id === undefined ? '' : '/id'}`;
  switch (at) {
    case 'GET ':
      return sendHtml(res, 200, switchesPage({ switches: switches.list(), presets: PRESETS, notice: query.done }));
    case 'POST ':
      return pressed(sandbox, res, await readForm(req));
    case 'GET switches':
      return sendJson(res, 200, { switches: switches.list() });
    case 'POST switches': {
      const input = await readJson(req);
      if (!Array.isArray(input)) return sendJson(res, 201, switches.add(input));
      return sendJson(res, 201, { switches: input.map((one) => switches.add(one)) });
    }
    case 'DELETE switches':
      return sendJson(res, 200, { removed: switches.remove({ id: query.id, kind: query.kind }) });
    case 'DELETE switches/id':
      if (!switches.remove({ id })) break;
      return sendJson(res, 204);
    case 'POST reset':
      reset(sandbox, query.all === '1');
      return sendJson(res, 204);
    case 'GET log':
      return sendJson(res, 200, log.read({ ...query, since: Number(query.since) || undefined }));
    case 'DELETE log':
      log.clear();
      return sendJson(res, 204);
    case 'GET hooks/id':
      return sendJson(res, 200, sandbox.hooks.at(id));
    case 'PUT hooks/id': {
      const { secrets } = await readJson(req);
      if (!Array.isArray(secrets) || !secrets.every((one) => typeof one === 'string')) {
        throw new HttpError(400, 'invalid_hook', '"secrets" must be a list of texts.');
      }
      sandbox.hooks.at(id).secrets = secrets;
      return sendJson(res, 204);
    }
    case 'POST dns': {
      const { name, text } = await readJson(req);
      if (typeof name !== 'string' || typeof text !== 'string') {
        throw new HttpError(400, 'invalid_request', '"name" and "text" must be texts.');
      }
      sandbox.names.set(name, [...(sandbox.names.get(name) ?? []), text]);
      return sendJson(res, 204);
    }
    case 'DELETE dns':
      sandbox.names.clear();
      return sendJson(res, 204);
    case 'GET clients':
      return sendJson(res, 200, {
        clients: store.list('Client').map((one) => ({
          clientId: one.client_id,
          authMethod: one.token_endpoint_auth_method,
          redirectUris: one.redirect_uris,
          grantTypes: one.grant_types,
        })),
      });
    case 'POST clients':
      return sendJson(res, 201, registerClient(sandbox, checkClient(await readJson(req))));
    case 'DELETE clients/id':
      if (!store.get('Client', id)) break;
      store.remove('Client', id);
      return sendJson(res, 204);
    default:
  }
  throw new HttpError(404, 'not_found', 'There is nothing at this address for this method.');
}

/**
 * Back to the start: switches, log, contacts and counters; with `all` also sign-ins, grants, tokens
 * and clients registered since.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {boolean} [all]
 */
export function reset(sandbox, all = false) {
  sandbox.switches.remove();
  sandbox.log.clear();
  sandbox.contacts.clear();
  sandbox.hooks.clear();
  sandbox.usage.clear();
  sandbox.names.clear();
  if (!all) return;
  sandbox.store.clear();
  registerOwnClients(sandbox, sandbox.callbacks);
}

function pressed(sandbox, res, form) {
  const { switches } = sandbox;
  const done = (words) => seeOther(res, `/sandbox?done=${encodeURIComponent(words)}`);
  if (form.has('reset')) {
    reset(sandbox);
    return done('Reset.');
  }
  if (form.has('remove')) {
    switches.remove({ id: form.get('remove') });
    return done('Removed.');
  }
  const preset = Object.hasOwn(PRESETS, form.get('preset') ?? '') ? PRESETS[form.get('preset')] : undefined;
  try {
    const once = form.get('times') && !preset?.now ? { times: 1 } : {};
    const added = switches.add(preset ? { ...preset.switch, ...once } : parse(form.get('json')));
    return done(added.applied === undefined ? `On: ${added.kind}.` : `Done: ${added.kind}, ${added.applied} affected.`);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const view = { switches: switches.list(), presets: PRESETS, notice: error.message, draft: form.get('json') ?? '' };
    return sendHtml(res, 400, switchesPage(view));
  }
}

function parse(text) {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new HttpError(400, 'invalid_json', 'The switch is not JSON.');
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, 'invalid_request', 'The address is not one.');
  }
}

function checkClient(input) {
  const bad = (words) => {
    throw new HttpError(400, 'invalid_client', words);
  };
  if (input === null || typeof input !== 'object' || Array.isArray(input)) bad('A client is a JSON object.');
  for (const name of Object.keys(input)) {
    if (!CLIENT_FIELDS.includes(name)) bad(`"${name}" is not a field of a client.`);
  }
  if (typeof input.clientId !== 'string' || !input.clientId) bad('"clientId" is required.');
  for (const name of ['redirectUris', 'grantTypes']) {
    const value = input[name];
    if (value !== undefined && !(Array.isArray(value) && value.every((one) => typeof one === 'string'))) {
      bad(`"${name}" must be a list of texts.`);
    }
  }
  return input;
}

/** Only this machine, and no page of another origin, may turn switches. */
function guard({ origin }, req) {
  const from = req.headers.origin;
  const foreign = from !== undefined && from !== origin && from !== `http://${req.headers.host}`;
  if (!isLoopbackAddress(req.socket.remoteAddress) || foreign || req.headers['sec-fetch-site'] === 'cross-site') {
    throw new HttpError(403, 'forbidden', 'The switches are only for this machine.');
  }
}
