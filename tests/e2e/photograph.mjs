// Takes pictures of every page and state, light, dark and on a phone, into test-results/pictures/, for people to
// look at, and docs/images/connections.png. `node_modules/.bin/node tests/e2e/photograph.mjs [words of scenes…]`

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';
import { GATEWAYS } from './photograph-gateways.mjs';
import { furnish } from './scenery.mjs';
import { button, decide, field, heading, link, openForm, panel, popUp, radio, see, signIn } from './steps.mjs';
import { BUILD, RESULTS, SETUP_CODE, startBrowser, startProduct } from './support.mjs';

const WANTED = process.argv.slice(2);
const FOLDER = path.join(RESULTS, 'pictures');
const DESK = { viewport: { width: 1280, height: 800 } };
const LOOKS = {
  light: { ...DESK, colorScheme: 'light' },
  dark: { ...DESK, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, colorScheme: 'light' },
};

const add = (page) => panel(page, 'Add connection');
/** The name of the connection that is made for a look. */
const made = (look) => `Address book (${look})`;
/** The name of the app that is made for a look. */
const app = (look) => `Nightly export (${look})`;
const menu = (page) => page.getByRole('button', { name: /^Account of/ });

/** Before set-up. */
const FRESH = {
  'set-up': (page, { origin }) => page.goto(origin).then(() => field(page, 'Set-up code').waitFor()),
  'set-up with errors': async (page, { origin }) => {
    await page.goto(origin);
    await field(page, 'Email').fill('maud');
    await field(page, 'Email').press('Enter');
    await see(page, 'Fill this in.');
  },
};

/** Signed out. */
const OUTSIDE = {
  'sign-in': (page, { origin }) => page.goto(origin).then(() => heading(page, 'Sign in').waitFor()),
  'sign-in refused': async (page, { origin }) => {
    await page.goto(origin);
    await signIn(page, { email: 'nobody@northwind.example', password: 'not the password' });
    await see(page, 'Email or password is wrong');
  },
  'not found, signed out': (page, { origin }) => page.goto(`${origin}/nowhere`),
  'a problem explained': (page, { origin }) => page.goto(`${origin}/problems/quota_exceeded`),
};

/** Nothing made yet. */
const EMPTY = {
  'list at first use': (page, product) => page.goto(product.at('automate/connections')).then(() => see(page, 'No connections yet')),
};

