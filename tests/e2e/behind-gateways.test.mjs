// Connections through a gateway: made with credentials sealed in the browser, used, cut off, mended; with the real agent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machine } from './agent.mjs';
import { button, field, heading, link, openForm, panel, radio, row, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

/** As the sandbox's service behind a password knows it. */
const PASSWORD = 'sandbox-password';
const WRONG = 'another-password';

const on = stage();

const select = (place, name) => place.getByRole('combobox', { name });
const call = (method, path, body) =>
  on.product.api.call(method, path, body, method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {});

/** A gateway whose machine is online. */
async function online(t, name, targets) {
  const made = await call('POST', 'gateways', { name });
  const agent = await machine(on.product.origin, targets);
  t.after(() => agent.stop());
  const joined = await agent.enrol(`sudo drawbridge-gateway enroll --url ${on.product.origin} --code ${made.code}`);
  assert.equal(joined.code, 0, joined.text);
  agent.run();
  await eventually(async () => {
    const { items, sealing } = await call('GET', `gateways/${made.gateway.id}/targets`);
    assert.equal(items.length, targets.length);
    assert.equal(sealing.length, 1, 'the machine has told its key');
  });
  return { agent, id: made.gateway.id };
}

test('where there is no gateway, the form says what to do', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const add = await openForm(page, on.product, 'postgres');
  await see(add, 'There is no gateway yet');
  await see(add, 'Settings → Gateways');
  await field(add, 'Connection name').fill('Orders');
  await button(add, 'Connect').click();
  const group = add.getByRole('group', { name: 'Select gateway' });
  await eventually(async () => assert.ok(await group.evaluate((box) => box === document.activeElement)));
  await assertAccessible(page, 'the form without a gateway');
});

test('from the form to the end of its gateway', async (t) => {
  const { agent, id } = await online(t, 'Berlin', [
    { name: 'contacts', url: `${on.product.sandbox.origin}/generic/basic`, more: 'auth = "basic"\nlogin = "connection"' },
    { name: 'plain', url: on.product.sandbox.origin },
  ]);
  const page = await visit(t, on.browser, { signedIn: on.product, expected: /status of 503/ });
  const sent = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));

  // The one gateway is chosen already; which target, the person says.
  const add = await openForm(page, on.product, 'http-onprem');
  await radio(add, 'User name and password').check();
  await eventually(async () => assert.equal(await select(add, 'Select gateway').inputValue(), id));
  await select(add, 'Target').locator('option', { hasText: 'contacts' }).waitFor({ state: 'attached' });
  await assertAccessible(page, 'the form of a connection through a gateway');
  await button(add, 'Connect').click();
  await see(add, 'Fill this in.');
  await field(add, 'Connection name').fill('Intranet');
  await select(add, 'Target').selectOption('contacts');
  await field(add, 'Path to check with').fill('/me');
  await field(add, 'User name').fill('ada');
  await field(add, 'Password').fill(WRONG);
  await button(add, 'Connect').click();
  await add.getByRole('alert').filter({ hasText: 'Nothing was saved.' }).waitFor();
  assert.equal(await field(add, 'User name').inputValue(), 'ada', 'what was typed stays');
  await assertAccessible(page, 'the form with a refused login');
  await page.setViewportSize({ width: 360, height: 740 });
  await assertFits(page, 'the form of a connection through a gateway, narrow');
  await page.setViewportSize({ width: 1280, height: 800 });
  await field(add, 'Password').fill(PASSWORD);
  await button(add, 'Connect').click();
  await add.waitFor({ state: 'hidden' });
  await see(row(page, 'Intranet'), 'Active');
  assert.ok(sent.some((body) => body.includes('"sealed"')), 'boxes were sent');
  assert.ok(sent.every((body) => !body.includes(PASSWORD) && !body.includes(WRONG)), 'and no password');

  // Its page says where it goes; an operation goes there.
  await link(page, 'Intranet').click();
  await heading(page, 'Intranet').waitFor();
  await see(page, 'Berlin');
  await see(page, 'Sealed to 1 machine of the gateway');
  await assertAccessible(page, 'the page of a connection through a gateway');
  await button(page, 'Try it: Get').click();
  const trying = panel(page, 'Try an operation');
  await field(trying, 'Path').fill('/contacts');
  await button(trying, 'Run').click();
  await see(trying, 'The provider did it');

  // The power fails: calls say so at once, and the connection too. It comes back.
  await agent.kill();
  await eventually(async () => assert.equal((await call('GET', `gateways/${id}`)).status, 'offline'));
  await button(trying, 'Run').click();
  await see(trying, 'There is no answer');
  await see(trying, 'offline');
  await page.keyboard.press('Escape');
  await see(page, 'Degraded');
  await see(page, 'The gateway is offline.');
  await assertAccessible(page, 'a connection whose gateway is offline');
  agent.run();
  await eventually(async () => assert.notEqual((await call('GET', `gateways/${id}`)).status, 'offline'));
  await button(page, 'Try it: Get').click();
  await field(trying, 'Path').fill('/contacts');
  await button(trying, 'Run').click();
  await see(trying, 'The provider did it');
  await page.keyboard.press('Escape');
  await see(page, 'Active');

  // Another target needs the password again.
  const { items } = await call('GET', 'connections?search=Intranet');
  await page.goto(on.product.at(`automate/connections?edit=${items[0].id}`));
  const edit = panel(page, 'Edit connection');
  await select(edit, 'Target').locator('option', { hasText: 'plain' }).waitFor({ state: 'attached' });
  await select(edit, 'Target').selectOption('plain');
  await button(edit, 'Save').click();
  await see(edit, 'Fill this in.');
  await assertAccessible(page, 'editing a connection through a gateway');
  await select(edit, 'Target').selectOption('contacts');
  await field(edit, 'User name').fill('grace');
  await field(edit, 'Password').fill(PASSWORD);
  await button(edit, 'Save').click();
  await edit.waitFor({ state: 'hidden' });
  assert.ok(sent.every((body) => !body.includes(PASSWORD)), 'no password was sent here either');

  // The end of its gateway is its own.
  await call('DELETE', `gateways/${id}`);
  await page.goto(on.product.at(`automate/connections/${items[0].id}`));
  await see(page, 'Invalid');
  await see(page, 'Edit the connection and select another gateway.');
});
