// Apps and tokens: made, viewed, rotated, edited, disabled, revoked, deleted; the tenant's rules; who may not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, PERSON } from './api.mjs';
import { addDesigner } from './people.mjs';
import { button, field, heading, link, panel, radio, row, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const APP_SECRET = /^dbr_app_[0-9A-Za-z]{30,}$/;
const TOKEN = /^dbr_pat_[0-9A-Za-z]{30,}$/;

const on = stage();

const dialog = (page) => page.getByRole('alertdialog');
const notices = (page) => page.getByRole('region', { name: 'Notifications' });
const check = (place, name) => place.getByRole('checkbox', { name, exact: true });
const at = (query = '') => on.product.at(`settings/apps-and-tokens${query}`);
const once = () => ({ 'idempotency-key': crypto.randomUUID() });
const makeApp = (body) => on.product.api.call('POST', 'apps', body, once());
const makeToken = (body) => on.product.api.call('POST', 'tokens', body, once());

const audited = async (page, name) => {
  await assertAccessible(page, name);
  await assertFits(page, name);
};

async function menu(page, name) {
  await button(page, `Actions for “${name}”`).click();
  await page.getByRole('menuitem', { name: /^View/ }).waitFor();
}

async function choose(page, name, item) {
  await menu(page, name);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Calls the API with a token as a program does; the status. */
async function callWith(token, path) {
  const { status } = await fetch(`${on.product.origin}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
  return status;
}

/** An access token of an app, or why there is none. */
async function accessToken(id, secret) {
  const answer = await fetch(`${on.product.origin}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token, error } = await answer.json();
  return token ?? error;
}

/** Changes the tenant's rules for apps and tokens. */
async function rules(change) {
  const { api } = on.product;
  const read = await api.send('GET', 'tenant');
  const { credentials } = await read.json();
  await api.call('PATCH', 'tenant', { credentials: { ...credentials, ...change } }, { 'if-match': read.headers.get('etag') });
}

test('an app, from its making to its end', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/license'));
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Apps and tokens' }).click();
  await heading(page, 'Apps and tokens').waitFor();
  await see(page, 'No apps yet');
  await see(page, 'No personal access tokens yet');
  await audited(page, 'no apps and tokens');

  await link(page, 'Add app').first().click();
  const add = panel(page, 'Add app');
  await button(add, 'Add').click();
  await see(add, 'Fill this in.');
  await field(add, 'Allowed addresses').fill('127.0.0.1\noffice');
  await button(add, 'Add').click();
  await see(add, 'Line 2 (office): Type an address');
  await audited(page, 'the form of an app with errors');
  await field(add, 'App name').fill('Nightly export');
  await field(add, 'Description').fill('Copies invoices to the archive.');
  await field(add, 'Allowed addresses').fill('127.0.0.1\n::1');
  await radio(add, 'Chosen scopes').check();
  await check(add, 'Make, change, share and delete connections').check();
  assert.equal(await check(add, 'See connections').isChecked(), true, 'managing includes it');
  await audited(page, 'the scopes of an app');
  await add.getByText('Advanced', { exact: true }).click();
  await add.getByRole('combobox', { name: 'Signature of its access tokens' }).selectOption('RS256');
  await button(add, 'Add').click();

  const added = panel(page, 'App added');
  const secret = await field(added, 'Client Secret').inputValue();
  const id = await field(added, 'Client ID').inputValue();
  assert.match(secret, APP_SECRET);
  assert.match(id, /^app_/);
  await see(added, 'You can see it again under View.');
  await see(added, `${on.product.origin}/oauth/token`);
  await audited(page, 'the secret of an app');
  await button(added, 'Done').click();
  const mine = row(page, 'Nightly export');
  await see(mine, 'Active');
  await see(mine, 'Copies invoices to the archive.');
  assert.match(await mine.getAttribute('class'), /row-fresh/);
  assert.ok(!(await page.content()).includes(secret), 'the page keeps no secret');
  await audited(page, 'the list of apps');
  await menu(page, 'Nightly export');
  await audited(page, 'the menu of an app');
  await page.keyboard.press('Escape');

  await choose(page, 'Nightly export', 'View');
  const view = panel(page, 'Nightly export');
  assert.equal(await field(view, 'Client ID').inputValue(), id);
  await see(view, 'manage:connection');
  await see(view, 'RS256');
  assert.ok(!(await page.content()).includes(secret));
  await button(view, 'Show Client Secret').click();
  await eventually(async () => assert.equal(await field(view, 'Client Secret').inputValue(), secret));
  await audited(page, 'an app, viewed');
  await page.keyboard.press('Escape');
  await view.waitFor({ state: 'detached' });
  const { items } = await on.product.api.call('GET', 'audit?action=app.secret_viewed');
  assert.equal(items.length, 1, 'who looks at a secret leaves a record');

  await choose(page, 'Nightly export', 'Rotate secret');
  const rotate = panel(page, 'Rotate the secret of “Nightly export”');
  await radio(rotate, '1 hour').check();
  await audited(page, 'rotating');
  await button(rotate, 'Rotate secret').click();
  const renewed = panel(page, 'New secret');
  const next = await field(renewed, 'Client Secret').inputValue();
  assert.match(next, APP_SECRET);
  assert.notEqual(next, secret);
  await see(renewed, 'Works until');
  await button(renewed, 'Done').click();
  await page.goto(at(`?open=view&id=${id}`));
  await see(view, 'Previous');
  await page.keyboard.press('Escape');

  await choose(page, 'Nightly export', 'Edit');
  const edit = panel(page, 'Edit app');
  assert.equal(await field(edit, 'Allowed addresses').inputValue(), '127.0.0.1\n::1');
  await field(edit, 'App name').fill('Hourly export');
  await field(edit, 'Allowed addresses').fill('');
  await audited(page, 'editing an app');
  await button(edit, 'Save').click();
  await row(page, 'Hourly export').waitFor();

  const access = await accessToken(id, next);
  assert.equal(await callWith(access, 'connections'), 200);
  assert.equal(await callWith(access, 'users'), 403, 'a scope that it does not have');
  assert.equal(await callWith(await accessToken(id, secret), 'connections'), 200, 'the secret before works for its hour');
  await choose(page, 'Hourly export', 'Disable');
  await see(row(page, 'Hourly export'), 'Disabled');
  await see(notices(page), 'Calls with it fail from now on.');
  assert.equal(await callWith(access, 'connections'), 401);
  assert.equal(await accessToken(id, next), 'invalid_client');
  await choose(page, 'Hourly export', 'Activate');
  await see(row(page, 'Hourly export'), 'Active');
  assert.equal(await callWith(access, 'connections'), 200);

  await choose(page, 'Hourly export', 'Delete');
  await see(dialog(page), 'This cannot be undone.');
  await audited(page, 'asking before an app is deleted');
  await button(dialog(page), 'Delete').click();
  await see(page, 'No apps yet');
  await page.goto(at(`?open=view&id=${id}`));
  await see(page.getByRole('dialog'), 'It may have been deleted');
  await assertAccessible(page, 'an app that is not there');
});

test('a token, from its making to its end', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(at());
  await link(page, 'Add token').first().click();
  const create = panel(page, 'Create new token');
  await field(create, 'Name').fill('Laptop');
  await see(create, 'Your tenant allows 366 days at most.');
  await create.getByRole('combobox', { name: 'Expiry' }).selectOption('Another day');
  await button(create, 'Create').click();
  await see(create, 'Choose a day.');
  await create.getByLabel('Last day').fill('2001-01-01');
  await see(create, 'Choose a day from today to');
  await audited(page, 'the form of a token with errors');
  await create.getByRole('combobox', { name: 'Expiry' }).selectOption('7 days');
  await radio(create, 'Chosen scopes').check();
  for (const name of ['See connections', 'See users and groups']) await check(create, name).check();
  await button(create, 'Create').click();
  const made = panel(page, 'Token created');
  const token = await field(made, 'Personal access token').inputValue();
  assert.match(token, TOKEN);
  await see(made, 'Authorization: Bearer');
  await audited(page, 'a token that was made');
  await button(made, 'Done').click();
  const mine = row(page, 'Laptop');
  await see(mine, 'in 7 days');
  await see(mine, 'Active');
  await see(mine, token.slice(-4));
  assert.ok(!(await page.content()).includes(token));
  await audited(page, 'the list of tokens');

  // Why it cannot be deleted yet stands in the menu.
  await menu(page, 'Laptop');
  await see(page, 'Revoke the token first');
  await audited(page, 'the menu of a token');
  await page.keyboard.press('Escape');

  await choose(page, 'Laptop', 'View');
  const view = panel(page, 'Laptop');
  await button(view, 'Show Personal access token').click();
  await eventually(async () => assert.equal(await field(view, 'Personal access token').inputValue(), token));
  await page.keyboard.press('Escape');

  await choose(page, 'Laptop', 'Edit');
  const edit = panel(page, 'Edit token');
  assert.equal(await check(edit, 'See gateways').getAttribute('aria-disabled'), 'true', 'none can be added');
  await check(edit, 'See users and groups').uncheck();
  await audited(page, 'editing a token');
  await button(edit, 'Save').click();
  await edit.waitFor({ state: 'detached' });
  const [kept] = (await on.product.api.call('GET', 'tokens')).items;
  assert.deepEqual(kept.scopes, ['read:connection']);

  await choose(page, 'Laptop', 'Rotate');
  await radio(panel(page, 'Rotate “Laptop”'), 'Now').check();
  await button(panel(page, 'Rotate “Laptop”'), 'Rotate').click();
  const next = await field(panel(page, 'New token'), 'Personal access token').inputValue();
  assert.notEqual(next, token);
  await button(panel(page, 'New token'), 'Done').click();
  assert.deepEqual([await callWith(token, 'connections'), await callWith(next, 'connections')], [401, 200]);
  assert.equal(await callWith(next, 'users'), 403, 'a scope that was taken away');

  await choose(page, 'Laptop', 'Revoke');
  await audited(page, 'asking before a token is revoked');
  await button(dialog(page), 'Yes').click();
  await see(row(page, 'Laptop'), 'Revoked');
  assert.equal(await callWith(next, 'connections'), 401);
  await choose(page, 'Laptop', 'Delete');
  await button(dialog(page), 'Yes').click();
  await see(page, 'No personal access tokens yet');
});

