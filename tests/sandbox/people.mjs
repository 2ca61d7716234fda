// The demo people and every credential that the sandbox accepts.
// All of these are public constants: they open nothing but invented data on this machine.

/** The people who can sign in. Their `id` is the `sub` of their tokens. */
export const PEOPLE = [
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@sandbox.example' },
  { id: 'grace', name: 'Grace Hopper', email: 'grace@sandbox.example' },
  { id: 'alan', name: 'Alan Turing', email: 'alan@sandbox.example' },
];

/** The password of every person for basic authentication (the user name is the person's id). */
export const PASSWORD = 'sandbox-password';

/** The scopes that the authorization server knows, with the words of the consent page. */
export const SCOPES = {
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your email address',
  offline_access: 'Keep access while you are away',
  'contacts:read': 'Read your contacts',
  'contacts:write': 'Add, change and delete your contacts',
};

/** The scopes that a person may untick on the consent page. */
export const OPTIONAL_SCOPES = ['contacts:read', 'contacts:write'];

/** Default place that the authorization server sends the browser back to. */
export const DEFAULT_CALLBACK = 'http://localhost:8787/oauth/callback';

/** The OAuth clients that exist from the start (development constants). */
export const CLIENTS = [
  {
    clientId: 'drawbridge-dev',
    clientName: 'Drawbridge (development)',
    clientSecret: 'drawbridge-dev-secret',
    authMethod: 'client_secret_basic',
  },
  {
    clientId: 'drawbridge-dev-post',
    clientName: 'Drawbridge (development, client_secret_post)',
    clientSecret: 'drawbridge-dev-secret',
    authMethod: 'client_secret_post',
  },
];

/**
 * The API key of a person.
 * @param {string} id
 */
export const apiKeyOf = (id) => `sandbox-key-${id}`;

/**
 * The static bearer token of a person.
 * @param {string} id
 */
export const bearerOf = (id) => `sandbox-token-${id}`;

/**
 * @param {string | undefined} id
 * @returns {{id: string, name: string, email: string} | undefined}
 */
export const personById = (id) => PEOPLE.find((person) => person.id === id);

/**
 * Somebody else than the given person, always the same one, so that tests can name them.
 * @param {string} id
 */
export function somebodyElse(id) {
  const at = PEOPLE.findIndex((person) => person.id === id);
  return PEOPLE[(at + 1) % PEOPLE.length];
}
