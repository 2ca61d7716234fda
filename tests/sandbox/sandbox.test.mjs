// The sandbox as a provider: OAuth from end to end, and the API behind it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, CLIENT, api, authorize, control, refresh, request, token, tokensFor } from './driver.mjs';
import { startSandbox } from './sandbox.mjs';

let sandbox;
let origin;

before(async () => {
  sandbox = await startSandbox();
  ({ origin } = sandbox);
});
after(() => sandbox.close());
beforeEach(() => sandbox.state.reset({ all: true }));

const me = (accessToken) => api(`${origin}/api/me`, accessToken);

test('discovery names the endpoints that are promised', async () => {
  const { body } = await api(`${origin}/.well-known/openid-configuration`);
  assert.equal(body.issuer, origin);
  assert.equal(body.authorization_endpoint, `${origin}/oauth/authorize`);
  assert.equal(body.token_endpoint, `${origin}/oauth/token`);
  assert.equal(body.revocation_endpoint, `${origin}/oauth/revoke`);
  assert.equal(body.introspection_endpoint, `${origin}/oauth/introspect`);
  assert.equal(body.authorization_response_iss_parameter_supported, true);
  assert.deepEqual(body.code_challenge_methods_supported, ['S256']);
  const { body: jwks } = await api(body.jwks_uri);
  assert.equal(jwks.keys[0].kty, 'EC');
  assert.equal(jwks.keys[0].d, undefined);
});

test('sign in, consent, code, tokens, API', async () => {
  const { params, verifier, seen } = await authorize(origin);
  assert.deepEqual(seen, ['sign-in', 'consent']);
  assert.equal(params.get('state'), 'a-state');
  assert.equal(params.get('iss'), origin);
  const form = { grant_type: 'authorization_code', code: params.get('code'), redirect_uri: CLIENT.redirectUri };
  const { status, body } = await token(origin, { ...form, code_verifier: verifier });
  assert.equal(status, 200);
  assert.equal(body.token_type, 'Bearer');
  assert.equal(body.expires_in, 3600);
  assert.deepEqual(body.scope.split(' ').sort(), CLIENT.scope.split(' ').sort());
  assert.ok(body.refresh_token && body.id_token);
  assert.deepEqual((await me(body.access_token)).body, { id: 'ada', name: 'Ada Lovelace', email: 'ada@sandbox.example' });
  assert.equal((await token(origin, { ...form, code_verifier: verifier })).body.error, 'invalid_grant', 'a code works once');
  assert.equal((await me(body.access_token)).status, 401, 'a second use of the code revokes what came of it');
});

test('PKCE is required and checked', async () => {
  const { url } = request(origin);
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');
  const page = await new Browser().follow(url, origin);
  assert.equal(page.url.searchParams.get('error'), 'invalid_request');
  const { params } = await authorize(origin);
  const wrong = { grant_type: 'authorization_code', code: params.get('code'), redirect_uri: CLIENT.redirectUri, code_verifier: 'x'.repeat(43) };
  assert.equal((await token(origin, wrong)).body.error, 'invalid_grant');
});

test('an unregistered callback is refused on a page, until it is registered', async () => {
  const params = { redirect_uri: 'http://localhost:40404/oauth/callback' };
  const page = await new Browser().follow(request(origin, params).url, origin);
  assert.equal(page.left, false);
  assert.equal(page.status, 400);
  assert.match(page.html, /invalid_redirect_uri/);
  const added = await control(origin, 'clients', { clientId: CLIENT.clientId, redirectUris: [params.redirect_uri] });
  assert.equal(added.status, 201);
  assert.equal(added.body.redirectUris.length, 3);
  const client = { ...CLIENT, redirectUri: params.redirect_uri };
  assert.ok((await tokensFor(origin, { client })).access_token);
});

test('a client registered at run time, with client_secret_post', async () => {
  const client = { ...CLIENT, clientId: 'late', clientSecret: 'late-secret', redirectUri: 'http://127.0.0.1:1234/cb', authMethod: 'client_secret_post' };
  const { clientId, clientSecret, authMethod } = client;
  await control(origin, 'clients', { clientId, clientSecret, authMethod, redirectUris: [client.redirectUri] });
  const tokens = await tokensFor(origin, { client });
  assert.ok(tokens.refresh_token);
  assert.equal((await refresh(origin, tokens.refresh_token, client)).status, 200);
  assert.equal((await refresh(origin, 'x', { ...client, clientSecret: 'wrong' })).body.error, 'invalid_client');
  assert.equal((await control(origin, 'clients', { clientId: 'bad', redirectUris: ['not a uri'], clientSecret: 'x' })).status, 400);
  assert.equal((await control(origin, 'clients/late', undefined, 'DELETE')).status, 204);
  assert.equal((await refresh(origin, 'x', client)).body.error, 'invalid_client');
});

