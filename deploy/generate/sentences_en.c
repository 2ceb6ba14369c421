/* sentences_en.c - what an English note says. */
#include "sentences.h"

#define NODULE(side, zone, n)                                                                      \
    "[p#N" #n "|{mm" #n "} mm nodule in the " side " " zone " zone], well defined.\n"
#define ZONES(side)                                                                                \
    {                                                                                              \
        {NODULE(side, "upper", 0), NODULE(side, "upper", 1), NODULE(side, "upper", 2)},            \
            {NODULE(side, "middle", 0), NODULE(side, "middle", 1), NODULE(side, "middle", 2)},     \
        {                                                                                          \
            NODULE(side, "lower", 0), NODULE(side, "lower", 1), NODULE(side, "lower", 2)           \
        }                                                                                          \
    }

const struct sentences english = {
    .head = {"PROGRESS NOTE\n\n", "ED NOTE\n\n", "Admission note, internal medicine\n\n",
             "Clinic letter\n\n"},
    .section = {"HISTORY\n", "EXAMINATION\n", "RESULTS\n", "ASSESSMENT AND PLAN\n"},
    .fever = {"[n|No [p|fever]]. ", "[p|Fever] up to {temp} C. "},
    .cough = {"[n|Denies [p|cough]]. ", "[p|Productive cough] with yellow sputum. "},
    .dyspnoea = {"[n|No [p|SOB]] at rest. ",
                 "[p|Shortness of breath] on exertion, worse lying flat. "},
    .pain = {"[n|Denies [p|chest pain]]. ", "[p|Pleuritic chest pain], left sided. "},
    .smoker = {"Never smoked. ", "Smoker, about 20 pack-years. "},
    .onset = "{age} yo pt, unwell for {days} d. ",
    .history =
        {"Started on [d#a|amoxicillin] [o#a|500 mg TID] by the GP without effect.\n",
         "Known [p|COPD] GOLD 3, uses [d#a|tiotropium] [o#a|18 mcg daily] and [d#b|salbutamol] "
         "[o#b|2 puffs PRN].\n",
         "Referred for f/u of a [p|solitary pulmonary nodule], [n|no [p|weight loss]].\n",
         "Hx of [p|CHF], EF 35%. Takes [d#a|furosemide] [o#a|40 mg BID], [d#b|bisoprolol] "
         "[o#b|5 mg OD].\n",
         "Fell on the stairs, [p#2|[p#1|pain in the] left shoulder] and [p#1|right hip] since.\n"},
    .examination = {"[p|Crackles] at the right base, [n|no [p|wheeze]].\n",
                    "[p|Expiratory wheeze] throughout, barrel chest.\n",
                    "Chest clear to auscultation, [n|no [p|lymphadenopathy]].\n",
                    "JVP raised, [p|pitting oedema] to the knees b/l.\n",
                    "[p|Tenderness over ribs 5-7], [n|no [p|crepitus]].\n"},
    .vitals = {"[t#v|BP] [r#v|{sys}/{dia}], [t#w|HR] [r#w|{hr}/min], [t#x|SpO2] [r#x|{spo2} %] RA, "
               "[t#y|T] [r#y|{temp} C].\n",
               "Obs: [t#v|T] [r#v|{temp}], [t#w|P] [r#w|{hr}], [t#x|BP] [r#x|{sys}/{dia} mmHg], "
               "[t#y|sats] [r#y|{spo2}%].\n",
               "Vitals stable: [t#w|heart rate] [r#w|{hr} bpm], [t#x|blood pressure] "
               "[r#x|{sys}/{dia}].\n",
               "Temp {temp}. [t#w|Pulse] [r#w|{hr}]. [t#x|Sat] [r#x|{spo2} %].\n"},
    .labs = {"[t#a|CRP] [r#a|{crp} mg/L], [t#b|WBC] [r#b|{wbc} x10^9/L].\n",
             "Labs: [t#b|leukocytes] [r#b|{wbc} G/L]; [t#a|C-reactive protein] [r#a|{crp} mg/L].\n",
             "[t#a|CRP] was [r#a|{crp}], [t#b|white count] [r#b|{wbc}]. [t#c|Troponin] "
             "[r#c|negative].\n",
             "[t#b|WCC] [r#b|{wbc}], [t#a|CRP] [r#a|{crp}].\n"},
    .plan =
        {{"Impression: [p|community-acquired pneumonia]. Start [d#a|ceftriaxone] [o#a|2 g IV "
          "OD] and [d#b|clarithromycin] [o#b|500 mg BID].\n",
          "[p|CAP], CURB-65 of 1. [d#a|Co-amoxiclav] [o#a|625 mg TID] for 5 d.\n"},
         {"[p|Exacerbation of COPD]: [d#a|prednisolone] [o#a|40 mg OD] for 5 days, neb. "
          "[d#b|ipratropium] [o#b|0.5 mg].\n",
          "Infective [p|exacerbation], add [d#a|doxycycline] [o#a|100 mg BID].\n"},
         {"CT in 3/12 per Fleischner. [n|No [p|malignancy] suspected] at present.\n",
          "Discuss at MDT; [t|PET-CT] requested.\n"},
         {"[p|Decompensated heart failure]: increase [d#a|furosemide] to [o#a|80 mg BID], daily "
          "weights.\n",
          "Fluid restriction 1.5 L. [d#a|Spironolactone] [o#a|25 mg OD] added.\n"},
         {"[p|Rib contusion]. [d#a|Paracetamol] [o#a|1 g QDS], [d#b|ibuprofen] [o#b|400 mg "
          "TID].\n",
          "[n|No [p|fracture]] seen. [d#a|Metamizole] [o#a|500 mg PRN].\n"}},
    .film = "Chest film: ",
    .film_clear = "[n|no [p|nodule], no [p|consolidation]].\n",
    .film_opacity = {"[p|Patchy opacity in the left lung].\n",
                     "[p|Patchy opacity in the right lung].\n"},
    .nodule = {ZONES("left"), ZONES("right")},
    .closing = {"Safety-netted. Review in 48 h.\n", "D/w consultant on call.\n",
                "Pt happy with the plan.\n", "GP to follow up.\n"},
    .odd = {"Pain score \xF0\x9F\x98\x90 5/10, later \xF0\x9F\x99\x82 2/10.\n",
            "Alpha-1: \xF0\x9D\x9B\xBC\xE2\x82\x81-antitrypsin pending.\n",
            "Known [p|Me\xCC\x81nie\xCC\x80re's disease].\n",
            "Advice: \xE2\x80\x9Cno smoking\xE2\x80\x9D \xF0\x9F\x9A\xAD explained.\n"},
};
