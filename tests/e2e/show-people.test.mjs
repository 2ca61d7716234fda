// The whole story of a connection that two people share, in two browsers, as a person can follow it: an administrator
// invites a Designer and shares a connection through a group; the grant is revoked at the provider, and both see it
// without a reload; it is mended, deleted, restored; the audit log tells all of it and notices a forgery.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeDatabase } from './database.mjs';
import { button, decide, field, heading, link, openForm, panel, popUp, row, see } from './steps.mjs';
import { assertAccessible, eventually, stage, visit } from './support.mjs';

const on = stage();

const GRACE = { firstName: 'Grace', lastName: 'Okafor', email: 'grace@northwind.example', password: 'seven purple lanterns' };
const ONLY_OWNERS = 'Only an owner of this connection can do this. Ask an owner or an administrator.';

const notices = (page) => page.getByRole('region', { name: 'Notifications' });
const part = (page, name) => page.getByRole('region', { name, exact: true });

/** A page that was never loaded anew since this was called says so. */
async function mark(page) {
  await page.evaluate(() => {
    globalThis.sameDocument = true;
  });
}
const isSame = async (page) => assert.ok(await page.evaluate(() => globalThis.sameDocument === true), 'nothing was reloaded');

/** Uses the connection once, in the panel that is open. */
const run = (page) => button(panel(page, 'Try an operation'), 'Run').click();

/** Signs in at the provider again, as this person. */
async function signInAgain(page, person, { another }) {
  const again = panel(page, 'Sign in at the provider');
  const popup = await popUp(page, () => button(again, 'Sign in at Sandbox CRM').click());
  if (another) await link(popup, 'Use another person').click();
  await decide(popup, 'Allow', person);
  return again;
}