test('the two clients that exist from the start, each in its way', async () => {
  const form = { grant_type: 'client_credentials', scope: 'contacts:read' };
  const post = { ...CLIENT, clientId: 'drawbridge-dev-post', authMethod: 'client_secret_post' };
  for (const client of [CLIENT, post]) {
    const { status, body } = await token(origin, form, client);
    assert.equal(status, 200);
    assert.equal(body.refresh_token, undefined);
    const { body: self } = await me(body.access_token);
    assert.equal(self.id, `client:${client.clientId}`);
    assert.equal(self.name, `${client.clientId} (application)`);
    assert.equal((await api(`${origin}/api/contacts`, body.access_token)).status, 200);
  }
  assert.equal((await token(origin, form, { ...post, authMethod: undefined })).body.error, 'invalid_client');
});

test('Deny tells the application so', async () => {
  const { params } = await authorize(origin, { decision: 'deny' });
  assert.equal(params.get('error'), 'access_denied');
  assert.equal(params.get('error_description'), 'The person refused access.');
  assert.equal(params.get('state'), 'a-state');
  assert.equal(params.get('iss'), origin);
});

test('the browser remembers who is signed in; prompts and the link ask again', async () => {
  const { browser, seen } = await authorize(origin, { person: 'grace' });
  assert.deepEqual(seen, ['sign-in', 'consent']);
  const again = await authorize(origin, { browser, person: 'alan' });
  assert.deepEqual(again.seen, ['consent'], 'Grace is still signed in');
  for (const prompt of ['login', 'select_account', 'login consent', 'select_account login']) {
    const asked = await authorize(origin, { browser, person: 'alan', params: { prompt } });
    assert.deepEqual(asked.seen, ['sign-in', 'consent'], prompt);
    const form = { grant_type: 'authorization_code', code: asked.params.get('code'), redirect_uri: CLIENT.redirectUri, code_verifier: asked.verifier };
    assert.equal((await me((await token(origin, form)).body.access_token)).body.id, 'alan');
  }
  const page = await browser.follow(request(origin).url, origin);
  assert.match(page.html, /Alan Turing/);
  const people = await browser.follow(new URL('?people=1', page.url), origin);
  assert.match(people.html, /name="person"/);
  const consent = await browser.submit(people.url, origin, [['person', 'ada']]);
  assert.match(consent.html, /signed in as <strong>Ada Lovelace/);
});

test('a colleague signing in leaves earlier connections alone', async () => {
  const first = await authorize(origin, { person: 'ada' });
  const form = { grant_type: 'authorization_code', code: first.params.get('code'), redirect_uri: CLIENT.redirectUri, code_verifier: first.verifier };
  const ada = (await token(origin, form)).body;
  await authorize(origin, { browser: first.browser, person: 'grace', params: { prompt: 'login' } });
  assert.equal((await me(ada.access_token)).body.id, 'ada');
  assert.equal((await refresh(origin, ada.refresh_token)).status, 200);
});

test('refresh rotates; the reuse of an old one revokes the grant', async () => {
  const first = await tokensFor(origin);
  const second = (await refresh(origin, first.refresh_token)).body;
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await me(second.access_token)).status, 200);
  assert.equal((await refresh(origin, first.refresh_token)).body.error, 'invalid_grant');
  assert.equal((await refresh(origin, second.refresh_token)).body.error, 'invalid_grant');
  assert.equal((await me(second.access_token)).status, 401);
  const { tokenCalls, tokenAnswers } = sandbox.state.log.read();
  assert.equal(tokenCalls.refresh_token, 3);
  assert.deepEqual(tokenAnswers.refresh_token, { 200: 1, 400: 2 });
});

test('of two refreshes at the same moment at most one succeeds', async () => {
  const { refresh_token } = await tokensFor(origin);
  const both = await Promise.all([refresh(origin, refresh_token), refresh(origin, refresh_token)]);
  assert.ok(both.filter((one) => one.status === 200).length <= 1);
  assert.ok(both.some((one) => one.body.error === 'invalid_grant'));
});

test('revocation and introspection', async () => {
  const { access_token, refresh_token } = await tokensFor(origin);
  const call = async (path, value) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLIENT.clientId}:${CLIENT.clientSecret}`)}` },
      body: new URLSearchParams({ token: value }),
    });
  assert.equal((await (await call('/oauth/introspect', access_token)).json()).active, true);
  assert.equal((await call('/oauth/revoke', refresh_token)).status, 200);
  assert.equal((await (await call('/oauth/introspect', access_token)).json()).active, false);
  assert.equal((await me(access_token)).status, 401);
  assert.equal((await refresh(origin, refresh_token)).body.error, 'invalid_grant');
});

