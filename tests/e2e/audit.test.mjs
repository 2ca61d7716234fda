// The audit log: what was done is there, can be found, and an altered record is too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeDatabase } from './database.mjs';
import { button, heading, link, panel, see } from './steps.mjs';
import { assertAccessible, assertFits, eventually, stage, visit } from './support.mjs';

const on = stage({
  prepare: async ({ api }) => {
    const { id } = await api.connect('Customers');
    await api.connect('Suppliers', 'grace');
    await api.call('POST', `connections/${id}/test`);
  },
});

const rows = (page) => page.getByRole('row').filter({ has: page.getByRole('link') });
const filter = (page, name) => page.getByRole('combobox', { name });

test('what was done is found by action, person, object and day, and told whole', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/license'));
  await link(page, 'Audit log').click();
  await heading(page, 'Audit log').waitFor();
  await link(page, 'Tenant created').waitFor();
  assert.equal(await rows(page).count(), 4);
  await assertAccessible(page, 'the audit log');

  await filter(page, 'Action').selectOption('connection.created');
  await eventually(async () => assert.equal(await rows(page).count(), 2));
  assert.match(page.url(), /\?action=connection\.created$/);
  await rows(page).filter({ hasText: 'Customers' }).getByRole('link').click();
  const record = panel(page, 'Record 2');
  await see(record, 'connection.created');
  await see(record, 'Maud Keller');
  await assertAccessible(page, 'a record of the audit log');
  // All about this one object, whatever was done to it.
  await link(record, 'All about this object').click();
  await eventually(async () => assert.equal(await rows(page).count(), 2));
  await link(page, 'Connection tested').waitFor();
  assert.equal(await rows(page).filter({ hasText: 'Suppliers' }).count(), 0);
  // The filter is taken away again.
  await button(page, 'Only this object').click();
  await eventually(async () => assert.equal(await rows(page).count(), 4));

  await page.getByLabel('To', { exact: true }).fill('2001-01-31');
  await see(page, 'No records match');
  await assertAccessible(page, 'the audit log without records');
  await button(page, 'Clear filters').click();
  await eventually(async () => assert.equal(await rows(page).count(), 4));
  // A link to a record opens it, whatever the list shows, and leads to its object.
  await page.goto(on.product.at('settings/audit?record=2&action=tenant.created'));
  await link(panel(page, 'Record 2'), 'Customers').click();
  await heading(page, 'Customers').waitFor();
});

test('what the filters leave is saved as a file', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/audit?action=connection.created'));
  await eventually(async () => assert.equal(await rows(page).count(), 2));
  const save = async (item) => {
    await button(page, 'Export').click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ]);
    const pieces = [];
    for await (const piece of await file.createReadStream()) pieces.push(piece);
    return { name: file.suggestedFilename(), text: Buffer.concat(pieces).toString() };
  };
  const table = await save('For spreadsheets (CSV)');
  assert.match(table.name, /^audit-northwind-.*\.csv$/);
  assert.equal(table.text.trimEnd().split('\r\n').length, 3, 'a heading and two records');
  const lines = await save('To verify or load elsewhere (NDJSON)');
  assert.match(lines.name, /\.ndjson$/);
  assert.deepEqual(lines.text.trimEnd().split('\n').map((line) => JSON.parse(line).object_name), ['Customers', 'Suppliers']);
  // The page is still there.
  assert.equal(await rows(page).count(), 2);
});

test('on a phone the log is read and a record opened', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product, viewport: { width: 360, height: 740 } });
  await page.goto(on.product.at('settings/audit'));
  await link(page, 'Tenant created').waitFor();
  await assertFits(page, 'the audit log');
  await link(page, 'Tenant created').click();
  await see(panel(page, 'Record 1'), 'None: this is the first record');
  await assertFits(page, 'a record');
});

test('the log is verified, and a record altered in the database is found', async (t) => {
  const page = await visit(t, on.browser, { signedIn: on.product });
  await page.goto(on.product.at('settings/audit'));
  await button(page, 'Verify').click();
  const dialog = panel(page, 'Verify the audit log');
  await see(dialog, 'The log is whole');
  await see(dialog, '4 of 4 records verified.');
  await assertAccessible(page, 'the log verified');
  await button(dialog, 'Close').last().click();

  await page.goto('about:blank');
  await on.product.restart((state) =>
    changeDatabase(state, (database) => {
      database.exec('DROP TRIGGER audit_is_not_changed');
      database.exec("UPDATE audit SET object_name = 'Nothing of note' WHERE seq = 3");
    }),
  );
  await page.goto(on.product.at('settings/audit?verify=1'));
  await see(dialog, 'The log has been tampered with');
  await see(dialog, 'Record 3: This record is not as it was written.');
  await assertAccessible(page, 'the log tampered with');
});
