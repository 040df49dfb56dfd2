'use strict';
// Google's client for Node against the BigQuery at BIGQUERY_EMULATOR_HOST.
//
// Prints a line for each case that fails and how many passed; exits with 1 where one failed.
const assert = require('node:assert/strict');
const {Readable} = require('node:stream');
const {pipeline} = require('node:stream/promises');
const {BigQuery} = require('@google-cloud/bigquery');

const host = process.env.BIGQUERY_EMULATOR_HOST;
const noCredentials = {
  getRequestHeaders: async () => new Headers(),
  request: async options => {
    const answer = await fetch(options.url, options);
    return {data: await answer.json(), status: answer.status, headers: answer.headers};
  },
};
const client = new BigQuery({projectId: 'clients', apiEndpoint: host, authClient: noCredentials});

const cases = {
  async parameters() {
    const query =
      'SELECT @i AS i, @f AS f, @s AS s, @b AS b, @n AS n, @d AS d, @l AS l, @u.x AS x, @t AS t';
    const params = {
      i: 41,
      f: 1.5,
      s: 'text',
      b: true,
      n: null,
      d: client.date('2026-01-01'),
      l: [1, 2],
      u: {x: 'in'},
      t: new Date('2026-01-01T00:00:00Z'),
    };
    const [[row]] = await client.query({query, params, types: {n: 'STRING'}});
    assert.deepEqual(
      {...row, d: row.d.value, t: row.t.value},
      {i: 41, f: 1.5, s: 'text', b: true, n: null, d: '2026-01-01', l: [1, 2], x: 'in',
        t: '2026-01-01T00:00:00.000Z'},
    );
  },

  async positionalParametersAndNumbersThatDoNotFit() {
    const query = 'SELECT ? + 1 AS a, 9223372036854775807 AS b';
    const [[row]] = await client.query({query, params: [1], wrapIntegers: true});
    assert.equal(row.b.value, '9223372036854775807');
  },

  async tablesAndStreamedRows() {
    const schema = [
      {name: 'id', type: 'INT64', mode: 'REQUIRED'},
      {name: 's', type: 'STRING'},
      {name: 'tags', type: 'STRING', mode: 'REPEATED'},
      {name: 'at', type: 'TIMESTAMP'},
    ];
    const [table] = await client.dataset('node').createTable('rows', {schema});
    await table.insert([
      {id: 1, s: null, tags: ['a', 'b'], at: client.timestamp('2026-01-01T00:00:00Z')},
      {id: 2, s: 'x', tags: [], at: null},
    ]);
    const [rows] = await table.getRows();
    assert.deepEqual(
      rows.sort((a, b) => a.id - b.id).map(r => [r.id, r.s, r.tags]),
      [[1, null, ['a', 'b']], [2, 'x', []]],
    );
    await assert.rejects(table.insert([{id: 'no number'}]), {name: 'PartialFailureError'});
    const [metadata] = await table.setMetadata({description: 'told'});
    assert.equal(metadata.description, 'told');
  },

  async loadsAStream() {
    const table = client.dataset('node').table('loaded');
    const lines = Readable.from(['{"id":1,"s":"a"}\n{"id":2,', '"s":null}\n']);
    await pipeline(
      lines,
      table.createWriteStream({
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        schema: {fields: [{name: 'id', type: 'INTEGER'}, {name: 's', type: 'STRING'}]},
      }).on('complete', job => assert.equal(job.metadata.status.state, 'DONE')),
    );
    const [[row]] = await client.query('SELECT COUNT(*) AS n, COUNT(s) AS s FROM node.loaded');
    assert.deepEqual(row, {n: 2, s: 1});
  },

  async jobsAndPages() {
    const [job] = await client.createQueryJob({
      query: 'SELECT x FROM UNNEST(GENERATE_ARRAY(1, 2500)) AS x ORDER BY x',
      labels: {asked_by: 'node'},
    });
    const [rows] = await job.getQueryResults({maxResults: 1000, autoPaginate: true});
    assert.equal(rows[rows.length - 1].x, rows.length);
    let streamed = 0;
    for await (const row of client.createQueryStream('SELECT 1 AS x UNION ALL SELECT 2')) {
      streamed += row.x;
    }
    assert.equal(streamed, 3);
    const [metadata] = await job.getMetadata();
    assert.equal(metadata.configuration.labels.asked_by, 'node');
    const [jobs] = await client.getJobs({maxResults: 5});
    assert.ok(jobs.length > 0);
  },

  async dryRunsAndErrors() {
    const [job] = await client.createQueryJob({query: 'SELECT 1 AS one', dryRun: true});
    assert.equal(job.metadata.statistics.query.schema.fields[0].name, 'one');
    await assert.rejects(client.query('SELECT nothing'), /Unrecognized name: nothing/);
    await assert.rejects(client.dataset('absent').getMetadata(), {code: 404});
    assert.deepEqual(await client.dataset('absent').exists(), [false]);
  },

  async lists() {
    const [datasets] = await client.getDatasets();
    assert.ok(datasets.some(dataset => dataset.id === 'node'));
    const [tables] = await client.dataset('node').getTables();
    assert.ok(tables.some(table => table.id === 'loaded'));
  },
};

async function main() {
  await client.createDataset('node');
  let failed = 0;
  for (const [name, test] of Object.entries(cases)) {
    try {
      await test();
    } catch (error) {
      failed++;
      console.log(`${name}: ${String(error.stack).slice(0, 900)}`);
    }
  }
  const count = Object.keys(cases).length;
  console.log(`${count - failed} of ${count}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main();
