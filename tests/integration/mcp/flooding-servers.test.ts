import { afterEach, describe, expect, test } from '@jest/globals';
import { isRunning } from '../../support/is-running.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

describe('a server that writes too much', () => {
  test.each(['good', 'old'])(
    'of changes of its tools is asked for them now and then, with the protocol of one that is %s [MCP-5]',
    async (behaviour) => {
      place = poolPlace();
      const project = place.project({ one: fixture(behaviour) });
      expect(await place.call(project, 'flood-changes', { count: 5_000 })).toBe('flooded');
      expect(Number(await place.call(project, 'lists'))).toBeLessThan(100);
    },
  );

  test.each([
    ['endless-tools', 640],
    ['circle-of-tools', 20],
  ])('in pages of its tools, as %s, is read up to a bound, and told [MCP-5]', async (behaviour, count) => {
    place = poolPlace();
    const project = place.project({ one: fixture(behaviour) });
    const { signal } = new AbortController();
    expect(await place.servers.inspect('one', { project, conversation: 'c' }, signal)).toMatchObject({
      tools: { length: count },
    });
    expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', cut: ['tools'] });
    const told = place.lines.filter(({ message }) => String(message).includes('the rest is left out'));
    expect(told).toMatchObject([{ server: 'one', list: 'tools' }]);
  });

  test('in one tool is read past that one, and told [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('deep-tool') });
    const { signal } = new AbortController();
    expect(await place.servers.inspect('one', { project, conversation: 'c' }, signal)).toMatchObject({
      tools: [{ name: 'flat' }],
    });
    expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', cut: ['tools'] });
  });

  test('in lines is read past, with what is no message [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    expect(await place.call(project, 'flood')).toBe('flooded');
    expect(await place.call(project, 'garbage')).toBe('tidy');
    expect(place.lines.filter(({ message }) => String(message).includes('no message'))).toHaveLength(1);
    expect(place.starts()).toHaveLength(1);
  });

  test.each([
    ['nothing', '{}'],
    ['no message of the protocol', '{"jsonrpc":"2.0"}'],
    ['no JSON', 'x'],
    ['requests', '{"jsonrpc":"2.0","id":"a","method":"ping"}'],
    ['answers to nothing', '{"jsonrpc":"2.0","id":"a","result":{}}'],
  ])('in lines of %s is ended, and told [MCP-5]', async (_, line) => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    await expect(place.call(project, 'flood-with', { line })).rejects.toThrow(
      'wrote more than 1000 lines in a second that nobody asked for during tool "flood-with"',
    );
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
    expect(place.starts()).toHaveLength(2);
  });

  test('in values of what nobody asked for is ended, and told; of news it is heard as far as that [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('old') });
    const many = `{"all":[${Array.from({ length: 2_000 }, () => 1).join()}]}`;
    const news = `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":${many}}}`;
    // Of both together fewer lines than may come in a second: it is the values that are too many.
    expect(await place.call(project, 'flood-with', { line: news, count: 450 })).toBe('flooded');
    const asked = `{"jsonrpc":"2.0","id":"a","method":"ping","params":${many}}`;
    await expect(place.call(project, 'flood-with', { line: asked, count: 500 })).rejects.toThrow(
      'wrote more than 100000 values in a second that nobody asked for',
    );
  });

  test('in questions whose answers it does not read is ended, and told [MCP-5]', async () => {
    let now = 0;
    // Each line comes in a second of its own.
    place = poolPlace({ now: () => (now += 1_000) });
    const project = place.project({ one: fixture('old') });
    await expect(place.call(project, 'flood-questions')).rejects.toThrow(
      'asked us more than 1000 things whose answers it does not read',
    );
  });

  test('of news is heard as far as anybody can, and its answer comes [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('old') });
    const line = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}';
    expect(await place.call(project, 'flood-with', { line })).toBe('flooded');
    expect(place.starts()).toHaveLength(1);
  });

  test('in one line is ended [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    await expect(place.call(project, 'flood-line')).rejects.toThrow(
      'wrote a line of more than 10485760 characters',
    );
    await until(() => place.starts().filter(isRunning).length === 0);
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  });
});
