import { CheckedConnections } from '../../../platform/network/checked-connections.ts';
import { firstKinds, type FirstKinds } from '../../../platform/network/first-kinds.ts';
import { kindsOf, kindTexts, resolveHost, type Resolve } from '../../../platform/network/host-kind.ts';

/**
 * Connections to a server: wherever its user says that it is, and no further inside than its name led when it was first
 * looked up. Whoever has the name in hand could have us ask something of this machine, or its network, later.
 */
export function connectionsToServer(
  first: FirstKinds = firstKinds,
  resolve: Resolve = resolveHost,
): CheckedConnections {
  return new CheckedConnections(async ({ hostname }) => {
    const addresses = await resolve(hostname);
    const before = first.learn(hostname, kindsOf(addresses));
    for (const address of addresses)
      for (const kind of kindsOf([address]))
        if (kind !== 'public' && !before.has(kind))
          throw new Error(
            `${hostname} led elsewhere when it was first used, and now to ${address}, ${kindTexts[kind]}: start Codex-Plus again if that is right`,
          );
    return addresses;
  });
}
