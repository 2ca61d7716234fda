// The API's reference: every operation of the deployment that serves this page, to read and to try. It is made in the
// browser from /api/openapi.json, and knows nothing else.

import { found, read } from './description.js';
import { h } from './dom.js';
import { method, operationPage, overview, placeOf } from './operation.js';

const at = (id) => document.getElementById(id);
const main = at('main');
const search = at('search');
const list = at('list');
const opener = at('open-list');

/** The list at the side: what was found, by section. */
function show(all) {
  const some = found(all.operations, search.value);
  const current = location.hash;
  const groups = all.tags.map((tag) => {
    const of = some.filter((one) => one.tag === tag.name);
    const items = of.map((one) => h('li', {}, h('a', { href: placeOf(one), 'aria-current': placeOf(one) === current ? 'page' : null }, h('span', {}, one.summary), method(one))));
    return of.length ? [h('h2', {}, tag.name), h('ul', {}, items)] : null;
  });
  list.replaceChildren(...groups.flat().filter(Boolean));
  if (!some.length) list.replaceChildren(h('p', {}, 'No operation found. Try a part of its path or of its name.'));
  at('count').textContent = search.value.trim() ? `${some.length} of ${all.operations.length} operations` : `${all.operations.length} operations`;
}

/** The page that the address names. */
function go(all, moved) {
  const name = location.hash.startsWith('#operation/') ? decodeURIComponent(location.hash.slice(11)) : '';
  if (location.hash === '#main') return;
  const operation = all.operations.find((one) => one.operationId === name);
  const page = operation ? operationPage(operation, all.scopes) : overview(all);
  if (name && !operation) page.prepend(h('p', { class: 'bad', role: 'alert' }, `There is no operation “${name}”. Search for it, or choose one below.`));
  main.replaceChildren(page);
  document.title = `${operation ? `${operation.summary} · ` : ''}API reference · Drawbridge`;
  fold(false);
  show(all);
  list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  if (moved) {
    scrollTo(0, 0);
    page.querySelector('h1').focus({ preventScroll: true });
  }
}

/** On phones the list is folded until it is asked for. */
function fold(open) {
  opener.setAttribute('aria-expanded', String(open));
  opener.textContent = open ? 'Hide the operations' : 'Show all operations';
  list.classList.toggle('open', open);
}

try {
  const all = await read();
  go(all, false);
  search.addEventListener('input', () => {
    show(all);
    fold(search.value.trim() !== '');
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') list.querySelector('a')?.click();
  });
  opener.addEventListener('click', () => fold(opener.getAttribute('aria-expanded') !== 'true'));
  addEventListener('hashchange', () => go(all, true));
  addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
  });
} catch (error) {
  main.replaceChildren(
    h('h1', {}, 'The reference could not be loaded'),
    h('p', { role: 'alert' }, `The description of the API did not arrive. ${error.message}`),
    h('p', {}, h('a', { href: '' }, 'Try again')),
  );
}
