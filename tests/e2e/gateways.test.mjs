// Gateways: one is added and joined with the real agent, seen on the page as it comes, goes and is disconnected.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machine } from './agent.mjs';
import { Api, PERSON } from './api.mjs';
import { changeDatabase } from './database.mjs';
import { addDesigner } from './people.mjs';
import { button, field, heading, link, panel, row, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

const on = stage();

const notices = (page) => page.getByRole('region', { name: 'Notifications' });
const dialog = (page) => page.getByRole('alertdialog');
const once = () => ({ 'idempotency-key': crypto.randomUUID() });
const make = (name) => on.product.api.call('POST', 'gateways', { name }, once());
/** A row of a list of the own page. */
const line = (page, text) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: text }) });

const audited = async (page, name) => {
  await assertAccessible(page, name);
  await assertFits(page, name);
};

async function choose(page, gateway, item) {
  await button(page, `Actions for “${gateway}”`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

test('from the first gateway to its end, with the real agent', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/license'));
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Gateways' }).click();
  await heading(page, 'Gateways').waitFor();
  await see(page, 'No gateways yet');
  await audited(page, 'no gateways');

  await link(page, 'Download Gateway').click();
  await see(panel(page, 'Download Gateway'), 'As a service');
  await audited(page, 'what can be downloaded');
  await button(panel(page, 'Download Gateway'), 'Done').click();

  // A name that cannot be one is refused in words.
  await link(page, 'Add gateway').first().click();
  const add = panel(page, 'Add gateway');
  await button(add, 'Add gateway').click();
  await see(add, 'Fill this in.');
  await audited(page, 'the form of a gateway with errors');
  await field(add, 'Gateway name').fill('Berlin');
  await button(add, 'Add gateway').click();

  // The code, once, with the lines to paste.
  const joining = panel(page, 'Add a machine: Berlin');
  const code = await field(joining, 'One-time code').inputValue();
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await see(joining, 'Good for');
  await joining.getByRole('tab', { name: 'Linux' }).click();
  const pasted = (await joining.getByLabel('Commands').innerText()).split('\n').find((one) => one.includes(' enroll '));
  assert.ok(pasted.includes(`--url ${on.product.origin} --code ${code}`), pasted);
  await audited(page, 'the code of a gateway');

  const agent = await machine(on.product.origin, [
    { name: 'crm', url: on.product.sandbox.origin },
    { name: 'nowhere', url: 'http://127.0.0.1:9' },
  ]);
  t.after(() => agent.stop());
  const joined = await agent.enrol(pasted);
  assert.equal(joined.code, 0, joined.text);
  assert.match(joined.text, /Joined the gateway “Berlin” of “Northwind”/);
  // A code is good once.
  const again = await (await machine(on.product.origin, [])).enrol(pasted);
  assert.notEqual(again.code, 0);
  assert.match(again.text, /used already|code/);
  agent.run();

  // The panel and the row behind it say that it is there, without a reload.
  await see(joining, 'is online with version');
  await audited(page, 'a machine that has come');
  await button(joining, 'Done').click();
  await eventually(async () => assert.match(await row(page, 'Berlin').innerText(), /Online|Degraded/));
  const { version } = (await on.product.api.call('GET', 'gateways')).items[0];
  await see(row(page, 'Berlin'), version);
  assert.ok(!(await page.content()).includes(code));

  // A target that cannot be reached is not the gateway's fault.
  await link(page, 'Berlin').click();
  await see(line(page, 'crm'), 'Reachable');
  await see(line(page, 'nowhere'), 'The gateway is fine, nowhere cannot be reached.');
  await see(page, 'Degraded');
  await see(page, 'No connection goes through it');
  await see(line(page, 'The link was opened'), '');
  await audited(page, 'a gateway');
  await page.setViewportSize(PHONE.viewport);
  await audited(page, 'a gateway, narrow');
  await page.setViewportSize({ width: 1280, height: 800 });

  // New keys while the link stands.
  await choose(page, 'Berlin', 'Rotate key');
  await see(dialog(page), 'Every machine that is online makes a new key');
  await audited(page, 'asking before keys are changed');
  await button(dialog(page), 'Rotate key').click();
  await see(notices(page), '1 machine has a new key.');

  await choose(page, 'Berlin', 'Rename');
  const rename = panel(page, 'Rename: Berlin');
  await field(rename, 'Gateway name').fill('Berlin data centre');
  await button(rename, 'Rename').click();
  await heading(page, 'Berlin data centre').waitFor();

  // The power fails; it comes back.
  await page.goto(on.product.at('settings/gateways'));
  await agent.kill();
  await see(row(page, 'Berlin data centre'), 'Offline');
  await see(row(page, 'Berlin data centre'), 'Last seen');
  await audited(page, 'the list with a gateway that is offline');
  agent.run();
  await see(row(page, 'Berlin data centre'), 'Degraded');

  // The end: the machine is told, says why, and stops.
  await choose(page, 'Berlin data centre', 'Disconnect');
  await see(dialog(page), 'No connection goes through it');
  await see(dialog(page), 'each erases its key');
  await audited(page, 'asking before a gateway is disconnected');
  await button(dialog(page), 'Disconnect').click();
  await see(page, 'No gateways yet');
  const end = await agent.ended();
  assert.equal(end.code, 3, end.text);
  assert.match(end.text, /This gateway was disconnected from its tenant by an administrator/);
  const log = await on.product.api.call('GET', 'audit?action=gateway.keys_erased');
  assert.equal(log.items[0].outcome, 'done');
});

test('every state of a gateway says what it is and what to do', async (t) => {
  const ids = {};
  for (const name of ['Awaiting', 'Offline', 'Degraded', 'Old', 'Disabled']) ids[name] = (await make(name)).gateway.id;
  await on.product.api.call('POST', `gateways/${ids.Disabled}/disable`);
  await on.product.restart((state) => changeDatabase(state, (database) => {
    const add = database.prepare(
      `INSERT INTO gateway_replicas (tenant_id, gateway_id, id, public_key, machine, platform, agent_version, created_at)
       SELECT tenant_id, id, ?, ?, ?, 'linux/x86_64', ?, ? FROM gateways WHERE id = ?`,
    );
    const link = database.prepare('UPDATE gateway_replicas SET linked_since = ?, last_seen_at = ? WHERE id = ?');
    let number = 0;
    const join = (gateway, machineName, version, linked) => {
      const id = `gwr_${String((number += 1)).padStart(26, '0')}`;
      add.run(id, id, machineName, version, Date.now(), ids[gateway]);
      link.run(linked ? Date.now() : null, Date.now() - 3_600_000, id);
    };
    join('Offline', 'GW-OFF', '2.2.90', false);
    join('Degraded', 'GW-ONE', '2.3.0', true);
    join('Degraded', 'GW-TWO', '2.3.0', false);
    join('Old', 'GW-OLD', '2.2.84', true);
  }));
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/gateways'));
  await see(row(page, 'Awaiting'), 'Awaiting setup');
  await see(row(page, 'Offline'), 'Last seen 1 hour ago');
  await see(row(page, 'Offline'), 'Outdated');
  await see(row(page, 'Degraded'), '1 of 2 machines online');
  await see(row(page, 'Degraded'), 'GW-ONE, GW-TWO');
  await row(page, 'Old').getByTitle('Update this gateway to 2.2.85 or later to see its status and version').first().waitFor();
  await audited(page, 'gateways in every state');

  // The filter is in the address; what cannot be done says why.
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Disabled');
  await eventually(async () => assert.match(page.url(), /status=disabled/));
  await row(page, 'Awaiting').waitFor({ state: 'detached' });
  await button(page, 'Actions for “Disabled”').click();
  const rotate = page.getByRole('menuitem', { name: /^Rotate key/ });
  assert.equal(await rotate.getAttribute('aria-disabled'), 'true');
  await see(page.getByRole('menu'), 'None of its machines is online');
  await audited(page, 'the menu of a gateway');
  await page.getByRole('menuitem', { name: 'Enable' }).click();
  await see(notices(page), 'is enabled');
  await see(page, 'No gateway fits');
  await button(page, 'Clear filters').last().click();

  await page.goto(on.product.at(`settings/gateways/${ids.Awaiting}`));
  await see(page, 'No machine has joined');
  await see(page, 'Install the gateway on a machine in your network');
  await audited(page, 'a gateway that nobody has joined');
  await choose(page, 'Awaiting', 'Disable');
  await see(dialog(page), 'no call goes through it until it is enabled again');
  await button(dialog(page), 'Disable').click();
  await see(page, 'Enable the gateway to let calls through again.');
  await choose(page, 'Awaiting', 'Disconnect');
  await see(dialog(page), 'No machine has joined it.');
  await button(dialog(page), 'Disconnect').click();
  await heading(page, 'Gateways').waitFor();
  await page.goto(on.product.at(`settings/gateways/${ids.Awaiting}`));
  await see(page, 'There is no such gateway');
  await audited(page, 'a gateway that is not there');

  await page.goto(on.product.at(`settings/gateways?open=update&gateway=${ids.Offline}`));
  await see(panel(page, 'Update: Offline'), 'The newest version is');
  await audited(page, 'how a gateway is updated');
});

test('on a phone everything fits', async (t) => {
  const { gateway } = await make('The gateway in the warehouse of the second building');
  const page = await visit(t, on.browser, { signedIn: on.product, ...PHONE });
  const about = (what) => `?open=${what}&gateway=${gateway.id}`;
  for (const open of ['', '?open=add', '?open=download', about('code'), about('rename'), about('disable'), about('update'), about('disconnect')]) {
    await page.goto(on.product.at(`settings/gateways${open}`));
    if (open) await page.getByRole('dialog').or(dialog(page)).first().waitFor();
    else await link(page, gateway.name).waitFor();
    await audited(page, `gateways${open} on a phone`);
  }
  await page.goto(on.product.at(`settings/gateways/${gateway.id}`));
  await see(page, 'No machine has joined');
  await audited(page, 'a gateway on a phone');
});

test('a Designer is told which role it needs, and may choose a gateway all the same', async (t) => {
  await on.product.restart((state) =>
    addDesigner(state, { email: 'dora@northwind.example', firstName: 'Dora', lastName: 'Sign', group: 'Designers' }),
  );
  const api = await Api.signIn(on.product.origin, { email: 'dora@northwind.example', password: PERSON.password });
  assert.equal((await api.send('GET', 'gateways')).status, 403);
  assert.ok((await api.call('GET', 'gateway-choices')).items.length > 0);
  const page = await visit(t, on.browser, { signedIn: { api } });
  await page.goto(on.product.at('settings/gateways'));
  await heading(page, 'You cannot open this page').waitFor();
  await assertAccessible(page, 'gateways for a Designer');
});
