// People: how somebody is invited, comes in, changes role, is switched off and on, gets groups, and leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, PERSON } from './api.mjs';
import { button, field, heading, link, panel, radio, row, see, signIn } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const GRACE = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@northwind.example', password: 'seven purple lanterns' };
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

const on = stage();

const notices = (page) => page.getByRole('region', { name: 'Notifications' });
const select = (place, name) => place.getByRole('combobox', { name });
const tip = (page, text) => page.getByRole('tooltip').filter({ hasText: text, visible: true }).waitFor();
const dialog = (page) => page.getByRole('alertdialog');

/** Somebody with a role, by the API alone. */
async function join(email, role) {
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const body = { email, firstName: email.split('@')[0], lastName: 'Tester', role };
  const { user, link: address } = await on.product.api.call('POST', 'users', body, headers);
  const nobody = new Api(on.product.origin);
  await nobody.call('POST', 'invitations/accept', { token: address.split('/').pop(), password: GRACE.password });
  return { id: user.id, api: await Api.signIn(on.product.origin, { email, password: GRACE.password }) };
}

const audited = async (page, name) => {
  await assertAccessible(page, name);
  await assertFits(page, name);
};

test('from the invitation to the end: two people, two browsers', async (t) => {
  const maud = await visit(t, on.browser, { signedIn: on.product });
  await maud.goto(on.product.at('automate/connections'));
  await link(maud, 'Settings').click();
  await link(maud, 'User management').click();
  await heading(maud, 'User management').waitFor();
  await row(maud, 'Maud Keller').waitFor();
  await audited(maud, 'the list of users');

  // Invite; bad fields are told first.
  await link(maud, 'Add user').click();
  const add = panel(maud, 'Add user');
  await button(add, 'Add and make the link').click();
  await see(add, 'Fill this in.');
  await audited(maud, 'the form of a user with errors');
  await field(add, 'Email').fill(PERSON.email);
  await field(add, 'First name').fill(GRACE.firstName);
  await field(add, 'Last name').fill(GRACE.lastName);
  await button(add, 'Add and make the link').click();
  await see(add, 'This email address belongs to a user of the tenant already.');
  await field(add, 'Email').fill(GRACE.email);
  await button(add, 'Add and make the link').click();
  const added = panel(maud, 'User added');
  const address = await field(added, 'Invitation link').inputValue();
  assert.ok(address.startsWith(`${on.product.origin}/invitations/`), address);
  await audited(maud, 'the link of an invitation');
  await button(added, 'Done').click();
  await see(row(maud, 'Grace Hopper'), 'Invited');
  await audited(maud, 'the list with somebody who was invited');

  // Accept, elsewhere.
  const grace = await visit(t, on.browser);
  await grace.goto(address);
  await heading(grace, 'Join “Northwind”').waitFor();
  await see(grace, 'For Grace Hopper, with the role Designer.');
  await field(grace, 'New password').fill('short');
  await button(grace, 'Set password and join').click();
  await see(grace, 'Use at least 12 characters.');
  await audited(grace, 'an invitation');
  await field(grace, 'New password').fill(GRACE.password);
  await button(grace, 'Set password and join').click();
  await see(grace, 'No connections yet');
  await link(grace, 'Settings').click();
  await heading(grace, 'You cannot open this page').waitFor();

  // Once.
  const other = await visit(t, on.browser);
  await other.goto(address);
  await see(other, 'This invitation cannot be used');
  await audited(other, 'an invitation that was used');

  // Another role holds from the next request on.
  await maud.reload();
  await see(row(maud, 'Grace Hopper'), 'Active');
  await link(maud, 'Grace Hopper').click();
  await heading(maud, 'Grace Hopper').waitFor();
  await see(maud, '1 session in this tenant.');
  assert.equal(await button(maud, 'Save').getAttribute('aria-disabled'), 'true');
  await select(maud, 'Role').selectOption({ label: 'Automation administrator' });
  await button(maud, 'Save').click();
  await see(notices(maud), 'Saved');
  await audited(maud, 'the page of a user');
  await grace.reload();
  await heading(grace, 'License and subscription').waitFor();
  await grace.goto(on.product.at('settings/users'));
  await link(grace, 'Maud Keller').click();
  await heading(grace, 'Maud Keller').waitFor();
  assert.equal(await button(grace, 'Remove').getAttribute('aria-disabled'), 'true');
  await button(grace, 'Remove').focus();
  await tip(grace, 'Only a Global administrator can give or take the role Global administrator.');
  await audited(grace, 'the page of somebody who may not be touched');

  // Suspended: out at once, in again when reactivated.
  await button(maud, 'Suspend').click();
  await see(dialog(maud), '1 session in this tenant.');
  await audited(maud, 'the question before somebody is suspended');
  await button(dialog(maud), 'Suspend').click();
  await see(notices(maud), 'User suspended');
  await see(maud, 'Not signed in to this tenant.');
  await grace.reload();
  await heading(grace, 'Sign in').waitFor();
  await signIn(grace, GRACE);
  await see(grace, 'Email or password is wrong');
  await button(maud, 'Reactivate').click();
  await button(dialog(maud), 'Reactivate').click();
  await see(notices(maud), 'User reactivated');
  await signIn(grace, GRACE);
  await heading(grace, 'Maud Keller').waitFor();

  // A group with both.
  await maud.goto(on.product.at('settings/users'));
  await link(maud, 'Groups').click();
  await see(maud, 'No groups yet');
  await audited(maud, 'the list of groups at first use');
  await link(maud, 'New group').first().click();
  const made = panel(maud, 'New group');
  await field(made, 'Name').fill('Sales');
  await field(made, 'Description').fill('Everybody who sells.');
  await audited(maud, 'the form of a group');
  await button(made, 'New group').click();
  await heading(maud, 'Sales').waitFor();
  await see(maud, 'No members yet');
  await button(maud, 'Add members').click();
  const members = panel(maud, 'Add members');
  await members.getByRole('searchbox').fill('hopper');
  await eventually(async () => assert.equal(await members.getByRole('row').filter({ hasText: 'Maud' }).count(), 0));
  await button(members.getByRole('row').filter({ hasText: 'Grace Hopper' }), 'Add').click();
  await see(notices(maud), 'Grace Hopper is a member now');
  await audited(maud, 'the panel that adds members');
  await button(members, 'Done').click();
  await row(maud, 'Grace Hopper').waitFor();
  await button(maud, 'Remove Grace Hopper from the group').click();
  await see(maud, 'No members yet');
  await button(maud, 'Add members').click();
  await button(members.getByRole('row').filter({ hasText: 'Grace Hopper' }), 'Add').click();
  await button(members, 'Done').click();
  await row(maud, 'Grace Hopper').waitFor();
  await audited(maud, 'the page of a group');

  // What only Grace owns goes to Maud.
  const api = await Api.signIn(on.product.origin, GRACE);
  await api.connect('Only hers');
  await link(maud, 'Grace Hopper').click();
  await link(maud, 'Sales').waitFor();
  await button(maud, 'Remove').click();
  await see(dialog(maud), '1 connection is owned by nobody else:');
  await see(dialog(maud), 'Only hers');
  await radio(dialog(maud), 'Hand them over to a user').check();
  await audited(maud, 'the question before somebody is removed');
  await button(dialog(maud), 'Remove').focus();
  await tip(maud, 'Choose who gets them.');
  await dialog(maud).getByRole('searchbox').fill('maud');
  // A choice made while what is found is still on its way is kept where it is among that.
  await radio(dialog(maud), 'Maud Keller').check();
  await button(dialog(maud), 'Remove').click();
  await see(notices(maud), 'User removed');
  await row(maud, 'Maud Keller').waitFor();
  assert.equal(await row(maud, 'Grace Hopper').count(), 0);
  await grace.reload();
  await heading(grace, 'Sign in').waitFor();
  const { items } = await on.product.api.call('GET', 'connections');
  assert.deepEqual(items.map(({ name }) => name), ['Only hers']);
});

