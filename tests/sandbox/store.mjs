// Where the authorization server keeps its records: maps in memory, with an optional snapshot file.
// Our own instead of the library's built-in one, because the switches must find grants and tokens
// by person and client, and because two sandboxes in one process must not share anything.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { errors } from 'oidc-provider';

const BOUND_TO_GRANT = ['AccessToken', 'AuthorizationCode', 'RefreshToken'];
const WRITE_AFTER_MS = 100;

/** The records of one sandbox. */
export class Store {
  /** @type {Map<string, Map<string, {payload: any, expiresAt: number}>>} */
  #models = new Map();

  /** @type {string | undefined} */
  #file;

  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** Anything else that should outlive a restart (the signing key). */
  extra = {};

  /** @param {string} [file] where to keep a snapshot; without it nothing outlives the process */
  constructor(file) {
    this.#file = file;
    if (file) this.#load();
  }

  /**
   * The adapter that the library asks for, one per kind of record.
   * @param {string} model
   */
  adapter(model) {
    return {
      upsert: async (id, payload, expiresIn) => this.put(model, id, payload, expiresIn),
      find: async (id) => this.get(model, id),
      findByUid: async (uid) => this.list(model).find((one) => one.uid === uid),
      findByUserCode: async () => undefined,
      consume: async (id) => this.#consume(model, id),
      destroy: async (id) => this.remove(model, id),
      revokeByGrantId: async (grantId) => this.#removeTokens(grantId),
    };
  }

  /**
   * @param {string} model
   * @param {string} id
   * @param {any} payload
   * @param {number} [expiresIn] seconds
   */
  put(model, id, payload, expiresIn) {
    const expiresAt = Number.isFinite(expiresIn) ? Date.now() + expiresIn * 1000 : Infinity;
    this.#of(model).set(id, { payload: structuredClone(payload), expiresAt });
    this.#changed();
  }

  /**
   * @param {string} model
   * @param {string} id
   */
  get(model, id) {
    const found = this.#of(model).get(id);
    if (!found) return undefined;
    if (found.expiresAt <= Date.now()) {
      this.#of(model).delete(id);
      return undefined;
    }
    return structuredClone(found.payload);
  }

  /**
   * Copies of all living records of a kind.
   * @param {string} model
   * @returns {any[]}
   */
  list(model) {
    return [...this.#of(model).keys()].map((id) => this.get(model, id)).filter(Boolean);
  }

  /**
   * @param {string} model
   * @param {string} id
   */
  remove(model, id) {
    this.#of(model).delete(id);
    this.#changed();
  }

  /** Forgets everything. */
  clear() {
    this.#models.clear();
    this.#changed();
  }

  /**
   * Destroys a grant with every code and token that hangs on it.
   * @param {string} grantId
   */
  destroyGrant(grantId) {
    this.remove('Grant', grantId);
    this.#removeTokens(grantId);
  }

  /** What the switch `revoked_grant` does: returns how many grants and machine tokens it destroyed. */
  revokeGrants({ clientId, accountId }) {
    const grants = this.list('Grant').filter(matching({ clientId, accountId }));
    for (const grant of grants) this.destroyGrant(grant.jti);
    return grants.length + this.#removeMachineTokens({ clientId, accountId });
  }

  /** What the switch `expired_token` does: returns how many access tokens are now refused. */
  expireAccessTokens({ clientId, accountId }) {
    const tokens = this.list('AccessToken').filter(matching({ clientId, accountId }));
    for (const token of tokens) this.remove('AccessToken', token.jti);
    return tokens.length + this.#removeMachineTokens({ clientId, accountId });
  }

  /** What the switch `rotated_refresh_token` does: returns how many refresh tokens count as used. */
  consumeRefreshTokens({ clientId, accountId }) {
    const tokens = this.list('RefreshToken')
      .filter((token) => !token.consumed)
      .filter(matching({ clientId, accountId }));
    for (const token of tokens) this.#consume('RefreshToken', token.jti);
    return tokens.length;
  }

  /** Writes the snapshot now. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#file) return;
    const models = [...this.#models].map(([model, records]) => [
      model,
      [...records]
        .filter(([, one]) => one.expiresAt > Date.now())
        .map(([id, one]) => [id, one.payload, one.expiresAt === Infinity ? null : one.expiresAt]),
    ]);
    // Renaming is atomic: a process killed here leaves the old snapshot whole.
    writeFileSync(`${this.#file}.new`, JSON.stringify({ extra: this.extra, models }), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }

  #load() {
    let text;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error.code === 'ENOENT') return;
      throw error;
    }
    let snapshot;
    try {
      snapshot = JSON.parse(text);
    } catch {
      throw new Error(`${this.#file} is not a snapshot of the sandbox: delete it to start afresh`);
    }
    this.extra = snapshot.extra ?? {};
    for (const [model, records] of snapshot.models ?? []) {
      for (const [id, payload, expiresAt] of records) {
        this.#of(model).set(id, { payload, expiresAt: expiresAt ?? Infinity });
      }
    }
  }

  #changed() {
    if (!this.#file || this.#timer) return;
    this.#timer = setTimeout(() => this.flush(), WRITE_AFTER_MS);
    this.#timer.unref();
  }

  #of(model) {
    if (!this.#models.has(model)) this.#models.set(model, new Map());
    return this.#models.get(model);
  }

  /**
   * Marks a code or refresh token as used. The library checks and marks in two steps, so two calls at
   * the same moment would both succeed; here the second one is caught, because a sandbox that
   * forgives a double refresh would hide the very fault that it is there to show.
   */
  #consume(model, id) {
    const found = this.#of(model).get(id);
    if (!found || found.payload.consumed) {
      if (found?.payload.grantId) this.destroyGrant(found.payload.grantId);
      throw new errors.InvalidGrant('already used');
    }
    found.payload.consumed = Math.floor(Date.now() / 1000);
    this.#changed();
  }

  #removeTokens(grantId) {
    for (const model of BOUND_TO_GRANT) {
      for (const [id, one] of this.#of(model)) {
        if (one.payload.grantId === grantId) this.remove(model, id);
      }
    }
  }

  #removeMachineTokens({ clientId, accountId }) {
    const tokens = this.list('ClientCredentials').filter(
      (token) =>
        (!clientId || token.clientId === clientId) &&
        (!accountId || accountId === `client:${token.clientId}`),
    );
    for (const token of tokens) this.remove('ClientCredentials', token.jti);
    return tokens.length;
  }
}

const matching =
  ({ clientId, accountId }) =>
  (one) =>
    (!clientId || one.clientId === clientId) && (!accountId || one.accountId === accountId);
