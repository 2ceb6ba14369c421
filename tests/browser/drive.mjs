/* One drive as a test of node:test. */
import { join } from "node:path";
import { after, test } from "node:test";
import { closeBrowser, openNode, real, visit } from "./harness.mjs";

after(() => closeBrowser());

/* A node and a page of its own, both closed whatever happens, and a clean console at the end. */
export function drive(name, options, f) {
  test(
    name,
    {
      skip: options.mockOnly === true && real ? "needs the mock node" : false,
      timeout: 120000,
    },
    async () => {
      const node = await openNode(),
        view = await visit(node, options);
      try {
        await f({ node, ...view });
        await view.guard.clean();
      } catch (e) {
        if (process.env.CLOISTER_DRIVE_SHOTS)
          await view.page.screenshot({
            path: join(
              process.env.CLOISTER_DRIVE_SHOTS,
              `${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png`,
            ),
          });
        throw e;
      } finally {
        await view.close();
        await node.stop();
      }
    },
  );
}
