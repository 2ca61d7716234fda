// Drives the sandbox over HTTP without a browser: cookies, forms, PKCE. For tests.

import { createHash, randomBytes } from 'node:crypto';
import { DEFAULT_CALLBACK } from './people.mjs';

/** A client of the sandbox as a test plays it. */
export const CLIENT = {
  clientId: 'drawbridge-dev',
  clientSecret: 'drawbridge-dev-secret',
  redirectUri: DEFAULT_CALLBACK,
  scope: 'openid profile email offline_access contacts:read contacts:write',
};

/** Keeps cookies by name and path and follows nothing by itself. */
export class Browser {
  /** @type {Map<string, {name: string, value: string, path: string}>} */
  #cookies = new Map();

  /**
   * @param {string | URL} address
   * @param {RequestInit} [init]
   */
  async go(address, init = {}) {
    const url = new URL(address);
    const cookie = [...this.#cookies.values()]
      .filter((one) => url.pathname.startsWith(one.path))
      .map((one) => `${one.name}=${one.value}`)
      .join('; ');
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie ? { cookie } : {}) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      const path = /; *path=([^;]+)/i.exec(line)?.[1] ?? '/';
      const gone = value === '' || /expires=Thu, 01 Jan 1970/i.test(line);
      if (gone) this.#cookies.delete(`${name} ${path}`);
      else this.#cookies.set(`${name} ${path}`, { name, value, path });
    }
    return answer;
  }

  /**
   * Follows redirects until a page of the sandbox or an address elsewhere.
   * @param {string | URL} address
   * @param {string} origin the sandbox's
   * @param {RequestInit} [init]
   * @returns {Promise<{url: URL, left: boolean, status?: number, html?: string}>}
   */
  async follow(address, origin, init) {
    let answer = await this.go(address, init);
    let url = new URL(address);
    for (let hops = 0; answer.status >= 300 && answer.status < 400; hops += 1) {
      if (hops > 10) throw new Error('too many redirects');
      url = new URL(answer.headers.get('location'), url);
      if (url.origin !== origin) return { url, left: true };
      answer = await this.go(url);
    }
    return { url, left: false, status: answer.status, html: await answer.text() };
  }

  /**
   * Sends the form of a page.
   * @param {URL} url
   * @param {string} origin
   * @param {[string, string][]} fields
   */
  submit(url, origin, fields) {
    return this.follow(url.origin + url.pathname, origin, { method: 'POST', body: new URLSearchParams(fields) });
  }
}

/**
 * An authorization request with its PKCE verifier.
 * @param {string} origin
 * @param {Record<string, string>} [params] more parameters, or others
 * @param {typeof CLIENT} [client]
 */
export function request(origin, params = {}, client = CLIENT) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL('/oauth/authorize', origin);
  url.search = String(
    new URLSearchParams({
      client_id: client.clientId,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: client.scope,
      state: 'a-state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...params,
    }),
  );
  return { url, verifier };
}

/**
 * Signs in where needed and decides; gives what the callback would get.
 * @param {string} origin
 * @param {object} [options]
 * @param {Browser} [options.browser]
 * @param {string} [options.person]
 * @param {'allow' | 'deny'} [options.decision]
 * @param {string[]} [options.ticked] the optional scopes left ticked
 * @param {Record<string, string>} [options.params]
 * @param {typeof CLIENT} [options.client]
 */
export async function authorize(origin, options = {}) {
  const { browser = new Browser(), person = 'ada', decision = 'allow', client = CLIENT } = options;
  const ticked = options.ticked ?? ['contacts:read', 'contacts:write'];
  const { url, verifier } = request(origin, options.params, client);
  let page = await browser.follow(url, origin);
  const seen = [];
  while (!page.left && page.status === 200) {
    const consent = page.html.includes('name="decision"');
    seen.push(consent ? 'consent' : 'sign-in');
    if (seen.length > 4) throw new Error(`going in circles: ${seen.join(', ')}`);
    const fields = consent ? [['decision', decision], ...ticked.map((scope) => ['scope', scope])] : [['person', person]];
    page = await browser.submit(page.url, origin, fields);
  }
  return { ...page, params: page.url.searchParams, verifier, seen, browser };
}

/**
 * Calls the token endpoint.
 * @param {string} origin
 * @param {Record<string, string>} form
 * @param {typeof CLIENT & {authMethod?: string}} [client]
 */
export async function token(origin, form, client = CLIENT) {
  const post = client.authMethod === 'client_secret_post';
  const secret = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const answer = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    redirect: 'manual',
    headers: post ? {} : { authorization: `Basic ${secret}` },
    body: new URLSearchParams(post ? { ...form, client_id: client.clientId, client_secret: client.clientSecret } : form),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** The whole flow: tokens for a person. */
export async function tokensFor(origin, options = {}) {
  const client = options.client ?? CLIENT;
  const { params, verifier } = await authorize(origin, options);
  const form = { grant_type: 'authorization_code', code: params.get('code'), redirect_uri: client.redirectUri, code_verifier: verifier };
  return (await token(origin, form, client)).body;
}

/** Refreshes. */
export const refresh = (origin, refreshToken, client = CLIENT) =>
  token(origin, { grant_type: 'refresh_token', refresh_token: refreshToken }, client);

/**
 * Calls the API; the body is parsed where it is JSON.
 * @param {string} address
 * @param {string} [accessToken]
 * @param {RequestInit} [init]
 */
export async function api(address, accessToken, init = {}) {
  const headers = { ...init.headers, ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}) };
  const answer = await fetch(address, { ...init, redirect: 'manual', headers });
  const text = await answer.text();
  let body = text;
  try {
    body = JSON.parse(text);
  } catch {
    // A text then: some switches are there to send one.
  }
  return { status: answer.status, headers: answer.headers, body };
}

/** Posts JSON to the control plane. */
export const control = (origin, path, value, method = 'POST') =>
  api(`${origin}/sandbox/${path}`, undefined, {
    method,
    ...(value === undefined ? {} : { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }),
  });