test('two people, two browsers, one connection', { timeout: 300_000 }, async (t) => {
  const { product, browser } = on;
  const maud = await visit(t, browser, { signedIn: product });
  const grace = await visit(t, browser);

  await t.test('the administrator connects to the CRM and invites a Designer', async () => {
    const add = await openForm(maud, product);
    await field(add, 'Connection name').fill('Customers');
    const popup = await popUp(maud, () => button(add, 'Connect').click());
    await decide(popup);
    await see(add, 'Connected as Ada Lovelace');
    await button(add, 'Done').click();
    await see(row(maud, 'Customers'), 'Active');

    await link(maud, 'Settings').click();
    await link(maud, 'User management').click();
    await link(maud, 'Add user').click();
    const invite = panel(maud, 'Add user');
    await field(invite, 'Email').fill(GRACE.email);
    await field(invite, 'First name').fill(GRACE.firstName);
    await field(invite, 'Last name').fill(GRACE.lastName);
    await button(invite, 'Add and make the link').click();
    const added = panel(maud, 'User added');
    const address = await field(added, 'Invitation link').inputValue();
    await button(added, 'Done').click();
    await see(row(maud, 'Grace Okafor'), 'Invited');
    await mark(maud);

    await grace.goto(address);
    await see(grace, 'For Grace Okafor, with the role Designer.');
    await field(grace, 'New password').fill(GRACE.password);
    await button(grace, 'Set password and join').click();
    await see(grace, 'No connections yet');
    await mark(grace);
    // The administrator sees her come.
    await see(row(maud, 'Grace Okafor'), 'Active');
  });

  await t.test('the connection is shared with her group, and appears on her page', async () => {
    await maud.getByRole('link', { name: 'Groups', exact: true }).click();
    await link(maud, 'New group').first().click();
    const made = panel(maud, 'New group');
    await field(made, 'Name').fill('Sales');
    await button(made, 'New group').click();
    await heading(maud, 'Sales').waitFor();
    await button(maud, 'Add members').click();
    const members = panel(maud, 'Add members');
    await button(members.getByRole('row').filter({ hasText: 'Grace Okafor' }), 'Add').click();
    await button(members, 'Done').click();
    await row(maud, 'Grace Okafor').waitFor();

    await link(maud, 'Automate').click();
    await button(row(maud, 'Customers'), 'Actions for “Customers”').click();
    await maud.getByRole('menuitem', { name: 'Permissions' }).click();
    const permissions = panel(maud, 'Permissions');
    await part(permissions, 'Users').getByRole('searchbox').fill('Sales');
    await button(part(permissions, 'Users'), 'Add Sales').click();
    await button(permissions, 'Save permissions').click();
    await see(part(permissions, 'Who can use this, and why'), 'User through the group Sales');
    await button(permissions, 'Close').last().click();

    await see(row(grace, 'Customers'), 'Active');
  });

  await t.test('she can use it, and is told why she can do nothing else with it', async () => {
    await button(row(grace, 'Customers'), 'Actions for “Customers”').click();
    for (const name of ['Edit', 'Reconnect', 'Permissions', 'Disable', 'Delete']) {
      const item = grace.getByRole('menuitem', { name: new RegExp(`^${name}\\b`) }).first();
      assert.equal(await item.getAttribute('aria-disabled'), 'true', name);
      await see(item, ONLY_OWNERS);
    }
    await assertAccessible(grace, 'the menu of somebody who may only use the connection');
    await grace.keyboard.press('Escape');
    await link(grace, 'Customers').click();
    await see(grace, 'Only owners of this connection see its settings.');
    await button(grace, 'Try it: List contacts').click();
    await run(grace);
    await see(panel(grace, 'Try an operation'), 'The provider did it');
  });

  await t.test('the grant is revoked at the provider: one use later both see it, with the reason and the remedy', async () => {
    await link(maud, 'Customers').click();
    await heading(maud, 'Customers').waitFor();
    const provider = await maud.context().newPage();
    await provider.goto(`${product.sandbox.origin}/sandbox`);
    await provider.getByRole('button', { name: 'Revoke all grants' }).click();
    // A page that is closed while it is on its way to another may never be gone.
    await provider.getByRole('status').waitFor();
    await provider.close();

    await run(grace);
    await see(panel(grace, 'Try an operation'), 'The connection does not work');
    await grace.keyboard.press('Escape');
    for (const page of [grace, maud]) {
      const status = part(page, 'Status');
      await see(status, 'The access was revoked or has ended at the provider.');
      await see(status, 'Sign in at the provider again. An owner of the connection can do this.');
      await see(page.getByRole('main'), 'Invalid');
      await isSame(page);
    }
    assert.equal(await button(grace, 'Reconnect').getAttribute('aria-disabled'), 'true', 'she cannot');
    assert.equal(await button(grace, 'Try it: List contacts').getAttribute('aria-disabled'), 'true');
    await assertAccessible(grace, 'the page of an invalid connection, for who may use it');
    await assertAccessible(maud, 'the page of an invalid connection, for its owner');
  });

  await t.test('the owner signs in again: not as somebody else, but as before', async () => {
    await button(maud, 'Reconnect').click();
    const refused = await signInAgain(maud, 'Grace Hopper', { another: true });
    await see(refused, 'This connection belongs to Ada Lovelace (ada@sandbox.example). You signed in as Grace Hopper (grace@sandbox.example).');
    await see(refused, 'The connection is as it was before.');
    assert.equal(await button(grace, 'Try it: List contacts').getAttribute('aria-disabled'), 'true');
    await button(refused, 'Cancel').click();
    await button(maud, 'Reconnect').click();
    const done = await signInAgain(maud, 'Ada Lovelace', { another: true });
    await see(done, 'Connected as Ada Lovelace');
    await button(done, 'Done').click();

    for (const page of [maud, grace]) {
      await eventually(async () => assert.equal(await part(page, 'Status').getByText('What to do').count(), 0));
    }
    await button(grace, 'Try it: List contacts').click();
    await run(grace);
    await see(panel(grace, 'Try an operation'), 'The provider did it');
    await grace.keyboard.press('Escape');
    await isSame(grace);
  });

  await t.test('deleted it is gone from her page, restored it is there again', async () => {
    await button(maud, 'More actions').click();
    await maud.getByRole('menuitem', { name: 'Delete' }).click();
    await button(maud.getByRole('alertdialog', { name: 'Delete connection “Customers”?' }), 'Delete').click();
    await see(notices(maud), '“Customers” is deleted.');
    await see(grace, 'There is no such connection');
    await link(grace, 'All connections').click();
    await see(grace, 'No connections yet');

    await link(maud, 'Deleted').click();
    await button(maud.getByRole('row').filter({ hasText: 'Customers' }), 'Restore').click();
    await see(notices(maud), '“Customers” is restored');
    await see(row(grace, 'Customers'), 'Active');
    await isSame(grace);
    await isSame(maud);
  });

  await t.test('the audit log tells the whole story, is whole, and notices a record that was altered', async () => {
    await maud.goto(product.at('settings/audit'));
    const records = maud.getByRole('row').filter({ has: maud.getByRole('link') });
    await link(maud, 'Tenant created').waitFor();
    const told = (await records.allTextContents()).reverse();
    let at = -1;
    for (const [action, ...about] of [
      ['Tenant created'],
      ['Connection created', 'Customers', 'Maud Keller'],
      ['User invited', 'Grace Okafor', 'Maud Keller'],
      ['Invitation accepted', 'Grace Okafor'],
      ['Group created', 'Sales', 'Maud Keller'],
      ['Group member added', 'Sales', 'Maud Keller'],
      ['Connection permissions changed', 'Customers', 'Maud Keller'],
      ['Connection status changed', 'Customers', 'Drawbridge'],
      ['Connection connected', 'Refused', 'Customers', 'Maud Keller'],
      ['Connection connected', 'Customers', 'Maud Keller'],
      ['Connection deleted', 'Customers', 'Maud Keller'],
      ['Connection restored', 'Customers', 'Maud Keller'],
    ]) {
      const next = told.findIndex((text, place) => place > at && [action, ...about].every((words) => text.includes(words)));
      assert.ok(next > at, `${action} comes after what came before, in:\n${told.join('\n')}`);
      at = next;
    }

    await button(maud, 'Verify').click();
    const dialog = panel(maud, 'Verify the audit log');
    await see(dialog, 'The log is whole');
    await see(dialog, `${told.length} of ${told.length} records verified.`);

    for (const page of [maud, grace]) await page.goto('about:blank');
    await product.restart((state) =>
      changeDatabase(state, (database) => {
        database.exec('DROP TRIGGER audit_is_not_changed');
        const done = database.prepare("UPDATE audit SET actor_name = 'Grace Okafor' WHERE action = 'connection.deleted'").run();
        assert.equal(done.changes, 1, 'somebody puts the blame on somebody else');
      }),
    );
    await maud.goto(product.at('settings/audit?verify=1'));
    await see(dialog, 'The log has been tampered with');
    await see(dialog, 'This record is not as it was written.');
  });
});
