// What the code takes for granted of the runtime as wrangler.toml sets it up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';

const { workerOptions } = unstable_getMiniflareWorkerOptions(new URL('../../wrangler.toml', import.meta.url).pathname);

test('a timer is a number: the worker crate clears it by that, and an object would leave every timer running', async (t) => {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      telemetry: { enabled: false },
      workers: [
        {
          name: 'timers',
          modules: true,
          script: 'export default { fetch: () => new Response(typeof setTimeout(() => {}, 0)) }',
          compatibilityDate: workerOptions.compatibilityDate,
          compatibilityFlags: workerOptions.compatibilityFlags,
        },
      ],
    }),
  );
  t.after(() => miniflare.dispose());
  const answer = await miniflare.dispatchFetch('http://localhost/');
  assert.equal(await answer.text(), 'number');
});
