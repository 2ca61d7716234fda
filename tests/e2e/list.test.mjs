// The list of connections: what stands in it, search, filters, order, paging, and that the address keeps all of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, link, row, see } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const TOTAL = 120;
const on = stage({ prepare });

/** Connections “Number 001” and so on; one of them is degraded, one is invalid. */
async function prepare({ api, sandbox }) {
  const names = Array.from({ length: TOTAL }, (_, at) => `Number ${String(at + 1).padStart(3, '0')}`);
  const waiting = names.slice(2);
  const worker = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) await api.connect(name);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  for (const [name, status] of [[names[0], 500], [names[1], 401]]) {
    const { id } = await api.connect(name);
    sandbox.state.switches.add({ kind: 'status', status, times: 1 });
    await api.call('POST', `connections/${id}/test`);
  }
}

const table = (page) => page.getByRole('table', { name: 'Connections' });
const rows = (page) => table(page).getByRole('row').filter({ has: page.getByRole('link') });
const first = (page) => rows(page).first().getByRole('link').first();
const chosen = (page, name) => page.getByRole('combobox', { name });

async function open(t, query = '') {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at(`automate/connections${query}`));
  await rows(page).first().waitFor();
  return page;
}

const shows = (page, count) => eventually(async () => assert.equal(await rows(page).count(), count));
const begins = (page, name) => eventually(async () => assert.equal(await first(page).innerText(), name));
const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);

test('pages are loaded one after the other, until all are there', async (t) => {
  const page = await open(t);
  const { counts } = await on.product.api.call('GET', 'connections?pageSize=1');
  assert.deepEqual(counts, { pending: 0, active: TOTAL - 2, degraded: 1, invalid: 1, disabled: 0 });
  await see(page, '118 active');
  await see(page, '1 degraded');
  await see(page, '1 invalid');
  await see(page, '50 of 120 connections');
  await shows(page, 50);
  await button(page, 'Load more').click();
  await see(page, '100 of 120 connections');
  await shows(page, 100);
  await button(page, 'Load more').click();
  await see(page, '120 connections');
  await shows(page, TOTAL);
  assert.equal(await button(page, 'Load more').count(), 0);
  const names = await rows(page).getByRole('link').allInnerTexts();
  assert.equal(new Set(names.filter((name) => name.startsWith('Number'))).size, TOTAL, 'none twice');
});

test('what needs attention says why and what to do', async (t) => {
  const page = await open(t);
  await see(row(page, 'Number 001'), 'Degraded');
  await see(row(page, 'Number 001'), 'The provider answered with an error.');
  await see(row(page, 'Number 002'), 'Invalid');
  await see(row(page, 'Number 002'), 'The provider does not accept the credentials.');
  await see(row(page, 'Number 002'), 'Check the credentials at the provider');
  await assertAccessible(page, 'the list with every status');
});

test('search and filters narrow the list; the address keeps them over a reload and Back', async (t) => {
  const page = await open(t);
  await page.keyboard.press('/');
  const search = page.getByRole('searchbox', { name: 'Search connections' });
  assert.ok(await search.evaluate((box) => box === document.activeElement), '/ goes to the search');
  await search.fill('ber 01');
  await shows(page, 10);
  assert.deepEqual(query(page), { search: 'ber 01' });
  await page.reload();
  await shows(page, 10);
  assert.equal(await search.inputValue(), 'ber 01');

  await chosen(page, 'Status').selectOption({ label: 'Invalid' });
  await see(page, 'No connection matches');
  await assertAccessible(page, 'the list filtered to nothing');
  assert.deepEqual(query(page), { search: 'ber 01', status: 'invalid' });
  await button(page, 'Clear filters').first().click();
  await shows(page, 50);
  assert.deepEqual(query(page), {});

  await chosen(page, 'Status').selectOption({ label: 'Degraded' });
  await shows(page, 1);
  await begins(page, 'Number 001');
  await chosen(page, 'Status').selectOption({ label: 'All' });
  await chosen(page, 'Connector').selectOption({ label: 'Box' });
  await see(page, 'No connection matches');
  await chosen(page, 'Connector').selectOption({ label: 'Sandbox CRM' });
  await chosen(page, 'Owner').selectOption({ label: 'Me' });
  await shows(page, 50);
  assert.deepEqual(query(page), { connector: 'sandbox-crm', owner: 'me' });
  await assertAccessible(page, 'the list with filters');

  await row(page, 'Number 003').getByRole('link', { name: 'Number 003' }).click();
  await page.getByRole('heading', { name: 'Number 003' }).waitFor();
  await page.goBack();
  await shows(page, 50);
  assert.deepEqual(query(page), { connector: 'sandbox-crm', owner: 'me' });
  assert.equal(await chosen(page, 'Owner').inputValue(), 'me');
});

