// The authorization server: `oidc-provider`, configured, with the places where switches reach in.

import { Readable } from 'node:stream';
import { generateKeyPairSync } from 'node:crypto';
import { Provider, errors, interactionPolicy } from 'oidc-provider';
import { provoke } from './faults.mjs';
import { HttpError, PAGE_HEADERS, readBody } from './http.mjs';
import { errorPage } from './pages.mjs';
import { CLIENTS, SCOPES, personById } from './people.mjs';

const DAY = 86_400;
const EXCHANGE = Symbol('exchange');

/**
 * Builds the authorization server of one sandbox.
 * @param {import('./sandbox.mjs').Sandbox} sandbox `origin`, `store` and `switches` are used
 */
export function createProvider({ origin, store, switches }) {
  const ttl = (kind, fallback) => (_ctx, token) =>
    switches.take(kind, {
      target: 'token',
      clientId: token.clientId,
      accountId: token.accountId ?? `client:${token.clientId}`,
    })?.seconds ?? fallback;

  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);

  const provider = new Provider(origin, {
    adapter: (model) => store.adapter(model),
    jwks: { keys: [(store.extra.key ??= signingKey()), (store.extra.rsaKey ??= rsaKey())] },
    scopes: Object.keys(SCOPES),
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    // Only this machine's clock is asked, and tests want short lives to be exact.
    clockTolerance: 0,
    // Names and path of our own: cookies do not tell ports apart, and the application under
    // development lives on the same host.
    cookies: {
      names: { session: 'sandbox_session', interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
      long: { httpOnly: true, sameSite: 'lax', path: '/oauth' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      introspection: '/oauth/introspect',
      jwks: '/oauth/jwks',
      userinfo: '/oauth/userinfo',
      end_session: '/oauth/sign-out',
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => {
          if (token.clientId !== client.clientId) throw new errors.InvalidRequest('the token belongs to another client');
          return true;
        },
      },
      userinfo: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
    },
    ttl: {
      AccessToken: ttl('access_token_ttl', 3600),
      ClientCredentials: ttl('access_token_ttl', 3600),
      RefreshToken: ttl('refresh_token_ttl', 90 * DAY),
      AuthorizationCode: 60,
      IdToken: 3600,
      Interaction: 3600,
      Grant: 365 * DAY,
      Session: 14 * DAY,
    },
    // A connection outlives the browser session in which it was made.
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: (ctx) => !switches.take('no_rotation', factsOf(ctx)),
    // Every authorization is a grant of its own and asks for consent: revoking one connection then
    // leaves a colleague's alone, and the Deny button is always there.
    loadExistingGrant: async (ctx) => {
      const id = ctx.oidc.result?.consent?.grantId;
      return id ? ctx.oidc.provider.Grant.find(id) : undefined;
    },
    findAccount: (_ctx, id) => {
      const person = personById(id);
      return person && { accountId: id, claims: async () => ({ sub: id, name: person.name, email: person.email, email_verified: true }) };
    },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: (ctx, out) => {
      ctx.set(PAGE_HEADERS);
      ctx.body = errorPage('This sign-in cannot go on', out.error_description ?? '', out.error);
    },
  });

  provider.use(async (ctx, next) => {
    await next();
    const exchange = ctx.req[EXCHANGE];
    if (!exchange) return;
    rewrite(ctx, exchange, switches);
    if (await provoke(switches, ctx.res, exchange.entry, { ...exchange.call, when: 'after' })) ctx.respond = false;
  });
  return provider;
}

/**
 * Registers a client, or adds callbacks to one that exists and changes what else is given.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {{clientId: string, clientName?: string, clientSecret?: string, redirectUris?: string[],
 *   authMethod?: string, grantTypes?: string[], idTokenAlg?: string}} wanted
 */
export function registerClient({ provider, store }, wanted) {
  const old = store.get('Client', wanted.clientId);
  const grants = wanted.grantTypes ?? old?.grant_types ?? ['authorization_code', 'refresh_token', 'client_credentials'];
  const metadata = {
    client_id: wanted.clientId,
    client_name: wanted.clientName ?? old?.client_name ?? wanted.clientId,
    client_secret: wanted.clientSecret ?? old?.client_secret,
    token_endpoint_auth_method: wanted.authMethod ?? old?.token_endpoint_auth_method ?? 'client_secret_basic',
    redirect_uris: [...new Set([...(old?.redirect_uris ?? []), ...(wanted.redirectUris ?? [])])],
    id_token_signed_response_alg: wanted.idTokenAlg ?? old?.id_token_signed_response_alg ?? 'ES256',
    grant_types: grants,
    response_types: grants.includes('authorization_code') ? ['code'] : [],
  };
  let client;
  try {
    client = new provider.Client(metadata);
  } catch (error) {
    throw new HttpError(400, 'invalid_client', error.error_description ?? error.message);
  }
  store.put('Client', wanted.clientId, client.metadata());
  return { clientId: client.clientId, authMethod: metadata.token_endpoint_auth_method, redirectUris: metadata.redirect_uris, grantTypes: grants };
}

/**
 * Registers the clients that exist from the start.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {string[]} callbacks
 */
