// The switches: each one provokes what it says, and only where it is told to.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { CLIENT, api, authorize, control, refresh, token, tokensFor } from './driver.mjs';
import { KINDS } from './switches.mjs';
import { PRESETS } from './control.mjs';
import { startSandbox } from './sandbox.mjs';

let sandbox;
let origin;
const proved = new Set();

before(async () => {
  sandbox = await startSandbox();
  ({ origin } = sandbox);
});
after(() => sandbox.close());
beforeEach(() => sandbox.state.reset({ all: true }));

async function on(value) {
  proved.add(value.kind);
  const { status, body } = await control(origin, 'switches', value);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}
const keyed = (path = '/generic/me', person = 'ada', init = {}) =>
  api(origin + path, undefined, { ...init, headers: { 'x-api-key': `sandbox-key-${person}` } });
const me = (accessToken) => api(`${origin}/api/me`, accessToken);
const machine = () => token(origin, { grant_type: 'client_credentials', scope: 'contacts:read' });

describe('answers of the API', () => {
  test('status, with its words, challenge and Retry-After, so many times', async () => {
    for (const status of [401, 403, 429, 500, 503]) {
      await on({ kind: 'status', status, times: 2, retryAfter: status === 429 ? 7 : undefined });
      for (const _ of [1, 2]) {
        const answer = await keyed();
        assert.equal(answer.status, status);
        assert.ok(answer.body.error && answer.body.error_description);
        assert.equal(answer.headers.get('retry-after'), status === 429 ? '7' : null);
        assert.equal(answer.headers.has('www-authenticate'), status === 401);
      }
      assert.equal((await keyed()).status, 200);
    }
    await on({ kind: 'status', status: 418, error: 'teapot', description: 'Short and stout', times: 1 });
    assert.deepEqual((await keyed()).body, { error: 'teapot', error_description: 'Short and stout' });
  });

  test('scopes of a switch: path, method, person, client', async () => {
    await on({ kind: 'status', status: 500, path: '/generic/contacts', method: 'GET', accountId: 'ada' });
    assert.equal((await keyed('/generic/contacts')).status, 500);
    assert.equal((await keyed('/generic/contacts', 'grace')).status, 200);
    assert.equal((await keyed('/generic/contacts', 'ada', { method: 'PUT' })).status, 405);
    assert.equal((await keyed('/generic/me')).status, 200);
    const { access_token } = await tokensFor(origin);
    await on({ kind: 'status', status: 503, clientId: CLIENT.clientId });
    assert.equal((await me(access_token)).status, 503);
    assert.equal((await keyed('/generic/me')).status, 200);
    await on({ kind: 'status', status: 500, clientId: 'somebody-else', target: 'token' });
    assert.equal((await machine()).status, 200);
  });

  test('bodies that are not what they should be', async () => {
    await on({ kind: 'ok_with_error_body', error: 'quota', times: 1 });
    const odd = await keyed();
    assert.deepEqual([odd.status, odd.body.error], [200, 'quota']);
    await on({ kind: 'malformed_json', times: 1 });
    const broken = await keyed();
    assert.match(broken.headers.get('content-type'), /json/);
    assert.throws(() => JSON.parse(broken.body));
    await on({ kind: 'not_json_content_type', times: 1 });
    assert.match((await keyed()).headers.get('content-type'), /text\/html/);
    await on({ kind: 'redirect', location: 'http://127.0.0.1:1/x', times: 1 });
    const moved = await keyed();
    assert.deepEqual([moved.status, moved.headers.get('location')], [302, 'http://127.0.0.1:1/x']);
    await on({ kind: 'huge_body', bytes: 3_000_000, times: 1 });
    assert.equal((await keyed()).body.items[0].length, 3_000_000);
    await on({ kind: 'drip', bytes: 3, intervalMs: 5, times: 1 });
    assert.equal((await keyed()).body.drip, '...');
  });

  test('connections that stay open or break', async () => {
    await on({ kind: 'timeout', times: 1 });
    await assert.rejects(keyed('/generic/me', 'ada', { signal: AbortSignal.timeout(150) }), { name: 'TimeoutError' });
    await on({ kind: 'close', times: 1 });
    await assert.rejects(keyed());
    await on({ kind: 'delay', delayMs: 120, times: 1 });
    const began = performance.now();
    assert.equal((await keyed()).status, 200);
    assert.ok(performance.now() - began >= 115);
    const { requests } = sandbox.state.log.read({ path: '/generic' });
    assert.deepEqual(requests.map((one) => [one.switch, one.status]), [['timeout', null], ['close', null], ['delay', 200]]);
  });

  test('a lost answer: the work is done all the same', async () => {
    await on({ kind: 'close', when: 'after', method: 'POST', times: 1 });
    const create = { method: 'POST', body: '{"name":"Twice?"}', headers: { 'content-type': 'application/json' } };
    await assert.rejects(api(`${origin}/generic/contacts?api_key=sandbox-key-ada`, undefined, create));
    assert.equal((await keyed('/generic/contacts?q=twice')).body.total, 1);
  });
});

