/* The list under ; for labels without a key: type a few letters, Enter takes the first. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say, t } from "../../app/messages";
import { Button, Chip, Dialog } from "../parts";
import type { Acts } from "./acts";
import { choicesOn, type Choice } from "./labels";

export function QuickList({ acts, onClose: close }: { acts: Acts; onClose: () => void }): JSX.Element {
  const [typed, setTyped] = useState(""),
    pane = acts.desk.focus.value;
  const streams = acts.desk.panes.map((p) => p.id),
    on = streams.includes(pane) ? pane : (streams[0] ?? "");
  const list = choicesOn(acts, on).filter((c) =>
    say(c.label.name).toLocaleLowerCase().includes(typed.toLocaleLowerCase()),
  );
  const take = (c: Choice | undefined): void => {
    if (c === undefined) return;
    close();
    acts.desk.focus.value = on;
    acts.choose(c.task, c.label.id);
  };
  return (
    <Dialog
      title={t("labels.quick")}
      onClose={close}
      footer={
        <Button k="Escape" onClick={close}>
          {t("cancel")}
        </Button>
      }
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          take(list[0]);
        }}
      >
        <input
          class="input"
          aria-label={t("labels.type")}
          placeholder={t("labels.type")}
          autocomplete="off"
          value={typed}
          onInput={(e) => setTyped(e.currentTarget.value)}
        />
      </form>
      <div class="quick">
        {list.map((c, i) => (
          <button
            type="button"
            class={`row${i === 0 ? " on" : ""}`}
            key={`${c.task.id} ${c.label.id}`}
            onClick={() => take(c)}
          >
            <Chip color={c.label.color} letter={acts.desk.letters.get(c.label.id) ?? "·"} />
            <span class="t">{say(c.label.name)}</span>
            <span class="m">{say(c.task.name)}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
