/* A film by mouse: boxes drawn, moved, resized; zoom, window, invert; a relation to a phrase of the note. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, markWords, openItem, saved, until } from "./harness.mjs";

drive(
  "boxes are drawn on a film and joined to a phrase",
  { mockOnly: true },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a3");
    await page.waitForSelector(".film canvas");
    const doc = () => node.mock.state.assignments.get("a3").draft.doc,
      film = await page.locator(".film").boundingBox();
    const drag = async (x1, y1, x2, y2) => {
      await page.mouse.move(film.x + x1, film.y + y1);
      await page.mouse.down();
      await page.mouse.move(film.x + (x1 + x2) / 2, film.y + (y1 + y2) / 2, {
        steps: 4,
      });
      await page.mouse.move(film.x + x2, film.y + y2, { steps: 4 });
      await page.mouse.up();
    };
    await page.locator(".film").focus();
    await page.keyboard.press("1");
    await drag(120, 150, 180, 220);
    await saved(page);
    const first = doc().regions[0];
    assert.equal(first.sel.t, "rect");
    assert.ok(
      Math.abs(first.sel.w / first.sel.h - 60 / 70) < 0.02,
      "the box has the drag's shape",
    );

    await page.keyboard.press("Escape");
    await drag(150, 185, 170, 195);
    await saved(page);
    const moved = doc().regions[0];
    assert.equal(moved.sel.w, first.sel.w);
    assert.ok(
      moved.sel.x > first.sel.x && moved.sel.y > first.sel.y,
      "the box was moved",
    );
    await drag(200, 230, 230, 260);
    await saved(page);
    assert.ok(doc().regions[0].sel.w > moved.sel.w, "a corner was pulled");

    const grey = () =>
      page.evaluate(() => {
        const c = document.querySelector(".pixels");
        return c.getContext("2d").getImageData(c.width / 4, c.height / 2, 1, 1)
          .data[0];
      });
    const before = await grey();
    await page.keyboard.press("Shift+W");
    await until(
      "the picture is inverted",
      async () => Math.abs((await grey()) - (255 - before)) < 3,
    );
    await page.keyboard.press("w");
    await drag(100, 100, 60, 100);
    await until("the window is narrower", async () =>
      /W 216/.test(await page.locator(".hud").textContent()),
    );
    await page.keyboard.press("Home");
    await until(
      "the picture is plain again",
      async () => Math.abs((await grey()) - before) < 3,
    );
    await page.mouse.move(film.x + 100, film.y + 100);
    await page.mouse.wheel(0, -400);
    await until(
      "the picture is closer",
      async () =>
        Number(
          /([\d.]+)×$/.exec(
            await page.locator(".hud text").last().textContent(),
          )[1],
        ) > 1.5,
    );
    await page.keyboard.press("Home");

    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator(".lines").focus();
    await page.keyboard.press("2");
    await markWords(page, "round opacity in the right lower zone");
    await page.keyboard.press("a");
    await page.keyboard.press("Escape");
    await page.keyboard.press("l");
    await page.locator(`.shapes [data-r="${first.id}"] .shape`).click();
    await saved(page);
    assert.equal(doc().relations.length, 1);
    await until("the line between the panes", () =>
      page.locator(".arcs.z .arc").count(),
    );
    await accessible(page, "session");
  },
);
