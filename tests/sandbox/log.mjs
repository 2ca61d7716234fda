// What was asked of the sandbox, for tests to assert on ("exactly one refresh"). Paths only: query
// strings, bodies and headers may hold secrets and are never kept.

const KEEP = 2000;
const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials'];

/**
 * One recorded request.
 * @typedef {{id: number, at: string, method: string, path: string, target: string | null,
 *   clientId: string | null, accountId: string | null, grant: string | null,
 *   status: number | null, switch: string | null, ms: number | null}} Entry
 */

/** The requests of one sandbox. */
export class Log {
  /** @type {Entry[]} */
  #entries = [];

  #next = 1;

  /** @type {Record<string, number>} */
  #calls = {};

  /** @type {Record<string, Record<string, number>>} */
  #answers = {};

  /**
   * Starts an entry; it is completed when the answer is finished or the connection is gone, so a
   * request that is never answered can be seen with `status: null`.
   * @param {import('node:http').IncomingMessage} req
   * @param {import('node:http').ServerResponse} res
   * @param {string} path
   * @returns {Entry}
   */
  start(req, res, path) {
    const began = performance.now();
    const entry = {
      id: this.#next++,
      at: new Date().toISOString(),
      method: req.method ?? '',
      // The last part of these addresses is the handle of somebody's sign-in.
      path: path.replace(/^(\/interaction|\/oauth\/authorize)\/.*/, '$1/…'),
      target: null,
      clientId: null,
      accountId: null,
      grant: null,
      status: null,
      switch: null,
      ms: null,
    };
    this.#entries.push(entry);
    if (this.#entries.length > KEEP) this.#entries.shift();
    res.on('close', () => {
      entry.status = res.headersSent ? res.statusCode : null;
      entry.ms = Math.round(performance.now() - began);
      if (entry.grant) {
        const answers = (this.#answers[entry.grant] ??= {});
        const status = String(entry.status ?? 'none');
        answers[status] = (answers[status] ?? 0) + 1;
      }
    });
    return entry;
  }

  /**
   * Notes that an entry is a call of the token endpoint.
   * @param {Entry} entry
   * @param {string | null} grant
   */
  tokenCall(entry, grant) {
    entry.grant = GRANTS.includes(grant ?? '') ? grant : 'other';
    this.#calls[entry.grant] = (this.#calls[entry.grant] ?? 0) + 1;
  }

  /**
   * The recorded requests, filtered.
   * @param {{clientId?: string, accountId?: string, path?: string, since?: number}} [filter]
   *   `path` is a prefix; `since` is an entry's id, and only later ones are given
   */
  read({ clientId, accountId, path, since } = {}) {
    return {
      tokenCalls: { ...this.#calls },
      tokenAnswers: structuredClone(this.#answers),
      requests: this.#entries.filter(
        (one) =>
          (!clientId || one.clientId === clientId) &&
          (!accountId || one.accountId === accountId) &&
          (!path || one.path.startsWith(path)) &&
          (!since || one.id > since),
      ),
    };
  }

  /** Forgets everything. Entry ids go on counting, so a remembered id stays meaningful. */
  clear() {
    this.#entries = [];
    this.#calls = {};
    this.#answers = {};
  }
}
