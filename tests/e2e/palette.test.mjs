// Ctrl+K: pages, actions, connections, people and connectors from the keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeDatabase } from './database.mjs';
import { button, heading, link, openForm, panel, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const on = stage({
  async prepare({ api }) {
    for (const name of ['Alpha', 'Beta', 'Gamma']) await api.connect(name);
    const person = { email: 'grace@northwind.example', firstName: 'Grace', lastName: 'Hopper', role: 'designer' };
    await api.call('POST', 'users', person, { 'idempotency-key': crypto.randomUUID() });
  },
});

const box = (page) => page.getByRole('combobox', { name: /^Search pages/ });
/** An entry; where it was chosen before, the one at the top. */
const option = (page, name) => page.getByRole('option', { name, exact: true }).first();
const group = (page, name) => page.getByRole('group', { name, exact: true });
const focused = (place) =>
  eventually(async () => assert.ok(await place.evaluate((element) => element === document.activeElement), `${place} has the keyboard`));
const chosen = (page, name) =>
  eventually(async () => {
    const active = await box(page).getAttribute('aria-activedescendant');
    assert.equal(await option(page, name).getAttribute('id'), active, `“${name}” is what Enter would choose`);
  });

/** A page with the palette open over it. */
async function opened(t, at = 'account', options = {}) {
  const page = await visit(t, on.browser, { signedIn: on.product, ...options });
  await page.goto(on.product.at(at));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await box(page).waitFor();
  await focused(box(page));
  return page;
}

test('a page is found and opened without a mouse, and is there again the next time', async (t) => {
  const page = await opened(t);
  await assertAccessible(page, 'the palette with nothing typed');
  await page.keyboard.type('lic');
  await chosen(page, 'License and subscription Settings');
  await page.keyboard.press('Enter');
  await focused(heading(page, 'License and subscription'));
  await box(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Meta+k');
  await group(page, 'Recent').waitFor();
  await chosen(page, 'License and subscription Settings');
  await page.keyboard.press('Control+k');
  await box(page).waitFor({ state: 'detached' });
});

test('arrows, Home and End move through the list; Escape gives the keyboard back', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('account'));
  const change = button(page, 'Change password');
  await change.focus();
  await page.keyboard.press('Control+k');
  await focused(box(page));
  await chosen(page, 'Connections Automate');
  await page.keyboard.press('End');
  await chosen(page, 'Sign out');
  assert.ok(await option(page, 'Sign out').isVisible());
  await page.keyboard.press('ArrowDown');
  await chosen(page, 'Connections Automate');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await chosen(page, 'Connectors Automate');
  await page.keyboard.press('Escape');
  await box(page).waitFor({ state: 'detached' });
  await focused(change);
});

test('connections, people and connectors are found by name', async (t) => {
  const page = await opened(t, 'automate/connections');
  await page.keyboard.type('alp');
  await group(page, 'Connections').getByRole('option', { name: 'Alpha Sandbox CRM', exact: true }).waitFor();
  await assertAccessible(page, 'the palette with what was found');
  await box(page).fill('hopper');
  await group(page, 'Users').getByRole('option', { name: 'Grace Hopper grace@northwind.example', exact: true }).waitFor();
  await box(page).fill('zend');
  await chosen(page, 'Zendesk Support');
  await page.keyboard.press('Enter');
  await heading(page, 'Zendesk').waitFor();
  await page.keyboard.press('Control+k');
  await box(page).fill('beta');
  await chosen(page, 'Beta Sandbox CRM');
  await page.keyboard.press('Enter');
  await heading(page, 'Beta').waitFor();

  await page.keyboard.press('Control+k');
  await group(page, 'Beta').waitFor();
  await focused(box(page));
  await page.keyboard.type('edit');
  await chosen(page, 'Edit “Beta”');
  await page.keyboard.press('Enter');
  await panel(page, 'Edit connection').waitFor();
});

