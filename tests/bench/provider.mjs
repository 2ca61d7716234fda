// npm `oidc-provider` with its own adapter in memory, for the bench: one client, access tokens as JSON Web Tokens where
// the resource is named and opaque where not. It says where it listens and ends with its standard input.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** The client and the resource, known to the bench. */
export const CLIENT = { id: 'bench', secret: 'A7mQ2xv9Lr4TnW8cKz3JdY6pBhF5sGqE', resource: 'urn:bench' };

function serve() {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const provider = new Provider(`http://localhost:${port}`, {
      jwks: { keys: [{ ...key, use: 'sig', alg: 'EdDSA' }, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      scopes: ['read'],
      ttl: { ClientCredentials: 3600 },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        introspection: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => undefined,
          getResourceServerInfo: () => ({ scope: 'read', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'EdDSA' } } }),
        },
      },
    });
    server.on('request', provider.callback());
    process.stdout.write(`${JSON.stringify({ listening: `http://localhost:${port}`, pid: process.pid })}\n`);
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (process.argv[1] === import.meta.filename) serve();