test('a menu that is open stays open while its row changes', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const { app } = await makeApp({ name: 'Before' });
  await page.goto(at());
  await menu(page, 'Before');
  const { headers } = await on.product.api.send('GET', `apps/${app.id}`);
  const changed = { name: 'After', description: 'Changed elsewhere' };
  await on.product.api.call('PATCH', `apps/${app.id}`, changed, { 'if-match': headers.get('etag') });
  await see(row(page, 'After'), 'Changed elsewhere');
  await page.getByRole('menu', { name: 'Actions for “After”' }).getByRole('menuitem', { name: 'Edit' }).click();
  await panel(page, 'Edit app').waitFor();
  await on.product.api.call('DELETE', `apps/${app.id}`);
});

test('under “Show secrets once” nobody leaves without being asked, and View offers Rotate', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await makeApp({ name: 'Before the rule' });
  await page.goto(on.product.at('settings/tenant'));
  await check(page, 'Show secrets once').check();
  await field(page, 'Longest life of personal access tokens').fill('45');
  await see(page, 'Saving destroys the secrets that are kept now.');
  await see(page, 'Saving blocks tokens whose life is longer than that');
  await audited(page, 'rules that are to be changed');
  await button(page, 'Save rules').click();
  await see(notices(page), 'Rules saved');

  await page.goto(at());
  await choose(page, 'Before the rule', 'View');
  const view = panel(page, 'Before the rule');
  await see(view, 'The secret was shown once and is not kept.');
  await audited(page, 'an app whose secret is not kept');
  await link(view, 'Rotate').click();
  await button(panel(page, 'Rotate the secret of “Before the rule”'), 'Rotate secret').click();
  const told = panel(page, 'New secret');
  await see(told, 'Copy it now: it is not kept and cannot be shown again.');
  await page.keyboard.press('Escape');
  await see(dialog(page), 'It was not copied and cannot be shown again.');
  await audited(page, 'asking before a secret is lost');
  await button(dialog(page), 'Go back').click();
  assert.match(await field(told, 'Client Secret').inputValue(), APP_SECRET);
  await button(told, 'Done').click();
  await dialog(page).getByRole('button', { name: /^Close/ }).last().click();
  await told.waitFor({ state: 'detached' });

  await page.goto(at('?open=create'));
  const expiry = panel(page, 'Create new token').getByRole('combobox', { name: 'Expiry' });
  await eventually(async () => assert.deepEqual(await expiry.locator('option').allTextContents(), ['7 days', '30 days', '45 days', 'Another day']));
  await rules({ showSecretsOnce: false, maxTokenDays: 366 });
});

