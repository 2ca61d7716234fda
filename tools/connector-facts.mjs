// Writes connectors/facts/<id>.json: what a provider's published API description says of the calls that
// our definition makes. The description itself stays outside of the project.
//
//   node tools/connector-facts.mjs <id> --name <name> --version <version> [options] <file>...
//
// A file is an OpenAPI 2 or 3 document or a Google Discovery document, as JSON, or Dropbox's files.stone and
// the like.
//   --drop <text>        takes a text such as `.json` off both paths before they are compared
//   --ignore <name>      a parameter that is no matter of an operation: credentials, or a note of the type
//   --apart <id>         an operation that the description does not have; docs/CONNECTORS.md says why
//   --without-hosts      for a description that names no host, an example only, or an old one
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
// Sent by every client; no parameter of an operation.
const OWN_HEADERS = ['authorization', 'content-type', 'accept', 'user-agent']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    version: { type: 'string' },
    drop: { type: 'string', multiple: true, default: [] },
    ignore: { type: 'string', multiple: true, default: [] },
    apart: { type: 'string', multiple: true, default: [] },
    'without-hosts': { type: 'boolean', default: false }
  }
})
const [id, ...files] = positionals
if (!id || files.length === 0 || !values.name || !values.version) {
  console.error('connector-facts <id> --name <name> --version <version> <file>...')
  process.exit(2)
}

const definition = JSON.parse(readFileSync(`connectors/${id}.json`, 'utf8'))
const sources = files.map((file) => read(readFileSync(file, 'utf8'), file))
const known = sources.flatMap(callsOf)
const facts = {
  source: values.name,
  version: values.version,
  hosts: values['without-hosts'] ? [] : [...new Set(sources.flatMap(serversOf).map((url) => url.host).filter(Boolean))].sort(),
  oauth: oauthOf(),
  apart: values.apart.length > 0 ? values.apart : undefined,
  operations: {}
}
const missing = []
for (const operation of definition.operations.filter((operation) => !values.apart.includes(operation.id))) {
  const found = find(operation)
  if (found) facts.operations[operation.id] = factsOf(operation, found)
  else missing.push(`${operation.id}: ${operation.method ?? 'GET'} ${operation.path}`)
}
if (missing.length > 0) {
  console.error(`${id}: the description does not know\n  ${missing.join('\n  ')}`)
  process.exitCode = 1
} else {
  writeFileSync(`connectors/facts/${id}.json`, write(facts))
}

function read(text, file) {
  if (file.endsWith('.stone')) return fromStone(text)
  const document = JSON.parse(text)
  return document.discoveryVersion ? fromDiscovery(document) : document
}

// Servers, as far as they are written out: host with `*` for what is variable, and path.
function serversOf(source) {
  const list = source.servers ?? [{ url: `https://${source.host ?? ''}${source.basePath ?? ''}` }]
  return list.map(({ url }) => {
    const [, host = '', path = ''] = /^(?:https?:)?(?:\/\/)?([^/]*)(.*)$/.exec(url.replace(/^\{protocol\}:/, 'https:')) ?? []
    return { host: host.replace(/\{[^}]*\}/g, '*').replace(/^\*$/, ''), path: path.replace(/\/$/, '') }
  })
}

// Every call of a description: its path after the host, its parameters, its body.
function callsOf(source) {
  const bases = [...new Set(serversOf(source).map((server) => server.path))]
  const calls = []
  for (const [path, item] of Object.entries(source.paths ?? {})) {
    const own = item.servers ? serversOf({ servers: item.servers }).map((server) => server.path) : bases
    for (const method of METHODS.filter((method) => item[method])) {
      const parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((p) => follow(source, p))
      for (const base of own) calls.push({ source, method: method.toUpperCase(), path: plain(base + path), call: item[method], parameters })
    }
  }
  return calls
}

function plain(path) {
  let text = path.replaceAll('microsoft.graph.', '').split('?')[0]
  for (const drop of values.drop) text = text.replaceAll(drop, '')
  return text.replace(/(.)\/$/, '$1')
}

// The paths that an operation can have: after the base of each way, or absolute, without its host.
function pathsOf(operation) {
  const bases = [...definition.auth.map((way) => way.baseUrl ?? definition.baseUrl)]
  const urls = operation.path.startsWith('/') ? bases.map((base) => base.replace(/\/$/, '') + operation.path) : [operation.path]
  return [...new Set(urls.map((url) => plain(url.replace(/^https:\/\/[^/]*/, '').replace(/^\{[^}]*\}/, ''))))]
}

