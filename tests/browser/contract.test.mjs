// openapi.json against the live service: what it documents is answered as its schemas say, every example too, and what the
// service refuses is a problem document. The city's part is asked here, the season's by tests/rest/roles.py, whose exchanges
// are read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { playRoles, startService } from './service.mjs';

// What a service without a store answers.
const CITY = new Set(['zones', 'addresses', 'schools', 'tiles', 'service']);

let service, document, ajv, city;
before(async () => {
  service = await startService({ viewer: false, perSide: 5 });
  document = await (await fetch(`${service.origin}/openapi.json`)).json();
  ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'doc', ...document });
  city = Object.entries(document.paths).filter(([, { get }]) => get && CITY.has(get.tags[0]));
});
after(async () => {
  assert.equal(await service?.stop(), 0);
  assert.doesNotMatch(service.log(), /lon|lat|110\.|127\.0\.0\.1|槐荫|云栖/, 'nothing asked and nobody who asks is logged');
});

const pointer = (...parts) => 'doc#/' + parts.map((p) => encodeURIComponent(String(p).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

function assertValid(value, ...place) {
  const check = ajv.compile({ $ref: pointer(...place) });
  assert.ok(check(value), place.join('/') + ' ' + ajv.errorsText(check.errors));
}

function parametersOf(operation) {
  return (operation.parameters ?? []).map((p) => document.components.parameters[p.$ref.split('/').at(-1)]);
}

// The examples of the document point at a made-up city of the same place: use them as they are, but the tile at hand.
function urlOf(path, operation, change = {}) {
  const parameters = parametersOf(operation);
  let url = path;
  const query = new URLSearchParams();
  for (const p of parameters) {
    const value = change[p.name] ?? p.example;
    if (p.in === 'path') url = url.replace(`{${p.name}}`, encodeURIComponent(value));
    else if (p.required || change[p.name] !== undefined) query.set(p.name, value);
  }
  return service.origin + url + (query.size ? `?${query}` : '');
}

// A match needs one of several parameters, which a document can only call optional.
const NEEDED = { '/v1/match': { address: '槐荫街2号' }, '/v1/walk': { school: 'primary-3' } };

test('every documented path of the city answers by its schema', async () => {
  for (const [path, item] of city) {
    const url = urlOf(path, item.get, NEEDED[path]);
    const response = await fetch(url);
    assert.equal(response.status, 200, path);
    const type = response.headers.get('content-type').split(';')[0];
    const content = item.get.responses['200'].content;
    assert.ok(content[type], `${path}: ${type} is documented`);
    if (type.endsWith('json')) {
      assertValid(await response.json(), 'paths', path, 'get', 'responses', '200', 'content', type, 'schema');
    } else {
      assert.ok((await response.arrayBuffer()).byteLength > 100);
    }
    const etag = response.headers.get('etag');
    assert.equal(etag !== null, '304' in item.get.responses, `${path}: ETag`);
    if (etag) assert.equal((await fetch(url, { headers: { 'If-None-Match': etag } })).status, 304);
  }
});

test('a match answers every way to say where, and every kind of answer, by its schema', async () => {
  const match = document.paths['/v1/match'].get;
  const schema = ['paths', '/v1/match', 'get', 'responses', '200', 'content', 'application/json', 'schema'];
  const ask = async (change) => {
    const response = await fetch(urlOf('/v1/match', match, { layer: 'primary/2024', ...change }));
    assert.equal(response.status, 200, JSON.stringify(change));
    const body = await response.json();
    assertValid(body, ...schema);
    return body;
  };
  const found = await ask({ address: '槐荫街2号' });
  assert.equal(found.layers[0].status, 'definite');
  const { entry, point } = found.address.candidates[0];
  assert.deepEqual((await ask({ entry })).layers[0].schools, found.layers[0].schools);
  assert.equal((await ask({ lon: point.lon, lat: point.lat })).address, null);
  assert.equal((await ask({ address: '槐荫街' })).layers[0].status, 'undetermined');
  assert.equal((await ask({ address: '云栖花园1号楼' })).layers[0].status, 'household_dependent');
  assert.equal((await ask({ address: '云栖花园1号楼', household: 'others=no' })).layers[0].status, 'definite');
  assert.equal((await ask({ address: '没有这个地方' })).address.status, 'unknown');
  assert.equal((await ask({ primary_school: 'primary-1' })).layers[0].schools.length, 0);
});

function* operationsOf() {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) yield { path, method, operation };
  }
}

