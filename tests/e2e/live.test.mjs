// Changes appear without a reload, in the windows of those who may see them; the console says when they do not come.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from './api.mjs';
import { addDesigner } from './people.mjs';
import { button, heading, row, see, signIn } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const GRACE = { email: 'grace@northwind.example', firstName: 'Grace', lastName: 'Okafor', group: 'Sales team' };

const on = stage({ prepare: (product) => product.restart((state) => addDesigner(state, GRACE)) });

/** Opens a page, and waits until the tab's WebSocket stands. */
async function listening(page, address) {
  const open = page.waitForEvent('websocket');
  await page.goto(address);
  return open;
}

/** Gives a connection to the Designer's group; nobody presses anything in a browser. */
async function share(api, connection) {
  const answer = await api.send('GET', `connections/${connection}/permissions`);
  const { grants } = await answer.json();
  const group = (await api.call('GET', 'groups')).items[0];
  const given = grants.map(({ to, level }) => ({ kind: to.kind, id: to.id ?? '', level }));
  const body = { grants: [...given, { kind: 'group', id: group.id, level: 'user' }] };
  await api.call('PUT', `connections/${connection}/permissions`, body, { 'if-match': answer.headers.get('etag') });
}

test('what one shares and breaks, the other sees in the list without a reload', async (t) => {
  const { product, browser } = on;
  const page = await visit(t, browser);
  await page.goto(product.origin);
  await signIn(page, { email: GRACE.email, password: PERSON.password });
  await listening(page, product.at('automate/connections'));
  const { id } = await product.api.connect('Shared with sales');
  await product.api.connect('Not shared');
  await share(product.api, id);
  await row(page, 'Shared with sales').waitFor();
  assert.equal(await row(page, 'Not shared').count(), 0);

  const { id: fuse } = product.sandbox.state.switches.add({ kind: 'status', status: 401, target: 'api' });
  t.after(() => product.sandbox.state.switches.remove({ id: fuse }));
  await product.api.call('POST', `connections/${id}/test`, {});
  await see(row(page, 'Shared with sales'), 'Invalid');
});

test('the page of a connection follows it', async (t) => {
  const { product, browser } = on;
  const { id } = await product.api.connect('Followed');
  const page = await visit(t, browser, { signedIn: product });
  await listening(page, product.at(`automate/connections/${id}`));
  await heading(page, 'Followed').waitFor();
  await product.api.call('POST', `connections/${id}/disable`, {});
  await see(page.getByRole('main'), 'Disabled');
});

test('the audit log says that there is more, and moves nothing under the reader', async (t) => {
  const { product, browser } = on;
  const page = await visit(t, browser, { signedIn: product });
  await listening(page, product.at('settings/audit'));
  await page.getByRole('row').nth(1).waitFor();
  const first = await page.getByRole('row').nth(1).textContent();
  await product.api.connect('On record');
  await see(page, 'There may be newer records');
  assert.equal(await page.getByRole('row').nth(1).textContent(), first);
  await assertAccessible(page, 'the audit log with newer records');
  await button(page, 'Show them').click();
  await see(page.getByRole('row').nth(1), 'On record');
  await page.getByText('There may be newer records').waitFor({ state: 'hidden' });
});

test('who is signed out elsewhere is shown the sign-in page', async (t) => {
  const { product, browser } = on;
  const page = await visit(t, browser);
  await page.goto(product.origin);
  await signIn(page);
  const socket = await page.waitForEvent('websocket');
  assert.ok(socket.url().endsWith('/api/v1/live'));
  const mine = await page.evaluate(() => fetch('/api/v1/session').then((answer) => answer.json()));
  // Of the other sessions of the account, this browser's is ended.
  await eventually(async () => assert.ok((await product.api.call('GET', 'sessions')).items.some(({ id }) => id === mine.session)));
  await product.api.send('DELETE', `sessions/${mine.session}`);
  await button(page, 'Sign in').waitFor();
});

test('a connection that is lost is told after ten seconds, and comes back by itself', async (t) => {
  const { product, browser } = on;
  const page = await visit(t, browser, { signedIn: product, expected: /ERR_CONNECTION_REFUSED|Failed to load resource/ });
  await listening(page, product.at('automate/connections'));
  await product.restart(async () => {
    await page.getByText('This page may be out of date').waitFor({ timeout: 20_000 });
    await assertAccessible(page, 'the list while changes do not arrive');
    await page.setViewportSize({ width: 360, height: 740 });
    await assertFits(page, 'the list while changes do not arrive');
  });
  await page.getByText('This page may be out of date').waitFor({ state: 'hidden', timeout: 40_000 });
  await product.api.connect('After the break');
  await row(page, 'After the break').waitFor();
});

