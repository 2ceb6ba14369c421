/* What the annotate view and the reviewer's result share: the panes to mark in, the rail of tools, and the
   keys that come from the schema. */

import type { JSX } from "preact";
import { say, t, type MessageKey } from "../../app/messages";
import type { Pane } from "../../app/desk";
import { attrKeys } from "../../schema/letters";
import { Icon, type IconName } from "../icons";
import type { Entry } from "../keys";
import type { Command } from "../keytable";
import { Button, Key } from "../parts";
import type { Acts } from "./acts";
import { Find } from "./asks";
import { answerEntries } from "./dock";
import { certaintyKeys } from "./inspector";
import { labelEntries, LabelStrip } from "./labels";
import { ImageButtons, ImagePane, PaneHead, TextPane } from "./panes";

/* G and this letter go to the pane: the first of its name that no other pane and no page command uses. */
export function paneLetters(panes: readonly Pane[]): Map<string, string> {
  const taken = new Set(["G", "H", "Q"]),
    out = new Map<string, string>();
  for (const p of panes) {
    const c = [...p.id.toUpperCase()].find((x) => /[A-Z0-9]/.test(x) && !taken.has(x)) ?? String(out.size + 1);
    taken.add(c);
    out.set(p.id, c);
  }
  return out;
}

export function focusPane(id: string): void {
  document
    .querySelector<HTMLElement>(`[data-pane="${CSS.escape(id)}"] .lines, [data-pane="${CSS.escape(id)}"] .film`)
    ?.focus({ preventScroll: true });
}

export function schemaEntries(acts: Acts, letters: ReadonlyMap<string, string>): Entry[] {
  const { desk } = acts,
    task = desk.schema.tasks.get(acts.selected?.task ?? ""),
    out: Entry[] = [...labelEntries(acts), ...answerEntries(acts)];
  for (const [id, letter] of letters)
    out.push({
      scope: "everywhere",
      keys: [`G ${letter}`],
      say: t("key.goPane", { stream: id }),
      run: () => focusPane(id),
    });
  if (task !== undefined)
    for (const [attr, key] of attrKeys(task, desk.schema.labels))
      out.push({
        scope: "marks",
        keys: [key.toUpperCase()],
        say: say(desk.schema.attrs.get(attr)?.name ?? {}),
        run: () => acts.stepAttr(attr),
      });
  for (const c of certaintyKeys(acts))
    out.push({
      scope: "marks",
      keys: c.keys,
      say: `${t("certainty")}: ${c.value} %`,
      run: () => acts.certainty(c.value),
    });
  return out;
}

export function imageCommands(
  acts: Acts,
  r: NonNullable<ReturnType<Acts["rasters"]["get"]>>,
): Partial<Record<Command, () => void>> {
  const placing = acts.desk.tool.value;
  return {
    box: () => acts.setTool("box"),
    point: () => acts.setTool("point"),
    window: () => acts.setTool("window"),
    pan: () => acts.setTool("pan"),
    zoomIn: () => r.zoom(1.25),
    zoomOut: () => r.zoom(0.8),
    fit: () => r.reset(),
    invert: () => r.invert(),
    ...(placing === "box" || placing === "point" ? { place: () => r.place(placing === "box" ? "rect" : "point") } : {}),
  };
}

const TOOLS: readonly {
  tool: "select" | "box" | "point" | "window" | "pan";
  icon: IconName;
  of: Command;
  shape?: string;
}[] = [
  { tool: "select", icon: "pointer", of: "select" },
  { tool: "box", icon: "box", of: "box", shape: "rect" },
  { tool: "point", icon: "point", of: "point", shape: "point" },
  { tool: "window", icon: "window", of: "window" },
  { tool: "pan", icon: "pan", of: "pan" },
];

export function Rail({ acts }: { acts: Acts }): JSX.Element {
  const { desk } = acts,
    shapes = new Set(desk.schema.schema.tasks.map((x) => x.shape as string)),
    images = desk.panes.filter((p) => p.image !== null);
  const pick = (tool: (typeof TOOLS)[number]["tool"]): void => {
    if (tool === "select") return acts.cancel();
    if (!images.some((p) => p.id === desk.focus.peek())) focusPane(images[0]?.id ?? "");
    acts.setTool(tool);
  };
  return (
    <aside class="rail" aria-label={t("tools")}>
      {TOOLS.filter((x) => x.shape === undefined || shapes.has(x.shape)).map((x) => (
        <button
          type="button"
          class={`rt${desk.tool.value === x.tool ? " on" : ""}`}
          key={x.tool}
          aria-pressed={desk.tool.value === x.tool}
          title={t(`key.${x.of}` as MessageKey)}
          onClick={() => pick(x.tool)}
        >
          <span class="sr">{t(`key.${x.of}` as MessageKey)}</span>
          <Icon name={x.icon} />
          <Key of={x.of} />
        </button>
      ))}
      {desk.schema.relations.size > 0 && (
        <button
          type="button"
          class={`rt${desk.tool.value === "relation" ? " on" : ""}`}
          aria-pressed={desk.tool.value === "relation"}
          title={t("key.relation")}
          onClick={() => acts.relation()}
        >
          <span class="sr">{t("relation")}</span>
          <Icon name="link" />
          <Key of="relation" />
        </button>
      )}
      <button
        type="button"
        class="rt"
        title={t("comment")}
        onClick={() => {
          acts.ask.value = "comment";
        }}
      >
        <span class="sr">{t("comment")}</span>
        <Icon name="comment" />
        <Key of="comment" />
      </button>
    </aside>
  );
}

export function PaneBox({ acts, pane, cap }: { acts: Acts; pane: Pane; cap: string }): JSX.Element {
  const image = pane.brief.kind === "image";
  return (
    <section
      class={`pane${acts.desk.focus.value === pane.id ? " focus" : ""}`}
      data-pane={pane.id}
      aria-label={pane.id}
    >
      <PaneHead acts={acts} pane={pane} cap={cap}>
        <>
          {!image && (
            <Button
              kind="ghost icon sm"
              icon="search"
              of="find"
              label={t("key.find")}
              disabled={pane.text === null}
              onClick={acts.find(pane.id)}
            />
          )}
          <LabelStrip acts={acts} stream={pane.id} />
          {image && <ImageButtons acts={acts} pane={pane} />}
        </>
      </PaneHead>
      {image ? (
        <div class="view imageview">
          <ImagePane acts={acts} pane={pane} />
        </div>
      ) : (
        <div class="scroll view">
          <TextPane acts={acts} pane={pane} />
        </div>
      )}
      {acts.finding.value?.pane === pane.id && <Find acts={acts} pane={pane} />}
    </section>
  );
}
