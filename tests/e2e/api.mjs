// The API as a journey uses it to come quickly to where it begins.

import assert from 'node:assert/strict';

/** The Global administrator of the journeys, and the tenant. */
export const PERSON = {
  tenantName: 'Northwind',
  firstName: 'Maud',
  lastName: 'Keller',
  email: 'maud@northwind.example',
  password: 'tall green lamp at noon',
};

const NAME = '__Host-session';

/** A session of its own, without a browser. */
export class Api {
  #origin;

  #cookie;

  constructor(origin, cookie, who) {
    this.#origin = origin;
    this.#cookie = cookie;
    /** Who is signed in where, as the server says. */
    this.who = who;
  }

  /** Sets up the deployment and signs in. */
  static setUp(origin, setupCode) {
    return Api.#begin(origin, 'setup', { setupCode, ...PERSON });
  }

  /** Signs in. */
  static signIn(origin, { email, password } = PERSON) {
    return Api.#begin(origin, 'session', { email, password });
  }

  static async #begin(origin, path, body) {
    const api = new Api(origin);
    const answer = await api.send('POST', path, body);
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`${NAME}=`));
    return new Api(origin, cookie.split(';')[0].slice(NAME.length + 1), JSON.parse(text));
  }

  /** The session as a browser keeps it; one may set it by hand only for an https address. */
  get cookie() {
    const url = this.#origin.replace('http:', 'https:');
    return { name: NAME, value: this.#cookie, url, secure: true, httpOnly: true, sameSite: 'Lax' };
  }

  send(method, path, body, headers = {}) {
    return fetch(`${this.#origin}/api/v1/${path}`, {
      method,
      headers: {
        origin: this.#origin,
        ...(this.#cookie ? { cookie: `${NAME}=${this.#cookie}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** Sends a request that must succeed; its answer. */
  async call(method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Makes a connection with one person's API key. */
  connect(name, person = 'ada') {
    const body = { connector: 'sandbox-crm', name, auth: 'api-key', credentials: { apiKey: `sandbox-key-${person}` } };
    return this.call('POST', 'connections', body, { 'idempotency-key': crypto.randomUUID() });
  }
}
