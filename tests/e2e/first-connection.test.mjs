// From nothing to a first connection that is proved to work, and what is left of it after a restart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, PERSON } from './api.mjs';
import { button, choose, decide, field, heading, link, panel, popUp, radio, row, see, setUp } from './steps.mjs';
import { SETUP_CODE, assertAccessible, stage, visit } from './support.mjs';

const on = stage({ setUp: false });

test('set-up says what is wrong with each field, at the first press, and keeps what was typed', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(on.product.origin);
  await field(page, 'Email').fill('maud');
  // Where the button is when it is pressed, wherever the complaint of the field that is left moves it.
  const { x, y, width, height } = await button(page, 'Set up and sign in').boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await see(page, 'Type an email address, such as ada@example.com.');
  await see(page, 'Fill this in.');
  assert.equal(await page.getByText('Fill this in.').count(), 5);
  assert.ok(await field(page, 'Set-up code').evaluate((box) => box === document.activeElement), 'the first error has the keyboard');
  await assertAccessible(page, 'the set-up page with errors');

  await setUp(page, { ...PERSON, password: 'northwind-maud' });
  await see(page, 'This password is easy to guess.');
  await setUp(page, { ...PERSON, password: 'Password1234' });
  await see(page, 'This password is easy to guess.');
  await setUp(page, PERSON, 'NOT-THE-CODE');
  await see(page, 'The set-up code is wrong');
  assert.equal(await field(page, 'Password').inputValue(), PERSON.password);
  await assertAccessible(page, 'the set-up page with a wrong code');
});

test('a newcomer sets up a tenant, makes a connection, tests it, and finds all of it after a restart', async (t) => {
  const page = await visit(t, on.browser);

  await page.goto(on.product.origin);
  await heading(page, 'Set up Drawbridge').waitFor();
  await assertAccessible(page, 'the set-up page');
  await setUp(page);

  await see(page, 'No connections yet');
  assert.match(new URL(page.url()).pathname, /^\/t\/northwind-\w+\/automate\/connections$/);
  await assertAccessible(page, 'the list at first use');
  assert.equal(await link(page, 'Add connection').count(), 1, 'one way to begin');

  await link(page, 'Automate').click();
  await link(page.getByRole('navigation', { name: 'Automate' }), 'Connections').click();
  await link(page, 'Add connection').click();
  const add = panel(page, 'Add connection');
  await radio(add, 'Sandbox CRM').waitFor();
  await assertAccessible(page, 'the choice of a connector');
  await choose(page, 'Sandbox CRM');
  await see(add, 'Step 2 of 2: Sandbox CRM');
  await field(add, 'Connection name').fill('Customers');
  await assertAccessible(page, 'the form of a connection');

  const popup = await popUp(page, () => button(add, 'Connect').click());
  await popup.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
  await see(add, 'Waiting for the sign-in at Sandbox CRM');
  await assertAccessible(page, 'the panel while somebody signs in');
  const closed = popup.waitForEvent('close');
  await decide(popup);
  await closed;

  await see(add, 'Connected as Ada Lovelace (ada@sandbox.example)');
  await assertAccessible(page, 'the panel once connected');
  await button(add, 'Done').click();
  await add.waitFor({ state: 'hidden' });
  await see(row(page, 'Customers'), 'Active');
  await see(row(page, 'Customers'), 'just now');
  await see(page, '1 active');
  await see(page, '1 connection');
  await assertAccessible(page, 'the list with a connection');

  await link(page, 'Customers').click();
  await heading(page, 'Customers').waitFor();
  await see(page, 'Ada Lovelace (ada@sandbox.example)');
  await assertAccessible(page, 'the page of a connection');
  await button(page, 'Test').click();
  await see(page, 'Proved just now');
  await assertAccessible(page, 'the page of a connection after a test');
  const address = page.url();

  await on.product.restart();
  await page.reload();
  await heading(page, 'Customers').waitFor();
  assert.equal(page.url(), address);
  await button(page, 'Test').click();
  await see(page, 'Proved just now');
  await page.getByRole('navigation', { name: 'Automate' }).getByRole('link', { name: 'Connections' }).click();
  await see(row(page, 'Customers'), 'Active');
  await see(row(page, 'Customers'), `${PERSON.firstName} ${PERSON.lastName}`);

  assert.doesNotMatch(on.product.log.join('\n'), /tall green lamp|drawbridge-dev-secret|Bearer |code=/, 'no secret is logged');
});

test('after set-up, nobody can set up again', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(`${on.product.origin}/setup`);
  await heading(page, 'Sign in').waitFor();
  await assert.rejects(Api.setUp(on.product.origin, SETUP_CODE), /setup: 404/);
});