function find(operation) {
  let best
  for (const path of pathsOf(operation)) {
    for (const entry of known) {
      if (entry.method !== (operation.method ?? 'GET')) continue
      const score = fit(entry.path, path)
      if (score >= 0 && (!best || score > best.score)) best = { ...entry, score }
    }
  }
  return best
}

// How many literal segments agree; -1 where the paths differ.
function fit(theirs, ours) {
  const [a, b] = [theirs.split('/'), ours.split('/')]
  if (a.length !== b.length) return -1
  let score = 0
  for (const [i, segment] of a.entries()) {
    if (segment === b[i]) score += segment.includes('{') ? 1 : 2
    else if (!segment.includes('{') || b[i] === '') return -1
    else {
      const pattern = segment.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')).join('.+')
      if (!new RegExp(`^${pattern}$`).test(b[i])) return -1
    }
  }
  return score
}

function follow(source, node, depth = 0) {
  if (!node?.$ref || depth > 20) return node ?? {}
  const target = node.$ref.slice(2).split('/').reduce((at, key) => at?.[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], source)
  return follow(source, target, depth + 1)
}

function factsOf(operation, entry) {
  const { source, call } = entry
  const parameters = entry.parameters.filter((p) => !values.ignore.includes(p.name))
  const names = (place) => [...new Set(parameters.filter((p) => p.in === place).map((p) => p.name))].sort()
  const required = parameters
    .filter((p) => p.required && ['query', 'header'].includes(p.in) && !OWN_HEADERS.includes(p.name.toLowerCase()))
    .map((p) => `${p.in}:${p.name}`)
  const forms = parameters.filter((p) => p.in === 'formData')
  const content = follow(source, call.requestBody).content ?? {}
  const types = Object.keys(content)
  const type = types.find((t) => (operation.encoding === 'form' ? t.includes('form') : t.includes('json'))) ?? types[0]
  const schemas = [content[type]?.schema ?? parameters.find((p) => p.in === 'body')?.schema].filter(Boolean)
  if (forms.length > 0) {
    schemas.push({
      properties: Object.fromEntries(forms.map((p) => [p.name, {}])),
      required: forms.filter((p) => p.required).map((p) => p.name)
    })
  }
  const body = []
  for (const parameter of (operation.parameters ?? []).filter((p) => p.in === 'body')) {
    const pointer = parameter.at ?? `/${parameter.id}`
    const found = reach(source, schemas, pointer)
    if (found !== undefined) body.push(found)
  }
  const needed = schemas.flatMap((schema) => requiredOf(source, schema)).filter((name) => !values.ignore.includes(name))
  for (const name of needed) required.push(`body:/${name}`)
  const answers = Object.keys(call.responses ?? {}).filter((status) => /^2/.test(status))
  return {
    call: `${entry.method} ${entry.path}`,
    query: names('query'),
    header: names('header').filter((name) => !OWN_HEADERS.includes(name.toLowerCase())),
    body: [...new Set(body)],
    required: [...new Set(required)],
    success: answers.map(Number).filter(Boolean)
  }
}

// All shapes that a schema can have, without references.
function shapes(source, schema, depth = 0) {
  const node = follow(source, schema)
  if (depth > 8) return [node]
  return [node, ...['allOf', 'oneOf', 'anyOf'].flatMap((key) => node[key] ?? []).flatMap((part) => shapes(source, part, depth + 1))]
}

function requiredOf(source, schema, depth = 0) {
  const node = follow(source, schema)
  const inner = depth > 8 ? [] : (node.allOf ?? []).flatMap((part) => requiredOf(source, part, depth + 1))
  const own = Array.isArray(node.required) ? node.required : []
  return [...own.filter((name) => !follow(source, node.properties?.[name]).readOnly), ...inner]
}

// The pointer as the description has it; `/*` at its end where it leaves an object open, or says nothing of a body.
function reach(source, schemas, pointer) {
  if (pointer === '') return ''
  if (schemas.length === 0) return '/*'
  let level = schemas.flatMap((schema) => shapes(source, schema))
  let at = ''
  for (const name of pointer.slice(1).split('/')) {
    const next = level.flatMap((shape) => {
      const own = shape.properties?.[name] ?? shape.properties?.[name[0]?.toUpperCase() + name.slice(1)]
      if (own) return shapes(source, own)
      return /^\d+$/.test(name) && shape.items ? shapes(source, shape.items) : []
    })
    if (next.length === 0) {
      const closed = (shape) => shape.properties || shape.items || ['string', 'integer', 'number', 'boolean'].includes(shape.type)
      const open = level.some((shape) => shape.additionalProperties || !closed(shape))
      const only = level.every((shape) => !closed(shape) || shape.additionalProperties)
      return open && (only || level.some((shape) => shape.additionalProperties)) && level.length > 0 ? `${at}/*` : undefined
    }
    at += `/${name}`
    level = next
  }
  return at
}