test('every example is valid', () => {
  let examples = 0;
  const check = ({ example, examples: named = {} }, ...place) => {
    const shared = Object.values(named).map(({ $ref }) => document.components.examples[$ref.split('/').at(-1)].value);
    for (const value of example === undefined ? shared : [example]) {
      assertValid(value, ...place, 'schema');
      examples += 1;
    }
  };
  for (const { path, method, operation } of operationsOf()) {
    for (const [type, content] of Object.entries(operation.requestBody?.content ?? {})) {
      check(content, 'paths', path, method, 'requestBody', 'content', type);
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      for (const [type, content] of Object.entries(response.content ?? {})) {
        check(content, 'paths', path, method, 'responses', status, 'content', type);
      }
    }
  }
  for (const response of Object.values(document.components.responses)) {
    assertValid(response.content['application/problem+json'].example, 'components', 'schemas', 'Problem');
    examples += 1;
  }
  for (const [name, parameter] of Object.entries(document.components.parameters)) {
    assertValid(parameter.example, 'components', 'parameters', name, 'schema');
    examples += 1;
  }
  assert.ok(examples >= 100);
});

test('every reference leads somewhere and every component is used', () => {
  const used = new Set();
  JSON.stringify(document, (key, value) => {
    if (key === '$ref') {
      const found = value.slice(2).split('/').reduce((node, part) => node?.[part], document);
      assert.ok(value.startsWith('#/components/') && found !== undefined, value);
      used.add(value);
    }
    return value;
  });
  for (const kind of ['parameters', 'responses', 'schemas', 'examples']) {
    for (const name of Object.keys(document.components[kind])) assert.ok(used.has(`#/components/${kind}/${name}`), `${kind} ${name}`);
  }
});

