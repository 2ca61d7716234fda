// One operation, and the page that stands before all of them.

import { followed } from './description.js';
import { code, copyButton, h, paragraphs, words } from './dom.js';
import { field, fields } from './schema.js';
import { tryIt } from './try.js';

const section = (title, ...children) => h('section', { 'aria-label': title }, h('h2', {}, title), ...children);
const json = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** The address of an operation's place on this page. */
export const placeOf = (operation) => `#operation/${operation.operationId}`;

/** A method, marked by its kind; the word is always there. */
export const method = (operation) => h('span', { class: `method method-${operation.method.toLowerCase()}` }, operation.method);

function access(operation, scopes) {
  const needed = operation['x-scopes'];
  if (!operation.security.length) return h('p', {}, 'Needs no credentials.');
  if (operation.security.some((one) => one.client)) return h('p', {}, 'Needs an app’s ', h('code', {}, 'client_id'), ' and ', h('code', {}, 'client_secret'), '.');
  const all = needed && needed.length === Object.keys(scopes).length;
  return h(
    'ul',
    { class: 'access' },
    h('li', {}, 'A session of the console', needed ? ', a personal access token, or an access token of an app' : ' (not apps and tokens)'),
    operation['x-role'] ? h('li', {}, 'Role: ', h('code', {}, operation['x-role']), ' or above') : null,
    needed ? h('li', {}, 'Scope: ', all ? 'full access' : needed.length ? needed.map((scope) => [h('code', {}, scope), ` (${scopes[scope]}) `]) : 'none needed') : null,
  );
}

function response(status, told) {
  const answer = followed(told);
  const title = h('summary', {}, h('code', { class: /^[12]/.test(status) || status === 'default' ? 'ok' : 'bad' }, status), ' ', words(answer.description));
  const contents = Object.entries(answer.content ?? {});
  const parts = contents.map(([media, { schema, example, examples }]) => {
    const first = example ?? followed(Object.values(examples ?? {})[0])?.value;
    return [h('p', { class: 'kind' }, media), schema ? fields(schema) : null, first === undefined ? null : code(`Example of ${status}`, json(first))];
  });
  const headers = Object.entries(answer.headers ?? {}).map(([name, header]) => [h('dt', {}, h('code', {}, name)), h('dd', {}, h('p', {}, words(followed(header).description)))]);
  return h('details', { class: 'response', open: /^2/.test(status) }, title, parts, headers.length ? h('details', {}, h('summary', {}, 'Headers'), h('dl', { class: 'fields' }, headers)) : null);
}

/** All about one operation. */
export function operationPage(operation, scopes) {
  const parameters = operation.parameters.flatMap((one) => field(one.name, one.schema, { required: one.required, description: one.description, place: one.in }));
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  const [media, content] = bodies[0] ?? [];
  const trial = section('Try it', tryIt(operation));
  const toTrial = () => {
    trial.scrollIntoView();
    trial.querySelector('input, textarea, button, code')?.focus({ preventScroll: true });
  };
  const link = location.origin + location.pathname + placeOf(operation);
  return h(
    'article',
    {},
    h('p', { class: 'kind' }, operation.tag),
    h('h1', { tabindex: '-1' }, operation.summary),
    h('p', { class: 'path' }, method(operation), ' ', h('code', {}, operation.path), ' ', copyButton('Copy link to this operation', () => link, 'Copy link'), h('button', { type: 'button', class: 'btn btn-secondary btn-small', onclick: () => toTrial() }, 'Try it')),
    paragraphs(operation.description.split('\n\n')[0]),
    section('Who may call it', access(operation, scopes)),
    parameters.length ? section('Parameters', h('dl', { class: 'fields' }, parameters)) : null,
    content ? section('Body', h('p', { class: 'kind' }, bodies.map(([name]) => name).join(' or ')), content.schema ? fields(content.schema) : paragraphs(operation.requestBody.description ?? ''), content.example === undefined ? null : code('Example of the body', json(media === 'application/x-www-form-urlencoded' ? new URLSearchParams(content.example).toString() : content.example))) : null,
    section('Answers', Object.entries(operation.responses).sort(([a], [b]) => a.localeCompare(b)).map(([status, told]) => response(status, told))),
    trial,
  );
}

/** What stands before all operations. */
export function overview({ info, tags, operations, scopes }) {
  const groups = tags.map((tag) => {
    const of = operations.filter((one) => one.tag === tag.name);
    return of.length ? section(tag.name, h('p', {}, words(tag.description)), h('ul', { class: 'listed' }, of.map((one) => h('li', {}, h('a', { href: placeOf(one) }, one.summary), ' ', h('span', { class: 'path' }, method(one), ' ', h('code', {}, one.path)))))) : null;
  });
  const granted = Object.entries(scopes).map(([scope, meaning]) => [h('dt', {}, h('code', {}, scope)), h('dd', {}, h('p', {}, meaning))]);
  return h(
    'article',
    {},
    h('h1', { tabindex: '-1' }, 'API reference'),
    paragraphs(info.description),
    section('First call', h('p', {}, 'Make a personal access token in the console at Settings → Apps and tokens, then:'), code('A first call with curl', `TOKEN=dbr_pat_…\ncurl -H "Authorization: Bearer $TOKEN" ${location.origin}/api/v1/session`)),
    groups,
    section('Scopes', h('p', {}, 'What of its owner’s reach an app or a token can be given.'), h('details', {}, h('summary', {}, `${granted.length} scopes`), h('dl', { class: 'fields' }, granted))),
  );
}
