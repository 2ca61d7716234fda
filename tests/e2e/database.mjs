// The local database's file, for what no call of the API can make yet. Only while the Worker is stopped.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens it, lets it be changed, closes it.
 * @param {string} state the launcher's folder of state
 * @param {(database: DatabaseSync) => void} change
 */
export function changeDatabase(state, change) {
  const folder = path.join(state, 'd1/miniflare-D1DatabaseObject');
  const file = readdirSync(folder).find((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite');
  const database = new DatabaseSync(path.join(folder, file));
  try {
    change(database);
  } finally {
    database.close();
  }
}
