// The address books behind the API: one per person and one per machine client, each with the same
// invented contacts at the start, so that a test can change its own without touching another's.

import { HttpError } from './http.mjs';

/** The tags that a contact can carry; the values of the lookup `/api/lookups/tags`. */
export const TAGS = [
  { value: 'customer', label: 'Customer' },
  { value: 'partner', label: 'Partner' },
  { value: 'press', label: 'Press' },
  { value: 'supplier', label: 'Supplier' },
];

const FIRST = ['Amina', 'Bruno', 'Chidi', 'Dagmar', 'Elif', 'Farid', 'Greta', 'Hana', 'Ivo', 'Jun', 'Klara', 'Luis', 'Mei', 'Nils'];
const LAST = ['Okafor', 'Lindqvist', 'Moreau'];
const COMPANIES = ['Harbour Freight Forwarders', 'Northwind Bakery', 'Tidewater Press'];
const CREATED = '2025-01-01T08:00:00.000Z';

/** All address books of one sandbox. */
export class Contacts {
  /** @type {Map<string, Map<string, any>>} */
  #books = new Map();

  #next = 1000;

  /** Back to the contacts of the start. */
  clear() {
    this.#books.clear();
  }

  /**
   * A page of an owner's contacts, in order of id.
   * @param {string} owner
   * @param {URLSearchParams} query `q`, `limit` (1 to 100, else 20), `cursor`
   */
  page(owner, query) {
    const limit = query.has('limit') ? Number(query.get('limit')) : 20;
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
      throw new HttpError(400, 'invalid_request', '"limit" must be a whole number from 1 to 100.');
    }
    const after = readCursor(query.get('cursor'));
    const wanted = (query.get('q') ?? '').trim().toLowerCase();
    const found = [...this.#book(owner).values()].filter(
      (one) => !wanted || [one.name, one.email, one.company].some((text) => text?.toLowerCase().includes(wanted)),
    );
    const rest = found.filter((one) => one.id > after);
    const items = rest.slice(0, limit);
    const more = rest.length > items.length;
    return { items, total: found.length, nextCursor: more ? writeCursor(items.at(-1).id) : null };
  }

  /**
   * @param {string} owner
   * @param {string} id
   */
  get(owner, id) {
    const found = this.#book(owner).get(id);
    if (!found) throw new HttpError(404, 'not_found', 'There is no contact with this id.');
    return found;
  }

  /**
   * @param {string} owner
   * @param {unknown} input
   */
  create(owner, input) {
    const fields = check(input, true);
    const now = new Date().toISOString();
    const id = `contact-${this.#next++}`;
    const contact = { id, name: '', email: null, phone: null, company: null, tags: [], ...fields, createdAt: now, updatedAt: now };
    this.#book(owner).set(id, contact);
    return contact;
  }

  /**
   * @param {string} owner
   * @param {string} id
   * @param {unknown} input
   */
  change(owner, id, input) {
    const contact = this.get(owner, id);
    Object.assign(contact, check(input, false), { updatedAt: new Date().toISOString() });
    return contact;
  }

  /**
   * @param {string} owner
   * @param {string} id
   */
  remove(owner, id) {
    this.get(owner, id);
    this.#book(owner).delete(id);
  }

  #book(owner) {
    let book = this.#books.get(owner);
    if (!book) {
      book = new Map(seed().map((one) => [one.id, one]));
      this.#books.set(owner, book);
    }
    return book;
  }
}

function seed() {
  return LAST.flatMap((last, row) =>
    FIRST.map((first, column) => {
      const number = 101 + row * FIRST.length + column;
      return {
        id: `contact-0${number}`,
        name: `${first} ${last}`,
        email: `${first}.${last}@contacts.example`.toLowerCase(),
        phone: `+44 20 7946 0${number}`,
        company: COMPANIES[number % COMPANIES.length],
        tags: [TAGS[number % TAGS.length].value],
        createdAt: CREATED,
        updatedAt: CREATED,
      };
    }),
  );
}

function check(input, whole) {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    throw new HttpError(400, 'invalid_request', 'A contact is a JSON object.');
  }
  /** @type {Record<string, string>} */
  const fields = {};
  const tags = TAGS.map((tag) => tag.value);
  for (const [name, value] of Object.entries(input)) {
    if (name === 'name') {
      if (typeof value !== 'string' || !value.trim() || value.length > 200) fields.name = 'must be a text of 1 to 200 characters';
    } else if (['email', 'phone', 'company'].includes(name)) {
      if (value !== null && (typeof value !== 'string' || value.length > 200)) fields[name] = 'must be a text of at most 200 characters, or null';
      else if (name === 'email' && value !== null && !value.includes('@')) fields.email = 'must be an email address';
    } else if (name === 'tags') {
      if (!Array.isArray(value) || !value.every((tag) => tags.includes(tag))) fields.tags = `must be a list of ${tags.join(', ')}`;
    } else {
      fields[name] = 'is not a field of a contact';
    }
  }
  if (whole && input.name === undefined) fields.name = 'is required';
  if (Object.keys(fields).length) {
    throw new HttpError(400, 'validation_failed', 'Some fields are not acceptable.', {}, { fields });
  }
  return structuredClone(input);
}

const writeCursor = (id) => Buffer.from(`after:${id}`).toString('base64url');

function readCursor(cursor) {
  if (cursor === null) return '';
  const [, id] = /^after:(contact-\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (!id) throw new HttpError(400, 'invalid_request', '"cursor" is not one that this API gave.');
  return id;
}
