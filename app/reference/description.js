// The API's description, and its operations as the page needs them.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
let document_;

/** What a reference leads to. */
export function followed(value) {
  if (!value?.$ref) return value;
  const place = value.$ref.split('/').slice(1);
  const found = place.reduce((inner, part) => inner?.[part], document_);
  const { $ref, ...beside } = value;
  return { ...found, ...beside };
}

/** The last word of a reference. */
export const nameOf = (value) => value?.$ref?.split('/').pop();

/** Reads the description; fails where it cannot be had. */
export async function read() {
  const answer = await fetch('/api/openapi.json');
  if (!answer.ok) throw new Error(`The answer has the status ${answer.status}.`);
  document_ = await answer.json();
  const operations = Object.entries(document_.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operation(path, method, item[method])),
  );
  const order = document_.tags.map((tag) => tag.name);
  const places = new Map(Object.keys(document_.paths).map((path, place) => [path, place]));
  operations.sort((a, b) => order.indexOf(a.tag) - order.indexOf(b.tag) || places.get(a.path) - places.get(b.path));
  return { info: document_.info, tags: document_.tags, scopes: scopes(), operations };
}

function operation(path, method, told) {
  return {
    ...told,
    path,
    method: method.toUpperCase(),
    tag: told.tags[0],
    parameters: (told.parameters ?? []).map(followed),
    text: [told.summary, told.operationId, method, path, told.description].join(' ').toLowerCase(),
  };
}

/** What each scope allows. */
const scopes = () => document_.components.securitySchemes.oauth.flows.clientCredentials.scopes;

/** The operations that hold all words of a text. */
export function found(operations, text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((one) => wanted.every((word) => one.text.includes(word)));
}
