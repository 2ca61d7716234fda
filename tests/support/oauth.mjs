// A client that knows OAuth and nothing of us: npm openid-client, and jose for the tokens' signatures.
//   node tests/support/oauth.mjs ORIGIN
// The first line of standard input is {id, secret, way}; the answer is one line of JSON with what it was told.
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';

const origin = process.argv[2];
const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  const { id, secret, way } = JSON.parse(line);
  console.log(JSON.stringify(await run(id, secret, way).catch((error) => failed(error))));
}

async function run(id, secret, way) {
  const authenticate = way === 'post' ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
  const config = await client.discovery(new URL(origin), id, undefined, authenticate, {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  });
  const metadata = config.serverMetadata();
  const granted = await client.clientCredentialsGrant(config, { scope: 'read:connection read:user' });
  const token = granted.access_token;
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer: metadata.issuer,
    audience: origin,
    typ: 'at+jwt',
    requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti', 'scope'],
  });
  const before = await client.tokenIntrospection(config, token);
  const used = await client.fetchProtectedResource(config, token, new URL('/api/v1/session', origin), 'GET');
  const connections = await everything(config, token, '/api/v1/connections');
  const users = await everything(config, token, '/api/v1/users');
  await client.tokenRevocation(config, token);
  const after = await client.tokenIntrospection(config, token);
  const refused = await fetch(`${origin}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } });
  return { granted, payload, protectedHeader, before, used: used.status, connections, users, after, refused: refused.status };
}

/** How many different items a list has, page after page. */
async function everything(config, token, list) {
  const found = new Set();
  for (let cursor; ; ) {
    const address = new URL(list, origin);
    address.searchParams.set('pageSize', '200');
    if (cursor) address.searchParams.set('cursor', cursor);
    const answer = await client.fetchProtectedResource(config, token, address, 'GET');
    const { items, nextCursor } = await answer.json();
    for (const item of items) found.add(item.id);
    if (!nextCursor) return found.size;
    cursor = nextCursor;
  }
}

function failed(error) {
  return { failed: error.code ?? error.name, error: error.error, status: error.status, words: error.message };
}