export function registerOwnClients(sandbox, callbacks) {
  // Each application has a second callback, where people sign in to it.
  const redirectUris = callbacks.flatMap((callback) => [callback, new URL('/oauth/sign-in/callback', callback).href]);
  for (const client of CLIENTS) registerClient(sandbox, { ...client, redirectUris });
}

/**
 * Answers one request for the authorization server.
 * @param {import('./sandbox.mjs').Sandbox} sandbox
 * @param {import('./sandbox.mjs').Exchange} exchange
 */
export async function handleOAuth(sandbox, exchange) {
  const { req, res, url, entry } = exchange;
  const target = { '/oauth/authorize': 'authorize', '/oauth/token': 'token', '/oauth/revoke': 'revoke' }[url.pathname];
  const call = { target: target ?? 'other', path: url.pathname, method: req.method, clientId: null, accountId: null };
  let forwarded = req;
  if (target === 'authorize') {
    call.clientId = url.searchParams.get('client_id');
    req.url = withConsent(url);
  } else if (target && req.method === 'POST') {
    const body = await readBody(req);
    Object.assign(call, callerOf(req, new URLSearchParams(body.toString('utf8')), sandbox.store));
    if (target === 'token') sandbox.log.tokenCall(entry, call.grant);
    // The body has been read, so the library gets a request that can be read once more.
    forwarded = Object.assign(Readable.from(body.length ? [body] : []), {
      method: req.method,
      url: req.url,
      headers: req.headers,
      httpVersion: req.httpVersion,
      socket: req.socket,
    });
  }
  Object.assign(entry, { target: target ?? null, clientId: call.clientId, accountId: call.accountId });
  if (target && (await provoke(sandbox.switches, res, entry, call))) return;
  if (target === 'token' || target === 'revoke') demandWay(req, call, sandbox.store);
  forwarded[EXCHANGE] = { entry, call };
  await sandbox.callback(forwarded, res);
}

/**
 * The library grants `offline_access` only together with `prompt=consent`. Consent is always asked
 * for here, so saying so spares every ordinary client the parameter.
 */
function withConsent(url) {
  const prompts = (url.searchParams.get('prompt') ?? '').split(' ').filter(Boolean);
  const offline = url.searchParams.get('scope')?.split(' ').includes('offline_access');
  if (!offline || prompts.includes('none') || prompts.includes('consent')) return url.pathname + url.search;
  const changed = new URL(url);
  changed.searchParams.set('prompt', [...prompts, 'consent'].join(' '));
  return changed.pathname + changed.search;
}

/**
 * Holds a client to the way that it registered. The library takes the secret in the header and in
 * the body alike, many services do not, and a caller that mixes them up should be found out here.
 */
function demandWay(req, { clientId, secretInBody }, store) {
  const way = store.get('Client', clientId ?? '')?.token_endpoint_auth_method;
  const used = secretInBody ? 'client_secret_post' : req.headers.authorization && 'client_secret_basic';
  if (!way || !used || way === used) return;
  throw new HttpError(401, 'invalid_client', `This client must authenticate by ${way}.`, {
    'www-authenticate': 'Basic realm="Sandbox CRM"',
  });
}

function callerOf(req, form, store) {
  const [, encoded] = /^Basic +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  const user = encoded && Buffer.from(encoded, 'base64').toString('utf8').split(':')[0];
  const clientId = (user && decode(user)) || form.get('client_id');
  const grant = form.get('grant_type');
  const token =
    store.get('RefreshToken', form.get('refresh_token') ?? form.get('token') ?? '') ??
    store.get('AuthorizationCode', form.get('code') ?? '') ??
    store.get('AccessToken', form.get('token') ?? '');
  const accountId = token?.accountId ?? (grant === 'client_credentials' ? `client:${clientId}` : null);
  return { clientId, accountId, grant, secretInBody: form.has('client_secret') };
}

const decode = (text) => new URLSearchParams(`x=${text}`).get('x');

const factsOf = (ctx) => ctx.req[EXCHANGE]?.call ?? { target: 'token' };

/** The switch `token_extra`: changes what the library answered before it is sent. */
function rewrite(ctx, { call, entry }, switches) {
  const answersTokens = call.target === 'token' && ctx.status === 200;
  const location = ctx.status === 303 ? URL.parse(ctx.response.get('location')) : null;
  const answersCode = location?.searchParams.has('iss') && ctx.path.startsWith('/oauth/authorize');
  if (!answersTokens && !answersCode) return;
  const extra = switches.take('rewrite', {
    ...call,
    target: answersTokens ? 'token' : 'authorize',
    clientId: ctx.oidc?.client?.clientId ?? call.clientId,
    accountId: ctx.oidc?.session?.accountId ?? call.accountId,
  });
  if (!extra) return;
  entry.switch = extra.kind;
  if (answersTokens) {
    const body = { ...ctx.body, ...extra.set };
    for (const name of extra.omit ?? []) delete body[name];
    ctx.body = body;
    return;
  }
  for (const name of ['iss', 'state']) {
    if (extra[name] === null) location.searchParams.delete(name);
    else if (extra[name] !== undefined) location.searchParams.set(name, extra[name]);
  }
  ctx.set('location', location.href);
}

function rsaKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };
}
