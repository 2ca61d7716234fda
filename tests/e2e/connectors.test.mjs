// Automate → Connectors: what can be connected, what each can do, and the OAuth clients registered for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, field, heading, link, panel, radio, see } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const on = stage();

const rows = (page) => page.getByRole('table', { name: 'Connectors' }).getByRole('rowheader');
const said = (page, name) => new URL(page.url()).searchParams.get(name);
const notified = (page, text) => see(page.getByRole('region', { name: 'Notifications' }), text);
const key = () => ({ 'idempotency-key': crypto.randomUUID() });

test('connectors are searched and filtered, and the address says by what', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await link(page, 'Connectors').click();
  await heading(page, 'Connectors').waitFor();
  await see(page, 'Zendesk');
  const all = (await on.product.api.call('GET', 'connectors')).items;
  assert.ok(all.length >= 45, `${all.length} connectors`);
  assert.equal(await rows(page).count(), all.length);
  await see(page, `${all.length} connectors`);
  assert.ok(JSON.stringify(all).length < 20_000, 'summaries only');
  await assertAccessible(page, 'the list of connectors');

  await page.getByRole('searchbox', { name: 'Search connectors' }).fill('google');
  await eventually(async () => assert.equal(await rows(page).count(), 4));
  assert.equal(said(page, 'search'), 'google');
  await page.getByRole('combobox', { name: 'Category' }).selectOption('Productivity');
  await eventually(async () => assert.equal(await rows(page).count(), 2));
  assert.equal(said(page, 'category'), 'productivity');
  await page.reload();
  await eventually(async () => assert.equal(await rows(page).count(), 2));
  await page.getByRole('searchbox', { name: 'Search connectors' }).fill('no such service');
  await see(page, 'No connector found');
  await assertAccessible(page, 'the list of connectors without a match');
  await button(page, 'Clear filters').first().click();
  await eventually(async () => assert.equal(await rows(page).count(), all.length));
  assert.equal(new URL(page.url()).search, '');
});

test('a connector tells how one signs in, what it can do and what was made with it', async (t) => {
  await on.product.api.connect('Address book');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connectors?search=sandbox'));
  await link(page, 'Sandbox CRM').click();
  await heading(page, 'Sandbox CRM').waitFor();
  await see(page.getByRole('region', { name: 'Ways to sign in' }), 'Client credentials');
  await see(page.getByRole('region', { name: 'Good to know' }), 'an address book of its own');
  const made = page.getByRole('table', { name: 'Connections' });
  await see(made, 'Address book');
  await see(made, 'Active');
  assert.equal(await page.getByRole('region', { name: 'OAuth clients' }).count(), 0, 'a client comes with it');
  const operations = page.getByRole('table', { name: 'Operations' }).getByRole('rowheader');
  assert.equal(await operations.count(), 7);
  await page.getByRole('searchbox', { name: 'Search operations' }).fill('lookup');
  await eventually(async () => assert.equal(await operations.count(), 2));
  await assertAccessible(page, 'the page of a connector');

  await link(page, 'Address book').click();
  await heading(page, 'Address book').waitFor();
  await page.goBack();
  await link(page, 'Add connection').click();
  await field(panel(page, 'Add connection'), 'Connection name').waitFor();

  await page.goto(on.product.at('automate/connectors/nothing'));
  await see(page, 'There is no such connector');
  await assertAccessible(page, 'the page of a connector that is not there');
  await link(page, 'All connectors').click();
  await heading(page, 'Connectors').waitFor();
});

