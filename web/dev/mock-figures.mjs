/* Invented figures and reads for the mock node. */
const absent = { none: 0, not_assessed: 0, cannot_judge: 3 };
export const FIGURES = [
  { id: "urgency", of: "question", n: 86, coverage: "0.934783", percent: "0.872093", alpha: "0.791204", f1: null, reason: null, absent, per_label: [{ label: "urgent", n: 24, f1: "0.869565" }, { label: "soon", n: 41, f1: "0.842105" }, { label: "routine", n: 21, f1: "0.918919" }], confusion: { labels: ["urgent", "soon", "routine"], cells: [[20, 4, 0], [3, 36, 2], [0, 2, 19]] } },
  { id: "quality", of: "question", n: 91, coverage: "0.989130", percent: "0.615385", alpha: null, f1: null, reason: "a rating has percent agreement only", absent: { none: 0, not_assessed: 0, cannot_judge: 0 }, per_label: [], confusion: null },
  { id: "risks", of: "question", n: 60, coverage: "0.652174", percent: "0.911111", alpha: "0.702331", f1: null, reason: null, absent: { none: 28, not_assessed: 0, cannot_judge: 0 }, per_label: [{ label: "smoker", n: 33, f1: "0.938462" }, { label: "asbestos", n: 8, f1: "0.714286" }, { label: "family", n: 12, f1: null }], confusion: null },
  { id: "findings", of: "task", n: 612, coverage: "1.000000", percent: null, alpha: null, f1: "0.812834", reason: "regions have F1, no alpha", per_label: [{ label: "problem", n: 288, f1: "0.831502" }, { label: "lung_problem", n: 121, f1: "0.774194" }, { label: "drug", n: 130, f1: "0.901345" }, { label: "test", n: 52, f1: "0.688312" }, { label: "negation", n: 21, f1: "0.590909" }], confusion: { labels: ["problem", "lung_problem", "drug", "test", "negation", "none"], cells: [[230, 14, 1, 3, 0, 18], [11, 88, 0, 0, 0, 9], [0, 0, 121, 2, 0, 4], [4, 0, 1, 41, 0, 6], [0, 0, 0, 0, 15, 5], [12, 8, 3, 7, 4, 0]] } },
  { id: "boxes", of: "task", n: 143, coverage: "1.000000", percent: null, alpha: null, f1: "0.744186", reason: "regions have F1, no alpha", per_label: [{ label: "nodule", n: 118, f1: "0.772277" }, { label: "effusion", n: 25, f1: "0.600000" }], confusion: { labels: ["nodule", "effusion", "none"], cells: [[84, 2, 14], [3, 15, 5], [17, 3, 0]] } },
];
export const READS = Array.from({ length: 40 }, (_, i) => ({
  index: 140 - i, at_ms: Date.now() - i * 8e5, user: ["l.hartmann", "s.brook", "a.rennick"][i % 3], role: i % 3 === 2 ? "reviewer" : "annotator", purpose: i % 3 === 2 ? "review" : "label",
  patient: `p_${(i * 7919 % 100000).toString(16)}a41`, item: `i${1 + (i % 9)}`, assignment: i % 3 === 2 ? null : `a${1 + (i % 7)}`, n: i % 4 === 0 ? 1 : null, streams: i % 2 ? ["note", "film"] : ["note"], outcome: i === 5 ? "refused" : "shown",
}));
