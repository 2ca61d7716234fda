// A connector that needs an OAuth client of the organisation's own: it is registered on the spot and used at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, field, openForm, popUp, radio, see } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const on = stage();

test('a client is registered while the connection is made, and the provider is asked through it', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  // The provider itself is not on this machine: its page is played here, and what it is asked is kept.
  await page.context().route('https://account.box.com/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>Box</title><h1>Sign in to Box</h1></html>' }),
  );
  const add = await openForm(page, on.product, 'box');
  assert.ok(await radio(add, 'Sign in with Box').isChecked());
  await field(add, 'Connection name').fill('Files');
  await see(add, 'No OAuth client for Box is registered yet');
  await assertAccessible(page, 'the form that needs an OAuth client');
  await button(add, 'Connect').click();
  const group = add.getByRole('group', { name: 'OAuth client' });
  await eventually(async () => assert.equal(await group.getAttribute('aria-invalid'), 'true'));

  await button(add, 'Register an OAuth client').click();
  const form = add.getByRole('region', { name: 'Register an OAuth client' });
  const redirect = `${on.product.origin}/oauth/callback`;
  assert.equal(await field(form, 'Redirect URL').inputValue(), redirect);
  await button(form, 'Copy').first().click();
  await field(form, 'Client ID').press('ControlOrMeta+V');
  await eventually(async () => assert.equal(await field(form, 'Client ID').inputValue(), redirect));
  await field(form, 'Client ID').fill('');
  await assertAccessible(page, 'the form to register an OAuth client');
  await button(form, 'Register').click();
  assert.equal(await form.getByText('Fill this in.').count(), 3);
  await field(form, 'Name').fill('Northwind at Box');
  await field(form, 'Client ID').fill('boxclient123');
  await field(form, 'Client secret').fill('the secret of a client');
  await button(form, 'Register').click();
  await see(form, 'The character   is not allowed here.');
  await field(form, 'Client secret').fill('the-secret-of-a-client');
  await button(form, 'Register').click();
  await form.waitFor({ state: 'detached' });
  const choice = add.getByRole('combobox', { name: 'OAuth client' });
  await choice.waitFor();
  assert.equal(await choice.locator('option:checked').innerText(), 'Northwind at Box (boxclient123)');
  assert.equal(await field(add, 'Connection name').inputValue(), 'Files', 'what was typed is still there');
  await assertAccessible(page, 'the form with its OAuth client');

  const popup = await popUp(page, () => button(add, 'Connect').click());
  await popup.getByRole('heading', { name: 'Sign in to Box' }).waitFor();
  const asked = new URL(popup.url());
  assert.equal(asked.origin + asked.pathname, 'https://account.box.com/api/oauth2/authorize');
  const { state, ...rest } = Object.fromEntries(asked.searchParams);
  assert.deepEqual(rest, { response_type: 'code', client_id: 'boxclient123', redirect_uri: redirect });
  assert.match(state, /^[\w-]{43}$/);
  await see(add, 'Waiting for the sign-in at Box');
  await popup.close();
  await button(add, 'Cancel').click();

  const { items } = await on.product.api.call('GET', 'oauth-clients?connector=box');
  assert.equal(items.length, 1);
  assert.doesNotMatch(JSON.stringify(items), /the-secret/);
  assert.doesNotMatch(on.product.log.join('\n'), /the-secret/);
});

test('of several clients one is chosen', async (t) => {
  const key = () => ({ 'idempotency-key': crypto.randomUUID() });
  for (const name of ['One', 'Other']) {
    const body = { connector: 'salesforce', name, clientId: `client-${name}`, clientSecret: 'a-secret' };
    await on.product.api.call('POST', 'oauth-clients', body, key());
  }
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openForm(page, on.product, 'salesforce');
  const choice = add.getByRole('combobox', { name: 'OAuth client' });
  await choice.waitFor();
  await field(add, 'Connection name').fill('Sales');
  await button(add, 'Connect').click();
  await see(add, 'Choose or register an OAuth client.');
  assert.deepEqual(await choice.locator('option').allInnerTexts(), ['Choose…', 'One (client-One)', 'Other (client-Other)']);
  await assertAccessible(page, 'the form with several OAuth clients');
});