test('two people change an app at the same moment: the later one is told, and who looks on sees it', async (t) => {
  const { app } = await makeApp({ name: 'Twice' });
  const watching = await visit(t, on.browser, { signedIn: on.product });
  await watching.goto(at());
  await row(watching, 'Twice').waitFor();
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(at(`?open=edit&id=${app.id}`));
  const edit = panel(page, 'Edit app');
  await eventually(async () => assert.equal(await field(edit, 'App name').inputValue(), 'Twice'));
  const { headers } = await on.product.api.send('GET', `apps/${app.id}`);
  await on.product.api.call('PATCH', `apps/${app.id}`, { name: 'Changed' }, { 'if-match': headers.get('etag') });
  await field(edit, 'App name').fill('Mine');
  await button(edit, 'Save').click();
  await see(edit, 'It is now “Changed”. Save again to replace it');
  assert.equal(await field(edit, 'App name').inputValue(), 'Mine', 'what was typed stays');
  await button(edit, 'Save').click();
  await row(page, 'Mine').waitFor();
  await row(watching, 'Mine').waitFor();
  await on.product.api.call('DELETE', `apps/${app.id}`);
  await row(watching, 'Mine').waitFor({ state: 'detached' });
});

test('with the keyboard alone an app is made and its menu used', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(at());
  const open = link(page, 'Add app').first();
  await open.focus();
  await page.keyboard.press('Enter');
  await panel(page, 'Add app').waitFor();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await panel(page, 'App added').waitFor();
  await page.keyboard.press('Escape');
  await row(page, 'By keyboard').waitFor();
  await button(page, 'Actions for “By keyboard”').focus();
  await page.keyboard.press('Enter');
  const role = () => page.evaluate(() => document.activeElement.getAttribute('role'));
  await eventually(async () => assert.equal(await role(), 'menuitem'));
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await row(page, 'By keyboard').waitFor({ state: 'detached' });
});

