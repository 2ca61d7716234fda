// The pictures of Settings → Gateways.

import { button, field, link, panel, see } from './steps.mjs';

/** What is done before each is taken. */
export const GATEWAYS = {
  gateways: (page, product) => page.goto(product.at('settings/gateways')).then(() => see(page, 'Lisbon warehouse')),
  'gateways, menu': async (page) => {
    await button(page, 'Actions for “Lisbon warehouse”').click();
    await page.getByRole('menuitem', { name: 'Disconnect' }).waitFor();
  },
  'gateways, code': async (page, product, look) => {
    await page.goto(product.at('settings/gateways?open=add'));
    await field(panel(page, 'Add gateway'), 'Gateway name').fill(`Test rack (${look})`);
    await button(panel(page, 'Add gateway'), 'Add gateway').click();
    await see(page, 'Good for');
  },
  'gateways, download': async (page, product) => {
    await page.goto(product.at('settings/gateways?open=download'));
    await see(page, 'As a service');
  },
  'gateways, disconnect': async (page, product) => {
    await page.goto(product.at('settings/gateways'));
    await button(page, 'Actions for “Lisbon warehouse”').click();
    await page.getByRole('menuitem', { name: 'Disconnect' }).click();
    await see(page, 'No connection goes through it');
  },
  'a gateway': async (page, product) => {
    await page.goto(product.at('settings/gateways'));
    await link(page, 'Lisbon warehouse').click();
    await see(page, 'Recent events');
    await page.waitForLoadState('networkidle');
  },
};
