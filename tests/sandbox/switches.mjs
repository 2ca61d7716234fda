// The switches that provoke failures: which exist, what they take, and which one applies to a call.

import { HttpError } from './http.mjs';
import { personById } from './people.mjs';

const integer = (min, max) => (value) =>
  Number.isInteger(value) && value >= min && value <= max ? null : `a whole number from ${min} to ${max}`;
const text = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= 2000 ? null : 'a text of 1 to 2000 characters';
const code = (value) =>
  typeof value === 'string' && /^[a-z_]{1,60}$/.test(value) ? null : 'a code of small letters and _';
const oneOf = (...choices) => (value) => (choices.includes(value) ? null : `one of ${choices.join(', ')}`);
const textOrNull = (value) => (value === null ? null : text(value));
const names = (value) =>
  Array.isArray(value) && value.every((one) => text(one) === null) ? null : 'a list of names';
const object = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? null : 'an object';
const person = (value) => (personById(value) ? null : 'the id of a demo person');
const location = (value) =>
  typeof value === 'string' && (value.startsWith('/') || URL.canParse(value)) ? null : 'an address or a path';
const retryAfter = (value) => (text(value) === null || integer(0, 86_400)(value) === null ? null : 'seconds or an HTTP date');

const ANY = ['api', 'token', 'authorize', 'revoke', 'hook'];
const ERROR = { error: code, description: text };

/**
 * Every kind: where it may apply (the first is the default), its own fields, and its family:
 * `fault` replaces an answer, `now` acts at once and is not kept, the others are asked for by name.
 */
export const KINDS = {
  status: { family: 'fault', targets: ANY, fields: { status: integer(400, 599), retryAfter, ...ERROR }, required: ['status'] },
  expired_token: { family: 'fault', targets: ['api'], fields: {} },
  timeout: { family: 'fault', targets: ANY, fields: {} },
  close: { family: 'fault', targets: ANY, fields: {} },
  delay: { family: 'fault', targets: ANY, fields: {}, required: ['delayMs'] },
  ok_with_error_body: { family: 'fault', targets: ANY, fields: ERROR },
  malformed_json: { family: 'fault', targets: ANY, fields: {} },
  not_json_content_type: { family: 'fault', targets: ANY, fields: {} },
  huge_body: { family: 'fault', targets: ANY, fields: { bytes: integer(1, 2 ** 30) } },
  drip: { family: 'fault', targets: ANY, fields: { bytes: integer(1, 2 ** 20), intervalMs: integer(1, 60_000) } },
  redirect: { family: 'fault', targets: ANY, fields: { location, status: oneOf(301, 302, 303, 307, 308) }, required: ['location'] },
  deny: { family: 'refusal', targets: ['authorize'], fields: { description: text } },
  authorize_error: { family: 'refusal', targets: ['authorize'], fields: ERROR, required: ['error'] },
  other_identity: { family: 'identity', targets: ['authorize'], fields: { as: person } },
  token_extra: {
    family: 'rewrite',
    targets: ['token', 'authorize'],
    fields: { omit: names, set: object, iss: textOrNull, state: textOrNull },
  },
  access_token_ttl: { family: 'access_token_ttl', targets: ['token'], fields: { seconds: integer(1, 86_400 * 365) }, required: ['seconds'] },
  refresh_token_ttl: { family: 'refresh_token_ttl', targets: ['token'], fields: { seconds: integer(1, 86_400 * 365) }, required: ['seconds'] },
  no_rotation: { family: 'no_rotation', targets: ['token'], fields: {} },
  revoked_grant: { family: 'now', targets: ['token'], fields: {} },
  rotated_refresh_token: { family: 'now', targets: ['token'], fields: {} },
};

const COMMON = {
  path: text,
  method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  times: integer(1, 1_000_000),
  delayMs: integer(0, 600_000),
  clientId: text,
  accountId: text,
  when: oneOf('before', 'after'),
};

/** The switches of one sandbox that are on. */
export class Switches {
  #on = [];

  #next = 1;

  #store;

  /** @param {import('./store.mjs').Store} store what the kinds that act at once act on */
  constructor(store) {
    this.#store = store;
  }

  /**
   * Checks a switch and turns it on (or acts at once).
   * @param {any} input
   * @returns {any} the switch as it is kept, or what was done as `{kind, applied}`
   */
  add(input) {
    const given = check(input);
    if (KINDS[given.kind].family === 'now') {
      const act = { revoked_grant: 'revokeGrants', rotated_refresh_token: 'consumeRefreshTokens' }[given.kind];
      return { ...given, applied: this.#store[act](given) };
    }
    // A count means "refuse so many calls"; without one, the tokens of this moment have expired and
    // the ones that a refresh brings are good, as it is in life.
    if (given.kind === 'expired_token' && !given.times) {
      return { ...given, applied: this.#store.expireAccessTokens(given) };
    }
    const kept = { id: `switch-${this.#next++}`, ...given, used: 0 };
    this.#on.push(kept);
    return { ...kept };
  }

  /** The switches that are on. */
  list() {
    return this.#on.map((one) => ({ ...one }));
  }

  /**
   * Turns off one switch, all of a kind, or all.
   * @param {{id?: string, kind?: string}} [which]
   * @returns {number} how many
   */
  remove({ id, kind } = {}) {
    const before = this.#on.length;
    this.#on = this.#on.filter((one) => (id && one.id !== id) || (kind && one.kind !== kind));
    return before - this.#on.length;
  }

  /**
   * The oldest switch of a family that applies to a call; its count goes down by one.
   * @param {string} family
   * @param {{target: string, path?: string, method?: string, clientId?: string | null,
   *   accountId?: string | null, when?: 'before' | 'after'}} call
   * @param {(one: any) => boolean} [also]
   */
  take(family, call, also = () => true) {
    const found = this.#on.find(
      (one) =>
        KINDS[one.kind].family === family &&
        one.target === call.target &&
        (one.when ?? 'before') === (call.when ?? 'before') &&
        (!one.path || (call.path ?? '').startsWith(one.path)) &&
        (!one.method || one.method === call.method) &&
        (!one.clientId || one.clientId === call.clientId) &&
        (!one.accountId || one.accountId === call.accountId) &&
        also(one),
    );
    if (!found) return undefined;
    found.used += 1;
    if (found.times && found.used >= found.times) this.remove({ id: found.id });
    return { ...found };
  }
}

function check(input) {
  if (object(input) !== null) bad('A switch is a JSON object.');
  if (!Object.hasOwn(KINDS, input.kind)) {
    bad(`"kind" must be one of ${Object.keys(KINDS).join(', ')}.`);
  }
  const kind = KINDS[input.kind];
  const fields = { ...COMMON, ...kind.fields, kind: () => null, target: oneOf(...kind.targets) };
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(fields, name)) bad(`"${name}" is not a field of ${input.kind}.`);
    const wanted = fields[name](value);
    if (wanted) bad(`"${name}" must be ${wanted}.`);
  }
  for (const name of kind.required ?? []) {
    if (input[name] === undefined) bad(`${input.kind} needs "${name}".`);
  }
  const forAuthorize = input.kind === 'token_extra' && (input.iss !== undefined || input.state !== undefined);
  return { ...input, target: input.target ?? (forAuthorize ? 'authorize' : kind.targets[0]) };
}

function bad(description) {
  throw new HttpError(400, 'invalid_switch', description);
}