function oauthOf() {
  const flows = sources.flatMap((source) => {
    const schemes = Object.values(source.components?.securitySchemes ?? source.securityDefinitions ?? {})
    return schemes.filter((scheme) => scheme.type === 'oauth2').flatMap((scheme) =>
      scheme.flows ? [scheme.flows.authorizationCode, scheme.flows.clientCredentials, scheme.flows.implicit].filter(Boolean) : [scheme])
  })
  if (flows.length === 0) return undefined
  const said = new Set(flows.flatMap((flow) => Object.keys(flow.scopes ?? {})))
  const ours = [...new Set(definition.auth.flatMap((way) => Object.values(way.scheme)).flatMap((scheme) => scheme.scopes?.known ?? []).map((scope) => scope.name))]
  const urls = (key) => [...new Set(flows.map((flow) => flow[key]).filter((url) => url?.startsWith('https://')))]
  return {
    authorizationUrls: urls('authorizationUrl'),
    tokenUrls: urls('tokenUrl'),
    scopes: ours.filter((name) => said.has(name)),
    otherScopes: ours.filter((name) => !said.has(name))
  }
}

// A Google Discovery document, as far as it is needed, in the other form.
function fromDiscovery(document) {
  const paths = {}
  const walk = (resource) => {
    for (const method of Object.values(resource.methods ?? {})) {
      const path = `/${(method.flatPath ?? method.path).replaceAll('{+', '{')}`
      paths[path] ??= {}
      const parameters = Object.entries({ ...document.parameters, ...method.parameters }).map(([name, p]) => ({ name, in: p.location, required: p.required }))
      const body = method.request && { content: { 'application/json': { schema: { $ref: `#/schemas/${method.request.$ref}` } } } }
      paths[path][method.httpMethod.toLowerCase()] = { parameters, requestBody: body, responses: { 200: {} } }
    }
    for (const inner of Object.values(resource.resources ?? {})) walk(inner)
  }
  walk(document)
  const text = JSON.stringify(document.schemas).replace(/"\$ref":"([^"]+)"/g, '"$ref":"#/schemas/$1"')
  const scopes = Object.fromEntries(Object.keys(document.auth.oauth2.scopes).map((scope) => [scope, '']))
  return {
    servers: [{ url: document.rootUrl + document.servicePath }],
    paths,
    schemas: JSON.parse(text),
    components: { securitySchemes: { google: { type: 'oauth2', flows: { authorizationCode: { scopes } } } } }
  }
}

// A Stone document, as far as it is needed: structs and routes; every route is a POST.
function fromStone(text) {
  const namespace = /^namespace (\w+)/m.exec(text)[1]
  const schemas = {}
  for (const [, name, , parent, fields] of text.matchAll(/^struct (\w+)( extends ([\w.]+))?\n((?: {4}.*\n|\n)*)/gm)) {
    const own = [...fields.matchAll(/^ {4}(\w+) ((?:\w+\.)?[A-Z]\w*(?:\(.*\))?\??)( = .+)?$/gm)].filter(([, field]) => field !== 'example')
    schemas[name] = {
      allOf: parent ? [{ $ref: `#/schemas/${parent.split('.').pop()}` }] : undefined,
      properties: Object.fromEntries(own.map(([, field]) => [field, {}])),
      required: own.filter(([, , type, value]) => !type.endsWith('?') && !value).map(([, field]) => field)
    }
  }
  const paths = {}
  for (const [, route, version, argument] of text.matchAll(/^route ([\w/]+)(:\d)? \(([\w.]+),/gm)) {
    const schema = { $ref: `#/schemas/${argument}` }
    const requestBody = argument === 'Void' ? undefined : { content: { 'application/json': { schema } } }
    paths[`/${namespace}/${route}${version ? `_v${version.slice(1)}` : ''}`] = { post: { requestBody, responses: { 200: {} } } }
  }
  return { servers: [{ url: 'https://api.dropboxapi.com/2' }], paths, schemas }
}

// One line for each operation: small, and a change shows where it is.
function write({ operations, ...head }) {
  const lines = Object.entries(operations).map(([name, value]) => {
    const kept = Object.fromEntries(Object.entries(value).filter(([, v]) => !Array.isArray(v) || v.length > 0))
    return `    ${JSON.stringify(name)}: ${JSON.stringify(kept)}`
  })
  const top = Object.entries(head).filter(([, v]) => v !== undefined).map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)},`)
  return `{\n${top.join('\n')}\n  "operations": {\n${lines.join(',\n')}\n  }\n}\n`
}
