import { Router, type Request } from 'express';

/**
 * `GET /help`: the commands as a page, those of a project with `?workspace=`. The page may load and run nothing.
 */
export function createHelpRoute(
  page: (req: Request, workspace: string | undefined) => Promise<string>,
): Router {
  const router = Router();
  router.get('/help', async (req, res) => {
    const { workspace } = req.query;
    res.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    res.set('x-content-type-options', 'nosniff');
    res.type('html').send(await page(req, typeof workspace === 'string' ? workspace : undefined));
  });
  return router;
}