// Every role at every door, and bodies that the schemas refuse: roles.py holds the statuses to its table, this the shapes.
test('what a season with a store answers is documented, and by its schemas', async () => {
  const patterns = [...operationsOf()].map((o) => ({ ...o, pattern: new RegExp(`^${o.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }));
  const { exchanges, report } = await playRoles();
  const seen = new Set();
  for (const { method, path, request, status, type, answer } of exchanges) {
    const asked = path.split('?')[0];
    const found = patterns.find((o) => o.method === method.toLowerCase() && o.pattern.test(asked));
    if (found === undefined) continue; // metrics
    const { operation } = found;
    const response = operation.responses[status];
    assert.ok(response, `${method} ${found.path}: ${status} is documented ${JSON.stringify(answer).slice(0, 300)}`);
    const place = response.$ref ? response.$ref.slice(2).split('/') : ['paths', found.path, found.method, 'responses', status];
    if (response.content || response.$ref) assertValid(answer, ...place, 'content', type, 'schema');
    else assert.equal(answer || null, null);
    if (status < 300 && request !== null && operation.requestBody) {
      assertValid(request, 'paths', found.path, found.method, 'requestBody', 'content', 'application/json', 'schema');
    }
    seen.add(`${operation.operationId} ${status}`);
  }
  const answered = (o) => ['200', '201', '202', '204'].some((status) => seen.has(`${o.operationId} ${status}`));
  const silent = [...operationsOf()].map((o) => o.operation).filter((o) => !CITY.has(o.tags[0]) && !answered(o));
  // Signing in elsewhere answers pages (tests/rest/oidc.py); no test makes a code of a second factor; the season's pack asks for receipts, not for a click, and its schools are not the city's.
  assert.deepEqual(silent.map((o) => o.operationId), ['beginOidc', 'endOidc', 'confirmSecondFactor', 'confirm', 'publishForecast']);
  assert.ok(seen.size > 200, report);
});

test('a text is refused just when the schema of its parameter refuses it', async () => {
  let asked = 0;
  for (const [path, item] of city) {
    for (const { name, schema } of parametersOf(item.get).filter((p) => p.schema.maxLength !== undefined)) {
      const fits = ajv.compile(schema);
      const { maxLength } = schema;
      for (const character of ['x', 'é', '路', '𠮷', ' ']) {
        for (const text of [character, character.repeat(maxLength), character.repeat(maxLength + 1)]) {
          const response = await fetch(urlOf(path, item.get, { [name]: text }));
          assert.equal(response.status, fits(text) ? 200 : 400, `${path} ${name}: ${text.length} of ${character}`);
          if (!fits(text)) assert.equal((await response.json()).field, name);
          asked += 1;
        }
      }
    }
  }
  assert.equal(asked, 45);
});

test("a layer's style is one by MapLibre's own rules, and its tiles are there", async () => {
  const { validateStyleMin } = await import('../../viewer/node_modules/@maplibre/maplibre-gl-style-spec/dist/index.mjs');
  const style = await (await fetch(`${service.origin}/v1/style.json?layer=primary/2024/general`)).json();
  assert.deepEqual(validateStyleMin(style), []);
  const tile = style.sources.zones.tiles[0].replace('{z}', 10).replace('{x}', 826).replace('{y}', 410);
  const answer = await fetch(tile);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('cache-control'), /immutable/);
});

test('everything at /ogc answers by the document served there', async () => {
  const api = await (await fetch(`${service.origin}/ogc/api`)).json();
  const ogc = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': true, uri: true } });
  // OpenAPI 3.0 says nullable where JSON Schema has a type of its own.
  const asSchema = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.nullable) node.type = [node.type, 'null'];
    delete node.nullable;
    Object.values(node).forEach(asSchema);
  };
  asSchema(api);
  ogc.addSchema({ $id: 'doc', ...api });
  let asked = 0;
  for (const path of Object.keys(api.paths)) {
    let url = `${service.origin}/ogc${path === '/' ? '' : path.replace('{collectionId}', 'schools')}`;
    if (url.endsWith('/{featureId}')) {
      const page = await (await fetch(url.replace('/{featureId}', '?limit=1'))).json();
      url = url.replace('{featureId}', encodeURIComponent(page.features[0].id));
    }
    const response = await fetch(url);
    assert.equal(response.status, 200, path);
    const place = ['paths', path, 'get', 'responses', '200', 'content', response.headers.get('content-type'), 'schema'];
    const check = ogc.compile({ $ref: pointer(...place) });
    assert.ok(check(await response.json()), path + ' ' + ogc.errorsText(check.errors));
    const again = await fetch(url, { headers: { 'If-None-Match': response.headers.get('etag') } });
    assert.equal(again.status, 304, path);
    asked += 1;
  }
  assert.ok(asked >= 12);
});

test('every refusal is a documented problem that names its field', async () => {
  const lookup = document.paths['/v1/lookup'].get;
  const cases = [
    [urlOf('/v1/lookup', lookup, { lon: 'nan' }), 400, 'parameter_invalid', 'lon'],
    [urlOf('/v1/lookup', lookup, { lon: 'inf' }), 400, 'parameter_invalid', 'lon'],
    [urlOf('/v1/lookup', lookup, { lon: '180.1' }), 400, 'parameter_invalid', 'lon'],
    [urlOf('/v1/lookup', lookup, { lat: '0x10' }), 400, 'parameter_invalid', 'lat'],
    [urlOf('/v1/lookup', lookup, { lat: '' }), 400, 'parameter_invalid', 'lat'],
    [urlOf('/v1/lookup', lookup, { error_m: '-1' }), 400, 'parameter_invalid', 'error_m'],
    [urlOf('/v1/lookup', lookup, { layer: 'primary/1999' }), 404, 'layer_unknown', 'layer'],
    [urlOf('/v1/lookup', lookup) + '&lon=1', 400, 'parameter_duplicate', 'lon'],
    [urlOf('/v1/lookup', lookup) + '&who=me', 400, 'parameter_unknown', 'who'],
    [service.origin + '/v1/lookup?lon=1', 400, 'parameter_missing', 'lat'],
    [service.origin + '/v1/health?x=1', 400, 'parameter_unknown', 'x'],
    [service.origin + '/v1/tiles/primary/2024/general/17/0/0.mvt', 404, 'tile_unknown', 'z/x/y'],
    [service.origin + '/v1/tiles/primary/2024/general/10/1024/0.mvt', 404, 'tile_unknown', 'z/x/y'],
    [service.origin + '/v1/tiles/primary/2024/general/10/01/0.mvt', 404, 'tile_unknown', 'z/x/y'],
    [service.origin + '/v1/nothing', 404, 'path_unknown', undefined],
  ];
  for (const [url, status, code, field] of cases) {
    const response = await fetch(url);
    assert.equal(response.status, status, url);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const problem = await response.json();
    assertValid(problem, 'components', 'schemas', 'Problem');
    assert.deepEqual([problem.code, problem.field], [code, field], url);
  }
  const wrong = await fetch(service.origin + '/v1/lookup', { method: 'POST', body: '{}' });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get('allow'), 'GET, HEAD');
});