describe('tokens and grants', () => {
  test('expired_token expires what is out, not what a refresh brings', async () => {
    const old = await tokensFor(origin);
    assert.equal((await on({ kind: 'expired_token' })).applied, 1);
    const refused = await me(old.access_token);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate'), /error="invalid_token"/);
    const fresh = (await refresh(origin, old.refresh_token)).body;
    assert.equal((await me(fresh.access_token)).status, 200);
    await on({ kind: 'expired_token', times: 1 });
    assert.match((await me(fresh.access_token)).headers.get('www-authenticate'), /token expired/);
    assert.equal((await me(fresh.access_token)).status, 200);
  });

  test('access_token_ttl and refresh_token_ttl', async () => {
    await on({ kind: 'access_token_ttl', seconds: 2 });
    await on({ kind: 'refresh_token_ttl', seconds: 1, times: 1 });
    const tokens = await tokensFor(origin);
    assert.equal(tokens.expires_in, 2);
    assert.equal((await machine()).body.expires_in, 2);
    let answer;
    do answer = await me(tokens.access_token);
    while (answer.status === 200);
    assert.equal(answer.status, 401);
    assert.equal((await refresh(origin, tokens.refresh_token)).body.error, 'invalid_grant');
  });

  test('revoked_grant, for one person or all', async () => {
    const ada = await tokensFor(origin);
    const grace = await tokensFor(origin, { person: 'grace' });
    const app = (await machine()).body;
    assert.equal((await on({ kind: 'revoked_grant', accountId: 'ada' })).applied, 1);
    assert.equal((await me(ada.access_token)).status, 401);
    assert.equal((await refresh(origin, ada.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await me(grace.access_token)).status, 200);
    assert.equal((await on({ kind: 'revoked_grant', clientId: CLIENT.clientId })).applied, 2);
    assert.equal((await me(grace.access_token)).status, 401);
    assert.equal((await me(app.access_token)).status, 401);
  });

  test('rotated_refresh_token: the one held is used up', async () => {
    const { access_token, refresh_token } = await tokensFor(origin);
    assert.equal((await on({ kind: 'rotated_refresh_token' })).applied, 1);
    assert.equal((await me(access_token)).status, 200);
    assert.equal((await refresh(origin, refresh_token)).body.error, 'invalid_grant');
  });

  test('no_rotation keeps the refresh token', async () => {
    const { refresh_token } = await tokensFor(origin);
    await on({ kind: 'no_rotation' });
    const again = (await refresh(origin, refresh_token)).body;
    assert.equal(again.refresh_token, refresh_token);
    assert.equal((await refresh(origin, refresh_token)).status, 200);
  });

  test('token_extra leaves out and changes', async () => {
    await on({ kind: 'token_extra', omit: ['access_token', 'expires_in'], set: { token_type: 'mac' }, times: 1 });
    const odd = await tokensFor(origin);
    assert.deepEqual([odd.access_token, odd.expires_in, odd.token_type], [undefined, undefined, 'mac']);
    await on({ kind: 'token_extra', omit: ['refresh_token'], times: 1 });
    assert.equal((await tokensFor(origin)).refresh_token, undefined);
  });

  test('faults of the token endpoint, before and after the work', async () => {
    const { refresh_token } = await tokensFor(origin);
    await on({ kind: 'status', target: 'token', status: 503, retryAfter: 1, times: 1 });
    assert.equal((await refresh(origin, refresh_token)).status, 503);
    await on({ kind: 'status', target: 'token', status: 400, error: 'invalid_client', accountId: 'ada', times: 1 });
    assert.equal((await refresh(origin, refresh_token)).body.error, 'invalid_client');
    await on({ kind: 'malformed_json', target: 'token', times: 1 });
    await assert.rejects(refresh(origin, refresh_token), SyntaxError);
    const second = (await refresh(origin, refresh_token)).body.refresh_token;
    assert.ok(second, 'none of these used the refresh token up');
    await on({ kind: 'close', target: 'token', when: 'after', times: 1 });
    await assert.rejects(refresh(origin, second));
    assert.equal((await refresh(origin, second)).body.error, 'invalid_grant', 'the lost answer had rotated it');
    await on({ kind: 'status', target: 'revoke', status: 500, times: 1 });
    assert.equal((await api(`${origin}/oauth/revoke`, undefined, { method: 'POST', body: new URLSearchParams() })).status, 500);
  });
});

describe('signing in', () => {
  test('deny and authorize_error end it at once', async () => {
    await on({ kind: 'deny', times: 1 });
    const denied = await authorize(origin);
    assert.deepEqual([denied.seen.length, denied.params.get('error')], [0, 'access_denied']);
    for (const error of ['temporarily_unavailable', 'server_error', 'invalid_scope', 'consent_needed']) {
      await on({ kind: 'authorize_error', error, description: 'Because of a switch', times: 1 });
      const { params } = await authorize(origin);
      assert.deepEqual([params.get('error'), params.get('error_description'), params.get('state')], [error, 'Because of a switch', 'a-state']);
    }
  });

  test('other_identity: somebody else than chosen, at sign-in or at consent', async () => {
    await on({ kind: 'other_identity', times: 1 });
    const first = await authorize(origin);
    const exchange = async ({ params, verifier }) =>
      (await token(origin, { grant_type: 'authorization_code', code: params.get('code'), redirect_uri: CLIENT.redirectUri, code_verifier: verifier })).body;
    assert.equal((await me((await exchange(first)).access_token)).body.id, 'grace');
    await on({ kind: 'other_identity', as: 'alan', times: 1 });
    const second = await authorize(origin, { browser: first.browser });
    assert.deepEqual(second.seen, ['consent']);
    assert.equal((await me((await exchange(second)).access_token)).body.id, 'alan');
  });

  test('token_extra with iss and state', async () => {
    await on({ kind: 'token_extra', iss: 'https://issuer.example', times: 1 });
    assert.equal((await authorize(origin)).params.get('iss'), 'https://issuer.example');
    await on({ kind: 'token_extra', iss: null, state: 'forged', times: 1 });
    const { params } = await authorize(origin);
    assert.deepEqual([params.has('iss'), params.get('state')], [false, 'forged']);
  });

  test('faults of the authorization endpoint', async () => {
    await on({ kind: 'status', target: 'authorize', status: 503, times: 1 });
    assert.equal((await authorize(origin)).status, 503);
  });
});

describe('the control plane', () => {
  test('lists, removes, refuses nonsense', async () => {
    const { id } = await on({ kind: 'timeout', path: '/api/never' });
    await on({ kind: 'deny', times: 3 });
    assert.equal((await control(origin, 'switches', undefined, 'GET')).body.switches.length, 2);
    assert.equal((await control(origin, `switches/${id}`, undefined, 'DELETE')).status, 204);
    assert.equal((await control(origin, 'switches?kind=deny', undefined, 'DELETE')).body.removed, 1);
    const bad = [null, {}, { kind: 'x' }, { kind: 'toString' }, { kind: 'status' }, { kind: 'status', status: 200 }, { kind: 'deny', times: 0 }, { kind: 'deny', target: 'api' }, { kind: 'deny', odd: 1 }];
    for (const value of bad) {
      assert.equal((await control(origin, 'switches', value)).body.error, 'invalid_switch', JSON.stringify(value));
    }
    await on({ kind: 'deny' });
    assert.equal((await control(origin, 'reset')).status, 204);
    assert.deepEqual((await control(origin, 'switches', undefined, 'GET')).body.switches, []);
  });

  test('is only for this machine and for no other origin', async () => {
    const post = { method: 'POST', body: '{"kind":"deny"}' };
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
    assert.equal((await api(`${origin}/sandbox/switches`, undefined, { ...post, headers })).status, 403);
    const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"kind":"deny"}' };
    assert.equal((await api(`${origin}/sandbox/switches`, undefined, form)).status, 415);
    const req = httpRequest(`${origin}/sandbox/log`, { headers: { host: 'rebound.example' } }).end();
    const [answer] = await once(req, 'response');
    answer.resume();
    assert.equal(answer.statusCode, 421);
  });

  test('the log keeps no secrets', async () => {
    const tokens = await tokensFor(origin);
    await refresh(origin, tokens.refresh_token);
    await keyed('/generic/me?api_key=sandbox-key-grace');
    const { body } = await control(origin, 'log', undefined, 'GET');
    assert.deepEqual(body.tokenCalls, { authorization_code: 1, refresh_token: 1 });
    const call = body.requests.find((one) => one.grant === 'refresh_token');
    assert.deepEqual([call.clientId, call.accountId, call.status], [CLIENT.clientId, 'ada', 200]);
    const text = JSON.stringify(body);
    for (const secret of [tokens.access_token, tokens.refresh_token, 'sandbox-key', CLIENT.clientSecret]) assert.ok(!text.includes(secret));
    const since = body.requests.at(-1).id;
    assert.equal((await control(origin, `log?since=${since}`, undefined, 'GET')).body.requests.length, 0);
  });

  test('the developers\' page turns switches on and off', async () => {
    const press = (fields) => fetch(`${origin}/sandbox`, { method: 'POST', body: new URLSearchParams(fields) });
    for (const preset of Object.keys(PRESETS)) {
      assert.equal((await press({ preset, times: '1' })).status, 200, preset);
    }
    assert.ok(sandbox.state.switches.list().length > 10);
    assert.match(await (await press({ json: '{"kind":"no"}' })).text(), /must be one of/);
    assert.match(await (await press({ remove: sandbox.state.switches.list()[0].id })).text(), /Removed/);
    assert.match(await (await press({ reset: '1' })).text(), /everything works/);
    assert.match(await (await fetch(origin)).text(), /drawbridge-dev-secret/);
  });
});

test('every kind of switch has been provoked above', () => {
  assert.deepEqual(Object.keys(KINDS).filter((kind) => !proved.has(kind)), []);
});