test('lists are searched and filtered in the address', async (t) => {
  await join('zoe@northwind.example', 'developer');
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/users'));
  await row(page, 'zoe Tester').waitFor();
  await page.getByRole('searchbox').fill('ZOE');
  await eventually(async () => assert.equal(await row(page, 'Maud Keller').count(), 0));
  assert.match(page.url(), /\?search=ZOE$/);
  await select(page, 'Role').selectOption({ label: 'Participant' });
  await see(page, 'Nothing found');
  await audited(page, 'a list without a hit');
  await button(page, 'Clear filters').first().click();
  await row(page, 'Maud Keller').waitFor();
  await button(page, 'Actions for “Maud Keller”').click();
  await see(page.getByRole('menu'), 'You cannot do this to yourself. Ask another administrator.');
  await audited(page, 'the menu of a user');
});

test('the last Global administrator is told to stay', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/users'));
  await link(page, 'Maud Keller').click();
  await heading(page, 'Maud Keller').waitFor();
  await button(page, 'Remove').focus();
  await tip(page, 'This is the last active Global administrator of the tenant.');
  await audited(page, 'the page of the last Global administrator');
  await page.goto(on.product.at('settings/users/usr_0'));
  await see(page, 'User not found');
  await audited(page, 'a user who is not there');
});

