/* sentences_de.c - what a German note says. */
#include "sentences.h"

#define NODULE(side, zone, n)                                                                      \
    "[p#N" #n "|Rundherd von {mm" #n "} mm im " side " " zone "], glatt begrenzt.\n"
#define ZONES(side)                                                                                \
    {                                                                                              \
        {NODULE(side, "Oberfeld", 0), NODULE(side, "Oberfeld", 1), NODULE(side, "Oberfeld", 2)},   \
            {NODULE(side, "Mittelfeld", 0), NODULE(side, "Mittelfeld", 1),                         \
             NODULE(side, "Mittelfeld", 2)},                                                       \
        {                                                                                          \
            NODULE(side, "Unterfeld", 0), NODULE(side, "Unterfeld", 1),                            \
                NODULE(side, "Unterfeld", 2)                                                       \
        }                                                                                          \
    }

const struct sentences german = {
    .head = {"Notaufnahmebericht\n\n", "Verlaufseintrag\n\n", "Arztbrief Innere Medizin\n\n",
             "Ambulanzbrief\n\n"},
    .section = {"Anamnese\n", "Untersuchungsbefund\n", "Befunde\n", "Beurteilung und Procedere\n"},
    .fever = {"[n|Kein [p|Fieber]]. ", "[p|Fieber] bis {komm} \xC2\xB0"
                                       "C. "},
    .cough = {"[n|Husten wird verneint], kein Auswurf. ",
              "[p|Produktiver Husten] mit gelblichem Auswurf. "},
    .dyspnoea = {"[n|Keine [p|Dyspnoe]]. ",
                 "[p|Atemnot] bei Belastung, im Liegen st\xC3\xA4rker. "},
    .pain = {"[n|Keine [p|Brustschmerzen]]. ", "[p|Atemabh\xC3\xA4ngiger Thoraxschmerz] links. "},
    .smoker = {"Nie geraucht. ", "Raucher, ca. 20 Packungsjahre. "},
    .onset = "{age}-j\xC3\xA4hrige Vorstellung, krank seit {days} Tagen. ",
    .history =
        {"Vom HA [d#a|Amoxicillin] [o#a|500 mg 1-1-1] erhalten, ohne Besserung.\n",
         "Bek. [p|COPD] GOLD 3, nimmt [d#a|Tiotropium] [o#a|18 \xC2\xB5g 1-0-0] und "
         "[d#b|Salbutamol] "
         "[o#b|2 H\xC3\xBC"
         "be b. Bed.].\n",
         "Zuweisung zur Kontrolle eines [p|solit\xC3\xA4ren Rundherds], [n|kein "
         "[p|Gewichtsverlust]].\n",
         "Bek. [p|Herzinsuffizienz], EF 35 %. Nimmt [d#a|Furosemid] [o#a|40 mg 1-1-0], "
         "[d#b|Bisoprolol] [o#b|5 mg 1-0-0].\n",
         "Sturz auf der Treppe, seither [p#2|[p#1|Schmerzen in] der linken Schulter] und [p#1|der "
         "rechten H\xC3\xBC"
         "fte].\n"},
    .examination = {"[p|Feuchte RGs] rechts basal, [n|kein [p|Giemen]].\n",
                    "[p|Giemen] \xC3\xBC"
                    "ber allen Lungenfeldern, Fassthorax.\n",
                    "Vesikul\xC3\xA4ratmen bds., [n|keine [p|Lymphknotenschwellung]].\n",
                    "Halsvenen gestaut, [p|Unterschenkel\xC3\xB6"
                    "deme] bds.\n",
                    "[p|Druckschmerz Rippe 5-7], [n|keine [p|Krepitation]].\n"},
    .vitals = {"[t#v|RR] [r#v|{sys}/{dia} mmHg], [t#w|Puls] [r#w|{hr}/min], [t#x|SpO2] [r#x|{spo2} "
               "%] RL, [t#y|Temp.] [r#y|{komm} \xC2\xB0"
               "C].\n",
               "Vitalparameter: [t#w|HF] [r#w|{hr}], [t#x|RR] [r#x|{sys}/{dia}].\n",
               "[t#v|Temperatur] [r#v|{komm}], [t#w|Herzfrequenz] [r#w|{hr}/min].\n",
               "[t#x|S\xC3\xA4ttigung] [r#x|{spo2} %], [t#w|Puls] [r#w|{hr}].\n"},
    .labs = {"[t#a|CRP] [r#a|{crp} mg/l], [t#b|Leukozyten] [r#b|{wbc}/nl].\n",
             "Labor: [t#b|Leukos] [r#b|{wbc} G/l]; [t#a|CRP] [r#a|{crp}].\n",
             "[t#a|CRP] bei [r#a|{crp} mg/l], [t#c|Troponin] [r#c|negativ].\n",
             "[t#b|Leukozyten] [r#b|{wbc}], [t#a|CRP] [r#a|{crp} mg/l], sonst o.B.\n"},
    .plan =
        {{"Dg.: [p|ambulant erworbene Pneumonie]. Beginn [d#a|Ceftriaxon] [o#a|2 g i.v. 1x tgl.] "
          "und [d#b|Clarithromycin] [o#b|500 mg 1-0-1].\n",
          "[p|Pneumonie], CRB-65 = 1. [d#a|Ampicillin/Sulbactam] [o#a|3 g 3x tgl.].\n"},
         {"[p|Exazerbierte COPD]: [d#a|Prednisolon] [o#a|40 mg 1-0-0] f\xC3\xBCr 5 Tage.\n",
          "Infekt[p|exazerbation], zus\xC3\xA4tzlich [d#a|Doxycyclin] [o#a|100 mg 1-0-1].\n"},
         {"CT in 3 Monaten. Derzeit [n|kein Anhalt f\xC3\xBCr [p|Malignit\xC3\xA4t]].\n",
          "Vorstellung im Tumorboard, [t|PET-CT] angemeldet.\n"},
         {"[p|Kardiale Dekompensation]: [d#a|Furosemid] auf [o#a|80 mg 1-1-0] erh\xC3\xB6ht, "
          "t\xC3\xA4gliches Wiegen.\n",
          "Trinkmenge 1,5 l. [d#a|Spironolacton] [o#a|25 mg 1-0-0] erg\xC3\xA4nzt.\n"},
         {"[p|Rippenprellung]. [d#a|Paracetamol] [o#a|1 g 1-1-1-1], [d#b|Ibuprofen] [o#b|400 mg "
          "1-1-1].\n",
          "[n|Keine [p|Fraktur]]. [d#a|Novaminsulfon] [o#a|500 mg b. Bed.].\n"}},
    .film = "R\xC3\xB6-Thorax: ",
    .film_clear = "[n|kein [p|Rundherd], kein [p|Infiltrat]].\n",
    .film_opacity = {"[p|Fleckige Verschattung links].\n", "[p|Fleckige Verschattung rechts].\n"},
    .nodule = {ZONES("linken"), ZONES("rechten")},
    .closing = {"Wiedervorstellung in 48 h bei Verschlechterung.\n",
                "R\xC3\xBC"
                "cksprache mit OA erfolgt.\n",
                "Mit freundlichen Gr\xC3\xBC\xC3\x9F"
                "en\n",
                "Weiterbetreuung durch HA.\n"},
    .odd = {"Schmerzskala \xF0\x9F\x98\x90 5/10, nach Gabe \xF0\x9F\x99\x82 2/10.\n",
            "\xF0\x9D\x9B\xBC\xE2\x82\x81-Antitrypsin ausstehend.\n",
            "Bek. [p|Morbus Me\xCC\x81nie\xCC\x80re].\n",
            "Rauchverbot \xF0\x9F\x9A\xAD und \xE2\x80\x9ESchonung\xE2\x80\x9C erkl\xC3\xA4rt.\n"},
};