/** Signed in, with connections. */
const INSIDE = {
  list: async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await see(page, 'Salesforce EU');
  },
  'list while changes do not arrive': async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await see(page, 'Salesforce EU');
    await page.evaluate(() => dispatchEvent(new Event('live:lost')));
    await see(page, 'This page may be out of date');
  },
  'audit log with newer records': async (page, product) => {
    await page.goto(product.at('settings/audit'));
    await page.getByRole('row').nth(1).waitFor();
    await page.evaluate(() => dispatchEvent(new Event('live:audit')));
    await see(page, 'There may be newer records');
  },
  palette: async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await see(page, 'Salesforce EU');
    await button(page, 'Search').click();
    await page.getByRole('option', { name: 'Add connection' }).waitFor();
  },
  'palette, found': async (page) => {
    await page.getByRole('combobox', { name: /^Search pages/ }).fill('sa');
    await page.getByRole('option', { name: 'Salesforce EU Salesforce' }).waitFor();
    await page.waitForLoadState('networkidle');
  },
  'palette, nothing': async (page) => {
    await page.getByRole('combobox', { name: /^Search pages/ }).fill('xyzzy');
    await see(page, 'Nothing found');
  },
  users: (page, product) => page.goto(product.at('settings/users')).then(() => see(page, 'Aiko Mori')),
  'a user': async (page, product) => {
    await page.goto(product.at('settings/users'));
    await link(page, 'Aiko Mori').click();
    await see(page, 'Name and role');
  },
  'remove a user': async (page, product) => {
    await page.goto(product.at('settings/users'));
    await button(page, 'Actions for “Aiko Mori”').click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await see(page, 'There is no connection that only this user owns.');
  },
  'add a user': (page, product) => page.goto(product.at('settings/users?open=add')).then(() => see(page, 'You get a link to pass on.')),
  groups: (page, product) => page.goto(product.at('settings/groups')).then(() => see(page, 'No groups yet')),
  'list filtered to nothing': async (page, product) => {
    await page.goto(product.at('automate/connections?search=nothing'));
    await see(page, 'No connection matches');
  },
  'menu of a row': async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await button(page, 'Actions for “Salesforce sandbox”').click();
    await page.getByRole('menuitem', { name: 'Discard' }).waitFor();
  },
  'menu of an active row': async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await button(page, 'Actions for “Salesforce EU”').click();
    await page.getByRole('menuitem', { name: 'Permissions' }).waitFor();
  },
  ...Object.fromEntries(
    [['Edit', 'Edit'], ['Permissions', 'Permissions'], ['Delete', 'Delete'], ['Reconnect link', 'Reconnect link']].map(([item, name]) => [
      `panel: ${name}`,
      async (page, product) => {
        await page.goto(product.at('automate/connections'));
        await button(page, 'Actions for “Salesforce EU”').click();
        await page.getByRole('menuitem', { name: new RegExp(item, 'i') }).first().click();
        await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor();
        await page.waitForLoadState('networkidle');
      },
    ]),
  ),
  'deleted connections': async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await link(page, 'Deleted').click();
    await page.waitForLoadState('networkidle');
  },
  discard: async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await button(page, 'Actions for “Salesforce sandbox”').click();
    await page.getByRole('menuitem', { name: 'Discard' }).click();
    await page.getByRole('alertdialog').waitFor();
    await see(page, 'Created by');
  },
  connectors: async (page, product) => {
    await page.goto(product.at('automate/connectors'));
    await see(page, 'Airtable');
  },
  'connectors, one category': async (page, product) => {
    await page.goto(product.at('automate/connectors?category=finance'));
    await see(page, 'Stripe');
  },
  'a connector': async (page, product) => {
    await page.goto(product.at('automate/connectors/salesforce'));
    await see(page, 'Run query');
  },
  'a connector, registering a client': async (page, product) => {
    await page.goto(product.at('automate/connectors/box?client=new'));
    await field(panel(page, 'Register OAuth client'), 'Client ID').waitFor();
  },
  'add, step 1': async (page, product) => {
    await page.goto(product.at('automate/connections?add=1'));
    await radio(add(page), 'Zendesk').waitFor();
  },
  'add, nothing found': async (page, product) => {
    await page.goto(product.at('automate/connections?add=1'));
    await radio(add(page), 'Zendesk').waitFor();
    await page.getByRole('searchbox', { name: 'Search connectors' }).fill('nothing');
    await radio(add(page), 'Zendesk').waitFor({ state: 'detached' });
  },
  'add, step 2': (page, product) => openForm(page, product),
  'add, step 2, key': async (page, product) => {
    await openForm(page, product);
    await radio(add(page), 'API key').check();
  },
  'add, step 2, Zendesk': (page, product) => openForm(page, product, 'zendesk'),
  'add, step 2, HTTP': (page, product) => openForm(page, product, 'http'),
  'add, errors': async (page, product) => {
    await openForm(page, product, 'http');
    await field(add(page), 'Connection name').fill('What?');
    await button(add(page), 'Connect').click();
    await see(add(page), 'The character ?');
  },
  'add, needs a client': async (page, product) => {
    await openForm(page, product, 'box');
    await see(add(page), 'No OAuth client for Box is registered yet');
  },
  'add, register a client': async (page, product) => {
    await openForm(page, product, 'box');
    await button(add(page), 'Register an OAuth client').click();
    await field(page, 'Redirect URL').waitFor();
    await field(page, 'Redirect URL').scrollIntoViewIfNeeded();
  },
  'add, refused': async (page, product) => {
    await openForm(page, product);
    await radio(add(page), 'API key').check();
    await field(add(page), 'Connection name').fill('By key');
    await field(add(page), 'API key').fill('not-a-key');
    await button(add(page), 'Connect').click();
    await see(add(page), 'Nothing was saved.');
  },
  'add, discard?': async (page, product) => {
    await openForm(page, product);
    await field(add(page), 'Connection name').fill('Half way');
    await button(add(page), 'Close').click();
    await page.getByRole('alertdialog').waitFor();
  },
  'add, waiting': async (page, product) => {
    await openForm(page, product);
    await field(add(page), 'Connection name').fill('Waiting');
    await popUp(page, () => button(add(page), 'Connect').click());
    await see(add(page), 'Waiting for the sign-in');
  },
  'add, denied': async (page, product) => {
    await openForm(page, product);
    await field(add(page), 'Connection name').fill('Denied');
    await decide(await popUp(page, () => button(add(page), 'Connect').click()), 'Deny');
    await see(add(page), 'Access was denied');
  },
  'add, connected': async (page, product, look) => {
    await openForm(page, product);
    await field(add(page), 'Connection name').fill(made(look));
    await decide(await popUp(page, () => button(add(page), 'Connect').click()), 'Allow', null);
    await see(add(page), 'Connected as');
  },
  'list with a new row': async (page, product, look) => {
    await button(add(page), 'Done').click();
    await see(page, made(look));
  },
  connection: async (page, product, look) => {
    await link(page, made(look)).click();
    await see(page, 'List contacts');
  },
  'connection, tested': async (page) => {
    await button(page, 'Test').click();
    await see(page, 'Proved just now');
  },
  'try, form': async (page) => {
    await page.getByRole('button', { name: 'Try it: Create contact' }).click();
    await field(panel(page, 'Try an operation'), 'E-mail address').waitFor();
  },
  'try, answer': async (page) => {
    const trying = panel(page, 'Try an operation');
    await field(trying, 'Name').fill('Hedy Lamarr');
    await button(trying, 'Run').click();
    await see(trying, 'The provider did it');
  },
  'try, text': async (page) => {
    const trying = panel(page, 'Try an operation');
    await trying.getByRole('tab', { name: 'Text' }).click();
    await see(trying, '"name":');
  },
  'try, failure': async (page, product) => {
    const trying = panel(page, 'Try an operation');
    product.sandbox.state.switches.add({ kind: 'status', status: 429, retryAfter: 60, description: 'Slow down.', times: 1 });
    await button(trying, 'Run').click();
    await see(trying, 'Slow down.');
    await trying.getByText('Slow down.').first().scrollIntoViewIfNeeded();
  },
  'connection, degraded': async (page, product) => {
    product.sandbox.state.switches.add({ kind: 'status', status: 503, description: 'Closed for the night.', times: 1 });
    await page.keyboard.press('Escape');
    await button(page, 'Test').click();
    await see(page, 'Closed for the night.');
  },
  'sign in again': async (page) => {
    await button(page, 'Reconnect').first().click();
    await button(panel(page, 'Sign in at the provider'), 'Sign in at Sandbox CRM').waitFor();
  },
  'connection, invalid': async (page, product) => {
    await page.goto(product.at('automate/connections?search=Contracts'));
    await link(page, 'Contracts in Box').click();
    await see(page, 'Refresh token has expired');
  },
  'connection, pending': async (page, product) => {
    await page.goto(product.at('automate/connections?search=sandbox'));
    await link(page, 'Salesforce sandbox').click();
    await see(page, 'Kept until');
  },
  'connection, not there': (page, product) => page.goto(product.at('automate/connections/con_1')).then(() => see(page, 'There is no such')),
  'audit log': (page, product) => page.goto(product.at('settings/audit')).then(() => page.getByRole('row').nth(3).waitFor()),
  'audit record': async (page, product) => {
    await page.goto(product.at('settings/audit?record=1'));
    await see(page, 'Hash of the record before');
  },
  'audit verified': async (page, product) => {
    await page.goto(product.at('settings/audit?verify=1'));
    await see(page, 'The log is whole');
  },
  'apps and tokens': async (page, product, look) => {
    const once = () => ({ 'idempotency-key': crypto.randomUUID() });
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
    await product.api.call('POST', 'apps', { name: app(look), description: 'Copies invoices to the archive.', expiresAt: soon }, once());
    const { app: off } = await product.api.call('POST', 'apps', { name: `Old export (${look})`, scopes: ['read:audit'] }, once());
    await product.api.call('POST', `apps/${off.id}/disable`);
    await product.api.call('POST', 'tokens', { name: `Laptop (${look})`, expiresAt: soon }, once());
    const { token: lost } = await product.api.call('POST', 'tokens', { name: `Lost phone (${look})` }, once());
    await product.api.call('POST', `tokens/${lost.id}/revoke`);
    await page.goto(product.at('settings/apps-and-tokens'));
    await link(page, `Lost phone (${look})`).waitFor();
    await see(page, app(look));
  },
  'an app, viewed': async (page, product, look) => {
    await link(page, app(look)).click();
    await button(page, 'Show Client Secret').click();
    await field(page, 'Client Secret').waitFor();
  },
  'an app, rotated': async (page, product, look) => {
    await page.keyboard.press('Escape');
    await button(page, `Actions for “${app(look)}”`).click();
    await page.getByRole('menuitem', { name: 'Rotate secret' }).click();
    await radio(page, '7 days').check();
  },
  'an app, to be added': async (page, product) => {
    await page.goto(product.at('settings/apps-and-tokens?open=add'));
    const panelOf = panel(page, 'Add app');
    await field(panelOf, 'Allowed addresses').fill('203.0.113.0/24\noffice');
    await radio(panelOf, 'Chosen scopes').check();
    await button(panelOf, 'Add').click();
    await see(panelOf, 'Line 2 (office)');
  },
  'a token, created': async (page, product, look) => {
    await page.goto(product.at('settings/apps-and-tokens?open=create'));
    const create = panel(page, 'Create new token');
    await field(create, 'Name').fill(`Script (${look})`);
    await button(create, 'Create').click();
    await field(page, 'Personal access token').waitFor();
  },
  'rules for apps and tokens': async (page, product) => {
    await page.goto(product.at('settings/tenant'));
    await page.getByRole('checkbox', { name: 'Show secrets once' }).check();
    await field(page, 'Longest life').fill('90');
    await see(page, 'Saving blocks');
  },
  'webhooks, none': (page, product) => page.goto(product.at('settings/webhooks')).then(() => see(page, 'No webhooks yet')),
  'webhooks, add': async (page, product) => {
    await button(page, 'Add webhook').first().click();
    await field(panel(page, 'Add webhook'), 'Name').fill('Service desk');
    await field(panel(page, 'Add webhook'), 'Address').fill('https://10.0.0.1/hooks');
    await button(panel(page, 'Add webhook'), 'Add webhook').click();
    await see(page, 'Use an https address');
  },
  'webhooks, secret': async (page, product) => {
    await field(panel(page, 'Add webhook'), 'Address').fill(`${product.sandbox.origin}/hooks/desk`);
    await button(panel(page, 'Add webhook'), 'Add webhook').click();
    await field(page, 'Signing secret').waitFor();
  },
  'webhooks, list': async (page, product) => {
    const make = (name, events) =>
      product.api.call('POST', 'webhooks', { name, url: `${product.sandbox.origin}/hooks/${name.toLowerCase().replace(/\W+/g, '-')}`, events });
    const off = await make('Old paging', ['connection.invalid']);
    await product.api.call('PATCH', `webhooks/${off.webhook.id}`, { enabled: false }, { 'if-match': '"v1"' });
    await make('Reporting warehouse', ['user.invited', 'connection.deleted']);
    const invite = (email) =>
      product.api.call('POST', 'users', { email, firstName: 'Grace', lastName: 'Hopper', role: 'designer' }, { 'idempotency-key': crypto.randomUUID() });
    await invite(`a${Date.now()}@northwind.example`);
    product.sandbox.state.switches.add({ kind: 'status', status: 503, target: 'hook', path: '/hooks/desk', description: 'Closed for the night.', times: 1 });
    await invite(`b${Date.now()}@northwind.example`);
    const failing = async () => (await product.api.call('GET', 'webhooks')).items.some((one) => one.failingSince);
    while (!(await failing()));
    await page.goto(product.at('settings/webhooks'));
    await see(page, 'Failing');
  },
  'webhooks, menu': async (page) => {
    await button(page, 'Actions for “Service desk”').click();
    await page.getByRole('menuitem', { name: 'Rotate secret' }).waitFor();
  },
  'webhooks, deliveries': async (page) => {
    await page.keyboard.press('Escape');
    await link(page, 'Service desk').click();
    await see(page, 'Closed for the night.');
    await page.getByText('Message', { exact: true }).first().click();
  },
  'webhooks, edit': async (page) => {
    await page.keyboard.press('Escape');
    await button(page, 'Actions for “Service desk”').click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await field(page, 'Address').waitFor();
  },
  'webhooks, rotate': async (page) => {
    await page.keyboard.press('Escape');
    await button(page, 'Actions for “Service desk”').click();
    await page.getByRole('menuitem', { name: 'Rotate secret' }).click();
    await page.getByRole('alertdialog').waitFor();
  },
  'webhooks, delete': async (page, product) => {
    await page.keyboard.press('Escape');
    await button(page, 'Actions for “Service desk”').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').waitFor();
    // The next look begins with none again.
    for (const one of (await product.api.call('GET', 'webhooks')).items) await product.api.call('DELETE', `webhooks/${one.id}`);
  },
  ...GATEWAYS,
  license: (page, product) => page.goto(product.at('settings/license')).then(() => page.getByRole('meter').first().waitFor()),
  tenant: (page, product) => page.goto(product.at('settings/tenant')).then(() => field(page, 'Tenant name').waitFor()),
  'tenant, conflict': async (page, product) => {
    await field(page, 'Tenant name').fill('Northwind Traders');
    const { name } = await product.api.call('GET', 'tenant');
    const answer = await product.api.send('GET', 'tenant');
    await product.api.call('PATCH', 'tenant', { name: `${name}.` }, { 'if-match': answer.headers.get('etag') });
    await button(page, 'Save').click();
    await see(page, 'Somebody else changed the tenant meanwhile');
  },
  account: (page, product) => page.goto(product.at('account')).then(() => see(page, 'This session')),
  'account, hint': async (page) => {
    await page.getByRole('row').filter({ hasText: 'This session' }).getByRole('button', { name: 'End' }).focus();
    await see(page, 'You are using this session.');
  },
  'change password': async (page) => {
    await button(page, 'Change password').click();
    await field(page, 'New password').waitFor();
  },
  'user menu': async (page, product) => {
    await page.goto(product.at('account'));
    await menu(page).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  },
  help: async (page, product) => {
    await page.goto(product.at('account'));
    await page.goto(new URL(await page.getByRole('link', { name: /^Help/ }).getAttribute('href'), product.origin).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
  },
  'not found': (page, product) => page.goto(product.at('nowhere')).then(() => heading(page, 'Page not found').waitFor()),
  offline: async (page, product) => {
    await page.goto(product.at('automate/connections'));
    await see(page, 'Salesforce EU');
    await page.context().setOffline(true);
    await see(page, 'You are offline');
  },
};