test('who has an account joins another tenant with it', async (t) => {
  const headers = () => ({ 'idempotency-key': crypto.randomUUID() });
  const { api } = await join('ida@northwind.example', 'globalAdministrator');
  await api.call('POST', 'tenants', { name: 'Southwind' }, headers());
  const { tenants } = await api.call('GET', 'session');
  await api.call('POST', `tenants/${tenants.find(({ name }) => name === 'Southwind').id}/switch`);
  const body = { email: PERSON.email, firstName: 'Maud', lastName: 'Keller', role: 'developer' };
  const invited = await api.call('POST', 'users', body, headers());

  // Somebody else is signed in: said, with the way out.
  const ida = await visit(t, on.browser, { signedIn: { api } });
  await ida.goto(invited.link);
  await see(ida, 'You are signed in as somebody else');
  await audited(ida, 'an invitation for somebody else');
  await button(ida, 'Sign out').click();
  await field(ida, 'Password').fill('not the password at all');
  await see(ida, 'You have an account with this email address already');
  await button(ida, 'Join').click();
  await see(ida, 'This is not the password of the account with this email address.');
  await audited(ida, 'an invitation for who has an account');

  // With one's own session: one press.
  const maud = await visit(t, on.browser, { signedIn: on.product });
  await maud.goto(invited.link);
  await see(maud, `You are signed in as ${PERSON.email} and join with that.`);
  await audited(maud, 'an invitation for who is signed in');
  await button(maud, 'Join').click();
  await maud.getByRole('button', { name: 'Tenant Southwind, switch' }).waitFor();
  await maud.goto(on.product.at('automate/connections'));
  await maud.getByRole('button', { name: `Tenant ${PERSON.tenantName}, switch` }).waitFor();
});

test('on a phone: users, a user, a group, an invitation', async (t) => {
  const { id } = await join('a-very-long-name-of-somebody@northwind.example', 'designer');
  const group = await on.product.api.call('POST', 'groups', { name: 'Everybody in every country and language' }, { 'idempotency-key': crypto.randomUUID() });
  await on.product.api.call('PUT', `groups/${group.id}/members/${id}`);
  const { link: address } = await on.product.api.call('POST', 'users', { email: 'phone@northwind.example', firstName: 'Phone', lastName: 'Only', role: 'participant' }, { 'idempotency-key': crypto.randomUUID() });
  const page = await visit(t, on.browser, { signedIn: on.product, ...PHONE });
  for (const [place, wait] of [
    ['settings/users', 'phone@northwind.example'],
    [`settings/users/${id}`, 'Name and role'],
    [`settings/users/${id}?open=remove`, 'There is no connection that only this user owns.'],
    ['settings/users?open=add', 'You get a link to pass on.'],
    ['settings/groups', 'Everybody in every country'],
    [`settings/groups/${group.id}`, 'a-very-long-name'],
    [`settings/groups/${group.id}?open=members`, 'Add members'],
    [`settings/groups/${group.id}?open=delete`, 'The group was given no connection.'],
  ]) {
    await page.goto(on.product.at(place));
    await see(page, wait);
    await audited(page, `${place}, on a phone`);
  }
  const newcomer = await visit(t, on.browser, PHONE);
  await newcomer.goto(address);
  await heading(newcomer, 'Join “Northwind”').waitFor();
  await audited(newcomer, 'an invitation, on a phone');
});
