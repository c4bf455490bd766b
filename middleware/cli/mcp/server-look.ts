import type { HeldTools } from '../../features/mcp/definitions/tool-pins.ts';
import type { Inspection } from '../../features/mcp/inspection.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';

/** A server, and how it was found. */
export interface ServerLook {
  readonly name: string;
  readonly server: McpServer;
  readonly state:
    | (Inspection & {
        readonly kind: 'connected';
        readonly ms: number;
        /** Tools that were changed, and wait for their user's word. */
        readonly held: HeldTools;
      })
    | { readonly kind: 'failed'; readonly reason: string }
    /** Its project wants it, and nobody has allowed it. */
    | { readonly kind: 'pending' }
    | { readonly kind: 'off' }
    /** It is the middleware's own `/mcp`. */
    | { readonly kind: 'own' }
    /** A permission rule keeps all of it away. */
    | { readonly kind: 'denied'; readonly rule: string }
    | { readonly kind: 'broken'; readonly fault: string };
}
