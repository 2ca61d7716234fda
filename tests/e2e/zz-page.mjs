import { mkdirSync } from 'node:fs';
import { machine } from './agent.mjs';
import { changeDatabase } from './database.mjs';
import { button, field, link, panel, row, see } from './steps.mjs';
import { startBrowser, startProduct } from './support.mjs';
const DESK = { viewport: { width: 1280, height: 800 } };
const LOOKS = {
  light: { ...DESK, colorScheme: 'light' },
  dark: { ...DESK, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1, colorScheme: 'light' },
};
const OUT = '/tmp/page-pictures'; mkdirSync(OUT, { recursive: true });
const product = await startProduct();
const make = (name) => product.api.call('POST', 'gateways', { name }, { 'idempotency-key': crypto.randomUUID() });
const ids = {};
for (const name of ['Amsterdam office', 'Berlin data centre', 'Lisbon warehouse', 'Oslo plant', 'Old gateway', 'Test rack']) ids[name] = (await make(name)).gateway.id;
await product.api.call('POST', `gateways/${ids['Test rack']}/disable`);
const agents = [];
for (const _ of [1, 2]) {
  const { code } = await product.api.call('POST', `gateways/${ids['Berlin data centre']}/code`, {}, { 'idempotency-key': crypto.randomUUID() });
  const agent = await machine(product.origin, [{ name: 'crm', url: product.sandbox.origin }, { name: 'SQL01', url: 'http://127.0.0.1:9' }]);
  console.log((await agent.enrol(`sudo drawbridge-gateway enroll --url ${product.origin} --code ${code}`)).text);
  agents.push(agent);
}
await product.restart((state) => changeDatabase(state, (db) => {
  const add = db.prepare(`INSERT INTO gateway_replicas (tenant_id, gateway_id, id, public_key, machine, platform, agent_version, created_at) SELECT tenant_id, id, ?, ?, ?, 'linux/x86_64', ?, ? FROM gateways WHERE id = ?`);
  const up = db.prepare('UPDATE gateway_replicas SET linked_since = ?, last_seen_at = ? WHERE id = ?');
  let n = 0;
  const join = (g, m, v, linked) => { const id = `gwr_${String((n += 1)).padStart(26, '0')}`; add.run(id, id, m, v, Date.now(), ids[g]); up.run(linked ? Date.now() : null, Date.now() - 3 * 3600000, id); };
  join('Lisbon warehouse', 'LIS-GW-01.corp.example.org', '2.2.90', false);
  join('Old gateway', 'LEGACY-7', '2.2.84', true);
  join('Oslo plant', 'OSL-1', '2.3.0', true);
  const [{ tenant_id: tenant, id: user }] = db.prepare('SELECT tenant_id, id FROM users').all();
  for (const [i, name, status, reason] of [[1, 'Orders database', 'active', 'proved'], [2, 'Intranet', 'degraded', 'timed_out']]) {
    db.prepare(`INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason, status_since, created_by, created_at) VALUES (?, ?, ?, lower(?), 'sandbox-crm', 'api-key', ?, ?, ?, 1, ?, 1)`).run(tenant, `con_${String(i).padStart(26, '0')}`, name, name, JSON.stringify({ gateway: ids['Berlin data centre'] }), status, reason, user);
  }
}));
agents.forEach((agent) => agent.run());
const browser = await startBrowser();
const api = (path) => product.api.call('GET', path);
for (;;) { const g = await api(`gateways/${ids['Berlin data centre']}`); if (g.linked === 2 && g.targets.some((t) => t.finding === 'failing')) break; await new Promise((r) => setTimeout(r, 200)); }
const about = (what, name) => `settings/gateways?open=${what}&gateway=${ids[name]}`;
const scenes = {
  list: async (page) => { await page.goto(product.at('settings/gateways')); await row(page, 'Oslo plant').waitFor(); },
  menu: async (page) => { await button(page, 'Actions for “Lisbon warehouse”').click(); await page.getByRole('menuitem', { name: 'Rename' }).waitFor(); },
  add: async (page) => { await page.goto(product.at('settings/gateways?open=add')); await field(page, 'Gateway name').fill('Paris'); },
  code: async (page) => { await button(panel(page, 'Add gateway'), 'Add gateway').click(); await see(page, 'Good for'); },
  download: async (page) => { await page.goto(product.at('settings/gateways?open=download')); await see(page, 'As a service'); },
  update: async (page) => { await page.goto(product.at(about('update', 'Lisbon warehouse'))); await see(page, 'The newest version'); },
  rotate: async (page) => { await page.goto(product.at(about('rotate', 'Berlin data centre'))); await page.getByRole('alertdialog').waitFor(); },
  disconnect: async (page) => { await page.goto(product.at(about('disconnect', 'Berlin data centre'))); await see(page, 'Orders database'); },
  'own-page': async (page) => { await page.goto(product.at(`settings/gateways/${ids['Berlin data centre']}`)); await see(page, 'Recent events'); await see(page, 'Orders database'); await page.waitForLoadState('networkidle'); },
  'own-offline': async (page) => { await page.goto(product.at(`settings/gateways/${ids['Lisbon warehouse']}`)); await see(page, 'Recent events'); await page.waitForLoadState('networkidle'); },
  license: async (page) => { await page.goto(product.at('settings/license')); await page.getByRole('meter').first().waitFor(); },
};
for (const [look, options] of Object.entries(LOOKS)) {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(12000);
  await context.addCookies([product.api.cookie]);
  const page = await context.newPage();
  for (const [name, go] of Object.entries(scenes)) {
    try { await go(page); } catch (e) { console.error(look, name, e.message.split('\n')[0]); }
    await page.screenshot({ path: `${OUT}/${name}.${look}.png`, fullPage: name.startsWith('own') });
  }
  await context.close();
}
for (const agent of agents) await agent.stop();
await browser.close(); await product.stop();