test('scopes: unticked or not asked for', async () => {
  const { access_token, scope } = await tokensFor(origin, { ticked: ['contacts:read'] });
  assert.ok(!scope.includes('contacts:write'));
  const body = { method: 'POST', body: '{"name":"New"}', headers: { 'content-type': 'application/json' } };
  const refused = await api(`${origin}/api/contacts`, access_token, body);
  assert.equal(refused.status, 403);
  assert.equal(refused.body.error, 'insufficient_scope');
  assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope".*scope="contacts:write"/);
  const plain = await tokensFor(origin, { params: { scope: 'openid profile' } });
  assert.equal((await api(`${origin}/api/contacts`, plain.access_token)).status, 403);
});

test('contacts: pages, search, create, change, delete, bad input', async () => {
  const { access_token } = await tokensFor(origin);
  const call = (path, method = 'GET', value = undefined) =>
    api(`${origin}/api/${path}`, access_token, value === undefined ? { method } : { method, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
  const ids = [];
  let cursor = '';
  do {
    const { body } = await call(`contacts?limit=15&cursor=${cursor}`.replace(/&cursor=$/, ''));
    ids.push(...body.items.map((one) => one.id));
    cursor = body.nextCursor;
  } while (cursor);
  assert.equal(new Set(ids).size, 42);
  assert.equal((await call('contacts?q=MOREAU')).body.total, 14);
  const made = await call('contacts', 'POST', { name: 'Zoë 🌍', tags: ['press'] });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('location'), `/api/contacts/${made.body.id}`);
  assert.equal((await call(`contacts/${made.body.id}`, 'PATCH', { company: 'Acme' })).body.company, 'Acme');
  assert.equal((await call(`contacts/${made.body.id}`, 'DELETE')).status, 204);
  assert.equal((await call(`contacts/${made.body.id}`)).status, 404);
  assert.deepEqual((await call('contacts', 'POST', { email: 'no', odd: 1 })).body.fields, {
    email: 'must be an email address',
    odd: 'is not a field of a contact',
    name: 'is required',
  });
  assert.equal((await call('contacts?limit=0')).status, 400);
  assert.equal((await call('contacts?cursor=zzz')).status, 400);
  assert.equal((await call('contacts', 'PUT')).status, 405);
  assert.equal((await call('nothing')).status, 404);
  assert.equal((await call('lookups/tags')).body.items.length, 4);
});

test('the ways of the generic connector', async () => {
  const basic = (pair) => ({ headers: { authorization: `Basic ${btoa(pair)}` } });
  const good = [
    ['/generic/me', { headers: { 'x-api-key': 'sandbox-key-grace' } }],
    ['/generic/me?api_key=sandbox-key-grace', {}],
    ['/generic/basic/me', basic('grace:sandbox-password')],
    ['/generic/bearer/me', { headers: { authorization: 'Bearer sandbox-token-grace' } }],
  ];
  for (const [path, init] of good) {
    const { status, body } = await api(origin + path, undefined, init);
    assert.equal(status, 200, path);
    assert.equal(body.id, 'grace', path);
  }
  const bad = [
    ['/generic/me', {}],
    ['/generic/me?api_key=no', {}],
    ['/generic/basic/me', basic('grace:no')],
    ['/generic/bearer/me', {}],
    ['/api/me', { headers: { 'x-api-key': 'sandbox-key-grace' } }],
  ];
  for (const [path, init] of bad) assert.equal((await api(origin + path, undefined, init)).status, 401, path);
  const { body } = await api(`${origin}/generic/echo/a%2Fb?x=1&x=2&api_key=sandbox-key-ada`, undefined, { method: 'PUT', body: 'hello' });
  assert.deepEqual([body.method, body.path, body.query, body.bytes], ['PUT', '/generic/echo/a%2Fb', [['x', '1'], ['x', '2']], 5]);
});

test('as a process: one line, a state file, an end at once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const run = async (port) => {
    const child = spawn(process.execPath, [new URL('./server.mjs', import.meta.url).pathname, '--port', String(port), '--state', join(dir, 'state.json')]);
    let err = '';
    child.stderr.on('data', (data) => (err += data));
    const [line] = await once(child.stdout, 'data');
    return { child, origin: JSON.parse(line).listening, stop: async () => (child.kill('SIGTERM'), [...(await once(child, 'exit')), err]) };
  };
  try {
    const first = await run(0);
    const { access_token, refresh_token } = await tokensFor(first.origin);
    assert.deepEqual(await first.stop(), [0, null, '']);
    const second = await run(new URL(first.origin).port);
    assert.equal((await api(`${second.origin}/api/me`, access_token)).body.id, 'ada');
    assert.equal((await refresh(second.origin, refresh_token)).status, 200);
    assert.deepEqual(await second.stop(), [0, null, '']);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