test('a connection is tested from anywhere', async (t) => {
  const page = await opened(t);
  await page.keyboard.type('test gamma');
  await chosen(page, 'Test “Gamma”');
  await page.keyboard.press('Enter');
  await see(page, '“Gamma” works. Proved just now.');
});

test('an action opens its panel, and the theme changes in place', async (t) => {
  const page = await opened(t);
  await page.keyboard.type('add conn');
  await chosen(page, 'Add connection');
  await page.keyboard.press('Enter');
  await focused(panel(page, 'Add connection').getByRole('searchbox'));
  await page.keyboard.press('Control+k');
  await focused(box(page));
  await page.keyboard.type('dark');
  await chosen(page, 'Dark theme');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark'));
  await panel(page, 'Add connection').waitFor();
});

test('what is typed into a form is not lost by going elsewhere', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  const form = await openForm(page, on.product);
  await form.getByRole('textbox', { name: 'Connection name' }).fill('Half typed');
  await page.keyboard.press('Control+k');
  await focused(box(page));
  await page.keyboard.type('audit');
  await chosen(page, 'Audit log Settings');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog');
  await focused(button(question, 'Keep editing'));
  await page.keyboard.press('Enter');
  assert.equal(await form.getByRole('textbox', { name: 'Connection name' }).inputValue(), 'Half typed');
});

test('an answer that comes late is dropped, and what fails is said', async (t) => {
  const page = await opened(t, 'account', { expected: /ERR_INTERNET_DISCONNECTED/ });
  const held = [];
  await page.route(/\/api\/v1\/connections\?.*search=al\b/, (route) => held.push(route));
  await page.keyboard.type('al');
  await eventually(() => assert.equal(held.length, 1));
  await box(page).fill('beta');
  await option(page, 'Beta Sandbox CRM').waitFor();
  await held[0].continue().catch(() => {});
  await page.waitForLoadState('networkidle');
  assert.equal(await option(page, 'Alpha Sandbox CRM').count(), 0);

  await page.context().setOffline(true);
  await box(page).fill('tenant');
  await see(page, 'Drawbridge cannot be reached. Only pages and actions are searched for now.');
  await chosen(page, 'Tenant Settings');
  await page.context().setOffline(false);
  await page.getByRole('dialog', { name: 'Search' }).getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Only pages and actions').waitFor({ state: 'detached' });
  await box(page).fill('no such thing');
  await see(page, 'Nothing found for “no such thing”');
  await assertAccessible(page, 'the palette that found nothing');
});

test('on a phone it fills the screen and opens by a button', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, viewport: { width: 360, height: 740 } });
  await page.goto(on.product.at('automate/connections'));
  await link(page, 'Alpha').waitFor();
  await assertFits(page, 'the page with the button');
  await button(page, 'Search').click();
  await box(page).waitFor();
  await assertFits(page, 'the palette');
  const { x, width } = await page.getByRole('dialog', { name: 'Search' }).boundingBox();
  assert.deepEqual([x, width], [0, 360]);
  await assertAccessible(page, 'the palette on a phone');
  await button(page, 'Close').click();
  await box(page).waitFor({ state: 'detached' });
});

test('a Designer sees what it takes, and nobody asks for users', async (t) => {
  await on.product.restart((state) => changeDatabase(state, (database) => database.prepare("UPDATE users SET role = 'designer'").run()));
  const page = await opened(t);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.keyboard.type('add user');
  await chosen(page, 'Add user Needs Automation administrator');
  assert.equal(await option(page, 'Add user Needs Automation administrator').getAttribute('aria-disabled'), 'true');
  await assertAccessible(page, 'the palette with what is refused');
  await page.keyboard.press('Enter');
  await box(page).fill('grace');
  await see(page, 'Nothing found for “grace”');
  assert.ok(asked.includes('/api/v1/connections'));
  assert.ok(!asked.includes('/api/v1/users'));
});