test('an OAuth client is registered, changed and deleted on its connector’s page', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connectors/github'));
  const clients = page.getByRole('region', { name: 'OAuth clients' });
  await see(clients, 'No OAuth client is registered yet');
  await button(clients, 'Register OAuth client').click();
  const form = panel(page, 'Register OAuth client');
  assert.equal(await field(form, 'Redirect URL').inputValue(), `${on.product.origin}/oauth/callback`);
  assert.equal(said(page, 'client'), 'new');
  await assertAccessible(page, 'the form for an OAuth client');
  await button(form, 'Register').click();
  await eventually(async () => assert.equal(await form.getByText('Fill this in.').count(), 3));
  await field(form, 'Name').fill('Northwind at GitHub');
  await field(form, 'Client ID').fill('Iv1.abc');
  await field(form, 'Client secret').fill('the-secret-of-a-client');
  await button(form, 'Register').click();
  await notified(page, 'OAuth client “Northwind at GitHub” saved');
  await see(clients, 'Iv1.abc');
  await form.waitFor({ state: 'detached' });
  assert.equal(said(page, 'client'), null);

  const menu = button(clients, 'Actions for “Northwind at GitHub”');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  const change = panel(page, 'Change OAuth client');
  await eventually(async () => assert.equal(await field(change, 'Client ID').inputValue(), 'Iv1.abc'));
  assert.equal(await field(change, 'Client secret').inputValue(), '', 'the secret is never shown');
  await assertAccessible(page, 'the form for an OAuth client that is there');
  await field(change, 'Client ID').fill('Iv1.def');
  await button(change, 'Save').click();
  await see(clients, 'Iv1.def');

  // Somebody else changes it while the form is open.
  await menu.click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  await eventually(async () => assert.equal(await field(change, 'Client ID').inputValue(), 'Iv1.def'));
  const { items } = await on.product.api.call('GET', 'oauth-clients?connector=github');
  assert.doesNotMatch(JSON.stringify(items), /the-secret/);
  const own = `oauth-clients/${items[0].id}`;
  const etag = (await on.product.api.send('GET', own)).headers.get('etag');
  await on.product.api.call('PATCH', own, { name: 'Renamed' }, { 'if-match': etag });
  await field(change, 'Name').fill('Mine');
  await button(change, 'Save').click();
  await see(change, 'It is now “Renamed”. Save again to replace it');
  await page.goto(on.product.at('automate/connectors/github'));

  await button(clients, 'Actions for “Renamed”').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const ask = page.getByRole('alertdialog', { name: 'Delete OAuth client “Renamed”?' });
  await see(ask, 'Its secret is deleted with it');
  await assertAccessible(page, 'the question before an OAuth client is deleted');
  await button(ask, 'Delete').click();
  await notified(page, 'OAuth client “Renamed” deleted');
  await see(clients, 'No OAuth client is registered yet');
  assert.doesNotMatch(on.product.log.join('\n'), /the-secret/);
});

test('a client that connections were made through stays', async (t) => {
  const body = { connector: 'box', name: 'Kept', clientId: 'kept', clientSecret: 'a-secret' };
  const client = await on.product.api.call('POST', 'oauth-clients', body, key());
  const connection = { connector: 'box', name: 'Files', auth: 'oauth', oauthClient: client.id, settings: {}, credentials: {} };
  await on.product.api.call('POST', 'connections', connection, key());
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connectors/box'));
  await button(page, 'Actions for “Kept”').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const ask = page.getByRole('alertdialog');
  await button(ask, 'Delete').focus();
  await see(page, '1 connection was made through it');
  assert.equal(await button(ask, 'Delete').getAttribute('aria-disabled'), 'true');
});

test('on a phone everything has room', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, viewport: { width: 360, height: 740 } });
  const places = {
    'automate/connectors': () => link(page, 'Salesforce').waitFor(),
    'automate/connectors/salesforce': () => see(page, 'Run query'),
    'automate/connectors/box?client=new': () => field(page, 'Client ID').waitFor(),
    'automate/connections?add=1': () => radio(page, 'Salesforce').waitFor(),
  };
  for (const [place, there] of Object.entries(places)) {
    await page.goto(on.product.at(place));
    await there();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${place} is ${wide} px too wide`);
    await assertAccessible(page, `${place} on a phone`);
  }
});