/** Only on a phone. */
const PHONE = {
  navigation: async (page, product) => {
    await page.context().setOffline(false);
    await page.goto(product.at('automate/connections'));
    await button(page, 'Open navigation').click();
    await panel(page, 'Navigation').waitFor();
  },
};

async function take(browser, product, look, scenes, { signedIn = false } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...LOOKS[look] });
  context.setDefaultTimeout(8_000);
  if (signedIn) await context.addCookies([product.api.cookie]);
  const page = await context.newPage();
  for (const [name, go] of Object.entries(scenes)) {
    try {
      await go(page, product, look);
    } catch (error) {
      console.error(`${look}: “${name}”: ${error.message.split('\n')[0]}`);
    }
    const long = name.startsWith('connection') || name.startsWith('gallery');
    if (!WANTED.length || WANTED.some((word) => name.includes(word))) {
      await page.screenshot({ path: path.join(FOLDER, `${name.replace(/[^a-z0-9]+/gi, '-')}.${look}.png`), fullPage: long });
    }
  }
  await context.close();
}

/** The picture of the README. The room that is kept for a scroll bar is cut off. */
async function forDocuments(browser, product) {
  const { width, height } = DESK.viewport;
  const context = await browser.newContext({ ...LOOKS.light, locale: 'en-GB', viewport: { width: width + 15, height } });
  await context.addCookies([product.api.cookie]);
  const page = await context.newPage();
  await INSIDE.list(page, product);
  const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, 'connections.png'), clip: { x: 0, y: 0, width, height } });
  await context.close();
}

async function gallery(browser) {
  if (!existsSync(path.join(BUILD, 'gallery'))) return;
  const product = await startProduct({ setUp: false, console: 'gallery' });
  for (const look of Object.keys(LOOKS)) {
    await take(browser, product, look, {
      gallery: (page, { origin }) => page.goto(origin).then(() => heading(page, 'Primitives').waitFor()),
    });
  }
  await product.stop();
}

mkdirSync(FOLDER, { recursive: true });
const browser = await startBrowser();
const product = await startProduct({ setUp: false });
const looks = Object.keys(LOOKS);
for (const look of looks) await take(browser, product, look, FRESH);
product.api = await Api.setUp(product.origin, SETUP_CODE);
for (const look of looks) await take(browser, product, look, EMPTY, { signedIn: true });
await product.restart(furnish);
for (const look of looks) {
  await take(browser, product, look, OUTSIDE);
  if (look === 'light') await forDocuments(browser, product);
  await take(browser, product, look, look === 'phone' ? { ...INSIDE, ...PHONE } : INSIDE, { signedIn: true });
}
await product.stop();
await gallery(browser);
await browser.close();
console.log(FOLDER);
