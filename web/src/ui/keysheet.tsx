/* The sheet under ?: the keys that work now, read from the layers that answer them. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, type MessageKey } from "../app/messages";
import { live, type Entry } from "./keys";
import { KEYS, cap, SCOPES, type Command } from "./keytable";
import { Button, Dialog } from "./parts";

function words(e: Entry): string {
  return e.say in KEYS ? t(KEYS[e.say as Command].say) : e.say;
}

export function KeySheet({ onClose }: { onClose: () => void }): JSX.Element {
  const [entries] = useState<readonly Entry[]>(live);
  return (
    <Dialog
      title={t("keys.all")}
      wide
      onClose={onClose}
      commands={{ sheet: onClose }}
      footer={
        <Button k="Escape" onClick={onClose}>
          {t("close")}
        </Button>
      }
    >
      <div class="keysheet">
        {SCOPES.map((scope) => {
          const mine = entries.filter((e) => e.scope === scope);
          return mine.length === 0 ? null : (
            <div key={scope}>
              <h3 class="over">{t(`scope.${scope}` as MessageKey)}</h3>
              <ul>
                {mine.map((e, i) => (
                  <li key={i}>
                    <span class="keys">
                      {(e.keys[0] ?? "").split(" ").map((k, j) => (
                        <kbd class="key" key={j}>
                          {cap(k)}
                        </kbd>
                      ))}
                    </span>
                    <span>{words(e)}</span>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
      <p class="hint">{t("keys.inert")}</p>
    </Dialog>
  );
}
