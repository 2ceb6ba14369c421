/* Invented records for the mock node: notes with umlauts, astral characters and CRLF, and films drawn by
   arithmetic. Nothing here comes from a real patient. */
import { deflateSync } from "node:zlib";

export const NOTES = [
  `DISCHARGE SUMMARY\nInternal medicine, written on day 6\n\nReason for admission:\nMelaena for two days and light-headedness on standing, while taking apixaban for atrial fibrillation.\n\nHistory:\n78-year-old woman, retired baker. Atrial fibrillation since 2019, hypertension. Took ibuprofen 400 mg three times daily for knee pain in the week before admission. No haematemesis, denies previous ulcer.\n\nFindings:\nBlood pressure 98/56 mmHg, heart rate 112/min, irregular. Abdomen soft. Rectal examination: black stool. Haemoglobin 7.9 g/dL (11.8 in August), INR 1.2.\nGastroscopy on day 1: 8 mm ulcer of the duodenal bulb, Forrest IIa, two clips placed.\nChest film: round opacity in the right lower zone, about 2 cm.\n\nCourse:\nApixaban 5 mg twice daily was paused, two units of red cells given. Pantoprazole 80 mg as a bolus, then 40 mg twice daily. No further drop in haemoglobin until discharge.\n\nPlan:\nApixaban restarted on day 5 after discussion with cardiology; the patient was told which signs should bring her back.\n`,
  `Notaufnahme\r\n\r\nAnlass: Husten seit drei Wochen, Gewichtsverlust 4 kg, kein Fieber.\r\nVorgeschichte: Arterielle Hypertonie, Z. n. Cholezystektomie. Raucherin, 30 py.\r\nBefund: RR 145/85 mmHg, SpO₂ 94 %. Auskultation: vesikuläres Atemgeräusch, keine Rasselgeräusche.\r\nRöntgen-Thorax: Rundherd im rechten Oberfeld, ca. 18 mm. 🫁 Zweitbefund erbeten.\r\nTherapie: Ramipril 5 mg 1-0-0.\r\nProcedere: CT Thorax, Vorstellung Tumorboard.\r\n`,
  `Clinic letter\n\nThank you for seeing this 54-year-old man with a chest film taken before surgery. He has no cough and no haemoptysis. He takes metformin 1000 mg twice daily.\n\nThe film shows two small nodules in the left upper zone. No effusion. Heart size normal. 𝄞\n\nPlan: repeat film in three months.\n`,
];

/* Grey picture with two lungs, ribs and some round nodules, the first in the patient's right lower zone. */
export function film(w, h, seed) {
  const px = Buffer.alloc(w * h),
    spots = [{ x: 0.305 * w, y: 0.62 * h, r: 0.026 * w }];
  let s = seed >>> 0;
  const rnd = () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < 2 + (seed % 2); i++)
    spots.push({ x: (0.28 + 0.44 * rnd()) * w, y: (0.3 + 0.35 * rnd()) * h, r: (0.015 + 0.02 * rnd()) * w });
  const lung = (x, y, cx) => Math.exp(-((((x - cx) / 0.17) ** 2 + ((y - 0.47) / 0.3) ** 2) ** 2));
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const u = x / w,
        v = y / h,
        body = Math.exp(-(((u - 0.5) / 0.5) ** 6));
      let g = 60 + 130 * body - 120 * (lung(u, v, 0.31) + lung(u, v, 0.69));
      g += 22 * Math.max(0, Math.sin(v * 60 + 14 * Math.abs(u - 0.5))) ** 6 * body;
      g +=
        60 * Math.exp(-(((u - 0.5) / 0.05) ** 2)) +
        50 * Math.exp(-(((u - 0.57) / 0.12) ** 2 + ((v - 0.62) / 0.14) ** 2));
      for (const n of spots) g += 62 * Math.exp(-((((x - n.x) ** 2 + (y - n.y) ** 2) / n.r ** 2) ** 2));
      px[y * w + x] = Math.max(0, Math.min(255, g + (rnd() - 0.5) * 14));
    }
  return { png: png(w, h, px), spots };
}

function png(w, h, px) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]),
      out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(checksum(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(w, 0);
  head.writeUInt32BE(h, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((w + 1) * h);
  for (let y = 0; y < h; y++) px.copy(rows, y * (w + 1) + 1, y * w, (y + 1) * w);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function checksum(b) {
  let c = ~0;
  for (const x of b) {
    c ^= x;
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1));
  }
  return ~c >>> 0;
}