test('on a phone everything fits', async (t) => {
  const { app } = await makeApp({
    name: 'Reporting in the warehouse of the second building',
    description: 'w'.repeat(300),
    addresses: ['2001:db8:1234:5678:9abc:def0:1234:5678', '203.0.113.0/24'],
  });
  const { token } = await makeToken({ name: 'The laptop of the reporting team in the second building' });
  const page = await visit(t, on.browser, { signedIn: on.product, ...PHONE });
  const open = [
    '',
    '?open=add',
    '?open=create',
    ...['view', 'edit', 'rotate', 'delete'].map((what) => `?open=${what}&id=${app.id}`),
    ...['view', 'edit', 'rotate', 'revoke'].map((what) => `?open=${what}&id=${token.id}`),
  ];
  for (const query of open) {
    await page.goto(at(query));
    if (query) await page.getByRole('dialog').or(dialog(page)).first().waitFor();
    await link(page, token.name).waitFor({ state: 'attached' });
    await audited(page, `apps and tokens${query} on a phone`);
  }
});

test('a Designer is told which role it needs, and the API refuses', async (t) => {
  await on.product.restart((state) =>
    addDesigner(state, { email: 'dora@northwind.example', firstName: 'Dora', lastName: 'Sign', group: 'Designers' }),
  );
  const api = await Api.signIn(on.product.origin, { email: 'dora@northwind.example', password: PERSON.password });
  for (const path of ['apps', 'tokens', 'tenant/credentials']) assert.equal((await api.send('GET', path)).status, 403, path);
  const page = await visit(t, on.browser, { signedIn: { api } });
  await page.goto(at());
  await heading(page, 'You cannot open this page').waitFor();
  await see(page, 'It needs the role Developer or above.');
  const entry = page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: /^Apps and tokens/ });
  assert.equal(await entry.getAttribute('aria-disabled'), 'true');
  await assertAccessible(page, 'apps and tokens for a Designer');
});
