// What the roles see: not allowed is shown with its reason, and who can help is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeDatabase } from './database.mjs';
import { button, field, heading, link, openForm, see } from './steps.mjs';
import { assertAccessible, stage, visit } from './support.mjs';

const on = stage({
  async prepare(product) {
    await product.api.connect('Shared with nobody');
  },
});

/** Gives the one user another role: until users can be added, this is the only way to have one. */
const become = (role) =>
  on.product.restart((state) => changeDatabase(state, (database) => database.prepare('UPDATE users SET role = ?').run(role)));

const panelLink = (page, name) => page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name });

test('an Automation administrator reads the tenant and cannot change it', async (t) => {
  await become('automationAdministrator');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/tenant'));
  await see(page, 'Only a Global administrator can change them.');
  assert.equal(await button(page, 'Save').count(), 0);
  assert.notEqual(await field(page, 'Tenant name').getAttribute('readonly'), null);
  await assertAccessible(page, 'the page of the tenant for those who only read it');
});

test('a Developer registers OAuth clients; a Designer is told who can', async (t) => {
  await become('developer');
  const page = await visit(t, on.browser, { signedIn: on.product });
  let add = await openForm(page, on.product, 'box');
  await button(add, 'Register an OAuth client').waitFor();

  await become('designer');
  await page.reload();
  add = await openForm(page, on.product, 'box');
  await see(add, 'No OAuth client for Box is registered yet');
  await see(add, 'Ask a user with the role Developer, or an administrator, to register one.');
  assert.equal(await button(add, 'Register an OAuth client').count(), 0);
  await assertAccessible(page, 'the form that needs an OAuth client, for a Designer');
  await button(add, 'Connect').click();
  await see(add, 'Fill this in.');
});

test('a Designer finds Settings shown and refused, with the role that is needed', async (t) => {
  await become('designer');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await link(page, 'Settings').click();
  await heading(page, 'You cannot open this page').waitFor();
  await see(page, 'It needs the role Automation administrator or above. Your role in Northwind is Designer.');
  await see(page, 'An Automation administrator or a Global administrator can change it.');
  assert.equal(await panelLink(page, /^License and subscription/).getAttribute('aria-disabled'), 'true');
  await assertAccessible(page, 'a page that is refused');
  await link(page, 'Go to the start page').click();
  await heading(page, 'Connections').waitFor();
});

test('a Participant is told what is for them and how to get more', async (t) => {
  await become('participant');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.origin);
  await heading(page, 'Nothing here for your role yet').waitFor();
  await see(page, 'To make connections you need the role Designer, which an administrator can give you.');
  await assertAccessible(page, 'the first page of a Participant');
  await page.goto(on.product.at('automate/connections'));
  await heading(page, 'You cannot open this page').waitFor();
  await page.goto(on.product.at('account'));
  await heading(page, 'Your account').waitFor();
});
