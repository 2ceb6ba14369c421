/* The whole text of each guideline of the item. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say, t } from "../app/messages";
import type { Guideline } from "../model/types";
import { Markdown } from "./markdown";
import { Button, Dialog } from "./parts";

export function GuidelineDialog({
  guidelines,
  onClose,
}: {
  guidelines: readonly Guideline[];
  onClose: () => void;
}): JSX.Element {
  const [at, setAt] = useState(0),
    g = guidelines[at];
  return (
    <Dialog
      title={t("guideline")}
      wide
      onClose={onClose}
      footer={
        <Button k="Escape" onClick={onClose}>
          {t("close")}
        </Button>
      }
    >
      {guidelines.length > 1 && (
        <div class="seg">
          {guidelines.map((x, i) => (
            <button type="button" key={i} aria-pressed={i === at} onClick={() => setAt(i)}>
              {say(x.title)}
            </button>
          ))}
        </div>
      )}
      <div class="guide whole" tabIndex={0} role="region" aria-label={say(g?.title ?? {})}>
        {g !== undefined && <Markdown text={say(g.body)} assets={g.assets} />}
      </div>
    </Dialog>
  );
}
