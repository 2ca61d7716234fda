// Sharing a connection: with a group as User, and what its members then may and may not; two who save at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, PERSON } from './api.mjs';
import { addDesigner } from './people.mjs';
import { button, heading, link, panel, row, see, signIn } from './steps.mjs';
import { assertAccessible, assertFits, stage, visit } from './support.mjs';

const GRACE = { email: 'grace@northwind.example', firstName: 'Grace', lastName: 'Okafor', group: 'Sales team' };

const on = stage({
  async prepare(product) {
    await product.restart((state) => addDesigner(state, GRACE));
    await product.api.connect('Customers');
    await product.api.connect('Suppliers');
  },
});

const section = (place, name) => place.getByRole('region', { name, exact: true });

/** Opens the panel from the row's menu. */
async function openPermissions(page, name) {
  await button(row(page, name), `Actions for “${name}”`).click();
  await page.getByRole('menuitem', { name: 'Permissions' }).click();
  const permissions = panel(page, 'Permissions');
  await section(permissions, 'Owners').waitFor();
  return permissions;
}

/** Searches in a section and adds whom it finds. */
async function give(permissions, where, name) {
  const part = section(permissions, where);
  await part.getByRole('searchbox').fill(name);
  await button(part, `Add ${name}`).click();
  await button(part, `Remove ${name}`).waitFor();
}

test('a group is given use, and the effective list says why', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  const permissions = await openPermissions(page, 'Customers');
  await see(section(permissions, 'Owners'), 'Maud Keller');
  await see(section(permissions, 'Users'), 'Nobody yet.');
  await assertAccessible(page, 'the permissions of a connection');
  await give(permissions, 'Users', GRACE.group);
  await assertAccessible(page, 'the permissions with somebody added');
  await button(permissions, 'Save permissions').click();
  await see(page, 'Permissions saved');
  const why = section(permissions, 'Who can use this, and why');
  await see(why, 'Grace Okafor');
  await see(why, 'User through the group Sales team');
  await see(why, 'Owner as administrator; Owner directly');
  await why.getByRole('searchbox').fill('nobody at all');
  await see(why, 'Nobody matches.');
  await button(permissions, 'Close').last().click();
  await permissions.waitFor({ state: 'hidden' });
});

test('a Designer who has it through a group can use it, and is told why nothing more', async (t) => {
  const page = await visit(t, on.browser);
  await page.goto(on.product.origin);
  await signIn(page, { email: GRACE.email, password: PERSON.password });
  await row(page, 'Customers').waitFor();
  assert.equal(await row(page, 'Suppliers').count(), 0, 'what was not shared is not there');
  await button(row(page, 'Customers'), 'Actions for “Customers”').click();
  for (const name of ['Edit', 'Reconnect', 'Permissions', 'Disable', 'Delete']) {
    const item = page.getByRole('menuitem', { name: new RegExp(`^${name}\\b`) }).first();
    assert.equal(await item.getAttribute('aria-disabled'), 'true', name);
    await see(item, 'Only an owner of this connection can do this. Ask an owner or an administrator.');
  }
  await assertAccessible(page, 'the menu of somebody who may only use the connection');
  await page.getByRole('menuitem', { name: /^Test\b/ }).click();
  await see(page, '“Customers” works.');
  await link(page, 'Customers').click();
  await see(page, 'Only owners of this connection see its settings.');
  await see(page, 'Only owners see who can use this connection.');
  await assertAccessible(page, 'the page of a connection for somebody who may only use it');
});

test('of two owners who save at once the second sees both versions and decides', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('automate/connections'));
  const permissions = await openPermissions(page, 'Suppliers');
  await give(permissions, 'Users', GRACE.group);
  const [{ id }] = (await on.product.api.call('GET', 'connections?search=suppliers')).items;
  const me = on.product.api.who.user.id;
  const theirs = { grants: [{ kind: 'user', id: me, level: 'owner' }, { kind: 'everyone', level: 'user' }] };
  await on.product.api.call('PUT', `connections/${id}/permissions`, theirs, { 'if-match': '"v1"' });
  await button(permissions, 'Save permissions').click();
  await see(permissions, 'Somebody else saved permissions meanwhile');
  await see(permissions, 'Theirs, saved: Everyone (User), Maud Keller (Owner). Yours, not saved: Maud Keller (Owner), Sales team (User).');
  await assertAccessible(page, 'the permissions after a lost race');
  await button(permissions, 'Save mine over theirs').click();
  await see(page, 'Permissions saved');
  const { grants } = await on.product.api.call('GET', `connections/${id}/permissions`);
  assert.deepEqual(grants.map(({ to }) => to.name), ['Sales team', 'Maud Keller']);
});

test('an owner who is no administrator cannot leave it to nobody', async (t) => {
  const grace = await Api.signIn(on.product.origin, { email: GRACE.email, password: PERSON.password });
  await grace.connect('Of Grace');
  const page = await visit(t, on.browser);
  await page.goto(on.product.origin);
  await signIn(page, { email: GRACE.email, password: PERSON.password });
  await row(page, 'Of Grace').waitFor();
  const permissions = await openPermissions(page, 'Of Grace');
  await button(permissions, 'Remove Grace Okafor').click();
  await button(permissions, 'Save permissions').click();
  await see(permissions, 'Leave at least one owner who can sign in.');
  await assertAccessible(page, 'the permissions that would leave no owner');
});

test('on a phone the permissions fit', async (t) => {
  const page = await visit(t, on.browser, {
    signedIn: on.product, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true,
  });
  await page.goto(on.product.at('automate/connections'));
  await heading(page, 'Connections').waitFor();
  const permissions = await openPermissions(page, 'Customers');
  await see(permissions, 'User through the group Sales team');
  await assertFits(page, 'the permissions');
  await assertAccessible(page, 'the permissions, on a phone');
});
