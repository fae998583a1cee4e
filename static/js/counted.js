// A sentence with a number, in the plural form that goes with it (comments/counted.py).
const SAMPLES = [1, 2, 3, 5, 11, 100];

export function counted(texts, number) {
  const rules = new Intl.PluralRules(document.documentElement.lang || "en");
  const sample = SAMPLES.find((one) => rules.select(one) === rules.select(number)) ?? 100;
  return texts.split("|")[SAMPLES.indexOf(sample)].replace(sample, number);
}
