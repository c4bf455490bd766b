import { describe, expect, it } from '@jest/globals';
import { selfTimes, type CpuProfile } from '../../../benchmarks/profile/cpu-profile.ts';

describe('the self times of a CPU profile', () => {
  const node = (id: number, functionName: string, url: string) => ({
    id,
    callFrame: { functionName, url, lineNumber: 4 },
  });
  const profile: CpuProfile = {
    nodes: [
      node(1, 'scan', 'file:///project/middleware/scan.ts'),
      node(2, '(idle)', ''),
      node(3, '', 'node:net'),
    ],
    startTime: 1_000,
    samples: [1, 2, 1, 3, 1],
    timeDeltas: [10, 20, 30, 40, 50],
  };

  it('are added up by function and place', () => {
    expect(selfTimes(profile, [{ fromUs: 0, untilUs: 9_999 }], '/project')).toEqual(
      new Map([
        ['scan middleware/scan.ts:5', 90],
        ['(idle)', 20],
        ['anonymous node:net:5', 40],
      ]),
    );
  });

  it('are those of samples within the spans alone', () => {
    const spans = [
      { fromUs: 1_020, untilUs: 1_060 },
      { fromUs: 1_150, untilUs: 1_150 },
    ];
    expect(selfTimes(profile, spans, '/project')).toEqual(
      new Map([
        ['(idle)', 20],
        ['scan middleware/scan.ts:5', 80],
      ]),
    );
  });
});