test('the counts lead to the connections that they count', async (t) => {
  const page = await open(t);
  await link(page, '1 invalid').click();
  await shows(page, 1);
  await begins(page, 'Number 002');
  assert.deepEqual(query(page), { status: 'invalid' });
  await link(page, '1 invalid').click();
  await shows(page, 50);
});

test('rows that are loaded while the list is read again stay', async (t) => {
  const page = await open(t);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  let asked = false;
  await page.route(/\/api\/v1\/connections(\?(?!.*cursor=)|$)/, async (route) => {
    asked = true;
    const answer = await route.fetch();
    const list = await answer.json();
    list.items[0].name = 'Read again';
    await held;
    await route.fulfill({ response: answer, json: list });
  });
  await page.evaluate(() => dispatchEvent(new Event('live:connections')));
  await eventually(async () => assert.ok(asked));
  await button(page, 'Load more').click();
  await shows(page, 100);
  release();
  await begins(page, 'Read again');
  assert.equal(await rows(page).count(), 100);
});

test('a heading sorts, and again the other way round; the address keeps the order', async (t) => {
  const page = await open(t);
  const heading = (name) => table(page).getByRole('columnheader', { name });
  assert.equal(await heading('Connection name').getAttribute('aria-sort'), 'ascending');
  await begins(page, 'Number 001');
  await button(heading('Connection name'), 'Connection name').click();
  await begins(page, 'Number 120');
  assert.equal(await heading('Connection name').getAttribute('aria-sort'), 'descending');
  assert.deepEqual(query(page), { sort: '-name' });
  await page.reload();
  await begins(page, 'Number 120');
  await button(page, 'Load more').click();
  await shows(page, 100);

  // The two that were made last.
  await button(heading('Created'), 'Created').click();
  await button(heading('Created'), 'Created').click();
  await begins(page, 'Number 002');
  assert.deepEqual(query(page), { sort: '-created' });
  await button(heading('Last verified'), 'Last verified').click();
  assert.equal(await heading('Last verified').getAttribute('aria-sort'), 'ascending');
  assert.equal(await heading('Created').getAttribute('aria-sort'), 'none');
  await shows(page, 50);
});

test('a test from the list shows where it happens, and says how it went', async (t) => {
  const page = await open(t, '?search=Number 00');
  await button(page, 'Actions for “Number 001”').click();
  await page.getByRole('menuitem', { name: 'Test' }).click();
  await see(page.getByRole('region', { name: 'Notifications' }), '“Number 001” works. Proved just now.');
  await see(row(page, 'Number 001'), 'Active');
  await see(page, '119 active');
  on.product.sandbox.state.switches.add({ kind: 'status', status: 503, times: 1 });
  await button(page, 'Actions for “Number 003”').click();
  await page.getByRole('menuitem', { name: 'Test' }).click();
  await see(page.getByRole('region', { name: 'Notifications' }), '“Number 003” is degraded.');
  await see(row(page, 'Number 003'), 'Degraded');
  await assertAccessible(page, 'the list with a message');
});
