// The main road on a phone of 360 pixels: nothing is wider than the screen, everything can be used.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from './api.mjs';
import { button, choose, decide, field, heading, link, panel, popUp, row, see, setUp, signIn } from './steps.mjs';
import { assertAccessible, assertFits, stage, visit } from './support.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const on = stage({ setUp: false });

async function assertGood(page, what) {
  await assertFits(page, what);
  await assertAccessible(page, `${what}, on a phone`);
}

/** Goes to a page by the sheet that the left panel is on a phone. */
async function go(page, name) {
  await button(page, 'Open navigation').tap();
  const sheet = panel(page, 'Navigation');
  await link(sheet, name).tap();
  await sheet.waitFor({ state: 'hidden' });
}

test('on a phone: set-up, a first connection, its page, the settings', async (t) => {
  const page = await visit(t, on.browser, PHONE);
  await page.goto(on.product.origin);
  await field(page, 'Set-up code').waitFor();
  await assertGood(page, 'the set-up page');
  await setUp(page);
  await see(page, 'No connections yet');
  await assertGood(page, 'the list at first use');

  await link(page, 'Add connection').tap();
  const add = panel(page, 'Add connection');
  await button(add, 'Next').waitFor();
  assert.equal((await add.boundingBox()).width, 360, 'the panel fills the screen');
  await assertGood(page, 'the choice of a connector');
  await choose(page, 'Sandbox CRM');
  const name = 'Customers of the whole company in every country and language';
  await field(add, 'Connection name').fill(name);
  await assertGood(page, 'the form of a connection');
  const popup = await popUp(page, () => button(add, 'Connect').tap());
  await popup.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
  await assertGood(page, 'the panel while somebody signs in');
  const closed = popup.waitForEvent('close');
  await decide(popup);
  await closed;
  await see(add, 'Connected as Ada Lovelace');
  await assertGood(page, 'the panel once connected');
  await button(add, 'Done').tap();
  await add.waitFor({ state: 'hidden' });
  await see(row(page, name), 'Active');
  await assertGood(page, 'the list');
  await button(page, `Actions for “${name}”`).tap();
  await page.getByRole('menuitem', { name: 'Test' }).waitFor();
  await assertGood(page, 'the menu of a row');
  await page.keyboard.press('Escape');

  await link(page, name).tap();
  await heading(page, name).waitFor();
  await button(page, 'Test').tap();
  await see(page, 'Proved just now');
  await assertGood(page, 'the page of a connection');

  await button(page, 'Open navigation').tap();
  await link(panel(page, 'Navigation'), 'Connections').waitFor();
  await assertGood(page, 'the navigation');
  await button(panel(page, 'Navigation'), 'Close').tap();
  await go(page, 'License and subscription');
  await page.getByRole('meter', { name: 'Connections' }).waitFor();
  await assertGood(page, 'License and subscription');
  await go(page, 'Tenant');
  await field(page, 'Tenant name').waitFor();
  await assertGood(page, 'the page of the tenant');
  await go(page, 'Sessions and password');
  await page.getByRole('table', { name: 'Sessions' }).waitFor();
  await assertGood(page, 'the account page');
  await page.getByRole('button', { name: new RegExp(`^Account of ${PERSON.firstName}`) }).tap();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await assertGood(page, 'the user menu');
  await page.getByRole('menuitem', { name: 'Sign out' }).tap();
  await heading(page, 'Sign in').waitFor();
  await assertGood(page, 'the sign-in page');
  await signIn(page);
  await heading(page, 'Connections').waitFor();
});
