// The later life of a connection: edited, switched off and on, signed in again as somebody else or by link, deleted,
// restored.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, decide, field, heading, link, openForm, panel, popUp, row, see } from './steps.mjs';
import { assertAccessible, assertFits, stage, visit } from './support.mjs';

const on = stage();
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

/** Makes a connection by signing in as Ada, in a browser without a memory of it. */
async function connected(page, name) {
  const add = await openForm(page, on.product);
  await field(add, 'Connection name').fill(name);
  const popup = await popUp(page, () => button(add, 'Connect').click());
  await decide(popup);
  await see(add, 'Connected as Ada Lovelace');
  await button(add, 'Done').click();
  await see(row(page, name), 'Active');
}

async function menu(page, name, item) {
  await button(row(page, name), `Actions for “${name}”`).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${item}`) }).first().click();
}

test('a name is changed, and a key that the provider refuses leaves the old one in place', async (t) => {
  await on.product.api.connect('Adresses');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await menu(page, 'Adresses', 'Edit');
  const edit = panel(page, 'Edit connection');
  await field(edit, 'Connection name').waitFor();
  assert.equal(await field(edit, 'API key').inputValue(), '', 'a secret never comes back');
  await assertAccessible(page, 'the panel to edit a connection');
  await field(edit, 'Connection name').fill('Addresses');
  await field(edit, 'API key').fill('no-such-key');
  await button(edit, 'Save').click();
  await see(edit, 'The provider does not accept these credentials');
  assert.equal(await field(edit, 'Connection name').inputValue(), 'Addresses', 'what was typed stays');
  await field(edit, 'API key').fill('sandbox-key-grace');
  await button(edit, 'Save').click();
  await see(edit, 'belongs to Ada Lovelace (ada@sandbox.example). These credentials are those of Grace Hopper');
  await assertAccessible(page, 'the panel with the credentials of somebody else');
  await button(edit, 'Use this account all the same').click();
  await see(page, '“Addresses” is saved');
  await link(page, 'Addresses').click();
  await see(page, 'Grace Hopper (grace@sandbox.example)');
});

test('switched off and on again', async (t) => {
  await on.product.api.connect('Seasonal');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await menu(page, 'Seasonal', 'Disable');
  await see(row(page, 'Seasonal'), 'Disabled');
  await button(row(page, 'Seasonal'), 'Actions for “Seasonal”').click();
  const item = page.getByRole('menuitem', { name: /^Test\b/ });
  assert.equal(await item.getAttribute('aria-disabled'), 'true');
  await see(item, 'This connection is disabled. An owner can enable it again.');
  await assertAccessible(page, 'the menu of a disabled connection');
  await page.getByRole('menuitem', { name: /^Enable\b/ }).click();
  await see(row(page, 'Seasonal'), 'Active');
});

test('another identity is refused with both names, then accepted explicitly', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await connected(page, 'Pinned');
  await menu(page, 'Pinned', 'Reconnect');
  const again = panel(page, 'Sign in at the provider');
  const second = await popUp(page, () => button(again, 'Sign in at Sandbox CRM').click());
  await link(second, 'Use another person').click();
  await decide(second, 'Allow', 'Grace Hopper');
  await see(again, 'This connection belongs to Ada Lovelace (ada@sandbox.example). You signed in as Grace Hopper (grace@sandbox.example).');
  await see(again, 'The connection is as it was before.');
  await assertAccessible(page, 'the panel after another person signed in');
  await second.close();
  const third = await popUp(page, () => button(again, 'Use this account all the same').click());
  await decide(third, 'Allow', null);
  await see(again, 'Connected as Grace Hopper');
  await button(again, 'Done').click();
  await see(row(page, 'Pinned'), 'Active');
});

test('a link lets somebody without an account sign in again', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await connected(page, 'By link');
  await menu(page, 'By link', 'Reconnect link');
  const panelOfLink = panel(page, 'Reconnect link');
  await button(panelOfLink, 'Make a link').click();
  const address = await field(panelOfLink, 'Reconnect link').inputValue();
  await assertAccessible(page, 'the panel with a reconnect link');

  const guest = await visit(t, on.browser);
  await guest.goto(address);
  await heading(guest, 'Reconnect “By link”').waitFor();
  await see(guest, 'Maud Keller of Northwind asks you to sign in to Sandbox CRM again');
  await see(guest, 'Ada Lovelace (ada@sandbox.example)');
  await assertAccessible(guest, 'the page of a reconnect link');
  await button(guest, 'Sign in at Sandbox CRM').click();
  await decide(guest, 'Allow', 'Alan Turing');
  await heading(guest, 'Not connected').waitFor();
  await see(guest, 'You signed in as Alan Turing (alan@sandbox.example).');
  await assertAccessible(guest, 'the end of a reconnect link, refused');
  await guest.goto(`${on.product.origin}/help`);
  await guest.goto(address);
  await button(guest, 'Sign in at Sandbox CRM').click();
  await link(guest, 'Use another person').click();
  await decide(guest, 'Allow', 'Ada Lovelace');
  await see(guest, '“By link” is connected again as Ada Lovelace.');
  await assertAccessible(guest, 'the end of a reconnect link');
  await guest.goto(`${on.product.origin}/help`);
  await guest.goto(address);
  await heading(guest, 'This link cannot be used').waitFor();
  await see(guest, 'Ask the person who sent it for a new one.');
  await assertAccessible(guest, 'the page of a link that was used');
});

test('on a phone the page of a reconnect link and the panels fit', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, ...PHONE });
  const [{ id }] = (await on.product.api.call('GET', 'connections?search=link')).items;
  for (const [open, title] of [['edit', 'Edit connection'], ['link', 'Reconnect link'], ['permissions', 'Permissions']]) {
    await page.goto(on.product.at(`automate/connections?${open}=${id}`));
    await button(panel(page, title), 'Close').first().waitFor();
    await see(panel(page, title), 'By link');
    await assertFits(page, title);
  }
  await page.goto(on.product.at(`automate/connections?delete=${id}`));
  await page.getByRole('alertdialog', { name: 'Delete connection “By link”?' }).waitFor();
  await assertFits(page, 'the question before a deletion');
  const { url } = await on.product.api.call('POST', `connections/${id}/reconnect-link`);
  const guest = await visit(t, on.browser, PHONE);
  await guest.goto(url);
  await button(guest, 'Sign in at Sandbox CRM').waitFor();
  await assertFits(guest, 'the page of a reconnect link');
  await assertAccessible(guest, 'the page of a reconnect link, on a phone');
});

test('deleted after a question, listed for 30 days, restored', async (t) => {
  await on.product.api.connect('Unloved');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  await menu(page, 'Unloved', 'Delete');
  const question = page.getByRole('alertdialog', { name: 'Delete connection “Unloved”?' });
  await see(question, 'Nothing uses this connection.');
  await assertAccessible(page, 'the question before a connection is deleted');
  await button(question, 'Delete').click();
  await see(page, '“Unloved” is deleted. It can be restored for 30 days');
  await row(page, 'Unloved').waitFor({ state: 'detached' });
  await link(page, 'Deleted').click();
  const gone = page.getByRole('row').filter({ hasText: 'Unloved' });
  await see(gone, 'Maud Keller');
  await assertAccessible(page, 'the deleted connections');
  await button(gone, 'Restore').click();
  await see(page, '“Unloved” is restored');
  await see(page, 'Nothing to restore');
  await assertAccessible(page, 'no deleted connections');
  await page.getByRole('navigation', { name: 'Which connections' }).getByRole('link', { name: 'Connections' }).click();
  await see(row(page, 'Unloved'), 'Active');
});

test('deleted from its own page, the list comes', async (t) => {
  const { id } = await on.product.api.connect('From its page');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at(`automate/connections/${id}`));
  await see(page, 'Nothing uses this connection.');
  await button(page, 'More actions').click();
  await assertAccessible(page, 'the menu of a connection’s page');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete connection “From its page”?' });
  await button(question, 'Delete').click();
  await heading(page, 'Connections').waitFor();
  await see(page, '“From its page” is deleted.');
});
